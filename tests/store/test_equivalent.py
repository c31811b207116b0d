"""The commands that do the same: the official client's by message, quoted for a shell, and never a secret in them."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pytest

from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.messages.every import MESSAGES
from colonies_tui.protocol.request import Request
from colonies_tui.store.equivalent import LEFT_OUT, commands_for, commands_of_payload
from colonies_tui.store.official_commands import _COMMANDS, ASKS
from tests.protocol.recordings import recordings

COLONY = "COLONIES_COLONY_NAME=dev"
ID = "abababab"

WITHOUT_A_COMMAND = {
    "addattributemsg",
    "addchildmsg",
    "addexecutorlogmsg",
    "addfilemsg",
    "cancelprocessmsg",
    "channelappendmsg",
    "reportallocationmsg",
    "setoutputmsg",
    "updateblueprintstatusmsg",
    "updateexecutormsg",
}
"""Messages that change something and that no command of the official client is known to send."""


def request(msgtype: str, **values: Any) -> Request[Any]:
    return MESSAGES[msgtype].model_validate(values)


def official(msgtype: str, **values: Any) -> str:
    return commands_for(request(msgtype, **values)).official


def test_every_message_that_changes_something_has_a_command_or_is_known_to_have_none() -> None:
    changing = {name for name, kind in MESSAGES.items() if kind.changes}
    assert {kind.msgtype for kind in _COMMANDS} == changing - WITHOUT_A_COMMAND


STEP = {"nodename": "a", "funcname": "f", "conditions": {"executortype": "cli"}}
WORKFLOW = {"colonyname": "dev", "functionspecs": [STEP]}


OFFICIAL: list[tuple[str, dict[str, Any], str]] = [
    (
        "approveexecutormsg",
        {"colonyname": "dev", "executorname": "gpu 9"},
        "COLONIES_COLONY_NAME=dev colonies executor approve --name 'gpu 9'",
    ),
    (
        "rejectexecutormsg",
        {"colonyname": "dev", "executorname": "gpu 9"},
        "COLONIES_COLONY_NAME=dev colonies executor reject --name 'gpu 9'",
    ),
    (
        "removeexecutormsg",
        {"colonyname": "dev", "executorname": "gpu 9"},
        "COLONIES_COLONY_NAME=dev colonies executor remove --name 'gpu 9'",
    ),
    (
        "changeexecutoridmsg",
        {"colonyname": "dev", "executorid": "abababab"},
        "COLONIES_COLONY_NAME=dev colonies executor chid --executorid abababab",
    ),
    ("removeprocessmsg", {"processid": "abababab"}, "colonies process remove --processid abababab"),
    (
        "removeallprocessesmsg",
        {"colonyname": "dev", "state": 3},
        "COLONIES_COLONY_NAME=dev colonies process removeall --failed",
    ),
    (
        "removeallprocessesmsg",
        {"colonyname": "dev", "state": -1},
        "COLONIES_COLONY_NAME=dev colonies process removeall",
    ),
    (
        "removeallprocessgraphsmsg",
        {"colonyname": "dev", "state": 2},
        "COLONIES_COLONY_NAME=dev colonies workflow removeall --successful",
    ),
    ("removeprocessgraphmsg", {"processgraphid": "abababab"}, "colonies workflow remove --workflowid abababab"),
    ("cancelprocessgraphmsg", {"processgraphid": "abababab"}, "colonies workflow cancel --workflowid abababab"),
    (
        "closesuccessfulmsg",
        {"processid": "abababab", "out": ["a,b", 'c"']},
        'colonies process close --processid abababab --out \'"a,b"\' --out \'"c"""\'',
    ),
    (
        "closefailedmsg",
        {"processid": "abababab", "errors": ["no room"]},
        "colonies process fail --processid abababab --errors 'no room'",
    ),
    (
        "assignprocessmsg",
        {"colonyname": "dev", "timeout": -1},
        "COLONIES_COLONY_NAME=dev colonies process assign --timeout=-1",
    ),
    ("runcronmsg", {"cronid": "abababab"}, "colonies cron run --cronid abababab"),
    ("removecronmsg", {"cronid": "abababab"}, "colonies cron remove --cronid abababab"),
    (
        "packgeneratormsg",
        {"generatorid": "abababab", "arg": "it's"},
        "colonies generator pack --generatorid abababab --arg 'it'\"'\"'s'",
    ),
    ("removegeneratormsg", {"generatorid": "abababab"}, "colonies generator remove --generatorid abababab"),
    (
        "addusermsg",
        {"user": {"colonyname": "dev", "userid": "abababab", "name": "anna", "email": "a@b"}},
        "COLONIES_COLONY_NAME=dev colonies user add --name anna --userid abababab --email a@b",
    ),
    (
        "removeusermsg",
        {"colonyname": "dev", "name": "anna"},
        "COLONIES_COLONY_NAME=dev colonies user remove --name anna",
    ),
    (
        "changeuseridmsg",
        {"colonyname": "dev", "userid": "abababab"},
        "COLONIES_COLONY_NAME=dev colonies user chid --userid abababab",
    ),
    (
        "addcolonymsg",
        {"colony": {"colonyid": "abababab", "name": "new"}},
        "colonies colony add --colonyid abababab --name new",
    ),
    ("removecolonymsg", {"colonyname": "dev"}, "colonies colony remove --name dev"),
    (
        "changecolonyidmsg",
        {"colonyname": "dev", "colonyid": "abababab"},
        "COLONIES_COLONY_NAME=dev colonies colony chid --colonyid abababab",
    ),
    ("changeserveridmsg", {"serverid": "abababab"}, "colonies server chid --serverid abababab"),
    (
        "pauseassignmentsmsg",
        {"colonyname": "dev"},
        'COLONIES_COLONY_NAME=dev COLONIES_PRVKEY="$COLONIES_COLONY_PRVKEY" colonies process pause',
    ),
    (
        "resumeassignmentsmsg",
        {"colonyname": "dev"},
        'COLONIES_COLONY_NAME=dev COLONIES_PRVKEY="$COLONIES_COLONY_PRVKEY" colonies process resume',
    ),
    (
        "addlocationmsg",
        {"location": {"locationid": "abababab", "name": "rack", "colonyname": "dev", "long": -4.5}},
        "COLONIES_COLONY_NAME=dev colonies location add --name rack --long=-4.5 --lat=0.0",
    ),
    (
        "removelocationmsg",
        {"colonyname": "dev", "name": "rack"},
        "COLONIES_COLONY_NAME=dev colonies location remove --name rack",
    ),
    (
        "removefilemsg",
        {"colonyname": "dev", "label": "/a", "name": "b"},
        "COLONIES_COLONY_NAME=dev colonies fs remove --label /a --name b",
    ),
    (
        "removefilemsg",
        {"colonyname": "dev", "fileid": "abababab"},
        "COLONIES_COLONY_NAME=dev colonies fs remove --fileid abababab",
    ),
    (
        "createsnapshotmsg",
        {"colonyname": "dev", "label": "/a/", "name": "s"},
        "COLONIES_COLONY_NAME=dev colonies fs snapshot create --label /a/ --snapshotname s",
    ),
    (
        "removesnapshotmsg",
        {"colonyname": "dev", "name": "s"},
        "COLONIES_COLONY_NAME=dev colonies fs snapshot remove --snapshotname s",
    ),
    ("removeallsnapshotmsg", {"colonyname": "dev"}, "COLONIES_COLONY_NAME=dev colonies fs snapshot removeall"),
    ("addlogmsg", {"processid": "abababab", "message": "-x"}, "colonies log add --processid abababab --msg=-x"),
    (
        "addexecutormsg",
        {"executor": {"executorid": "abababab", "executorname": "e", "executortype": "t", "colonyname": "dev"}},
        "COLONIES_COLONY_NAME=dev colonies executor add --executorid abababab --name e --type t",
    ),
    (
        "addfunctionmsg",
        {"fun": {"executorname": "e", "funcname": "f", "colonyname": "dev"}},
        "COLONIES_COLONY_NAME=dev colonies function register --name e --func f",
    ),
    ("removefunctionmsg", {"functionid": "abababab"}, "colonies function remove --functionid abababab"),
    (
        "reconcileblueprintmsg",
        {"namespace": "dev", "name": "b", "force": True},
        "COLONIES_COLONY_NAME=dev colonies blueprint reconcile --name b --force",
    ),
    (
        "removeblueprintmsg",
        {"namespace": "dev", "name": "b"},
        "COLONIES_COLONY_NAME=dev colonies blueprint remove --name b",
    ),
    (
        "removeblueprintdefinitionmsg",
        {"namespace": "dev", "name": "b"},
        "COLONIES_COLONY_NAME=dev colonies blueprint definition remove --name b",
    ),
]
"""Message, its values, and the official command for it."""


