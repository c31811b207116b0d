"""A progress that remembers what work told it."""

from __future__ import annotations

from typing import Any

from colonies_tui.demo.filing import KeptFile
from colonies_tui.demo.progress import Abandoned


class RecordingProgress:
    """Records lines and partial outputs; gives up at a step of choice."""

    def __init__(self, abandon_at_step: int | None = None) -> None:
        self.lines: list[str] = []
        self.partials: list[dict[str, Any]] = []
        self.kept: list[KeptFile] = []
        self.rested = 0.0
        self.steps = 0
        self._abandon_at_step = abandon_at_step

    def say(self, line: str) -> None:
        self.lines.append(line)

    def partial(self, output: dict[str, Any]) -> None:
        self.partials.append(output)

    def keep(self, file: KeptFile) -> None:
        self.kept.append(file)

    def rest(self, seconds: float) -> None:
        self.rested += seconds

    def step(self) -> None:
        self.steps += 1
        if self.steps == self._abandon_at_step:
            raise Abandoned
