"""How each colony of a server stands, as far as one profile may read it, and what they are together. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from colonies_tui.protocol.models.colony import Statistics


@dataclass(frozen=True, slots=True)
class ColonyStanding:
    """One colony."""

    statistics: Statistics | None = None
    """Its counters; ``None`` while they are not known."""
    pending: int | None = None
    """Executors that wait for approval; ``None`` while that is not known."""
    is_forbidden: bool = False
    """Whether the profile's key may not read it: its member key is no member there. That is not nothing to see."""


@dataclass(frozen=True, slots=True)
class ColonyTotals:
    """All colonies that can be read, together."""

    waiting: int
    running: int
    failed: int
    pending: int
    readable: int
    """How many colonies were read."""
    forbidden: int
    """How many the key may not read."""


def may_have_pending(counts: Statistics) -> bool:
    """Whether there are executors that are neither approved nor gone: only a list tells pending from rejected."""
    return counts.executors > counts.activeexecutors + counts.unregisteredexecutors


def totals(standings: Iterable[ColonyStanding]) -> ColonyTotals:
    """Add colonies up; those that are not known or not allowed add nothing, and are counted apart."""
    rows = tuple(standings)
    known = [row.statistics for row in rows if row.statistics is not None]
    return ColonyTotals(
        waiting=sum(counts.waitingprocesses for counts in known),
        running=sum(counts.runningprocesses for counts in known),
        failed=sum(counts.failedprocesses for counts in known),
        pending=sum(row.pending or 0 for row in rows),
        readable=len(known),
        forbidden=sum(row.is_forbidden for row in rows),
    )
