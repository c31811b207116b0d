"""Workflows and the process graphs they become (§ Workflow)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from colonies_tui.localserver.graph_drawing import draw
from colonies_tui.localserver.jsontext import EMPTY_OBJECT, compact
from colonies_tui.localserver.records.process import remove_processes
from colonies_tui.localserver.records.processgraph import (
    ProcessGraphRecord,
    graph_by_id,
    graphs_in_state,
    members_of,
    missing_members,
    remove_graph,
)
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.localserver.registry import Call, Located, by_colonyname, handles
from colonies_tui.localserver.server import LocalServer
from colonies_tui.localserver.workflow_submission import UnknownDependency, leave_broken_graph
from colonies_tui.localserver.workflow_submission import submit_workflow as submit
from colonies_tui.protocol.messages.process import ANY_STATE, MAX_COUNT
from colonies_tui.protocol.messages.workflow import (
    CancelProcessGraph,
    GetProcessGraph,
    GetProcessGraphs,
    RemoveAllProcessGraphs,
    RemoveProcessGraph,
    SubmitWorkflow,
)
from colonies_tui.protocol.states import ProcessState

_MEMBERS: Final = "colonyname = ? AND processgraphid <> ''"
_MEMBERS_BY_STATE: Final = (
    "colonyname = ? AND processgraphid IN (SELECT processgraphid FROM processgraphs WHERE colonyname = ? AND state = ?)"
)


def _colony_of_spec(server: LocalServer, request: SubmitWorkflow) -> Located[None]:
    return Located(request.spec.colonyname, None)


def _the_graph(words: str) -> Callable[[LocalServer, Any], Located[ProcessGraphRecord]]:
    """Locate by ``processgraphid``; an unknown one is refused before the role check."""

    def locate(server: LocalServer, request: Any) -> Located[ProcessGraphRecord]:
        graph = graph_by_id(server.database, request.processgraphid)
        if graph is None:
            raise Refusal(500, f"Failed to {words} processgraph, graph is nil")
        return Located(graph.colonyname, graph)

    return locate


def _check_whole(server: LocalServer, graph: ProcessGraphRecord) -> None:
    """Refuse a graph of which members were removed; only a real server has such."""
    if not server.settings.real_quirks:
        return
    for processid in missing_members(server.database, graph):
        raise Refusal(400, f"Process with Id <{processid}> not found")


def _shown(server: LocalServer, graph: ProcessGraphRecord) -> ProcessGraphRecord:
    """Return a graph whose roots are written as this kind of server writes none."""
    if server.settings.real_quirks and graph.rootprocessids == "[]":
        return replace(graph, rootprocessids="null")
    return graph


@handles(
    SubmitWorkflow,
    "submit workflow",
    locate=_colony_of_spec,
    needs=("spec", "Failed to submit workflow, msg.WorkflowSpec is nil"),
    waits=True,
)
def submit_workflow(call: Call[SubmitWorkflow, None]) -> str:
    server, spec, caller = call.server, call.request.spec, call.caller
    try:
        with server.database.change():
            submitted = submit(server, spec, initiatorid=caller.identity, initiatorname=caller.name)
    except UnknownDependency:
        if server.settings.real_quirks:
            with server.database.change():
                leave_broken_graph(server, spec, initiatorid=caller.identity, initiatorname=caller.name)
        raise
    processids = compact(list(submitted.processids))
    if server.settings.real_quirks and not submitted.processids:
        processids = "null"
    # The reply was made before the graph was stored: it knows no time yet.
    return replace(_shown(server, submitted.graph), submitted=None, processids=processids).to_json()


@handles(GetProcessGraph, "get processgraph", locate=_the_graph("get"))
def get_process_graph(call: Call[GetProcessGraph, ProcessGraphRecord]) -> str:
    server, graph = call.server, call.found
    _check_whole(server, graph)
    order = json.loads(graph.processids)
    drawing = draw(json.loads(graph.rootprocessids), order, members_of(server.database, graph.processgraphid))
    return _shown(server, graph).to_json(drawing.nodes, drawing.edges)


@handles(GetProcessGraphs, "get processgraphs", locate=by_colonyname)
def get_process_graphs(call: Call[GetProcessGraphs, None]) -> str:
    request, server = call.request, call.server
    if request.count > MAX_COUNT:
        raise Refusal(400, f"Count is larger than MaxCount limit <{MAX_COUNT}>")
    if request.count < 0:
        raise Refusal(400, "count must not be negative")
    graphs = graphs_in_state(server.database, request.colonyname, int(request.state), request.count)
    for graph in graphs:
        _check_whole(server, graph)
    return server.rows([_shown(server, graph).to_json() for graph in graphs])


@handles(RemoveProcessGraph, "remove processgraph", locate=_the_graph("remove"))
def remove_process_graph(call: Call[RemoveProcessGraph, ProcessGraphRecord]) -> str:
    graph = call.found
    if graph.state == ProcessState.RUNNING:
        raise Refusal(400, "Failed to remove processgraph, cannot remove a running processgraph")
    _check_whole(call.server, graph)
    remove_graph(call.server.database, graph.processgraphid)
    return EMPTY_OBJECT


@handles(RemoveAllProcessGraphs, "remove all processgraphs", locate=by_colonyname)
def remove_all_process_graphs(call: Call[RemoveAllProcessGraphs, None]) -> str:
    name, state, database = call.request.colonyname, call.request.state, call.server.database
    if state == ProcessState.RUNNING:
        raise Refusal(400, "not possible to remove running processgraphs")
    if state not in (ANY_STATE, *ProcessState):
        raise Refusal(400, "invalid state when deleting all processgraphs")
    if state == ANY_STATE:
        remove_processes(database, _MEMBERS, (name,))
        database.write("DELETE FROM processgraphs WHERE colonyname = ?", (name,))
        return EMPTY_OBJECT
    if call.server.settings.real_quirks:
        # Members of living graphs go, and members in other states of the removed graphs stay.
        remove_processes(database, f"{_MEMBERS} AND state = ?", (name, state))
    else:
        remove_processes(database, _MEMBERS_BY_STATE, (name, name, state))
    database.write("DELETE FROM processgraphs WHERE colonyname = ? AND state = ?", (name, state))
    return EMPTY_OBJECT


@handles(CancelProcessGraph, "cancel processgraph", locate=_the_graph("cancel"))
def cancel_process_graph(call: Call[CancelProcessGraph, ProcessGraphRecord]) -> str:
    # A graph that has ended is relabelled, as on a real server.
    call.server.lifecycle.cancel_graph(call.found.processgraphid)
    return EMPTY_OBJECT
