"""Logs of processes and executors (§ Log, Logs)."""

from __future__ import annotations

from typing import Any, Final

from colonies_tui.localserver.handlers.located import the_process
from colonies_tui.localserver.jsontext import EMPTY_OBJECT, quoted
from colonies_tui.localserver.records.executor import executor_by_name
from colonies_tui.localserver.records.process import ProcessRecord, process_by_id
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.localserver.registry import Call, Located, by_colonyname, handles
from colonies_tui.localserver.server import LocalServer
from colonies_tui.protocol.messages.log import (
    MAX_LOG_COUNT,
    MAX_SEARCH_COUNT,
    MAX_SEARCH_DAYS,
    AddExecutorLog,
    AddLog,
    GetLogs,
    SearchLogs,
)
from colonies_tui.protocol.states import ProcessState
from colonies_tui.protocol.times import NANOSECONDS

_SELECT: Final = "SELECT processid, colonyname, executorname, message, stamp FROM logs"
_DAY: Final = 24 * 3600 * NANOSECONDS


def _row(row: tuple[Any, ...]) -> str:
    processid, colonyname, executorname, message, stamp = row
    return (
        f'{{"processid":"{processid}","colonyname":{quoted(colonyname)},"executorname":{quoted(executorname)},'
        f'"message":{quoted(message)},"timestamp":{stamp}}}'
    )


def _write(server: LocalServer, colonyname: str, processid: str, executorname: str, message: str) -> str:
    server.database.write(
        "INSERT INTO logs (stamp, colonyname, processid, executorname, message) VALUES (?, ?, ?, ?, ?)",
        (server.stamps.next(), colonyname, processid, executorname, message),
    )
    return EMPTY_OBJECT


@handles(AddLog, "add log", locate=the_process(500, "Failed to add log, process is nil"))
def add_log(call: Call[AddLog, ProcessRecord]) -> str:
    process = call.found
    if process.state != ProcessState.RUNNING:
        raise Refusal(403, "Failed to set output, process is not running")
    if process.assignedexecutorid != call.caller.identity:
        raise Refusal(403, "Failed to add log, not allowed to add log, only the assigned Executor may att logs")
    return _write(call.server, process.colonyname, process.processid, call.caller.name, call.request.message)


@handles(AddExecutorLog, "add executor log", locate=by_colonyname)
def add_executor_log(call: Call[AddExecutorLog, None]) -> str:
    if call.caller.executor is None:
        raise Refusal(403, "Failed to add executor log, executor not found")
    if call.caller.executor.name != call.request.executorname:
        raise Refusal(403, "Failed to add executor log, executor name mismatch")
    return _write(call.server, call.request.colonyname, "", call.caller.name, call.request.message)


def _subject(server: LocalServer, request: GetLogs) -> Located[str]:
    """Locate the executor, which wins, or the process; what is found is the condition on the rows."""
    if request.executorname:
        if executor_by_name(server.database, request.colonyname, request.executorname) is None:
            raise Refusal(500, "Failed to get logs, executor does not exist")
        return Located(request.colonyname, "executorname = ?")
    process = process_by_id(server.database, request.processid)
    if process is None:
        raise Refusal(500, "Failed to get logs, process does not exist")
    return Located(process.colonyname, "processid = ? AND processid <> ''")


@handles(GetLogs, "get logs", locate=_subject)
def get_logs(call: Call[GetLogs, str]) -> str:
    request, server = call.request, call.server
    if request.count > MAX_LOG_COUNT:
        raise Refusal(403, f"Count exceeds max log count ({MAX_LOG_COUNT})")
    if request.count < 0:
        raise Refusal(400, "count must not be negative")
    sql = f"{_SELECT} WHERE {call.found}"
    parameters: list[Any] = [request.executorname or request.processid]
    if request.executorname and not server.settings.real_quirks:
        sql += " AND colonyname = ?"  # a real server matches the name alone, across colonies
        parameters.append(request.colonyname)
    if request.latest:
        rows = server.database.all(f"{sql} ORDER BY stamp DESC LIMIT ?", (*parameters, request.count))[::-1]
    else:
        rows = server.database.all(
            f"{sql} AND stamp > ? ORDER BY stamp LIMIT ?", (*parameters, request.since, request.count)
        )
    return server.rows([_row(row) for row in rows])


def _glob(text: str) -> str:
    """Translate the pattern of a real server (``%`` and ``_``, a backslash takes their meaning away)."""
    pattern: list[str] = []
    characters = iter(text)
    for character in characters:
        if character == "\\":
            character = next(characters, "")
        elif character in "%_":
            pattern.append({"%": "*", "_": "?"}[character])
            continue
        pattern.append(f"[{character}]" if character and character in "*?[" else character)
    return f"*{''.join(pattern)}*"


@handles(SearchLogs, "search logs", locate=by_colonyname, mismatch_words="get logs")
def search_logs(call: Call[SearchLogs, None]) -> str:
    request, server = call.request, call.server
    if request.count > MAX_SEARCH_COUNT:
        raise Refusal(400, f"Count exceeds max log count ({MAX_SEARCH_COUNT})")
    if request.days > MAX_SEARCH_DAYS:
        raise Refusal(400, f"Count exceeds max day count ({MAX_SEARCH_DAYS})")
    if request.count < 0:
        raise Refusal(400, "count must not be negative")
    rows = server.database.all(
        f"{_SELECT} WHERE stamp > ? AND colonyname = ? AND message GLOB ? ORDER BY stamp DESC LIMIT ?",
        (server.clock.now() - request.days * _DAY, request.colonyname, _glob(request.text), request.count),
    )
    return server.rows([_row(row) for row in rows[::-1]])
