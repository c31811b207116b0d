"""Workflows for the tests of the local server: how one is written, and one of everything to send messages about."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from colonies_tui.localserver.pubsub import Listener
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.envelope import open_reply
from colonies_tui.protocol.messages.schedule import AddCron, AddGenerator
from colonies_tui.protocol.messages.workflow import GetProcessGraph, SubmitWorkflow
from colonies_tui.protocol.models.process import FunctionSpec, Process
from colonies_tui.protocol.models.schedule import Cron, Generator
from colonies_tui.protocol.models.workflow import ProcessGraph, WorkflowSpec
from colonies_tui.protocol.states import ProcessState
from tests.localserver.harness import COLONY, TYPE, Harness, a_spec

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


def a_cron(name: str, spec: WorkflowSpec | None = None, **changes: Any) -> Cron:
    """Return a cron that runs every minute unless told otherwise."""
    text = (spec or a_workflow({"a": ()})).model_dump_json(by_alias=True)
    return Cron(name=name, colonyname=COLONY, workflowspec=text, **{"interval": 60, **changes})


def a_generator(name: str, spec: WorkflowSpec | None = None, **changes: Any) -> Generator:
    """Return a generator that runs with every two arguments unless told otherwise."""
    text = (spec or a_workflow({"a": ()})).model_dump_json(by_alias=True)
    return Generator(name=name, colonyname=COLONY, workflowspec=text, **{"trigger": 2, **changes})


async def submit(bench: Harness, parents: Mapping[str, Sequence[str]], **changes: Any) -> ProcessGraph:
    """Submit a workflow as the user and return the reply."""
    return await bench.send(SubmitWorkflow(spec=a_workflow(parents, **changes)))


async def graph(bench: Harness, processgraphid: str) -> ProcessGraph:
    return await bench.send(GetProcessGraph(processgraphid=processgraphid))


async def members(bench: Harness, processgraphid: str) -> dict[str, Process]:
    """Return the processes of a graph by node name."""
    processes = [await bench.process(processid) for processid in (await graph(bench, processgraphid)).processids]
    return {process.spec.nodename: process for process in processes}


async def run(bench: Harness, key: PrivateKey, *nodenames: str) -> None:
    """Let the executor run these members successfully, in this order; each puts out its name."""
    for nodename in nodenames:
        process = await bench.assign(key)
        assert process.spec.nodename == nodename
        await bench.succeed(process, key, nodename)


async def assign_named(bench: Harness, key: PrivateKey, nodename: str) -> Process:
    process = await bench.assign(key)
    assert process.spec.nodename == nodename
    return process


def hear(bench: Harness) -> list[tuple[str, int]]:
    """Return a list to which node name and state of every event are added from now on."""
    heard: list[tuple[str, int]] = []

    def deliver(envelope: str) -> None:
        process = json.loads(open_reply(envelope.encode()).payload)
        heard.append((process["spec"]["nodename"], process["state"]))

    for state in ProcessState:
        bench.server.pubsub.add(Listener(int(state), deliver, TYPE))
    return heard


@dataclass(frozen=True)
class WorkflowWorld:
    """Ids of one of everything that has to do with workflows."""

    graph: str
    """A graph that has not begun."""
    running_graph: str
    running: str
    """A member of the running graph, run by the executor of the world."""
    cron: str
    generator: str


async def make_workflow_world(bench: Harness, approved: PrivateKey) -> WorkflowWorld:
    """Make it; the executor is of the usual type."""
    running_graph = await submit(bench, DIAMOND, priority=1)
    running = await bench.assign(approved)
    assert running.processgraphid == running_graph.processgraphid
    waiting = await submit(bench, DIAMOND, conditions={"executortype": GRAPH_TYPE})
    cron = await bench.send(AddCron(cron=a_cron("cron")))
    generator = await bench.send(AddGenerator(generator=a_generator("generator")))
    return WorkflowWorld(
        waiting.processgraphid, running_graph.processgraphid, running.processid, cron.cronid, generator.generatorid
    )


def workflow_requests(world: WorkflowWorld) -> dict[str, dict[str, Any]]:
    """Return the keys and values of a request of each message, which succeeds when the role allows it."""
    colony = {"colonyname": COLONY}
    graph = {"processgraphid": world.graph}
    parent = {"processgraphid": world.running_graph, "parentprocessid": world.running}
    cron, generator = {"cronid": world.cron}, {"generatorid": world.generator}
    return {
        "submitworkflowspecmsg": {"spec": a_workflow(DIAMOND).to_wire()},
        "getprocessgraphmsg": graph,
        "getprocessgraphsmsg": {**colony, "count": 10, "state": 0},
        "removeprocessgraphmsg": graph,
        "removeallprocessgraphsmsg": {**colony, "state": 0},
        "cancelprocessgraphmsg": graph,
        "addchildmsg": {**parent, "spec": a_node("e").to_wire()},
        "addcronmsg": {"cron": a_cron("new").to_wire()},
        "getcronmsg": cron,
        "getcronsmsg": {**colony, "count": 10},
        "runcronmsg": cron,
        "removecronmsg": cron,
        "addgeneratormsg": {"generator": a_generator("new").to_wire()},
        "getgeneratormsg": generator,
        "resolvegeneratormsg": {**colony, "generatorname": "generator"},
        "getgeneratorsmsg": {**colony, "count": 10},
        "packgeneratormsg": {**generator, "arg": "x"},
        "removegeneratormsg": generator,
    }
