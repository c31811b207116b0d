"""The book of processes: what lists, events and single reads say, put together."""

from __future__ import annotations

from dataclasses import replace

from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.process_book import AUDITED, ProcessBook
from colonies_tui.store.resource import Resource, Watcher

from .rows import process_row

WAITING, RUNNING, SUCCESS, FAILED, CANCELLED = ProcessState
LIMIT = 4


def book(most: int = 1000) -> ProcessBook:
    return ProcessBook(Resource("processes", []), most, list_limit=LIMIT)


def listed(known: ProcessBook, state: ProcessState, *rows: ProcessRow, asked: int | None = None) -> bool:
    return known.take_list(state, rows, known.mark() if asked is None else asked, 1.0)


def ended(name: str, at: float, state: ProcessState = SUCCESS, executor: str = "e1") -> ProcessRow:
    return process_row(name, state, started=at - 1, ended=at, executor=executor)


def running(name: str, at: float = 1.0) -> ProcessRow:
    return process_row(name, RUNNING, started=at, executor="e1")


def ids(known: ProcessBook, state: ProcessState) -> list[str]:
    return list(known.in_state(state))


def strays(known: ProcessBook) -> list[str]:
    return list(known.strays)


def test_a_list_brings_rows_in_their_order() -> None:
    known = book()
    assert listed(known, WAITING, process_row("a", submitted=1), process_row("b", submitted=2))
    assert ids(known, WAITING) == ["a", "b"]
    assert not listed(known, WAITING, process_row("a", submitted=1), process_row("b", submitted=2))


def test_ended_rows_are_kept_in_the_order_in_which_they_ended() -> None:
    known = book()
    listed(known, SUCCESS, ended("c", 3), ended("b", 2), ended("a", 1))
    listed(known, SUCCESS, ended("d", 4), ended("c", 3), ended("b", 2), ended("a", 1))
    assert ids(known, SUCCESS) == ["a", "b", "c", "d"]


def test_a_row_that_left_its_list_is_a_stray_until_another_list_shows_it() -> None:
    known = book()
    listed(known, WAITING, process_row("a"), process_row("b"))
    listed(known, WAITING, process_row("b"))
    assert strays(known) == ["a"]
    assert ids(known, WAITING) == ["a", "b"]
    listed(known, RUNNING, running("a"))
    assert strays(known) == []
    assert (ids(known, WAITING), ids(known, RUNNING)) == (["b"], ["a"])


def test_a_stray_that_is_read_is_where_it_says() -> None:
    known = book()
    listed(known, WAITING, process_row("a"))
    listed(known, WAITING)
    known.take_read(ended("a", 5, CANCELLED), known.mark())
    assert (strays(known), ids(known, CANCELLED), ids(known, WAITING)) == ([], ["a"], [])


def test_an_ended_row_that_left_its_list_was_removed() -> None:
    known = book()
    listed(known, FAILED, ended("b", 2, FAILED), ended("a", 1, FAILED))
    listed(known, FAILED, ended("b", 2, FAILED))
    assert (ids(known, FAILED), strays(known)) == (["b"], [])
    assert known.resource.get("a") is None


def test_a_cut_list_says_nothing_about_what_lies_beyond_it() -> None:
    known = book()
    for at in range(1, 10):
        listed(known, SUCCESS, *(ended(f"s{n}", n) for n in range(at, max(0, at - LIMIT), -1)))
    assert ids(known, SUCCESS) == [f"s{n}" for n in range(1, 10)]
    listed(known, SUCCESS, ended("s9", 9), ended("s8", 8), ended("s6", 6), ended("s5", 5))
    assert "s7" not in ids(known, SUCCESS)
    assert "s4" in ids(known, SUCCESS)


