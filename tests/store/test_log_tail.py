"""Following a log without losing or doubling a line, whatever the stamps are."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colonies_tui.protocol.errors import NotReached, Refused
from colonies_tui.protocol.messages.log import MAX_LOG_COUNT, GetLogs
from colonies_tui.protocol.models.log import Log
from colonies_tui.store import log_tail
from colonies_tui.store.freshness import Condition
from colonies_tui.store.log_tail import QUIET_READS, LogBatch, LogSource, LogTail
from colonies_tui.store.pace import Pace

from .fake_client import FakeClient
from .fake_clock import FakeClock
from .rows import COLONY, log_row

PAGE = 5
START = 1_700_000_000_000_000_000


class Desk:
    """A log at a server, a tail that follows it, and what the tail told, put in order."""

    def __init__(self, rows: Sequence[Log] = ()) -> None:
        self.rows = list(rows)
        self.batches: list[LogBatch] = []
        self.changes = 0
        self.is_over = False
        self.requests = 0
        self.clock = FakeClock()
        self.client = FakeClient()
        self.client.answers[GetLogs] = self._answer
        self.tail = LogTail(
            self.client,
            self.clock,
            Pace(),
            LogSource(COLONY, processid="p"),
            on_batch=self.batches.append,
            on_change=self._changed,
            is_over=lambda: self.is_over,
        )

    def _changed(self) -> None:
        self.changes += 1

    def _answer(self, request: GetLogs) -> tuple[Log, ...]:
        self.requests += 1
        rows = sorted(self.rows, key=lambda row: row.timestamp)
        if request.latest:
            return tuple(rows[-request.count :])
        if request.since > 0:
            rows = [row for row in rows if row.timestamp > request.since]
        return tuple(rows[: request.count])

    async def read(self) -> None:
        await self.tail.feed.read()

    # Methods, so that a type checker does not take a value for settled by an assertion.

    def has_ended(self) -> bool:
        return bool(self.tail.has_ended)

    def has_earlier(self) -> bool:
        return bool(self.tail.has_earlier)

    def condition(self) -> Condition:
        return self.tail.freshness.condition

    @property
    def shown(self) -> list[Log]:
        """The lines as a reader has them: earlier batches before the others, the last fetched first."""
        earlier = [batch.rows for batch in reversed(self.batches) if batch.is_earlier]
        later = [batch.rows for batch in self.batches if not batch.is_earlier]
        return [row for rows in (*earlier, *later) for row in rows]


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of five lines, so that borders come often."""
    monkeypatch.setattr(log_tail, "MAX_LOG_COUNT", PAGE)


def gap_before(desk: Desk) -> bool:
    return desk.batches[-1].gap_before


def lines(count: int, *, first: int = START, step: int = 1000) -> list[Log]:
    return [log_row(first + number * step, f"line {number}") for number in range(count)]


async def test_the_end_is_shown_first_and_what_stands_before_it_is_a_gap() -> None:
    desk = Desk(lines(12))
    await desk.read()
    assert desk.shown == desk.rows[-PAGE:]
    assert desk.batches[0].gap_before
    assert desk.has_earlier()
    assert desk.tail.last_timestamp == desk.rows[-1].timestamp


async def test_a_short_log_is_whole() -> None:
    desk = Desk(lines(3))
    await desk.read()
    assert desk.batches == [LogBatch(tuple(desk.rows))]
    assert not desk.has_earlier()


async def test_new_lines_come_page_by_page_until_caught_up() -> None:
    desk = Desk(lines(2))
    await desk.read()
    desk.rows += lines(3 * PAGE, first=START + 10_000)
    await desk.read()
    assert desk.shown == desk.rows
    assert not any(batch.gap_before or batch.gap_after for batch in desk.batches)
    count = len(desk.batches)
    await desk.read()
    assert len(desk.batches) == count


async def test_a_log_that_begins_later_is_seen_from_its_first_line() -> None:
    desk = Desk()
    await desk.read()
    await desk.read()
    assert desk.batches == []
    assert desk.condition() is Condition.FRESH
    desk.rows = lines(2)
    await desk.read()
    assert desk.shown == desk.rows


async def test_lines_with_one_stamp_over_a_page_border_are_not_lost() -> None:
    desk = Desk([log_row(START, "first")])
    await desk.read()
    desk.rows += [log_row(START + 1, f"a{n}") for n in range(4)]
    desk.rows += [log_row(START + 2, f"b{n}") for n in range(4)]
    desk.rows += [log_row(START + 3, "same")] * 3
    await desk.read()
    assert Counter(desk.shown) == Counter(desk.rows)


