"""Following a channel over a real websocket, with a clock that tests move (§ Websocket, Channels)."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from colonies_tui.localserver.envelopes import read_envelope
from colonies_tui.localserver.following import DEFAULT_SECONDS, follow_channel
from colonies_tui.protocol.crypto import PrivateKey, random_id
from colonies_tui.protocol.envelope import encode_payload, open_reply
from colonies_tui.protocol.messages.channel import AppendToChannel
from colonies_tui.protocol.messages.process import CancelProcess
from colonies_tui.protocol.models.process import Process
from tests.localserver.harness import Harness, until
from tests.localserver.listening import Frame, Listening, Socket, listening

MSGTYPE = "subscribechannelmsg"


@dataclass
class Talk:
    """A process with the channel ``c``, and a socket of the user who started it."""

    bench: Listening
    socket: Socket
    process: Process

    async def say(self, *texts: str) -> None:
        for text in texts:
            content = base64.b64encode(text.encode()).decode()
            await self.bench.send(
                AppendToChannel(processid=self.process.processid, name="c", sequence=1, content=content)
            )

    async def follow(self, *, key: PrivateKey | None = None, **changes: Any) -> None:
        """Send a subscription."""
        payload = {"msgtype": MSGTYPE, "processid": self.process.processid, "name": "c", "afterseq": 0, "timeout": 60}
        await self.socket.send(encode_payload(MSGTYPE, {**payload, **changes}, key or self.bench.user_key))

    async def followed(self, count: int = 1) -> None:
        """Return when the server has so many followers."""
        await until(lambda: self.bench.server.channels.follower_count == count)

    async def heard(self) -> list[str]:
        """Return the texts of the next frame."""
        frame = await self.socket.frame()
        assert (frame.payloadtype, frame.error) == (MSGTYPE, False)
        return [base64.b64decode(entry["payload"]).decode() for entry in frame.content]

    async def refused(self) -> Frame:
        frame = await self.socket.frame()
        assert (frame.payloadtype, frame.error) == ("error", True)
        return frame


@asynccontextmanager
async def talking(*, real_quirks: bool = False) -> AsyncIterator[Talk]:
    async with listening(real_quirks=real_quirks) as bench, bench.socket() as socket:
        yield Talk(bench, socket, await bench.submit(channels=["c"]))


@pytest.fixture(params=[False, True], ids=["better", "real quirks"])
async def talk(request: pytest.FixtureRequest) -> AsyncIterator[Talk]:
    async with talking(real_quirks=request.param) as talk:
        yield talk


async def test_what_exists_comes_in_one_frame_and_then_each_entry_in_its_own(talk: Talk) -> None:
    await talk.say("one", "two", "three")
    await talk.follow(afterseq=1)
    assert await talk.heard() == ["two", "three"]
    await talk.say("four", "five")
    assert await talk.heard() == ["four"]
    assert await talk.heard() == ["five"]


async def test_at_its_time_one_empty_list_comes_and_the_socket_goes_on(talk: Talk) -> None:
    await talk.follow(timeout=7)
    await talk.followed()
    talk.bench.clock.advance(6.9)
    await talk.say("in time")
    talk.bench.clock.advance(0.1)
    assert await talk.heard() == ["in time"]
    assert await talk.heard() == []
    assert talk.bench.server.channels.follower_count == 0
    await talk.say("missed")
    await talk.follow(afterseq=1)
    assert await talk.heard() == ["missed"]


async def test_entries_do_not_extend_the_time_and_zero_is_half_a_minute(talk: Talk) -> None:
    await talk.follow(timeout=0)
    await talk.followed()
    for _ in range(2):
        talk.bench.clock.advance(DEFAULT_SECONDS / 2 - 0.1)
        await talk.say("x")
        assert await talk.heard() == ["x"]
    talk.bench.clock.advance(0.2)
    assert await talk.heard() == []


@pytest.mark.parametrize("timeout", [-1, 9_223_372_037])
async def test_a_time_that_is_none_is_over_at_once(talk: Talk, timeout: int) -> None:
    await talk.say("one")
    await talk.follow(timeout=timeout)
    assert await talk.heard() == ["one"]
    assert await talk.heard() == []
    assert talk.bench.server.channels.follower_count == 0
    await talk.follow()
    assert await talk.heard() == ["one"]


async def test_the_end_of_the_process_is_not_told(talk: Talk) -> None:
    await talk.follow()
    await talk.followed()
    await talk.bench.send(CancelProcess(processid=talk.process.processid))
    await talk.followed(0)
    # The next request is read, and what it is answered with is the first frame.
    await talk.follow()
    frame = await talk.refused()
    assert (frame.content["status"], frame.content["message"]) == (404, "Channel not found")


async def test_the_next_request_waits_until_the_subscription_is_over(talk: Talk) -> None:
    await talk.follow(timeout=5)
    await talk.followed()
    await talk.follow(name="nosuch")
    await talk.say("first")
    assert await talk.heard() == ["first"]
    talk.bench.clock.advance(5)
    assert await talk.heard() == []
    assert (await talk.refused()).content["status"] == 404


async def test_a_client_that_leaves_is_forgotten(talk: Talk) -> None:
    await talk.follow()
    await talk.followed()
    await talk.socket.connection.close()
    await talk.followed(0)


async def test_a_client_that_leaves_with_a_request_in_waiting_is_forgotten_at_the_end(talk: Talk) -> None:
    await talk.follow(timeout=5)
    await talk.followed()
    await talk.follow()
    await talk.socket.connection.close()
    talk.bench.clock.advance(5)
    await talk.followed(0)


async def test_several_followers_hear_everything(talk: Talk) -> None:
    executor = await talk.bench.register("worker")
    await talk.bench.assign(executor)
    async with talk.bench.socket() as second:
        other = Talk(talk.bench, second, talk.process)
        await talk.follow()
        await other.follow(key=executor)
        await talk.followed(2)
        await talk.say("both")
        assert await talk.heard() == await other.heard() == ["both"]


async def test_refusals_are_frames_and_the_socket_stays_open(talk: Talk) -> None:
    stranger = await talk.bench.register("stranger")
    for changes, status, words in (
        ({"processid": random_id()}, 404, "Process not found"),
        ({"name": "nosuch"}, 404, "Channel not found"),
        ({"key": stranger}, 403, "Not authorized to subscribe to channel"),
        ({"key": talk.bench.outsider_key}, 403, "Access denied, not a member of Colony with name <dev>"),
        ({"afterseq": "x"}, 400, "Failed to subscribe to channel, invalid JSON"),
        ({"msgtype": "x"}, 400, "Failed to subscribe to channel, msg.MsgType does not match payloadType"),
    ):
        await talk.follow(**changes)
        frame = await talk.refused()
        assert (frame.content["status"], frame.content["message"]) == (status, words)
    await talk.say("still there")
    await talk.follow()
    assert await talk.heard() == ["still there"]


async def test_who_does_not_keep_up_is_told_so_with_the_last_entry(bench: Harness) -> None:
    process = await bench.submit(channels=["c"])
    payload = {"msgtype": MSGTYPE, "processid": process.processid, "name": "c", "timeout": 60}
    envelope = read_envelope(encode_payload(MSGTYPE, payload, bench.user_key))
    frames: list[str] = []
    timers = bench.clock.pending
    ended = asyncio.Event()
    stop = follow_channel(
        bench.server,
        envelope,
        envelope.caller(),
        put=frames.append,
        is_full=lambda: len(frames) == 2,
        ended=ended,
    )
    for sequence in range(4):
        await bench.send(AppendToChannel(processid=process.processid, name="c", sequence=sequence))
    assert ended.is_set()
    entries = [json.loads(open_reply(frame).payload) for frame in frames]
    assert [[(entry["sequence"], "error" in entry) for entry in frame] for frame in entries] == [
        [(0, False)],
        [(1, False)],
        [(2, True)],
    ]
    stop()
    assert bench.clock.pending == timers
