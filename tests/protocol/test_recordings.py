"""The models against exchanges with a real server: what it says is read whole, what it accepts can be said."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import TypeAdapter

from colonies_tui.protocol.envelope import open_reply, read_error, read_reply
from colonies_tui.protocol.errors import NotAllowed, NotFound, NothingAssigned, Refused
from colonies_tui.protocol.messages.every import MESSAGES
from colonies_tui.protocol.messages.process import GetProcesses, GetProcessHistory
from colonies_tui.protocol.messages.subscription import SubscribeProcess
from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.request import Request, Rows
from tests.protocol.recordings import WIRE, Recording, difference, recordings

ALL = recordings()
SUCCEEDED = [recording for recording in ALL if recording.succeeded]
REFUSED = [recording for recording in ALL if recording.is_error]
SILENT = [recording for recording in ALL if recording.body == b""]

NOT_EXPRESSIBLE = {
    ("getserverinfomsg", "malformed JSON in payload"): "the server does not look at the payload of this message",
    ("getserverinfomsg", "msgtype != payloadtype"): "the server does not look at the payload of this message",
    (
        "submitworkflowspecmsg",
        'as printed in the document ("funcspecs")',
    ): "an empty workflow, as functionspecs is not said",
    ("addgeneratormsg", "as in the document (counter, no timeout)"): "no server reads the document's counter",
    ("getprocesshistmsg", "state 5"): "there is no such state; the server answers with an empty list",
    ("addfilemsg", "as in the document (checksumtype, no ref)"): "the document's key is not read: it is checksumalg",
}
"""Requests that succeeded and that we cannot, and need not, say."""

LEAVES_OUT_KEYS = {
    ("getlogsmsg", "colonyname absent"): "we always name the colony",
    ("getprocessesmsg", "state omitted (=0)"): "we always name the state",
    ("removeallprocessgraphsmsg", "state omitted (=0, waiting only)"): "what is to be removed is always said",
    ("removeallprocessesmsg", "state omitted (document) = 0 = waiting only"): "what is to be removed is always said",
}
"""Requests that succeeded without a key that ours require: they are read as a server reads them."""


def by_name(recording: Recording) -> str:
    return str(recording)


def test_every_message_over_http_was_recorded() -> None:
    spoken = {msgtype for msgtype, kind in MESSAGES.items() if not kind.over_websocket}
    assert {recording.msgtype for recording in SUCCEEDED} == spoken


@pytest.mark.parametrize("recording", SUCCEEDED, ids=by_name)
def test_a_successful_reply_is_read_and_written_back(recording: Recording) -> None:
    adapter = recording.kind.reply_adapter()
    reply = open_reply(recording.body, status=recording.status)
    assert reply.payloadtype == recording.kind.reply_msgtype
    value = read_reply(reply, adapter, msgtype=recording.msgtype)
    assert difference(recording.reply, adapter.dump_python(value, mode="json", by_alias=True)) is None


EXPRESSIBLE = [recording for recording in SUCCEEDED if (recording.msgtype, recording.case) not in NOT_EXPRESSIBLE]


@pytest.mark.parametrize("recording", EXPRESSIBLE, ids=by_name)
def test_a_successful_request_can_be_said(recording: Recording) -> None:
    case = (recording.msgtype, recording.case)
    sent = {key: value for key, value in recording.request.items() if key != "msgtype"}
    said = said_as_recorded(recording.kind, sent, leaves_out_keys=case in LEAVES_OUT_KEYS)
    assert recording.request["msgtype"] == recording.kind.msgtype
    assert difference(sent, said) is None


def said_as_recorded(kind: type[Request[Any]], sent: dict[str, Any], *, leaves_out_keys: bool) -> dict[str, Any]:
    """Return what our request says of the keys that were sent; checks that the others hold the zero value."""
    request = kind.read(sent) if leaves_out_keys else kind.model_validate(sent)
    said = request.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if leaves_out_keys:
        added = {key: value for key, value in said.items() if key not in sent}
        assert added
        assert all(value in (0, "") for value in added.values())
        said = {key: value for key, value in said.items() if key in sent}
    return said


def test_exceptions_are_recordings() -> None:
    cases = {(recording.msgtype, recording.case) for recording in SUCCEEDED}
    assert cases >= NOT_EXPRESSIBLE.keys() | LEAVES_OUT_KEYS.keys()
    assert not NOT_EXPRESSIBLE.keys() & LEAVES_OUT_KEYS.keys()


@pytest.mark.parametrize("recording", REFUSED, ids=by_name)
def test_a_refusal_becomes_the_member_of_the_error_tree(recording: Recording) -> None:
    error = read_error(open_reply(recording.body), msgtype=recording.msgtype)
    assert isinstance(error, Refused)
    assert (error.status, error.message) == (recording.status, recording.reply["message"])
    assert type(error) is expected_error(recording)


def expected_error(recording: Recording) -> type[Refused]:
    if recording.msgtype == "assignprocessmsg" and recording.status in (404, 408, 503):
        return NothingAssigned
    return {403: NotAllowed, 404: NotFound}.get(recording.status, Refused)


def test_the_real_server_refuses_two_messages_with_an_empty_body() -> None:
    assert {recording.msgtype for recording in SILENT} == {"getcolonystatsmsg", "getprocesshistmsg"}
    for recording in SILENT:
        with pytest.raises(NotAllowed):
            open_reply(recording.body, status=recording.status)


def test_two_envelopes_in_one_body_are_read_as_the_first() -> None:
    (double,) = [recording for recording in ALL if recording.is_error is None and recording not in SILENT]
    assert double.body.count(b"payloadtype") == 2
    error = read_error(open_reply(double.body, status=double.status), msgtype=double.msgtype)
    assert isinstance(error, Refused)
    assert (error.status, error.message) == (400, "pq: LIMIT must not be negative")


LISTS = [recording for recording in SUCCEEDED if recording.msgtype in (GetProcesses.msgtype, GetProcessHistory.msgtype)]


@pytest.mark.parametrize("recording", LISTS, ids=by_name)
def test_rows_read_from_the_wire_are_those_of_the_whole_processes(recording: Recording) -> None:
    rows = TypeAdapter(Rows[ProcessRow]).validate_json(json.dumps(recording.reply))
    processes = recording.kind.reply_adapter().validate_python(recording.reply)
    assert rows == tuple(map(ProcessRow.of, processes))


def test_an_event_of_a_subscription_is_read() -> None:
    (event,) = json.loads((WIRE / "_pubsub.json").read_text())["framing"]["event text"]
    recording = Recording(
        "subscribeprocessmsg", "event", None, 200, event["payloadtype"], event["error"], event["payload"]
    )
    adapter = SubscribeProcess.reply_adapter()
    process = read_reply(open_reply(recording.body), adapter)
    assert process.spec.funcname == "echo"
    assert process.starttime is None
    assert difference(event["payload"], adapter.dump_python(process, mode="json", by_alias=True)) is None
