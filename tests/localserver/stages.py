"""The situations in which the recorded requests were sent, made again on the local server.

The recordings are one long conversation. Here every recorded request gets a fresh server that is brought into a
comparable situation first, and the ids in the request are exchanged for those of that server.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from colonies_tui.protocol.crypto import PrivateKey, random_id
from colonies_tui.protocol.envelope import open_reply, read_reply
from colonies_tui.protocol.messages.colony import AddColony, AddUser, ChangeColonyId, ChangeServerId, PauseAssignments
from colonies_tui.protocol.messages.executor import (
    AddExecutor,
    AddFunction,
    ApproveExecutor,
    ChangeExecutorId,
    RejectExecutor,
    RemoveExecutor,
    ReportAllocation,
    UpdateExecutor,
)
from colonies_tui.protocol.messages.log import AddExecutorLog, AddLog
from colonies_tui.protocol.messages.process import (
    AddAttribute,
    CancelProcess,
    GetProcess,
    RemoveProcess,
    SetOutput,
    SubmitProcess,
)
from colonies_tui.protocol.models.colony import Colony, User
from colonies_tui.protocol.models.executor import Allocations, Capabilities, Function, Hardware, Project
from colonies_tui.protocol.models.process import Attribute, Process
from tests.localserver.harness import COLONY, Harness, a_spec
from tests.protocol.recordings import WIRE, Recording


@dataclass(frozen=True)
class Case(Recording):
    """A recording with the label of the key that signed."""

    key: str | None


def cases_of(msgtype: str) -> list[Case]:
    """Return the answered recordings of a message."""
    return [
        Case(
            msgtype,
            case["case"],
            case["request"],
            case["http_status"],
            case["reply_payloadtype"],
            case["reply_error_flag"],
            case["reply"],
            case["key"],
        )
        for case in json.loads((WIRE / f"{msgtype}.json").read_text())
        if case["http_status"] is not None
    ]


def recorded_request(msgtype: str) -> dict[str, Any]:
    """Return the payload of the first recorded success of a message."""
    case = next(case for case in cases_of(msgtype) if case.succeeded)
    assert isinstance(case.request, dict)
    return case.request


LAB = "lab-executor-2"

# Public ids of the recorded conversation.
RECORDED_IDS = {
    "server": "039231c7644e04b6895471dd5335cf332681c54e27f81fac54f9067b3f2c0103",
    "new server key": "2f4fd83d314866d1d3ef4dda8acdfeb0f6c4fc475009c3bb1bd79d3796d0580a",
    "colony": "4787a5071856a4acf702b2ffcea422e3237a679c681314113d86139461290cf4",
    "new colony key": "d2b9b46f6a64dd1a51e92610d215329e034df92b12ba2d4cfc70eb55625fdcb6",
    "colony2": "bdae7ed7f26e8a703fa86515e045f8bf0c6009b204b516da2e9b107e6fc199ac",
    "user": "3fc05cf3df4b494e95d6a3d297a34f19938f7daa7422ab0d4f794454133341ac",
    "user john": "48ae3df05a2f4717fa85a0b58d4161b4f6a57f0d6bfe46e77b1b2f176768e7aa",
    "executor": "60b3c8b961f00e593191763bd8835a601ca85cbb892a207590bad11d6d6da86d",
    "executor2": "44429bc4ff4c14360480f728b7f7e3ead02d18352e5667ef9e59dd445c082f9d",
    "executor2(new id)": "ecda53f7d7e5dfa1a9cf3a5a3c6a7c3d9a10ae73701fc0385c563b53073c45eb",
    "executor3(pending)": "854c10e1ac5e476e0c3c6bfcdf29600dc0439c48e9fe863fc1dd77eef530458e",
}


@dataclass
class Stage:
    """A server in a certain situation."""

    bench: Harness
    keys: dict[str, PrivateKey] = field(default_factory=dict)
    process: Process = field(default_factory=Process)
    """The process that requests are about."""
    attributeid: str = ""
    functionid: str = ""

    def key(self, label: str | None) -> PrivateKey | None:
        """Return the key that a recording's label stands for."""
        if label is None:
            return None
        # A label that is itself an id stands for the user whose id was changed.
        return self.keys["user john" if len(label) == 64 else label]

    def request(self, recording: Case) -> Any:
        """Return the recorded request with the ids of this server."""
        if not isinstance(recording.request, dict):
            return recording.request
        text = json.dumps(recording.request)
        for label, identity in RECORDED_IDS.items():
            text = text.replace(identity, self.keys[label].identity)
        request: dict[str, Any] = json.loads(text)
        if recording.case.startswith(("unknown", "empty id", "neither")):
            return request
        for holder, key, own in (
            (request, "processid", self.process.processid),
            (request.get("attribute") or {}, "targetid", self.process.processid),
            (request, "attributeid", self.attributeid),
            (request, "functionid", self.functionid),
        ):
            if holder.get(key):
                holder[key] = own
        if "ns" in recording.case and request.get("since"):
            (first, last) = self.bench.server.database.all("SELECT min(stamp), max(stamp) FROM logs")[0]
            request["since"] = last if "future" in recording.case else first
        return request


