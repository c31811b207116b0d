"""The queue of each executor type, derived from what is known: depth, waits, throughput, who could take it.

Pure. Depths are exact where the server's counter says that every waiting process is known; otherwise ``is_cut`` says
that there are more.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from colonies_tui.protocol.messages.process import MAX_COUNT
from colonies_tui.protocol.models.executor import Executor
from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.executor_condition import ExecutorCondition

RECENT_SECONDS = 300.0
"""Waits and throughput are taken from processes that started or ended within so many seconds."""


@dataclass(frozen=True, slots=True)
class Queue:
    """One executor type's queue. Times are seconds; ``None`` where nothing is known."""

    executortype: str
    waiting: int = 0
    running: int = 0
    is_cut: bool = False
    """There are more waiting processes than are known: ``waiting`` is a lower bound."""
    oldest_since: float | None = None
    """When the longest-waiting process was submitted, seconds since 1970."""
    median_wait: float | None = None
    done_per_minute: float | None = None
    executors: Mapping[ExecutorCondition, int] = field(default_factory=dict)
    why: str = ""
    """Why work of this type waits, in words; empty when it does not, or when it is being worked off."""

    @property
    def is_blocked(self) -> bool:
        """Whether work waits and nobody there could take it."""
        return self.waiting > 0 and not self.executors.get(ExecutorCondition.APPROVED)


def _why(waiting: int, executors: Mapping[ExecutorCondition, int], is_paused: bool) -> str:
    if not waiting:
        return ""
    if is_paused:
        return "assignments are paused"
    if executors.get(ExecutorCondition.APPROVED):
        return ""
    pending = executors.get(ExecutorCondition.PENDING, 0)
    stale = executors.get(ExecutorCondition.STALE, 0)
    if pending:
        return f"no approved executor; {pending} pending"
    if stale:
        return f"no executor is alive; {stale} stale"
    if executors.get(ExecutorCondition.REJECTED):
        return "its only executors are rejected"
    return "no executor of this type"


def queues(
    rows: Iterable[ProcessRow],
    executors: Iterable[tuple[Executor, ExecutorCondition]],
    *,
    now: float,
    is_paused: bool,
    waiting_total: int | None,
) -> list[Queue]:
    """Return the queues, those with a problem first, then the deepest.

    Args:
        rows: the waiting, running and recently ended processes that are known.
        executors: every executor with its condition.
        now: seconds since 1970.
        is_paused: whether assignments are paused.
        waiting_total: the server's count of waiting processes, if known.
    """
    waiting: dict[str, int] = {}
    running: dict[str, int] = {}
    oldest: dict[str, float] = {}
    waits: dict[str, list[float]] = {}
    done: dict[str, int] = {}
    known_waiting = 0
    earliest_end = now
    for row in rows:
        kind = row.executortype
        if row.state is ProcessState.WAITING:
            known_waiting += 1
            waiting[kind] = waiting.get(kind, 0) + 1
            if row.submissiontime is not None:
                oldest[kind] = min(oldest.get(kind, row.submissiontime), row.submissiontime)
            continue
        if row.state is ProcessState.RUNNING:
            running[kind] = running.get(kind, 0) + 1
        if row.starttime is not None and row.submissiontime is not None and row.starttime > now - RECENT_SECONDS:
            waits.setdefault(kind, []).append(max(0.0, row.starttime - row.submissiontime))
        if row.state is ProcessState.SUCCESS and row.endtime is not None and row.endtime > now - RECENT_SECONDS:
            done[kind] = done.get(kind, 0) + 1
            earliest_end = min(earliest_end, row.endtime)
    conditions: dict[str, dict[ExecutorCondition, int]] = {}
    for executor, condition in executors:
        counts = conditions.setdefault(executor.executortype, {})
        counts[condition] = counts.get(condition, 0) + 1
    span = now - earliest_end
    # A list holds MAX_COUNT rows: with fewer known, the counter is only ahead of the list for a moment.
    is_cut = waiting_total is not None and waiting_total > known_waiting >= MAX_COUNT
    result = []
    for kind in waiting.keys() | running.keys() | done.keys() | _alive(conditions):
        counts = conditions.get(kind, {})
        result.append(
            Queue(
                executortype=kind,
                waiting=waiting.get(kind, 0),
                running=running.get(kind, 0),
                is_cut=is_cut,
                oldest_since=oldest.get(kind),
                median_wait=statistics.median(waits[kind]) if kind in waits else None,
                done_per_minute=done.get(kind, 0) * 60.0 / span if span >= 10.0 else None,
                executors=counts,
                why=_why(waiting.get(kind, 0), counts, is_paused),
            )
        )
    return sorted(result, key=lambda queue: (not queue.is_blocked, -queue.waiting, -queue.running, queue.executortype))


def _alive(conditions: Mapping[str, Mapping[ExecutorCondition, int]]) -> set[str]:
    return {kind for kind, counts in conditions.items() if any(c is not ExecutorCondition.GONE for c in counts)}
