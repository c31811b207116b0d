"""Rows of a log against a slow and simple reading of the same rules, under random histories."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from colonies_tui.ui.format.cells import wrap
from colonies_tui.ui.log_buffer import LogLine
from colonies_tui.ui.log_model import LogModel
from colonies_tui.ui.log_query import LogQuery
from colonies_tui.ui.log_rows import RowPlace

TEXTS = st.sampled_from(
    ["", "hit", "miss", "a longer miss that wraps", "hit that is long too", "広い文字の行", "a\nhit\nb"]
)


@dataclass
class History:
    """What is done to a log, step by step."""

    max_lines: int
    width: int | None
    context: int
    is_filtered: bool
    steps: list[tuple[str, list[str]]] = field(default_factory=list)


histories = st.builds(
    History,
    max_lines=st.integers(1, 30),
    width=st.one_of(st.none(), st.integers(2, 12)),
    context=st.integers(0, 2),
    is_filtered=st.booleans(),
    steps=st.lists(
        st.tuples(st.sampled_from(["append", "append", "prepend", "clear"]), st.lists(TEXTS, max_size=12)), max_size=8
    ),
)


def expected_rows(model: LogModel, history: History) -> list[RowPlace]:
    buffer = model.buffer
    serials = list(range(buffer.first, buffer.end))
    rows: list[RowPlace] = []
    if history.is_filtered:
        matching = [serial for serial in serials if "hit" in buffer.shown(serial)]
        serials = [s for s in serials if any(abs(s - match) <= history.context for match in matching)]
    elif buffer.dropped:
        rows.append(RowPlace("dropped", buffer.first, 0))
    for position, serial in enumerate(serials):
        is_new_group = position > 0 and serials[position - 1] != serial - 1
        if history.is_filtered and history.context and is_new_group:
            rows.append(RowPlace("skip", serial, 0))
        text = buffer.shown(serial)
        parts = 1 if history.width is None else len(wrap(text, history.width))
        rows.extend(RowPlace("line", serial, part) for part in range(parts))
    return rows


def assert_same(model: LogModel, expected: list[RowPlace]) -> None:
    rows = model.rows
    assert len(rows) == len(expected)
    assert [rows.locate(row) for row in range(len(expected))] == expected
    assert rows.locate(len(expected)) is None
    for row, place in enumerate(expected):
        if place.kind == "line" and place.part == 0:
            assert rows.row_of(place.serial) == row
            height = sum(other.kind == "line" and other.serial == place.serial for other in expected)
            assert rows.height_of(place.serial) == height


@settings(max_examples=300, deadline=None)
@given(histories)
def test_rows_after_any_history(history: History) -> None:
    model = LogModel(history.max_lines)
    model.set_wrap(history.width)
    if history.is_filtered:
        model.set_filter(LogQuery("hit"), history.context)
    for stamp, (verb, texts) in enumerate(history.steps):
        batch = [LogLine("w", stamp, text) for text in texts]
        if verb == "clear":
            model.clear()
        elif verb == "append":
            model.append(batch)
        else:
            model.prepend(batch)
        if verb == "append" and history.is_filtered and model.buffer.dropped:
            # what was context of a line that has gone since stays: nothing jumps while one reads
            model.set_filter(LogQuery("hit"), history.context)
        assert_same(model, expected_rows(model, history))


def test_steps_stay_among_the_lines_that_have_rows() -> None:
    model = LogModel()
    model.append([LogLine("w", 1, text) for text in ("hit", "x", "x", "hit", "x")])
    model.set_filter(LogQuery("hit"))
    rows = model.rows
    assert rows.step(0, 1) == 3
    assert rows.step(3, 5) == 3
    assert rows.step(3, -9) == 0
    assert rows.nearest(1) == 3
    assert rows.nearest(4) == 3
    assert rows.line_count == 2
    model.set_filter(LogQuery("nowhere"))
    assert rows.nearest(1) is None
    assert rows.locate(0) is None


def test_search_and_filter_for_the_same_share_their_index() -> None:
    model = LogModel()
    model.append([LogLine("w", 1, "hit")])
    model.search(LogQuery("hit"))
    model.set_filter(LogQuery("hit"), 1)
    assert model.hits is model.matches
    model.append([LogLine("w", 2, "hit")])
    model.prepend([LogLine("w", 0, "hit")])
    assert model.hits is not None
    assert list(model.hits.serials) == [-1, 0, 1]
    model.search(LogQuery("other"))
    assert model.hits is not model.matches
    assert model.context == 1


def test_trimming_keeps_the_filter_in_step() -> None:
    model = LogModel(max_lines=8)
    model.set_filter(LogQuery("hit"), 1)
    for number in range(40):
        model.append([LogLine("w", number, "hit" if number % 4 == 0 else "x")])
        places = [model.rows.locate(row) for row in range(len(model.rows))]
        assert all(place is not None and place.serial >= model.buffer.first for place in places)
        assert places[:1] != [None]
        assert places[0] is None or places[0].kind == "line"
