"""The queue of each executor type, and why it waits."""

from __future__ import annotations

import pytest

from colonies_tui.protocol.states import ExecutorState, ProcessState
from colonies_tui.store.executor_condition import ExecutorCondition as Condition
from colonies_tui.store.queues import Queue, queues

from .rows import executor, process_row

NOW = 1_000_000.0


def one(*conditions: Condition, waiting: int = 1, is_paused: bool = False, total: int | None = None) -> Queue:
    rows = [process_row(f"w{n}", submitted=NOW - 10 - n) for n in range(waiting)]
    executors = [(executor(f"e{n}"), condition) for n, condition in enumerate(conditions)]
    (queue,) = queues(rows, executors, now=NOW, is_paused=is_paused, waiting_total=total)
    return queue


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ([], "no executor of this type"),
        ([Condition.GONE], "no executor of this type"),
        ([Condition.PENDING, Condition.PENDING], "no approved executor; 2 pending"),
        ([Condition.PENDING, Condition.STALE], "no approved executor; 1 pending"),
        ([Condition.STALE], "no executor is alive; 1 stale"),
        ([Condition.REJECTED, Condition.GONE], "its only executors are rejected"),
        ([Condition.APPROVED, Condition.PENDING], ""),
    ],
)
def test_why_work_waits(conditions: list[Condition], words: str) -> None:
    queue = one(*conditions)
    assert queue.why == words
    assert queue.is_blocked is (Condition.APPROVED not in conditions)


def test_a_pause_explains_everything_that_waits_and_nothing_that_does_not() -> None:
    assert one(Condition.APPROVED, is_paused=True).why == "assignments are paused"
    assert one(Condition.APPROVED, is_paused=True, waiting=0).why == ""


def test_a_cut_list_is_a_lower_bound() -> None:
    assert one(waiting=3, total=3).is_cut is False
    assert one(waiting=3, total=None).is_cut is False
    assert one(waiting=3, total=4).is_cut is False, "the counter is ahead of a list that was whole"
    assert one(waiting=100, total=101).is_cut is True
    assert one(waiting=100, total=100).is_cut is False


def test_a_queue_of_which_none_is_listed_may_have_some_all_the_same() -> None:
    rows = [process_row(f"w{n}") for n in range(100)]
    known = queues(rows, [(executor("e", kind="gpu"), Condition.APPROVED)], now=NOW, is_paused=False, waiting_total=200)
    assert {queue.executortype: queue.is_cut for queue in known} == {"cli": True, "gpu": True}


def test_depths_waits_and_rates() -> None:
    rows = [
        process_row("w1", submitted=NOW - 90),
        process_row("w2", submitted=NOW - 30),
        process_row("r", ProcessState.RUNNING, submitted=NOW - 60, started=NOW - 20),
        process_row("s1", ProcessState.SUCCESS, submitted=NOW - 70, started=NOW - 60, ended=NOW - 30),
        process_row("s2", ProcessState.SUCCESS, submitted=NOW - 40, started=NOW - 20, ended=NOW - 10),
        process_row("old", ProcessState.SUCCESS, submitted=NOW - 9000, started=NOW - 8000, ended=NOW - 7000),
        process_row("f", ProcessState.FAILED, submitted=NOW - 9, started=None, ended=NOW - 5),
    ]
    (queue,) = queues(rows, [], now=NOW, is_paused=False, waiting_total=2)
    assert (queue.waiting, queue.running, queue.oldest_since) == (2, 1, NOW - 90)
    assert queue.median_wait == 20.0
    assert queue.done_per_minute == 4.0


def test_problems_come_first_then_the_deepest() -> None:
    rows = [
        process_row(f"{kind}{n}", kind=kind) for kind, count in (("a", 1), ("b", 3), ("c", 2)) for n in range(count)
    ]
    executors = [
        (executor("a1", kind="a"), Condition.APPROVED),
        (executor("b1", kind="b"), Condition.APPROVED),
        (executor("c1", ExecutorState.PENDING, kind="c"), Condition.PENDING),
        (executor("d1", kind="d"), Condition.APPROVED),
        (executor("gone", kind="e"), Condition.GONE),
    ]
    known = queues(rows, executors, now=NOW, is_paused=False, waiting_total=6)
    assert [queue.executortype for queue in known] == ["c", "b", "a", "d"]
