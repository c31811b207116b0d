"""How long to wait before trying a lost server again. Pure: it computes delays and never sleeps."""

from __future__ import annotations

import random
from collections.abc import Callable


class Backoff:
    """Delays that grow with each failure, spread at random over their whole range so that clients return out of step.

    Args:
        first: bound of the first delay, in seconds.
        factor: growth of the bound with each failure.
        most: largest bound, in seconds.
        spread: returns a number between 0 and 1; tests give a fixed one.
    """

    def __init__(
        self,
        first: float = 0.25,
        factor: float = 2.0,
        most: float = 15.0,
        spread: Callable[[], float] = random.random,
    ) -> None:
        self._first = first
        self._factor = factor
        self._most = most
        self._spread = spread
        self._bound = first

    @property
    def bound(self) -> float:
        """The longest that the next delay can be, in seconds."""
        return min(self._bound, self._most)

    def next_delay(self) -> float:
        """Return the seconds to wait after one more failure."""
        bound = self.bound
        self._bound = min(self._bound * self._factor, self._most)
        return bound * self._spread()

    def succeeded(self) -> None:
        """Begin anew with short delays."""
        self._bound = self._first
