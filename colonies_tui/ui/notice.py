"""A notification that can be shown whenever it comes to that: its time may be over by then, but is never negative."""

from __future__ import annotations

from typing import Final

from textual.notifications import Notification

SHORTEST: Final = 0.001
"""Seconds that are left at the least to one that is being shown."""


class Notice(Notification):
    """The toolkit gives a toast a timer over the time that is left. Where a busy machine, or a clock that is set, has
    let that run out in between, the timer is negative, and a negative timer runs for ever without letting anything else
    run: the console would stand still.
    """

    @property
    def time_left(self) -> float:
        """Seconds that it is shown for."""
        return max(super().time_left, SHORTEST)

    @property
    def has_expired(self) -> bool:
        """Whether its time is over."""
        return super().time_left <= 0
