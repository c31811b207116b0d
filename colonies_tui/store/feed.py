"""Feeds: what is read, when it is due, and the one loop that reads it.

A feed is due when its interval has passed, or at once after a hint, but never sooner than its gap allows and never so
often that it takes more than a small share of the server's time. Reads of one feed never overlap. While nothing happens
in the colony intervals are longer (:mod:`~colonies_tui.store.quiet`).
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
from colonies_tui.store.quiet import Quiet
from colonies_tui.store.replay.not_in_recording import NotInRecording

log = logging.getLogger(__name__)

reading_feed: ContextVar[str] = ContextVar("reading_feed", default="")
"""Name of the feed on whose behalf the present task reads; empty outside of a read."""

_LONGEST_WAIT = 60.0
_NEVER = float("inf")
_SHORTEST_WAIT = 0.001
_GRACE = 0.1
"""Share of the patience that a read is given on top: a machine that was busy finds the answer and the end together."""

_MOST_HEARTBEATS = 3
"""Most heartbeats of a silent server that are waited for together."""


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
    last_seconds: float | None = None
    """How long the last read that was answered took."""
    cost: float = 0.0
    """The shorter of the last two: one read that was held up on the way says nothing about what it costs."""
    began: float = 0.0
    """Monotonic time at which the present read began."""
    is_reading: bool = False
    is_overdue: bool = False
    """The present read has had its time, and is in its grace."""
    grace_end: float = 0.0
    is_late: bool = False
    """The present read has been silent for so long that what it reads is not fresh any more."""
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
        return self.last_end + max(gap, self.cost / pace.share)

    def patience(self, pace: Pace) -> float:
        """Return for how many seconds a read may be silent before what it reads counts as stale."""
        return max(pace.patience, 3 * self.cost)


class Schedule:
    """Reads feeds when they are due, within a bound on requests per second.

    Whether the server is lost is decided by the ``heartbeat`` feed; while it is, only that feed is tried, with the
    pauses that ``on_lost`` returns, and what else was being read is given up. A read that is silent for longer than its
    patience makes what it reads stale while it is still waited for; a heartbeat that is, is tried again beside it, and
    the first answer counts.
    """

    def __init__(self, clock: Clock, pace: Pace) -> None:
        self._clock = clock
        self._pace = pace
        self._feeds: dict[str, Feed] = {}
        self._reads: dict[Feed, list[asyncio.Task[None]]] = {}
        """The tasks that read a feed now, oldest first; only a heartbeat has more than one."""
        self._wake = asyncio.Event()
        self._awake_at = 0.0
        """Monotonic time at which the loop looks again by itself."""
        self._rate = pace.requests_per_second
        self._tokens = self._rate
        self._filled_at = clock.monotonic()
        self._is_focused = True
        self._is_shown = True
        self._quiet = Quiet(clock, pace)
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
                feed.due = min(feed.due, feed.last_end + max(self._wait(feed), feed.cost / self._pace.share))

    def hear_events(self, are_heard: bool) -> None:
        """Say whether every event of the colony would be heard; when that ends, the heartbeat is due at once."""
        if are_heard is self._quiet.are_events_heard:
            return
        self._quiet.hear(are_heard)
        if not are_heard:
            self._catch_up()
            if self.heartbeat is not None:
                self.hint(self.heartbeat.name)

    def stir(self) -> None:
        """Say that something happened: the quiet is over, and what is too old without it is due at once."""
        if self._quiet.end():
            self._catch_up()
            self._wake.set()

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
        self.stir()
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
        self.stir()
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
        self._reads.clear()
        now = self._clock.monotonic()
        for feed in self._feeds.values():
            feed.due, feed.last_end, feed.last_seconds = now, None, None
            feed.cost = 0.0
            feed.is_reading = feed.is_hinted = feed.is_urgent = False
        self._wake.set()

    async def run(self) -> None:
        """Read feeds for ever; ends only by cancellation."""
        async with asyncio.TaskGroup() as group:
            while True:
                self._wake.clear()
                pause = self._start_due(group)
                self._awake_at = self._clock.monotonic() + pause
                await self._clock.wait(self._wake, pause)

    def _start_due(self, group: asyncio.TaskGroup) -> float:
        """Start what is due and return the seconds until something else is."""
        now = self._clock.monotonic()
        rate = self._rate
        self._tokens = min(self._most_tokens, self._tokens + (now - self._filled_at) * rate)
        self._filled_at = now
        next_due = min((self._look_after(feed, now) for feed in tuple(self._reads)), default=now + _LONGEST_WAIT)
        for feed in sorted(self._feeds.values(), key=lambda feed: feed.due):
            if feed.is_reading or (self.is_lost and feed is not self.heartbeat):
                continue
            if feed.is_lazy and not self._is_seen(feed):
                continue
            if feed.due > now:
                next_due = min(next_due, feed.due)
            elif self._tokens >= 1 or not self._pace.polls:
                self._tokens -= 1
                self._start(group, feed, now)
                next_due = min(next_due, now + feed.patience(self._pace))
            else:
                next_due = min(next_due, now + (1 - self._tokens) / rate)
        # Rounding must not make this a loop without a pause.
        return max(_SHORTEST_WAIT, next_due - now)

    def _start(self, group: asyncio.TaskGroup, feed: Feed, now: float) -> None:
        feed.began = now
        feed.is_reading, feed.is_overdue, feed.is_late = True, False, False
        tasks = self._reads.setdefault(feed, [])
        if len(tasks) >= _MOST_HEARTBEATS:
            tasks.pop(0).cancel()
        tasks.append(group.create_task(self._read(feed), name=f"feed {feed.name}"))

    def _look_after(self, feed: Feed, now: float) -> float:
        """Mark a read that is silent for too long; return the monotonic time at which to look at it again."""
        if not feed.is_reading or feed.is_late or not self._pace.polls:
            return now + _LONGEST_WAIT
        patience = feed.patience(self._pace)
        if not feed.is_overdue:
            if now < feed.began + patience:
                return feed.began + patience
            feed.is_overdue = True
            feed.grace_end = now + patience * _GRACE
        if now < feed.grace_end:
            return feed.grace_end
        feed.is_late = True
        error = OutcomeUnknown(f"no answer for {patience:g} s")
        feed.failed(error)
        if feed is self.heartbeat:
            pause = self._lose(error)
            # Where somebody looks, the silence was pause enough.
            feed.is_reading, feed.due = False, now if self._is_shown else now + pause * self._pace.background
        else:
            self._try_heartbeat(feed.began)
        return now + _LONGEST_WAIT

    def _lose(self, error: ColoniesError) -> float:
        """The heartbeat got no answer: give up what else is being read; return the pause before the next try."""
        pause = self.on_lost(error)
        for feed in [feed for feed in self._reads if feed is not self.heartbeat]:
            self._give_up(feed)
        return pause

    def _give_up(self, feed: Feed) -> None:
        feed.is_reading, feed.last_end = False, self._clock.monotonic()
        for task in self._reads.pop(feed, ()):
            task.cancel()

    async def _read(self, feed: Feed) -> None:
        reading_feed.set(feed.name)
        start = self._clock.monotonic()
        error: ColoniesError | None = None
        has_asked: bool | None = True
        try:
            has_asked = await feed.read()
        except ColoniesError as problem:
            error = problem
        except asyncio.CancelledError:
            self._forget_read(feed)
            raise
        except Exception:  # a defect of ours must not end the console: it is logged, and this feed goes on
            log.exception("reading %s failed", feed.name)
        is_newest = self._is_newest(feed)
        if not self._forget_read(feed):
            return  # given up meanwhile
        if isinstance(error, NotReached | OutcomeUnknown):
            if is_newest:  # one that was late has another beside it, which decides
                self._ended(feed, start, self._unanswered(feed, error, start))
            return
        for other in self._reads.pop(feed, ()):
            other.cancel()  # the first answer counts; a later one may be older
        if error is not None:
            if not isinstance(error, KeyMissing | UnsafeRequest | NotInRecording):  # refused here: no word of a server
                self.on_answer()
            feed.failed(error)
        elif has_asked is False:
            self.spend(-1)
        else:
            self.on_answer()
        self._ended(feed, start, None)

    def _unanswered(self, feed: Feed, error: ColoniesError, start: float) -> float:
        """A read got no answer: return the pause before the next."""
        feed.failed(error)
        if feed is self.heartbeat:
            return self._lose(error)
        self._try_heartbeat(start)  # one slow read is not a lost server: the heartbeat decides
        return self._pace.recovery

    def _ended(self, feed: Feed, start: float, pause: float | None) -> None:
        """A read is over: say when the next one is due."""
        now = self._clock.monotonic()
        feed.is_reading = False
        feed.last_end = now
        if pause is not None:
            late = pause if self._is_shown else pause * self._pace.background
            feed.due = now + late if self._pace.polls else now if feed.is_urgent else _NEVER
        else:
            seconds = now - start
            feed.cost = seconds if feed.last_seconds is None else min(seconds, feed.last_seconds)
            feed.last_seconds = seconds
            feed.due = now + max(self._wait(feed), feed.cost / self._pace.share)
            if feed.is_hinted:
                feed.due = min(feed.due, feed.earliest(self._pace, is_shown=self._is_shown))
            if feed.is_urgent:
                feed.due = now
        feed.is_hinted = feed.is_urgent = False
        if feed.due < self._awake_at:
            self._wake.set()

    def _is_newest(self, feed: Feed) -> bool:
        return self._reads.get(feed, [None])[-1] is asyncio.current_task()

    def _forget_read(self, feed: Feed) -> bool:
        """Note that the running task reads no more; return whether it was wanted until now."""
        tasks, me = self._reads.get(feed, []), asyncio.current_task()
        if me not in tasks:
            return False
        tasks.remove(me)
        if not tasks:
            del self._reads[feed]
        return True

    def _try_heartbeat(self, since: float) -> None:
        beat = self.heartbeat
        if (
            not self._pace.polls or beat is None or beat.is_reading or self.is_lost
        ):  # a lost server is tried with growing pauses
            return
        if beat.last_end is None or beat.last_end <= since:
            beat.due = self._clock.monotonic()
            self._wake.set()

    def _wait(self, feed: Feed) -> float:
        if not self._pace.polls:
            return _NEVER
        seconds = feed.interval.unseen
        if self._is_seen(feed):
            seconds = self._quiet.stretched(feed.interval, is_heartbeat=feed is self.heartbeat)
        if not self._is_focused:
            seconds *= self._pace.unfocused
        return seconds if self._is_shown else seconds * self._pace.background

    def _is_seen(self, feed: Feed) -> bool:
        return self._is_shown and bool(feed.seen_by)

    @property
    def _most_tokens(self) -> float:
        return max(1.0, self._rate)  # a bound of less than one in a second still lets one through
