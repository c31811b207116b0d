"""Where a process stands in the queue of its executor type, and how long that may take. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from colonies_tui.protocol.messages.process import MAX_COUNT
from colonies_tui.protocol.models.process import Process, ProcessRow
from colonies_tui.store.queues import RECENT_SECONDS

LEAST_STARTS = 3
"""From fewer starts nothing is estimated."""

LEAST_SPAN = 10.0
"""Seconds over which starts must have been seen before anything is estimated."""


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """How many processes stand before one in the queue of its type."""

    ahead: int = 0
    is_at_least: bool = False
    """There may be more than ``ahead``: the server's list is cut before the place of this one."""
    started_per_minute: float | None = None
    """How many of the type were taken lately; ``None`` where too few were seen."""

    @property
    def estimated_seconds(self) -> float | None:
        """When its turn may come, if work goes on being taken as lately. An estimate, and for a cut list too low."""
        rate = self.started_per_minute
        return (self.ahead + 1) * 60.0 / rate if rate else None


def queue_place(
    process: Process,
    *,
    waiting: Iterable[ProcessRow],
    started: Iterable[ProcessRow],
    waiting_total: int | None,
    now: float,
) -> QueuePlace:
    """Return the place of a waiting process.

    Args:
        process: the one in question.
        waiting: the waiting processes that are known.
        started: processes that started lately, whatever became of them.
        waiting_total: the server's count of waiting processes, if known.
        now: seconds since 1970.
    """
    kind = process.spec.conditions.executortype
    known = before = ahead = 0
    for row in waiting:
        known += 1
        if row.prioritytime < process.prioritytime and row.processid != process.processid:
            before += 1
            ahead += row.executortype == kind and not row.waitforparents
    # The server lists the first of all types: what stands among so many has everything before it in the list.
    is_cut = waiting_total is not None and waiting_total > known >= MAX_COUNT
    starts = [row.starttime for row in started if row.executortype == kind and _is_recent(row.starttime, now)]
    span = now - min((at for at in starts if at is not None), default=now)
    rate = len(starts) * 60.0 / span if len(starts) >= LEAST_STARTS and span >= LEAST_SPAN else None
    return QueuePlace(ahead, is_cut and before >= MAX_COUNT, rate)


def _is_recent(at: float | None, now: float) -> bool:
    return at is not None and now - RECENT_SECONDS < at <= now
