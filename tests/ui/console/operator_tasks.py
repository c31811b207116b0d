"""Twenty tasks of operators and the keys that each takes: the one list that the tests press and the README shows."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from colonies_tui.ui.key_names import key_words
from tests.ui.console.driver import Console
from tests.ui.console.workflow_colony import editor_opens, replace_in_editor

MOST_KEYS_TO_LOOK: Final = 3
_TEXT: Final = re.compile(r"‹(.+)›\Z")
_HEXADECIMAL: Final = re.compile(r"(?<![0-9a-z])[0-9a-f]{4,64}(?![0-9a-z])")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a task consists of."""

    what: str
    """What is done, where a task has several parts."""
    steps: tuple[str, ...]
    """Keys by the toolkit's names; what is typed or written as ``‹what it is›``."""
    only_looks: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys without what is typed."""
        return tuple(step for step in self.steps if not _TEXT.match(step))


@dataclass(frozen=True, slots=True)
class Task:
    """A task, and what it took with commands."""

    number: str
    name: str
    commands: str
    """Commands with the official client; W: repeated by hand, N: for each process of the workflow."""
    parts: tuple[Part, ...]


def _look(keys: str, what: str = "") -> Part:
    return Part(what, tuple(keys.split()), only_looks=True)


def _act(keys: str, what: str = "") -> Part:
    return Part(what, tuple(keys.split()))


TASKS: Final[tuple[Task, ...]] = (
    Task(
        "1",
        "Switch to another colony or server, and see that it is the right one",
        "3",
        (_look("ctrl+t ‹name› enter", "beside this one"), _look("9 j enter", "in its place")),
    ),
    Task("2", "Morning health check of a colony", "9 × W", (_look("", "at the start"), _look("6", "its crons"))),
    Task("3", "Health of the server and its cluster", "4", (_look("0"), _look("9", "all colonies"))),
    Task("4", "Find a new executor and approve it", "4", (_look("a"), _act("a y", "approve it"))),
    Task(
        "5",
        "Register an executor with its own key",
        "2, an edit, 1 id, a key",
        (_act("4 n ‹name› enter ‹type› enter enter y"), _act("a y", "approve it")),
    ),
    Task("6", "Find a stale executor and what it ran", "3, 1 id", (_look("4"),)),
    Task("7", "Submit a job and follow it", "1, an edit", (_act("2 n ‹JSON› ctrl+s"), _look("g l", "its log"))),
    Task(
        "8",
        "Submit a workflow and watch it to the end",
        "1 + W, 1 id",
        (_act("3 n ‹JSON› ctrl+s"), _look("g enter", "its graph, live")),
    ),
    Task("9", "Why did a workflow fail", "4–6, 2–3 ids", (_look("tab X"),)),
    Task("10", "Why did a process fail", "3, 1 id", (_look("tab X"),)),
    Task("11", "Why does a process wait", "5, 1 id", (_look("X", "the next of a queue"), _look("2 X", "any"))),
    Task("12", "Tail the log of a running process", "2, 1 id", (_look("5 enter"),)),
    Task("13", "Tail the logs of a whole workflow", "1 + N, N ids", (_look("3 l"),)),
    Task(
        "14",
        "Search for an error text and read around it",
        "1 + 1 a hit, 1 id a hit",
        (_look("F ‹text› enter enter"),),
    ),
    Task("15", "Resubmit a failed process, changed", "3, an edit, 1 id", (_act("tab X R ‹change› ctrl+s y"),)),
    Task("16", "Resubmit a failed workflow", "3 + N, an edit, 1 + N ids", (_act("3 R ctrl+s y"),)),
    Task(
        "17",
        "Cancel a stuck workflow, clear the failed ones",
        "4, 1 id",
        (_act("3 C y", "cancel"), _act("shift+tab shift+tab space G v D y", "clear")),
    ),
    Task(
        "18",
        "Add a cron, see it fire, check the result",
        "5, an edit, 2–3 ids",
        (_act("6 n ‹JSON› ctrl+s"), _act("t y", "run it now"), _look("o", "what became of it")),
    ),
    Task("18b", "Change the schedule of a cron", "4, an edit, 1 id", (_act("6 e ‹change› ctrl+s y"),)),
    Task(
        "19",
        "See files, their revisions, what a snapshot holds",
        "6",
        (_look("8 enter", "files"), _look("8 shift+tab", "snapshots")),
    ),
    Task(
        "20",
        "Drain a colony for maintenance",
        "3 + W",
        (_act("9 P y"), _look("1", "what still runs"), _act("9 P", "go on")),
    ),
)
"""The tasks in the order of the day; each part begins on the overview, or where the part before it ended."""


def table() -> str:
    """Return the table as the README has it."""
    rows = ["| | task | keys | with commands |", "|---|---|---|---|"]
    for task in TASKS:
        cells = (task.number, task.name, "; ".join(map(_cell, task.parts)), task.commands)
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _cell(part: Part) -> str:
    keys = " ".join(map(_step, part.steps)) or "none"
    return f"{part.what}: {keys}" if part.what else keys


def _step(step: str) -> str:
    text = _TEXT.match(step)
    return f"*{text.group(1)}*" if text else f"`{key_words(step)}`"


@dataclass
class Keys:
    """Presses the keys of a task and counts them; what is typed is counted apart, and is never an id."""

    console: Console
    number: str
    steps: list[list[str]] = field(default_factory=lambda: [[]])
    """What was pressed and typed, by part."""

    @property
    def _parts(self) -> Sequence[Part]:
        return next(task.parts for task in TASKS if task.number == self.number)

    async def press(self, *keys: str) -> None:
        """Press keys."""
        self.steps[-1] += keys
        await self.console.press(*keys)

    async def type(self, text: str, what: str) -> None:
        """Type a text into a field.

        Args:
            text: what is typed.
            what: what it is, as the table calls it.
        """
        self._refuse_ids(text)
        self.steps[-1].append(f"‹{what}›")
        await self.console.type(text)

    async def write(self, value: dict[str, Any]) -> None:
        """Write a JSON value in place of what stands in the editor."""
        self._refuse_ids(json.dumps(value))
        self.steps[-1].append("‹JSON›")
        await editor_opens(self.console)
        await self.console.press("f7")
        await self.console.type(json.dumps(value))

    async def change(self, old: str, new: str) -> None:
        """Write a text over another in the editor."""
        self._refuse_ids(new)
        self.steps[-1].append("‹change›")
        await editor_opens(self.console)
        await replace_in_editor(self.console, old, new)

    def _refuse_ids(self, text: str) -> None:
        session = self.console.session
        known = [*session.processes.rows, *session.graphs.rows.rows]
        known += [row.executorid for row in session.executors.rows.values()]
        for word in _HEXADECIMAL.findall(text):
            assert len(word) < 8, f"{word} is typed like an id"
            assert not any(row_id.startswith(word) for row_id in known), f"{word} is the beginning of an id"

    def next_part(self) -> None:
        """What is pressed from here on belongs to the next part of the task."""
        self._check_part()
        self.steps.append([])

    def done(self) -> None:
        """The task is done: the keys are those of the table, and few where it only looks."""
        self._check_part()
        assert len(self.steps) == len(self._parts), "a part of the task was left out"

    def _check_part(self) -> None:
        part = self._parts[len(self.steps) - 1]
        assert tuple(self.steps[-1]) == part.steps
        if part.only_looks:
            assert len(part.keys) <= MOST_KEYS_TO_LOOK