async def test_a_line_with_the_last_known_stamp_that_comes_later_is_seen() -> None:
    desk = Desk([log_row(START, "a")])
    await desk.read()
    desk.rows.append(log_row(START, "b"))
    await desk.read()
    desk.rows.append(log_row(START, "b"))
    await desk.read()
    await desk.read()
    assert [row.message for row in desk.shown] == ["a", "b", "b"]


async def test_more_lines_with_one_stamp_than_a_page_holds_leave_a_gap_that_is_told() -> None:
    desk = Desk([log_row(START, "a")])
    await desk.read()
    desk.rows += [log_row(START + 1, f"b{n}") for n in range(PAGE + 3)]
    await desk.read()
    await desk.read()
    assert len(desk.shown) == 1 + PAGE
    desk.rows.append(log_row(START + 2, "c"))
    await desk.read()
    assert [row.message for row in desk.batches[-1].rows] == ["c"]
    assert gap_before(desk)
    desk.rows.append(log_row(START + 3, "d"))
    await desk.read()
    assert not gap_before(desk)


async def test_lines_of_another_colony_are_not_shown() -> None:
    desk = Desk(
        [log_row(START, "ours"), log_row(START + 1, "theirs", colony="other"), log_row(START + 2, "", colony="")]
    )
    await desk.read()
    desk.rows.append(log_row(START + 3, "theirs", colony="other"))
    desk.rows.append(log_row(START + 4, "ours"))
    await desk.read()
    assert [row.message for row in desk.shown] == ["ours", "", "ours"]


async def test_a_log_ends_once_the_process_has_ended_and_every_line_was_read() -> None:
    desk = Desk(lines(2))
    await desk.read()
    desk.rows += lines(2, first=START + 10_000)
    desk.is_over = True
    await desk.read()
    assert not desk.has_ended()
    changes = desk.changes
    await desk.read()
    assert desk.has_ended()
    assert desk.changes == changes + 1
    assert desk.tail.feed.interval == Pace().server
    desk.is_over = False  # the process was forgotten
    await desk.read()
    assert desk.has_ended()
    assert desk.shown == desk.rows


async def test_a_process_that_ends_while_it_is_read_is_read_once_more() -> None:
    desk = Desk(lines(1))

    def ends_meanwhile(request: GetLogs) -> tuple[Log, ...]:
        rows = desk._answer(request)
        desk.is_over = True
        return rows

    await desk.read()
    desk.client.answers[GetLogs] = ends_meanwhile
    await desk.read()
    assert not desk.has_ended()
    await desk.read()
    assert desk.has_ended()


async def test_a_quiet_log_is_read_less_often_until_it_speaks() -> None:
    desk = Desk(lines(1))
    for _ in range(QUIET_READS):
        await desk.read()
    assert desk.tail.feed.interval == Pace().log
    await desk.read()
    assert desk.tail.feed.interval.seen == Pace().quiet_log
    desk.rows += lines(1, first=START + 10_000)
    await desk.read()
    assert desk.tail.feed.interval == Pace().log


async def test_a_failure_keeps_the_lines_and_is_told_once() -> None:
    desk = Desk(lines(2))
    await desk.read()
    changes = desk.changes
    for _ in range(3):
        desk.tail.feed.failed(Refused(500, "no such process"))
    assert desk.condition() is Condition.STALE
    assert desk.changes == changes + 1
    assert desk.tail.feed.interval.seen == Pace().quiet_log
    await desk.read()
    assert desk.condition() is Condition.FRESH
    assert desk.shown == desk.rows


# Earlier lines --------------------------------------------------------------------------------------------------------


async def load_all(desk: Desk) -> None:
    for _ in range(1000):
        if not desk.has_earlier():
            return
        await desk.tail.load_earlier()
        assert not desk.batches[-1].gap_after
    raise AssertionError("it never came to the beginning")


async def test_earlier_lines_stand_right_before_those_shown() -> None:
    desk = Desk(lines(400))
    await desk.read()
    await desk.tail.load_earlier()
    count = len(desk.shown)
    assert desk.batches[-1].is_earlier
    assert gap_before(desk)
    assert count > PAGE
    assert desk.shown == desk.rows[-count:]
    desk.rows += lines(3, first=START + 1_000_000)
    await desk.read()
    assert desk.shown == desk.rows[-count - 3 :]
    await load_all(desk)
    assert desk.shown == desk.rows
    assert not gap_before(desk)
    requests = desk.requests
    await desk.tail.load_earlier()
    assert desk.requests == requests


