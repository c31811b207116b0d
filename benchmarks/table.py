"""The live table against its floors: a dict of the rows, a bare full repaint, Textual's `DataTable` and `Static`.

All are measured in the same run. Run with ``python -m benchmarks.table``. Ratios count, not milliseconds.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import DataTable, Static

from benchmarks.terminal import key_latencies, measure
from colonies_tui.ui.cell import Cell
from colonies_tui.ui.table_layout import Column
from colonies_tui.ui.themed_app import ThemedApp
from colonies_tui.ui.widgets.live_table import LiveTable

MANY = 100_000
NOW = 1_770_000_000.0
FRAME = 0.025
"""Seconds left to a frame; only the CPU time in it counts."""
FRAMES = 80
UPDATE_SECONDS = 5.0
KEYS = 100


@dataclass(frozen=True, slots=True)
class Job:
    """One row of eight columns."""

    id: str
    name: str
    state: str
    executor: str
    kind: str
    submitted: float
    ran: float
    error: str


def jobs(count: int) -> list[Job]:
    """Rows, the same in every run."""
    rnd = random.Random(1)
    states = ("waiting", "running", "success", "failed")
    return [
        Job(
            f"{rnd.getrandbits(256):064x}",
            f"render_tile_{number % 97}",
            states[rnd.randrange(4)],
            f"worker-{rnd.randrange(40):02}",
            "container-executor",
            NOW - rnd.random() * 9000,
            rnd.random() * 300,
            "exit 137: out of memory (1.2 GiB of 1 GiB)" if number % 9 == 0 else "",
        )
        for number in range(count)
    ]


COLUMNS: tuple[Column[Job], ...] = (
    Column("state", "state", lambda job, _: Cell(job.state, job.state), width=9, fields=frozenset({"state"})),
    Column("name", "function", lambda job, _: Cell(job.name), width=24, sort=lambda job: job.name),
    Column("executor", "executor", lambda job, _: Cell(job.executor), width=12, fields=frozenset({"executor"})),
    Column("kind", "type", lambda job, _: Cell(job.kind, "dim"), width=18),
    Column(
        "age", "age", lambda job, now: Cell(f"{now - job.submitted:.0f}s", "dim"), width=7, align="right", ticks=True
    ),
    Column("ran", "ran", lambda job, _: Cell(f"{job.ran:.0f}s"), width=6, align="right", sort=lambda job: job.ran),
    Column("error", "error", lambda job, _: Cell(job.error, "error"), width=30, flex=1, min_width=10),
    Column("id", "id", lambda job, _: Cell(job.id[:8], "dim"), width=8),
)


class BareLines(ScrollView):
    """The floor of a full repaint: lines of eight segments, made once, all painted anew."""

    def on_mount(self) -> None:
        """Make two screens, so that every line differs from the one it replaces."""
        styles = [Style(color=f"color({20 + number})", bgcolor="color(233)") for number in range(8)]
        self._pages = [
            [[Segment(f"{page}{line % 10} some words here "[:20], style) for style in styles] for line in range(60)]
            for page in range(2)
        ]
        self.page = 0

    def render_line(self, y: int) -> Strip:
        """One line."""
        return Strip(self._pages[self.page % 2][y], 160)


class Measured(ThemedApp[None]):
    """An app that measures itself and goes."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("j", "key", "key")]

    def __init__(self, scenario: str, result: Path) -> None:
        super().__init__()
        self.scenario = scenario
        self.result = result
        self.keys = 0

    def compose(self) -> ComposeResult:
        """Show the widget to be measured."""
        match self.scenario:
            case "bare":
                yield BareLines()
            case "data-table":
                yield DataTable()
            case "static":
                yield Static("0", id="static")
            case _:
                yield LiveTable(COLUMNS, clock=lambda: NOW)

    def action_key(self) -> None:
        """What the floor of a key does: paint one line."""
        self.keys += 1
        self.query_one(Static).update(str(self.keys))

    async def on_mount(self) -> None:
        """Start measuring."""
        if self.scenario in {"static", "keys"}:
            if self.scenario == "keys":
                self._fill(MANY)
            return
        self.run_worker(self._run(), group="measure")

    async def _run(self) -> None:
        await asyncio.sleep(0.5)
        match self.scenario:
            case "bare":
                figures = {"frame": await self._frames(self._repaint_bare)}
            case "data-table":
                figures = {"share": await self._update_data_table()}
            case "updates":
                figures = {"share": await self._update_live_table()}
            case _:
                figures = await self._big_table()
        self.result.write_text(json.dumps(figures), encoding="utf-8")
        self.exit()

    async def _frames(self, act: Callable[[], object]) -> float:
        """CPU milliseconds of one frame after `act`."""
        act()
        await asyncio.sleep(FRAME)
        began = time.process_time()
        for _ in range(FRAMES):
            act()
            await asyncio.sleep(FRAME)
        return (time.process_time() - began) * 1000 / FRAMES

    def _repaint_bare(self) -> None:
        lines = self.query_one(BareLines)
        lines.page += 1
        lines.refresh()

    def _fill(self, count: int) -> tuple[LiveTable[Job], dict[str, Job]]:
        table = self.query_one(LiveTable)
        rows = {job.id: job for job in jobs(count)}
        table.update_rows(rows, None, NOW)
        table.focus()
        return table, rows

    async def _big_table(self) -> dict[str, float]:
        table = self.query_one(LiveTable)
        source = jobs(MANY)
        figures = {"dict": 1e9, "load": 1e9}
        for _ in range(5):
            began = time.process_time()
            rows = {job.id: job for job in source}
            figures["dict"] = min(figures["dict"], (time.process_time() - began) * 1000)
            table.update_rows({}, None, NOW)
            await asyncio.sleep(FRAME)
            began = time.process_time()
            table.update_rows(rows, None, NOW)
            await asyncio.sleep(0.1)
            figures["load"] = min(figures["load"], (time.process_time() - began) * 1000)
        table.focus()
        for _ in range(60):
            table.action_move(1)
        figures["line"] = await self._frames(lambda: table.action_move(1))
        figures["page"] = await self._frames(lambda: table.action_page(1.0))
        table.action_top()
        first = table.cursor_id
        figures["cursor"] = await self._frames(lambda: table.action_move(1 if table.cursor_id == first else -1))
        began = time.process_time()
        table.set_sort("ran")
        await asyncio.sleep(FRAME)
        figures["sort"] = (time.process_time() - began) * 1000
        ids = list(rows)
        rnd = random.Random(2)

        def change(count: int, **fields: float | str) -> None:
            nonlocal rows
            changed = {rnd.choice(ids): frozenset(fields) for _ in range(count)}
            rows = {**rows, **{id_: replace(rows[id_], **fields) for id_ in changed}}  # type: ignore[arg-type]
            table.update_rows(rows, changed, NOW)

        figures["copy"] = await self._frames(lambda: dict(rows))
        figures["unsorted"] = await self._frames(lambda: change(10, executor="worker-01"))
        figures["sorted"] = await self._frames(lambda: change(10, ran=rnd.random() * 300))
        return figures

    async def _update_live_table(self) -> float:
        """1,000 updates a second, all of rows on the screen, painted ten times a second; share of one core."""
        table, rows = self._fill(10_000)
        await asyncio.sleep(0.5)
        shown = list(table.visible_ids()[: table.page_size])
        rnd = random.Random(3)
        began, cpu = time.perf_counter(), time.process_time()
        frames = int(UPDATE_SECONDS * 10)
        for frame in range(frames):
            changed: dict[str, frozenset[str]] = {}
            rows = dict(rows)
            for _ in range(100):
                id_ = rnd.choice(shown)
                rows[id_] = replace(rows[id_], ran=rnd.random() * 300)
                changed[id_] = frozenset({"ran"})
            table.update_rows(rows, changed, NOW + frame / 10)
            await asyncio.sleep(max(0.0, began + (frame + 1) / 10 - time.perf_counter()))
        return (time.process_time() - cpu) / (time.perf_counter() - began)

    async def _update_data_table(self) -> float:
        """The same load for Textual's table, a tenth of the rows."""
        table: DataTable[str] = self.query_one(DataTable)
        for column in COLUMNS:
            table.add_column(column.title, key=column.key, width=column.width)
        source = jobs(1000)
        for job in source:
            table.add_row(*(column.cell(job, NOW).text for column in COLUMNS), key=job.id)
        await asyncio.sleep(1.5)
        shown = [job.id for job in source[: self.size.height - 1]]
        rnd = random.Random(3)
        began, cpu = time.perf_counter(), time.process_time()
        frames = int(UPDATE_SECONDS * 10)
        for frame in range(frames):
            for _ in range(100):
                table.update_cell(rnd.choice(shown), "ran", f"{rnd.random() * 300:.0f}s")
            await asyncio.sleep(max(0.0, began + (frame + 1) / 10 - time.perf_counter()))
        return (time.process_time() - cpu) / (time.perf_counter() - began)


