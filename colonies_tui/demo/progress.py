"""What a piece of work can tell while it runs, and how it is paused and given up."""

from __future__ import annotations

from typing import Any, Protocol

from colonies_tui.demo.filing import KeptFile


class Abandoned(Exception):
    """The work is no longer wanted: its process was taken away, or the executor leaves."""


class Progress(Protocol):
    """The side of an executor that a work function sees. Called from the thread that does the work."""

    def say(self, line: str) -> None:
        """Write a line to the log of the process."""

    def partial(self, output: dict[str, Any]) -> None:
        """Publish an intermediate output; a later one or the result replaces it."""

    def keep(self, file: KeptFile) -> None:
        """Record a file that was written as a new revision in the colony."""

    def step(self) -> None:
        """Mark a point between two slices of work; waits here while the quota of processor time is used up.

        Raises:
            Abandoned: to stop the work at this point.
        """

    def rest(self, seconds: float) -> None:
        """Wait for something else than the processor.

        Raises:
            Abandoned: as :meth:`step`.
        """


def size(count: int) -> str:
    """Return a number of bytes in words: ``812 bytes``, ``47.2 KiB``, ``11.6 MiB``."""
    if count < 1024:
        return f"{count} byte{'' if count == 1 else 's'}"
    if count < 1024 * 1024:
        return f"{count / 1024:.1f} KiB"
    return f"{count / (1024 * 1024):.1f} MiB"
