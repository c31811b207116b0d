"""What a console asks of a server: little when idle, more when watched, never more than the bound, less unfocused."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import pytest

from colonies_tui.client.exchange import Exchange, Outcome
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.messages.log import GetLogs
from colonies_tui.protocol.messages.process import GetProcess
from colonies_tui.protocol.models.colony import Statistics
from colonies_tui.protocol.request import Request
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.journal import MemoryJournal
from colonies_tui.store.pace import Pace
from colonies_tui.store.session import Session
from colonies_tui.store.traffic import BY_HAND, Traffic

from .fake_clock import FakeClock
from .rows import COLONY, process_row
from .test_schedule import run_schedule
from .test_session import Server

R = TypeVar("R")

EXCHANGE = Exchange("versionmsg", 0.1, 200, 1000, Outcome.ANSWERED)
AT_REST = Pace().with_limits(counters=1.0, visible=5.0, hidden=30.0, unfocused=4.0, requests_per_second=10.0)
"""The pace of a console whose settings nobody changed."""


class CountingServer(Server):
    """Tells of each exchange, as a client of a real server does."""

    async def send(self, request: Request[R], *, key: PrivateKey | None = None) -> R:
        try:
            return await super().send(request, key=key)
        finally:
            if self.on_exchange is not None:
                self.on_exchange(replace(EXCHANGE, msgtype=request.msgtype))


class Desk:
    """A session at such a server, whose time is turned by hand."""

    def __init__(self, pace: Pace = AT_REST) -> None:
        self.server = CountingServer()
        self.server.answers[GetLogs] = lambda request: ()
        self.clock = FakeClock()
        self.session = Session(self.server, COLONY, journal=MemoryJournal(), clock=self.clock, pace=pace)

    def fill(self) -> None:
        """Let there be some processes."""
        self.server.rows = {name: process_row(name, ProcessState.RUNNING) for name in "abc"}

    async def settled_rate(self, *, busy: bool = False) -> float:
        """Let two minutes pass; return the requests per second of the second one."""
        if not busy:
            await self.clock.advance(120.0)
        else:
            for number in range(650):  # ten times a second something changes
                self.server.counters = Statistics(
                    runningprocesses=number % 7, waitingprocesses=number % 3, executors=number
                )
                self.session.schedule.hint("strays", "processes running", "processes waiting", "statistics")
                await self.clock.advance(0.1)
        return self.session.traffic.requests_per_second

    def watch(self) -> None:
        """Look at what a full screen shows: lists, two open processes, a log."""
        self.session.look(self, self.session.schedule.feeds.keys() & {"statistics", "executors", "processes running"})
        self.session.open_process("a")
        self.session.open_process("b")
        self.session.tail(processid="a", on_batch=lambda batch: None)


async def test_a_watched_console_asks_more_than_an_idle_one_and_an_unfocused_one_less() -> None:
    rates: dict[str, float] = {}
    for name, watched, focused in (("unfocused", True, False), ("idle", False, True), ("watched", True, True)):
        desk = Desk()
        desk.fill()
        async with run_schedule(desk.session.schedule):
            await desk.clock.advance(1.0)
            if watched:
                desk.watch()
            desk.session.focus(focused)
            rates[name] = await desk.settled_rate()
    assert 0 < rates["idle"] < 1.5, rates
    assert rates["watched"] < 5.0, rates
    assert rates["idle"] < rates["watched"], rates
    assert rates["unfocused"] < rates["watched"] / 3, rates


@pytest.mark.parametrize("bound", [2.0, 10.0])
async def test_a_busy_console_stays_within_its_bound(bound: float) -> None:
    desk = Desk(replace(AT_REST, requests_per_second=bound))
    desk.fill()
    async with run_schedule(desk.session.schedule):
        desk.watch()
        rate = await desk.settled_rate(busy=True)
        assert rate <= bound * 1.05
        assert rate > min(bound / 2, 4.0), "it is busy"


async def test_what_the_operator_asks_for_counts_too_and_the_feeds_make_room() -> None:
    desk = Desk(replace(AT_REST, requests_per_second=2.0))
    desk.fill()
    async with run_schedule(desk.session.schedule):
        desk.watch()
        for _ in range(120):
            await desk.server.send(GetProcess(processid="a"))
            await desk.server.send(GetProcess(processid="b"))
            await desk.clock.advance(1.0)
        asked = desk.session.traffic.by_feed()
        assert asked[BY_HAND] == pytest.approx(120, abs=2)
        assert sum(count for feed, count in asked.items() if feed) <= 3, "all of the bound was used by hand"


async def test_requests_are_told_apart_by_feed() -> None:
    desk = Desk()
    async with run_schedule(desk.session.schedule):
        await desk.clock.advance(61.0)
        asked = desk.session.traffic.by_feed()
        assert asked.keys() < desk.session.schedule.feeds.keys()
        assert asked["statistics"] == 20
        assert asked["executors"] == 10
        assert BY_HAND not in asked


def test_only_the_last_minute_counts_and_a_young_console_has_no_wild_rate() -> None:
    now = 100.0
    traffic = Traffic(lambda: now)
    for _ in range(10):
        traffic.note("a", EXCHANGE)
    assert traffic.requests_per_second == 10.0
    assert traffic.bytes_per_second == 12_000.0
    now = 105.0
    assert traffic.requests_per_second == 2.0
    traffic.note("b", EXCHANGE)
    now = 161.0
    assert traffic.by_feed() == {"b": 1}
    assert traffic.requests_per_second == pytest.approx(1 / 60)
    now = 300.0
    assert traffic.requests_per_second == 0.0
    assert traffic.by_feed() == {}
