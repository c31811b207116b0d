"""Ten thousand requests that nobody thought of: always an envelope, no change without the role, and no failure."""

from __future__ import annotations

import base64
import json
import logging
from random import Random
from typing import Any

import pytest

from colonies_tui.localserver.dispatch import Answer, answer
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.envelope import encode_payload, open_reply, read_reply
from colonies_tui.protocol.errors import Refused
from colonies_tui.protocol.request import Request
from colonies_tui.protocol.roles import Role
from tests.localserver.harness import COLONY, Harness, harness
from tests.localserver.random_requests import RandomRequests

REQUESTS = 500
SEEDS = range(20)


async def gone() -> Any:
    """The client waits for its answer."""
    raise AssertionError("no request here waits")


def believed(kind: type[Request[Any]], got: Answer) -> Any:
    """Return what a reply holds, checked as a client checks it; ``None`` for a refusal."""
    reply = open_reply(got.body.encode(), status=got.status)
    if got.status != 200:
        with pytest.raises(Refused):
            read_reply(reply, kind.reply_adapter(), status=got.status, msgtype=kind.msgtype)
        return None
    read_reply(reply, kind.reply_adapter(), status=got.status, msgtype=kind.msgtype)
    return json.loads(base64.b64decode(json.loads(got.body)["payload"]))


def changes_so_far(h: Harness) -> int:
    return h.server.database._connection.total_changes


async def a_populated(h: Harness) -> tuple[list[PrivateKey], dict[str, list[str]]]:
    executors = [await h.register("one"), await h.register("two", executortype="gpu")]
    process = await h.submit()
    await h.submit(funcname="sleep", kwargs={"seconds": 3})
    names = {"executorname": ["one", "two"], "executortype": ["cli", "gpu"], "processid": [process.processid]}
    return executors, {**names, "funcname": ["echo"], "name": ["echo"], "label": ["/a"]}


@pytest.mark.parametrize("seed", SEEDS)
async def test_whatever_is_asked(seed: int, caplog: pytest.LogCaptureFixture) -> None:
    random = Random(seed)
    async with harness() as h:
        executors, known = await a_populated(h)
        requests = RandomRequests(random, COLONY, known)
        fitting = {Role.SERVER_OWNER: [h.server_key], Role.COLONY_OWNER: [h.colony_key], Role.EXECUTOR: executors}
        insiders = [h.server_key, h.colony_key, h.user_key, *executors]
        refusals = 0
        for number in range(REQUESTS):
            kind, payload = requests.next()
            is_outsider = random.random() < 0.1
            able = insiders if random.random() < 0.2 else fitting.get(kind.role, [h.user_key, *executors])
            key = h.outsider_key if is_outsider else random.choice(able)
            before = changes_so_far(h)
            got = await answer(h.server, encode_payload(kind.msgtype, payload, key), gone)
            found = believed(kind, got)
            refusals += found is None
            if is_outsider and kind.role is not Role.NOBODY:
                assert found is None, (kind, payload)
                assert changes_so_far(h) == before, (kind, payload)
            requests.learn(found)
            if number % 50 == 49:
                await h.advance(random.choice((0.1, 1.0, 30.0, 700.0)))
        assert REQUESTS * 0.2 < refusals < REQUESTS * 0.9, "most of it was one thing"
    errors = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert not errors


@pytest.mark.parametrize("seed", range(5))
async def test_envelopes_that_are_none(seed: int) -> None:
    random = Random(seed)
    async with harness() as h:
        _, known = await a_populated(h)
        requests = RandomRequests(random, COLONY, known)
        for _ in range(200):
            kind, payload = requests.next()
            body = bytearray(encode_payload(kind.msgtype, payload, h.colony_key))
            match random.randrange(5):
                case 0:
                    del body[random.randrange(len(body)) :]
                case 1:
                    body[random.randrange(len(body))] = random.randrange(256)
                case 2:
                    body = bytearray(random.randbytes(random.randrange(200)))
                case 3:
                    body = bytearray(random.choice((b"null", b"[]", b"{}", b'"x"', b"[" * 5000, b'{"payload":null}')))
                case _:
                    envelope = json.loads(body)
                    envelope[random.choice(sorted(envelope))] = random.choice((None, "", 3, "=", "\x00", "z" * 130, []))
                    body = bytearray(json.dumps(envelope).encode())
            before = changes_so_far(h)
            got = await answer(h.server, bytes(body), gone)
            reply = json.loads(got.body)
            assert isinstance(reply["error"], bool)
            assert got.status < 500 or reply["error"]
            if reply["error"]:
                assert changes_so_far(h) == before
