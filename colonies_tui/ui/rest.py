"""What follows a movement once it has come to rest: a key held down does not wait for what each step would show."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from textual.message_pump import MessagePump
from textual.timer import Timer

REST_SECONDS: Final = 0.12
"""How long nothing has to move."""


class Rest:
    """Calls back once after any number of movements, however many there were. One timer at a time."""

    def __init__(self, node: MessagePump, callback: Callable[[], object], seconds: float = REST_SECONDS) -> None:
        """
        Args:
            node: on whose behalf; nothing is called once it is gone.
            callback: what is called.
            seconds: how long nothing has to move.
        """
        self._node = node
        self._callback = callback
        self._seconds = seconds
        self._moved_at = 0.0
        self._timer: Timer | None = None

    def moved(self) -> None:
        """Note a movement."""
        self._moved_at = time.monotonic()
        if self._timer is None:
            self._timer = self._node.set_timer(self._seconds, self._look)

    def _look(self) -> None:
        left = self._moved_at + self._seconds - time.monotonic()
        if left > 0.001:
            self._timer = self._node.set_timer(left, self._look)
            return
        self._timer = None
        self._callback()
