"""Executors (§ Executor; Executors: registration, liveness, removal)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from colonies_tui.localserver.handlers.checks import check_id_length, check_stored_name
from colonies_tui.localserver.jsontext import EMPTY_OBJECT, compact
from colonies_tui.localserver.records.executor import (
    ExecutorRecord,
    executor_by_id,
    executor_by_name,
    executors_of,
)
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.localserver.registry import Call, Located, by_colonyname, handles
from colonies_tui.localserver.server import LocalServer
from colonies_tui.protocol.messages.executor import (
    AddExecutor,
    ApproveExecutor,
    ChangeExecutorId,
    GetExecutor,
    GetExecutorById,
    GetExecutors,
    RejectExecutor,
    RemoveExecutor,
    ReportAllocation,
    UpdateExecutor,
)
from colonies_tui.protocol.models.executor import Executor
from colonies_tui.protocol.states import ExecutorState
from colonies_tui.protocol.times import NANOSECONDS


def _named(words: str) -> Callable[[LocalServer, Any], Located[ExecutorRecord]]:
    """Locate the executor that a request names; a real server looks it up before it checks the role."""

    def locate(server: LocalServer, request: Any) -> Located[ExecutorRecord]:
        executor = executor_by_name(server.database, request.colonyname, request.executorname)
        if executor is None:
            raise Refusal(500, f"Failed to {words}, executor is nil")
        return Located(executor.colonyname, executor)

    return locate


def _by_id(server: LocalServer, request: GetExecutorById) -> Located[ExecutorRecord]:
    executor = executor_by_id(server.database, request.executorid)
    if executor is None:
        raise Refusal(404, "Failed to get executor by ID, executor is nil")
    return Located(executor.colonyname, executor)


def _colony_of_executor(server: LocalServer, request: AddExecutor) -> Located[None]:
    return Located(request.executor.colonyname, None)


@handles(
    AddExecutor,
    "add executor",
    locate=_colony_of_executor,
    needs=("executor", "Failed to add executor, executor is nil"),
)
def add_executor(call: Call[AddExecutor, None]) -> str:
    server, executor = call.server, call.request.executor
    check_stored_name(server, executor.executorname, "executor")
    known = executor_by_name(server.database, executor.colonyname, executor.executorname)
    if known is not None:
        if not server.settings.allow_reregister:
            raise Refusal(
                400,
                f"Executor with name <{executor.executorname}> in Colony <{executor.colonyname}> already exists",
            )
        server.lifecycle.release_work_of(known)
        server.database.write("DELETE FROM executors WHERE colonyname = ? AND name = ?", (known.colonyname, known.name))
    requires_functions = executor.requirefuncreg if known is None else bool(known.requirefuncreg)
    heard = executor.lastheardfromtime
    server.database.write(
        "INSERT INTO executors (executorid, colonyname, name, type, state, requirefuncreg, commissioned, heard,"
        " locationname, capabilities, allocations, blueprintid, blueprintgen)"
        " VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            executor.executorid,
            executor.colonyname,
            executor.executorname,
            executor.executortype,
            int(requires_functions),
            server.clock.now(),
            None if heard is None else int(heard.timestamp()) * NANOSECONDS + heard.microsecond * 1000,
            executor.locationname or "",
            _capabilities(server, executor),
            _allocations(server, executor),
            executor.blueprintid or "",
            executor.blueprintgen or 0,
        ),
    )
    added = executor_by_name(server.database, executor.colonyname, executor.executorname)
    return added.to_json() if added is not None else EMPTY_OBJECT


def _capabilities(server: LocalServer, executor: Executor | UpdateExecutor) -> str:
    capabilities = executor.capabilities.to_wire()
    if server.settings.real_quirks:
        unset = {"hardware", "software"} - executor.capabilities.model_fields_set
        capabilities |= dict.fromkeys(unset)
        for hardware in capabilities["hardware"] or ():
            hardware["network"] = hardware["network"] or None
    return compact(capabilities)


def _allocations(server: LocalServer, executor: Executor | ReportAllocation) -> str:
    allocations = executor.allocations.to_wire()
    if server.settings.real_quirks and not allocations["projects"]:
        allocations["projects"] = None
    return compact(allocations)


@handles(GetExecutors, "get executors", locate=by_colonyname)
def get_executors(call: Call[GetExecutors, None]) -> str:
    executors = executors_of(call.server.database, call.request.colonyname)
    return call.server.rows([executor.to_json() for executor in executors])


@handles(GetExecutor, "get executor", locate=_named("get executor"))
def get_executor(call: Call[GetExecutor, ExecutorRecord]) -> str:
    return call.found.to_json()


@handles(GetExecutorById, "get executor by ID", locate=_by_id)
def get_executor_by_id(call: Call[GetExecutorById, ExecutorRecord]) -> str:
    return call.found.to_json()


@handles(ApproveExecutor, "approve executor", locate=_named("approve executor"))
def approve_executor(call: Call[ApproveExecutor, ExecutorRecord]) -> str:
    return _set_state(call.server, call.found, ExecutorState.APPROVED)


@handles(RejectExecutor, "reject executor", locate=_named("reject executor"))
def reject_executor(call: Call[RejectExecutor, ExecutorRecord]) -> str:
    return _set_state(call.server, call.found, ExecutorState.REJECTED)


def _set_state(server: LocalServer, executor: ExecutorRecord, state: ExecutorState) -> str:
    server.database.write(
        "UPDATE executors SET state = ? WHERE colonyname = ? AND name = ?",
        (int(state), executor.colonyname, executor.name),
    )
    return EMPTY_OBJECT


@handles(RemoveExecutor, "remove executor", locate=_named("remove executor"))
def remove_executor(call: Call[RemoveExecutor, ExecutorRecord]) -> str:
    call.server.lifecycle.unregister(call.found)
    return EMPTY_OBJECT


def _own(call: Call[Any, None], words: str) -> ExecutorRecord:
    """Return the executor that a request names, when it is the caller itself.

    Raises:
        Refusal: it is another, with the given words; or there is none of that name.
    """
    request = call.request
    executor = executor_by_name(call.server.database, request.colonyname, request.executorname)
    if executor is None:
        raise Refusal(400, f"Executor with name <{request.executorname}> does not exist")
    if executor.executorid != call.caller.identity:
        raise Refusal(400, words)
    return executor


@handles(UpdateExecutor, "update executor", locate=by_colonyname)
def update_executor(call: Call[UpdateExecutor, None]) -> str:
    executor = _own(call, "Only an executor can update its own capabilities")
    call.server.database.write(
        "UPDATE executors SET capabilities = ? WHERE colonyname = ? AND name = ?",
        (_capabilities(call.server, call.request), executor.colonyname, executor.name),
    )
    return EMPTY_OBJECT


@handles(ReportAllocation, "report allocation", locate=by_colonyname)
def report_allocation(call: Call[ReportAllocation, None]) -> str:
    executor = _own(call, "Only an executor can report allocations to itself")
    call.server.database.write(
        "UPDATE executors SET allocations = ? WHERE colonyname = ? AND name = ?",
        (_allocations(call.server, call.request), executor.colonyname, executor.name),
    )
    return EMPTY_OBJECT


@handles(ChangeExecutorId, "change executor Id", locate=by_colonyname)
def change_executor_id(call: Call[ChangeExecutorId, None]) -> str:
    request = call.request
    check_id_length(request.executorid, "Failed to change executor Id, new executor Id is not 64 characters")
    executor = call.caller.executor
    if executor is None:
        raise Refusal(400, "Failed to change executor Id, executor not found")
    call.server.database.write(
        "UPDATE executors SET executorid = ? WHERE colonyname = ? AND name = ?",
        (request.executorid, executor.colonyname, executor.name),
    )
    return compact(call.payload)
