"""Quiet: a colony in which nothing happens is asked less, for as long as events would tell that something does.

What is looked at is read again after half as long as it has been quiet, never sooner than its interval and never later
than the pace allows. Whatever happens (an event, a changed answer, an action, another view, a lost subscription) ends
the quiet, and what is too old by then is read at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from colonies_tui.store.clock import Clock
from colonies_tui.store.pace import Interval, Pace
from colonies_tui.store.resource import Watcher

_SIGNS_OF_LIFE = frozenset({"lastheardfromtime"})
"""Fields that move by themselves while nothing happens: an idle executor goes on asking for work."""


class Quiet:
    """How long it has been quiet."""

    def __init__(self, clock: Clock, pace: Pace) -> None:
        self._clock = clock
        self._pace = pace
        self._since = clock.monotonic()
        self._are_events_heard = False

    @property
    def are_events_heard(self) -> bool:
        """Whether every event of the colony would be heard; without that nothing is left unread for longer."""
        return self._are_events_heard

    def hear(self, are_events_heard: bool) -> None:
        """Say whether every event would be heard from now on."""
        self._are_events_heard = are_events_heard
        self.end()

    def end(self) -> bool:
        """Something happened; return whether anything was left unread for longer because of the quiet."""
        now = self._clock.monotonic()
        was_quiet = self._are_events_heard and now - self._since > 0.5
        self._since = now
        return was_quiet

    def stretched(self, interval: Interval, *, is_heartbeat: bool = False) -> float:
        """Return the seconds between two reads of what is looked at."""
        if not self._are_events_heard:
            return interval.seen
        pace = self._pace
        most = pace.quiet_heartbeat if is_heartbeat else min(interval.unseen, interval.seen * pace.quiet)
        return max(interval.seen, min(most, (self._clock.monotonic() - self._since) / 2))


class Stirs(Watcher):
    """Tells at once when something is different in a colony, whatever it is, but not that an executor still lives."""

    def __init__(self, stirred: Callable[[], None]) -> None:
        super().__init__(lambda: None)
        self._stirred = stirred

    def tell(self, resource: str, rows: Mapping[str, frozenset[str]], freshness: bool) -> None:
        """Look at a change, and keep nothing of it."""
        if any(not fields or fields - _SIGNS_OF_LIFE for fields in rows.values()):
            self._stirred()
