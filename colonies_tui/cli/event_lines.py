"""JSON lines on standard output, and noticing that their reader has left, also while there is nothing to write."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import stat
import sys
from collections.abc import Callable, Iterator

from colonies_tui.cli.wire_json import json_text
from colonies_tui.protocol.models.process import Process


class EventLines:
    """Writes processes, one to a line, each line at once.

    Args:
        most: lines after which it is enough; ``None`` for no bound.
    """

    def __init__(self, most: int | None) -> None:
        self._most = most
        self._written = 0

    @property
    def is_enough(self) -> bool:
        """Whether no more lines are wanted."""
        return self._most is not None and self._written >= self._most

    def write(self, process: Process) -> None:
        """Write a line.

        Raises:
            BrokenPipeError: nobody reads it.
            NotDecodable: the process cannot be written as JSON.
        """
        sys.stdout.write(json_text(process.to_wire()) + "\n")
        sys.stdout.flush()
        self._written += 1


@contextlib.contextmanager
def telling_when_reader_leaves(tell: Callable[[], None]) -> Iterator[None]:
    """Call ``tell`` when the other end of standard output is closed, where it is a pipe or a socket."""
    loop = asyncio.get_running_loop()
    try:
        output = sys.stdout.fileno()
        mode = os.fstat(output).st_mode
    except (OSError, ValueError):
        yield
        return
    if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)) or not hasattr(select, "poll"):
        yield
        return
    poll = select.poll()
    poll.register(output, 0)  # errors and hang-ups are told without being asked for

    def woken() -> None:
        loop.remove_reader(output)
        if poll.poll(0):
            tell()

    try:
        loop.add_reader(output, woken)
    except (OSError, NotImplementedError):
        yield
        return
    try:
        yield
    finally:
        loop.remove_reader(output)


def drop_output() -> None:
    """Send what is still unwritten to nowhere: the reader has left, and Python would complain at its exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
