"""Envelopes, signatures, paths: what a server answers before it looks at a message (§ HTTP, Envelopes)."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from colonies_tui.localserver.app import MAX_BODY_BYTES
from colonies_tui.protocol.crypto import ORDER, PrivateKey
from colonies_tui.protocol.envelope import encode_payload, open_reply
from tests.localserver.harness import COLONY, Harness, harness
from tests.protocol.recordings import WIRE

RECORDED: dict[str, dict[str, Any]] = {
    case["case"]: case for case in json.loads((WIRE / "_transport.json").read_text())
}

PIECE = b"[" * (1 << 20)

OTHER_WORDS = {"not json", "json array", "trailing comma"}
"""Refused as recorded, but our JSON reader has its own words."""

OTHER_ANSWER = {
    "CORS preflight": "no browser speaks to this server from another origin",
}
"""Not compared, with the reason."""

SIGNED_BY_THE_RECORDED_OWNER = {
    "payload not base64 (but signed)",
    "payload urlsafe base64",
    "signature upper-case hex",
    "first send",
    "replay of the same signed message",
}

COMPARED = [name for name in RECORDED if name not in OTHER_ANSWER]


def body_of(case: dict[str, Any], bench: Harness) -> bytes:
    """Return the body of a recorded request, signed by this server's people."""
    request = case["request"]
    if isinstance(request, str):
        return request.encode()
    if "payload" not in request:
        return encode_payload(request["msgtype"], request, bench.user_key)
    signature = bench.server_key.sign(request["payload"])
    if "upper-case" in case["case"]:
        signature = signature.upper()
    return json.dumps({**request, "signature": signature}).encode()


async def send(case: dict[str, Any], bench: Harness) -> httpx.Response:
    name: str = case["case"]
    if name.startswith("GET "):
        return await bench.http.get(name.split()[1])
    return await bench.http.post("/api", content=body_of(case, bench))


@pytest.mark.parametrize("name", COMPARED)
async def test_the_answer_is_the_recorded_one(quirky: Harness, name: str) -> None:
    case = RECORDED[name]
    response = await send(case, quirky)
    assert response.status_code == case["http_status"]
    if case.get("reply_payloadtype") is None:
        assert response.text == case["reply"]
        return
    assert response.headers["content-type"] == case["content_type"]
    reply = open_reply(response.content)
    assert (reply.payloadtype, reply.error) == (case["reply_payloadtype"], case["reply_error_flag"])
    content = json.loads(reply.payload)
    if reply.error:
        assert content["status"] == case["reply"]["status"]
        if name not in OTHER_WORDS:
            assert content["message"] == case["reply"]["message"]
    else:
        assert content == [{"name": COLONY, "colonyid": quirky.colony_key.identity}]


async def test_messages_that_are_null_are_answered_with_words_where_a_real_server_fails(bench: Harness) -> None:
    for body in (b"null", json.dumps(_signed(bench.server_key, "getcoloniesmsg", b"null")).encode()):
        response = await bench.http.post("/api", content=body)
        assert response.status_code == 400
        assert open_reply(response.content).error


def _signed(key: PrivateKey, msgtype: str, payload: bytes) -> dict[str, str]:
    text = base64.b64encode(payload).decode()
    return {"payloadtype": msgtype, "payload": text, "signature": key.sign(text)}


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda signature: "", id="none"),
        pytest.param(lambda signature: signature[:-2], id="short"),
        pytest.param(lambda signature: signature + "00", id="long"),
        pytest.param(lambda signature: signature[:-1], id="odd"),
        pytest.param(lambda signature: " " + signature[1:], id="space"),
        pytest.param(lambda signature: "é" + signature[1:], id="not ascii"),
        pytest.param(lambda signature: "00" * 65, id="zero"),
        pytest.param(lambda signature: signature[:-2] + "04", id="recovery id 4"),
        pytest.param(lambda signature: _high(signature), id="high s"),
    ],
)
async def test_malformed_signatures_are_refused(bench: Harness, spoil: Any) -> None:
    envelope = _signed(bench.server_key, "getcoloniesmsg", b'{"msgtype":"getcoloniesmsg"}')
    assert (await bench.http.post("/api", json=envelope)).status_code == 200
    response = await bench.http.post("/api", json={**envelope, "signature": spoil(envelope["signature"])})
    assert response.status_code == 403
    assert open_reply(response.content).error