async def test_a_log_of_exactly_one_page_has_nothing_before_it() -> None:
    desk = Desk(lines(PAGE))
    await desk.read()
    assert desk.has_earlier()
    await desk.tail.load_earlier()
    assert not desk.has_earlier()
    assert desk.shown == desk.rows


async def test_a_burst_long_before_the_last_lines_is_found_piece_by_piece() -> None:
    day = 86_400 * 1_000_000_000
    desk = Desk([*lines(300, step=1), *lines(PAGE, first=START + day, step=1_000_000_000)])
    await desk.read()
    await load_all(desk)
    assert desk.shown == desk.rows


async def test_a_failed_read_of_earlier_lines_can_be_tried_again() -> None:
    desk = Desk(lines(40))
    await desk.read()
    answer = desk.client.answers[GetLogs]

    def fail(request: GetLogs) -> tuple[Log, ...]:
        raise NotReached("nobody there")

    desk.client.answers[GetLogs] = fail
    with pytest.raises(NotReached):
        await desk.tail.load_earlier()
    desk.client.answers[GetLogs] = answer
    await load_all(desk)
    assert desk.shown == desk.rows


async def test_asking_twice_at_once_brings_the_lines_once() -> None:
    desk = Desk(lines(12))
    await desk.read()
    answer, go_on = desk.client.answers[GetLogs], asyncio.Event()

    async def slow(request: GetLogs) -> tuple[Log, ...]:
        await go_on.wait()
        rows: tuple[Log, ...] = answer(request)
        return rows

    desk.client.answers[GetLogs] = slow
    first = asyncio.create_task(desk.tail.load_earlier())
    await desk.clock.settle()
    await desk.tail.load_earlier()
    go_on.set()
    await first
    assert sum(batch.is_earlier for batch in desk.batches) == 1
    await load_all(desk)
    assert desk.shown == desk.rows


async def test_more_earlier_lines_with_one_stamp_than_can_be_asked_for_leave_a_gap_that_is_told() -> None:
    crowd = [log_row(START + 5, f"crowd {n}") for n in range(20 * PAGE)]
    desk = Desk([*lines(3, step=1), *crowd, *lines(PAGE, first=START + 1000)])
    await desk.read()
    for _ in range(20):
        await desk.tail.load_earlier()
    assert not desk.has_earlier()
    assert any(batch.gap_after for batch in desk.batches if batch.is_earlier)
    shown = desk.shown
    assert len(set(shown)) == len(shown)
    assert set(desk.rows[:3]) <= set(shown)


stamps = st.lists(st.integers(0, 12).map(lambda step: step if step < 10 else 10**step), max_size=60)


@settings(max_examples=200, deadline=None)
@given(before=stamps, chunks=st.lists(stamps, max_size=4), earlier_after=st.integers(0, 4))
async def test_whatever_the_stamps_are_no_line_is_lost_or_doubled(
    before: list[int], chunks: list[list[int]], earlier_after: int
) -> None:
    at, number = START, 0
    same = Counter[int]()

    def more(steps: list[int]) -> list[Log]:
        nonlocal at, number
        rows = []
        for step in steps:
            at += step
            if same[at] == PAGE - 1:  # more than that with one stamp cannot be asked for
                at += 1
            same[at] += 1
            number += 1
            rows.append(log_row(at, f"{number % 3}"))
        return rows

    desk = Desk(more(before))
    await desk.read()
    for index, steps in enumerate(chunks):
        desk.rows += more(steps)
        if index == earlier_after:
            await load_all(desk)
        await desk.read()
    await load_all(desk)
    assert Counter(desk.shown) == Counter(desk.rows)
    assert [row.timestamp for row in desk.shown] == sorted(row.timestamp for row in desk.rows)


def test_the_messages_ask_for_whole_pages() -> None:
    assert MAX_LOG_COUNT == 500
    by_process = LogSource(COLONY, processid="p").request(since=7)
    assert (by_process.processid, by_process.since, by_process.latest) == ("p", 7, False)
    by_executor = LogSource(COLONY, executorname="worker").request(latest=True)
    assert (by_executor.executorname, by_executor.processid, by_executor.latest) == ("worker", "", True)
