"""Rows of a list as ``colonies-tui get`` prints them: chosen columns, and lines that are aligned. Pure."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic

from colonies_tui.cli.message_fields import WrongInput
from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.export import is_exported
from colonies_tui.ui.fit import cut, fit, width_of
from colonies_tui.ui.table_layout import Column, RowT

GAP: Final = 2
"""Cells between two columns."""

NARROWEST: Final = 8
"""Cells that a column keeps when a terminal is too narrow for all."""


def exported_name(column: Column[Any]) -> str:
    """Return what a column's value is called in CSV and JSON."""
    return column.named or column.key


def chosen_columns(columns: Sequence[Column[RowT]], names: Sequence[str]) -> list[Column[RowT]]:
    """Return the columns of these names, in this order; all that stand for something where none is named.

    A column has two names: that of the table's head, and that of CSV and JSON.

    Raises:
        WrongInput: there is no such column.
    """
    every = [column for column in columns if is_exported(column) and column.key != "glyph"]
    found = {exported_name(column): column for column in reversed(every)} | {column.key: column for column in every}
    if not names:
        return every
    for name in names:
        if name not in found:
            known = ", ".join(dict.fromkeys(exported_name(column) for column in every))
            raise WrongInput(f"there is no column {name!r}; there are {known}")
    return list({found[name].key: found[name] for name in names}.values())


def sorted_rows(rows: dict[str, RowT], column: Column[RowT] | None, *, is_reversed: bool) -> dict[str, RowT]:
    """Return rows by id in the order of a column; those without a value come last whichever way they are sorted."""
    items = list(rows.items())
    if column is None or column.sort is None:
        return dict(reversed(items)) if is_reversed else rows
    keyed = [(column.sort(row), row_id, row) for row_id, row in items]
    with_key = sorted((each for each in keyed if each[0] is not None), key=lambda each: each[0], reverse=is_reversed)
    return {row_id: row for _, row_id, row in (*with_key, *(each for each in keyed if each[0] is None))}


def texts_of(columns: Sequence[Column[RowT]], row: RowT, now: float, *, is_whole: bool) -> list[str]:
    """Return the cells of a row, cleaned.

    Args:
        columns: which.
        row: the row.
        now: seconds since 1970.
        is_whole: write names and ids in full, which the console shortens.
    """
    texts = []
    for column in columns:
        cell = column.cell(row, now)
        text = f"{cell.text}{cell.tail}"
        value = column.value(row, now) if is_whole and column.value is not None else None
        texts.append(plain(value if isinstance(value, str) and value else text))
    return texts


@dataclass(frozen=True, slots=True)
class AlignedLines(Generic[RowT]):
    """How wide each column is, which stays so for lines that come later."""

    columns: tuple[Column[RowT], ...]
    widths: tuple[int, ...]
    width: int | None
    """Cells of the terminal; ``None`` where nothing is cut."""

    @classmethod
    def of(
        cls,
        columns: Sequence[Column[RowT]],
        rows: Sequence[RowT],
        now: float,
        *,
        width: int | None,
        drops: bool = True,
        grows: bool = False,
    ) -> AlignedLines[RowT]:
        """Lay out columns for rows.

        Args:
            columns: the columns.
            rows: the first rows.
            now: seconds since 1970.
            width: cells of the terminal; ``None`` where nothing is cut.
            drops: leave the least important columns out where there is no room for all.
            grows: rows come later: no column is narrower than the console makes it.
        """
        wants = [0] * len(columns)
        for row in rows:
            cells = texts_of(columns, row, now, is_whole=width is None)
            wants = [max(want, width_of(text)) for want, text in zip(wants, cells, strict=True)]
        is_empty = [not want and not grows for want in wants]
        wants = [max(want, width_of(column.key)) for want, column in zip(wants, columns, strict=True)]
        if grows:
            wants = [max(want, column.width) for want, column in zip(wants, columns, strict=True)]
        kept = list(range(len(columns)))
        if width is None:
            return cls(tuple(columns), tuple(wants), None)
        least = [min(want, _least(column)) for want, column in zip(wants, columns, strict=True)]
        while drops and _needed(least, kept) > width and (less := [i for i in kept if _may_go(columns[i])]):
            kept.remove(max(less, key=lambda i: (is_empty[i], columns[i].rank, i)))
        given = {i: least[i] for i in kept}
        spare = width - _needed(least, kept)
        for i in kept:
            more = max(0, min(wants[i] - given[i], spare))
            given[i] += more
            spare -= more
        while spare < 0 and given and max(given.values()) > NARROWEST:
            widest = max(given, key=lambda i: given[i])
            given[widest] -= 1
            spare += 1
        return cls(tuple(columns[i] for i in kept), tuple(given[i] for i in kept), width)

    @property
    def head(self) -> str:
        """The line of names."""
        return self._line([column.key.upper() for column in self.columns])

    def line(self, row: RowT, now: float) -> str:
        """Return the line of a row."""
        return self._line(texts_of(self.columns, row, now, is_whole=self.width is None))

    def _line(self, texts: Sequence[str]) -> str:
        cells = []
        for column, width, text in zip(self.columns, self.widths, texts, strict=True):
            cells.append(fit(text, width if self.width is not None else max(width, width_of(text)), column.align))
        line = (" " * GAP).join(cells).rstrip()
        return line if self.width is None else cut(line, self.width)


def _least(column: Column[Any]) -> int:
    """Return how narrow a column may become before others are left out; all that is in it where it does not flex."""
    return (column.min_width or column.width) if column.flex else sys.maxsize


def _may_go(column: Column[Any]) -> bool:
    """Whether a table can do without a column; the state has no glyph here that would tell it."""
    return column.rank > 0 and column.key != "state"


def _needed(widths: Sequence[int], kept: Sequence[int]) -> int:
    return sum(widths[i] for i in kept) + GAP * max(0, len(kept) - 1)
