"""The way through all screens of the console on which its pictures are taken.

It is gone twice: over the running demo, to record what each screen asks for, and over that recording, to take pictures.
So it goes to what is the same both times: the first that failed, not the latest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from textual.pilot import Pilot

from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.session import Session
from colonies_tui.ui.app import ConsoleApp
from colonies_tui.ui.context import Target
from colonies_tui.ui.main_screen import MainScreen

SIZE = (120, 36)
WIDE = (180, 46)


class Guide(Protocol):
    """Waits where the tour waits, and takes a picture where one is to be taken."""

    async def settle(self, seconds: float) -> None:
        """Let what the last keys led to arrive."""

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something to be true on the screen or in the session."""

    async def picture(self, name: str) -> None:
        """Take a picture of the screen as it is."""


class Tour:
    """Goes through the screens of one console."""

    def __init__(self, app: ConsoleApp, pilot: Pilot[int], guide: Guide) -> None:
        self._app = app
        self._pilot = pilot
        self._guide = guide

    @property
    def _session(self) -> Session:
        return self._app.session

    async def _show(self, *keys: str, seconds: float = 1.5) -> None:
        for key in keys:
            await self._pilot.press(key)
            await asyncio.sleep(0)
        await self._guide.settle(seconds)

    async def _go(self, target: Target, seconds: float = 3.0) -> None:
        assert isinstance(self._app.screen, MainScreen)
        await self._app.screen.go(target)
        await self._guide.settle(seconds)

    async def _workflow(self, graph_id: str) -> None:
        """Open a workflow, with nothing of another one left."""
        await self._show("escape", "3")
        await self._go(Target("workflows", "workflow", graph_id))

    def _largest_workflow(self) -> str:
        """Return the id of the first workflow among those with the most members."""
        rows = self._session.graphs.rows.rows
        return min(rows, key=lambda row_id: (-len(rows[row_id].processids), rows[row_id].submitted or 0.0, row_id))

    def _failed_workflow(self) -> str:
        """Return the id of the first workflow that failed; empty for none."""
        rows = self._session.graphs.rows.rows
        failed = [row_id for row_id, row in rows.items() if row.state is ProcessState.FAILED]
        return min(failed, key=lambda row_id: (rows[row_id].submitted or 0.0, row_id), default="")

    def _failed_with(self, error: str) -> str:
        """Return the id of the first process whose error begins with a text; empty for none."""
        rows = [row for row in self._session.processes.rows.values() if row.error.startswith(error)]
        return min(rows, key=lambda row: (row.submissiontime or 0.0, row.processid)).processid if rows else ""

    async def all_screens(self) -> None:
        """Every screen, with the whole of the demo to be seen on it."""
        picture = self._guide.picture
        await self._show("1")
        await picture("overview")
        await self._show("4")
        await self._show("a")
        await picture("executors")
        await self._show("y")
        await self._show("2", seconds=2.5)
        await picture("processes")
        await self._show("3")
        await self._guide.until(lambda: bool(self._failed_workflow()))
        await picture("workflows")
        await self._workflow(self._failed_workflow())
        await picture("workflow-graph")
        await self._workflow(self._largest_workflow())
        await self._show("tab", "tab")
        await picture("workflow-timeline")
        await self._show("tab", seconds=3.0)
        await picture("workflow-log")
        await self._show("tab", "escape", "escape")
        for key, name in (("6", "crons"), ("7", "generators"), ("8", "files"), ("9", "colonies"), ("0", "server")):
            await self._show(key, seconds=3.0)
            if name == "files":
                await self._show("j", seconds=3.0)
            await picture(name)
        for name in ("functions", "blueprints"):
            await self._go(Target(name))
            await picture(name)
        await self._show("2")
        await self._show("n")
        await picture("submit")
        await self._show("escape")
        await self._show("slash", *"guide-1", "enter")
        await self._show("c", seconds=3.0)
        await picture("channel")
        await self._show("escape", "escape")
        await self._pilot.resize_terminal(*WIDE)
        await self._show("slash", *"state=failed", "enter")
        await self._go(Target("processes", "process", self._failed_with("FileNotFoundError")), seconds=2.0)
        await picture("process")
        await self._show("escape", "escape")
        await self._pilot.resize_terminal(*SIZE)
        await self._guide.until(lambda: bool(self._failed_with("SyntaxError")))
        await self._go(Target("logs", "process", self._failed_with("SyntaxError")))
        await picture("logs")

    async def lists(self) -> None:
        """Every view, in short."""
        await self._show("escape", "escape")
        for key in "6789034":
            await self._show(key, seconds=2.0)
        for name in ("functions", "blueprints"):
            await self._go(Target(name), seconds=2.0)
        await self._show("3", seconds=3.0)
        await self._show("1", seconds=3.0)

    async def some_screens(self) -> None:
        """The first screen and a workflow."""
        await self._show("1")
        await self._guide.picture("overview")
        await self._show("3", seconds=3.0)
        await self._workflow(self._failed_workflow() or self._largest_workflow())
        await self._guide.picture("workflow-graph")