def _high(signature: str) -> str:
    """Return the other signature of the same key and text, which only a forgiving server would take."""
    s, v = int(signature[64:128], 16), int(signature[128:], 16)
    return f"{signature[:64]}{ORDER - s:064x}{v ^ 1:02x}"


async def test_the_signature_is_tested_before_the_type_and_a_wrong_key_is_another_identity(bench: Harness) -> None:
    envelope = {**_signed(bench.server_key, "nosuchmsg", b"{}"), "signature": ""}
    assert "Invalid signature length" in (await _error(bench, envelope))["message"]
    envelope = _signed(bench.server_key, "nosuchmsg", b"{}")
    assert "invalid rpcMsg.PayloadType: nosuchmsg" in (await _error(bench, envelope))["message"]
    envelope = _signed(bench.outsider_key, "getcoloniesmsg", b'{"msgtype":"getcoloniesmsg"}')
    assert (await _error(bench, envelope))["message"] == "Access denied, not server owner"


async def _error(bench: Harness, envelope: dict[str, Any]) -> dict[str, Any]:
    response = await bench.http.post("/api", json=envelope)
    content: dict[str, Any] = json.loads(open_reply(response.content).payload)
    assert content["status"] == response.status_code
    return content


async def test_keys_match_in_any_case_and_unknown_ones_are_ignored(bench: Harness) -> None:
    payload = json.dumps({"MsgType": "getcolonymsg", "ColonyName": COLONY, "more": [1]}).encode()
    signed = _signed(bench.user_key, "getcolonymsg", payload)
    envelope = {key.capitalize(): value for key, value in signed.items()}
    response = await bench.http.post("/api", json={**envelope, "More": None})
    assert response.status_code == 200


@pytest.mark.parametrize(
    "payload",
    [
        b"[]",
        b'"x"',
        b"5",
        b"{",
        b'{"msgtype":5}',
        b'{"msgtype":"getcolonymsg","colonyname":5}',
        b"\xff\xfe",
        b"[" * 5000,
    ],
)
async def test_payloads_that_are_no_message_are_refused_with_400(bench: Harness, payload: bytes) -> None:
    response = await bench.http.post("/api", json=_signed(bench.user_key, "getcolonymsg", payload))
    assert response.status_code == 400
    assert open_reply(response.content).error


@pytest.mark.parametrize("body", [b"{}", b'{"payloadtype":5}', b'{"payload":null}', b"[" * 100_000, b"\xff"])
async def test_bodies_that_are_no_envelope_are_refused(bench: Harness, body: bytes) -> None:
    response = await bench.http.post("/api", content=body)
    assert response.status_code in (400, 403)
    assert open_reply(response.content).error


async def test_a_message_of_the_websocket_is_no_message_of_http(bench: Harness) -> None:
    for msgtype in ("subscribeprocessmsg", "subscribeprocessesmsg"):
        envelope = _signed(bench.user_key, msgtype, json.dumps({"msgtype": msgtype, "timeout": 5}).encode())
        assert f"invalid rpcMsg.PayloadType: {msgtype}" in (await _error(bench, envelope))["message"]


@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("POST", "/api/"), ("PUT", "/api"), ("GET", "/nowhere")])
async def test_anything_else_is_not_found(bench: Harness, method: str, path: str) -> None:
    response = await bench.http.request(method, path)
    assert (response.status_code, response.text) == (404, "404 page not found")


async def test_the_server_says_whether_observers_are_kept_apart() -> None:
    for real_quirks in (False, True):
        async with harness(real_quirks=real_quirks) as bench:
            response = await bench.http.post("/api", content=encode_payload("getserverinfomsg", {}, None))
            info = json.loads(open_reply(response.content).payload)
            assert info.get("observersapart") == (None if real_quirks else True)
            assert info["backends"] == [{"type": "http", "port": 50080, "host": "127.0.0.1"}]


