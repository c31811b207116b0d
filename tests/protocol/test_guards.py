"""What would damage a real server is refused before it is sent."""

from __future__ import annotations

from typing import Any

import pytest

from colonies_tui.protocol.envelope import encode_request
from colonies_tui.protocol.errors import UnsafeRequest
from colonies_tui.protocol.guards import check_cpu, check_id, check_name, check_size
from colonies_tui.protocol.messages.colony import AddColony, AddUser, ChangeColonyId, ChangeServerId, ChangeUserId
from colonies_tui.protocol.messages.executor import AddExecutor, AddFunction, ChangeExecutorId
from colonies_tui.protocol.messages.log import GetLogs, SearchLogs
from colonies_tui.protocol.messages.process import AssignProcess, GetProcesses, RemoveAllProcesses, SubmitProcess
from colonies_tui.protocol.messages.subscription import SubscribeProcess, SubscribeProcesses
from colonies_tui.protocol.models.colony import Colony, User
from colonies_tui.protocol.models.executor import Executor, Function, Gpu
from colonies_tui.protocol.models.process import Conditions, FunctionSpec
from colonies_tui.protocol.request import Request
from colonies_tui.protocol.states import ProcessState

ID = "0123456789abcdef" * 4


def spec(**changes: Any) -> FunctionSpec:
    """Return a specification that is accepted, with changes; those of conditions are named with a leading ``c_``."""
    conditions = {"colonyname": "dev", "executortype": "cli"}
    conditions |= {key[2:]: value for key, value in changes.items() if key.startswith("c_")}
    own = {key: value for key, value in changes.items() if not key.startswith("c_")}
    return FunctionSpec.model_validate({"funcname": "echo", **own, "conditions": Conditions.model_validate(conditions)})


def submit(**changes: Any) -> SubmitProcess:
    return SubmitProcess(spec=spec(**changes))


def subscribe(timeout: int) -> SubscribeProcess:
    return SubscribeProcess(processid=ID, state=ProcessState.SUCCESS, timeout=timeout)


SAFE: list[Request[Any]] = [
    AddColony(colony=Colony(name="dev", colonyid=ID)),
    AddUser(user=User(name="åsa 2", userid=ID)),
    AddExecutor(executor=Executor(executorname="e1", executorid=ID)),
    AddFunction(fun=Function(executorname="e1", funcname="echo")),
    ChangeColonyId(colonyname="dev", colonyid=ID),
    ChangeServerId(serverid=ID),
    ChangeUserId(colonyname="dev", userid=ID),
    ChangeExecutorId(colonyname="dev", executorid=ID),
    submit(),
    submit(priority=50_000, maxwaittime=-1, maxexectime=-1),
    submit(priority=-50_000, maxwaittime=0, maxexectime=1),
    submit(c_cpu="1000m", c_mem="500Mi", c_storage="10G", c_gpu=Gpu(mem="2Gi")),
    AssignProcess(colonyname="dev", timeout=-1),
    AssignProcess(colonyname="dev", timeout=30),
    GetProcesses(colonyname="dev", count=100, state=ProcessState.WAITING),
    GetLogs(colonyname="dev", count=500),
    SearchLogs(colonyname="dev", text="x", days=30, count=100),
    *(RemoveAllProcesses(colonyname="dev", state=state) for state in (-1, 0, 2, 3, 4)),
    subscribe(1),
    subscribe(3600),
]

