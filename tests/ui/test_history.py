"""The history of places against a plain model of it: back and forward as in a browser, `last` as a toggle, bounded."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from colonies_tui.ui.history import History, Stand, Standpoint

PLACES = st.builds(
    Standpoint,
    colony=st.just("dev"),
    view=st.sampled_from(["processes", "executors", "logs"]),
    opened=st.sampled_from(["", "1a2b"]),
    filters=st.sampled_from([(), (("processes", "x"),)]),
    state=st.sampled_from(["", "failed"]),
)
QUICK = settings(derandomize=True, deadline=None, database=None, max_examples=300)


def place(view: str, **changes: str) -> Standpoint:
    return Standpoint("dev", view, **changes)  # type: ignore[arg-type]  # only texts are given here


def walked(*views: str) -> tuple[History, Standpoint]:
    """Return a history after going from view to view, and where that ends."""
    history = History()
    for left, to in itertools.pairwise(views):
        history.moved(place(left), place(to))
    return history, place(views[-1])


@QUICK
@given(st.lists(PLACES, min_size=1, max_size=12))
def test_all_the_way_back_and_forward_is_the_way_that_was_gone(stops: list[Standpoint]) -> None:
    way = [stops[0]]
    history = History()
    for stop in stops[1:]:
        history.moved(way[-1], stop)
        if stop != way[-1]:
            way.append(stop)
    here, seen = way[-1], [way[-1]]
    while (found := history.back(here)) is not None:
        here = found
        seen.append(here)
    assert seen == way[::-1]
    while (found := history.forward(here)) is not None:
        here = found
        seen.append(here)
    assert seen[len(way) :] == way[1:]


@QUICK
@given(st.lists(st.tuples(st.sampled_from(["move", "out", "back", "forward", "last"]), PLACES), max_size=40))
def test_it_is_bounded_and_never_leads_to_where_one_is(steps: list[tuple[str, Standpoint]]) -> None:
    history, here = History(most=5), place("overview")
    for what, to in steps:
        if what in ("move", "out"):
            (history.moved if what == "move" else history.stepped_out)(here, to)
            here = to
        else:
            found = getattr(history, what)(here)
            assert found is None or found != here
            here = found or here
        assert len(history.before) <= 5
        assert len(history.after) <= 5
        for places in (history.before, history.after):
            assert all(one != other for one, other in itertools.pairwise(places))


@QUICK
@given(st.lists(PLACES, min_size=2, max_size=8))
def test_last_goes_there_and_back_again_as_often_as_one_likes(stops: list[Standpoint]) -> None:
    history = History()
    for left, to in itertools.pairwise(stops):
        history.moved(left, to)
    here = stops[-1]
    before = history.before
    found = history.last(here)
    if found is None:
        assert not [stop for stop in stops if stop != here]
        return
    for _ in range(3):
        assert history.last(found) == here
        assert history.before == before
        assert history.last(here) == found


def test_going_somewhere_new_forgets_what_was_ahead() -> None:
    history, here = walked("a", "b", "c")
    assert history.back(here) == place("b")
    history.moved(place("b"), place("d"))
    assert history.forward(place("d")) is None
    assert history.last(place("d")) == place("b")


def test_closing_what_was_open_is_a_step_back_to_its_list() -> None:
    history, here = walked("a", "b")
    opened = place("b", opened="1a2b")
    history.moved(here, opened)
    history.stepped_out(opened, here)
    assert history.before == (place("a"),)
    assert history.forward(here) == opened
    other = place("c", opened="9f")  # opened from elsewhere: its list is a new place
    history.moved(opened, other)
    history.stepped_out(other, place("c"))
    assert history.before[-1] == other


def test_back_can_pass_over_places_and_forward_returns_through_them() -> None:
    history = History()
    way = [place("a"), place("b"), place("b", opened="1"), place("b", opened="2")]
    for left, to in itertools.pairwise(way):
        history.moved(left, to)
    assert history.back(way[-1], lambda stop: stop.view != "b") == place("a")
    assert [history.forward(stop) for stop in way[:-1]] == way[1:]


def test_a_place_is_remembered_as_it_was_left_last() -> None:
    history = History()
    early = Standpoint("dev", "a", stands={"t": Stand("x", "x")})
    late = Standpoint("dev", "a", stands={"t": Stand("y", "x")})
    history.moved(early, place("b"))
    assert history.back(place("b")) is early
    history.moved(late, place("b"))
    found = history.back(place("b"))
    assert found is not None
    assert found.stands["t"].cursor_id == "y"
