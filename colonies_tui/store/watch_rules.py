"""The rules of watching: what is news between two states of the same thing. Pure.

News come from differences only, so what is seen twice is told once, and what happened unseen is told when it is seen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from colonies_tui.protocol.models.executor import Executor
from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.executor_condition import ExecutorCondition, condition_of
from colonies_tui.store.graphs import OpenGraph
from colonies_tui.store.queues import Queue
from colonies_tui.store.watch import (
    BLOCKED,
    CANCELLED,
    EMPTY,
    FAILED,
    GONE,
    MAX_FILTER_ROWS,
    RUNNING,
    SUCCESS,
    WAITING,
    WORKING,
    Event,
    Standing,
    Watch,
    WatchKind,
)

NAMED_ROWS: Final = 3
"""Most rows that one piece of news names."""

_WORDS: Final[Mapping[ProcessState, str]] = {
    ProcessState.WAITING: WAITING,
    ProcessState.RUNNING: RUNNING,
    ProcessState.SUCCESS: SUCCESS,
    ProcessState.FAILED: FAILED,
    ProcessState.CANCELLED: CANCELLED,
}
_ENDS: Final[Mapping[str, tuple[Event, str]]] = {
    SUCCESS: (Event.SUCCEEDED, "succeeded"),
    FAILED: (Event.FAILED, "failed"),
    CANCELLED: (Event.CANCELLED, "was cancelled"),
}
_CONDITIONS: Final[Mapping[str, tuple[Event, str]]] = {
    ExecutorCondition.PENDING.value: (Event.REGISTERED, "waits for approval"),
    ExecutorCondition.APPROVED.value: (Event.APPROVED, "was approved"),
    ExecutorCondition.REJECTED.value: (Event.REJECTED, "was rejected"),
    ExecutorCondition.STALE.value: (Event.STALE, "is stale: it has not asked for work"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened: what, and in words that follow a subject."""

    event: Event
    words: str


def gone() -> Standing:
    """Return how something stands that the server does not know any more."""
    return Standing(GONE)


# How things stand -----------------------------------------------------------------------------------------------------


def process_standing(row: ProcessRow) -> Standing:
    """Return how a process stands."""
    at = {ProcessState.WAITING: row.submissiontime, ProcessState.RUNNING: row.starttime}.get(row.state, row.endtime)
    note = row.error.strip() if row.state is ProcessState.FAILED else ""
    return Standing(_WORDS[row.state], at, note, row.retries)


def workflow_standing(graph: OpenGraph) -> Standing:
    """Return how a workflow stands. The members that a server fails together with one that failed carry no error."""
    row = graph.row
    failed = [member for member in graph.members if member.state is ProcessState.FAILED and member.row is not None]
    own = [member for member in failed if member.row is not None and member.row.error]
    first = min(
        own or failed,
        key=lambda member: (member.row.endtime if member.row is not None else None) or float("inf"),
        default=None,
    )
    note = ""
    if first is not None and first.row is not None:
        name = first.label or first.row.nodename or first.row.funcname or first.processid[:8]
        note = f"{name}: {first.row.error.strip()}" if first.row.error else name
    at = {ProcessState.WAITING: row.submitted, ProcessState.RUNNING: row.started}.get(row.state, row.ended)
    return Standing(_WORDS[row.state], at, note, failure=first.processid if first is not None else "")


def executor_standing(executor: Executor | None, *, heard_until: float, runs_something: bool) -> Standing:
    """Return how an executor stands.

    Args:
        executor: as last read; ``None`` when the server does not list it.
        heard_until: when it was read, seconds since 1970: what it did later is not known.
        runs_something: whether a process is known that it runs.
    """
    if executor is None:
        return gone()
    condition = condition_of(executor, now=heard_until, runs_something=runs_something)
    return Standing(condition.value, heard_until, identity=executor.executorid)


def queue_standing(queue: Queue | None, limit: int | None, now: float) -> Standing:
    """Return how a queue stands; ``None`` is one in which nothing is."""
    if queue is None:
        return Standing(EMPTY, now)
    word = BLOCKED if queue.is_blocked else WORKING if queue.waiting or queue.running else EMPTY
    is_over = limit is not None and queue.waiting > limit
    return Standing(word, now, queue.why, is_over=is_over, count=queue.waiting)


def filter_standing(rows: Mapping[str, str], now: float) -> Standing:
    """Return how a filter stands that lets through these rows (names by id)."""
    return Standing("on", now, count=len(rows), rows=dict(rows) if len(rows) <= MAX_FILTER_ROWS else {})


# What is news ---------------------------------------------------------------------------------------------------------


