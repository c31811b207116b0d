"""Workflows for the tests of the local server: how one is written, and one of everything to send messages about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.messages.workflow import GetProcessGraph, SubmitWorkflow
from colonies_tui.protocol.models.process import FunctionSpec, Process
from colonies_tui.protocol.models.workflow import ProcessGraph, WorkflowSpec
from tests.localserver.harness import COLONY, Harness, a_spec

GRAPH_TYPE = "graph"
"""Executor type of the workflow in :class:`WorkflowWorld`."""

DIAMOND: Mapping[str, Sequence[str]] = {"a": (), "b": ("a",), "c": ("a",), "d": ("b", "c")}
"""Parents of each node."""


def a_workflow(parents: Mapping[str, Sequence[str]], **changes: Any) -> WorkflowSpec:
    """Return a workflow whose nodes wait for the given parents."""
    functions = tuple(a_node(nodename, *names, **changes) for nodename, names in parents.items())
    return WorkflowSpec(colonyname=COLONY, functionspecs=functions)


def a_node(nodename: str, *parents: str, **changes: Any) -> FunctionSpec:
    conditions = {**changes.pop("conditions", {}), "dependencies": list(parents)}
    return a_spec(nodename=nodename, conditions=conditions, **changes)


async def submit(bench: Harness, parents: Mapping[str, Sequence[str]], **changes: Any) -> ProcessGraph:
    """Submit a workflow as the user and return the reply."""
    return await bench.send(SubmitWorkflow(spec=a_workflow(parents, **changes)))


async def graph(bench: Harness, processgraphid: str) -> ProcessGraph:
    return await bench.send(GetProcessGraph(processgraphid=processgraphid))


async def members(bench: Harness, processgraphid: str) -> dict[str, Process]:
    """Return the processes of a graph by node name."""
    processes = [await bench.process(processid) for processid in (await graph(bench, processgraphid)).processids]
    return {process.spec.nodename: process for process in processes}


@dataclass(frozen=True)
class WorkflowWorld:
    """Ids of one of everything that has to do with workflows."""

    graph: str
    """A graph that has not begun."""
    running_graph: str
    running: str
    """A member of the running graph, run by the executor of the world."""


async def make_workflow_world(bench: Harness, approved: PrivateKey) -> WorkflowWorld:
    """Make it; the executor is of the usual type."""
    running_graph = await submit(bench, DIAMOND, priority=1)
    running = await bench.assign(approved)
    assert running.processgraphid == running_graph.processgraphid
    waiting = await submit(bench, DIAMOND, conditions={"executortype": GRAPH_TYPE})
    return WorkflowWorld(waiting.processgraphid, running_graph.processgraphid, running.processid)


def workflow_requests(world: WorkflowWorld) -> dict[str, dict[str, Any]]:
    """Return the keys and values of a request of each message, which succeeds when the role allows it."""
    colony = {"colonyname": COLONY}
    graph = {"processgraphid": world.graph}
    parent = {"processgraphid": world.running_graph, "parentprocessid": world.running}
    return {
        "submitworkflowspecmsg": {"spec": a_workflow(DIAMOND).to_wire()},
        "getprocessgraphmsg": graph,
        "getprocessgraphsmsg": {**colony, "count": 10, "state": 0},
        "removeprocessgraphmsg": graph,
        "removeallprocessgraphsmsg": {**colony, "state": 0},
        "cancelprocessgraphmsg": graph,
        "addchildmsg": {**parent, "spec": a_node("e").to_wire()},
    }