def test_rows_beyond_the_cut_are_read_again_in_turn() -> None:
    known = book()
    for number in range(12):
        known.take_read(running(f"r{number:02}", at=number + 1.0))
    top = [running(f"r{number:02}", at=number + 1.0) for number in range(LIMIT)]
    seen: set[str] = set()
    for _ in range(5):
        listed(known, RUNNING, *top)
        assert len(known.strays) <= AUDITED
        seen.update(known.strays)
        for row_id in known.strays:
            row = known.resource.get(row_id)
            assert row is not None
            known.take_read(row, known.mark())
    assert seen == {f"r{number:02}" for number in range(LIMIT, 12)}


def test_a_row_that_was_touched_while_a_list_was_under_way_is_not_set_back() -> None:
    known = book()
    listed(known, WAITING, process_row("a"))
    asked = known.mark()
    known.take_read(running("a"), known.mark())
    listed(known, WAITING, process_row("a"), asked=asked)
    assert ids(known, RUNNING) == ["a"]
    assert strays(known) == ["a"]


def test_a_list_that_was_asked_for_before_a_row_came_does_not_miss_it() -> None:
    known = book()
    asked = known.mark()
    known.take_event(process_row("new"))
    known.take_read(process_row("new"), known.mark())
    listed(known, WAITING, asked=asked)
    assert (ids(known, WAITING), strays(known)) == (["new"], [])


def test_of_two_lists_that_overlap_the_later_life_is_believed_and_looked_at() -> None:
    known = book()
    listed(known, RUNNING, running("a"))
    older, newer = known.mark(), known.mark()
    listed(known, SUCCESS, ended("a", 5), asked=newer)
    listed(known, RUNNING, running("a"), asked=older)
    assert ids(known, SUCCESS) == ["a"]
    assert strays(known) == ["a"]


def test_a_removed_row_does_not_come_back_with_a_late_list() -> None:
    known = book()
    listed(known, WAITING, process_row("a"))
    asked = known.mark()
    known.forget("a")
    listed(known, WAITING, process_row("a"), asked=asked)
    assert known.resource.get("a") is None
    known.forget("a")
    known.take_event(process_row("a"))
    assert known.resource.get("a") is None
    assert strays(known) == ["a"]


def test_an_event_is_believed_when_it_is_later_and_looked_at_in_any_case() -> None:
    known = book()
    listed(known, WAITING, process_row("a"))
    assert known.take_event(running("a"))
    assert ids(known, RUNNING) == ["a"]
    assert known.take_event(replace(running("a"), state=SUCCESS))
    assert not known.take_event(running("a"))
    assert (ids(known, SUCCESS), strays(known)) == (["a"], ["a"])


def test_an_event_of_an_unknown_process_brings_it() -> None:
    known = book()
    assert known.take_event(process_row("a"))
    assert (ids(known, WAITING), strays(known)) == (["a"], ["a"])


def test_the_requeue_event_is_stale_and_only_makes_it_look() -> None:
    known = book()
    listed(known, RUNNING, running("a"))
    assert not known.take_event(replace(running("a"), state=WAITING))
    assert strays(known) == ["a"]
    known.take_read(process_row("a", retries=1, started=1.0), known.mark())
    assert ids(known, WAITING) == ["a"]
    assert not known.take_event(running("a"))
    assert known.take_event(replace(running("a"), retries=1))


def test_an_event_during_a_single_read_has_it_read_again() -> None:
    known = book()
    listed(known, WAITING, process_row("a"))
    known.suspect("a")
    asked = known.mark()
    known.take_event(running("a"))
    known.take_read(process_row("a"), asked)
    assert (ids(known, RUNNING), strays(known)) == (["a"], ["a"])
    known.take_read(running("a"), known.mark())
    assert strays(known) == []


def test_a_disbelieved_event_during_a_single_read_has_it_read_again() -> None:
    known = book()
    listed(known, RUNNING, running("a"))
    known.suspect("a")
    asked = known.mark()
    assert not known.take_event(replace(running("a"), state=WAITING))
    known.take_read(running("a"), asked)
    assert strays(known) == ["a"]


