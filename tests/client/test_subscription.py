"""Subscriptions against a small server: which events are heard, and what is raised instead of an event."""

from __future__ import annotations

import asyncio
import base64

import pytest
from websockets.asyncio.server import ServerConnection

from colonies_tui.client.client import ColoniesClient
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import PrivateKey, recover_identity
from colonies_tui.protocol.errors import ColoniesError, KeyMissing, NotAllowed, NotDecodable, UnsafeRequest
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.messages.subscription import SubscribeProcess, SubscribeProcesses
from colonies_tui.protocol.states import ProcessState
from tests.client.links import KEY, MANY, ONE, Link, Script, event, linked, sends
from tests.client.servers import envelope, payload_of, raw_server, refusal, websocket_server


async def test_the_subscription_is_one_signed_frame_and_events_come_in_order() -> None:
    async with linked(sends(event(), event())) as (script, link):
        first, second = await link.next(), await link.next()
        assert first.process.processid == second.process.processid == "x"
        (frame,) = script.frames
        assert recover_identity(frame["payload"], frame["signature"]) == KEY.identity
        assert payload_of(frame) == {**ONE.payload(), "msgtype": "subscribeprocessmsg"}
        assert (link.story, link.waits) == ([None], [])


async def test_general_subscriptions_carry_their_own_type_and_hear_the_same_events() -> None:
    async with linked(sends(event(state=3)), request=MANY) as (script, link):
        assert (await link.next()).process.state is ProcessState.FAILED
        assert script.frames[0]["payloadtype"] == "subscribeprocessesmsg"


async def test_binary_frames_are_events_too() -> None:
    async with linked(sends(event().encode())) as (_, link):
        assert (await link.next()).process.processid == "x"


async def test_large_events_pass() -> None:
    large = envelope({"processid": "x", "state": 2, "out": ["y" * 3_000_000]}, "subscribeprocessmsg").decode()
    async with linked(sends(large)) as (_, link):
        assert len((await link.next()).process.out[0]) == 3_000_000


@pytest.mark.parametrize(
    ("request_", "foreign", "own"),
    [
        (ONE, [event("y"), event(state=1)], event("x", state=2)),
        (
            MANY,
            [event(state=3, executortype="cli0"), event(state=3, colony="other"), event(state=2)],
            event("own", state=3),
        ),
    ],
    ids=["one process", "general"],
)
async def test_events_of_others_are_passed_over(
    request_: SubscribeProcess | SubscribeProcesses, foreign: list[str], own: str
) -> None:
    async with linked(sends(*foreign, own), request=request_) as (_, link):
        assert (await link.next()).process.processid in ("x", "own")


async def test_iteration_ends_when_the_subscription_is_closed() -> None:
    async with linked(sends(event())) as (script, link):
        heard = []
        async for happened in link.subscription:
            heard.append(happened)
            await link.subscription.aclose()
        assert len(heard) == 1
        await script.ended.wait()
        with pytest.raises(StopAsyncIteration):
            await link.next()


async def test_leaving_the_context_closes_the_socket() -> None:
    async with linked(sends(event())) as (script, link):
        await link.next()
        await link.subscription.__aexit__(None, None, None)
        await script.ended.wait()
        assert script.connections == 1


async def test_cancelling_the_wait_loses_nothing() -> None:
    go = asyncio.Event()

    async def when_told(connection: ServerConnection) -> None:
        await go.wait()
        await sends(event())(connection)

    async with linked(when_told) as (script, link):
        waiting = asyncio.ensure_future(link.next())
        await link.is_up.wait()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        go.set()
        assert (await link.next()).process.processid == "x"
        assert script.connections == 1


async def test_cancelling_while_it_connects_leaves_nothing_open() -> None:
    async with raw_server(None, then_close=False) as server:
        link = Link(server.address)
        waiting = asyncio.ensure_future(link.next())
        await server.asked.wait()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await server.left.wait()
        await link.subscription.aclose()
        assert link.story == []


@pytest.mark.parametrize(
    ("frame", "kind", "words"),
    [
        (refusal(403, "executor not found"), NotAllowed, "403: executor not found"),
        (b"", NotDecodable, "empty frame"),
        (b" ", NotDecodable, "empty frame"),
        (b"hello", NotDecodable, "not one of a Colonies server"),
        (b"\xff\xfe", NotDecodable, "not one of a Colonies server"),
        (b"{}", NotDecodable, "not one of a Colonies server"),
        (envelope({"state": 9}, "subscribeprocessmsg"), NotDecodable, "state"),
        (envelope([], "subscribechannelmsg"), NotDecodable, "answered with 'subscribechannelmsg'"),
    ],
)
async def test_frames_that_are_no_events_are_raised_and_end_the_subscription(
    frame: bytes, kind: type[ColoniesError], words: str
) -> None:
    frames: list[str | bytes] = [frame] if frame == b"\xff\xfe" else [frame.decode(), frame]
    for sent in frames:
        async with linked(sends(sent)) as (script, link):
            with pytest.raises(kind, match=words) as caught:
                await link.next()
            assert type(caught.value) is kind
            await script.ended.wait()
            with pytest.raises(StopAsyncIteration):
                await link.next()
            assert (script.connections, link.waits) == (1, [])


async def test_text_frames_that_are_not_utf8_are_raised() -> None:
    async def broken_text(connection: ServerConnection) -> None:
        await connection.send(b"\xff{", text=True)
        await connection.recv()

    async with linked(broken_text) as (_, link):
        with pytest.raises(NotDecodable):
            await link.next()


async def test_events_before_an_error_are_heard() -> None:
    async with linked(sends(event(), refusal(403, "no").decode())) as (_, link):
        await link.next()
        with pytest.raises(NotAllowed):
            await link.next()


def test_without_a_key_or_with_a_bad_time_nothing_is_prepared() -> None:
    address = ServerAddress("127.0.0.1", 1, tls=False)
    with pytest.raises(KeyMissing):
        ColoniesClient(address, Keyring()).subscribe(ONE)
    with pytest.raises(UnsafeRequest):
        ColoniesClient(address, Keyring(member=KEY)).subscribe(ONE.model_copy(update={"timeout": 0}))


async def test_a_client_subscribes_with_the_member_key_or_the_one_given() -> None:
    script = Script(sends(event()))
    async with websocket_server(script.handle) as address:
        other = PrivateKey.new()
        client = ColoniesClient(address, Keyring(member=KEY))
        for key, signer in ((None, KEY), (other, other)):
            async with client.subscribe(ONE, key=key) as subscription:
                await anext(subscription)
            frame = script.frames[-1]
            assert recover_identity(frame["payload"], frame["signature"]) == signer.identity
            assert base64.b64decode(frame["payload"])
        assert script.connections == 2
