"""Where the server's time comes from, so that deadlines, stale executors and retention are tested without waiting."""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from colonies_tui.protocol.times import NANOSECONDS, UNSET


class Timer(Protocol):
    """A call that is still to come."""

    def cancel(self) -> None:
        """Forget the call."""


class Clock(Protocol):
    """A source of time and of calls at a later time."""

    def now(self) -> int:
        """Return nanoseconds since 1970."""

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        """Call back when ``seconds`` have passed."""


class SystemClock:
    """The time of this machine and the timers of the running event loop."""

    def now(self) -> int:
        return time.time_ns()

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        return asyncio.get_running_loop().call_later(seconds, callback)


class Stamps:
    """Times that never repeat: what is stamped later has a greater stamp, so that no order depends on luck."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> int:
        """Return the time, or one nanosecond after the last stamp where the clock has not moved."""
        self._last = max(self._clock.now(), self._last + 1)
        return self._last


@functools.lru_cache(maxsize=4096)
def _to_seconds(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def wire_time(nanoseconds: int | None) -> str:
    """Write a time for the wire with microseconds; nothing, zero and anything before 1970 as the unset time."""
    if not nanoseconds or nanoseconds < 0:
        return UNSET
    seconds, rest = divmod(nanoseconds, NANOSECONDS)
    return f"{_to_seconds(seconds)}.{rest // 1000:06d}Z"