async def base(bench: Harness) -> Stage:
    """Make the colony of the recordings: its users, its three executors, a second colony."""
    new = {label: PrivateKey.new() for label in RECORDED_IDS}
    stage = Stage(bench, {**new, "outsider": PrivateKey.new()})
    stage.keys |= {"server": bench.server_key, "colony": bench.colony_key, "user": bench.user_key}
    second = Colony(colonyid=stage.keys["colony2"].identity, name="c2")
    await bench.send(AddColony(colony=second), bench.server_key)
    john = User(userid=stage.keys["user john"].identity, name="john_doe", colonyname=COLONY)
    await bench.send(AddUser(user=john), bench.colony_key)
    described = recorded_request("addexecutormsg")["executor"]
    for label, name, executortype, approved in (
        ("executor", "lab-executor-1", "cli", True),
        ("executor2", LAB, "lab", True),
        ("executor3(pending)", "lab-executor-3", "lab", False),
    ):
        own = {"executorid": stage.keys[label].identity, "executorname": name, "executortype": executortype}
        executor = {**(described if name == LAB else {"colonyname": COLONY}), **own}
        payload = {"msgtype": AddExecutor.msgtype, "executor": executor}
        assert (await bench.post(AddExecutor.msgtype, payload, bench.colony_key)).status_code == 200
        if approved:
            await bench.send(ApproveExecutor(colonyname=COLONY, executorname=name), bench.colony_key)
    function = Function.model_validate(recorded_request("addfunctionmsg")["fun"])
    stage.functionid = (await bench.send(AddFunction(fun=function), stage.keys["executor2"])).functionid
    return stage


async def with_new_executor_id(stage: Stage) -> None:
    new = stage.keys["executor2(new id)"].identity
    await stage.bench.send(ChangeExecutorId(colonyname=COLONY, executorid=new), stage.keys["executor2"])


async def with_new_colony_id(stage: Stage) -> None:
    new = stage.keys["new colony key"].identity
    await stage.bench.send(ChangeColonyId(colonyname=COLONY, colonyid=new), stage.keys["colony"])


async def with_new_server_id(stage: Stage) -> None:
    await stage.bench.send(ChangeServerId(serverid=stage.keys["new server key"].identity), stage.keys["server"])


async def without_john(stage: Stage) -> None:
    await _post(stage, "removeusermsg", "colony", colonyname=COLONY, name="john_doe")


async def without_second_colony(stage: Stage) -> None:
    await _post(stage, "removecolonymsg", "server", colonyname="c2")


async def _post(stage: Stage, msgtype: str, label: str, **payload: Any) -> None:
    response = await stage.bench.post(msgtype, {**payload, "msgtype": msgtype}, stage.keys[label])
    assert response.status_code == 200


async def lab_rejected(stage: Stage) -> None:
    named = {"colonyname": COLONY, "executorname": LAB}
    await stage.bench.send(RejectExecutor(**named), stage.keys["colony"])


async def third_rejected(stage: Stage) -> None:
    reject = RejectExecutor(colonyname=COLONY, executorname="lab-executor-3")
    await stage.bench.send(reject, stage.keys["colony"])


async def lab_updated(stage: Stage) -> None:
    capabilities = Capabilities(hardware=(Hardware(model="m2"),))
    update = UpdateExecutor(colonyname=COLONY, executorname=LAB, capabilities=capabilities)
    await stage.bench.send(update, stage.keys["executor2"])


async def lab_allocated(stage: Stage) -> None:
    await lab_updated(stage)
    report = ReportAllocation(
        colonyname=COLONY, executorname=LAB, allocations=Allocations(projects={"p1": Project(usedcpu=1)})
    )
    await stage.bench.send(report, stage.keys["executor2"])


async def lab_removed(stage: Stage) -> None:
    await lab_allocated(stage)
    await stage.bench.send(RemoveExecutor(colonyname=COLONY, executorname=LAB), stage.keys["colony"])


async def paused(stage: Stage) -> None:
    await stage.bench.send(PauseAssignments(colonyname=COLONY), stage.keys["colony"])


