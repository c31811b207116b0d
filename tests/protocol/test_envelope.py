"""The envelope both ways, and that no byte string makes anything but a value or an error of our tree."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from colonies_tui.protocol.crypto import PrivateKey, recover_identity
from colonies_tui.protocol.envelope import encode_payload, encode_request, open_reply, read_reply
from colonies_tui.protocol.errors import (
    ColoniesError,
    NotAllowed,
    NotDecodable,
    NotFound,
    NothingAssigned,
    Refused,
    UnsafeRequest,
)
from colonies_tui.protocol.messages.colony import GetColonies, GetServerInfo
from colonies_tui.protocol.messages.every import MESSAGES
from colonies_tui.protocol.messages.process import AssignProcess, GetProcess, SubmitProcess
from colonies_tui.protocol.models.process import Conditions, FunctionSpec, Process, ProcessRow
from colonies_tui.protocol.request import Rows

KEY = PrivateKey.new()
ADAPTERS: list[TypeAdapter[Any]] = [
    *(kind.reply_adapter() for kind in MESSAGES.values()),
    TypeAdapter(Rows[ProcessRow]),
]


def body_of(payload: Any, *, payloadtype: str = "getprocessmsg", error: bool = False) -> bytes:
    """Return a reply body around a payload; bytes go in as they are."""
    raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return json.dumps({"payloadtype": payloadtype, "payload": base64.b64encode(raw).decode(), "error": error}).encode()


# ── requests


def test_a_request_is_signed_over_the_base64_text() -> None:
    request = GetProcess(processid="x")
    envelope = json.loads(encode_request(request, KEY))
    assert envelope.keys() == {"payloadtype", "payload", "signature"}
    assert envelope["payloadtype"] == "getprocessmsg"
    assert json.loads(base64.b64decode(envelope["payload"])) == {"processid": "x", "msgtype": "getprocessmsg"}
    assert recover_identity(envelope["payload"], envelope["signature"]) == KEY.identity


def test_an_unsigned_request_has_an_empty_signature() -> None:
    assert json.loads(encode_request(GetServerInfo(), None))["signature"] == ""


def test_text_beyond_ascii_goes_as_utf8() -> None:
    envelope = json.loads(encode_request(GetProcess(processid="å✔🐝"), KEY))
    assert "å✔🐝".encode() in base64.b64decode(envelope["payload"])


def test_an_unsafe_request_is_not_encoded() -> None:
    with pytest.raises(UnsafeRequest, match="executortype"):
        encode_request(SubmitProcess(spec=FunctionSpec(conditions=Conditions(colonyname="dev"))), KEY)


@given(st.text(st.characters(exclude_categories=[])))
def test_any_text_in_a_request_survives_or_is_replaced_but_never_raises(text: str) -> None:
    envelope = json.loads(encode_payload("getprocessmsg", {"processid": text}, KEY))
    raw = base64.b64decode(envelope["payload"]).decode("utf-8", "surrogatepass")
    assert json.loads(raw) == {"processid": text}


# ── replies


def test_the_flag_decides_not_the_status() -> None:
    answer = open_reply(body_of({"processid": "x"}), status=500)
    assert read_reply(answer, GetProcess.reply_adapter()) == Process(processid="x")
    refusal = open_reply(body_of({"status": 404, "message": "gone"}, error=True), status=200)
    with pytest.raises(NotFound, match="gone"):
        read_reply(refusal, GetProcess.reply_adapter())


@pytest.mark.parametrize("flag", [None, 0, 1, "true", [], {}])
def test_only_a_true_flag_is_an_error(flag: Any) -> None:
    envelope = json.loads(body_of({}))
    envelope["error"] = flag
    assert not open_reply(json.dumps(envelope)).error
    del envelope["error"]
    assert not open_reply(json.dumps(envelope)).error


def test_null_is_an_empty_list() -> None:
    assert read_reply(open_reply(body_of(None)), GetColonies.reply_adapter()) == ()
    assert read_reply(open_reply(body_of([])), GetColonies.reply_adapter()) == ()
    assert read_reply(open_reply(body_of(None)), TypeAdapter(Rows[ProcessRow])) == ()


def test_null_lists_and_objects_inside_objects_are_empty() -> None:
    nulls = dict.fromkeys(("attributes", "parents", "children", "in", "out", "errors"))
    spec = {
        **dict.fromkeys(("args", "kwargs", "env", "channels")),
        "conditions": {"executornames": None, "dependencies": None},
        "fs": {"snapshots": None, "dirs": None},
    }
    process = read_reply(open_reply(body_of({**nulls, "spec": spec})), GetProcess.reply_adapter())
    assert not any((process.errors, process.input, process.out, process.attributes, process.parents, process.children))
    assert not any((process.spec.args, process.spec.conditions.executornames, process.spec.fs.dirs))
    assert (process.spec.kwargs, process.spec.env, process.spec.channels) == ({}, {}, None)


def test_numbers_as_text_are_read_and_unknown_keys_are_ignored() -> None:
    payload = {"state": "3", "retries": "2", "prioritytime": "1795506743304758603", "new": {"key": 1}}
    process = read_reply(open_reply(body_of(payload)), GetProcess.reply_adapter())
    assert (process.state.name, process.retries, process.prioritytime) == ("FAILED", 2, 1795506743304758603)


def test_a_second_value_in_the_body_is_ignored() -> None:
    first, second = body_of({"processid": "first"}), body_of({"processid": "second"})
    for body in (first + second, b" \n" + first + b"\n" + second, first + b"garbage"):
        assert read_reply(open_reply(body), GetProcess.reply_adapter()).processid == "first"


@pytest.mark.parametrize("body", [b"", b" \r\n\t "])
def test_an_empty_body_is_a_refusal_when_the_status_is_200(body: bytes) -> None:
    with pytest.raises(NotAllowed, match="answered with nothing"):
        open_reply(body, status=200)


@pytest.mark.parametrize("status", [500, 502, 599])
def test_an_empty_body_with_a_server_status_is_a_failed_server(status: int) -> None:
    with pytest.raises(Refused, match="without a word") as caught:
        open_reply(b"", status=status)
    assert (type(caught.value), caught.value.status) == (Refused, status)


@pytest.mark.parametrize("status", [204, 301, 404])
def test_an_empty_body_with_another_status_is_no_answer_of_the_protocol(status: int) -> None:
    with pytest.raises(NotDecodable, match="empty"):
        open_reply(b"", status=status)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"404 page not found", "not one of a Colonies server"),
        (b"<html>502 Bad Gateway</html>", "not one of a Colonies server"),
        (b"\xff\xfe\x00", "not one of a Colonies server"),
        (b"{", "not one of a Colonies server"),
        (b"[" * 100_000, "not one of a Colonies server"),
        (b"null", "not one of a Colonies server"),
        (b"[]", "not one of a Colonies server"),
        (b"{}", "not one of a Colonies server"),
        (b'{"payload": null}', "not one of a Colonies server"),
        (b'{"payload": 7}', "not one of a Colonies server"),
        (b'{"payload": "a"}', "not base64"),
        (b'{"payload": "====" }', "not base64"),
        ('{"payload": "å"}'.encode(), "not base64"),
    ],
)
def test_what_is_no_envelope_is_said_so(body: bytes, words: str) -> None:
    with pytest.raises(NotDecodable, match=words) as caught:
        open_reply(body)
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"", "the whole payload"),
        (b"{", "the whole payload"),
        (b"[]", "the whole payload"),
        (b'{"state": 9}', "getprocessmsg: state: "),
        (b'{"state": "x"}', "getprocessmsg: state: "),
        (b'{"starttime": "soon"}', "getprocessmsg: starttime: .*RFC 3339"),
        (b'{"spec": {"conditions": {"nodes": {}}}}', "getprocessmsg: spec.conditions.nodes: "),
        (b'{"attributes": [{}, {"key": 1}]}', "getprocessmsg: attributes.1.key: "),
        (b'{"processid": "secret\xff"}', "the whole payload"),
    ],
)
def test_a_payload_that_does_not_fit_names_the_field_and_not_the_content(payload: bytes, words: str) -> None:
    with pytest.raises(NotDecodable, match=words) as caught:
        read_reply(open_reply(body_of(payload)), GetProcess.reply_adapter(), msgtype="getprocessmsg")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "message", "msgtype", "kind"),
    [
        (400, "bad", "getprocessmsg", Refused),
        (403, "Access denied", "getprocessmsg", NotAllowed),
        (404, "Process not found", "getprocessmsg", NotFound),
        (500, "boom", "getprocessmsg", Refused),
        (404, "No process available for assignment", AssignProcess.msgtype, NothingAssigned),
        (404, "Executor not found", AssignProcess.msgtype, NotFound),
        (408, "Assignment timeout: colony assignments are paused", AssignProcess.msgtype, NothingAssigned),
        (503, "No processes available: colony assignments are paused", AssignProcess.msgtype, NothingAssigned),
        (503, "overloaded", "getprocessmsg", Refused),
    ],
)
def test_refusals_by_status(status: int, message: str, msgtype: str, kind: type[Refused]) -> None:
    reply = open_reply(body_of({"status": status, "message": message}, payloadtype="error", error=True))
    with pytest.raises(Refused) as caught:
        read_reply(reply, GetProcess.reply_adapter(), msgtype=msgtype)
    assert type(caught.value) is kind
    assert (caught.value.status, caught.value.message) == (status, message)


@pytest.mark.parametrize(
    ("payload", "status", "message"),
    [
        ({"status": "403", "message": "text as in the document"}, 403, "text as in the document"),
        ({"message": "no status"}, 418, "no status"),
        ({"status": 0, "message": None}, 418, ""),
        ({"status": [], "message": {"a": 1}}, 418, "{'a': 1}"),
        (["not", "an", "object"], 418, ""),
        (b"not JSON", 418, ""),
        (b"[" * 100_000, 418, ""),
        (b'{"status": 1e999, "message": "infinite"}', 418, "infinite"),
        (b'{"status": ' + b"9" * 5000 + b"}", 418, ""),
    ],
)
def test_odd_error_payloads_are_refusals_all_the_same(payload: Any, status: int, message: str) -> None:
    reply = open_reply(body_of(payload, error=True))
    with pytest.raises(Refused) as caught:
        read_reply(reply, GetProcess.reply_adapter(), status=418)
    assert (caught.value.status, caught.value.message) == (status, message)


# ── any bytes

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=[]), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["processid", "state", "spec", "errors", "starttime", "status", "message", "conditions", "in"]
            )
            | st.text(max_size=5),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


def answers_or_errs(body: bytes, status: int) -> None:
    for adapter in ADAPTERS:
        try:
            value = read_reply(open_reply(body, status=status), adapter, status=status)
            adapter.dump_json(value)
        except ColoniesError:
            pass


@given(st.binary(), st.integers(100, 599))
@example(b'{"payload": "bnVsbA=="}', 200)
@example(b"\x00", 500)
def test_any_bytes_are_a_value_or_an_error_of_the_tree(body: bytes, status: int) -> None:
    answers_or_errs(body, status)


@given(st.binary(), st.booleans())
def test_any_payload_is_a_value_or_an_error_of_the_tree(payload: bytes, error: bool) -> None:
    answers_or_errs(body_of(payload, error=error), 200)


@given(json_values, st.booleans())
def test_any_json_payload_is_a_value_or_an_error_of_the_tree(payload: Any, error: bool) -> None:
    answers_or_errs(body_of(payload, error=error), 200)


@given(json_values)
def test_any_json_envelope_is_a_value_or_an_error_of_the_tree(envelope: Any) -> None:
    answers_or_errs(json.dumps(envelope).encode(), 200)