UNSAFE: list[tuple[Request[Any], str]] = [
    (AddColony(colony=Colony(name="", colonyid=ID)), "needs a name"),
    (AddColony(colony=Colony(name="a:b", colonyid=ID)), "colon"),
    (AddColony(colony=Colony(name="dev", colonyid=ID.upper())), "lower-case"),
    (AddColony(colony=Colony(name="dev", colonyid=ID[1:])), "64"),
    (AddUser(user=User(name="a:b", userid=ID)), "user's name"),
    (AddUser(user=User(name="a", userid="")), "user id"),
    (AddExecutor(executor=Executor(executorname="a:b", executorid=ID)), "executor's name"),
    (AddExecutor(executor=Executor(executorname="a", executorid="x")), "executor id"),
    (AddFunction(fun=Function(executorname="a:b")), "executor's name"),
    (ChangeColonyId(colonyname="dev", colonyid="x"), "colony id"),
    (ChangeServerId(serverid=""), "server id"),
    (ChangeUserId(colonyname="dev", userid="x"), "user id"),
    (ChangeExecutorId(colonyname="dev", executorid="x"), "executor id"),
    (submit(c_colonyname=""), "colonyname is missing"),
    (submit(c_executortype=""), "executortype is missing"),
    (submit(priority=50_001), "priority"),
    (submit(priority=-50_001), "priority"),
    (submit(maxexectime=0), "end the process at once"),
    (submit(maxexectime=-2), "maxexectime"),
    (submit(maxwaittime=-2), "maxwaittime"),
    (submit(c_cpu="2"), "suffix m"),
    (submit(c_mem="1.5Gi"), "mem is a whole number"),
    (submit(c_storage="10GB"), "storage is a whole number"),
    (submit(c_gpu=Gpu(mem="2 Gi")), r"gpu\.mem is a whole number"),
    (AssignProcess(colonyname="dev", timeout=0), "0 is refused"),
    (GetProcesses(colonyname="dev", count=101, state=ProcessState.WAITING), "at most 100"),
    (GetProcesses(colonyname="dev", count=-1, state=ProcessState.WAITING), "at most 100"),
    (GetLogs(colonyname="dev", count=501), "at most 500"),
    (GetLogs(colonyname="dev", count=-1), "at most 500"),
    (SearchLogs(colonyname="dev", text="x", days=31, count=100), "30 days"),
    (SearchLogs(colonyname="dev", text="x", days=1, count=101), "100 rows"),
    (RemoveAllProcesses(colonyname="dev", state=1), "running ones alone"),
    (RemoveAllProcesses(colonyname="dev", state=5), "the state to remove"),
    (RemoveAllProcesses(colonyname="dev", state=-2), "the state to remove"),
    (subscribe(0), "between 1 and 3600"),
    (subscribe(-1), "between 1 and 3600"),
    (subscribe(3601), "between 1 and 3600"),
    (SubscribeProcesses(executortype="cli", state=ProcessState.FAILED, timeout=0), "between 1 and 3600"),
]


@pytest.mark.parametrize("request_", SAFE, ids=lambda request: request.msgtype)
def test_safe_requests_are_encoded(request_: Request[Any]) -> None:
    assert encode_request(request_, None)


@pytest.mark.parametrize(("request_", "words"), UNSAFE, ids=[f"{r.msgtype}: {w}" for r, w in UNSAFE])
def test_unsafe_requests_are_refused_with_the_reason(request_: Request[Any], words: str) -> None:
    with pytest.raises(UnsafeRequest, match=words):
        encode_request(request_, None)


@pytest.mark.parametrize("text", ["", "0m", "1000m"])
def test_cpu_texts_that_are_read_rightly(text: str) -> None:
    check_cpu(text)


@pytest.mark.parametrize("text", ["1", "1.5m", "m", "1000 m", "-1m", "1M", "1000m\n", "１m"])
def test_cpu_texts_that_are_not(text: str) -> None:
    with pytest.raises(UnsafeRequest, match="millicores"):
        check_cpu(text)


@pytest.mark.parametrize("text", ["", "0Mi", "500Mi", "1Gi", "10Ki", "5K", "5M", "5G"])
def test_sizes_that_are_read_rightly(text: str) -> None:
    check_size(text, "mem")


@pytest.mark.parametrize("text", ["500", "Mi", "1.5Gi", "1 Gi", "1mi", "1T", "-1Mi", "1Mi\n", "１Mi"])
def test_sizes_that_are_not(text: str) -> None:
    with pytest.raises(UnsafeRequest, match="whole number"):
        check_size(text, "mem")


@pytest.mark.parametrize("identity", [ID + "\n", " " + ID, "g" * 64, "０" * 64])
def test_ids_are_exact(identity: str) -> None:
    with pytest.raises(UnsafeRequest, match="64 lower-case"):
        check_id(identity, "user id")


def test_names_may_hold_anything_but_a_colon() -> None:
    check_name("[bold] å / 東京 \x1b", "user")
