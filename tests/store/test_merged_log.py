"""The logs of a workflow as one: in the order of time, with members that join later, and at last at an end."""

from __future__ import annotations

import pytest

from colonies_tui.protocol.errors import NotReached, OutcomeUnknown
from colonies_tui.protocol.messages.log import GetLogs
from colonies_tui.protocol.models.log import Log
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store import merged_log
from colonies_tui.store.freshness import Condition
from colonies_tui.store.journal import MemoryJournal
from colonies_tui.store.merged_log import MergedBatch, MergedLog
from colonies_tui.store.session import Session

from .fake_client import FakeClient
from .fake_clock import FakeClock
from .rows import COLONY

START = 1_700_000_000_000_000_000


class Desk:
    """Logs of several processes at a server, and the merged log of them."""

    def __init__(self) -> None:
        self.rows: list[Log] = []
        self.batches: list[MergedBatch] = []
        self.client = FakeClient()
        self.client.answers[GetLogs] = self._answer
        self.session = Session(self.client, COLONY, journal=MemoryJournal(), clock=FakeClock())
        self.log = MergedLog(self.session, "g", on_batch=self.batches.append)

    def _answer(self, request: GetLogs) -> tuple[Log, ...]:
        rows = [row for row in self.rows if row.processid == request.processid and row.timestamp > request.since]
        rows.sort(key=lambda row: row.timestamp)
        return tuple(rows[-request.count :] if request.latest else rows[: request.count])

    def write(self, process: str, *seconds: int) -> None:
        """Let a process write lines at these seconds."""
        for at in seconds:
            stamp = START + at * 1_000_000_000
            self.rows.append(Log(processid=process, colonyname=COLONY, message=f"{process} {at}", timestamp=stamp))

    def members(self, **states: ProcessState) -> None:
        self.log.set_members(states)

    async def read(self) -> list[str]:
        """Read once; return what was told."""
        self.batches.clear()
        await self.log.feed.read()
        return [row.message for batch in self.batches for row in batch.rows]


RUNNING, WAITING, SUCCESS = ProcessState.RUNNING, ProcessState.WAITING, ProcessState.SUCCESS


async def test_lines_are_interleaved_by_time() -> None:
    desk = Desk()
    desk.write("a", 1, 4, 6)
    desk.write("b", 2, 3, 5)
    desk.members(a=RUNNING, b=RUNNING)
    assert await desk.read() == ["a 1", "b 2", "b 3", "a 4", "b 5", "a 6"]
    assert await desk.read() == []
    desk.write("a", 8)
    desk.write("b", 7)
    assert await desk.read() == ["b 7", "a 8"]


async def test_a_member_that_starts_later_joins() -> None:
    desk = Desk()
    desk.write("a", 1)
    desk.members(a=RUNNING, b=WAITING)
    assert await desk.read() == ["a 1"]
    assert {request.processid for request in desk.client.asked if isinstance(request, GetLogs)} == {"a"}
    desk.write("b", 2)
    desk.members(a=RUNNING, b=RUNNING)
    assert await desk.read() == ["b 2"]


async def test_it_ends_when_all_members_have_and_is_asked_for_no_more() -> None:
    desk = Desk()
    desk.write("a", 1)
    desk.members(a=SUCCESS)
    told = []
    for _ in range(20):
        told += await desk.read()
        if desk.log.has_ended:
            break
    assert told == ["a 1"]
    assert desk.log.has_ended
    asked = desk.client.sent(GetLogs)
    await desk.read()
    assert desk.client.sent(GetLogs) == asked
    desk.members(a=SUCCESS, b=RUNNING)
    assert not desk.log.has_ended


async def test_too_many_are_told_and_those_that_run_or_failed_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merged_log, "MAX_MEMBERS", 2)
    desk = Desk()
    for name in "abcd":
        desk.write(name, ord(name))
    desk.members(a=SUCCESS, b=SUCCESS, c=ProcessState.FAILED, d=RUNNING)
    assert await desk.read() == ["c 99", "d 100"]
    assert [batch.skipped for batch in desk.batches] == [2]


async def test_closed_it_has_no_feed() -> None:
    desk = Desk()
    assert desk.log.feed.name in desk.session.schedule.feeds
    desk.log.close()
    assert desk.log.feed.name not in desk.session.schedule.feeds


async def test_a_server_that_is_lost_makes_it_stale_until_it_is_read_again() -> None:
    desk = Desk()
    desk.write("a", 1)
    desk.members(a=RUNNING)

    def condition() -> Condition:
        return desk.log.freshness.condition

    await desk.read()
    assert condition() is Condition.FRESH
    desk.session.schedule.on_lost(NotReached("nobody there"))
    assert condition() is Condition.STALE
    await desk.read()
    assert condition() is Condition.FRESH
    desk.log.feed.failed(OutcomeUnknown("no answer"))
    assert str(desk.log.freshness.error) == "no answer"