async def test_text_of_any_kind_comes_back_as_it_was_sent(bench: Harness) -> None:
    args = ["\x1b[31m", "\u2028", "</script>&", "😀", "\x00", "Å", 1, 2.5, 2**53, None, {"k": [True]}]
    process = await bench.submit(args=args, label='"\\')
    assert list(process.spec.args) == args
    assert process.spec.label == '"\\'


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ('"maxwaittime":100000000000000000000', 400),
        ('"maxwaittime":9000000000000000', 200),
        ('"maxexectime":9000000000000000', 200),
        ('"maxretries":100000000000000000000', 400),
        ('"args":[NaN]', 400),
        ('"args":[-Infinity]', 400),
        ('"args":[1e400]', 200),
        ('"args":["\\ud800x\\udfff"]', 200),
        ('"args":["\\ud83d\\ude00"]', 200),
        ('"label":"\\ud800"', 200),
        (f'"args":{"[" * 100}{"]" * 100}', 200),
        (f'"kwargs":{{"a":{"[" * 50_000}{"]" * 50_000}}}', 400),
        ('"env":{"a":1}', 400),
    ],
)
async def test_values_at_the_edge(bench: Harness, more: str, status: int) -> None:
    conditions = f'"conditions":{{"colonyname":"{COLONY}","executortype":"cli"}}'
    payload = f'{{"msgtype":"submitfuncspecmsg","spec":{{{conditions},{more}}}}}'.encode()
    response = await bench.http.post("/api", json=_signed(bench.user_key, "submitfuncspecmsg", payload))
    assert response.status_code == status
    reply = open_reply(response.content)
    assert reply.error == (status != 200)
    assert json.loads(reply.payload, parse_constant=pytest.fail)
    key = await bench.register("worker")
    if status == 200:
        await bench.assign(key)


@pytest.mark.parametrize("half", [b"\\ud800", b"\xed\xa0\x80", b"\xff"])
async def test_what_is_no_character_becomes_the_replacement_character(bench: Harness, half: bytes) -> None:
    conditions = f'"conditions":{{"colonyname":"{COLONY}","executortype":"cli"}}'.encode()
    spec = conditions + b',"args":["a' + half + b'b"],"kwargs":{"' + half + b'":1}'
    payload = b'{"msgtype":"submitfuncspecmsg","spec":{' + spec + b"}}"
    response = await bench.http.post("/api", json=_signed(bench.user_key, "submitfuncspecmsg", payload))
    content = json.loads(open_reply(response.content).payload)
    (arg,), (key,) = content["spec"]["args"], content["spec"]["kwargs"]
    assert set(arg) == set("a\N{REPLACEMENT CHARACTER}b")
    assert set(key) == {"\N{REPLACEMENT CHARACTER}"}


@pytest.mark.parametrize(
    ("msgtype", "more"),
    [
        ("getlogsmsg", {"executorname": "worker", "count": 5, "since": 2**70}),
        ("getprocesshistmsg", {"state": 0, "seconds": 2**70}),
        ("searchlogsmsg", {"text": "x", "count": 5, "days": -(2**70)}),
    ],
)
async def test_numbers_beyond_what_is_stored_are_refused(bench: Harness, msgtype: str, more: dict[str, Any]) -> None:
    await bench.register("worker")
    payload = {"msgtype": msgtype, "colonyname": COLONY, **more}
    assert (await bench.post(msgtype, payload, bench.user_key)).status_code == 400


async def test_a_request_without_end_is_not_kept(bench: Harness) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(MAX_BODY_BYTES // len(PIECE) + 2):
            yield PIECE

    response = await bench.http.post("/api", content=pieces())
    reply = open_reply(response.content, status=response.status_code)
    assert (response.status_code, reply.error) == (413, True)
    assert b"larger than 32 MiB" in reply.payload
    fits = encode_payload("getserverinfomsg", {"msgtype": "getserverinfomsg", "rest": "x" * 1_000_000}, None)
    assert (await bench.http.post("/api", content=fits)).status_code == 200
