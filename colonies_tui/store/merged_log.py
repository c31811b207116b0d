"""The logs of several processes as one, in the order of time, followed while they grow and while members join."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from colonies_tui.protocol.errors import ColoniesError
from colonies_tui.protocol.models.log import Log
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.feed import Feed
from colonies_tui.store.freshness import Freshness
from colonies_tui.store.log_tail import LogBatch, LogSource, LogTail
from colonies_tui.store.pace import Interval
from colonies_tui.store.session import Session

INTERVAL = Interval(seen=1.0, unseen=5.0)
MAX_MEMBERS = 100
"""Most logs that are followed together: those that run or failed come first."""


@dataclass(frozen=True, slots=True)
class MergedBatch:
    """Lines of all members that came in one pass, in the order of time."""

    rows: tuple[Log, ...]
    skipped: int
    """Members whose logs are not read, because there are too many."""


class MergedLog:
    """Follows the logs of the members of a workflow. Members that start later join by :meth:`set_members`."""

    def __init__(self, session: Session, name: str, *, on_batch: Callable[[MergedBatch], None]) -> None:
        """
        Args:
            session: reads.
            name: makes the feed's name.
            on_batch: told the lines of each pass that brought some.
        """
        self.freshness = Freshness()
        self._session = session
        self._on_batch = on_batch
        self._states: Mapping[str, ProcessState] = {}
        self._tails: dict[str, LogTail] = {}
        self._collected: list[Log] = []
        self.feed = Feed(f"merged log {name}", self._read, INTERVAL, self._fail)
        self.feed.seen_by.add(self)
        session.schedule.add(self.feed)

    def close(self) -> None:
        """Stop following."""
        self._session.schedule.remove(self.feed)

    def set_members(self, states: Mapping[str, ProcessState]) -> None:
        """Say which processes belong to it now, and how they are."""
        self._states = states
        self._session.schedule.hint(self.feed.name)

    @property
    def has_ended(self) -> bool:
        """Whether every member has ended and every line was read."""
        return bool(self._states) and all(
            state.is_final and (tail := self._tails.get(process_id)) is not None and tail.has_ended
            for process_id, state in self._states.items()
        )

    def _fail(self, error: ColoniesError) -> None:
        self.freshness = self.freshness.failed(error)

    async def _read(self) -> None:
        started = [process_id for process_id, state in self._states.items() if state is not ProcessState.WAITING]
        started.sort(key=lambda process_id: self._states[process_id] is ProcessState.SUCCESS)
        first = True
        for process_id in started[:MAX_MEMBERS]:
            tail = self._tails.get(process_id) or self._tail(process_id)
            if tail.has_ended:
                continue
            if not first:
                self._session.schedule.spend(1)
            first = False
            await tail.feed.read()
        self.freshness = self.freshness.succeeded(self._session.clock.now())
        if self._collected:
            rows, self._collected = sorted(self._collected, key=lambda row: row.timestamp), []
            self._on_batch(MergedBatch(tuple(rows), max(0, len(started) - MAX_MEMBERS)))

    def _tail(self, process_id: str) -> LogTail:
        def take(batch: LogBatch) -> None:
            self._collected.extend(batch.rows)

        session = self._session
        tail = LogTail(
            session.client,
            session.clock,
            session.pace,
            LogSource(session.colony, process_id),
            on_batch=take,
            is_over=lambda: self._states.get(process_id, ProcessState.WAITING).is_final,
            spend=session.schedule.spend,
        )
        self._tails[process_id] = tail
        return tail
