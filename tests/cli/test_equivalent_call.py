"""The ``call`` command that is shown for a request sends that request: read back as the command line reads it."""

from __future__ import annotations

import shlex
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from colonies_tui.cli.command_line import _parse
from colonies_tui.cli.message_catalogue import message_named
from colonies_tui.cli.request_text import request_from, values_from
from colonies_tui.protocol.messages.channel import AppendToChannel
from colonies_tui.protocol.messages.every import MESSAGES
from colonies_tui.protocol.messages.executor import ApproveExecutor
from colonies_tui.protocol.messages.process import AssignProcess, RemoveAllProcesses, SubmitProcess
from colonies_tui.protocol.messages.schedule import PackGenerator
from colonies_tui.protocol.models.process import Conditions, FunctionSpec
from colonies_tui.protocol.request import Request
from colonies_tui.store.equivalent import commands_for
from tests.protocol.recordings import Recording, recordings


def read_back(command: str, colony: str = "another colony") -> tuple[Request[Any], str | None, str | None]:
    """Return the request that a command sends, with its profile and its key."""
    program, *words = shlex.split(command)
    assert program == "colonies-tui"
    arguments = _parse(words)
    kind = message_named(arguments.msgtype)
    values = values_from(kind, arguments.json, arguments.assignments)
    return request_from(kind, values, colony), arguments.profile, arguments.signer


def _sent(recording: Recording) -> Request[Any] | None:
    try:
        return recording.kind.read(recording.request) if isinstance(recording.request, dict) else None
    except ValidationError:  # sent to be refused
        return None


CHANGES = [(each, sent) for each in recordings() if each.kind.changes and (sent := _sent(each)) is not None]
SECRET = {"addfilemsg"}
"""Messages whose credentials are left out of a command."""


def test_every_message_that_changes_something_is_read_back() -> None:
    assert {sent.msgtype for _, sent in CHANGES} == {name for name, kind in MESSAGES.items() if kind.changes}


@pytest.mark.parametrize(("recording", "sent"), [each for each in CHANGES if each[1].msgtype not in SECRET], ids=str)
def test_the_command_sends_the_same_request(recording: Recording, sent: Request[Any]) -> None:
    again, profile, signer = read_back(commands_for(sent, profile="prod", key="member").call)
    assert (again, profile, signer) == (sent, "prod", "member")


text = st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(
    [
        '"quoted"',
        ' "a',
        "1",
        "true",
        "null",
        "[1]",
        "{}",
        "-x",
        "--json",
        "@file",
        "=",
        "a=b",
        "\x00",
        "\n",
        "\x1b[31m",
        "é",
    ]
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=8,
)


@given(
    st.builds(ApproveExecutor, colonyname=text, executorname=text)
    | st.builds(PackGenerator, generatorid=text, arg=text)
    | st.builds(RemoveAllProcesses, colonyname=text, state=st.integers(-1, 4))
    | st.builds(AssignProcess, colonyname=text, timeout=st.integers(-5, 5), availablecpu=st.none() | text)
    | st.builds(AppendToChannel, processid=text, name=text, sequence=st.integers(0, 9), content=text)
    | st.builds(
        SubmitProcess,
        spec=st.builds(
            FunctionSpec,
            funcname=text,
            args=st.lists(json_values, max_size=3).map(tuple),
            kwargs=st.dictionaries(text, json_values, max_size=3),
            env=st.dictionaries(text, text, max_size=3),
            conditions=st.builds(Conditions, colonyname=text, executortype=text),
        ),
    )
)
def test_whatever_stands_in_a_request_comes_back(sent: Request[Any]) -> None:
    command = commands_for(sent).call
    assert "\x00" not in command
    again, profile, signer = read_back(command)
    assert (again, profile, signer) == (sent, None, None)
