"""Columns share the width they are given: nothing overlaps, nothing sticks out, the important ones stay."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.ui.cell import EMPTY_CELL, Cell
from colonies_tui.ui.table_layout import GAP, GUTTER, MARGIN, Column, place_columns


def nothing(_row: str, _now: float) -> Cell:
    return EMPTY_CELL


def column(key: str, width: int, *, flex: int = 0, min_width: int | None = None, rank: int = 0) -> Column[str]:
    return Column(key, key, nothing, width=width, flex=flex, min_width=min_width, rank=rank)


columns_strategy = st.lists(
    st.builds(
        column,
        st.just("k"),
        st.integers(1, 30),
        flex=st.integers(0, 3),
        min_width=st.one_of(st.none(), st.integers(1, 40)),
        rank=st.integers(0, 4),
    ),
    max_size=10,
)


@given(columns_strategy, st.integers(0, 250))
def test_columns_neither_overlap_nor_stick_out(columns: list[Column[str]], width: int) -> None:
    placed = place_columns(columns, width)
    assert [place.column for place in placed] == sorted(place.column for place in placed)
    x = GUTTER
    for place in placed:
        assert place.x == x
        assert place.width > 0
        x += place.width + GAP
    if placed:
        assert placed[-1].x + placed[-1].width <= width - MARGIN
        if any(columns[place.column].flex for place in placed) and width > 100:
            dropped = len(columns) - len(placed)
            assert dropped or placed[-1].x + placed[-1].width == width - MARGIN


@given(columns_strategy, st.integers(20, 250))
def test_columns_never_dropped_are_there_before_any_other(columns: list[Column[str]], width: int) -> None:
    shown = {place.column for place in place_columns(columns, width)}
    missing = set(range(len(columns))) - shown
    if any(columns[i].rank == 0 for i in missing):
        assert all(columns[i].rank == 0 for i in shown)


def test_ranks_are_dropped_from_the_highest_and_the_spare_room_goes_to_the_flexible() -> None:
    columns = [
        column("name", 20, flex=1, min_width=10),
        column("state", 10),
        column("age", 5, rank=1),
        column("id", 8, rank=2),
    ]

    def shown(width: int) -> dict[str, int]:
        return {columns[place.column].key: place.width for place in place_columns(columns, width)}

    assert shown(81) == {"name": 48, "state": 10, "age": 5, "id": 8}
    assert shown(43) == {"name": 10, "state": 10, "age": 5, "id": 8}
    assert shown(42) == {"name": 19, "state": 10, "age": 5}
    assert shown(32) == {"name": 16, "state": 10}
    assert shown(21) == {"name": 10, "state": 5}


def test_spare_room_is_shared_out_to_the_last_cell() -> None:
    columns = [column("a", 5, flex=1), column("b", 5, flex=2), column("c", 5, flex=1)]
    widths = [place.width for place in place_columns(columns, GUTTER + 3 * 5 + 2 * GAP + MARGIN + 10)]
    assert sum(widths) == 25
    assert widths[1] >= widths[0]
