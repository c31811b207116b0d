"""The situations of the recorded requests about workflows, crons and generators."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from colonies_tui.protocol.envelope import open_reply
from colonies_tui.protocol.messages.schedule import AddCron, AddGenerator, PackGenerator, RemoveCron, RunCron
from colonies_tui.protocol.messages.workflow import (
    AddChild,
    CancelProcessGraph,
    GetProcessGraph,
    SubmitWorkflow,
)
from colonies_tui.protocol.models.workflow import ProcessGraph
from tests.localserver.harness import Harness
from tests.localserver.stages import Case, Stage, base, cases_of, waiting
from tests.localserver.workflow_world import submit

NEVER_HERE = "unknown"
"""How the cases begin whose ids are meant to be nobody's."""


def recorded(msgtype: str, case: str) -> dict[str, Any]:
    """Return the payload of one recording."""
    found = next(recording for recording in cases_of(msgtype) if recording.case == case)
    assert isinstance(found.request, dict)
    return found.request


@dataclass
class WorkflowStage(Stage):
    """A stage with ids of graphs, crons and generators in place of the recorded ones."""

    ids: dict[str, str] = field(default_factory=dict)
    """Own id by the key that holds it in a request."""

    def request(self, recording: Case) -> Any:
        request = super().request(recording)
        if not isinstance(request, dict) or recording.case in ("unknown id/name", "all:true is ignored?"):
            return request
        for key, own in self.ids.items():
            if request.get(key):
                request[key] = own
        return request


async def nothing(stage: WorkflowStage) -> None:
    """Leave it as it is."""


async def waiting_graph(stage: WorkflowStage) -> None:
    payload = recorded(SubmitWorkflow.msgtype, "success (diamond)")
    response = await stage.bench.post(SubmitWorkflow.msgtype, payload, stage.keys["user"])  # with the keys as sent
    submitted = ProcessGraph.model_validate_json(open_reply(response.content).payload)
    stage.ids["processgraphid"] = submitted.processgraphid


async def one_alone_and_a_graph(stage: WorkflowStage) -> None:
    await waiting(stage)
    await waiting_graph(stage)


async def executor_at_work(stage: WorkflowStage) -> None:
    """Let the executor that others are not run the only member of a graph."""
    submitted = await submit(stage.bench, {"a": ()})
    stage.process = await stage.bench.assign(stage.keys["executor"])
    assert stage.process.processgraphid == submitted.processgraphid
    stage.ids["parentprocessid"] = stage.process.processid


async def running_graph(stage: WorkflowStage) -> None:
    await waiting_graph(stage)
    stage.process = await stage.bench.assign(stage.keys["executor2"])
    stage.ids["parentprocessid"] = stage.process.processid


async def finished_graph(stage: WorkflowStage) -> None:
    key = stage.keys["executor2"]
    await running_graph(stage)
    child = AddChild.read({**recorded(AddChild.msgtype, "success by assigned executor"), **stage.ids})
    await stage.bench.send(child, key)
    await stage.bench.succeed(stage.process, key, "o1")
    for _ in range(4):
        await stage.bench.succeed(await stage.bench.assign(key), key, "o")


async def failed_graph(stage: WorkflowStage) -> None:
    await running_graph(stage)
    await stage.bench.fail(stage.process, stage.keys["executor2"], "boom")


async def cancelled_graph(stage: WorkflowStage) -> None:
    await waiting_graph(stage)
    await stage.bench.send(CancelProcessGraph(processgraphid=stage.ids["processgraphid"]))


async def finished_and_cancelled_graph(stage: WorkflowStage) -> None:
    await finished_graph(stage)
    await stage.bench.send(CancelProcessGraph(processgraphid=stage.ids["processgraphid"]))


async def with_a_circle(stage: WorkflowStage) -> None:
    await stage.bench.send(SubmitWorkflow.read(recorded(SubmitWorkflow.msgtype, "cycle")), stage.keys["executor"])


async def with_crons(stage: WorkflowStage) -> None:
    for case, label in (("success expression (6 fields), interval -1", "user"), ("success interval 3600", "executor")):
        added = await stage.bench.send(AddCron.read(recorded(AddCron.msgtype, case)), stage.keys[label])
        stage.ids["cronid"] = added.cronid


async def with_cron_run(stage: WorkflowStage) -> None:
    await with_crons(stage)
    await stage.bench.send(RunCron(cronid=stage.ids["cronid"]))


async def with_cron_removed(stage: WorkflowStage) -> None:
    await with_crons(stage)
    await stage.bench.send(RemoveCron(cronid=stage.ids["cronid"]))


async def with_generator(stage: WorkflowStage) -> None:
    request = AddGenerator.read(recorded(AddGenerator.msgtype, "success"))
    added = await stage.bench.send(request, stage.keys["executor"])
    stage.ids["generatorid"] = added.generatorid


