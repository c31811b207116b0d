"""Subscriptions over a real websocket, in both manners (§ Websocket, Process subscriptions, Pubsub delivery)."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from itertools import chain
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from colonies_tui.protocol.crypto import PrivateKey, random_id
from colonies_tui.protocol.envelope import encode_payload
from colonies_tui.protocol.messages.colony import AddColony, AddUser
from colonies_tui.protocol.messages.executor import AddFunction, RemoveExecutor
from colonies_tui.protocol.messages.process import CancelProcess, SubmitProcess
from colonies_tui.protocol.models.colony import Colony, User
from colonies_tui.protocol.models.executor import Function
from colonies_tui.protocol.states import ProcessState
from tests.localserver.harness import COLONY, a_spec, until
from tests.localserver.listening import Listening, Socket, listening, one_process, processes


@pytest.fixture
async def apart() -> AsyncIterator[Listening]:
    """A server that keeps observers apart."""
    async with listening() as running:
        yield running


@pytest.fixture
async def ring() -> AsyncIterator[Listening]:
    """A server that behaves as a real one."""
    async with listening(real_quirks=True) as running:
        yield running


async def closed(socket: Socket) -> int:
    """Return the close code when the connection has ended; 1006 is an end without a close frame."""
    with pytest.raises(ConnectionClosed):
        await socket.connection.recv()
    code = socket.connection.close_code
    assert code is not None
    return code


async def lead_four_lives(bench: Listening, key: PrivateKey) -> None:
    """Let one process each succeed, fail, be cancelled while running, and be cancelled while waiting."""
    for label, end in (("s", bench.succeed), ("f", bench.fail)):
        await bench.submit(label=label)
        await end(await bench.assign(key), key)
    await bench.submit(label="r")
    await bench.send(CancelProcess(processid=(await bench.assign(key)).processid))
    waiting = await bench.submit(label="w")
    await bench.send(CancelProcess(processid=waiting.processid))


STORY: dict[int, list[str]] = {0: ["s", "f", "r", "w"], 1: ["s", "f", "r"], 2: ["s"], 3: ["f"], 4: ["r", "w"]}
"""Which of the four lives enters which state, in order."""


@pytest.mark.parametrize("state", STORY)
@pytest.mark.parametrize("real_quirks", [False, True])
async def test_events_of_a_state(state: int, real_quirks: bool) -> None:
    async with listening(real_quirks=real_quirks) as bench:
        key = await bench.register("worker")
        async with bench.socket() as socket:
            await socket.subscribe(key, processes(state))
            await lead_four_lives(bench, key)
            frames = await socket.frames()
        assert [frame.state_and_label for frame in frames] == [(state, label) for label in STORY[state]]
        assert {(frame.payloadtype, frame.error) for frame in frames} == {("subscribeprocessmsg", False)}


async def test_every_observer_sees_every_event(apart: Listening) -> None:
    key = await apart.register("worker")
    async with apart.socket() as first, apart.socket() as second:
        await first.subscribe(key, processes(0))
        await second.subscribe(apart.user_key, processes(0))
        for number in range(20):
            await apart.submit(label=str(number))
        for socket in (first, second):
            frames = await socket.frames()
            assert [frame.content["spec"]["label"] for frame in frames] == [str(number) for number in range(20)]


@pytest.mark.parametrize("observers", [2, 3])
async def test_on_a_real_server_each_event_goes_to_one_observer(ring: Listening, observers: int) -> None:
    key = await ring.register("worker")
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(ring.socket()) for _ in range(observers)]
        for socket in sockets:
            await socket.subscribe(key, processes(0))
        for number in range(20):
            await ring.submit(label=str(number))
        seen = [[frame.content["spec"]["label"] for frame in await socket.frames()] for socket in sockets]
    assert sorted(map(len, seen), reverse=True) == ([10, 10] if observers == 2 else [7, 7, 6])
    assert sorted(chain.from_iterable(seen), key=int) == [str(number) for number in range(20)]


async def test_on_a_real_server_an_observer_that_left_swallows_one_more_event(ring: Listening) -> None:
    key = await ring.register("worker")
    async with ring.socket() as staying:
        async with ring.socket() as leaving:
            await leaving.subscribe(key, processes(0))
            await staying.subscribe(key, processes(0))
        await until(lambda: ring.server.pubsub.gone_count == 1)
        for number in range(20):
            await ring.submit(label=str(number))
        seen = [frame.content["spec"]["label"] for frame in await staying.frames()]
    assert seen == [str(number) for number in range(1, 20)]


async def test_an_observer_that_left_is_forgotten_at_once(apart: Listening) -> None:
    async with apart.socket() as socket:
        await socket.subscribe(apart.user_key, processes(0))
        await socket.subscribe(apart.user_key, one_process(apart.marker, 4))
    await until(lambda: apart.server.pubsub.listener_count == 0)


@pytest.mark.parametrize("observers", [0, 1, 2])
async def test_observers_take_no_wake_up_from_executors(apart: Listening, observers: int) -> None:
    key = await apart.register("worker")
    async with AsyncExitStack() as stack:
        for _ in range(observers):
            socket = await stack.enter_async_context(apart.socket())
            await socket.subscribe(key, processes(0))
        for _ in range(10):
            poll = await apart.polling(key, timeout=10)
            submitted = await apart.submit()
            assert (await poll).processid == submitted.processid


@pytest.mark.parametrize(("observers", "delayed"), [(0, 0), (1, 10), (2, 14)])
async def test_on_a_real_server_they_do(ring: Listening, observers: int, delayed: int) -> None:
    key = await ring.register("worker")
    late = 0
    async with AsyncExitStack() as stack:
        for _ in range(observers):
            socket = await stack.enter_async_context(ring.socket())
            await socket.subscribe(key, processes(0, timeout=3600))
        for _ in range(20):
            poll = await ring.polling(key, timeout=10)
            submitted = await ring.submit()
            if (await ring.process(submitted.processid)).state == ProcessState.WAITING:
                late += 1
                ring.clock.advance(10)
            assert (await poll).processid == submitted.processid
    assert late == pytest.approx(delayed, abs=1)


async def test_events_of_another_colony_are_not_seen(apart: Listening) -> None:
    owner, member = PrivateKey.new(), PrivateKey.new()
    await apart.send(AddColony(colony=Colony(colonyid=owner.identity, name="other")), apart.server_key)
    await apart.send(AddUser(user=User(userid=member.identity, name="m", colonyname="other")), owner)
    for colonyname in (COLONY, ""):
        async with apart.socket() as socket:
            await socket.subscribe(apart.user_key, processes(0, colonyname=colonyname))
            await apart.send(SubmitProcess(spec=a_spec(label="x", conditions={"colonyname": "other"})), member)
            await apart.submit(label="ours")
            assert [frame.state_and_label for frame in await socket.frames()] == [(0, "ours")]


async def test_on_a_real_server_they_are(ring: Listening) -> None:
    owner, member, stranger = PrivateKey.new(), PrivateKey.new(), await ring.register("worker", executortype="x")
    await ring.send(AddColony(colony=Colony(colonyid=owner.identity, name="other")), ring.server_key)
    await ring.send(AddUser(user=User(userid=member.identity, name="m", colonyname="other")), owner)
    async with ring.socket() as socket:
        await socket.subscribe(stranger, processes(0, colonyname="nosuch"))
        await ring.send(SubmitProcess(spec=a_spec(label="x", conditions={"colonyname": "other"})), member)
        assert [frame.state_and_label for frame in await socket.frames()] == [(0, "x")]


async def test_on_a_real_server_types_that_continue_with_digits_take_each_others_events(ring: Listening) -> None:
    key = await ring.register("worker", executortype="ps-b")
    async with ring.socket() as socket:
        await socket.subscribe(key, processes(0, executortype="ps-b1"))
        await ring.submit(label="x", conditions={"executortype": "ps-b"})
        await ring.assign(key)
        assert [frame.state_and_label for frame in await socket.frames()] == [(1, "x")]


async def test_a_type_is_matched_exactly(apart: Listening) -> None:
    async with apart.socket() as socket:
        for executortype in ("", "*", "%", "cl", "cli0", "cli"):
            await socket.subscribe(apart.user_key, processes(0, executortype=executortype))
        await apart.submit(label="x")
        assert len(await socket.frames()) == 1


async def test_one_process_is_told_of_at_once_and_at_each_entry_to_every_watcher(apart: Listening) -> None:
    key = await apart.register("worker")
    submitted = await apart.submit(maxexectime=5, maxretries=2)
    async with apart.socket() as first, apart.socket() as second, apart.socket() as wrong_type:
        for socket in (first, second):
            await socket.subscribe(apart.user_key, one_process(submitted.processid, 0))
        await wrong_type.subscribe(apart.user_key, one_process(submitted.processid, 0, executortype="x"))
        for _ in range(2):
            await apart.assign(key)
            await apart.advance(6)
        for socket in (first, second):
            frames = await socket.frames()
            assert [(frame.content["state"], frame.content["retries"]) for frame in frames] == [(0, 0), (0, 1), (0, 2)]
        assert await wrong_type.frames() == []


async def test_events_show_the_process_as_it_is(apart: Listening) -> None:
    key = await apart.register("worker")
    await apart.submit(env={"K": "v"})
    running = await apart.assign(key)
    async with apart.socket() as socket:
        await socket.subscribe(apart.user_key, one_process(running.processid, 2))
        await apart.succeed(running, key, "result")
        (frame,) = await socket.frames()
    assert (frame.content["out"], frame.content["attributes"][0]["value"]) == (["result"], "v")
    assert not frame.content["endtime"].startswith("0001")


@pytest.mark.parametrize("is_registered", [False, True])
async def test_on_a_real_server_the_event_of_a_success_is_stale_unless_the_function_is_registered(
    ring: Listening, is_registered: bool
) -> None:
    key = await ring.register("worker")
    if is_registered:
        await ring.send(AddFunction(fun=Function(executorname="worker", colonyname=COLONY, funcname="echo")), key)
    await ring.submit(maxexectime=60)
    running = await ring.assign(key)
    async with ring.socket() as socket:
        await socket.subscribe(ring.user_key, one_process(running.processid, 2))
        await ring.succeed(running, key, "result")
        (frame,) = await socket.frames()
    assert frame.content["state"] == 2
    assert frame.content["out"] == (["result"] if is_registered else [])
    assert frame.content["endtime"].startswith("0001") == (not is_registered)


async def test_executors_that_are_removed_put_their_work_back_and_observers_hear_of_it(apart: Listening) -> None:
    key = await apart.register("worker")
    await apart.submit(label="x")
    await apart.assign(key)
    async with apart.socket() as socket:
        await socket.subscribe(apart.user_key, processes(0))
        await apart.send(RemoveExecutor(colonyname=COLONY, executorname="worker"), apart.colony_key)
        assert [frame.state_and_label for frame in await socket.frames()] == [(0, "x")]


@pytest.mark.parametrize("timeout", [0, -1, None, 9_223_372_037, 10_000_000_000])
async def test_a_subscription_that_cannot_last_ends_at_once_without_a_close_frame(
    apart: Listening, timeout: int | None
) -> None:
    payload = {**processes(0), "timeout": timeout}
    if timeout is None:
        del payload["timeout"]
    async with apart.socket() as socket:
        await socket.send(encode_payload(payload["msgtype"], payload, apart.user_key))
        assert await closed(socket) == 1006
    assert apart.server.pubsub.listener_count == 0


@pytest.mark.parametrize("real_quirks", [False, True])
async def test_the_connection_is_dropped_when_the_first_subscription_expires(real_quirks: bool) -> None:
    async with listening(real_quirks=real_quirks) as bench:
        key = await bench.register("worker")
        async with bench.socket() as socket:
            await socket.subscribe(key, processes(0, timeout=60))
            await socket.subscribe(key, processes(1, timeout=3))
            bench.clock.advance(2)
            await bench.submit(label="does not extend it")
            assert len(await socket.frames()) == 1
            bench.clock.advance(1)
            assert await closed(socket) == 1006
        await until(lambda: bench.server.pubsub.listener_count == 0)


async def test_frames_come_back_in_the_kind_in_which_they_were_asked_for(apart: Listening) -> None:
    async with apart.socket() as socket:
        await socket.subscribe(apart.user_key, processes(0), binary=True)
        await apart.submit()
        assert isinstance(await socket.connection.recv(), bytes)
        await socket.subscribe(apart.user_key, processes(1))
        await apart.submit()
        assert isinstance(await socket.connection.recv(), str)


async def test_a_ping_is_answered(apart: Listening) -> None:
    async with apart.socket() as socket:
        await socket.subscribe(apart.user_key, processes(0))
        await (await socket.connection.ping())


MEMBERS = {"approved executor", "user"}
EXECUTORS = {"approved executor", "pending executor"}
EVERYBODY = {"server owner", "colony owner", "approved executor", "pending executor", "user", "outsider"}


@pytest.mark.parametrize(
    ("real_quirks", "is_general", "allowed", "words"),
    [
        (False, True, MEMBERS, "not a member of Colony"),
        (False, False, MEMBERS, "not a member of Colony"),
        (True, True, EXECUTORS, "executor not found"),
        (True, False, EVERYBODY, ""),
    ],
)
async def test_who_may_subscribe(real_quirks: bool, is_general: bool, allowed: set[str], words: str) -> None:
    async with listening(real_quirks=real_quirks) as bench:
        keys = {
            "server owner": bench.server_key,
            "colony owner": bench.colony_key,
            "approved executor": await bench.register("approved"),
            "pending executor": await bench.register("pending", approved=False),
            "user": bench.user_key,
            "outsider": bench.outsider_key,
        }
        payload = processes(0) if is_general else one_process(bench.marker, 4)
        for caller, key in keys.items():
            async with bench.socket() as socket:
                await socket.send(encode_payload(payload["msgtype"], payload, key))
                frames = await socket.frames()
            if caller in allowed:
                assert frames == [], caller
            else:
                (frame,) = frames
                assert (frame.payloadtype, frame.error, frame.content["status"]) == ("error", True, 403), caller
                assert words in frame.content["message"], caller


def _raw(bench: Listening, msgtype: str, text: str) -> bytes:
    payload = base64.b64encode(text.encode()).decode()
    envelope = {"payloadtype": msgtype, "payload": payload, "signature": bench.user_key.sign(payload)}
    return json.dumps(envelope).encode()


@pytest.mark.parametrize("body", [b"hello", b"null", b'{"payloadtype":"subscribeprocessesmsg","payload":"e30="}', b""])
async def test_what_is_no_signed_message_ends_the_connection(apart: Listening, body: bytes) -> None:
    async with apart.socket() as socket:
        await socket.send(body)
        assert await closed(socket) == 1006


async def test_other_messages_are_ignored_and_errors_leave_the_socket_open(ring: Listening) -> None:
    key = await ring.register("worker")
    mismatch = json.dumps({**processes(0), "msgtype": "somethingelse"})
    unknown = json.dumps(one_process(random_id(), 0))
    async with ring.socket() as socket:
        answers: list[Any] = []
        for msgtype, text in (
            ("getcolonymsg", "{}"),
            ("nosuchmsg", "{}"),
            ("subscribeprocessmsg", "{broken"),
            ("subscribeprocessesmsg", "{broken"),
            ("subscribeprocessesmsg", mismatch),
            ("subscribeprocessmsg", unknown),
        ):
            await socket.send(_raw(ring, msgtype, text))
            answers.append([(frame.content["status"], frame.content["message"]) for frame in await socket.frames()])
        assert answers[:3] == [[], [], []]
        assert [answer[0][0] for answer in answers[3:]] == [403, 403, 403]
        assert "does not match rpcMsg.PayloadType" in answers[4][0][1]
        assert "Invalid process with Id" in answers[5][0][1]
        await socket.subscribe(key, processes(0))


@pytest.mark.parametrize("state", [-1, 5])
async def test_a_state_that_there_is_not(apart: Listening, ring: Listening, state: int) -> None:
    async with apart.socket() as socket:
        await socket.send(encode_payload("subscribeprocessesmsg", processes(state), apart.user_key))
        (frame,) = await socket.frames()
        assert (frame.error, frame.content["status"]) == (True, 400)
    async with ring.socket() as socket:
        await socket.send(encode_payload("subscribeprocessesmsg", processes(state), ring.user_key))
        assert await socket.frames() == []
