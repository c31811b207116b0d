"""When feeds are read: never too often, at once when it matters, and only the heartbeat while the server is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import pytest

from colonies_tui.protocol.errors import ColoniesError, KeyMissing, NotAllowed, NotReached, OutcomeUnknown
from colonies_tui.store.feed import Feed, Schedule
from colonies_tui.store.pace import Interval, Pace

from .fake_clock import FakeClock

PACE = Pace(share=0.05, unseen_hint=0.25, unfocused=4.0, background=2.0, requests_per_second=20.0, recovery=1.5)
INTERVAL = Interval(seen=5.0, unseen=30.0, gap=0.5)


class Desk:
    """A schedule that runs, and a record of what it read when."""

    def __init__(self, pace: Pace = PACE) -> None:
        self.clock = FakeClock()
        self.schedule = Schedule(self.clock, pace)
        self.reads: list[tuple[str, float]] = []
        self.failures: list[tuple[str, ColoniesError]] = []
        self.answer: Callable[[str], None] = lambda name: None
        """Raises what a read of a feed fails with."""
        self.seconds: dict[str, float] = {}
        """How long a read takes."""

    def feed(self, name: str, interval: Interval = INTERVAL, *, seen: bool = False) -> Feed:
        async def read() -> None:
            self.reads.append((name, self.clock.monotonic()))
            if name in self.seconds:
                await self.clock.wait(asyncio.Event(), self.seconds[name])
            self.answer(name)

        feed = Feed(name, read, interval, lambda error: self.failures.append((name, error)))
        if seen:
            feed.seen_by.add(self)
        return self.schedule.add(feed)

    def times(self, name: str) -> list[float]:
        """Return when a feed was read."""
        return [at for read, at in self.reads if read == name]


@asynccontextmanager
async def run(pace: Pace) -> AsyncIterator[Desk]:
    desk = Desk(pace)
    async with run_schedule(desk.schedule):
        yield desk


@asynccontextmanager
async def run_schedule(schedule: Schedule) -> AsyncIterator[None]:
    """Let a schedule read until the block ends."""
    task = asyncio.create_task(schedule.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with run(PACE) as running:
        yield running


async def test_a_feed_is_read_at_once_and_then_at_its_interval(desk: Desk) -> None:
    desk.feed("seen", seen=True)
    desk.feed("unseen")
    await desk.clock.advance(61.0)
    assert desk.times("seen") == [5.0 * n for n in range(13)]
    assert desk.times("unseen") == [0.0, 30.0, 60.0]


async def test_a_hint_makes_a_seen_feed_due_after_its_gap(desk: Desk) -> None:
    desk.feed("f", seen=True)
    await desk.clock.advance(0.1)
    desk.schedule.hint("f", "no such feed")
    await desk.clock.advance(0.3)
    assert desk.times("f") == [0.0]
    await desk.clock.advance(0.2)
    assert desk.times("f") == [0.0, 0.5]
    await desk.clock.advance(2.0)
    desk.schedule.hint("f")
    await desk.clock.advance(0.0)
    assert desk.times("f") == [0.0, 0.5, 2.6]


async def test_a_hint_for_a_feed_that_nobody_looks_at_waits_for_a_share_of_its_interval(desk: Desk) -> None:
    desk.feed("f")
    await desk.clock.advance(1.0)
    desk.schedule.hint("f")
    await desk.clock.advance(20.0)
    assert desk.times("f") == [0.0, 7.5]


async def test_a_hint_while_it_is_being_read_is_not_lost(desk: Desk) -> None:
    desk.feed("f", seen=True)
    desk.seconds["f"] = 0.01
    await desk.clock.advance(0.005)
    desk.schedule.hint("f")
    await desk.clock.advance(1.0)
    assert desk.times("f") == pytest.approx([0.0, 0.51])
    await desk.clock.advance(4.0)
    assert len(desk.times("f")) == 2


async def test_what_we_changed_is_due_at_once_whoever_looks_and_however_slow_it_is(desk: Desk) -> None:
    desk.feed("f")
    desk.seconds["f"] = 1.0
    await desk.clock.advance(1.5)
    desk.schedule.urge("f", "no such feed")
    await desk.clock.advance(0.5)
    assert desk.times("f") == [0.0, 1.5]
    desk.schedule.urge("f")
    await desk.clock.advance(1.0)
    assert desk.times("f") == [0.0, 1.5, 2.5]


async def test_a_slow_feed_takes_only_its_share_of_the_server(desk: Desk) -> None:
    desk.feed("f", Interval(seen=1.0, unseen=1.0, gap=0.1), seen=True)
    desk.seconds["f"] = 1.0
    await desk.clock.advance(10.0)
    desk.schedule.hint("f")
    await desk.clock.advance(10.0)
    assert desk.times("f") == [0.0]
    await desk.clock.advance(1.0)
    assert desk.times("f") == [0.0, 21.0]


async def test_a_feed_that_comes_into_sight_is_read_at_once_when_it_is_old(desk: Desk) -> None:
    desk.feed("f")
    await desk.clock.advance(2.0)
    desk.schedule.look("screen", {"f"})
    await desk.clock.advance(2.0)
    assert desk.times("f") == [0.0]
    await desk.clock.advance(1.0)
    assert desk.times("f") == [0.0, 5.0]
    desk.schedule.look("screen", set())
    await desk.clock.advance(12.0)
    desk.schedule.look("screen", {"f"})
    await desk.clock.advance(0.0)
    assert desk.times("f") == [0.0, 5.0, 10.0, 17.0]


async def test_two_viewers_look_for_themselves(desk: Desk) -> None:
    feed = desk.feed("f")
    desk.schedule.look("a", {"f"})
    desk.schedule.look("b", {"f"})
    desk.schedule.look("a", set())
    assert feed.seen_by == {"b"}


async def test_without_the_focus_everything_is_read_less_often(desk: Desk) -> None:
    desk.feed("f", seen=True)
    await desk.clock.advance(0.0)
    desk.schedule.focus(False)
    await desk.clock.advance(45.0)
    assert desk.times("f") == [0.0, 5.0, 25.0, 45.0]
    await desk.clock.advance(10.0)
    desk.schedule.focus(True)
    await desk.clock.advance(1.0)
    assert desk.times("f")[-1] == 55.0


async def test_reads_of_one_feed_never_overlap(desk: Desk) -> None:
    desk.feed("f", Interval(seen=0.1, unseen=0.1, gap=0.0), seen=True)
    desk.seconds["f"] = 3.0
    for _ in range(25):
        desk.schedule.hint("f")
        desk.schedule.urge("f")
        desk.schedule.look(object(), {"f"})
        await desk.clock.advance(0.1)
    assert desk.times("f") == [0.0]


async def test_the_requests_of_all_feeds_together_are_bounded() -> None:
    async with run(replace(PACE, requests_per_second=5.0)) as desk:
        for number in range(20):
            desk.feed(f"f{number}", Interval(seen=0.1, unseen=0.1, gap=0.0), seen=True)
        await desk.clock.advance(10.0)
        for start in range(10):
            inside = [at for _, at in desk.reads if start <= at < start + 1]
            assert len(inside) <= (10 if start == 0 else 6)
        assert 50 <= len(desk.reads) <= 56
        assert {name for name, _ in desk.reads} == {f"f{number}" for number in range(20)}


async def test_further_requests_of_a_read_count_too() -> None:
    async with run(replace(PACE, requests_per_second=5.0)) as desk:
        desk.feed("greedy", Interval(seen=0.1, unseen=0.1, gap=0.0), seen=True)
        spend = desk.schedule.spend
        desk.answer = lambda name: spend(9)
        await desk.clock.advance(10.0)
        assert 5 <= len(desk.reads) <= 7


async def test_while_the_server_is_lost_only_the_heartbeat_is_tried_and_then_all_is_due(desk: Desk) -> None:
    is_up = False
    pauses = iter([0.25, 0.5, 1.0, 1.5])
    told: list[ColoniesError] = []

    def answer(name: str) -> None:
        if not is_up:
            raise NotReached("nobody there")

    def on_lost(error: ColoniesError) -> float:
        told.append(error)
        desk.schedule.is_lost = True
        return next(pauses)

    def on_answer() -> None:
        if desk.schedule.is_lost:
            desk.schedule.recovered()

    desk.answer = answer
    desk.schedule.on_lost, desk.schedule.on_answer = on_lost, on_answer
    desk.schedule.heartbeat = desk.feed("beat", Interval(1.0, 3.0), seen=True)
    desk.feed("list", seen=True)
    desk.feed("unseen")
    await desk.clock.advance(1.0)
    assert desk.times("beat") == [0.0, 0.25, 0.75]
    desk.schedule.hint("list")
    desk.schedule.urge("list")
    await desk.clock.advance(0.5)
    assert (len(desk.times("list")), len(desk.times("unseen"))) == (0, 0), "given up before they were sent"
    is_up = True
    await desk.clock.advance(0.5)
    assert desk.times("beat")[-1] == 1.75
    assert (desk.times("list"), desk.times("unseen")) == ([1.75], [1.75])
    assert len(told) == 3
    await desk.clock.advance(1.0)
    assert desk.times("beat")[-1] == 2.75


async def test_a_list_without_an_answer_has_the_heartbeat_tried_at_once(desk: Desk) -> None:
    def answer(name: str) -> None:
        if name == "list":
            raise OutcomeUnknown("late")

    lost: list[ColoniesError] = []
    desk.answer = answer

    def on_lost(error: ColoniesError) -> float:
        lost.append(error)
        return 1.0

    desk.schedule.on_lost = on_lost
    desk.schedule.heartbeat = desk.feed("beat", Interval(60.0, 60.0))
    desk.seconds["list"] = 2.0
    desk.feed("list", seen=True)
    await desk.clock.advance(3.0)
    assert desk.times("beat") == [0.0, 2.0]
    assert lost == []
    await desk.clock.advance(0.5)
    assert desk.times("list") == [0.0, 3.5]


@pytest.mark.parametrize(("error", "answered"), [(NotAllowed(403, "no"), True), (KeyMissing("member"), False)])
async def test_a_refusal_is_an_answer_unless_it_is_our_own(desk: Desk, error: ColoniesError, answered: bool) -> None:
    answers: list[None] = []

    def refuse(name: str) -> None:
        raise error

    desk.answer = refuse
    desk.schedule.on_answer = lambda: answers.append(None)
    desk.feed("f", seen=True)
    await desk.clock.advance(6.0)
    assert desk.times("f") == [0.0, 5.0]
    assert desk.failures == [("f", error)] * 2
    assert bool(answers) is answered


async def test_a_feed_that_has_nothing_to_ask_proves_nothing_and_costs_nothing() -> None:
    async with run(replace(PACE, requests_per_second=1.0)) as desk:
        answers: list[None] = []
        desk.schedule.on_answer = lambda: answers.append(None)
        reads = 0

        async def read() -> bool:
            nonlocal reads
            reads += 1
            return False

        desk.schedule.add(Feed("idle", read, Interval(0.1, 0.1)))
        await desk.clock.advance(5.0)
        assert reads > 40
        assert answers == []


async def test_a_defect_in_one_feed_is_logged_and_stops_nothing(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    def answer(name: str) -> None:
        if name == "broken":
            raise ZeroDivisionError

    desk.answer = answer
    desk.feed("broken", seen=True)
    desk.feed("sound", seen=True)
    await desk.clock.advance(6.0)
    assert desk.times("broken") == desk.times("sound") == [0.0, 5.0]
    assert "reading broken failed" in caplog.text


async def test_a_removed_feed_is_read_no_more(desk: Desk) -> None:
    feed = desk.feed("f", seen=True)
    desk.seconds["f"] = 1.0
    await desk.clock.advance(0.5)
    desk.schedule.remove(feed)
    await desk.clock.advance(60.0)
    assert desk.times("f") == [0.0]


async def test_cancelling_the_schedule_cancels_the_reads() -> None:
    desk = Desk()
    ended: list[str] = []

    async def read() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("f")

    desk.schedule.add(Feed("f", read, INTERVAL))
    task = asyncio.create_task(desk.schedule.run())
    await desk.clock.advance(1.0)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert ended == ["f"]


async def test_a_session_that_is_not_on_the_screen_is_read_as_unseen_and_slower_still(desk: Desk) -> None:
    desk.feed("seen", seen=True)
    lazy = desk.feed("lazy", seen=True)
    lazy.is_lazy = True
    await desk.clock.advance(0.0)
    desk.schedule.show(False, requests_per_second=20.0)
    await desk.clock.advance(130.0)
    assert desk.times("seen") == [0.0, 5.0, 65.0, 125.0], "what was due is read once more"
    assert desk.times("lazy") == [0.0], "nobody sees what is not on the screen"
    desk.schedule.hint("seen")
    await desk.clock.advance(9.0)
    assert len(desk.times("seen")) == 4, "a hint waits for a share of the slower interval"
    desk.schedule.show(True, requests_per_second=20.0)
    await desk.clock.advance(0.0)
    assert (desk.times("seen")[-1], desk.times("lazy")[-1]) == (139.0, 139.0), "what is too old is read when it is seen"
    await desk.clock.advance(5.0)
    assert desk.times("seen")[-1] == 144.0


async def test_a_session_that_is_not_on_the_screen_keeps_to_a_bound_of_its_own(desk: Desk) -> None:
    desk.schedule.show(False, requests_per_second=0.5)
    for number in range(6):
        desk.feed(f"f{number}", Interval(seen=1.0, unseen=1.0))
    await desk.clock.advance(60.0)
    assert 29 <= len(desk.reads) <= 31
    assert {name for name, _ in desk.reads} == {f"f{number}" for number in range(6)}, "everything has its turn"


async def test_a_lost_server_is_tried_more_rarely_in_the_background_and_at_once_when_it_is_looked_at(
    desk: Desk,
) -> None:
    beat = desk.feed("beat", Interval(seen=1.0, unseen=1.0))
    desk.schedule.heartbeat = beat

    def lost(error: ColoniesError) -> float:
        desk.schedule.is_lost = True
        return 1.5

    desk.schedule.on_lost = lost

    def no_answer(name: str) -> None:
        raise NotReached("no")

    desk.answer = no_answer
    desk.schedule.show(False, requests_per_second=20.0)
    await desk.clock.advance(7.0)
    assert desk.times("beat") == [0.0, 3.0, 6.0]
    desk.schedule.show(True, requests_per_second=20.0)
    await desk.clock.advance(0.0)
    assert desk.times("beat")[-1] == 7.0


class Lost:
    """Notes what a schedule says of its server, and has it recover as a session does."""

    def __init__(self, desk: Desk) -> None:
        self.errors: list[str] = []
        self._schedule = desk.schedule
        desk.schedule.on_lost, desk.schedule.on_answer = self.lose, self.answer

    def lose(self, error: ColoniesError) -> float:
        self.errors.append(str(error))
        self._schedule.is_lost = True
        return 0.5

    def answer(self) -> None:
        if self._schedule.is_lost:
            self._schedule.recovered()


async def test_a_silent_heartbeat_is_a_lost_server_before_its_time_is_over(desk: Desk) -> None:
    lost = Lost(desk)
    desk.seconds = {"beat": 100.0, "list": 100.0}
    desk.schedule.heartbeat = desk.feed("beat", Interval(1.0, 1.0), seen=True)
    listed = desk.feed("list", seen=True)
    await desk.clock.advance(2.1)
    assert lost.errors == [], "a machine that was busy is given a little more"
    await desk.clock.advance(0.2)
    assert lost.errors == ["no answer for 2 s"]
    assert desk.times("beat") == [0.0, 2.2], "it is tried again beside the one that is silent"
    assert not listed.is_reading, "what else was asked is given up"
    desk.seconds = {}
    await desk.clock.advance(2.3)
    assert desk.times("beat")[:3] == [0.0, 2.2, 4.4]
    assert desk.times("list") == [0.0, 4.4]
    assert not desk.schedule.is_lost


async def test_a_late_answer_to_a_heartbeat_counts_and_ends_those_beside_it(desk: Desk) -> None:
    lost = Lost(desk)
    desk.seconds = {"beat": 5.0}
    beat = desk.schedule.heartbeat = desk.feed("beat", Interval(60.0, 60.0))
    await desk.clock.advance(4.9)
    assert desk.times("beat") == pytest.approx([0.0, 2.2, 4.4])
    assert len(lost.errors) == 2
    await desk.clock.advance(0.2)
    assert not desk.schedule.is_lost
    assert beat.last_seconds == 5.0
    count = len(desk.reads)
    await desk.clock.advance(10.0)
    assert len(desk.reads) == count, "the others were given up"
    assert len(lost.errors) == 2


async def test_one_read_that_was_held_up_does_not_stretch_the_pause_and_two_do(desk: Desk) -> None:
    listed = desk.feed("list", seen=True)
    await desk.clock.advance(0.1)
    desk.seconds = {"list": 1.0}
    await desk.clock.advance(5.9)
    assert (listed.last_seconds, listed.cost) == (1.0, 0.0)
    assert listed.due == 11.0
    await desk.clock.advance(6.0)
    assert (listed.cost, listed.patience(PACE)) == (1.0, 3.0)
    assert listed.due == 32.0


async def test_no_more_than_three_heartbeats_are_waited_for(desk: Desk) -> None:
    Lost(desk)
    under_way = set[int]()

    async def read() -> None:
        number = len(desk.reads)
        desk.reads.append(("beat", desk.clock.monotonic()))
        under_way.add(number)
        try:
            await desk.clock.wait(asyncio.Event(), 1000.0)
        finally:
            under_way.discard(number)

    desk.schedule.heartbeat = desk.schedule.add(Feed("beat", read, Interval(1.0, 1.0)))
    await desk.clock.advance(30.0)
    assert len(desk.reads) == 14
    assert under_way == {11, 12, 13}


async def test_another_silent_read_is_stale_and_goes_on(desk: Desk) -> None:
    lost = Lost(desk)
    desk.seconds = {"list": 6.0}
    desk.schedule.heartbeat = desk.feed("beat", Interval(60.0, 60.0))
    listed = desk.feed("list", seen=True)
    await desk.clock.advance(3.0)
    assert [(name, str(error)) for name, error in desk.failures] == [("list", "no answer for 2 s")]
    assert desk.times("beat") == [0.0, 2.2], "the heartbeat decides"
    assert lost.errors == []
    await desk.clock.advance(3.5)
    assert listed.last_seconds == 6.0
    assert listed.patience(PACE) == 18.0, "a server that is slow is not lost each time"
    assert desk.times("list") == [0.0]