@pytest.mark.parametrize(("msgtype", "values", "command"), OFFICIAL)
def test_the_official_command(msgtype: str, values: dict[str, Any], command: str) -> None:
    assert official(msgtype, **values) == command


def specification(command: str) -> tuple[Any, list[str]]:
    """Return what a command gets on its standard input, and the command."""
    words = shlex.split(command)
    assert words[:2] == ["printf", "%s"]
    assert words[3] == "|"
    assert words[-2:] == ["--spec", "/dev/stdin"]
    return json.loads(words[2]), words[4:-2]


def test_specifications_are_given_on_the_standard_input() -> None:
    spec = {"funcname": "echo", "args": ["it's $HOME"], "conditions": {"colonyname": "dev", "executortype": "cli"}}
    given, words = specification(official("submitfuncspecmsg", spec=spec))
    assert given == {**spec, "maxwaittime": -1, "maxexectime": -1}
    assert words == ["colonies", "function", "submit"]

    steps = [{**STEP, "maxwaittime": -1, "maxexectime": -1}]
    given, words = specification(official("submitworkflowspecmsg", spec=WORKFLOW))
    assert (given, words) == (steps, [COLONY, "colonies", "workflow", "submit"])

    cron = {"name": "n", "colonyname": "dev", "workflowspec": json.dumps(WORKFLOW)}
    given, words = specification(official("addcronmsg", cron={**cron, "interval": -1, "cronexpression": "0 0 3 * * *"}))
    assert given == steps
    assert words == [COLONY, "colonies", "cron", "add", "--name", "n", "--cron", "0 0 3 * * *"]
    given, words = specification(
        official("addcronmsg", cron={**cron, "interval": 60, "random": True, "waitforprevprocessgraph": True})
    )
    assert words[3:] == ["add", "--name", "n", "--interval", "60", "--random", "--waitprevious"]

    generator = {"name": "g", "colonyname": "dev", "workflowspec": json.dumps(WORKFLOW), "trigger": 3, "timeout": 5}
    given, words = specification(official("addgeneratormsg", generator=generator))
    assert given == steps
    assert words == [COLONY, *["colonies", "generator", "add", "--name", "g", "--trigger", "3", "--timeout", "5"]]


