"""Following a log that has no push: pages of 500 from just below the last line known, until caught up.

Lines with equal time stamps across a page border are not lost: a page begins *at* the last known stamp, and as many of
its lines as are known already are dropped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

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
"""Most pages of earlier lines that are fetched at one request of the operator."""

_EARLIER_TRIES = 40
"""Most windows of time that are tried for the lines before those shown."""


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

    They stand after everything shown so far, ``is_earlier`` ones before it. ``gap_before`` and ``gap_after`` say that
    there are lines between a batch and its neighbour (or the beginning of the log) that were not fetched.
    """

    rows: tuple[Log, ...]
    is_earlier: bool = False
    gap_before: bool = False
    gap_after: bool = False


@dataclass(slots=True)
class _Reach:
    """How far a log was read forward: the last stamp, and which lines with that stamp are known."""

    last: int = 0
    at_last: Counter[Log] = field(default_factory=Counter)
    skipped: bool = False
    """More lines than a page holds have one stamp: the rest of them cannot be asked for."""

    @property
    def since(self) -> int:
        """What the next page is asked for: lines with a stamp strictly later."""
        return self.last if self.skipped else max(0, self.last - 1)

    def take(self, page: Sequence[Log]) -> list[Log]:
        """Take a page that begins at or after :attr:`since`; return its lines that were not known."""
        known = Counter(self.at_last)
        new: list[Log] = []
        for row in page:
            if row.timestamp == self.last and known[row] > 0:
                known[row] -= 1
                continue
            if row.timestamp < self.last:
                continue
            if row.timestamp > self.last:
                self.last, self.at_last, known = row.timestamp, Counter(), Counter()
            self.at_last[row] += 1
            new.append(row)
        self.skipped = len(page) == MAX_LOG_COUNT and page[0].timestamp == page[-1].timestamp
        return new


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
        spend: Callable[[int], None] = lambda requests: None,
    ) -> None:
        """
        Args:
            client: reads.
            clock: stamps.
            pace: intervals.
            source: whose log.
            on_batch: told every batch of new lines.
            on_change: told when freshness, the end, or what there is of earlier lines changed.
            is_over: whether nothing more can be written (the process has ended).
            spend: told how many requests were made beyond the first of a read.
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
        self._spend = spend
        self._reach = _Reach()
        self._first: int | None = None
        self._at_first: Counter[Log] = Counter()
        self._is_first_done = False
        """No more lines with the first stamp can be asked for."""
        self._span = 0
        """Nanoseconds before the first line shown that are asked for next."""
        self._is_loading_earlier = False
        self._quiet = 0
        self.feed = Feed(f"log {id(self):x}", self._read, pace.log, self.fail)

    @property
    def last_timestamp(self) -> int:
        """Stamp of the last line, nanoseconds since 1970; 0 before the first."""
        return self._reach.last

    def close(self) -> None:
        """Tell nothing more, not even what an answer under way brings."""
        self._on_batch = lambda batch: None
        self._on_change = lambda: None

    def fail(self, error: ColoniesError) -> None:
        """Note that the log cannot be read now; lines stay."""
        self._quiet = QUIET_READS
        self._set_interval()
        self._set_freshness(self.freshness.failed(error))

    async def _read(self) -> None:
        was_over = self._is_over()
        has_new = await (self._read_first() if self._first is None else self._read_on())
        self._quiet = 0 if has_new else self._quiet + 1
        has_ended, self.has_ended = self.has_ended, self.has_ended or (was_over and not has_new)
        self._set_interval()
        self._set_freshness(self.freshness.succeeded(self._clock.now()), tell=self.has_ended is not has_ended)

    def _set_freshness(self, freshness: Freshness, *, tell: bool = False) -> None:
        tell = tell or freshness.differs_from(self.freshness)
        self.freshness = freshness
        if tell:
            self._on_change()

    def _set_interval(self) -> None:
        pace = self._pace
        if self.has_ended:
            self.feed.interval = pace.server
        elif self._quiet >= QUIET_READS:
            self.feed.interval = replace(pace.log, seen=pace.quiet_log, unseen=max(pace.quiet_log, pace.log.unseen))
        else:
            self.feed.interval = pace.log

    async def _read_first(self) -> bool:
        rows = await self._client.send(self.source.request(latest=True))
        if not rows:
            return False
        self._reach.take(rows)
        self._take_first(rows)
        self._span = 4 * max(1, rows[-1].timestamp - rows[0].timestamp)
        self.has_earlier = len(rows) == MAX_LOG_COUNT
        self._tell(rows, gap_before=self.has_earlier)
        return True

    async def _read_on(self) -> bool:
        has_new = False
        while True:
            gap = self._reach.skipped
            rows = await self._client.send(self.source.request(since=self._reach.since))
            new = self._reach.take(rows)
            if new:
                has_new = True
                self._tell(new, gap_before=gap)
            elif gap:
                self._reach.skipped = True  # nothing stands beyond it yet: the next line comes after the gap
            if len(rows) < MAX_LOG_COUNT:
                return has_new
            self._spend(1)

    def _tell(
        self, rows: Sequence[Log], *, is_earlier: bool = False, gap_before: bool = False, gap_after: bool = False
    ) -> None:
        # A server finds an executor's log by its name alone, in all colonies.
        ours = tuple(row for row in rows if row.colonyname in ("", self.source.colony))
        if ours or gap_before or is_earlier:
            self._on_batch(LogBatch(ours, is_earlier, gap_before, gap_after))

    # Earlier lines ----------------------------------------------------------------------------------------------------

    async def load_earlier(self) -> None:
        """Fetch some of the lines that stand right before those shown. Does nothing while it is at it already.

        Raises:
            ColoniesError: the read failed; it can be tried again.
        """
        if not self.has_earlier or self._first is None or self._is_loading_earlier:
            return
        self._is_loading_earlier = True
        try:
            rows, since, gap = await self._find_earlier(self._first)
        finally:
            self._is_loading_earlier = False
        if rows:
            self._take_first(rows)
        elif gap:
            self._is_first_done = True
        self.has_earlier = since > 0
        self._tell(rows, is_earlier=True, gap_before=self.has_earlier, gap_after=gap)
        self._on_change()

    async def _find_earlier(self, first: int) -> tuple[Sequence[Log], int, bool]:
        """Look for a window of time that ends at the first line shown and holds some lines, but not too many.

        A server can only be asked for what comes *after* a time, so its beginning has to be found by trying.

        Returns:
            The lines, the time after which they are all there are, and whether lines are missing after them.
        """
        empty, too_long = 0, 0  # nanoseconds before the first line, 0: not known
        span = self._span
        for attempt in range(_EARLIER_TRIES):
            is_last = attempt == _EARLIER_TRIES - 1 or too_long - empty == 1
            since = max(0, first - span)
            rows, begun, reached = await self._read_window(since, first, to_the_end=is_last)
            is_whole = reached >= first
            if is_last if not is_whole else rows:
                self._span = span if len(rows) >= MAX_LOG_COUNT else 8 * span
                return rows, since, not is_whole
            if since == 0 and is_whole:
                return (), 0, False
            if is_whole:
                empty = span
                span = min(8 * span, first) if not too_long else _between(empty, too_long)
            else:
                # A window from the last line that was read on holds at least that one, and is too long at the most.
                # Lines stand in bursts: the end of this one is looked for in strides of what it was found to hold.
                too_long = min(span, first - reached + 1)
                stride = 8 * max(1, reached - begun)
                span = too_long - stride if too_long - stride > empty else _between(empty, too_long)
        self._span = min(8 * span, first)
        return (), max(0, first - span), False

    async def _read_window(self, since: int, first: int, *, to_the_end: bool) -> tuple[list[Log], int, int]:
        """Return the unknown lines later than ``since`` up to ``first``, the stamp at which they begin, and the stamp
        up to which those are all: it is before ``first`` where there are too many, or too many with one stamp.
        """
        reach = _Reach(last=since, skipped=True)
        known = Counter(self._at_first)
        found: list[Log] = []
        last = first - 1 if self._is_first_done else first
        begun, skipped = since, None
        for page in range(EARLIER_PAGES):
            if page:
                self._spend(1)
            rows = await self._client.send(self.source.request(since=reach.since))
            if not page and rows:
                begun = rows[0].timestamp
            for row in reach.take(rows):
                if row.timestamp < first:
                    found.append(row)
                elif row.timestamp == last:
                    if known[row] > 0:
                        known[row] -= 1
                    else:
                        found.append(row)
            if len(rows) < MAX_LOG_COUNT or rows[-1].timestamp > last:
                return found, begun, first if skipped is None else skipped
            if reach.skipped and skipped is None:
                skipped = reach.last - 1
            covered = rows[-1].timestamp - since
            if page == 0 and not to_the_end and covered * EARLIER_PAGES < first - since:
                break  # at this density there are far too many
        return found, begun, min(reach.last, first - 1) if skipped is None else skipped

    def _take_first(self, rows: Iterable[Log]) -> None:
        rows = tuple(rows)
        if rows[0].timestamp != self._first:
            self._first, self._at_first, self._is_first_done = rows[0].timestamp, Counter(), False
        self._at_first.update(row for row in rows if row.timestamp == self._first)


def _between(empty: int, too_long: int) -> int:
    """Return a span between two others: their geometric mean while they are far apart, then the arithmetic one."""
    if too_long > 8 * max(1, empty):
        return max(empty + 1, int((max(1, empty) * too_long) ** 0.5))
    return (empty + too_long + 1) // 2
