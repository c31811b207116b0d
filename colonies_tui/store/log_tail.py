"""Following a log that has no push: pages of 500 from just below the last line known, until caught up.

Lines with equal time stamps across a page border are not lost: a page begins *at* the last known stamp, and as many of
its lines as are known already are dropped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from colonies_tui.client.client import ColoniesClient
from colonies_tui.protocol.errors import ColoniesError
from colonies_tui.protocol.messages.log import MAX_LOG_COUNT, GetLogs
from colonies_tui.protocol.models.log import Log
from colonies_tui.store.clock import Clock
from colonies_tui.store.feed import Feed
from colonies_tui.store.freshness import Freshness
from colonies_tui.store.pace import Pace

QUIET_READS = 6
"""After so many reads in a row without a line, a log is read less often."""

EARLIER_PAGES = 10
"""Pages of earlier lines that are read at one request of the operator."""


@dataclass(frozen=True, slots=True)
class LogSource:
    """Whose log: a process's or an executor's."""

    colony: str
    processid: str = ""
    executorname: str = ""

    def request(self, *, since: int = 0, latest: bool = False) -> GetLogs:
        """Return the message for one page."""
        return GetLogs(
            colonyname=self.colony,
            processid=self.processid,
            executorname=self.executorname,
            count=MAX_LOG_COUNT,
            since=since,
            latest=latest,
        )


@dataclass(frozen=True, slots=True)
class LogBatch:
    """Lines that came together.

    ``is_earlier`` lines belong before everything shown so far (after earlier ones of that kind). ``gap_before`` says
    that lines between the batch before and this one were not fetched.
    """

    rows: tuple[Log, ...]
    is_earlier: bool = False
    gap_before: bool = False
    gap_after: bool = False


class LogTail:
    """One log that is followed; a feed of the schedule reads it."""

    def __init__(
        self,
        client: ColoniesClient,
        clock: Clock,
        pace: Pace,
        source: LogSource,
        *,
        on_batch: Callable[[LogBatch], None],
        on_change: Callable[[], None] = lambda: None,
        is_over: Callable[[], bool] = lambda: False,
    ) -> None:
        """
        Args:
            client: reads.
            clock: stamps.
            pace: intervals.
            source: whose log.
            on_batch: told every batch of new lines.
            on_change: told when freshness or the end changed.
            is_over: whether nothing more can be written (the process has ended).
        """
        self.source = source
        self.freshness = Freshness()
        self.has_ended = False
        """The process has ended and every line was read."""
        self.has_earlier = False
        """There are lines before those shown that were not fetched."""
        self._client = client
        self._clock = clock
        self._pace = pace
        self._on_batch = on_batch
        self._on_change = on_change
        self._is_over = is_over
        self._first: int | None = None
        self._last = 0
        self._at_last: Counter[Log] = Counter()
        self._earlier_last = 0
        self._quiet = 0
        self.feed = Feed(f"log {id(self):x}", self._read, pace.log, self._failed)

    @property
    def last_timestamp(self) -> int:
        """Stamp of the last line, nanoseconds since 1970; 0 before the first."""
        return self._last

    def _failed(self, error: ColoniesError) -> None:
        self.freshness = self.freshness.failed(error)
        self._on_change()

    async def _read(self) -> None:
        was_over = self._is_over()
        if self._first is None:
            new = await self._read_first()
        else:
            new = await self._read_on()
        was = (self.freshness.condition, self.has_ended)
        self.freshness = self.freshness.succeeded(self._clock.now())
        self._quiet = 0 if new else self._quiet + 1
        self.has_ended = was_over and not new
        quiet = self._quiet >= QUIET_READS
        self.feed.interval = (
            replace(self._pace.log, seen=self._pace.quiet_log, unseen=self._pace.quiet_log) if quiet else self._pace.log
        )
        if (self.freshness.condition, self.has_ended) != was:
            self._on_change()

    async def _read_first(self) -> bool:
        rows = await self._client.send(self.source.request(latest=True))
        if not rows:
            return False
        self._first = rows[0].timestamp
        self.has_earlier = len(rows) == MAX_LOG_COUNT
        self._know(rows)
        self._on_batch(LogBatch(rows, gap_before=self.has_earlier))
        return True

    async def _read_on(self) -> bool:
        has_new = False
        since = self._last - 1
        while True:
            rows = await self._client.send(self.source.request(since=since))
            new = self._unknown(rows)
            if new:
                has_new = True
                self._know(new)
                self._on_batch(LogBatch(new))
            if len(rows) < MAX_LOG_COUNT:
                return has_new
            since = self._last if rows[0].timestamp == rows[-1].timestamp else self._last - 1

    def _unknown(self, rows: tuple[Log, ...]) -> tuple[Log, ...]:
        known = Counter(self._at_last)
        new = []
        for row in rows:
            if row.timestamp == self._last and known[row] > 0:
                known[row] -= 1
            elif row.timestamp >= self._last:
                new.append(row)
        return tuple(new)

    def _know(self, rows: tuple[Log, ...]) -> None:
        for row in rows:
            if row.timestamp > self._last:
                self._last = row.timestamp
                self._at_last = Counter()
            if row.timestamp == self._last:
                self._at_last[row] += 1

    async def load_earlier(self) -> None:
        """Fetch some of the lines that stand before those shown, from the beginning on.

        Raises:
            ColoniesError: the read failed.
        """
        if not self.has_earlier or self._first is None:
            return
        collected: list[Log] = []
        since = self._earlier_last
        for _ in range(EARLIER_PAGES):
            rows = await self._client.send(self.source.request(since=since))
            inside = [row for row in rows if row.timestamp < self._first]
            collected.extend(inside)
            if len(inside) < len(rows) or len(rows) < MAX_LOG_COUNT:
                self.has_earlier = False
                break
            since = rows[-1].timestamp
        self._earlier_last = since
        self._on_batch(LogBatch(tuple(collected), is_earlier=True, gap_after=self.has_earlier))
        self._on_change()
