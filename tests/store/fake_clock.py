"""A clock that a test turns by hand."""

from __future__ import annotations

import asyncio
import heapq
import itertools

_TURNS = 40
"""Turns of the event loop in which everything that can go on without time has gone on."""


class FakeClock:
    """Stands still until :meth:`advance` is called; satisfies the store's ``Clock``."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self._epoch = now
        self._seconds = 0.0
        self._timers: list[tuple[float, int, asyncio.Event]] = []
        self._numbers = itertools.count()

    def now(self) -> float:
        return self._epoch + self._seconds

    def monotonic(self) -> float:
        return self._seconds

    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        if event.is_set():
            return True
        timer = asyncio.Event()
        heapq.heappush(self._timers, (self._seconds + max(0.0, seconds), next(self._numbers), timer))
        tasks = [asyncio.create_task(event.wait()), asyncio.create_task(timer.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return event.is_set()

    async def settle(self) -> None:
        """Let everything go on that waits for no time."""
        for _ in range(_TURNS):
            await asyncio.sleep(0)

    async def advance(self, seconds: float) -> None:
        """Let so many seconds pass, waking who waits in the right order."""
        until = self._seconds + seconds
        await self.settle()
        while self._timers and self._timers[0][0] <= until:
            at, _, timer = heapq.heappop(self._timers)
            self._seconds = max(self._seconds, at)
            timer.set()
            await self.settle()
        self._seconds = until
        await self.settle()
