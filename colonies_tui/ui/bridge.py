"""The one way from the store to the screen: merges what changed and delivers it at most ten times a second."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from textual.app import App
from textual.timer import Timer

from colonies_tui.store.resource import Changes, Watcher
from colonies_tui.store.session import Session

FRAME_SECONDS = 0.1
"""Shortest time between two deliveries."""


class Bridge:
    """Watches one session for one app. Without changes there is no timer."""

    def __init__(self, app: App[object], session: Session, deliver: Callable[[Mapping[str, Changes]], None]) -> None:
        """
        Args:
            app: whose timers are used.
            session: what is watched.
            deliver: told the changes by resource name.
        """
        self._app = app
        self._session = session
        self._deliver = deliver
        self._timer: Timer | None = None
        self._delivered_at = 0.0
        self._watcher: Watcher | None = session.watch(self._wake)

    @property
    def is_held(self) -> bool:
        """Whether what is known is on its way to another time, so that nothing is shown of it."""
        return self._watcher is not None and self._watcher.is_held

    def flush(self) -> None:
        """Deliver now what has changed."""
        if self._timer is not None:
            self._timer.stop()
        self._flush()

    def close(self) -> None:
        """Deliver nothing more."""
        if self._watcher is not None:
            self._session.unwatch(self._watcher)
            self._watcher = None
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _wake(self) -> None:
        if self._timer is None:
            pause = max(0.01, self._delivered_at + FRAME_SECONDS - time.monotonic())
            self._timer = self._app.set_timer(pause, self._flush)

    def _flush(self) -> None:
        self._timer = None
        if self._watcher is None:
            return
        self._delivered_at = time.monotonic()
        changes = self._watcher.take()
        if changes:
            self._deliver(changes)
