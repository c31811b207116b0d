"""Column widths of a table: which columns a given width has room for, and who takes the room to spare. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeAlias, TypeVar

from colonies_tui.ui.cell import Cell
from colonies_tui.ui.fit import Align

RowT = TypeVar("RowT")

Value: TypeAlias = str | int | float | bool | datetime | Sequence[str] | None
"""What a cell stands for: an original text, a number (seconds for a duration), a time with its zone, several texts."""

GUTTER = 2
"""Cells at the left edge: the cursor's bar and the mark."""
GAP = 2
"""Cells between two columns."""
MARGIN = 2
"""Cells kept free after the last column: a blank one and the scroll bar's."""


@dataclass(frozen=True, slots=True)
class Column(Generic[RowT]):
    """One column of a table of rows of type `RowT`."""

    key: str
    """Stable name, used by sorting and settings."""
    title: str
    cell: Callable[[RowT, float], Cell]
    """(row, now as unix seconds) -> Cell; called for visible rows only."""
    sort: Callable[[RowT], Any] | None = None
    """Sort key of a row; None for a column that cannot be sorted by. A key of None sorts last in both directions."""
    width: int = 10
    """Preferred width in cells."""
    align: Align = "left"
    flex: int = 0
    """Share of the room to spare; 0 for none."""
    min_width: int | None = None
    """How far a flexible column may shrink before other columns are dropped; None: not below `width`."""
    rank: int = 0
    """0: never dropped. Columns of higher rank are dropped first when the table is narrow."""
    ticks: bool = False
    """The cell depends on `now`: it is painted anew every second while it is on the screen."""
    fields: frozenset[str] = frozenset()
    """Row fields that feed the cell: when one of them changes, the cell glows."""
    value: Callable[[RowT, float], Value] | None = None
    """(row, now) -> what the cell stands for, for export: the original text, a time, seconds. None: the cell's text."""
    named: str = ""
    """Name of the value in an export; empty: the key."""


def with_values(
    columns: Sequence[Column[RowT]],
    values: Mapping[str, Callable[[RowT, float], Value]],
    names: Mapping[str, str] | None = None,
) -> list[Column[RowT]]:
    """Return columns with what they stand for, by key.

    Args:
        columns: the columns.
        values: what a column stands for.
        names: what that is called in an export, where it is not the column's key.

    Raises:
        KeyError: there is no such column.
    """
    names = names or {}
    keys = {column.key for column in columns}
    if unknown := (values.keys() | names.keys()) - keys:
        raise KeyError(", ".join(sorted(unknown)))
    return [
        replace(column, value=values.get(column.key, column.value), named=names.get(column.key, column.named))
        for column in columns
    ]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a column stands on the line."""

    column: int
    """Index in the sequence of columns."""
    x: int
    """First cell, counted from the left edge of the table."""
    width: int


def place_columns(columns: Sequence[Column[Any]], width: int) -> tuple[Placed, ...]:
    """Lay the columns out on `width` cells, in their own order.

    Columns are dropped by rank (of equal rank the rightmost first) until the rest fits with its flexible columns at
    their minimum. Then flexible columns grow to their preferred width, and the room that is left is shared by `flex`.
    When even the columns of rank 0 do not fit, the rightmost ones are narrowed, or left out when nothing of them fits.
    """
    room = width - GUTTER - MARGIN
    kept = list(range(len(columns)))
    while _needed(columns, kept) > room and (droppable := [i for i in kept if columns[i].rank > 0]):
        kept.remove(max(droppable, key=lambda i: (columns[i].rank, i)))
    widths = {i: _least(columns[i]) for i in kept}
    spare = room - _needed(columns, kept)
    if spare > 0:
        _grow(columns, widths, spare)
    placed = []
    x = GUTTER
    for i in kept:
        fitting = min(widths[i], width - MARGIN - x)
        if fitting <= 0:
            break
        placed.append(Placed(i, x, fitting))
        x += fitting + GAP
    return tuple(placed)


def _least(column: Column[Any]) -> int:
    if column.flex and column.min_width is not None:
        return min(column.min_width, column.width)
    return column.width


def _needed(columns: Sequence[Column[Any]], kept: Sequence[int]) -> int:
    return sum(_least(columns[i]) for i in kept) + GAP * max(0, len(kept) - 1)


def _grow(columns: Sequence[Column[Any]], widths: dict[int, int], spare: int) -> None:
    """Give the spare room to flexible columns: first up to their preferred width, then by share."""
    flexible = [i for i in widths if columns[i].flex]
    for i in flexible:
        grown = min(columns[i].width - widths[i], spare)
        widths[i] += grown
        spare -= grown
    shares = sum(columns[i].flex for i in flexible)
    for i in flexible:
        given = spare * columns[i].flex // shares
        widths[i] += given
        spare -= given
        shares -= columns[i].flex
