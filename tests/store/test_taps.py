"""Which subscriptions are wanted, and that they are kept open without harm."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Self, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.client.listening import Event, OnLinkState
from colonies_tui.client.subscription import Subscription
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import KeyMissing, NotAllowed, NotDecodable, NotReached
from colonies_tui.protocol.messages.subscription import SubscribeProcess, SubscribeProcesses
from colonies_tui.protocol.models.process import Conditions, FunctionSpec, Process, ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.pace import Pace
from colonies_tui.store.taps import Tap, Taps, wanted_taps

from .fake_client import FakeClient
from .fake_clock import FakeClock
from .rows import COLONY, process_row

WAITING, RUNNING, SUCCESS, FAILED, CANCELLED = ProcessState


def wanted(
    *types: str, rows: tuple[ProcessRow, ...] = (), apart: bool = False, executor: bool = False, most: int = 40
) -> list[Tap]:
    return wanted_taps(types=types, rows=rows, observers_apart=apart, is_executor=executor, most=most)


def test_a_server_that_keeps_observers_apart_is_listened_to_in_every_state() -> None:
    assert wanted("b", "a", "a", apart=True) == [Tap(state, kind) for kind in ("a", "b") for state in ProcessState]


def test_an_executors_key_listens_to_all_but_waiting_processes() -> None:
    assert wanted("a", executor=True) == [Tap(state, "a") for state in (RUNNING, SUCCESS, FAILED, CANCELLED)]


def test_others_listen_to_the_processes_that_are_open() -> None:
    rows = (process_row("w"), process_row("r", RUNNING), process_row("s", SUCCESS))
    assert wanted("a", rows=rows) == [
        *(Tap(state, "cli", "w") for state in (RUNNING, SUCCESS, FAILED, CANCELLED)),
        *(Tap(state, "cli", "r") for state in (SUCCESS, FAILED, CANCELLED, WAITING)),
    ]


def test_more_types_than_sockets_leave_single_processes() -> None:
    assert wanted(*"abcd", rows=(process_row("w"),), apart=True, most=19) == [
        Tap(state, "cli", "w") for state in (RUNNING, SUCCESS, FAILED, CANCELLED)
    ]
    assert wanted(*"abcd", rows=(process_row("w"), process_row("x")), most=7) == [
        Tap(state, "cli", "w") for state in (RUNNING, SUCCESS, FAILED, CANCELLED)
    ]


@given(
    types=st.lists(st.text(max_size=3), max_size=12),
    states=st.lists(st.sampled_from(ProcessState), max_size=30),
    apart=st.booleans(),
    executor=st.booleans(),
    most=st.integers(0, 40),
)
def test_a_general_subscription_to_waiting_processes_is_never_wanted_unless_it_does_no_harm(
    types: list[str], states: list[ProcessState], apart: bool, executor: bool, most: int
) -> None:
    rows = tuple(process_row(f"p{number}", state) for number, state in enumerate(states))
    taps = wanted(*types, rows=rows, apart=apart, executor=executor, most=most)
    assert len(taps) <= most
    assert len(set(taps)) == len(taps)
    for tap in taps:
        request = tap.request(COLONY, 60)
        if isinstance(request, SubscribeProcesses):
            assert request.state is not WAITING or apart
            assert apart or executor
        else:
            assert request.processid in {row.processid for row in rows if not row.state.is_final}


class FakeSubscription:
    """A subscription whose events and ends a test makes."""

    def __init__(self, request: SubscribeProcess | SubscribeProcesses, on_state: OnLinkState) -> None:
        self.request = request
        self.on_state = on_state
        self.things: asyncio.Queue[Event | Exception] = asyncio.Queue()
        self.may_close = asyncio.Event()
        self.may_close.set()
        self.is_closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.may_close.wait()
        self.is_closed = True

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        thing = await self.things.get()
        if isinstance(thing, Exception):
            raise thing
        return thing


class SubscribingClient(FakeClient):
    """Hands out fake subscriptions."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[FakeSubscription] = []

    def subscribe(
        self,
        request: SubscribeProcess | SubscribeProcesses,
        *,
        key: PrivateKey | None = None,
        on_state: OnLinkState | None = None,
    ) -> Subscription:
        assert on_state is not None
        self.opened.append(FakeSubscription(request, on_state))
        return cast("Subscription", self.opened[-1])


class Desk:
    """Taps that run, and what they told."""

    def __init__(self) -> None:
        self.client = SubscribingClient()
        self.clock = FakeClock()
        self.events: list[Process] = []
        self.changes = 0
        self.taps = Taps(self.client, COLONY, self.clock, Pace(), on_event=self.on_event, on_change=self._changed)

    def on_event(self, process: Process) -> None:
        if process.processid == "broken":
            raise ZeroDivisionError
        self.events.append(process)

    def _changed(self) -> None:
        self.changes += 1

    async def want(self, *taps: Tap) -> None:
        self.taps.want(taps)
        await self.clock.settle()

    def are_general(self) -> bool:
        return self.taps.are_general


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with running() as desk:
        yield desk


