"""Waits, runs and the axis they are drawn on."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from colonies_tui.protocol.states import ProcessState
from colonies_tui.ui.format.glyphs import UNICODE
from colonies_tui.ui.graph.bars import BarStyle, axis_line, bar_line
from colonies_tui.ui.graph.model import GraphNode
from colonies_tui.ui.graph.times import Axis, NodeTimes, by_start, fitted_axis, node_times, span_of
from colonies_tui.ui.spans import line_width
from colonies_tui.ui.tables.graph_levels import level_columns, level_rows

NOW = 100.0
DONE, RUNS, FAILED = ProcessState.SUCCESS, ProcessState.RUNNING, ProcessState.FAILED

NODES = [
    GraphNode("a", "prepare", (), DONE, 0, 2, 12, "w1"),
    GraphNode("d", "join", ("b", "c"), submitted=0, waits_for="waits for right"),
    GraphNode("b", "left", ("a",), DONE, 0, 15, 40, "w1"),
    GraphNode("c", "right", ("a",), RUNS, 0, 20, None, "w2"),
]


def text_of(row: NodeTimes, axis: Axis, width: int, *, now_line: bool = False) -> str:
    return "".join(span.text for span in bar_line(row, axis, width, NOW, BarStyle(now_line=now_line)))


def test_a_node_waits_from_when_its_parents_have_ended() -> None:
    rows = {row.node.id: row for row in node_times(NODES)}
    assert list(rows) == ["a", "b", "c", "d"]
    assert [row.level for row in rows.values()] == [0, 1, 1, 2]
    assert [row.ready for row in rows.values()] == [0, 12, 12, None]
    assert [row.waited(NOW) for row in rows.values()] == [2, 3, 8, None]
    assert [row.run_end(NOW) for row in rows.values()] == [12, 40, NOW, None]


def test_a_parent_that_is_not_known_leaves_the_wait_open() -> None:
    (row,) = node_times([GraphNode("a", "a", ("gone",), DONE, 0, 50, 60)])
    assert row.ready == 50
    (row,) = node_times([GraphNode("a", "a", ("gone",))])
    assert row.ready is None


def test_one_that_never_started_waited_until_its_end() -> None:
    (row,) = node_times([GraphNode("a", "a", (), ProcessState.CANCELLED, 10, None, 30)])
    assert row.waited(NOW) == 20


def test_rows_by_start() -> None:
    late = GraphNode("r", "ready", (), submitted=5)
    assert [row.node.id for row in by_start(node_times([*NODES, late]))] == ["a", "b", "c", "r", "d"]


def test_the_span_of_a_workflow() -> None:
    rows = node_times(NODES)
    assert span_of(rows, NOW) == (0, NOW)
    assert span_of(rows[:2], NOW) == (0, 40)
    assert span_of([], NOW) == (NOW, NOW)


def test_bars_are_exact_to_half_a_cell() -> None:
    row = node_times([GraphNode("a", "a", (), DONE, 0, 3, 10)])[0]
    assert text_of(row, Axis(0, 1), 16) == "───━━━━━━━ 7s   "
    assert text_of(row, Axis(0, 2), 10) == "─╼━━━ 7s  "
    assert text_of(row, Axis(1, 2), 10) == "─━━━╸ 7s  "


def test_a_short_run_is_still_seen() -> None:
    row = node_times([GraphNode("a", "a", (), DONE, 10, 10, 10.1)])[0]
    assert text_of(row, Axis(0, 10), 6) == " ╸    "


def test_bars_outside_the_axis_are_left_out() -> None:
    row = node_times([GraphNode("a", "a", (), DONE, 0, 3, 10)])[0]
    assert text_of(row, Axis(20, 1), 8).strip() == ""
    assert text_of(row, Axis(-100, 1), 8).strip() == ""


def test_the_present_is_marked_behind_bars() -> None:
    row = node_times([GraphNode("a", "a", (), RUNS, 90, 90)])[0]
    assert text_of(row, Axis(80, 2), 20, now_line=True) == "     ━━━━━│10s      "


@settings(deadline=None, derandomize=True)
@given(
    st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1e6), st.sampled_from(list(ProcessState)), st.integers(1, 200)
)
def test_lines_have_their_width(
    submitted: float, started: float, ended: float, state: ProcessState, width: int
) -> None:
    row = node_times([GraphNode("a", "a", (), state, submitted, started, ended)])[0]
    axis = fitted_axis(*span_of([row], NOW), width)
    assert line_width(bar_line(row, axis, width, NOW, BarStyle())) == width
    assert line_width(axis_line(axis, width, axis.origin)) == width


@settings(deadline=None, derandomize=True)
@given(st.floats(1e-3, 1e9), st.integers(1, 400))
def test_ticks_are_apart_and_in_order(per_cell: float, width: int) -> None:
    ticks = Axis(1.7e9, per_cell).ticks(width, 1.7e9)
    cells = [cell for cell, _ in ticks]
    assert cells == sorted(cells)
    assert all(0 <= cell < width for cell in cells)
    assert all(after - before >= 9 for before, after in pairwise(cells))


@settings(deadline=None, derandomize=True)
@given(st.floats(0, 1e7), st.integers(1, 300))
def test_the_axis_holds_the_span_and_little_more(seconds: float, width: int) -> None:
    axis = fitted_axis(0, seconds, width)
    assert seconds <= axis.per_cell * width * (1 + 1e-9)
    assert axis.per_cell * width <= max(1.34 * seconds, 1.34)


def test_a_growing_span_seldom_moves_the_axis() -> None:
    axes = {fitted_axis(0, seconds, 100).per_cell for seconds in range(100, 1000)}
    assert len(axes) <= 11


def test_the_list_by_level() -> None:
    rows = level_rows(NODES)
    texts = {column.key: [column.cell(row, NOW).text for row in rows.values()] for column in level_columns(UNICODE)}
    assert texts == {
        "level": ["0", "1", "1", "2"],
        "glyph": ["✔", "✔", "▶", "◌"],
        "node": ["prepare", "left", "right", "join"],
        "state": ["success", "success", "running", "waiting"],
        "waited": ["2s", "3s", "8s", "–"],
        "ran": ["10s", "25s", "1m20", "–"],
        "executor": ["w1", "w1", "w2", "–"],
        "said": ["", "", "", "waits for right"],
    }


def test_the_list_sorts_by_what_is_known() -> None:
    rows = level_rows([*NODES, GraphNode("e", "bad", (), FAILED, 0, 1, 2, error="exit 1")])
    columns = {column.key: column for column in level_columns(UNICODE)}
    for key in ("level", "glyph", "node", "waited", "ran", "executor"):
        sort = columns[key].sort
        assert sort is not None
        values = [sort(row) for row in rows.values()]
        sorted(value for value in values if value is not None)
    assert columns["said"].cell(rows["e"], NOW).text == "exit 1"
