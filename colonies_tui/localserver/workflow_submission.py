"""From the specification of a workflow to a process graph with its members (§ Workflows)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

from colonies_tui.localserver.graph_drawing import depth_first
from colonies_tui.localserver.jsontext import compact
from colonies_tui.localserver.records.processgraph import ProcessGraphRecord, insert_graph
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.localserver.submission import new_process, store
from colonies_tui.protocol.crypto import random_id
from colonies_tui.protocol.models.process import NO_LIMIT, FunctionSpec
from colonies_tui.protocol.models.workflow import WorkflowSpec
from colonies_tui.protocol.states import ProcessState

if TYPE_CHECKING:
    from colonies_tui.localserver.server import LocalServer

Parents = Mapping[str, tuple[str, ...]]
"""Names of the nodes that each node waits for."""


class UnknownDependency(Refusal):
    """A node depends on one that is not there."""


@dataclass(frozen=True, slots=True)
class SubmittedWorkflow:
    """What a workflow became."""

    graph: ProcessGraphRecord
    processids: Sequence[str]
    """Its members in the order of the specification."""


def read_workflow(spec: WorkflowSpec, *, real_quirks: bool) -> Parents:
    """Return who waits for whom.

    With ``real_quirks`` an empty workflow passes, and one that goes in a circle, although it will never run.

    Raises:
        UnknownDependency: a node waits for one that is not in the workflow.
        Refusal: a node has no name or one that is taken, or the workflow cannot run.
    """
    parents: dict[str, tuple[str, ...]] = {}
    for function in spec.functionspecs:
        if not function.nodename:
            raise Refusal(500, "Failed to submit workflow, a nodename is missing")
        if function.nodename in parents:
            raise Refusal(500, f"Duplicate nodename: {function.nodename}")
        parents[function.nodename] = tuple(dict.fromkeys(function.conditions.dependencies))
    if not all(parent in parents for names in parents.values() for parent in names):
        raise UnknownDependency(
            500, "Failed to submit workflow, invalid dependencies, are you depending on a nodename that does not exits?"
        )
    if real_quirks:
        return parents
    if not parents:
        raise Refusal(400, "Failed to submit workflow, it has no functionspecs")
    try:
        TopologicalSorter(parents).prepare()
    except CycleError as error:
        raise Refusal(400, f"Failed to submit workflow, it goes in a circle: {' → '.join(error.args[1])}") from None
    return parents


def submit_workflow(
    server: LocalServer,
    spec: WorkflowSpec,
    *,
    initiatorid: str,
    initiatorname: str,
    root_input: str = "[]",
    root_args: Sequence[str] | None = None,
) -> SubmittedWorkflow:
    """Store a graph with its members and put the roots into the queue.

    Args:
        server: where.
        spec: what.
        initiatorid: in whose name.
        initiatorname: the name.
        root_input: JSON text of what the roots get as input.
        root_args: what the roots get instead of their own arguments.

    Raises:
        Refusal: it is no workflow that could run (with ``real_quirks``: that would be accepted).
    """
    parents = read_workflow(spec, real_quirks=server.settings.real_quirks)
    graphid = random_id()
    submitted = server.stamps.next()
    functions = [
        _as_member(function, spec.colonyname, args=root_args if not parents[function.nodename] else None)
        for function in spec.functionspecs
    ]
    try:
        processes = {
            function.nodename: new_process(server, function, initiatorid=initiatorid, initiatorname=initiatorname)
            for function in functions
        }
    except Refusal as refusal:
        raise Refusal(500, refusal.message) from None
    ids = {nodename: process.processid for nodename, process in processes.items()}
    children: dict[str, list[str]] = {processid: [] for processid in ids.values()}
    for nodename, names in parents.items():
        for parent in names:
            children[ids[parent]].append(ids[nodename])
    roots = [ids[nodename] for nodename, names in parents.items() if not names]
    graph = ProcessGraphRecord(
        processgraphid=graphid,
        colonyname=spec.colonyname,
        initiatorid=initiatorid,
        initiatorname=initiatorname,
        state=int(ProcessState.WAITING),
        submitted=submitted,
        started=None,
        ended=None,
        rootprocessids=compact(roots),
        processids=compact(depth_first(roots, children)),
    )
    insert_graph(server.database, graph)
    for function in functions:
        process = processes[function.nodename]
        names = parents[function.nodename]
        member = replace(
            process,
            processgraphid=graphid,
            parents=compact([ids[parent] for parent in names]),
            children=compact(children[process.processid]),
            waits_for_parents=int(bool(names)),
            input="[]" if names else root_input,
        )
        store(server, member, function.env)
        if not names:
            server.lifecycle.submitted(member)
    return SubmittedWorkflow(graph, list(ids.values()))


def leave_broken_graph(server: LocalServer, spec: WorkflowSpec, *, initiatorid: str, initiatorname: str) -> None:
    """Store what a real server leaves behind of a workflow with an unknown dependency: a graph without its roots."""
    roots = compact([random_id() for function in spec.functionspecs if not function.conditions.dependencies])
    graph = ProcessGraphRecord(
        processgraphid=random_id(),
        colonyname=spec.colonyname,
        initiatorid=initiatorid,
        initiatorname=initiatorname,
        state=int(ProcessState.WAITING),
        submitted=server.stamps.next(),
        started=None,
        ended=None,
        rootprocessids=roots,
        processids=roots,
    )
    insert_graph(server.database, graph)


def _as_member(function: FunctionSpec, colonyname: str, *, args: Sequence[str] | None) -> FunctionSpec:
    """Return a specification as it counts in a workflow: in its colony, and no execution time means no limit."""
    changes: dict[str, Any] = {"conditions": function.conditions.model_copy(update={"colonyname": colonyname})}
    if function.maxexectime == 0 or "maxexectime" not in function.model_fields_set:
        changes["maxexectime"] = NO_LIMIT
    if args is not None:
        changes |= {"args": tuple(args), "kwargs": {}}
    return function.model_copy(update=changes)
