"""An app with one live table, and helpers to read what it shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot
from textual.widgets import Static

from colonies_tui.ui.cell import Cell
from colonies_tui.ui.themed_app import ThemedApp
from colonies_tui.ui.widgets.live_table import Column, LiveTable

NOW = 1_000_000.0


@dataclass(frozen=True)
class Job:
    """A row."""

    name: str
    state: str = "waiting"
    weight: int | None = 0
    since: float = NOW - 100


class Counted:
    """Formatters that count how often a row was painted."""

    def __init__(self) -> None:
        self.painted: list[str] = []

    def name(self, job: Job, _now: float) -> Cell:
        self.painted.append(job.name)
        return Cell(job.name)


def age(job: Job, now: float) -> Cell:
    return Cell(f"{int(now - job.since) // 10}0s", "dim")


def columns(counted: Counted) -> list[Column[Job]]:
    return [
        Column("state", "state", lambda job, _: Cell(job.state, job.state), width=9, fields=frozenset({"state"})),
        Column("name", "name", counted.name, width=12, flex=1, sort=lambda job: job.name, fields=frozenset({"name"})),
        Column(
            "weight",
            "weight",
            lambda job, _: Cell(str(job.weight)),
            sort=lambda job: job.weight,
            width=6,
            align="right",
        ),
        Column("age", "age", age, width=6, align="right", ticks=True, rank=1),
    ]


def jobs(count: int, prefix: str = "job") -> dict[str, Job]:
    return {f"{prefix}-{i}": Job(f"{prefix}-{i}", weight=i) for i in range(count)}


class TableApp(ThemedApp[None]):
    """A table of ten rows on the screen, and every message it posts."""

    CSS = "LiveTable { height: 11; }"

    def __init__(self, sort: tuple[str, bool] | None = None, *, rests_at_top: bool = False) -> None:
        super().__init__()
        self.animation_level = "full"
        self.counted = Counted()
        self.table = LiveTable(columns(self.counted), sort=sort, rests_at_top=rests_at_top, clock=lambda: NOW)
        self.heard: list[tuple[Any, ...]] = []
        self.rows: dict[str, Job] = {}

    def compose(self) -> ComposeResult:
        yield self.table
        yield Static("below")

    def on_mount(self) -> None:
        self.table.focus()

    def on_live_table_cursor_moved(self, event: LiveTable.CursorMoved) -> None:
        self.heard.append(("cursor", event.id, event.lost))

    def on_live_table_opened(self, event: LiveTable.Opened) -> None:
        self.heard.append(("opened", event.id))

    def on_live_table_marks_changed(self, event: LiveTable.MarksChanged) -> None:
        self.heard.append(("marks", event.marks))

    def on_live_table_sort_changed(self, event: LiveTable.SortChanged) -> None:
        self.heard.append(("sort", event.sort))

    def load(self, rows: dict[str, Job], now: float = NOW) -> None:
        """Show rows as if anything might be different."""
        self.rows = rows
        self.table.update_rows(rows, None, now)

    def change(self, id_: str, now: float = NOW, **fields: Any) -> None:
        """Change some fields of one row."""
        self.rows = {**self.rows, id_: replace(self.rows[id_], **fields)}
        self.table.update_rows(self.rows, {id_: frozenset(fields)}, now)

    def add(self, new: dict[str, Job], *, first: bool = False) -> None:
        """Add rows at the end or at the start."""
        self.rows = {**new, **self.rows} if first else {**self.rows, **new}
        self.table.update_rows(self.rows, dict.fromkeys(new, frozenset()), NOW)

    def remove(self, ids: Iterable[str]) -> None:
        """Take rows away."""
        gone = set(ids)
        self.rows = {id_: job for id_, job in self.rows.items() if id_ not in gone}
        self.table.update_rows(self.rows, dict.fromkeys(gone, frozenset()), NOW)

    def take_heard(self) -> list[tuple[Any, ...]]:
        """What was heard since the last time."""
        heard, self.heard = self.heard, []
        return heard

    def lines(self) -> list[str]:
        """What the table shows, without trailing blanks."""
        return [strip.text.rstrip() for strip in self.table.render_lines(self.table.size.region)]

    def names(self) -> list[str]:
        """The names on the screen, from top to bottom."""
        return [line[13:25].strip() for line in self.lines()[1:] if line.strip()]

    def background(self, x: int, y: int) -> tuple[int, int, int]:
        """The background colour of one cell."""
        (strip,) = self.table.render_lines(Region(x, y, 1, 1))
        style = next(iter(strip)).style
        assert style is not None
        assert style.bgcolor is not None
        red, green, blue = style.bgcolor.get_truecolor()
        return red, green, blue


async def wheel(
    app: TableApp, pilot: Pilot[None], turn: type[events.MouseScrollDown | events.MouseScrollUp], times: int
) -> None:
    """Turn the mouse wheel over the table."""
    for _ in range(times):
        app.table.post_message(turn(app.table, 5, 5, 0, 0, 0, shift=False, meta=False, ctrl=False))
    await pilot.pause()
