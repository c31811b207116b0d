"""Following a channel against a small server, and against the local one."""

from __future__ import annotations

import asyncio
import base64
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection

from colonies_tui.client.backoff import Backoff
from colonies_tui.client.channel_subscription import ChannelSubscription
from colonies_tui.client.client import ColoniesClient
from colonies_tui.localserver.embedded import running_server
from colonies_tui.localserver.settings import ServerSettings
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import recover_identity
from colonies_tui.protocol.errors import ColoniesError, NotAllowed, NotDecodable, NotFound, UnsafeRequest
from colonies_tui.protocol.messages.channel import SubscribeChannel
from colonies_tui.protocol.models.process import Conditions, FunctionSpec
from tests.client.links import KEY, Handler, Script
from tests.client.servers import drop, envelope, payload_of, refusal, websocket_server

REQUEST = SubscribeChannel(processid="x", name="c", timeout=60)


def entries(*texts: str, **more: Any) -> str:
    """Return the frame of entries; without texts that of the end of the time."""
    rows = [{"sequence": 1, "senderid": "s", "payload": text, "type": "data", **more} for text in texts]
    return envelope(rows, "subscribechannelmsg").decode()


GONE = refusal(404, "Channel not found").decode()


class Link:
    """A subscription with a clock that stands still, waits that are only noted, and the link's story."""

    def __init__(self, address: ServerAddress, request: SubscribeChannel) -> None:
        self.now = 1000.0
        self.waits: list[float] = []
        self.story: list[ColoniesError | None] = []
        self.is_up = asyncio.Event()
        self.subscription = ChannelSubscription(
            address,
            request,
            KEY,
            on_state=self._told,
            backoff=Backoff(spread=lambda: 1.0),
            clock=lambda: self.now,
            sleep=self._noted,
        )

    def _told(self, is_up: bool, error: ColoniesError | None) -> None:
        self.story.append(error)
        if is_up:
            self.is_up.set()

    async def _noted(self, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(0)

    async def next(self) -> str:
        return (await anext(self.subscription)).payload


@contextlib.asynccontextmanager
async def linked(*handlers: Handler, request: SubscribeChannel = REQUEST) -> AsyncIterator[tuple[Script, Link]]:
    script = Script(*handlers)
    async with websocket_server(script.handle) as address:
        link = Link(address, request)
        async with link.subscription:
            yield script, link


def sends(*frames: str) -> Handler:
    async def handler(connection: ServerConnection) -> None:
        for frame in frames:
            await connection.send(frame)
        await connection.recv()

    return handler


async def test_the_subscription_is_signed_and_entries_come_one_by_one() -> None:
    async with linked(sends(entries("a", "b"), entries("c"))) as (script, link):
        assert [await link.next() for _ in range(3)] == ["a", "b", "c"]
        assert link.subscription.position == 3
        (frame,) = script.frames
        assert recover_identity(frame["payload"], frame["signature"]) == KEY.identity
        assert payload_of(frame) == {**REQUEST.payload(), "msgtype": "subscribechannelmsg"}
        assert (link.story, link.waits) == ([None], [])


async def test_at_its_time_it_is_renewed_on_the_same_socket_from_where_it_was() -> None:
    again = asyncio.Queue[Any]()

    async def two_rounds(connection: ServerConnection) -> None:
        await connection.send(entries("a", "b"))
        link_.now += 60
        await connection.send(entries())
        again.put_nowait(await connection.recv())
        await sends(entries("c"))(connection)

    request = REQUEST.model_copy(update={"afterseq": 5})
    async with linked(two_rounds, request=request) as (script, link_):
        assert [await link_.next() for _ in range(3)] == ["a", "b", "c"]
        assert script.connections == 1
        assert b'"payloadtype"' in (await again.get()).encode()
        assert link_.subscription.position == 8
        assert (link_.story, link_.waits) == ([None], [])


async def test_a_lost_link_goes_on_at_the_position_that_was_reached() -> None:
    async def breaks_off(connection: ServerConnection) -> None:
        await connection.send(entries("a", "b"))
        await heard.wait()
        drop(connection)

    heard = asyncio.Event()
    async with linked(breaks_off, sends(entries("c"))) as (script, link):
        assert [await link.next() for _ in range(2)] == ["a", "b"]
        heard.set()
        assert await link.next() == "c"
        assert [payload_of(frame)["afterseq"] for frame in script.frames] == [0, 2]
        assert link.waits == [0.25]


async def test_a_client_that_was_too_slow_asks_again() -> None:
    async def too_slow(connection: ServerConnection) -> None:
        await connection.send(entries("a", error="too slow"))
        await connection.recv()

    async with linked(too_slow, sends(entries("b"))) as (script, link):
        entry = await anext(link.subscription)
        assert (entry.payload, entry.error) == ("a", "too slow")
        assert await link.next() == "b"
        assert [payload_of(frame)["afterseq"] for frame in script.frames] == [0, 1]
        assert link.waits == [0.25]


async def test_a_server_that_ends_it_again_and_again_is_not_stormed() -> None:
    async with linked(*[sends(entries())] * 4, sends(entries("a"))) as (script, link):
        assert await link.next() == "a"
        assert script.connections == 5
        assert link.waits == [0.25, 0.5, 1, 2]


async def test_it_ends_when_the_channel_is_gone_after_it_was_there() -> None:
    async def ends(connection: ServerConnection) -> None:
        await connection.send(entries("a"))
        link_.now += 60
        await connection.send(entries())
        await connection.recv()
        await sends(GONE)(connection)

    async with linked(ends) as (script, link_):
        assert [entry.payload async for entry in link_.subscription] == ["a"]
        await script.ended.wait()
        with pytest.raises(StopAsyncIteration):
            await link_.next()


async def test_it_ends_when_nothing_was_ever_said_and_the_process_ended() -> None:
    async def silent_to_the_end_of_its_time(connection: ServerConnection) -> None:
        await link_.is_up.wait()
        link_.now += 60
        drop(connection)

    async with linked(silent_to_the_end_of_its_time, sends(GONE)) as (script, link_):
        assert [entry async for entry in link_.subscription] == []
        assert script.connections == 2
        assert link_.waits == []


@pytest.mark.parametrize(
    ("frame", "kind"),
    [
        (GONE, NotFound),
        (refusal(403, "Not authorized to subscribe to channel").decode(), NotAllowed),
        ("hello", NotDecodable),
        (envelope([{"sequence": "x"}], "subscribechannelmsg").decode(), NotDecodable),
        (envelope([], "subscribeprocessmsg").decode(), NotDecodable),
    ],
)
async def test_what_is_no_entry_is_raised_and_ends_it(frame: str, kind: type[ColoniesError]) -> None:
    async with linked(sends(frame)) as (script, link):
        with pytest.raises(kind) as caught:
            await link.next()
        assert type(caught.value) is kind
        await script.ended.wait()
        with pytest.raises(StopAsyncIteration):
            await link.next()


async def test_a_time_out_of_bounds_is_refused_at_once() -> None:
    address = ServerAddress("127.0.0.1", 1, tls=False)
    for seconds in (0, -1, 3601):
        with pytest.raises(UnsafeRequest, match="3600"):
            ChannelSubscription(address, REQUEST.model_copy(update={"timeout": seconds}), KEY)


@pytest.mark.parametrize("real_quirks", [False, True])
async def test_against_the_local_server(real_quirks: bool) -> None:
    async with (
        asyncio.timeout(30),
        running_server(ServerSettings(real_quirks=real_quirks)) as server,
        ColoniesClient(server.address, server.identities.keyring) as client,
    ):
        conditions = Conditions(colonyname=server.identities.colony_name, executortype="cli")
        process = await client.submit_process(spec=FunctionSpec(conditions=conditions, channels=("c",)))
        request = SubscribeChannel(processid=process.processid, name="c", timeout=60)

        async def say(sequence: int) -> None:
            content = base64.b64encode(b"%d" % sequence).decode()
            await client.append_to_channel(processid=process.processid, name="c", sequence=sequence, content=content)

        await say(1)
        async with client.follow_channel(request) as channel:
            assert (await anext(channel)).sequence == 1
            await say(2)
            assert (await anext(channel)).sequence == 2
        read = await client.read_channel(processid=process.processid, name="c")
        assert [entry.sequence for entry in read] == [1, 2]
        with pytest.raises(NotFound):
            await anext(client.follow_channel(request.model_copy(update={"name": "nosuch"})))