async def waiting(stage: Stage) -> None:
    recorded = recorded_request("submitfuncspecmsg")
    stage.process = await stage.bench.send(SubmitProcess.read(recorded), stage.keys["user"])


async def running(stage: Stage) -> None:
    await waiting(stage)
    await stage.bench.assign(stage.keys["executor2"])


async def running_with_attribute(stage: Stage) -> None:
    await running(stage)
    await stage.bench.send(SetOutput(processid=stage.process.processid, out=("x",)), stage.keys["executor2"])
    recorded = recorded_request("addattributemsg")["attribute"]
    attribute = Attribute.model_validate({**recorded, "targetid": stage.process.processid})
    stage.attributeid = (await stage.bench.send(AddAttribute(attribute=attribute), stage.keys["executor2"])).attributeid


async def logged(stage: Stage) -> None:
    await running(stage)
    key = stage.keys["executor2"]
    for message in ("hello åäö \n second line", "error two"):
        await stage.bench.send(AddLog(processid=stage.process.processid, message=message), key)
        stage.bench.clock.advance(0.01)
    own = AddExecutorLog(colonyname=COLONY, executorname=LAB, message="executor startup")
    await stage.bench.send(own, key)


async def logged_and_removed(stage: Stage) -> None:
    await logged(stage)
    await stage.bench.succeed(stage.process, stage.keys["executor2"])
    await stage.bench.send(RemoveProcess(processid=stage.process.processid))


async def successful(stage: Stage) -> None:
    await running_with_attribute(stage)
    await stage.bench.succeed(stage.process, stage.keys["executor2"], "final", 1, None)


async def failed(stage: Stage) -> None:
    await running(stage)
    await stage.bench.fail(stage.process, stage.keys["executor2"], "boom")


async def cancelled(stage: Stage) -> None:
    await waiting(stage)
    await stage.bench.send(CancelProcess(processid=stage.process.processid))


async def cancelled_while_running(stage: Stage) -> None:
    await running(stage)
    await stage.bench.send(CancelProcess(processid=stage.process.processid))


async def removed(stage: Stage) -> None:
    await waiting(stage)
    await stage.bench.send(RemoveProcess(processid=stage.process.processid))


async def every_state(stage: Stage) -> None:
    for make in (successful, failed, cancelled, running, waiting):
        await make(stage)
    stage.process = await stage.bench.send(GetProcess(processid=stage.process.processid))


async def in_a_workflow(stage: Stage) -> None:
    """Make a waiting process look like one that waits for a parent in a workflow."""
    stage.process = await _submit_as_written(stage, "lab")
    database = stage.bench.server.database
    with database.change():
        database.write(
            "UPDATE processes SET processgraphid = ?, parents = ?, waits_for_parents = 1 WHERE processid = ?",
            (random_id(), f'["{random_id()}"]', stage.process.processid),
        )


async def waiting_beside_a_workflow(stage: Stage) -> None:
    await in_a_workflow(stage)
    await waiting(stage)


async def generated(stage: Stage) -> None:
    await _submit_as_written(stage, "genwork")


async def _submit_as_written(stage: Stage, executortype: str) -> Process:
    """Submit without the keys that our own requests always hold."""
    conditions = {"colonyname": COLONY, "executortype": executortype}
    spec = {"nodename": "b", "funcname": "f", "maxexectime": -1, "conditions": conditions}
    payload = {"msgtype": SubmitProcess.msgtype, "spec": spec}
    response = await stage.bench.post(SubmitProcess.msgtype, payload, stage.keys["user"])
    return read_reply(open_reply(response.content), SubmitProcess.reply_adapter())


async def one_with_storage_and_one_without(stage: Stage) -> None:
    for conditions in ({"storage": "1Gi"}, {}):
        await stage.bench.send(SubmitProcess(spec=a_spec(conditions=conditions)), stage.keys["user"])


async def as_it_is(stage: Stage) -> None:
    stage.process = Process(processid=random_id())


Prepare = Callable[[Stage], Awaitable[None]]

USUAL: dict[str, Prepare] = {
    "assignprocessmsg": waiting,
    "getprocessmsg": waiting,
    "getprocessesmsg": every_state,
    "getprocesshistmsg": every_state,
    "removeprocessmsg": running,
    "cancelprocessmsg": waiting,
    "setoutputmsg": running,
    "closesuccessfulmsg": running,
    "closefailedmsg": running,
    "addattributemsg": running,
    "getattributemsg": running_with_attribute,
    "addlogmsg": running,
    "getlogsmsg": logged,
    "searchlogsmsg": logged,
    "getfunctionsmsg": as_it_is,
}
"""The situation in which most requests of a message were sent."""

