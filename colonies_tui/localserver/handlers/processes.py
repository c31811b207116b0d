"""Processes: submit, assign, read, remove, cancel (§ Process)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from colonies_tui.localserver.database import Database
from colonies_tui.localserver.handlers.located import the_process
from colonies_tui.localserver.jsontext import EMPTY_OBJECT
from colonies_tui.localserver.records.process import (
    ProcessRecord,
    process_json,
    processes_json,
    remove_processes,
    select_processes,
)
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.localserver.registry import Call, Located, by_colonyname, handles
from colonies_tui.localserver.server import LocalServer
from colonies_tui.localserver.submission import submit
from colonies_tui.protocol.messages.process import (
    ANY_STATE,
    MAX_COUNT,
    MAX_PRIORITY,
    AssignProcess,
    CancelProcess,
    GetProcess,
    GetProcesses,
    GetProcessHistory,
    RemoveAllProcesses,
    RemoveProcess,
    SubmitProcess,
)
from colonies_tui.protocol.states import ProcessState
from colonies_tui.protocol.times import NANOSECONDS

_ORDER: Final = {
    ProcessState.WAITING: "prioritytime",
    ProcessState.RUNNING: "started",
}
_FINISHED_ORDER: Final = "ended DESC"

_CANCEL_WORDS: Final = {
    ProcessState.SUCCESS: "Tried to cancel successful process",
    ProcessState.FAILED: "Tried to cancel failed process",
    ProcessState.CANCELLED: "Tried to cancel already cancelled process",
}


def _colony_of_spec(server: LocalServer, request: SubmitProcess) -> Located[None]:
    return Located(request.spec.conditions.colonyname, None)


@handles(
    SubmitProcess,
    "submit process",
    mismatch_words="submit process spec",
    locate=_colony_of_spec,
    needs=("spec", "Failed to submit process spec, msg.FunctionSpec is nil"),
)
def submit_process(call: Call[SubmitProcess, None]) -> str:
    spec = call.request.spec
    if not -MAX_PRIORITY <= spec.priority <= MAX_PRIORITY:
        raise Refusal(400, f"Failed to submit function spec, priority outside range [{-MAX_PRIORITY}, {MAX_PRIORITY}]")
    process = submit(call.server, spec, initiatorid=call.caller.identity, initiatorname=call.caller.name)
    return process_json(call.server.database, process)


@handles(AssignProcess, "assign process", mismatch_name="msg.msgType", locate=by_colonyname, waits=True)
async def assign_process(call: Call[AssignProcess, None]) -> str:
    request, server = call.request, call.server
    if request.timeout == 0:
        raise Refusal(400, "Invalid timeout value, timeout cannot be zero")
    if call.caller.executor is None:
        raise Refusal(500, "Failed to assign process, executor not found")
    process = await server.queue.assign(
        call.caller.executor,
        timeout=request.timeout,
        cpu=request.availablecpu,
        mem=request.availablemem,
        receive=call.receive,
    )
    if server.settings.real_quirks:
        process = replace(process, exec_due=None)  # a real server's reply does not show it yet
    return process_json(server.database, process)


@handles(GetProcess, "get process", locate=the_process(404, "Failed to get process, process not found"))
def get_process(call: Call[GetProcess, ProcessRecord]) -> str:
    return process_json(call.server.database, call.found)


@handles(GetProcesses, "get processes", locate=by_colonyname)
def get_processes(call: Call[GetProcesses, None]) -> str:
    request, database = call.request, call.server.database
    if request.count > MAX_COUNT:
        raise Refusal(400, f"Count is larger than MaxCount limit <{MAX_COUNT}>")
    if request.count < 0:
        raise Refusal(400, "count must not be negative")
    where = "WHERE colonyname = ? AND state = ?"
    parameters: list[Any] = [request.colonyname, int(request.state)]
    if request.executortype:
        where += " AND executortype = ?"
        parameters.append(request.executortype)
    elif request.initiator:
        user = database.one(
            "SELECT userid FROM users WHERE colonyname = ? AND name = ?", (request.colonyname, request.initiator)
        )
        if user is None:
            raise Refusal(400, f"User <{request.initiator}> does not exist")
        where += " AND initiatorid = ?"
        parameters.append(user[0])
    elif request.label:
        where += " AND label = ?"
        parameters.append(request.label)
    order = _ORDER.get(request.state, _FINISHED_ORDER)
    # The state is written out, so that the indexes over one state can be used.
    where = where.replace("state = ?", f"state = {int(request.state)}")
    del parameters[1]
    processes = select_processes(database, f"{where} ORDER BY {order} LIMIT ?", (*parameters, request.count))
    return call.server.rows(processes_json(database, processes))


@handles(
    GetProcessHistory,
    "get process hist",
    mismatch_words="get process history",
    locate=by_colonyname,
    silent_refusal=True,
)
def get_process_history(call: Call[GetProcessHistory, None]) -> str:
    request, server = call.request, call.server
    since = server.clock.now() - request.seconds * NANOSECONDS
    where = "WHERE submitted > ? AND colonyname = ? AND state = ?"
    parameters: list[Any] = [since, request.colonyname, int(request.state)]
    if request.executorid:
        where += " AND assignedexecutorid = ?"
        parameters.append(request.executorid)
    processes = select_processes(server.database, f"{where} ORDER BY submitted", parameters)
    return server.rows(processes_json(server.database, processes))


@handles(RemoveProcess, "remove process", locate=the_process(500, "Failed to remove process, process is nil"))
def remove_process(call: Call[RemoveProcess, ProcessRecord]) -> str:
    process, database = call.found, call.server.database
    if process.processgraphid:
        raise Refusal(
            400,
            "Failed to remove, cannot remove a process part of a workflow, delete the entire workflow instead",
        )
    if process.state == ProcessState.RUNNING:
        raise Refusal(400, "Failed to remove process, cannot remove a running process")
    remove_processes(database, "processid = ?", (process.processid,))
    return EMPTY_OBJECT


@handles(RemoveAllProcesses, "remove all processes", locate=by_colonyname)
def remove_all_processes(call: Call[RemoveAllProcesses, None]) -> str:
    request, database = call.request, call.server.database
    if request.state == ProcessState.RUNNING:
        raise Refusal(400, "Not possible to remove running processes")
    if request.state not in (ANY_STATE, *ProcessState):
        raise Refusal(400, "Invalid state when deleting all processes")
    remove_processes(
        database,
        "colonyname = ? AND processgraphid = '' AND (? = -1 OR state = ?)",
        (request.colonyname, request.state, request.state),
    )
    if request.state == ANY_STATE and call.server.settings.real_quirks:
        _lose_attributes(database, request.colonyname)
    return EMPTY_OBJECT


def _lose_attributes(database: Database, colonyname: str) -> None:
    """Delete all attributes of a colony, and so the environments of the workflow processes that are left."""
    database.write(
        "DELETE FROM attributes WHERE targetid IN (SELECT processid FROM processes WHERE colonyname = ?)",
        (colonyname,),
    )
    database.write(
        "UPDATE processes SET has_attributes = 0, spec = json_set(spec, '$.env', json('{}')) WHERE colonyname = ?",
        (colonyname,),
    )


@handles(CancelProcess, "cancel process", locate=the_process(500, "Failed to cancel process, process is nil"))
def cancel_process(call: Call[CancelProcess, ProcessRecord]) -> str:
    process = call.found
    if process.processgraphid:
        raise Refusal(
            400,
            "Failed to cancel, cannot cancel a process part of a workflow, cancel the entire workflow instead",
        )
    words = _CANCEL_WORDS.get(ProcessState(process.state))
    if words is not None:
        raise Refusal(400, words)
    call.server.lifecycle.cancel(process)
    return EMPTY_OBJECT
