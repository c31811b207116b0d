"""Rows for tests: everything has a value, and only what matters is named."""

from __future__ import annotations

from datetime import UTC, datetime

from colonies_tui.protocol.crypto import sha3
from colonies_tui.protocol.models.executor import Executor
from colonies_tui.protocol.models.log import Log
from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.states import ExecutorState, ProcessState

COLONY = "dev"


def identity(name: str) -> str:
    """Return the identity that stands for a name."""
    return sha3(name).hex()


def process_row(
    name: str,
    state: ProcessState = ProcessState.WAITING,
    *,
    kind: str = "cli",
    submitted: float | None = 0.0,
    started: float | None = None,
    ended: float | None = None,
    executor: str = "",
    retries: int = 0,
) -> ProcessRow:
    """Return a row; times are seconds since 1970."""
    return ProcessRow(
        processid=name,
        state=state,
        funcname="work",
        colonyname=COLONY,
        executortype=kind,
        assignedexecutorid=executor,
        submissiontime=submitted,
        starttime=started,
        endtime=ended,
        prioritytime=int((submitted or 0.0) * 1_000_000_000),
        retries=retries,
    )


def executor(
    name: str,
    state: ExecutorState = ExecutorState.APPROVED,
    *,
    kind: str = "cli",
    executor_id: str | None = None,
    heard: float | None = None,
) -> Executor:
    """Return an executor; ``heard`` is seconds since 1970."""
    return Executor(
        executorid=identity(name) if executor_id is None else executor_id,
        executortype=kind,
        executorname=name,
        colonyname=COLONY,
        state=state,
        lastheardfromtime=None if heard is None else datetime.fromtimestamp(heard, UTC),
    )


def log_row(at: int, message: str = "line", *, colony: str = COLONY) -> Log:
    """Return a log row; ``at`` is nanoseconds since 1970."""
    return Log(processid="p", colonyname=colony, executorname="worker", message=message, timestamp=at)