@asynccontextmanager
async def running() -> AsyncIterator[Desk]:
    desk = Desk()
    task = asyncio.create_task(desk.taps.run())
    try:
        yield desk
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        assert all(subscription.is_closed for subscription in desk.client.opened)


def event(process_id: str, colony: str = COLONY) -> Event:
    return Event(Process(processid=process_id, spec=FunctionSpec(conditions=Conditions(colonyname=colony))))


A, B = Tap(RUNNING, "a"), Tap(SUCCESS, "a")


async def test_what_is_wanted_is_opened_once_and_closed_when_it_is_not(desk: Desk) -> None:
    await desk.want(A, B)
    await desk.want(B, A)
    first, second = desk.client.opened
    assert {first.request.state, second.request.state} == {RUNNING, SUCCESS}
    assert all(subscription.request.timeout == 60 for subscription in desk.client.opened)
    await desk.want(B)
    assert [subscription.is_closed for subscription in desk.client.opened if subscription.request.state is RUNNING] == [
        True
    ]
    assert len(desk.client.opened) == 2


async def test_events_of_this_colony_are_handed_on(desk: Desk) -> None:
    await desk.want(A)
    for thing in (event("ours"), event("theirs", "other")):
        desk.client.opened[0].things.put_nowait(thing)
    await desk.clock.settle()
    assert [process.processid for process in desk.events] == ["ours"]


async def test_general_means_that_all_of_it_is_connected(desk: Desk) -> None:
    assert not desk.are_general()
    await desk.want(A, B)
    first, second = desk.client.opened
    first.on_state(True, None)
    assert not desk.are_general()
    changes = desk.changes
    second.on_state(True, None)
    assert desk.are_general()
    assert desk.changes == changes + 1
    assert desk.taps.open_count == 2
    first.on_state(False, NotReached("gone"))
    assert not desk.are_general()
    first.on_state(True, None)
    await desk.want(A, B, Tap(SUCCESS, "a", "p"))
    desk.client.opened[-1].on_state(True, None)
    assert not desk.are_general()


async def test_one_that_is_wanted_again_while_it_closes_is_not_taken_for_lost(desk: Desk) -> None:
    await desk.want(A)
    (old,) = desk.client.opened
    old.on_state(True, None)
    old.may_close.clear()
    await desk.want()
    await desk.want(A)
    _, new = desk.client.opened
    new.on_state(True, None)
    assert desk.are_general()
    old.on_state(False, NotReached("closed here"))
    old.may_close.set()
    await desk.clock.settle()
    assert old.is_closed
    assert not new.is_closed
    assert desk.are_general()
    await desk.want()
    assert new.is_closed


async def test_one_that_is_refused_is_tried_again_when_it_would_have_been_renewed(desk: Desk) -> None:
    await desk.want(A)
    desk.client.opened[0].on_state(True, None)
    desk.client.opened[0].things.put_nowait(NotAllowed(403, "executor not found"))
    await desk.clock.advance(59.0)
    assert len(desk.client.opened) == 1
    assert desk.client.opened[0].is_closed
    assert not desk.are_general()
    await desk.clock.advance(1.0)
    assert len(desk.client.opened) == 2
    desk.client.opened[1].things.put_nowait(event("x"))
    await desk.clock.settle()
    assert len(desk.events) == 1


async def test_one_whose_events_cannot_be_read_is_tried_again_with_growing_pauses(desk: Desk) -> None:
    await desk.want(A)
    for pause in (1.5, 3.0, 6.0, 12.0, 24.0, 48.0, 60.0, 60.0):  # at the longest
        count = len(desk.client.opened)
        desk.client.opened[-1].on_state(True, None)
        desk.client.opened[-1].things.put_nowait(NotDecodable("a process without an id"))
        await desk.clock.settle()
        assert not desk.are_general()
        await desk.clock.advance(pause)
        assert len(desk.client.opened) == count + 1
    desk.client.opened[-1].things.put_nowait(event("x"))
    await desk.clock.settle()
    assert len(desk.events) == 1


async def test_a_defect_of_ours_is_logged_and_stops_nothing(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    await desk.want(A, B)
    first, second = desk.client.opened
    first.things.put_nowait(event("broken"))
    second.things.put_nowait(event("sound"))
    await desk.clock.settle()
    assert [process.processid for process in desk.events] == ["sound"]
    assert "ZeroDivisionError" in caplog.text


async def test_a_key_that_is_missing_is_no_disaster() -> None:
    desk = Desk()

    def refuse(*args: object, **named: object) -> Subscription:
        raise KeyMissing("member")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(desk.client, "subscribe", refuse)
        task = asyncio.create_task(desk.taps.run())
        await desk.want(A)
        assert not task.done()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