def step(
    watch: Watch, before: Standing, after: Standing, *, still_there: Collection[str] | None = None
) -> tuple[Standing, Sequence[Change]]:
    """Return how a thing stands now, and what happened to it.

    Args:
        watch: what is watched.
        before: what was known.
        after: what is seen. It is not believed where nothing can lead from one to the other.
        still_there: of a filter, the ids of all rows that are known: a row that left the filter and is not there at
            all is not told. ``None`` tells every row that left.
    """
    if not before.is_known:
        return after, ()
    if watch.kind is WatchKind.EXECUTOR:
        return _executor_step(before, after)
    if watch.kind is WatchKind.QUEUE:
        return _queue_step(watch, before, after)
    if watch.kind is WatchKind.FILTER:
        return _filter_step(before, after, still_there)
    return _run_step(before, after)


def _run_step(before: Standing, after: Standing) -> tuple[Standing, Sequence[Change]]:
    """A process or a workflow."""
    if before.word == GONE:
        return (before if after.word == GONE else after), ()
    if after.word == GONE:
        return after, (Change(Event.GONE, "is gone: the server does not know it any more"),)
    is_back = before.is_over_with and not after.is_over_with
    if after.retries < before.retries or (is_back and after.retries == before.retries):
        return before, ()  # older than what is known
    if after.word in _ENDS:
        if after.word == before.word:
            return after, ()
        event, words = _ENDS[after.word]
        return after, (Change(event, f"{words}: {after.note}" if after.note else words),)
    changes: list[Change] = []
    again = f" (retry {after.retries})" if after.retries > before.retries else ""
    if after.word == WAITING and (before.word != WAITING or again):
        changes.append(Change(Event.WAITS_AGAIN, f"waits again{again}"))
    elif after.word == RUNNING and (before.word != RUNNING or again):
        changes.append(Change(Event.STARTED, f"started again{again}" if again else "started"))
    if after.failure and not before.failure:
        changes.append(Change(Event.FIRST_FAILURE, f"has its first failure: {after.note}"))
    return after, changes


def _executor_step(before: Standing, after: Standing) -> tuple[Standing, Sequence[Change]]:
    is_other = bool(before.identity and after.identity) and before.identity != after.identity
    if after.word == GONE and not after.identity:
        after = replace(after, identity=before.identity)
    if after.word == before.word and not is_other:
        return replace(after, at=before.at), ()
    if after.word == GONE:
        return after, (Change(Event.GONE, "is gone: it is not registered any more"),)
    event, words = _CONDITIONS[after.word]
    if is_other:
        return after, (Change(Event.REGISTERED, f"is registered with another key, and {words}"),)
    if event is Event.APPROVED and before.word == ExecutorCondition.STALE.value:
        return after, (Change(Event.BACK, "is back: it asks for work again"),)
    if event is Event.APPROVED and before.word == GONE:
        return after, (Change(Event.BACK, "is back: it is registered again"),)
    return after, (Change(event, words),)


def _queue_step(watch: Watch, before: Standing, after: Standing) -> tuple[Standing, Sequence[Change]]:
    changes: list[Change] = []
    if after.word != before.word:
        if after.word == BLOCKED:
            changes.append(Change(Event.BLOCKED, f"is blocked: {after.note}" if after.note else "is blocked"))
        elif after.word == EMPTY:
            changes.append(Change(Event.EMPTY, "is empty: nothing waits or runs"))
        elif before.word == BLOCKED:
            changes.append(Change(Event.UNBLOCKED, f"is not blocked any more; {after.count} wait"))
    if after.is_over and not before.is_over:
        changes.append(Change(Event.DEEP, f"is deeper than {watch.limit}: {after.count} wait"))
    elif before.is_over and not after.is_over and not changes:
        changes.append(Change(Event.SHALLOW, f"is not deeper than {watch.limit} any more: {after.count} wait"))
    return (replace(after, at=before.at) if after.word == before.word else after), changes


def _filter_step(
    before: Standing, after: Standing, still_there: Collection[str] | None
) -> tuple[Standing, Sequence[Change]]:
    if before.count != len(before.rows) or after.count != len(after.rows):  # too many rows to be told apart
        return replace(after, at=before.at), ()
    entered = [name for row_id, name in after.rows.items() if row_id not in before.rows]
    left = [
        name
        for row_id, name in before.rows.items()
        if row_id not in after.rows and (still_there is None or row_id in still_there)
    ]
    changes = []
    if entered:
        changes.append(Change(Event.ENTERED, f"{_rows(entered)} entered: {_names(entered)}"))
    if left:
        changes.append(Change(Event.LEFT, f"{_rows(left)} left: {_names(left)}"))
    return (after if changes else replace(after, at=before.at)), changes


def _rows(names: Sequence[str]) -> str:
    return "1 row" if len(names) == 1 else f"{len(names)} rows"


def _names(names: Sequence[str]) -> str:
    more = len(names) - NAMED_ROWS
    return ", ".join(names[:NAMED_ROWS]) + (f" and {more} more" if more > 0 else "")
