"""A check that is made again and again."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable

from colonies_tui.localserver.clock import Clock, Timer

log = logging.getLogger(__name__)


class Periodic:
    """Calls a check after each period, the first time after one period."""

    def __init__(self, clock: Clock, seconds: float, check: Callable[[], None], name: str) -> None:
        self._clock = clock
        self._seconds = seconds
        self._check = check
        self._name = name
        self._timer: Timer | None = None

    def start(self) -> None:
        """Begin."""
        self._timer = self._clock.call_later(self._seconds, self._tick)

    def stop(self) -> None:
        """End."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _tick(self) -> None:
        self._timer = self._clock.call_later(self._seconds, self._tick)
        try:
            self._check()
        except sqlite3.Error:
            log.exception("the check of %s failed; it is tried again", self._name)
