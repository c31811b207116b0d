"""A clock that stands still until a test moves it."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

NANOSECONDS = 1_000_000_000


@dataclass(order=True)
class _Timer:
    due: int
    number: int
    callback: Callable[[], None] = field(compare=False)
    is_cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        self.is_cancelled = True


class ManualClock:
    """Time that only :meth:`advance` moves; timers fire in order on the way."""

    def __init__(self, now: int = 1_800_000_000 * NANOSECONDS) -> None:
        self._now = now
        self._timers: list[_Timer] = []
        self._numbers = itertools.count()

    def now(self) -> int:
        return self._now

    def call_later(self, seconds: float, callback: Callable[[], None]) -> _Timer:
        timer = _Timer(self._now + int(seconds * NANOSECONDS), next(self._numbers), callback)
        heapq.heappush(self._timers, timer)
        return timer

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        end = self._now + int(seconds * NANOSECONDS)
        while self._timers and self._timers[0].due <= end:
            timer = heapq.heappop(self._timers)
            self._now = max(self._now, timer.due)
            if not timer.is_cancelled:
                timer.callback()
        self._now = end

    def jump(self, seconds: float) -> None:
        """Let time pass at once, as on a machine that slept: timers that are due fire once, late."""
        self._now += int(seconds * NANOSECONDS)
        self.advance(0)

    @property
    def pending(self) -> int:
        """Number of timers that are still to fire."""
        return sum(not timer.is_cancelled for timer in self._timers)
