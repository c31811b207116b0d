"""Counters for the two statistics messages: counted by the database over an index, never by loading processes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from colonies_tui.localserver.jsontext import compact
from colonies_tui.localserver.server import LocalServer
from colonies_tui.protocol.models.colony import Statistics
from colonies_tui.protocol.states import ExecutorState, ProcessState

_PROCESS_COUNTERS: Final = {
    ProcessState.WAITING: "waitingprocesses",
    ProcessState.RUNNING: "runningprocesses",
    ProcessState.SUCCESS: "successfulprocesses",
    ProcessState.FAILED: "failedprocesses",
    ProcessState.CANCELLED: "cancelledprocesses",
}
_WORKFLOW_COUNTERS: Final = {
    ProcessState.WAITING: "waitingworkflows",
    ProcessState.RUNNING: "runningworkflows",
    ProcessState.SUCCESS: "successfulworkflows",
    ProcessState.FAILED: "failedworkflows",
    ProcessState.CANCELLED: "cancelledworkflows",
}
_NOT_FILLED_FOR_A_SERVER: Final = (
    "activeexecutors",
    "unregisteredexecutors",
    "cancelledprocesses",
    *_WORKFLOW_COUNTERS.values(),
)


def colony_statistics(server: LocalServer, colonyname: str) -> str:
    """Return the counters of one colony."""
    read = server.database.all
    by_state = read("SELECT state, count(*) FROM processes WHERE colonyname = ? GROUP BY state", (colonyname,))
    executors = read("SELECT state, count(*) FROM executors WHERE colonyname = ? GROUP BY state", (colonyname,))
    graphs = read("SELECT state, count(*) FROM processgraphs WHERE colonyname = ? GROUP BY state", (colonyname,))
    counters = _counters(1, dict(executors), dict(by_state), dict(graphs))
    return compact(counters)


def server_statistics(server: LocalServer) -> str:
    """Return the counters of the whole server; a real server leaves some of them at 0."""
    read = server.database.all
    colonies = read("SELECT count(*) FROM colonies")[0][0]
    executors: dict[int, int] = dict(read("SELECT state, count(*) FROM executors GROUP BY state"))
    by_state: dict[int, int] = dict(
        read(
            "SELECT state, sum(n) FROM (SELECT state, count(*) AS n FROM processes GROUP BY colonyname, state)"
            " GROUP BY state"
        )
    )
    graphs: dict[int, int] = dict(read("SELECT state, count(*) FROM processgraphs GROUP BY state"))
    if not server.settings.real_quirks:
        return compact(_counters(colonies, executors, by_state, graphs))
    executors.pop(ExecutorState.UNREGISTERED, None)
    counters = _counters(colonies, executors, by_state, graphs)
    return compact({**counters, **dict.fromkeys(_NOT_FILLED_FOR_A_SERVER, 0)})


def _counters(
    colonies: int, executors: Mapping[int, int], processes: Mapping[int, int], graphs: Mapping[int, int]
) -> dict[str, int]:
    return {
        **Statistics().to_wire(),
        "colonies": colonies,
        "executors": sum(executors.values()),
        "activeexecutors": executors.get(ExecutorState.APPROVED, 0),
        "unregisteredexecutors": executors.get(ExecutorState.UNREGISTERED, 0),
        **{name: processes.get(state, 0) for state, name in _PROCESS_COUNTERS.items()},
        **{name: graphs.get(state, 0) for state, name in _WORKFLOW_COUNTERS.items()},
    }
