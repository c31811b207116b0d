"""From words of the command line to a typed request."""

from __future__ import annotations

import json
from typing import Any

import pytest

from colonies_tui.cli.message_catalogue import as_json, details, message_named, summary
from colonies_tui.cli.message_fields import WrongInput, fields_of, leaves
from colonies_tui.cli.request_text import request_from, values_from
from colonies_tui.protocol.messages import blueprint, channel, file, location, schedule, workflow
from colonies_tui.protocol.messages.colony import AddColony, AddUser, GetColony, RemoveColony
from colonies_tui.protocol.messages.every import MESSAGES
from colonies_tui.protocol.messages.executor import AddExecutor
from colonies_tui.protocol.messages.process import GetProcess, GetProcesses, SetOutput, SubmitProcess
from colonies_tui.protocol.request import Request

SUBJECTS = (blueprint, channel, file, location, schedule, workflow)
"""Imported so that every message is known here."""


def made(kind: type[Request[Any]], *assignments: str, base: str | None = None) -> dict[str, Any]:
    """Return the payload of the message that words make."""
    return request_from(kind, values_from(kind, base, assignments), "dev").payload()


def spec(*assignments: str, base: str | None = None) -> Any:
    return made(SubmitProcess, "spec.conditions.executortype=cli", *assignments, base=base)["spec"]


@pytest.mark.parametrize(
    ("assignment", "key", "value"),
    [
        ("spec.funcname=echo", "funcname", "echo"),
        ("spec.funcname=17", "funcname", "17"),
        ("spec.funcname=null", "funcname", "null"),
        ('spec.funcname="17"', "funcname", "17"),
        ("spec.funcname=a=b", "funcname", "a=b"),
        ("spec.funcname=", "funcname", ""),
        ("spec.priority=-3", "priority", -3),
        ("SPEC.FuncName=echo", "funcname", "echo"),
        ("spec.args.0=x", "args", ["x"]),
        ('spec.args=["x", 1, {"a": null}]', "args", ["x", 1, {"a": None}]),
        ("spec.args.0.deep.0=1", "args", [{"deep": [1]}]),
        ("spec.kwargs.times=2", "kwargs", {"times": 2}),
        ("spec.kwargs.text=NaN", "kwargs", {"text": "NaN"}),
        ("spec.kwargs.list.0=true", "kwargs", {"list": [True]}),
        ("spec.env.N=1", "env", {"N": "1"}),
        ('spec.channels=["a"]', "channels", ["a"]),
        ("spec.channels.0=1", "channels", ["1"]),
    ],
)
def test_values_are_typed_by_the_message(assignment: str, key: str, value: object) -> None:
    assert spec(assignment)[key] == value


def test_words_go_over_json_and_lists_grow() -> None:
    base = json.dumps({"spec": {"funcname": "a", "args": [1], "conditions": {"executortype": "cli"}, "label": "kept"}})
    found = spec("spec.funcname=b", "spec.args.1=2", "spec.args.0=x", base=base)
    assert (found["funcname"], found["args"], found["label"]) == ("b", ["x", 2], "kept")


def test_json_may_name_its_message_type_and_states_by_name() -> None:
    base = '{"msgtype": "getprocessesmsg", "State": "successful", "count": 1}'
    assert made(GetProcesses, base=base)["state"] == 2


@pytest.mark.parametrize("state", ["failed", "FAILED", "3"])
def test_a_state_is_given_by_name_or_number(state: str) -> None:
    assert made(GetProcesses, f"state={state}", "count=1")["state"] == 3


def test_the_alias_of_the_wire_and_the_name_of_the_field_are_the_same() -> None:
    for key in ("payload", "content"):
        found = made(channel.AppendToChannel, "processid=p", "name=n", "sequence=1", f"{key}=aGk=")
        assert found["payload"] == "aGk="


# -- the colony --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "assignments", "path"),
    [
        (GetColony, (), "colonyname"),
        (SubmitProcess, (), "spec.conditions.colonyname"),
        (SubmitProcess, ("spec.conditions.executortype=cli",), "spec.conditions.colonyname"),
        (AddUser, ("user.name=x",), "user.colonyname"),
        (AddExecutor, (), "executor.colonyname"),
        (file.AddFile, ("file.name=x",), "file.colonyname"),
        (workflow.SubmitWorkflow, (), "spec.colonyname"),
        (schedule.AddCron, (), "cron.colonyname"),
        (blueprint.GetBlueprint, ("name=x",), "namespace"),
        (blueprint.AddBlueprint, (), "blueprint.metadata.colonyname"),
    ],
)
def test_the_colony_is_the_profiles_where_none_is_given(
    kind: type[Request[Any]], assignments: tuple[str, ...], path: str
) -> None:
    assert _at(made(kind, *assignments), path) == "dev"
    assert _at(made(kind, *assignments, f"{path}=other"), path) == "other"


def _at(value: Any, path: str) -> Any:
    for part in path.split("."):
        value = value[part]
    return value