def test_an_event_without_an_end_time_is_not_taken_for_removed_by_a_cut_list() -> None:
    known = book()
    listed(known, RUNNING, running("a"))
    known.take_event(replace(running("a"), state=SUCCESS))
    listed(known, SUCCESS, *(ended(f"s{n}", n) for n in (9, 8, 7, 6)))
    assert "a" in ids(known, SUCCESS)
    assert "a" in known.strays


def test_what_cannot_be_read_is_left_and_what_is_gone_is_forgotten() -> None:
    known = book()
    listed(known, WAITING, process_row("a"), process_row("b"))
    known.suspect("a")
    known.suspect("b")
    known.leave("a")
    known.forget("b")
    assert (strays(known), ids(known, WAITING)) == ([], ["a"])


def test_tallies_follow_the_rows() -> None:
    known = book()
    listed(known, RUNNING, running("a"), running("b"), process_row("c", RUNNING, started=1.0, executor="e2"))
    assert set(known.tally("e1").running) == {"a", "b"}
    listed(known, SUCCESS, ended("a", 5))
    listed(known, FAILED, ended("b", 6, FAILED))
    tally = known.tally("e1")
    assert (dict(tally.running), tally.succeeded, tally.failed) == ({}, 1, 1)
    known.forget("a")
    assert known.tally("e1").succeeded == 0
    known.take_read(process_row("c", retries=1))
    assert known.tally("e2").running == {}
    assert (known.tally("nobody").running, known.tally("nobody").succeeded) == ({}, 0)


def test_the_types_of_what_waits_or_runs() -> None:
    known = book()
    listed(known, WAITING, process_row("a", kind="gpu"), process_row("b", kind="cli"))
    assert set(known.active_types) == {"gpu", "cli"}
    known.take_read(replace(ended("a", 5), executortype="gpu"))
    assert set(known.active_types) == {"cli"}
    known.forget("b")
    assert set(known.active_types) == set()


def test_the_longest_ended_are_forgotten_first_and_never_what_lists_still_show() -> None:
    known = book(most=12)
    listed(known, FAILED, *(ended(f"f{n}", n, FAILED) for n in (4, 3, 2, 1)))
    listed(known, WAITING, process_row("w"))
    for at in range(10, 30):
        listed(known, SUCCESS, *(ended(f"s{n}", n) for n in range(at, max(9, at - LIMIT), -1)))
    assert len(known.resource) == 12
    assert ids(known, FAILED) == ["f1", "f2", "f3", "f4"]
    assert ids(known, SUCCESS) == [f"s{n}" for n in range(23, 30)]
    assert ids(known, WAITING) == ["w"]
    assert known.tally("e1").succeeded == 7


def test_a_list_that_was_shown_before_tells_nothing_new_in_a_full_book() -> None:
    told: list[None] = []
    watcher = Watcher(lambda: told.append(None))
    known = ProcessBook(Resource("processes", [watcher]), 6, list_limit=LIMIT)
    for at in range(1, 20):
        listed(known, SUCCESS, *(ended(f"s{n}", n) for n in range(at, max(0, at - LIMIT), -1)))
    watcher.take()
    told.clear()
    assert not listed(known, SUCCESS, *(ended(f"s{n}", n) for n in (19, 18, 17, 16)))
    assert told == []


def test_many_removed_at_once_are_forgotten_without_reading_each() -> None:
    known = book()
    for at in range(1, 60):
        listed(known, SUCCESS, *(ended(f"s{n}", n) for n in range(at, max(0, at - LIMIT), -1)))
    known.take_total(SUCCESS, 58)
    assert len(ids(known, SUCCESS)) == 59
    known.take_total(SUCCESS, 10)
    assert ids(known, SUCCESS) == [f"s{n}" for n in range(50, 60)]
    listed(known, SUCCESS)
    assert ids(known, SUCCESS) == []
    known.take_total(WAITING, 0)
