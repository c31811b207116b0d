"""The lines of ``colonies-tui get``: aligned, whole for a program, and never wider than a terminal."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.cli.get_text import GAP, NARROWEST, AlignedLines, chosen_columns, sorted_rows
from colonies_tui.cli.message_fields import WrongInput
from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.cell import Cell
from colonies_tui.ui.fit import width_of
from colonies_tui.ui.table_layout import Column

Row = tuple[str, str, str]


def column(place: int, key: str, **more: Any) -> Column[Row]:
    return Column(
        key,
        key,
        lambda row, now: Cell(plain(row[place])[:8]),
        value=lambda row, now: row[place],
        sort=lambda row: row[place] or None,
        **more,
    )


COLUMNS: list[Column[Row]] = [
    Column("glyph", "", lambda row, now: Cell("*"), width=1),
    column(0, "name", width=12, flex=1, min_width=6),
    column(1, "kind", width=8, rank=2, align="right"),
    column(2, "id", width=8, rank=1, named="identity"),
]
SHOWN = chosen_columns(COLUMNS, ())


def test_columns_are_chosen_by_either_name_in_the_order_asked_for() -> None:
    assert [each.key for each in SHOWN] == ["name", "kind", "id"]
    assert [each.key for each in chosen_columns(COLUMNS, ["identity", "name", "id"])] == ["id", "name"]
    with pytest.raises(WrongInput, match="there is no column 'glyph'; there are name, kind, identity"):
        chosen_columns(COLUMNS, ["glyph"])


def test_rows_without_a_value_come_last_both_ways() -> None:
    rows = {"1": ("b", "", ""), "2": ("", "", ""), "3": ("a", "", "")}
    assert list(sorted_rows(rows, SHOWN[0], is_reversed=False)) == ["3", "1", "2"]
    assert list(sorted_rows(rows, SHOWN[0], is_reversed=True)) == ["1", "3", "2"]
    assert list(sorted_rows(rows, None, is_reversed=False)) == ["1", "2", "3"]
    assert list(sorted_rows(rows, None, is_reversed=True)) == ["3", "2", "1"]


texts = st.text(st.characters(exclude_categories=[]), max_size=30)
tables = st.lists(st.tuples(texts, texts, texts), max_size=5)


@given(tables)
def test_for_a_program_nothing_is_cut_and_columns_are_aligned(rows: list[Row]) -> None:
    lines: AlignedLines[Row] = AlignedLines.of(SHOWN, rows, 0.0, width=None)
    ids_at = lines.widths[0] + GAP + lines.widths[1] + GAP
    for row in rows:
        line = lines.line(row, 0.0)
        assert "\n" not in line
        assert line.startswith(plain(row[0]).rstrip())
        # What stands before a column has its width in cells, whatever the characters.
        before = line[: len(line) - len(plain(row[2]).rstrip())] if plain(row[2]).rstrip() else None
        if before is not None:
            assert line.endswith(plain(row[2]).rstrip())
            assert width_of(before) == ids_at


@given(tables, st.integers(1, 120), st.booleans())
def test_no_line_is_wider_than_the_terminal(rows: list[Row], width: int, grows: bool) -> None:
    lines: AlignedLines[Row] = AlignedLines.of(SHOWN, rows, 0.0, width=width, grows=grows)
    assert "name" in [each.key for each in lines.columns]
    for line in (lines.head, *(lines.line(row, 0.0) for row in rows)):
        assert width_of(line) <= width


def test_the_least_important_columns_go_first_and_empty_ones_before_them() -> None:
    full: list[Row] = [("a name", "a kind", "0123456789")]

    def keys(width: int, rows: list[Row], **more: Any) -> list[str]:
        return [each.key for each in AlignedLines.of(SHOWN, rows, 0.0, width=width, **more).columns]

    assert keys(6 + 2 + 6 + 2 + 8, full) == ["name", "kind", "id"]
    assert keys(6 + 2 + 6 + 2 + 7, full) == ["name", "id"]
    assert keys(6 + 2 + 7, full) == ["name"]
    assert keys(6 + 2 + 7, [("a name", "a kind", "")]) == ["name", "kind"]
    narrowed = AlignedLines.of(SHOWN, full, 0.0, width=20, drops=False)
    assert [each.key for each in narrowed.columns] == ["name", "kind", "id"]
    assert min(narrowed.widths) <= NARROWEST
