"""Feeds: what is read, when it is due, and the one loop that reads it.

A feed is due when its interval has passed, or at once after a hint, but never sooner than its gap allows and never so
often that it takes more than a small share of the server's time. Reads of one feed never overlap.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field

from colonies_tui.protocol.errors import ColoniesError, KeyMissing, NotReached, OutcomeUnknown, UnsafeRequest
from colonies_tui.store.clock import Clock
from colonies_tui.store.pace import Interval, Pace
from colonies_tui.store.replay.not_in_recording import NotInRecording

log = logging.getLogger(__name__)

reading_feed: ContextVar[str] = ContextVar("reading_feed", default="")
"""Name of the feed on whose behalf the present task reads; empty outside of a read."""

_LONGEST_WAIT = 60.0
_NEVER = float("inf")
_SHORTEST_WAIT = 0.001


@dataclass(eq=False, slots=True)
class Feed:
    """One thing that is read again and again."""

    name: str
    read: Callable[[], Awaitable[bool | None]]
    """Reads and puts the answer into its resource; raises :class:`ColoniesError`. ``False``: nothing was to ask."""
    interval: Interval
    failed: Callable[[ColoniesError], None] = lambda error: None
    """Told about a failed read."""
    seen_by: set[object] = field(default_factory=set)
    """Who looks at it now."""
    is_lazy: bool = False
    """Whether it is read only while somebody looks at it."""
    due: float = 0.0
    """Monotonic time of the next read."""
    last_end: float | None = None
    last_seconds: float = 0.0
    """How long the last read that was answered took."""
    is_reading: bool = False
    is_hinted: bool = False
    """A hint came while it was being read: read again when its gap allows."""
    is_urgent: bool = False
    """It was changed by ourselves while it was being read: read again at once."""

    def earliest(self, pace: Pace, *, is_shown: bool = True) -> float:
        """Return the monotonic time before which a hint does not make it read again."""
        if self.last_end is None:
            return 0.0
        gap = self.interval.gap if self.seen_by and is_shown else self.interval.unseen * pace.unseen_hint
        if not is_shown:
            gap *= pace.background
        return self.last_end + max(gap, self.last_seconds / pace.share)


class Schedule:
    """Reads feeds when they are due, within a bound on requests per second.

    Whether the server is lost is decided by the ``heartbeat`` feed; while it is, only that feed is tried, with the
    pauses that ``on_lost`` returns.
    """

    def __init__(self, clock: Clock, pace: Pace) -> None:
        self._clock = clock
        self._pace = pace
        self._feeds: dict[str, Feed] = {}
        self._wake = asyncio.Event()
        self._rate = pace.requests_per_second
        self._tokens = self._rate
        self._filled_at = clock.monotonic()
        self._is_focused = True
        self._is_shown = True
        self.heartbeat: Feed | None = None
        self.is_lost = False
        self.on_answer: Callable[[], None] = lambda: None
        self.on_lost: Callable[[ColoniesError], float] = lambda error: pace.recovery

    @property
    def feeds(self) -> dict[str, Feed]:
        """The feeds by name."""
        return self._feeds

    @property
    def is_focused(self) -> bool:
        """Whether the terminal has the focus; without it everything is read less often."""
        return self._is_focused

    def focus(self, is_focused: bool) -> None:
        """Say whether the terminal has the focus; when it returns, feeds that are too old for it are due at once."""
        if is_focused == self._is_focused:
            return
        self._is_focused = is_focused
        if is_focused:
            self._catch_up()
        self._wake.set()

    @property
    def is_shown(self) -> bool:
        """Whether the session is on the screen; otherwise nobody sees any feed, and everything is read less often."""
        return self._is_shown

    def show(self, is_shown: bool, *, requests_per_second: float) -> None:
        """Say whether the session is on the screen, and how many requests it may send in a second."""
        self._rate = requests_per_second
        self._tokens = min(self._tokens, self._most_tokens)
        if is_shown and not self._is_shown:
            self._is_shown = True
            self._catch_up()
            if self.is_lost and self.heartbeat is not None:
                self.heartbeat.due = self._clock.monotonic()
        self._is_shown = is_shown
        self._wake.set()

    def _catch_up(self) -> None:
        """Make feeds due that are too old for the pace of now."""
        if self.is_lost:
            return
        for feed in self._feeds.values():
            if feed.last_end is not None:
                feed.due = min(feed.due, feed.last_end + self._wait(feed))

    def add(self, feed: Feed) -> Feed:
        """Start reading a feed; due at once."""
        self._feeds[feed.name] = feed
        feed.due = self._clock.monotonic()
        self._wake.set()
        return feed

    def remove(self, feed: Feed) -> None:
        """Stop reading a feed; an answer that is under way still arrives at it."""
        if self._feeds.get(feed.name) is feed:
            del self._feeds[feed.name]

    def hint(self, *names: str) -> None:
        """Say that something may have changed: these feeds are due as soon as their gaps allow."""
        for name in names if self._pace.polls else ():
            feed = self._feeds.get(name)
            if feed is None:
                continue
            if feed.is_reading:
                feed.is_hinted = True
            else:
                feed.due = min(feed.due, feed.earliest(self._pace, is_shown=self._is_shown))
        self._wake.set()

    def urge(self, *names: str) -> None:
        """Say that we changed something ourselves: these feeds are due at once, whoever looks at them."""
        now = self._clock.monotonic()
        for name in names:
            feed = self._feeds.get(name)
            if feed is None:
                continue
            if feed.is_reading:
                feed.is_urgent = True
            else:
                feed.due = min(feed.due, now)
        self._wake.set()

    def look(self, viewer: object, names: set[str]) -> None:
        """Say which feeds a viewer looks at now; feeds that come into sight are due at once when old."""
        now = self._clock.monotonic()
        for feed in self._feeds.values():
            if feed.name in names:
                if viewer not in feed.seen_by:
                    feed.seen_by.add(viewer)
                    if feed.last_end is not None:
                        feed.due = min(feed.due, max(now, feed.last_end + self._wait(feed)))
            else:
                feed.seen_by.discard(viewer)
        self._wake.set()

    def spend(self, requests: int) -> None:
        """Count requests that a read makes beyond its first, so that the bound holds for all of them together."""
        self._tokens -= requests

    def recovered(self) -> None:
        """The lost server answered: everything is due."""
        self.is_lost = False
        if self._pace.polls:
            now = self._clock.monotonic()
            for feed in self._feeds.values():
                feed.due = now
        self._wake.set()

    def begin_anew(self) -> None:
        """Forget what was read when: everything is due, as in the beginning. Only while nothing is being read."""
        self.is_lost = False
        now = self._clock.monotonic()
        for feed in self._feeds.values():
            feed.due, feed.last_end, feed.last_seconds = now, None, 0.0
            feed.is_reading = feed.is_hinted = feed.is_urgent = False
        self._wake.set()

    async def run(self) -> None:
        """Read feeds for ever; ends only by cancellation."""
        async with asyncio.TaskGroup() as group:
            while True:
                self._wake.clear()
                pause = self._start_due(group)
                await self._clock.wait(self._wake, pause)

    def _start_due(self, group: asyncio.TaskGroup) -> float:
        """Start what is due and return the seconds until something else is."""
        now = self._clock.monotonic()
        rate = self._rate
        self._tokens = min(self._most_tokens, self._tokens + (now - self._filled_at) * rate)
        self._filled_at = now
        next_due = now + _LONGEST_WAIT
        for feed in sorted(self._feeds.values(), key=lambda feed: feed.due):
            if feed.is_reading or (self.is_lost and feed is not self.heartbeat):
                continue
            if feed.is_lazy and not self._is_seen(feed):
                continue
            if feed.due > now:
                next_due = min(next_due, feed.due)
            elif self._tokens >= 1 or not self._pace.polls:
                self._tokens -= 1
                feed.is_reading = True
                group.create_task(self._read(feed), name=f"feed {feed.name}")
            else:
                next_due = min(next_due, now + (1 - self._tokens) / rate)
        # Rounding must not make this a loop without a pause.
        return max(_SHORTEST_WAIT, next_due - now)

    async def _read(self, feed: Feed) -> None:
        reading_feed.set(feed.name)
        start = self._clock.monotonic()
        pause: float | None = None
        try:
            has_asked = await feed.read() is not False
        except (NotReached, OutcomeUnknown) as error:
            feed.failed(error)
            if feed is self.heartbeat:
                pause = self.on_lost(error)
            else:  # one slow read is not a lost server: the heartbeat decides
                pause = self._pace.recovery
                self._try_heartbeat(start)
        except (KeyMissing, UnsafeRequest, NotInRecording) as error:  # refused here: it says nothing about the server
            feed.failed(error)
        except ColoniesError as error:
            self.on_answer()
            feed.failed(error)
        except Exception:  # a defect of ours must not end the console: it is logged, and this feed goes on
            log.exception("reading %s failed", feed.name)
        else:
            if has_asked:
                self.on_answer()
            else:
                self.spend(-1)
        now = self._clock.monotonic()
        feed.is_reading = False
        feed.last_end = now
        if pause is not None:
            late = pause if self._is_shown else pause * self._pace.background
            feed.due = now + late if self._pace.polls else now if feed.is_urgent else _NEVER
        else:
            feed.last_seconds = now - start
            feed.due = now + max(self._wait(feed), feed.last_seconds / self._pace.share)
            if feed.is_hinted:
                feed.due = min(feed.due, feed.earliest(self._pace, is_shown=self._is_shown))
            if feed.is_urgent:
                feed.due = now
        feed.is_hinted = feed.is_urgent = False
        self._wake.set()

    def _try_heartbeat(self, since: float) -> None:
        beat = self.heartbeat
        if (
            not self._pace.polls or beat is None or beat.is_reading or self.is_lost
        ):  # a lost server is tried with growing pauses
            return
        if beat.last_end is None or beat.last_end <= since:
            beat.due = self._clock.monotonic()

    def _wait(self, feed: Feed) -> float:
        if not self._pace.polls:
            return _NEVER
        seconds = feed.interval.seen if self._is_seen(feed) else feed.interval.unseen
        if not self._is_focused:
            seconds *= self._pace.unfocused
        return seconds if self._is_shown else seconds * self._pace.background

    def _is_seen(self, feed: Feed) -> bool:
        return self._is_shown and bool(feed.seen_by)

    @property
    def _most_tokens(self) -> float:
        return max(1.0, self._rate)  # a bound of less than one in a second still lets one through
