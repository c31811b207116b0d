"""What an executor's registration and its silence say about it. Pure."""

from __future__ import annotations

from enum import Enum

from colonies_tui.protocol.models.executor import Executor
from colonies_tui.protocol.states import ExecutorState

STALE_SECONDS = 120.0
"""An approved executor that runs nothing known and has not asked for work for so long is stale: long polls are shorter.

A server unregisters it after 600 s by default. ``lastheardfromtime`` moves only when it asks for work.
"""


class ExecutorCondition(Enum):
    """The registration's state, with silence told apart."""

    PENDING = "pending"
    APPROVED = "approved"
    STALE = "stale"
    REJECTED = "rejected"
    GONE = "gone"


def heard_at(executor: Executor) -> float | None:
    """Return when an executor last asked for work (seconds since 1970), ``None`` for never."""
    return executor.lastheardfromtime.timestamp() if executor.lastheardfromtime else None


def condition_of(executor: Executor, *, now: float, runs_something: bool) -> ExecutorCondition:
    """Return an executor's condition at ``now`` (seconds since 1970)."""
    if executor.state is ExecutorState.PENDING:
        return ExecutorCondition.PENDING
    if executor.state is ExecutorState.REJECTED:
        return ExecutorCondition.REJECTED
    if executor.state is ExecutorState.UNREGISTERED:
        return ExecutorCondition.GONE
    heard = heard_at(executor)
    if heard is not None and now - heard > STALE_SECONDS and not runs_something:
        return ExecutorCondition.STALE
    return ExecutorCondition.APPROVED