def test_a_colony_is_removed_only_by_its_name() -> None:
    with pytest.raises(WrongInput, match="needs colonyname"):
        made(RemoveColony)
    assert "the profile's colony" not in "\n".join(details(RemoveColony))


def test_nothing_is_invented_where_no_colony_belongs() -> None:
    assert made(AddColony, "colony.name=x")["colony"] == {"colonyid": "", "name": "x"}
    assert made(SetOutput, "processid=p")["out"] == []


# -- refusals ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("assignments", "base", "reason"),
    [
        (("procesid=1",), None, "getprocessmsg has no field 'procesid': did you mean 'processid'?"),
        (("quark=1",), None, "getprocessmsg has no field 'quark'; it has processid"),
        (("processid",), None, "'processid' is not of the form key=value"),
        (("=1",), None, "is not of the form key=value"),
        (("processid.x=1",), None, "processid is a single value: there is no processid.x"),
        ((), None, "getprocessmsg needs processid"),
        ((), "{", "--json: this is not JSON"),
        ((), "[" * 100_000, "--json: this is not JSON"),
        ((), '{"processid": NaN}', "NaN is not JSON"),
        ((), "[]", "--json: an object is needed"),
        ((), '{"processid": 1}', "processid: Input should be a valid string"),
        ((), '{"msgtype": "versionmsg"}', "its msgtype is 'versionmsg', not 'getprocessmsg'"),
        ((), '{"processes": ""}', "did you mean 'processid'"),
    ],
)
def test_what_does_not_fit_is_refused(assignments: tuple[str, ...], base: str | None, reason: str) -> None:
    with pytest.raises(WrongInput) as caught:
        made(GetProcess, *assignments, base=base)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("assignment", "reason"),
    [
        ("spec.args.1=x", "spec.args is a list with 0 items so far: its next is spec.args.0"),
        ("spec.args.first=x", "its next is spec.args.0"),
        ("spec.conditions.cpus=1", "spec.conditions has no field 'cpus': did you mean 'cpu'?"),
        ('spec.conditions={"cpus": 1}', "spec.conditions has no field 'cpus': did you mean 'cpu'?"),
        ('spec={"fs": {"dirs": [{"lable": "x"}]}}', "spec.fs.dirs.0 has no field 'lable': did you mean 'label'?"),
        ("spec.priority=high", "spec.priority: Input should be a valid integer"),
    ],
)
def test_what_does_not_fit_deep_inside_is_refused(assignment: str, reason: str) -> None:
    with pytest.raises(WrongInput) as caught:
        spec(assignment)
    assert reason in str(caught.value)


def test_a_state_that_does_not_exist() -> None:
    with pytest.raises(WrongInput, match="state: 'dead' is none of 0 waiting, 1 running, 2 success, 3 failed, 4 canc"):
        made(GetProcesses, "state=dead", "count=1")


# -- the catalogue -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["getprocessmsg", "getprocess", "GetProcess", "GETPROCESSMSG"])
def test_a_message_is_found_with_and_without_its_suffix(text: str) -> None:
    assert message_named(text) is GetProcess


def test_the_other_spelling_of_the_older_document() -> None:
    assert message_named("removeallsnapshotsmsg") is file.RemoveAllSnapshots
    assert message_named("removeallsnapshots") is file.RemoveAllSnapshots


def test_a_message_that_does_not_exist() -> None:
    with pytest.raises(WrongInput, match=r"there is no message 'getproces': did you mean getprocess"):
        message_named("getproces")
    with pytest.raises(WrongInput, match="call --list shows all"):
        message_named("quux")


def test_the_lists_hold_every_message_with_role_and_fields() -> None:
    assert len(SUBJECTS) == 6
    assert len(MESSAGES) > 85
    rows = {line.split()[0]: line for line in summary()[1:]}
    described = {entry["msgtype"]: entry for entry in as_json()}
    assert set(rows) == set(described) == set(MESSAGES)
    for name, kind in MESSAGES.items():
        assert f" {kind.role.value} " in rows[name]
        assert described[name]["role"] == kind.role.value
        assert described[name]["description"]
        assert "`" not in described[name]["description"]
        for key, _ in fields_of(kind):
            assert key in rows[name]
            assert any(field["path"].split(".")[0] == key for field in described[name]["fields"])


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_every_value_of_every_message_can_be_given_by_its_path(name: str) -> None:
    kind = MESSAGES[name]
    samples = {"text": "t", "integer": 1, "number": 1.5, "true or false": True, "any JSON": 1}
    for leaf in leaves(kind):
        if leaf.type_words.startswith("list"):
            value: object = []
        elif leaf.type_words.startswith(("object", "{")):
            value = {}
        elif leaf.type_words.startswith("time"):
            value = "2026-01-01T00:00:00Z"
        else:
            value = samples.get(leaf.type_words, 1)
        text = value if isinstance(value, str) else json.dumps(value)
        found = _at(values_from(kind, None, [f"{leaf.path}={text}"]), leaf.path)
        assert found == value
