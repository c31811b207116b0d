"""What this console asks of its server: how much in the last minute, and for what. Nothing here sends anything."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Mapping
from typing import Final

from colonies_tui.client.exchange import Exchange

WINDOW: Final = 60.0
"""Seconds that are looked back on."""

BY_HAND: Final = ""
"""Instead of a feed's name: what the operator asked for, reads and changes."""

_MOST: Final = 6000
"""Most exchanges that are kept; far more than the bound on requests allows in the window."""


class Traffic:
    """The exchanges of the last minute. Times are monotonic seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._began = clock()
        self._kept: deque[tuple[float, str, int]] = deque(maxlen=_MOST)

    def note(self, feed: str, exchange: Exchange) -> None:
        """Count an exchange that is over, for a feed or :data:`BY_HAND`."""
        self._kept.append((self._clock(), feed, exchange.sent_bytes + exchange.received_bytes))

    @property
    def requests_per_second(self) -> float:
        """Requests in a second, on average over the last minute or since the beginning."""
        return len(self._latest()) / self._seconds()

    @property
    def bytes_per_second(self) -> float:
        """Bytes of requests and answers in a second, in the same way."""
        return sum(size for _, _, size in self._latest()) / self._seconds()

    def by_feed(self) -> Mapping[str, int]:
        """Return the number of requests for each feed in the last minute."""
        return Counter(feed for _, feed, _ in self._latest())

    def _latest(self) -> deque[tuple[float, str, int]]:
        oldest = self._clock() - WINDOW
        while self._kept and self._kept[0][0] < oldest:
            self._kept.popleft()
        return self._kept

    def _seconds(self) -> float:
        # Of a console that has just begun, one second at least: its first requests are no rate yet.
        return min(WINDOW, max(1.0, self._clock() - self._began))
