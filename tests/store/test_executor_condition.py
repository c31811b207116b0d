"""An executor's registration and its silence."""

from __future__ import annotations

import pytest

from colonies_tui.protocol.states import ExecutorState
from colonies_tui.store.executor_condition import STALE_SECONDS, ExecutorCondition, condition_of, heard_at

from .rows import executor

NOW = 1_000_000.0


@pytest.mark.parametrize(
    ("state", "condition"),
    [
        (ExecutorState.PENDING, ExecutorCondition.PENDING),
        (ExecutorState.REJECTED, ExecutorCondition.REJECTED),
        (ExecutorState.UNREGISTERED, ExecutorCondition.GONE),
    ],
)
def test_silence_matters_only_once_approved(state: ExecutorState, condition: ExecutorCondition) -> None:
    for heard in (None, NOW, NOW - 10 * STALE_SECONDS):
        assert condition_of(executor("a", state, heard=heard), now=NOW, runs_something=False) is condition


@pytest.mark.parametrize(
    ("silent", "runs_something", "condition"),
    [
        (0.0, False, ExecutorCondition.APPROVED),
        (STALE_SECONDS, False, ExecutorCondition.APPROVED),
        (STALE_SECONDS + 1, False, ExecutorCondition.STALE),
        (STALE_SECONDS + 1, True, ExecutorCondition.APPROVED),
    ],
)
def test_an_approved_one_is_stale_when_it_is_silent_and_idle(
    silent: float, runs_something: bool, condition: ExecutorCondition
) -> None:
    row = executor("a", heard=NOW - silent)
    assert condition_of(row, now=NOW, runs_something=runs_something) is condition


def test_one_that_never_asked_is_not_stale() -> None:
    row = executor("a")
    assert heard_at(row) is None
    assert condition_of(row, now=NOW, runs_something=False) is ExecutorCondition.APPROVED
