from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.ui.log_buffer import LogLine
from colonies_tui.ui.log_model import LogModel
from colonies_tui.ui.log_viewport import LogViewport


def make(count: int = 100, height: int = 10, max_lines: int = 1000) -> tuple[LogModel, LogViewport]:
    model = LogModel(max_lines)
    viewport = LogViewport(model)
    viewport.height = height
    add(model, viewport, count)
    return model, viewport


def add(model: LogModel, viewport: LogViewport, count: int) -> None:
    with viewport.kept():
        model.append([LogLine("w", 1, "x")] * count)


def test_it_follows_until_one_looks_back() -> None:
    model, viewport = make()
    assert (viewport.top, viewport.cursor) == (90, 99)
    add(model, viewport, 5)
    assert (viewport.top, viewport.cursor, viewport.unseen) == (95, 104, 0)
    viewport.step(1)
    assert viewport.following
    viewport.step(-1)
    assert (viewport.following, viewport.top, viewport.cursor) == (False, 94, 103)
    add(model, viewport, 37)
    assert (viewport.top, viewport.cursor, viewport.unseen) == (94, 103, 37)
    viewport.follow()
    assert (viewport.top, viewport.cursor, viewport.unseen) == (132, 141, 0)


def test_text_moves_under_the_cursor_and_at_the_ends_the_cursor_moves() -> None:
    _, viewport = make()
    viewport.go_to(50)
    assert (viewport.top, viewport.cursor) == (45, 50)
    viewport.step(1)
    assert (viewport.top, viewport.cursor) == (46, 51)
    viewport.step(-60)
    assert (viewport.top, viewport.cursor) == (0, 0)
    viewport.to_start()
    viewport.page(1)
    assert (viewport.top, viewport.cursor) == (9, 9)
    viewport.page(-1)
    viewport.page(-1)
    assert (viewport.top, viewport.cursor) == (0, 0)
    viewport.page(0.5)
    assert viewport.top == 4
    for _ in range(30):
        viewport.page(1)
    assert (viewport.top, viewport.cursor, viewport.following) == (90, 99, False)


def test_going_to_a_line_on_the_page_does_not_move_the_page() -> None:
    _, viewport = make()
    viewport.go_to(50)
    viewport.go_to(47)
    assert (viewport.top, viewport.cursor) == (45, 47)
    viewport.go_to(54)
    assert viewport.top == 49, "the last row is where the view says what is new"


def test_the_page_stays_when_old_lines_drop_out() -> None:
    model, viewport = make(count=100, max_lines=100)
    viewport.go_to(60)
    row = model.rows.row_of(60) - viewport.top
    add(model, viewport, 20)
    assert viewport.cursor == 60
    assert model.buffer.dropped
    assert model.rows.row_of(60) - viewport.top == row
    add(model, viewport, 90)
    assert viewport.cursor == model.buffer.first


def test_scrolling_upwards_pauses_and_downwards_does_not_follow() -> None:
    _, viewport = make()
    viewport.scroll(80)
    assert (viewport.following, viewport.cursor) == (False, 89)
    viewport.scroll(500)
    assert (viewport.top, viewport.following) == (90, False)


def test_an_empty_log_can_be_moved_in() -> None:
    _, viewport = make(count=0)
    viewport.step(-1)
    viewport.page(-1)
    viewport.to_start()
    viewport.go_to(3)
    assert viewport.top == 0
    assert viewport.thumb == (0, 10)


@given(st.integers(0, 500), st.integers(1, 60), st.integers(0, 500))
def test_the_thumb_is_on_the_screen(count: int, height: int, top: int) -> None:
    _, viewport = make(count, height)
    viewport.scroll(top)
    first, end = viewport.thumb
    assert 0 <= first < end <= height
    assert 0 <= viewport.top_for(0) <= viewport.max_top
    assert viewport.top_for(height - 1) == viewport.max_top or height == 1


actions = st.lists(
    st.one_of(
        st.tuples(st.just("step"), st.integers(-30, 30)),
        st.tuples(st.just("page"), st.sampled_from([-1, -0.5, 0.5, 1])),
        st.tuples(st.just("scroll"), st.integers(-5, 300)),
        st.tuples(st.just("go_to"), st.integers(-5, 300)),
        st.tuples(st.just("add"), st.integers(1, 60)),
        st.tuples(st.just("height"), st.integers(1, 40)),
        st.tuples(st.sampled_from(["follow", "to_start", "pause"]), st.none()),
    ),
    max_size=25,
)


@given(actions)
def test_the_cursor_is_always_on_the_page(history: list[tuple[str, float | None]]) -> None:
    model, viewport = make(count=30, max_lines=120)
    for verb, amount in history:
        if verb == "add":
            add(model, viewport, int(amount or 0))
        elif verb == "height":
            with viewport.kept():
                viewport.height = int(amount or 1)
        elif amount is None:
            getattr(viewport, verb)()
        else:
            getattr(viewport, verb)(amount)
        row = model.rows.row_of(viewport.cursor)
        assert model.buffer.first <= viewport.cursor < model.buffer.end
        assert 0 <= viewport.top <= viewport.max_top
        assert viewport.top <= row < viewport.top + viewport.height
        assert not viewport.following or viewport.top == viewport.max_top
