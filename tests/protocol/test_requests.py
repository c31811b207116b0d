"""The mechanism of typed requests: what each declares, and that a server reads payloads as a real one does."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from colonies_tui.protocol.messages.colony import ChangeServerId, GetServerInfo
from colonies_tui.protocol.messages.every import MESSAGES
from colonies_tui.protocol.messages.executor import AddExecutor, UpdateExecutor
from colonies_tui.protocol.messages.log import GetLogs
from colonies_tui.protocol.messages.process import AssignProcess, GetProcesses, RemoveAllProcesses, SubmitProcess
from colonies_tui.protocol.models.executor import Capabilities, Executor, Hardware
from colonies_tui.protocol.models.process import Conditions, FunctionSpec, Process
from colonies_tui.protocol.request import Request
from colonies_tui.protocol.roles import Role
from colonies_tui.protocol.states import ExecutorState, ProcessState
from colonies_tui.protocol.times import UNSET

UNSIGNED = {"versionmsg", "getserverinfomsg"}


@pytest.mark.parametrize("kind", MESSAGES.values(), ids=MESSAGES)
def test_each_message_declares_what_the_layers_need(kind: type[Request[Any]]) -> None:
    assert MESSAGES[kind.msgtype] is kind
    assert kind.__doc__
    assert isinstance(kind.role, Role)
    assert (kind.role is Role.NOBODY) == (kind.msgtype in UNSIGNED)
    assert kind.reply_adapter() is kind.reply_adapter()
    assert kind.reply_msgtype in {kind.msgtype, "pausestatusreplymsg", "subscribeprocessmsg"}


@pytest.mark.parametrize("kind", MESSAGES.values(), ids=MESSAGES)
def test_messages_that_only_read_are_named_so(kind: type[Request[Any]]) -> None:
    reads = re.match(r"get|search|version|subscribe|channelread|resolve", kind.msgtype) is not None
    assert kind.changes is not reads


@pytest.mark.parametrize("kind", MESSAGES.values(), ids=MESSAGES)
def test_an_empty_payload_reads_as_zero_values(kind: type[Request[Any]]) -> None:
    request = kind.read({})
    assert kind.read(request.payload()) == request
    assert request.payload()["msgtype"] == kind.msgtype


def test_keys_are_read_in_any_case() -> None:
    request = GetProcesses.read({"ColonyName": "dev", "COUNT": 3, "State": 1, "executorType": "cli", "unknown": None})
    assert request == GetProcesses(colonyname="dev", count=3, state=ProcessState.RUNNING, executortype="cli")


def test_models_inside_are_read_as_a_server_reads_them() -> None:
    sent = {
        "Spec": {
            "FuncName": "echo",
            "fs": None,
            "env": None,
            "channels": None,
            "priority": None,
            "kwargs": {"Key": None},
            "args": [None, {"A": None}],
            "Conditions": {"ColonyName": "dev", "gpu": None, "executornames": None, "cpu": None},
        }
    }
    conditions = Conditions(colonyname="dev")
    spec = FunctionSpec(funcname="echo", args=(None, {"A": None}), kwargs={"Key": None}, conditions=conditions)
    assert SubmitProcess.read(sent) == SubmitProcess(spec=spec)
    hardware = {"hardware": [{"Model": "m", "gpu": None, "network": None}], "software": None}
    capabilities = AddExecutor.read({"executor": {"capabilities": hardware}}).executor.capabilities
    assert capabilities == Capabilities(hardware=(Hardware(model="m"),))


def test_left_out_keys_take_the_zero_value_and_not_a_safe_one() -> None:
    assert GetProcesses.read({"colonyname": "dev"}).state is ProcessState.WAITING
    assert RemoveAllProcesses.read({"colonyname": "dev"}).state == 0
    assert AssignProcess.read({}).timeout == 0
    assert SubmitProcess.read({}).spec == FunctionSpec()
    assert AddExecutor.read({}).executor.state is ExecutorState.PENDING
    assert ChangeServerId.read({}).serverid == ""
    assert ChangeServerId.read({"serverid": None}).serverid == ""


@pytest.mark.parametrize(
    "payload",
    [
        {"count": "x"},
        {"count": []},
        {"state": 7},
        {"colonyname": 5},
        {"colonyname": {}},
        {"executortype": ["cli"]},
    ],
)
def test_wrong_json_types_are_refused(payload: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        GetProcesses.read({"colonyname": "dev", "count": 1, "state": 0, **payload})


@given(
    st.sampled_from(sorted(MESSAGES)),
    st.dictionaries(
        st.sampled_from(["colonyname", "spec", "state", "count", "executor", "user", "processid", "fun", "attribute"])
        | st.text(max_size=4),
        st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.lists(st.none(), max_size=2) | st.just({}),
        max_size=5,
    ),
)
def test_any_payload_is_a_request_or_a_validation_error(msgtype: str, payload: dict[str, Any]) -> None:
    try:
        request = MESSAGES[msgtype].read(payload)
    except ValidationError:
        return
    assert request.payload()["msgtype"] == msgtype


def test_requests_and_models_are_frozen() -> None:
    request = GetLogs(colonyname="dev", count=1)
    with pytest.raises(ValidationError, match="frozen"):
        request.count = 2  # type: ignore[misc]  # the mistake that is refused
    assert Process() == Process()


def test_only_keys_that_a_server_omits_are_left_out() -> None:
    executor = Executor(executorname="e1").to_wire()
    assert executor["commissiontime"] == executor["lastheardfromtime"] == UNSET
    assert "locationname" not in executor
    assert "blueprintgen" not in executor
    assert Executor(locationname="").to_wire()["locationname"] == ""
    assert "availablecpu" not in AssignProcess(colonyname="dev", timeout=1).payload()


def test_nulls_inside_free_json_stay() -> None:
    spec = FunctionSpec(args=(None, {"a": None}), kwargs={"b": None}).to_wire()
    assert spec["args"] == [None, {"a": None}]
    assert spec["kwargs"] == {"b": None}


def test_the_input_of_a_process_has_its_own_key_on_the_wire() -> None:
    wire = Process(input=(1,)).to_wire()
    assert wire["in"] == [1]
    assert "input" not in wire
    assert Process.model_validate({"in": [1]}).input == (1,)


def test_limits_are_said_even_where_they_are_none() -> None:
    spec = SubmitProcess(spec=FunctionSpec()).payload()["spec"]
    assert (spec["maxwaittime"], spec["maxexectime"]) == (-1, -1)


def test_requests_without_keys_say_their_type_only() -> None:
    assert GetServerInfo().payload() == {"msgtype": "getserverinfomsg"}
    assert UpdateExecutor(colonyname="c", executorname="e", capabilities=Capabilities()).payload() == {
        "msgtype": "updateexecutormsg",
        "colonyname": "c",
        "executorname": "e",
        "capabilities": {"hardware": [], "software": []},
    }