@pytest.mark.parametrize(
    ("msgtype", "values"),
    [
        ("removeallprocessesmsg", {"colonyname": "dev", "state": 4}),
        ("removeprocessmsg", {"processid": ID, "all": True}),
        ("closesuccessfulmsg", {"processid": ID, "out": [1]}),
        ("closesuccessfulmsg", {"processid": ID, "out": [""]}),
        ("closefailedmsg", {"processid": ID}),
        ("assignprocessmsg", {"colonyname": "dev", "timeout": 5, "availablecpu": "1000m"}),
        ("addcronmsg", {"cron": {"name": "n", "colonyname": "dev", "workflowspec": "no workflow"}}),
        ("addcronmsg", {"cron": {"name": "n", "colonyname": "other", "workflowspec": json.dumps(WORKFLOW)}}),
        ("addfunctionmsg", {"fun": {"executorname": "e", "funcname": "f", "description": "what no option carries"}}),
        ("updateblueprintmsg", {"blueprint": {}, "forcegeneration": True}),
        ("removefilemsg", {"colonyname": "dev", "name": "b"}),
    ],
)
def test_there_is_none_where_a_command_would_do_something_else(msgtype: str, values: dict[str, Any]) -> None:
    assert official(msgtype, **values) == ""


def test_what_is_to_be_known_is_said() -> None:
    assert commands_for(request("removeusermsg", colonyname="dev", name="anna")).note == ASKS
    stored = {"name": "n", "colonyname": "dev", "ref": {"s3object": {"secretkey": "s3cret", "bucket": "b"}}}
    commands = commands_for(request("addfilemsg", file=stored))
    assert commands.note == LEFT_OUT
    assert "s3cret" not in commands.call


def test_no_private_key_stands_in_a_command() -> None:
    keys = Keyring(member=PrivateKey.new())
    assert keys.member
    spec = {
        "funcname": "deploy",
        "env": {"COLONIES_PRVKEY": keys.member.reveal()},
        "conditions": {"colonyname": "dev", "executortype": "cli"},
    }
    commands = commands_for(request("submitfuncspecmsg", spec=spec), keys=keys)
    assert keys.member.reveal() not in commands.call + commands.official
    assert commands.note == LEFT_OUT


def test_what_was_written_down_gives_the_same_commands() -> None:
    for recording in recordings():
        if not (recording.kind.changes and recording.succeeded and isinstance(recording.request, dict)):
            continue
        sent = recording.kind.read(recording.request)
        again = commands_of_payload(json.loads(json.dumps(sent.payload())), profile="p", key="colony")
        assert again == commands_for(sent, profile="p", key="colony")
    assert commands_of_payload({"msgtype": "nosuchmsg"}) is None
    assert commands_of_payload({"msgtype": "runcronmsg"}) is None
    assert commands_of_payload({}) is None
