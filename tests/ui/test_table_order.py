"""The order kept step by step is always the order built from nothing, and cursor and marks stay on their ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.ui.table_order import TableOrder


@dataclass(frozen=True)
class Job:
    weight: int | None
    color: str = "red"


Rows = dict[str, Job]
Changed = dict[str, frozenset[str]]


def weight_of(job: Job) -> int | None:
    return job.weight


def is_red(job: Job) -> bool:
    return job.color == "red"


def expected_ids(
    rows: Mapping[str, Job],
    predicate: Callable[[Job], bool] | None,
    sort: Callable[[Job], Any] | None,
    reverse: bool,
) -> list[str]:
    ids = [id_ for id_, job in rows.items() if predicate is None or predicate(job)]
    if sort is None:
        return ids
    with_key = [id_ for id_ in ids if sort(rows[id_]) is not None]
    without = [id_ for id_ in ids if sort(rows[id_]) is None]
    return sorted(with_key, key=lambda id_: sort(rows[id_]), reverse=reverse) + without


def build(rows: Rows, *, sort: Callable[[Job], Any] | None = None, reverse: bool = False) -> TableOrder[Job]:
    order: TableOrder[Job] = TableOrder()
    order.set_sort(sort, reverse)
    order.update(rows, None)
    return order


def jobs(*weights: int | None) -> Rows:
    return {f"job-{i}": Job(weight) for i, weight in enumerate(weights)}


weights = st.one_of(st.none(), st.integers(0, 6))
colors = st.sampled_from(["red", "blue"])
steps = st.lists(
    st.tuples(
        st.sampled_from(["add", "add-first", "add-middle", "change", "remove", "filter", "sort", "unsaid"]),
        st.integers(0, 40),
        weights,
        colors,
    ),
    max_size=40,
)


@given(steps=steps, batch=st.integers(1, 5))
def test_every_step_gives_the_order_built_from_nothing(
    steps: list[tuple[str, int, int | None, str]], batch: int
) -> None:
    order: TableOrder[Job] = TableOrder()
    rows: Rows = {}
    predicate: Callable[[Job], bool] | None = None
    sort: Callable[[Job], Any] | None = None
    reverse = False
    changed: Changed = {}
    said_all = True
    for number, (verb, at, weight, color) in enumerate(steps):
        ids = list(rows)
        match verb:
            case "add" | "add-first" | "add-middle":
                new = {f"new-{number}": Job(weight, color)}
                if verb == "add":
                    rows = {**rows, **new}
                elif verb == "add-first":
                    rows = {**new, **rows}
                else:
                    items = list(rows.items())
                    rows = dict(items[: at % (len(items) + 1)]) | new | dict(items[at % (len(items) + 1) :])
                changed[f"new-{number}"] = frozenset()
            case "change" if ids:
                id_ = ids[at % len(ids)]
                rows = {**rows, id_: Job(weight, color)}
                changed[id_] = frozenset({"weight", "color"})
            case "remove" if ids:
                id_ = ids[at % len(ids)]
                rows = {other: job for other, job in rows.items() if other != id_}
                changed[id_] = frozenset()
            case "filter":
                predicate = None if at % 2 else is_red
                order.set_filter(predicate)
            case "sort":
                sort, reverse = (None if at % 3 == 0 else weight_of), bool(at % 2)
                order.set_sort(sort, reverse)
            case "unsaid" if ids:  # a snapshot with a removal nobody told of
                rows = {other: job for other, job in rows.items() if other != ids[at % len(ids)]}
                said_all = False
            case _:
                pass
        if number % batch and verb not in {"filter", "sort"}:
            continue
        cursor_before, marks_before = order.cursor_id, order.marks
        order.update(rows, changed if said_all or len(changed) < 2 else None)
        changed, said_all = {}, True
        assert order.ids == expected_ids(rows, predicate, sort, reverse)
        if order.ids:
            assert order.ids[order.cursor] == order.cursor_id
        else:
            assert (order.cursor_id, order.cursor) == (None, -1)
        if cursor_before in order.ids:
            assert order.cursor_id == cursor_before
        assert order.marks == {id_ for id_ in marks_before if id_ in rows}
        assert order.hidden_count == len(rows) - len(order.ids)
        if order.ids:
            order.move_to(order.ids[at % len(order.ids)])
            if at % 4 == 0:
                order.toggle_mark()


@given(st.lists(weights, min_size=1, max_size=200), st.integers(0, 199), weights, st.booleans())
def test_one_changed_key_moves_one_row(values: list[int | None], at: int, weight: int | None, reverse: bool) -> None:
    rows = jobs(*values)
    order = build(rows, sort=weight_of, reverse=reverse)
    id_ = f"job-{at % len(values)}"
    rows = {**rows, id_: Job(weight)}
    order.update(rows, {id_: frozenset({"weight"})})
    assert order.ids == expected_ids(rows, None, weight_of, reverse)
    assert all(order.position(other) == i for i, other in enumerate(order.ids))


def test_rows_without_a_sort_value_come_last_in_both_directions() -> None:
    rows = jobs(2, None, 1, None, 2)
    assert build(rows, sort=weight_of).ids == ["job-2", "job-0", "job-4", "job-1", "job-3"]
    assert build(rows, sort=weight_of, reverse=True).ids == ["job-0", "job-4", "job-2", "job-1", "job-3"]


def test_an_update_that_leaves_the_keys_alone_does_not_reorder() -> None:
    rows = jobs(3, 2, 1)
    order = build(rows, sort=weight_of)
    ids = order.ids
    assert not order.update({**rows, "job-1": Job(2, "blue")}, {"job-1": frozenset({"color"})})
    assert order.ids is ids


def test_keys_that_do_not_compare_never_lose_a_row() -> None:
    def weight(job: Job) -> float:
        return float("nan") if job.weight is None else job.weight

    rows = jobs(3, None, 1, None, 2)
    order = build(rows, sort=weight)
    for i in range(5):
        rows = {**rows, f"job-{i}": Job(i)}
        order.update(rows, {f"job-{i}": frozenset({"weight"})})
        assert sorted(order.ids) == sorted(rows)
        assert [order.position(id_) for id_ in order.ids] == list(range(5))


@pytest.mark.parametrize(
    ("gone", "lands_on"),
    [
        ({"job-2"}, "job-3"),
        ({"job-2", "job-3"}, "job-1"),
        ({"job-2", "job-3", "job-4"}, "job-1"),
        ({"job-0", "job-1", "job-2", "job-3"}, "job-4"),
    ],
)
@pytest.mark.parametrize("said", [True, False])
def test_the_cursor_of_a_vanished_row_goes_to_the_nearest_that_remains(
    gone: set[str], lands_on: str, said: bool
) -> None:
    rows = jobs(0, 1, 2, 3, 4)
    order = build(rows)
    order.move_to("job-2")
    rest = {id_: job for id_, job in rows.items() if id_ not in gone}
    order.update(rest, dict.fromkeys(gone, frozenset()) if said else None)
    assert (order.cursor_id, order.lost) == (lands_on, "removed")
    assert order.ids[order.cursor] == lands_on
    order.move_by(0)
    assert order.lost is None


def test_the_cursor_leaves_a_row_that_the_filter_hides_and_says_why() -> None:
    rows = jobs(0, 1, 2)
    order = build(rows)
    order.move_to("job-1")
    order.set_filter(is_red)
    assert (order.cursor_id, order.lost) == ("job-1", None)
    rows = {**rows, "job-1": replace(rows["job-1"], color="blue")}
    order.update(rows, {"job-1": frozenset({"color"})})
    assert (order.cursor_id, order.lost) == ("job-2", "filtered")
    assert order.hidden_count == 1


def test_without_rows_there_is_no_cursor_and_the_first_row_gets_it_back() -> None:
    order = build(jobs(0))
    order.update({}, None)
    assert (order.cursor_id, order.cursor, order.lost) == (None, -1, "removed")
    assert not order.toggle_mark()
    assert not order.mark_range()
    assert not order.move_by(1)
    order.update(jobs(0, 1), None)
    assert (order.cursor_id, order.cursor) == ("job-0", 0)


def test_movement_stops_at_the_ends() -> None:
    order = build(jobs(0, 1, 2))
    assert order.move_by(10)
    assert order.cursor_id == "job-2"
    assert not order.move_by(1)
    assert order.move_to_position(-5)
    assert order.cursor_id == "job-0"
    assert not order.move_to("job-9")


def test_range_marks_run_from_the_last_mark_to_the_cursor() -> None:
    order = build(jobs(*range(6)))
    order.move_to("job-1")
    order.toggle_mark()
    order.move_to("job-4")
    order.mark_range()
    assert order.marks == {"job-1", "job-2", "job-3", "job-4"}
    order.move_to("job-3")
    order.toggle_mark()
    assert order.marks == {"job-1", "job-2", "job-4"}
    assert order.clear_marks()
    assert not order.clear_marks()
    order.move_to("job-5")
    order.mark_range()
    assert order.marks == {"job-5"}


def test_marks_survive_the_filter_but_not_the_row() -> None:
    rows = {"a": Job(1), "b": Job(2, "blue")}
    order = build(rows)
    order.move_to("b")
    order.toggle_mark()
    order.set_filter(is_red)
    assert order.marks == {"b"}
    order.update({"a": Job(1)}, {"b": frozenset()})
    assert order.marks == frozenset()


def test_a_hundred_thousand_rows_are_not_resorted_for_one_change() -> None:
    calls = 0

    def counted(job: Job) -> int | None:
        nonlocal calls
        calls += 1
        return job.weight

    rows = jobs(*range(1000))
    order = build(rows, sort=counted)
    calls = 0
    rows = {**rows, "job-7": Job(990), "new": Job(5)}
    order.update(rows, {"job-7": frozenset({"weight"}), "new": frozenset()})
    assert calls <= 4
    assert order.ids == expected_ids(rows, None, weight_of, False)
