"""The list of registered functions with their statistics as bars."""

from __future__ import annotations

from collections.abc import Callable

from colonies_tui.protocol.models.executor import Function
from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.cell import Cell
from colonies_tui.ui.filter import Fields
from colonies_tui.ui.format.durations import duration
from colonies_tui.ui.format.glyphs import Alphabet
from colonies_tui.ui.format.numbers import grouped
from colonies_tui.ui.table_layout import Column, with_values

_BAR = 8


def function_columns(alphabet: Alphabet, longest: Callable[[], float]) -> list[Column[Function]]:
    """Return the columns.

    Args:
        alphabet: the glyphs.
        longest: seconds that a full bar stands for.
    """

    def bar(seconds: float) -> str:
        full = longest()
        if full <= 0 or seconds <= 0:
            return ""
        return alphabet.bar * max(1, min(_BAR, round(seconds / full * _BAR)))

    def timing(row: Function, average: float, least: float, most: float) -> Cell:
        if not row.counter:
            return Cell(alphabet.none, "dim")
        return Cell(duration(average), "text", f"  {duration(least)} to {duration(most)}", "dim")

    def arguments(row: Function, now: float) -> Cell:
        names = [f"{a.name}{'' if a.required else '?'}" for a in row.args or ()]
        return Cell(plain(", ".join(names)) or alphabet.none, "dim")

    columns: list[Column[Function]] = [
        Column(
            "name",
            "function",
            lambda row, now: Cell(plain(row.funcname), "strong"),
            sort=lambda row: row.funcname.casefold(),
            width=24,
            min_width=18,
            flex=2,
        ),
        Column(
            "executor",
            "executor",
            lambda row, now: Cell(plain(row.executorname), "dim"),
            sort=lambda row: row.executorname,
            width=14,
        ),
        Column(
            "calls",
            "calls",
            lambda row, now: Cell(grouped(row.counter)),
            sort=lambda row: -row.counter,
            width=7,
            align="right",
            fields=frozenset({"counter"}),
        ),
        Column(
            "run",
            "runs for",
            lambda row, now: timing(row, row.avgexectime, row.minexectime, row.maxexectime),
            sort=lambda row: -row.avgexectime,
            width=22,
            fields=frozenset({"avgexectime"}),
        ),
        Column("bar", "", lambda row, now: Cell(bar(row.avgexectime), "running"), width=_BAR, rank=2),
        Column(
            "wait",
            "waits for",
            lambda row, now: timing(row, row.avgwaittime, row.minwaittime, row.maxwaittime),
            sort=lambda row: -row.avgwaittime,
            width=22,
            rank=1,
        ),
        Column("args", "arguments", arguments, width=20, min_width=12, flex=1, rank=3),
        Column(
            "description",
            "description",
            lambda row, now: Cell(plain(row.description or ""), "dim"),
            width=24,
            min_width=14,
            flex=2,
            rank=4,
        ),
    ]
    return with_values(
        columns,
        {
            "name": lambda row, now: row.funcname,
            "executor": lambda row, now: row.executorname,
            "calls": lambda row, now: row.counter,
            "run": lambda row, now: row.avgexectime if row.counter else None,
            "wait": lambda row, now: row.avgwaittime if row.counter else None,
            "args": lambda row, now: [argument.name for argument in row.args or ()],
            "description": lambda row, now: row.description or "",
        },
        {"run": "avgexectime", "wait": "avgwaittime"},
    )


def function_fields() -> Fields[Function]:
    """Return what a filter can ask of functions."""
    return Fields(
        texts={
            "name": lambda row: row.funcname,
            "executor": lambda row: row.executorname,
            "type": lambda row: row.executortype,
            "description": lambda row: row.description or "",
        },
        numbers={
            "calls": lambda row, now: float(row.counter),
            "run": lambda row, now: row.avgexectime,
            "duration": lambda row, now: row.avgexectime,
            "wait": lambda row, now: row.avgwaittime,
        },
    )
