"""A quiet colony is asked less, only while events would tell of a change, and any change ends that at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from itertools import pairwise

import pytest

from colonies_tui.store.pace import Interval
from colonies_tui.store.quiet import Stirs

from .test_schedule import INTERVAL, PACE, Desk, run

BEAT = Interval(seen=1.0, unseen=3.0)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with run(PACE) as running:
        running.schedule.heartbeat = running.feed("beat", BEAT, seen=True)
        running.feed("list", seen=True)
        running.feed("slow", Interval(seen=5.0, unseen=8.0), seen=True)
        yield running


def gaps(times: Sequence[float]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(times)]


async def test_without_events_nothing_is_read_less_often(desk: Desk) -> None:
    await desk.clock.advance(100.0)
    assert max(gaps(desk.times("list"))) == pytest.approx(INTERVAL.seen)
    assert max(gaps(desk.times("beat"))) == pytest.approx(BEAT.seen)


async def test_the_quiet_stretches_what_is_seen_up_to_its_bounds(desk: Desk) -> None:
    desk.schedule.hear_events(True)
    await desk.clock.advance(300.0)
    lists = gaps(desk.times("list"))
    assert lists[0] == pytest.approx(INTERVAL.seen)
    assert lists == sorted(lists)
    assert lists[-1] == pytest.approx(PACE.quiet * INTERVAL.seen)
    assert max(gaps(desk.times("slow"))) == pytest.approx(8.0), "never less often than if nobody looked"
    assert max(gaps(desk.times("beat"))) == pytest.approx(PACE.quiet_heartbeat)


async def test_whatever_happens_has_what_is_too_old_read_at_once(desk: Desk) -> None:
    desk.schedule.hear_events(True)
    await desk.clock.advance(300.0)
    last = desk.times("list")[-1]
    while desk.clock.monotonic() < last + 2 * INTERVAL.seen:
        await desk.clock.advance(0.5)
    assert desk.times("list")[-1] == last
    desk.schedule.stir()
    await desk.clock.advance(0.1)
    assert desk.times("list")[-1] > last
    await desk.clock.advance(INTERVAL.seen + 0.1)
    assert gaps(desk.times("list"))[-1] == pytest.approx(INTERVAL.seen, abs=0.2)


async def test_the_end_of_the_events_has_the_heartbeat_tried_at_once(desk: Desk) -> None:
    desk.schedule.hear_events(True)
    await desk.clock.advance(300.0)
    last = desk.times("beat")[-1]
    await desk.clock.advance(last + BEAT.gap + 0.05 - desk.clock.monotonic())
    desk.schedule.hear_events(False)
    await desk.clock.advance(0.05)
    assert desk.times("beat")[-1] > last


def test_a_sign_of_life_is_no_change() -> None:
    told: list[str] = []
    stirs = Stirs(lambda: told.append("stirred"))
    stirs.tell("executors", {"a": frozenset({"lastheardfromtime"})}, False)
    stirs.tell("statistics", {}, True)
    assert told == []
    stirs.tell("executors", {"a": frozenset({"lastheardfromtime", "state"})}, False)
    stirs.tell("executors", {"a": frozenset()}, False)
    assert told == ["stirred", "stirred"]
    assert stirs.take() == {}