async def with_one_packed(stage: WorkflowStage) -> None:
    await with_generator(stage)
    await stage.bench.send(PackGenerator(generatorid=stage.ids["generatorid"], arg="a1"))


async def with_generator_run(stage: WorkflowStage) -> None:
    await with_one_packed(stage)
    await stage.bench.send(PackGenerator(generatorid=stage.ids["generatorid"], arg="a2"))
    await stage.bench.advance(1)


async def with_member(stage: WorkflowStage) -> None:
    await waiting_graph(stage)
    await _about(stage, "b")


async def with_running_member(stage: WorkflowStage) -> None:
    key = stage.keys["executor2"]
    await running_graph(stage)
    await stage.bench.succeed(stage.process, key, "o1")
    stage.process = await stage.bench.assign(key)


async def with_failed_member(stage: WorkflowStage) -> None:
    await failed_graph(stage)
    await _about(stage, "b")


async def _about(stage: WorkflowStage, nodename: str) -> None:
    graph = await stage.bench.send(GetProcessGraph(processgraphid=stage.ids["processgraphid"]))
    found = next(node for node in graph.nodes if node.data.label == nodename)
    stage.process = await stage.bench.process(found.id)


Prepare = Callable[[WorkflowStage], Awaitable[None]]

WORKFLOW_STAGES: dict[str, Prepare] = {
    "submitworkflowspecmsg": nothing,
    "getprocessgraphmsg": waiting_graph,
    "getprocessgraphsmsg": nothing,
    "removeprocessgraphmsg": cancelled_graph,
    "removeallprocessgraphsmsg": waiting_graph,
    "cancelprocessgraphmsg": waiting_graph,
    "addchildmsg": running_graph,
    "addcronmsg": nothing,
    "getcronmsg": with_crons,
    "getcronsmsg": with_crons,
    "runcronmsg": with_crons,
    "removecronmsg": with_crons,
    "addgeneratormsg": nothing,
    "getgeneratormsg": with_generator,
    "resolvegeneratormsg": with_generator,
    "getgeneratorsmsg": with_generator,
    "packgeneratormsg": with_generator,
    "removegeneratormsg": with_generator,
}
"""The situation in which most requests of a message were sent."""

WORKFLOW_CASES: dict[tuple[str, str], Prepare] = {
    ("getprocessgraphmsg", "running"): running_graph,
    ("getprocessgraphmsg", "finished"): finished_graph,
    ("getprocessgraphmsg", "failed root"): failed_graph,
    ("getprocessgraphmsg", "cancelled"): cancelled_graph,
    ("getprocessgraphmsg", "finished graph after cancel"): finished_and_cancelled_graph,
    ("getprocessgraphsmsg", "state 0"): with_a_circle,
    ("getprocessgraphsmsg", "state 3"): failed_graph,
    ("getprocessgraphsmsg", "state 4"): cancelled_graph,
    ("removeprocessgraphmsg", "running graph"): running_graph,
    ("removeallprocessgraphsmsg", "success state 3"): failed_graph,
    ("cancelprocessgraphmsg", "cancel twice"): cancelled_graph,
    ("cancelprocessgraphmsg", "cancel a finished graph"): finished_graph,
    ("addchildmsg", "unknown processgraphid is accepted"): executor_at_work,
    ("addcronmsg", "duplicate name"): with_crons,
    ("getcronmsg", "after run"): with_cron_run,
    ("getcronmsg", "removed"): with_cron_removed,
    ("addgeneratormsg", "duplicate name"): with_generator,
    ("getgeneratormsg", "after one pack (queuesize)"): with_one_packed,
    ("getprocessesmsg", "waiting list includes children with waitforparents"): one_alone_and_a_graph,
    ("getprocessesmsg", "process started by a generator (args)"): with_generator_run,
    ("getprocessmsg", "workflow child (waitforparents, parents, children)"): with_member,
    ("getprocessmsg", 'workflow child running ("in" = parent out)'): with_running_member,
    ("getprocessmsg", "child of failed root"): with_failed_member,
    ("cancelprocessmsg", "process of a workflow"): with_member,
    ("removeprocessmsg", "process of a workflow"): with_member,
}
"""Requests that were sent in a situation of their own, also about processes that are members."""


def is_about_workflows(recording: Case) -> bool:
    return recording.msgtype in WORKFLOW_STAGES or (recording.msgtype, recording.case) in WORKFLOW_CASES


async def prepare_workflows(recording: Case, bench: Harness) -> WorkflowStage:
    """Bring a server into the situation of a recording that :func:`is_about_workflows`."""
    common = await base(bench)
    stage = WorkflowStage(common.bench, common.keys)
    prepare = WORKFLOW_CASES.get((recording.msgtype, recording.case)) or WORKFLOW_STAGES[recording.msgtype]
    await prepare(stage)
    return stage
