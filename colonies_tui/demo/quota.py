"""Limits that keep the demo's load modest: starts per second, and processor time per second."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class TokenBucket:
    """Allows ``rate`` events a second on average and ``burst`` at once; what is taken too early becomes a debt."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._level = burst
        self._seen = clock()

    def take(self, amount: float = 1) -> float:
        """Take tokens and return how many seconds to wait before the event that they are for."""
        now = self._clock()
        self._level = min(self._burst, self._level + (now - self._seen) * self._rate) - amount
        self._seen = now
        return max(0.0, -self._level / self._rate)


class ProcessorQuota:
    """A share of one core for all threads together, as a container's processor limit would be.

    Each thread reports the processor time that it has used and waits as long as it is told to; so several pieces of
    work at the same time each go slower, and the sum stays within the share.
    """

    def __init__(self, share: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Args:
        share: fraction of one core.
        burst: seconds of processor time that may be used at once after a rest.
        clock: monotonic seconds.
        """
        self.share = share
        self._bucket = TokenBucket(share, burst, clock)
        self._lock = threading.Lock()

    def use(self, seconds: float) -> float:
        """Account for processor time and return how many seconds the caller has to wait."""
        with self._lock:
            return self._bucket.take(seconds)
