"""What happens by itself: deadlines each second, stale executors and old rows each minute (§ Constants, Retention)."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from typing import Final

from colonies_tui.localserver.clock import Clock, Timer
from colonies_tui.localserver.database import Database
from colonies_tui.localserver.lifecycle import Lifecycle
from colonies_tui.localserver.records.executor import executors_heard_before
from colonies_tui.localserver.records.process import remove_processes
from colonies_tui.localserver.settings import ServerSettings
from colonies_tui.protocol.times import NANOSECONDS

log = logging.getLogger(__name__)

DEADLINE_PERIOD: Final = 1.0
"""Seconds between looks for processes past a deadline."""

_OLD_SUCCESSES: Final = (
    "state = 2 AND (processgraphid = '' AND submitted < ?"
    " OR processgraphid IN (SELECT processgraphid FROM processgraphs WHERE state = 2 AND submitted < ?))"
)
"""Condition for processes that go with old graphs or by their own age; the members of living graphs stay."""


class Clockwork:
    """The periodic checks of a server."""

    def __init__(self, database: Database, clock: Clock, lifecycle: Lifecycle, settings: ServerSettings) -> None:
        self._database = database
        self._clock = clock
        self._lifecycle = lifecycle
        self._settings = settings
        self._timer: Timer | None = None
        self._next_cleanup = 0
        self.on_cleanup: list[Callable[[], None]] = []
        """Called at each cleanup, when its removals are done."""

    def start(self) -> None:
        """Begin; the first checks come after one period, what passed while the server was down included."""
        self._next_cleanup = self._clock.now() + int(self._settings.cleanup_interval * NANOSECONDS)
        self._timer = self._clock.call_later(DEADLINE_PERIOD, self._tick)

    def stop(self) -> None:
        """End."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def check(self) -> None:
        """Make the checks that are due now."""
        now = self._clock.now()
        with self._database.change():
            self._lifecycle.expire()
        if now >= self._next_cleanup:
            self._next_cleanup = now + int(self._settings.cleanup_interval * NANOSECONDS)
            with self._database.change():
                self._remove_stale_executors(now)
                self._remove_old_rows(now)
            for callback in self.on_cleanup:
                callback()

    def _tick(self) -> None:
        self._timer = self._clock.call_later(DEADLINE_PERIOD, self._tick)
        try:
            self.check()
        except sqlite3.Error:
            log.exception("the periodic checks failed; they are tried again")

    def _remove_stale_executors(self, now: int) -> None:
        limit = now - int(self._settings.stale_executor_seconds * NANOSECONDS)
        for executor in executors_heard_before(self._database, limit):
            self._lifecycle.unregister(executor)

    def _remove_old_rows(self, now: int) -> None:
        if not self._settings.retention:
            return
        limit = now - int(self._settings.retention_seconds * NANOSECONDS)
        if self._settings.real_quirks:  # members of living graphs too
            remove_processes(self._database, "state = 2 AND submitted < ?", (limit,))
        else:
            remove_processes(self._database, _OLD_SUCCESSES, (limit, limit))
        self._database.write("DELETE FROM processgraphs WHERE state = 2 AND submitted < ?", (limit,))
        self._database.write("DELETE FROM logs WHERE stamp < ?", (limit,))
