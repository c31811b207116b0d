"""The seconds in which a decision can be taken back."""

from __future__ import annotations

import asyncio

from colonies_tui.store.clock import SystemClock
from colonies_tui.ui.countdown import TAKEN_BACK, Countdown


class HandClock(SystemClock):
    """Time that passes only while somebody waits."""

    def __init__(self) -> None:
        self.at = 0.0

    def monotonic(self) -> float:
        return self.at

    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        self.at += seconds
        await asyncio.sleep(0)
        return event.is_set()


async def test_it_is_sent_when_the_time_is_over_and_not_before() -> None:
    clock, left = HandClock(), list[float]()
    countdown = Countdown(4.0, clock, lambda: None)
    assert await countdown.run(lambda: left.append(countdown.left)) is None
    assert clock.at >= 4.0
    assert left == sorted(left, reverse=True)
    assert (left[0], len(left) > 10) == (4.0, True)


async def test_it_can_be_taken_back_until_it_is_over() -> None:
    clock = HandClock()
    countdown = Countdown(4.0, clock, lambda: None)
    assert await countdown.run(lambda: countdown.take_back() if clock.at > 1 else None) == TAKEN_BACK
    assert clock.at < 4.0
    countdown.send_now()
    assert await countdown.run() == TAKEN_BACK, "it ends once"


async def test_it_can_be_sent_at_once_and_then_not_be_taken_back() -> None:
    clock = HandClock()
    countdown = Countdown(4.0, clock, lambda: None)
    countdown.send_now()
    countdown.take_back()
    assert await countdown.run() is None
    assert clock.at == 0.0


async def test_a_lost_server_ends_it_unsent() -> None:
    clock = HandClock()
    countdown = Countdown(4.0, clock, lambda: "the server does not answer" if clock.at > 2 else None)
    assert await countdown.run() == "the server does not answer"
    late = Countdown(0.0, clock, lambda: "the server does not answer")
    assert await late.run() == "the server does not answer", "also when the time is over as well"
