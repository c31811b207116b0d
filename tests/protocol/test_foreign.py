"""A reply is about what was asked for, or it is not believed; no reply of a real server is doubted."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from colonies_tui.protocol.envelope import open_reply, read_reply
from colonies_tui.protocol.foreign import NAMES, foreign_part
from colonies_tui.protocol.messages.colony import GetColony
from colonies_tui.protocol.messages.every import MESSAGES
from colonies_tui.protocol.messages.process import GetProcesses, GetProcessHistory
from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.request import Request, Rows
from tests.hostile.filling import HostileColony
from tests.protocol.recordings import Recording, recordings

SUCCEEDED = [recording for recording in recordings() if recording.succeeded and isinstance(recording.request, dict)]
QUESTIONS = sorted(name for name, kind in MESSAGES.items() if not kind.changes and not kind.over_websocket)


@pytest.mark.parametrize("recording", SUCCEEDED, ids=str)
def test_no_answer_of_a_real_server_is_doubted(recording: Recording) -> None:
    try:
        request = recording.kind.read(recording.request)
    except ValueError:
        return  # something that we never say
    reply = open_reply(recording.body, status=recording.status)
    assert foreign_part(request, read_reply(reply, recording.kind.reply_adapter())) == ""


def question(kind: type[Request[Any]], colony: HostileColony) -> dict[str, Any]:
    """Return the payload of a question in which everything that names an object has a value."""
    values = {"state": 0, "count": 1, "seconds": 1, "days": 1, "text": "t"}
    asked: dict[str, Any] = {}
    for name, field in kind.model_fields.items():
        if name in ("colonyname", "namespace"):
            asked[name] = colony.name
        elif name in NAMES or field.is_required():
            asked[name] = values.get(name, f"the {name}")
    if kind.__name__ == "GetLogs":
        asked["executorname"] = ""
    return asked


@pytest.mark.parametrize("msgtype", QUESTIONS)
def test_each_name_that_a_reply_repeats_must_be_the_one_asked_for(msgtype: str) -> None:
    kind = MESSAGES[msgtype]
    colony = HostileColony(1_790_000_000.0, plain_kinds=True)
    asked = question(kind, colony)
    replies: list[TypeAdapter[Any]] = [kind.reply_adapter()]
    if kind in (GetProcesses, GetProcessHistory):
        replies.append(TypeAdapter(Rows[ProcessRow]))
    for adapter in replies:
        honest = adapter.validate_python(colony.reply(kind, asked))
        assert foreign_part(kind(**asked), honest) == ""
        row = honest[0] if isinstance(honest, tuple) else honest
        for name in (name for name in asked if name in (*NAMES, "namespace") and asked[name]):
            said = foreign_part(kind(**{**asked, name: "another"}), honest)
            parts = ("spec", "metadata") if name in ("colonyname", "namespace") else ()
            repeats = any(hasattr(row, part) for part in (name, *parts)) or kind is GetColony
            assert bool(said) == repeats, (name, said)
