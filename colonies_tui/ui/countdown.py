"""The seconds between a confirmed decision and its request: it can be taken back, sent at once, or come to nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from colonies_tui.store.clock import Clock

_STEP: Final = 0.2
"""Seconds after which link and time are looked at again."""

TAKEN_BACK: Final = "taken back"


class Countdown:
    """Counts one decision down. Ends once, in one way, whoever asks for it first."""

    def __init__(self, seconds: float, clock: Clock, refusal: Callable[[], str | None]) -> None:
        """
        Args:
            seconds: how long it can be taken back.
            clock: time.
            refusal: returns why nothing can be sent any more (server lost), ``None`` while it can.
        """
        self._clock = clock
        self._refusal = refusal
        self._deadline = clock.monotonic() + seconds
        self._ended = asyncio.Event()
        self._why_not: str | None = None

    @property
    def left(self) -> float:
        """Seconds that are left."""
        return max(0.0, self._deadline - self._clock.monotonic())

    async def run(self, on_tick: Callable[[], None] = lambda: None) -> str | None:
        """Wait until it is over; return why nothing is to be sent, ``None`` to send.

        Args:
            on_tick: told several times a second.
        """
        while not self._ended.is_set():
            reason = self._refusal()
            if reason is not None:
                self.drop(reason)
            elif not self.left:
                self.send_now()
            else:
                on_tick()
                await self._clock.wait(self._ended, min(_STEP, self.left))
        return self._why_not

    def send_now(self) -> None:
        """Wait no longer."""
        self._ended.set()

    def take_back(self) -> None:
        """Send nothing: the operator thought again."""
        self.drop(TAKEN_BACK)

    def drop(self, reason: str) -> None:
        """Send nothing, for a reason; without effect when it is over already."""
        if not self._ended.is_set():
            self._why_not = reason
            self._ended.set()
