"""A program: a table of processes in a terminal, which does what it is asked and says what that took.

``python -m benchmarks.table_program live|data-table``; it is asked over the control socket.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from textual.app import ComposeResult
from textual.widgets import DataTable

from benchmarks import population
from benchmarks.control import Handler, answer
from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.ui.filter import parse_filter
from colonies_tui.ui.format.glyphs import UNICODE
from colonies_tui.ui.tables.processes import process_columns, process_fields
from colonies_tui.ui.themed_app import ThemedApp
from colonies_tui.ui.views.view import Work
from colonies_tui.ui.widgets.live_table import LiveTable

BASE = 1_770_000_000_000_000_000
NOW = BASE / 1e9
SORTED_BY = "ran"
FREE_TEXT = "tile_42"
FIELD = "state=failed"


def _name(executor_id: str) -> str:
    return executor_id[:6]


COLUMNS = process_columns(_name, UNICODE)


class TableProgram(ThemedApp[None]):
    """The table, and what it can be asked."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind
        self.rows: dict[str, ProcessRow] = {}

    def compose(self) -> ComposeResult:
        """Show the table."""
        yield DataTable() if self.kind == "data-table" else LiveTable(COLUMNS, clock=lambda: NOW)

    def on_mount(self) -> None:
        """Answer."""
        serve: Work = self._serve
        self.run_worker(serve, group="benchmark")

    async def _serve(self) -> None:
        handlers: dict[str, Handler] = {
            "ready": self._is_ready,
            "rows": self._make_rows,
            "load": self._load,
            "sort": self._sort,
            "filter": self._filter,
            "move": self._move,
            "change": self._change,
            "updates": self._update_data_table if self.kind == "data-table" else self._update_live_table,
        }
        await answer(handlers)

    async def painted(self) -> None:
        """Return when everything that is to be painted has been.

        A widget tells the screen that it is dirty only when it has nothing else to do, and a change may bring about
        another: so this goes through the queues of both, more than once.
        """
        for pump in (*self.screen.children, self.screen, self.screen):
            done = asyncio.Event()
            pump.call_after_refresh(done.set)
            await done.wait()

    async def _cpu(self, act: Callable[[], object]) -> float:
        """Processor milliseconds of something and of the paint that follows."""
        began = time.process_time()
        act()
        await self.painted()
        return (time.process_time() - began) * 1000

    @property
    def table(self) -> LiveTable[ProcessRow]:
        """Our table."""
        return self.query_one(LiveTable)

    async def _is_ready(self, asked: dict[str, Any]) -> bool:
        await self.painted()
        return True

    async def _make_rows(self, asked: dict[str, Any]) -> bool:
        self.rows = {row.processid: row for row in population.mixed_rows(int(asked["count"]), BASE)}
        return True

    async def _load(self, asked: dict[str, Any]) -> tuple[float, float]:
        """Load the rows into the empty table; the floor is their dict."""
        source = list(self.rows.values())
        self.table.update_rows({}, None, NOW)
        await self.painted()
        began = time.process_time()
        rows = {row.processid: row for row in source}
        floor = (time.process_time() - began) * 1000
        ours = await self._cpu(lambda: self.table.update_rows(rows, None, NOW))
        self.table.focus()
        await self.painted()
        return ours, floor

    async def _sort(self, asked: dict[str, Any]) -> tuple[float, float]:
        """Sort by a column; the floor sorts a list by the same."""
        key = next(column.sort for column in COLUMNS if column.key == SORTED_BY)
        assert key is not None
        source = list(self.rows.values())
        self.table.set_sort(None)
        await self.painted()
        ours = await self._cpu(lambda: self.table.set_sort(SORTED_BY))
        began = time.process_time()
        # A row that has not run has no value: those come last, as in the table.
        source.sort(key=lambda row: ((value := key(row)) is None, value or 0.0))
        floor = (time.process_time() - began) * 1000
        self.table.set_sort(None)
        return ours, floor

    async def _filter(self, asked: dict[str, Any]) -> tuple[float, float]:
        """Set a filter and take it away; the floor asks every row the same in a list comprehension, twice."""
        predicate = parse_filter(asked["text"], process_fields(_name), lambda: NOW)
        assert predicate is not None
        source = list(self.rows.values())
        began = time.process_time()
        kept = [row for row in source if predicate(row)]
        everything = [row for row in source]  # noqa: C416 - what is measured is the comprehension
        floor = (time.process_time() - began) * 1000
        del kept, everything
        ours = await self._cpu(lambda: self.table.set_filter(predicate))
        ours += await self._cpu(lambda: self.table.set_filter(None))
        return ours, floor

    async def _move(self, asked: dict[str, Any]) -> float:
        """Processor milliseconds of one of many movements, each painted."""
        table, frames = self.table, int(asked["frames"])
        acts: dict[str, Callable[[int], object]] = {
            "line": lambda number: table.action_move(1),
            "page": lambda number: table.action_page(1.0 if number % 8 < 4 else -1.0),
            "jump": lambda number: table.action_bottom() if number % 2 else table.action_top(),
        }
        act = acts[asked["how"]]
        table.action_top()
        for _ in range(60):
            table.action_move(1)
        await self.painted()
        return sum([await self._cpu(partial(act, number)) for number in range(frames)]) / frames

    async def _change(self, asked: dict[str, Any]) -> tuple[float, float]:
        """Processor milliseconds of a frame in which ten rows changed; the floor copies the dict of all rows."""
        frames, rnd, ids = int(asked["frames"]), random.Random(2), list(self.rows)
        self.table.set_sort(SORTED_BY)
        await self.painted()
        ours = floor = 0.0
        for _ in range(frames):
            began = time.process_time()
            rows = dict(self.rows)
            floor += (time.process_time() - began) * 1000
            changed = {rnd.choice(ids): frozenset({"endtime"}) for _ in range(10)}
            for id_ in changed:
                row = rows[id_]
                rows[id_] = replace(row, endtime=(row.starttime or NOW) + rnd.random() * 300)
            self.rows = rows
            ours += await self._cpu(partial(self.table.update_rows, rows, changed, NOW))
        self.table.set_sort(None)
        return ours / frames, floor / frames

    async def _update_live_table(self, asked: dict[str, Any]) -> float:
        """1,000 changes a second, all of rows on the screen, painted ten times a second; percent of a processor."""
        table, rnd, rows = self.table, random.Random(3), self.rows
        table.update_rows(rows, None, NOW)
        await self.painted()
        shown = list(table.visible_ids()[: table.page_size])

        def frame(number: int) -> None:
            nonlocal rows
            rows, changed = dict(rows), {}
            for _ in range(100):
                id_ = rnd.choice(shown)
                rows[id_] = replace(rows[id_], endtime=(rows[id_].starttime or NOW) + rnd.random() * 300)
                changed[id_] = frozenset({"endtime"})
            table.update_rows(rows, changed, NOW + number / 10)

        return await self._at_ten_a_second(frame, float(asked["seconds"]))

    async def _update_data_table(self, asked: dict[str, Any]) -> float:
        """The same load for Textual's table."""
        table: DataTable[str] = self.query_one(DataTable)
        for column in COLUMNS:
            table.add_column(column.title, key=column.key, width=column.width)
        for row in self.rows.values():
            table.add_row(*(column.cell(row, NOW).text for column in COLUMNS), key=row.processid)
        while table.virtual_size.height < len(self.rows):  # it lays rows out when it finds the time
            await self.painted()
        rnd, shown = random.Random(3), list(self.rows)[: self.size.height - 1]

        def frame(number: int) -> None:
            for _ in range(100):
                table.update_cell(rnd.choice(shown), SORTED_BY, f"{rnd.random() * 300:.0f}s")

        return await self._at_ten_a_second(frame, float(asked["seconds"]))

    async def _at_ten_a_second(self, frame: Callable[[int], None], seconds: float) -> float:
        began, cpu = time.perf_counter(), time.process_time()
        for number in range(max(1, int(seconds * 10))):
            frame(number)
            await asyncio.sleep(max(0.0, began + (number + 1) / 10 - time.perf_counter()))
        return 100 * (time.process_time() - cpu) / (time.perf_counter() - began)


if __name__ == "__main__":
    TableProgram(sys.argv[1]).run()
