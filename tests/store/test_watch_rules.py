"""What is news: told once for each change, never twice, never not at all for an end."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.graphs import GraphRow, Member, OpenGraph
from colonies_tui.store.queues import Queue
from colonies_tui.store.watch import GONE, Event, Standing, Watch, WatchKind
from colonies_tui.store.watch_rules import (
    Change,
    filter_standing,
    gone,
    process_standing,
    queue_standing,
    step,
    workflow_standing,
)

PROCESS = Watch(WatchKind.PROCESS, "p1", "train")
WORKFLOW = Watch(WatchKind.WORKFLOW, "g1", "nightly")
EXECUTOR = Watch(WatchKind.EXECUTOR, "gpu-7", "gpu-7")
QUEUE = Watch(WatchKind.QUEUE, "gpu", "gpu")
FILTER = Watch(WatchKind.FILTER, "processes", "Processes / state=failed", filter_text="state=failed")
ENDS = {Event.SUCCEEDED, Event.FAILED, Event.CANCELLED}
FINAL = (ProcessState.SUCCESS, ProcessState.FAILED, ProcessState.CANCELLED)


def told(watch: Watch, *standings: Standing) -> list[Change]:
    """Return everything that is told while a thing is seen like this, one after the other."""
    known = Standing()
    changes: list[Change] = []
    for standing in standings:
        known, new = step(watch, known, standing)
        changes += new
    return changes


@st.composite
def lives(draw: st.DrawFn) -> list[ProcessRow]:
    """The states of one process from its submission to its end, as the server has them one after the other."""
    row = ProcessRow("p1", ProcessState.WAITING, submissiontime=10.0, maxretries=-1)
    life = [row]
    for _ in range(draw(st.integers(0, 4))):
        life.append(row := replace(row, state=ProcessState.RUNNING, starttime=20.0 + len(life)))
        if draw(st.booleans()):  # its time is over, and it waits again
            life.append(row := replace(row, state=ProcessState.WAITING, retries=row.retries + 1))
        else:  # its executor was removed
            life.append(row := replace(row, state=ProcessState.WAITING, starttime=None))
    if draw(st.booleans()):
        life.append(row := replace(row, state=ProcessState.RUNNING, starttime=90.0))
    end = draw(st.sampled_from(FINAL))
    life.append(replace(row, state=end, endtime=99.0, error="boom" if end is ProcessState.FAILED else ""))
    return life


@st.composite
def seen_lives(draw: st.DrawFn) -> tuple[list[ProcessRow], list[ProcessRow]]:
    """A life, and what of it is seen: some states never, others several times; the first and the last at least once."""
    life = draw(lives())
    seen = [life[0]]
    for row in life[:-1]:
        seen += [row] * draw(st.integers(0, 3))
    return life, seen + [life[-1]] * draw(st.integers(1, 3))


@given(seen_lives())
def test_an_end_is_told_exactly_once_and_nothing_after_it(case: tuple[list[ProcessRow], list[ProcessRow]]) -> None:
    life, seen = case
    changes = told(PROCESS, *map(process_standing, seen))
    assert [change.event in ENDS for change in changes].count(True) == 1
    assert changes[-1].event in ENDS
    assert ("boom" in changes[-1].words) is (life[-1].state is ProcessState.FAILED)


@given(seen_lives())
def test_as_many_news_as_changes_that_could_be_seen(case: tuple[list[ProcessRow], list[ProcessRow]]) -> None:
    _, seen = case
    moments = [(row.state, row.retries) for row in seen]
    different = sum(before != after for before, after in itertools.pairwise(moments))
    assert len(told(PROCESS, *map(process_standing, seen))) == different


@given(seen_lives(), st.data())
def test_what_is_older_than_an_end_is_not_believed(
    case: tuple[list[ProcessRow], list[ProcessRow]], data: st.DataObject
) -> None:
    life, _ = case
    end = process_standing(life[-1])
    old = [row for row in life if not row.state.is_final and row.retries <= life[-1].retries]
    late = data.draw(st.lists(st.sampled_from(old), max_size=5))
    assert told(PROCESS, end, *map(process_standing, late), end) == []


@given(seen_lives(), st.integers(1, 3))
def test_something_gone_is_said_once(case: tuple[list[ProcessRow], list[ProcessRow]], times: int) -> None:
    _, seen = case
    changes = told(PROCESS, *map(process_standing, seen[:-1]), *[gone()] * times)
    assert [change.event for change in changes].count(Event.GONE) == 1


@given(st.sampled_from(FINAL), st.sampled_from(FINAL))
def test_an_end_that_becomes_another_is_told(first: ProcessState, second: ProcessState) -> None:
    rows = [ProcessRow("p1", state, endtime=9.0) for state in (ProcessState.RUNNING, first, second)]
    assert len(told(PROCESS, *map(process_standing, rows))) == (1 if first is second else 2)


def test_the_words_of_a_process() -> None:
    waiting = ProcessRow("p1", ProcessState.WAITING)
    rows = [
        waiting,
        replace(waiting, state=ProcessState.RUNNING),
        replace(waiting, retries=1),
        replace(waiting, state=ProcessState.RUNNING, retries=1),
        replace(waiting, state=ProcessState.RUNNING, retries=2),
        replace(waiting, state=ProcessState.FAILED, retries=2, error=" exit 137 "),
    ]
    assert [(change.event, change.words) for change in told(PROCESS, *map(process_standing, rows))] == [
        (Event.STARTED, "started"),
        (Event.WAITS_AGAIN, "waits again (retry 1)"),
        (Event.STARTED, "started"),
        (Event.STARTED, "started again (retry 2)"),
        (Event.FAILED, "failed: exit 137"),
    ]


# Workflows


def graph(state: ProcessState, **members: tuple[ProcessState, str, float | None]) -> OpenGraph:
    """Return a workflow; of each member its state, error and end."""
    rows = [ProcessRow(name, own, endtime=ended, error=error) for name, (own, error, ended) in members.items()]
    row = GraphRow("g1", state, "", 1.0, 2.0, 9.0, tuple(members), ())
    return OpenGraph(row, tuple(Member(row.processid, row.processid, row.state, (), row) for row in rows))


F, R, S, W = ProcessState.FAILED, ProcessState.RUNNING, ProcessState.SUCCESS, ProcessState.WAITING


def test_a_workflow_that_fails_names_who_failed_first_by_itself() -> None:
    running = graph(R, plan=(S, "", 3.0), east=(R, "", None), join=(W, "", None))
    failed = graph(F, plan=(S, "", 3.0), east=(F, "boom", 6.0), west=(F, "bang", 7.0), join=(F, "", 5.0))
    changes = told(WORKFLOW, workflow_standing(running), *[workflow_standing(failed)] * 2)
    assert changes == [Change(Event.FAILED, "failed: east: boom")]


def test_the_first_failure_of_a_workflow_that_goes_on_is_told_once() -> None:
    standings = [
        workflow_standing(graph(R, east=(R, "", None), west=(R, "", None))),
        workflow_standing(graph(R, east=(F, "boom", 6.0), west=(R, "", None))),
        workflow_standing(graph(R, east=(F, "boom", 6.0), west=(F, "bang", 7.0))),
        workflow_standing(graph(F, east=(F, "boom", 6.0), west=(F, "bang", 7.0))),
    ]
    assert [change.event for change in told(WORKFLOW, *standings)] == [Event.FIRST_FAILURE, Event.FAILED]


# Executors, queues, filters


def executor(word: str, identity: str = "a") -> Standing:
    return Standing(word, identity="" if word == GONE else identity)


@pytest.mark.parametrize(
    ("words", "events"),
    [
        (("pending", "pending", "approved", "approved"), [Event.APPROVED]),
        (("pending", "rejected"), [Event.REJECTED]),
        (("approved", "stale", "stale", "approved"), [Event.STALE, Event.BACK]),
        (("approved", "gone", "gone"), [Event.GONE]),
        (("approved", "gone", "approved"), [Event.GONE, Event.BACK]),
    ],
)
def test_executors(words: tuple[str, ...], events: list[Event]) -> None:
    assert [change.event for change in told(EXECUTOR, *map(executor, words))] == events


def test_an_executor_of_the_same_name_with_another_key_is_told_as_one() -> None:
    changes = told(EXECUTOR, executor("approved"), executor("gone"), executor("approved", "b"))
    assert [change.event for change in changes] == [Event.GONE, Event.REGISTERED]
    assert "another key" in changes[1].words


def test_a_queue_that_gets_blocked_and_runs_empty() -> None:
    blocked = Queue("gpu", waiting=3, why="no executor of this type")
    standings = [queue_standing(queue, None, 1.0) for queue in (Queue("gpu", running=1), blocked, blocked, None, None)]
    assert told(QUEUE, *standings) == [
        Change(Event.BLOCKED, "is blocked: no executor of this type"),
        Change(Event.EMPTY, "is empty: nothing waits or runs"),
    ]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=12))
def test_a_depth_over_the_limit_is_told_each_time_it_is_crossed(depths: list[int]) -> None:
    limited = replace(QUEUE, limit=4)
    changes = told(limited, *(queue_standing(Queue("gpu", waiting=d, running=1), 4, 1.0) for d in depths))
    over = [depth > 4 for depth in depths]
    rises = sum(after and not before for before, after in itertools.pairwise(over))
    assert [change.event for change in changes].count(Event.DEEP) == rises


rows_shown = st.dictionaries(st.sampled_from("abcdefgh"), st.just("row"), max_size=8)


@given(st.lists(rows_shown, min_size=2, max_size=6))
def test_rows_that_enter_and_leave_a_filter_add_up(shown: list[dict[str, str]]) -> None:
    changes = told(FILTER, *(filter_standing(rows, 1.0) for rows in shown))
    count = len(shown[0])
    for change in changes:
        rows = int(change.words.split()[0])
        count += rows if change.event is Event.ENTERED else -rows
    assert count == len(shown[-1])


def test_a_filter_names_a_few_rows_and_counts_the_rest() -> None:
    after = filter_standing({str(number): f"job-{number}" for number in range(5)}, 1.0)
    assert told(FILTER, filter_standing({}, 1.0), after) == [
        Change(Event.ENTERED, "5 rows entered: job-0, job-1, job-2 and 2 more")
    ]


def test_rows_that_are_not_known_any_more_after_the_console_was_closed_have_not_left() -> None:
    before, after = filter_standing({"a": "old", "b": "fixed"}, 1.0), filter_standing({}, 2.0)
    _, changes = step(FILTER, before, after, still_there={"b"})
    assert changes == [Change(Event.LEFT, "1 row left: fixed")]
