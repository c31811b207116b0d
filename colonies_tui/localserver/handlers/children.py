"""Members that an executor adds to the graph of the process that it runs (§ Workflow)."""

from __future__ import annotations

import json
from dataclasses import replace

from colonies_tui.localserver.database import Database
from colonies_tui.localserver.graph_drawing import depth_first
from colonies_tui.localserver.jsontext import compact
from colonies_tui.localserver.records.process import ProcessRecord, process_by_id, process_json
from colonies_tui.localserver.records.processgraph import graph_by_id, members_of
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.localserver.registry import Call, Located, handles
from colonies_tui.localserver.server import LocalServer
from colonies_tui.localserver.submission import new_process, store
from colonies_tui.protocol.messages.workflow import AddChild
from colonies_tui.protocol.states import ProcessState


def _parent(server: LocalServer, request: AddChild) -> Located[ProcessRecord]:
    parent = process_by_id(server.database, request.parentprocessid)
    if parent is None:  # a real server ends here
        raise Refusal(400, f"Process with Id {request.parentprocessid} does not exist")
    return Located(parent.colonyname, parent)


@handles(
    AddChild,
    "add child to processgraph",
    locate=_parent,
    needs=("spec", "Failed to add child to processgraph, msg.FunctionSpec is nil"),
)
def add_child(call: Call[AddChild, ProcessRecord]) -> str:
    server, request, parent = call.server, call.request, call.found
    _check_parent(parent, request.processgraphid, call.caller.identity, real_quirks=server.settings.real_quirks)
    child = None
    if request.childprocessid and not request.insert:
        child = _the_child(server, parent, request.childprocessid)
    conditions = request.spec.conditions.model_copy(update={"colonyname": parent.colonyname})
    spec = request.spec.model_copy(update={"conditions": conditions})
    own_children = [] if child is None else [child.processid]
    added = replace(
        new_process(server, spec, initiatorid="", initiatorname=""),
        processgraphid=request.processgraphid,
        parents=compact([parent.processid]),
        children=parent.children if request.insert else compact(own_children),
        waits_for_parents=1,
    )
    store(server, added, spec.env)
    if request.insert:
        _take_over_children(server.database, parent, added)
    else:
        _stand_beside_children(server.database, parent, added)
        if child is not None:
            _wait_also_for(server.database, child, added)
    _order_again(server.database, request.processgraphid)
    return process_json(server.database, added)


def _check_parent(parent: ProcessRecord, processgraphid: str, executorid: str, *, real_quirks: bool) -> None:
    name = f"Process with Id {parent.processid}"
    if parent.assignedexecutorid != executorid:
        raise Refusal(400, f"{name} is not assigned to executor with Id {executorid}")
    if parent.state != ProcessState.RUNNING:
        raise Refusal(400, f"{name} is not running")
    if not parent.processgraphid:
        raise Refusal(400, f"{name} is not part of a processgraph")
    if parent.processgraphid != processgraphid and not real_quirks:
        # A real server takes any id, and ends when the new process is assigned.
        raise Refusal(400, f"{name} is not part of processgraph with Id {processgraphid}")


def _the_child(server: LocalServer, parent: ProcessRecord, childprocessid: str) -> ProcessRecord:
    """Return the process that is to wait for the new one too.

    Raises:
        Refusal: there is none (a real server ends here); or it is not a member that still waits, so that it could not.
    """
    child = process_by_id(server.database, childprocessid)
    if child is None:
        raise Refusal(400, f"Process with Id {childprocessid} does not exist")
    if server.settings.real_quirks:
        return child
    if child.processgraphid != parent.processgraphid:
        raise Refusal(400, f"Process with Id {childprocessid} is not part of the same processgraph")
    if child.state != ProcessState.WAITING:
        raise Refusal(400, f"Process with Id {childprocessid} is not waiting")
    return child


def _take_over_children(database: Database, parent: ProcessRecord, added: ProcessRecord) -> None:
    for processid in json.loads(parent.children):
        child = process_by_id(database, processid)
        if child is not None:
            parents = [added.processid if one == parent.processid else one for one in json.loads(child.parents)]
            database.write("UPDATE processes SET parents = ? WHERE processid = ?", (compact(parents), processid))
    database.write(
        "UPDATE processes SET children = ? WHERE processid = ?", (compact([added.processid]), parent.processid)
    )


def _stand_beside_children(database: Database, parent: ProcessRecord, added: ProcessRecord) -> None:
    children = [*json.loads(parent.children), added.processid]
    database.write("UPDATE processes SET children = ? WHERE processid = ?", (compact(children), parent.processid))


def _wait_also_for(database: Database, child: ProcessRecord, added: ProcessRecord) -> None:
    parents = [*json.loads(child.parents), added.processid]
    database.write(
        "UPDATE processes SET parents = ?, waits_for_parents = 1 WHERE processid = ?",
        (compact(parents), child.processid),
    )


def _order_again(database: Database, processgraphid: str) -> None:
    graph = graph_by_id(database, processgraphid)
    if graph is not None:
        children = {processid: member.children for processid, member in members_of(database, processgraphid).items()}
        order = depth_first(json.loads(graph.rootprocessids), children)
        database.write(
            "UPDATE processgraphs SET processids = ? WHERE processgraphid = ?", (compact(order), processgraphid)
        )
