"""The list of generators: how full each queue is, and when it last started its workflow."""

from __future__ import annotations

from colonies_tui.protocol.models.schedule import Generator
from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.cell import Cell
from colonies_tui.ui.filter import Fields
from colonies_tui.ui.format.durations import duration, short_age
from colonies_tui.ui.format.glyphs import Alphabet
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.table_layout import Column, with_values
from colonies_tui.ui.tables.workflows import progress_bar


def generator_columns(alphabet: Alphabet) -> list[Column[Generator]]:
    """Return the columns."""

    def queue(row: Generator, now: float) -> Cell:
        bar = progress_bar(min(row.queuesize, row.trigger), row.trigger, alphabet)
        return Cell(bar, "waiting" if row.queuesize else "dim", f" {row.queuesize} of {row.trigger}", "text")

    def last(row: Generator, now: float) -> Cell:
        return Cell("never" if row.lastrun is None else f"{short_age(now - row.lastrun.timestamp())} ago", "dim")

    columns: list[Column[Generator]] = [
        Column(
            "name",
            "generator",
            lambda row, now: Cell(plain(row.name), "strong"),
            sort=lambda row: row.name.casefold(),
            width=24,
            min_width=14,
            flex=2,
        ),
        Column(
            "queue",
            "packed towards a run",
            queue,
            sort=lambda row: -row.queuesize / max(row.trigger, 1),
            width=24,
            fields=frozenset({"queuesize", "trigger"}),
        ),
        Column(
            "timeout",
            "timeout",
            lambda row, now: Cell(duration(float(row.timeout)) if row.timeout > 0 else "none", "dim"),
            sort=lambda row: row.timeout,
            width=8,
            align="right",
            rank=1,
        ),
        Column(
            "last",
            "last run",
            last,
            sort=lambda row: -(row.lastrun.timestamp() if row.lastrun else 0.0),
            width=10,
            align="right",
            ticks=True,
            fields=frozenset({"lastrun"}),
        ),
        Column(
            "initiator",
            "by",
            lambda row, now: Cell(plain(row.initiatorname), "dim"),
            sort=lambda row: row.initiatorname or None,
            width=12,
            rank=2,
        ),
        Column("id", "id", lambda row, now: Cell(short_id(row.generatorid), "dim"), width=8, rank=3),
    ]
    return with_values(
        columns,
        {
            "name": lambda row, now: row.name,
            "queue": lambda row, now: row.queuesize,
            "timeout": lambda row, now: row.timeout,
            "last": lambda row, now: row.lastrun,
            "initiator": lambda row, now: row.initiatorname,
            "id": lambda row, now: row.generatorid,
        },
        {"initiator": "by"},
    )


def generator_fields() -> Fields[Generator]:
    """Return what a filter can ask of generators."""
    return Fields(
        texts={
            "name": lambda row: row.name,
            "by": lambda row: row.initiatorname,
            "id": lambda row: row.generatorid,
        },
        numbers={
            "queue": lambda row, now: float(row.queuesize),
            "trigger": lambda row, now: float(row.trigger),
            "age": lambda row, now: None if row.lastrun is None else now - row.lastrun.timestamp(),
        },
    )
