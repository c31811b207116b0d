"""A session on a server that behaves as a real one: it must not take work away from executors."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import AsyncIterator

import pytest

from colonies_tui.localserver.embedded import RunningServer, running_server
from colonies_tui.localserver.envelopes import Envelope
from colonies_tui.localserver.pubsub import Listener, PubSub
from colonies_tui.localserver.settings import ServerSettings
from colonies_tui.localserver.websocket import _Socket
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.messages.subscription import SubscribeProcess, SubscribeProcesses
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.link import LinkCondition

from .live import SLOW, Colony, Watched, colony_at, watched

WAITING, RUNNING, SUCCESS, FAILED, CANCELLED = ProcessState

POLL_SECONDS = 10
"""How long an executor waits for work in one request: what a stolen wake-up would cost."""

PICK_UPS = 6


class Frames:
    """What the server received over ``/pubsub``."""

    def __init__(self) -> None:
        self.payloads: list[dict[str, object]] = []
        self._came = asyncio.Event()

    def add(self, payload: dict[str, object]) -> None:
        self.payloads.append(payload)
        self._came.set()

    async def until_single(self, count: int) -> None:
        """Wait until so many subscriptions to single processes have come."""
        async with asyncio.timeout(20):
            while len(self.single()) < count:
                self._came.clear()
                await self._came.wait()

    def general(self) -> list[dict[str, object]]:
        return [payload for payload in self.payloads if payload["msgtype"] == SubscribeProcesses.msgtype]

    def single(self) -> list[dict[str, object]]:
        return [payload for payload in self.payloads if payload["msgtype"] == SubscribeProcess.msgtype]


@pytest.fixture
def frames(monkeypatch: pytest.MonkeyPatch) -> Frames:
    received = Frames()
    take = _Socket._take

    async def record(self: _Socket, envelope: Envelope, identity: str) -> None:
        payload = envelope.open()
        assert isinstance(payload, dict)
        received.add(payload)
        await take(self, envelope, identity)

    monkeypatch.setattr(_Socket, "_take", record)
    return received


@pytest.fixture
def polls(monkeypatch: pytest.MonkeyPatch) -> asyncio.Queue[Listener]:
    """General listeners to waiting processes as they come: executors' long polls, and what must never be there."""
    listeners: asyncio.Queue[Listener] = asyncio.Queue()
    add = PubSub.add

    def record(self: PubSub, listener: Listener) -> None:
        add(self, listener)
        if not listener.processid and listener.state == WAITING:
            listeners.put_nowait(listener)

    monkeypatch.setattr(PubSub, "add", record)
    return listeners


@pytest.fixture
async def server() -> AsyncIterator[RunningServer]:
    async with running_server(ServerSettings(real_quirks=True)) as running:
        yield running


@pytest.fixture
async def colony(server: RunningServer) -> AsyncIterator[Colony]:
    async with colony_at(server) as colony:
        await colony.register("worker")
        await colony.register("observer")
        yield colony


async def pick_up(colony: Colony, polls: asyncio.Queue[Listener], console: Watched | None = None) -> float:
    """Return the seconds between the submission of a process and the executor's having it."""
    worker = colony.executors["worker"]
    while not polls.empty():
        polls.get_nowait()
    assigning = asyncio.create_task(worker.assign_process(colonyname=colony.name, timeout=POLL_SECONDS))
    async with asyncio.timeout(POLL_SECONDS):
        await polls.get()  # the executor waits now
    start = time.monotonic()
    submitted = await colony.submit()
    if console is not None:
        console.session.open_process(submitted.processid)
        console.session.look_at_processes([submitted.processid])
    assigned = await assigning
    seconds = time.monotonic() - start
    assert assigned.processid == submitted.processid
    await worker.close_successful(processid=assigned.processid)
    if console is not None:
        await console.until_state(submitted, SUCCESS)
        console.session.close_process(submitted.processid)
    return seconds


async def test_an_executor_gets_its_work_as_soon_with_a_console_as_without(
    colony: Colony, frames: Frames, polls: asyncio.Queue[Listener]
) -> None:
    without = [await pick_up(colony, polls) for _ in range(PICK_UPS)]
    # The key of another executor of the same type: with it a general subscription would be possible.
    keys = Keyring(member=colony.executors["observer"].keys.member)
    async with watched(colony.server.address, colony.name, keys) as console:
        await console.until_loaded()
        await console.until_live()
        assert not console.session.observers_apart
        with_console = [await pick_up(colony, polls, console) for _ in range(PICK_UPS)]
        assert console.session.link.condition is LinkCondition.LIVE
    after = [await pick_up(colony, polls) for _ in range(PICK_UPS)]
    for seconds in (*without, *with_console, *after):
        assert seconds < POLL_SECONDS / 3
    for median in (statistics.median(with_console), statistics.median(after)):
        assert median < 20 * statistics.median(without) + 0.5
    assert {payload["state"] for payload in frames.general()} == {RUNNING, SUCCESS, FAILED, CANCELLED}


async def test_no_general_subscription_to_waiting_processes_is_sent_whoever_looks(
    colony: Colony, frames: Frames, polls: asyncio.Queue[Listener]
) -> None:
    observer = Keyring(member=colony.executors["observer"].keys.member)
    for keys in (colony.keys, observer):
        waits = await colony.submit()
        async with watched(colony.server.address, colony.name, keys) as console:
            await console.until_loaded()
            console.session.look("screen", set(console.session.schedule.feeds))
            console.session.look_at_processes([waits.processid])
            console.session.open_process(waits.processid)
            comes = await colony.submit("gpu")
            await console.until_state(comes, WAITING)
            await colony.operator.cancel_process(processid=waits.processid)
            await console.until_state(waits, CANCELLED)
            if keys is observer:
                await console.until_live()
    assert frames.single()
    assert frames.general()
    assert all(payload["state"] != WAITING for payload in frames.general())
    assert polls.empty()


async def test_a_users_key_subscribes_to_single_processes_only(colony: Colony, frames: Frames) -> None:
    process = await colony.submit()
    async with watched(colony.server.address, colony.name, colony.keys, pace=SLOW) as console:
        await console.until_loaded()
        session = console.session
        session.look_at_processes([process.processid])
        await frames.until_single(4)
        await colony.assign()
        await console.until_state(process, RUNNING)
        assert session.link.condition is LinkCondition.POLLING
        await colony.executors["worker"].close_failed(processid=process.processid, errors=("it broke",))
        await console.until_state(process, FAILED)
        await console.until(lambda: console.row(process).error == "it broke")
        assert session._taps.wanted == frozenset()
    assert frames.general() == []


async def test_lists_bring_what_no_event_tells(colony: Colony) -> None:
    async with watched(colony.server.address, colony.name, colony.keys) as console:
        await console.until_loaded()
        console.session.look("screen", set(console.session.schedule.feeds))
        submitted = await colony.submit()
        await console.until_state(submitted, WAITING)
        await colony.assign()
        await console.until_state(submitted, RUNNING)
        await colony.operator.remove_executor(colonyname=colony.name, executorname="worker")
        row = await console.until_state(submitted, WAITING)
        await console.until(lambda: console.row(submitted).starttime is None)
        assert row.retries == 0
        await colony.operator.remove_process(processid=submitted.processid)
        await console.until(lambda: submitted.processid not in console.session.processes.rows)
        assert console.session.processes.snapshot() == await colony.rows()
