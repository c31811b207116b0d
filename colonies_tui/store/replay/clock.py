"""The time of a replay: it stands still until it is set on."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(order=True, slots=True)
class _Waiter:
    deadline: float
    number: int
    limit: asyncio.Timeout = field(compare=False)
    is_over: bool = field(default=False, compare=False)


class ReplayClock:
    """Satisfies the store's ``Clock``. Its position can go back; its monotonic seconds cannot."""

    def __init__(self, began: float) -> None:
        """``began``: the beginning of the recording, in seconds since 1970."""
        self._began = began
        self._position = 0.0
        self._passed = 0.0
        self._waiters: list[_Waiter] = []
        self._numbers = itertools.count()
        self.on_turn: Callable[[], None] = lambda: None
        """Told when somebody begins or ends to wait."""

    @property
    def position(self) -> float:
        """Seconds since the beginning of the recording."""
        return self._position

    def now(self) -> float:
        return self._began + self._position

    def monotonic(self) -> float:
        return self._passed

    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        self.on_turn()
        waiter = _Waiter(self._passed + max(0.0, seconds), next(self._numbers), asyncio.timeout(None))
        heapq.heappush(self._waiters, waiter)
        try:
            async with waiter.limit:
                await event.wait()
        except TimeoutError:
            return event.is_set()
        finally:
            waiter.is_over = True
            self.on_turn()
        return True

    def next_waiter(self) -> float | None:
        """Return the position at which somebody's waiting is over, if anybody waits."""
        while self._waiters and self._waiters[0].is_over:
            heapq.heappop(self._waiters)
        return self._position + self._waiters[0].deadline - self._passed if self._waiters else None

    def set_on(self, position: float) -> bool:
        """Go on to a position and wake those whose waiting is over; return whether there were any."""
        self._passed += max(0.0, position - self._position)
        self._position = position
        has_woken = False
        while self._waiters and self._waiters[0].deadline <= self._passed + 1e-9:
            waiter = heapq.heappop(self._waiters)
            if not waiter.is_over:
                has_woken = True
                waiter.limit.reschedule(asyncio.get_running_loop().time())
        return has_woken

    def go_back(self) -> None:
        """Return to the beginning. Those who wait go on waiting for as long as they did."""
        self._position = 0.0
