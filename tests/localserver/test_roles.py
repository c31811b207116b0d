"""The role of every message, sent by everybody: the table is written out by hand from the protocol (§ Roles)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

import colonies_tui.localserver.handlers
from colonies_tui.localserver.registry import HANDLERS
from colonies_tui.protocol.crypto import PrivateKey, random_id
from colonies_tui.protocol.messages import SUBJECT_OF
from colonies_tui.protocol.messages.every import MESSAGES
from colonies_tui.protocol.messages.executor import AddFunction
from colonies_tui.protocol.messages.log import AddLog
from colonies_tui.protocol.messages.process import AddAttribute
from colonies_tui.protocol.models.executor import Function
from colonies_tui.protocol.models.process import Attribute
from tests.localserver.file_world import FileWorld, file_requests, make_file_world
from tests.localserver.harness import COLONY, Harness, harness
from tests.localserver.workflow_world import WorkflowWorld, make_workflow_world, workflow_requests

CALLERS = ("server owner", "colony owner", "approved executor", "pending executor", "user", "outsider")

Statuses = tuple[int, int, int, int, int, int]
"""One HTTP status for each caller, in the order of :data:`CALLERS`."""

ANYBODY: Statuses = (200, 200, 200, 200, 200, 200)
SERVER: Statuses = (200, 403, 403, 403, 403, 403)
COLONY_OWNER: Statuses = (403, 200, 403, 403, 403, 403)
MEMBERS: Statuses = (403, 403, 200, 403, 200, 403)
REGISTERED: Statuses = (403, 403, 200, 200, 200, 403)
EXECUTOR: Statuses = (403, 403, 200, 403, 403, 403)
MEMBERS_OR_OWNER: Statuses = (403, 200, 200, 403, 200, 403)

EXPECTED: dict[str, Statuses] = {
    "versionmsg": ANYBODY,
    "getserverinfomsg": ANYBODY,
    "addcolonymsg": SERVER,
    "removecolonymsg": SERVER,
    "getcoloniesmsg": SERVER,
    "getcolonymsg": MEMBERS,
    "getcolonystatsmsg": MEMBERS,
    "changecolonyidmsg": COLONY_OWNER,
    "changeserveridmsg": SERVER,
    "getclustermsg": SERVER,
    "getstatisticsmsg": SERVER,
    "addusermsg": COLONY_OWNER,
    "removeusermsg": COLONY_OWNER,
    "getusermsg": REGISTERED,
    "getusersmsg": REGISTERED,
    "getuserbyidmsg": REGISTERED,
    # An executor passes the role test, and is then no user.
    "changeuseridmsg": (403, 403, 400, 400, 200, 403),
    "addexecutormsg": COLONY_OWNER,
    "approveexecutormsg": COLONY_OWNER,
    "rejectexecutormsg": COLONY_OWNER,
    "removeexecutormsg": COLONY_OWNER,
    "getexecutorsmsg": REGISTERED,
    "getexecutormsg": MEMBERS,
    "getexecutorbyidmsg": MEMBERS,
    # Each executor speaks of itself; a user passes the role test, and is then no executor.
    "updateexecutormsg": (403, 403, 200, 200, 400, 403),
    "reportallocationmsg": (403, 403, 200, 200, 400, 403),
    "changeexecutoridmsg": (403, 403, 200, 200, 400, 403),
    "addfunctionmsg": EXECUTOR,
    "removefunctionmsg": EXECUTOR,
    "getfunctionsmsg": MEMBERS,
    "submitfuncspecmsg": MEMBERS,
    "assignprocessmsg": (403, 403, 200, 403, 500, 403),
    "getprocessmsg": MEMBERS,
    "getprocessesmsg": MEMBERS,
    "getprocesshistmsg": MEMBERS,
    "removeprocessmsg": MEMBERS,
    "removeallprocessesmsg": COLONY_OWNER,
    "cancelprocessmsg": MEMBERS,
    "setoutputmsg": EXECUTOR,
    "closesuccessfulmsg": EXECUTOR,
    "closefailedmsg": EXECUTOR,
    "pauseassignmentsmsg": COLONY_OWNER,
    "resumeassignmentsmsg": COLONY_OWNER,
    "getpausestatusmsg": REGISTERED,
    "addattributemsg": EXECUTOR,
    "getattributemsg": MEMBERS,
    "addlogmsg": EXECUTOR,
    "addexecutorlogmsg": EXECUTOR,
    "getlogsmsg": MEMBERS,
    "searchlogsmsg": MEMBERS,
    "submitworkflowspecmsg": MEMBERS,
    "getprocessgraphmsg": MEMBERS,
    "getprocessgraphsmsg": MEMBERS,
    "removeprocessgraphmsg": MEMBERS,
    "removeallprocessgraphsmsg": COLONY_OWNER,
    "cancelprocessgraphmsg": MEMBERS,
    # A user passes the role test, and then does not run the process.
    "addchildmsg": (403, 403, 200, 403, 400, 403),
    "addcronmsg": MEMBERS,
    "getcronmsg": MEMBERS,
    "getcronsmsg": MEMBERS,
    "runcronmsg": MEMBERS,
    "removecronmsg": MEMBERS,
    "addgeneratormsg": MEMBERS,
    "getgeneratormsg": MEMBERS,
    "resolvegeneratormsg": MEMBERS,
    "getgeneratorsmsg": MEMBERS,
    "packgeneratormsg": MEMBERS,
    "removegeneratormsg": MEMBERS,
    "addfilemsg": MEMBERS,
    "getfilemsg": MEMBERS,
    "getfilesmsg": MEMBERS,
    "getfilelabelsmsg": MEMBERS,
    "removefilemsg": MEMBERS,
    "createsnapshotmsg": MEMBERS,
    "getsnapshotmsg": MEMBERS,
    "getsnapshotsmsg": MEMBERS,
    "removesnapshotmsg": MEMBERS,
    "removeallsnapshotmsg": MEMBERS,
    "addlocationmsg": COLONY_OWNER,
    "getlocationmsg": REGISTERED,
    "getlocationsmsg": REGISTERED,
    "removelocationmsg": COLONY_OWNER,
    # Of members only who started the process, and who runs it: here the user and the approved executor.
    "channelappendmsg": MEMBERS,
    "channelreadmsg": MEMBERS,
    "addblueprintdefinitionmsg": COLONY_OWNER,
    "getblueprintdefinitionmsg": MEMBERS_OR_OWNER,
    "getblueprintdefinitionsmsg": MEMBERS_OR_OWNER,
    "removeblueprintdefinitionmsg": COLONY_OWNER,
    "addblueprintmsg": MEMBERS_OR_OWNER,
    "getblueprintmsg": MEMBERS_OR_OWNER,
    "getblueprintsmsg": MEMBERS_OR_OWNER,
    "updateblueprintmsg": MEMBERS_OR_OWNER,
    "updateblueprintstatusmsg": MEMBERS,
    "removeblueprintmsg": MEMBERS_OR_OWNER,
    "reconcileblueprintmsg": MEMBERS,
    "getblueprinthistorymsg": MEMBERS_OR_OWNER,
}

SILENTLY_REFUSED = ("getcolonystatsmsg", "getprocesshistmsg")
"""A real server refuses these with an empty body and status 200."""


@dataclass(frozen=True)
class World:
    """A colony in which every message has something to be about."""

    bench: Harness
    keys: dict[str, PrivateKey]
    waiting: str
    """Id of a process that waits for the approved executor."""
    running: str
    """Id of a process that the approved executor runs."""
    attribute: str
    function: str
    workflows: WorkflowWorld
    files: FileWorld

    def executor_of(self, caller: str) -> str:
        """Name of the executor that a caller speaks of."""
        return "pending" if caller == "pending executor" else "approved"


async def make_world(bench: Harness) -> World:
    approved, pending = await bench.register("approved"), await bench.register("pending", approved=False)
    await bench.submit(env={"K": "v"})
    running = await bench.assign(approved)
    attribute = Attribute(targetid=running.processid, key="key", value="value")
    added = await bench.send(AddAttribute(attribute=attribute), approved)
    await bench.send(AddLog(processid=running.processid, message="a line"), approved)
    function = Function(executorname="approved", colonyname=COLONY, funcname="echo")
    registered = await bench.send(AddFunction(fun=function), approved)
    workflows = await make_workflow_world(bench, approved)
    files = await make_file_world(bench, approved)
    waiting = await bench.submit()
    keys = (bench.server_key, bench.colony_key, approved, pending, bench.user_key, bench.outsider_key)
    return World(
        bench,
        dict(zip(CALLERS, keys, strict=True)),
        waiting.processid,
        running.processid,
        added.attributeid,
        registered.functionid,
        workflows,
        files,
    )


def a_request(msgtype: str, world: World, caller: str) -> dict[str, Any]:
    """Return the keys and values of a request that succeeds when the role allows it."""
    colony = {"colonyname": COLONY}
    named = {**colony, "executorname": "approved"}
    own = {**colony, "executorname": world.executor_of(caller)}
    conditions = {**colony, "executortype": "cli"}
    running, waiting = {"processid": world.running}, {"processid": world.waiting}
    requests: dict[str, dict[str, Any]] = {
        "addcolonymsg": {"colony": {"colonyid": random_id(), "name": "another"}},
        "addusermsg": {"user": {**colony, "userid": random_id(), "name": "newcomer"}},
        "getusermsg": {**colony, "name": "operator"},
        "getuserbyidmsg": {**colony, "userid": world.keys["user"].identity},
        "removeusermsg": {**colony, "name": "operator"},
        "changecolonyidmsg": {**colony, "colonyid": random_id()},
        "changeserveridmsg": {"serverid": random_id()},
        "changeuseridmsg": {**colony, "userid": random_id()},
        "addexecutormsg": {
            "executor": {**colony, "executorid": random_id(), "executorname": "newcomer", "executortype": "cli"}
        },
        "approveexecutormsg": named,
        "rejectexecutormsg": named,
        "removeexecutormsg": named,
        "getexecutormsg": named,
        "getexecutorbyidmsg": {**colony, "executorid": world.keys["approved executor"].identity},
        "updateexecutormsg": {**own, "capabilities": {"hardware": [], "software": []}},
        "reportallocationmsg": {**own, "allocations": {"projects": {}}},
        "changeexecutoridmsg": {**colony, "executorid": random_id()},
        "addfunctionmsg": {"fun": {**named, "funcname": "another"}},
        "removefunctionmsg": {"functionid": world.function},
        "submitfuncspecmsg": {"spec": {"funcname": "echo", "conditions": conditions}},
        "assignprocessmsg": {**colony, "timeout": -1},
        "getprocessmsg": running,
        "getprocessesmsg": {**colony, "count": 10, "state": 0},
        "getprocesshistmsg": {**colony, "seconds": 100, "state": 0},
        "removeprocessmsg": waiting,
        "cancelprocessmsg": waiting,
        "removeallprocessesmsg": {**colony, "state": 0},
        "setoutputmsg": {**running, "out": ["x"]},
        "closesuccessfulmsg": {**running, "out": ["x"]},
        "closefailedmsg": {**running, "errors": ["x"]},
        "addattributemsg": {
            "attribute": {"targetid": world.running, "targetcolonyname": COLONY, "key": "new", "value": "x"}
        },
        "getattributemsg": {"attributeid": world.attribute},
        "addlogmsg": {**running, "message": "x"},
        "addexecutorlogmsg": {**named, "message": "x"},
        "getlogsmsg": {**colony, **running, "count": 10},
        "searchlogsmsg": {**colony, "text": "line", "days": 1, "count": 10},
        **workflow_requests(world.workflows),
        **file_requests(world.files),
    }
    return {**requests.get(msgtype, colony), "msgtype": msgtype}


async def check(msgtype: str, expected: Statuses, *, real_quirks: bool) -> None:
    """Send a message as everybody. Who is refused shares a world; who is let in gets a fresh one."""
    is_silent = real_quirks and msgtype in SILENTLY_REFUSED
    by_caller = dict(zip(CALLERS, expected, strict=True))
    refused = [caller for caller in CALLERS if by_caller[caller] != 200]
    for callers in (refused, *([caller] for caller in CALLERS if caller not in refused)):
        async with harness(real_quirks=real_quirks) as bench:
            world = await make_world(bench)
            for caller in callers:
                response = await bench.post(msgtype, a_request(msgtype, world, caller), world.keys[caller])
                is_silenced = is_silent and caller in refused
                assert response.status_code == (200 if is_silenced else by_caller[caller]), caller
                assert (response.content == b"") == is_silenced, caller


def test_the_table_is_complete() -> None:
    assert colonies_tui.localserver.handlers.__all__  # importing them has filled HANDLERS
    spoken = {msgtype for msgtype, message in MESSAGES.items() if msgtype in SUBJECT_OF and not message.over_websocket}
    assert EXPECTED.keys() == HANDLERS.keys() == spoken


@pytest.mark.parametrize("msgtype", EXPECTED)
async def test_role(msgtype: str) -> None:
    await check(msgtype, EXPECTED[msgtype], real_quirks=False)


@pytest.mark.parametrize("msgtype", EXPECTED)
async def test_role_with_real_quirks(msgtype: str) -> None:
    await check(msgtype, EXPECTED[msgtype], real_quirks=True)


async def _reject(bench: Harness) -> None:
    await bench.post(
        "rejectexecutormsg",
        {"msgtype": "rejectexecutormsg", "colonyname": COLONY, "executorname": "approved"},
        bench.colony_key,
    )


async def _remove(bench: Harness) -> None:
    await bench.post(
        "removeexecutormsg",
        {"msgtype": "removeexecutormsg", "colonyname": COLONY, "executorname": "approved"},
        bench.colony_key,
    )


@pytest.mark.parametrize("lose_approval", [_reject, _remove])
async def test_who_lost_the_approval_is_like_one_that_waits_for_it(
    bench: Harness, lose_approval: Callable[[Harness], Awaitable[None]]
) -> None:
    world = await make_world(bench)
    await lose_approval(bench)
    key = world.keys["approved executor"]
    for msgtype, status in (("getexecutorsmsg", 200), ("getprocessesmsg", 403), ("assignprocessmsg", 403)):
        assert (await bench.post(msgtype, a_request(msgtype, world, "user"), key)).status_code == status


async def test_members_of_one_colony_are_strangers_in_another(bench: Harness) -> None:
    world = await make_world(bench)
    owner = PrivateKey.new()
    colony = {"colonyid": owner.identity, "name": "other"}
    added = await bench.post("addcolonymsg", {"msgtype": "addcolonymsg", "colony": colony}, bench.server_key)
    assert added.status_code == 200
    for msgtype in ("getcolonymsg", "getexecutorsmsg", "getusersmsg", "pauseassignmentsmsg"):
        for caller in CALLERS:
            response = await bench.post(msgtype, {"msgtype": msgtype, "colonyname": "other"}, world.keys[caller])
            assert response.status_code == 403, (msgtype, caller)
    response = await bench.post("getprocessmsg", {"msgtype": "getprocessmsg", "processid": world.waiting}, owner)
    assert response.status_code == 403


async def test_the_first_registration_of_a_key_is_the_one_that_counts(bench: Harness) -> None:
    key = await bench.register("first")
    again = {"executorid": key.identity, "executorname": "second", "executortype": "cli", "colonyname": COLONY}
    await bench.post("addexecutormsg", {"msgtype": "addexecutormsg", "executor": again}, bench.colony_key)
    for name, msgtype in (("second", "approveexecutormsg"), ("first", "removeexecutormsg")):
        named = {"msgtype": msgtype, "colonyname": COLONY, "executorname": name}
        assert (await bench.post(msgtype, named, bench.colony_key)).status_code == 200
    assign = {"msgtype": "assignprocessmsg", "colonyname": COLONY, "timeout": -1}
    assert (await bench.post("assignprocessmsg", assign, key)).status_code == 403


async def test_a_new_owner_key_takes_over_from_the_old(bench: Harness) -> None:
    for msgtype, field, old, probe in (
        ("changeserveridmsg", "serverid", bench.server_key, "getcoloniesmsg"),
        ("changecolonyidmsg", "colonyid", bench.colony_key, "resumeassignmentsmsg"),
        ("changeuseridmsg", "userid", bench.user_key, "getcolonymsg"),
    ):
        new = PrivateKey.new()
        change = {"msgtype": msgtype, "colonyname": COLONY, field: new.identity}
        assert (await bench.post(msgtype, change, old)).status_code == 200
        for key, status in ((old, 403), (new, 200)):
            response = await bench.post(probe, {"msgtype": probe, "colonyname": COLONY}, key)
            assert response.status_code == status, probe