PARTICULAR: dict[tuple[str, str], Prepare] = {
    ("addcolonymsg", "success"): without_second_colony,
    ("addusermsg", "success"): without_john,
    ("addusermsg", "(setup for changeuserid)"): without_john,
    ("changecolonyidmsg", "(change back)"): with_new_colony_id,
    ("changeserveridmsg", "(change back)"): with_new_server_id,
    ("changeexecutoridmsg", "old key afterwards"): with_new_executor_id,
    ("changeexecutoridmsg", "short id"): with_new_executor_id,
    ("getexecutorsmsg", "executor not approved yet"): lab_rejected,
    ("getexecutorsmsg", "list after remove"): lab_removed,
    ("getexecutormsg", "after reject (state 2)"): third_rejected,
    ("getexecutormsg", "after update"): lab_updated,
    ("getexecutormsg", "after reportallocation"): lab_allocated,
    ("getexecutormsg", "after remove (state 3?)"): lab_removed,
    ("getfunctionsmsg", "after one run (counter, times)"): successful,
    ("getpausestatusmsg", "paused"): paused,
    ("submitfuncspecmsg", "submit while paused"): paused,
    ("assignprocessmsg", "paused, timeout 1"): paused,
    ("assignprocessmsg", "paused, timeout -1"): paused,
    (
        "assignprocessmsg",
        "(waiting processes with storage>0 are skipped; the next success shows another process id)",
    ): one_with_storage_and_one_without,
    ("getprocessmsg", "running"): running,
    ("getprocessmsg", "running with output, attributes"): running_with_attribute,
    ("getprocessmsg", "successful"): successful,
    ("getprocessmsg", "failed"): failed,
    ("getprocessmsg", "cancelled (state 4)"): cancelled,
    ("getprocessmsg", "cancelled while running"): cancelled_while_running,
    ("getprocessmsg", "cancelled, then closesuccessful attempted"): cancelled_while_running,
    ("getprocessmsg", "process of a removed graph"): removed,
    ("getprocessmsg", "workflow child (waitforparents, parents, children)"): in_a_workflow,
    ("getprocessmsg", 'workflow child running ("in" = parent out)'): in_a_workflow,
    ("getprocessmsg", "child of failed root"): in_a_workflow,
    ("removeprocessmsg", "process of a workflow"): in_a_workflow,
    ("cancelprocessmsg", "process of a workflow"): in_a_workflow,
    ("getprocessesmsg", "waiting list includes children with waitforparents"): waiting_beside_a_workflow,
    ("getprocessesmsg", "process started by a generator (args)"): generated,
    ("getprocessesmsg", "executor not approved yet"): lab_rejected,
    ("getprocessesmsg", "rejected executor key"): third_rejected,
    ("removeprocessmsg", "success (waiting), user key"): waiting,
    ("removeprocessmsg", "removed twice"): removed,
    ("removeprocessmsg", "successful process"): successful,
    ("cancelprocessmsg", "cancel twice"): cancelled,
    ("cancelprocessmsg", "success (running), by the user who is not the initiator"): running,
    ("cancelprocessmsg", "cancel a finished process"): successful,
    ("setoutputmsg", "process not running yet"): waiting,
    ("setoutputmsg", "after close"): successful,
    ("closesuccessfulmsg", "not assigned yet"): waiting,
    ("closesuccessfulmsg", "close twice"): successful,
    ("closesuccessfulmsg", "close after cancel"): cancelled_while_running,
    ("closefailedmsg", "not assigned yet"): waiting,
    ("closefailedmsg", "close failed after success"): successful,
    ("closefailedmsg", "close twice"): failed,
    ("addattributemsg", "not running yet"): waiting,
    ("addattributemsg", "same key again"): running_with_attribute,
    ("addlogmsg", "process not running yet"): waiting,
    ("addlogmsg", "after close"): successful,
    ("getlogsmsg", "logs of a removed process"): logged_and_removed,
    ("searchlogsmsg", "logs of a removed process still found"): logged_and_removed,
}
"""Requests that were sent in a situation of their own."""


async def prepare(recording: Case, bench: Harness) -> Stage:
    """Bring a server into the situation of a recording."""
    stage = await base(bench)
    particular = PARTICULAR.get((recording.msgtype, recording.case))
    await (particular or USUAL.get(recording.msgtype, as_it_is))(stage)
    if recording.key == "executor2(new id)" and particular is not with_new_executor_id:
        await with_new_executor_id(stage)
    return stage
