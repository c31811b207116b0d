"""Rows for tests of tables and details: everything has a value, and only what matters is named."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from colonies_tui.protocol.models.executor import Capabilities, Executor, Gpu, Hardware, Software
from colonies_tui.protocol.models.process import Conditions, FunctionSpec, Process, ProcessRow
from colonies_tui.protocol.states import ExecutorState, ProcessState
from colonies_tui.store.executor_condition import ExecutorCondition
from colonies_tui.ui.cell import Cell
from colonies_tui.ui.spans import Span
from colonies_tui.ui.table_layout import Column
from colonies_tui.ui.tables.executors import ExecutorLine

NOW = 1_800_000_000.0
"""Seconds since 1970."""

EVIL = "[/red] \x1b[31m\u202ex"
"""Text that nothing may interpret."""


def at(seconds_ago: float) -> datetime:
    """Return a moment before now."""
    return datetime.fromtimestamp(NOW - seconds_ago, UTC)


def name_of(executor_id: str) -> str:
    """Name an executor by its id, as a session does."""
    return {"e" * 64: "worker-1", "": ""}.get(executor_id, executor_id[:8])


def process_row(state: ProcessState = ProcessState.WAITING, **fields: Any) -> ProcessRow:
    """Return a row; it was submitted 100 s ago, started 60 s ago where it has, ended 20 s ago where it has."""
    times: dict[str, Any] = {"submissiontime": NOW - 100}
    if state is not ProcessState.WAITING:
        times["starttime"] = NOW - 60
        times["assignedexecutorid"] = "e" * 64
    if state.is_final:
        times["endtime"] = NOW - 20
    fixed = {"processid": "ab" * 32, "funcname": "render_tile", "executortype": "gpu", "initiatorname": "operator"}
    return ProcessRow(state=state, **{**fixed, **times, **fields})


def process(
    state: ProcessState = ProcessState.WAITING, *, spec: dict[str, Any] | None = None, **fields: Any
) -> Process:
    """Return a process in full with the times of :func:`process_row`."""
    wanted: dict[str, Any] = {
        "processid": "ab" * 32,
        "initiatorname": "operator",
        "state": state,
        "submissiontime": at(100),
        "spec": FunctionSpec(
            **{"funcname": "render_tile", "conditions": Conditions(executortype="gpu"), **(spec or {})}
        ),
    }
    if state is not ProcessState.WAITING:
        wanted |= {"starttime": at(60), "assignedexecutorid": "e" * 64}
    if state.is_final:
        wanted |= {"endtime": at(20)}
    return Process().model_copy(update={**wanted, **fields})


def executor(name: str = "gpu-1", **fields: Any) -> Executor:
    """Return an executor that registered an hour ago."""
    fixed: dict[str, Any] = {
        "executorid": "e" * 64,
        "executorname": name,
        "executortype": "gpu",
        "state": ExecutorState.APPROVED,
        "commissiontime": at(3600),
        "lastheardfromtime": at(2),
        "locationname": "rack-1",
        "capabilities": Capabilities(
            hardware=(Hardware(cores=32, mem="256Gi", gpu=Gpu(name="A100", count=2, mem="40Gi")),),
            software=(Software(name="runner", type="container", version="1.4"),),
        ),
    }
    return Executor().model_copy(update={**fixed, **fields})


def executor_line(
    condition: ExecutorCondition = ExecutorCondition.APPROVED,
    *,
    running: tuple[tuple[str, float], ...] = (),
    succeeded: int = 0,
    failed: int = 0,
    **fields: Any,
) -> ExecutorLine:
    """Return an executor's line."""
    return ExecutorLine(executor(**fields), condition, running, succeeded, failed)


def cells(columns: list[Column[Any]], row: Any) -> dict[str, Cell]:
    """Return the cells of a row by the key of their column."""
    return {column.key: column.cell(row, NOW) for column in columns}


def text_of(spans: Any) -> str:
    """Return the text of spans."""
    return "".join(span.text for span in spans if isinstance(span, Span))