def report(what: str, value: float, floor: float, target: float, unit: str) -> bool:
    """Print one measurement as a ratio to its floor and return whether the target is met."""
    ratio = value / floor
    verdict = "ok" if ratio <= target else "TOO MUCH"
    print(f"{what:<42} {value:8.2f} {unit:<9} floor {floor:8.2f}   {ratio:5.2f}x of at most {target:.2f}x   {verdict}")
    return ratio <= target


def half(ordered: list[float]) -> float:
    """The median."""
    return ordered[len(ordered) // 2]


def most(ordered: list[float]) -> float:
    """What 95 of 100 do not exceed."""
    return ordered[len(ordered) * 95 // 100]


def main() -> int:
    """Measure everything; 1 when a target is missed."""
    module = "benchmarks.table"
    bare = measure(module, "bare")["frame"]
    big = measure(module, "big")
    met = [
        report("load 100k rows", big["load"], big["dict"], 2.0, "ms"),
        report("scroll a line, 100k rows", big["line"], bare, 2.5, "ms/frame"),
        report("scroll a page, 100k rows", big["page"], bare, 2.5, "ms/frame"),
        report("move the cursor, 100k rows", big["cursor"], bare, 1.0, "ms/frame"),
        report(
            "1,000 updates/s on the screen, 10 fps",
            measure(module, "updates")["share"],
            measure(module, "data-table")["share"],
            0.15,
            "of a core",
        ),
    ]
    print(f"{'sort 100k rows':<42} {big['sort']:8.2f} ms")
    print(f"{'copy a snapshot of 100k rows':<42} {big['copy']:8.2f} ms")
    print(f"{'10 of 100k rows changed, with that copy':<42} {big['unsorted']:8.2f} ms")
    print(f"{'10 of 100k rows moved, with that copy':<42} {big['sorted']:8.2f} ms")
    floor = key_latencies(module, "static", "j" * KEYS)
    for what, keys in (("cursor", "jk" * (KEYS // 2)), ("scroll", "G" + "k" * 50 + "k" * KEYS)):
        latencies = key_latencies(module, "keys", keys)
        met.append(report(f"key to paint, {what}, median", half(latencies), half(floor), 1.3, "ms"))
        met.append(report(f"key to paint, {what}, 95 of 100", most(latencies), most(floor), 2.0, "ms"))
    return 0 if all(met) else 1


if __name__ == "__main__":
    if len(sys.argv) == 3:
        Measured(sys.argv[1], Path(sys.argv[2])).run()
    else:
        raise SystemExit(main())
