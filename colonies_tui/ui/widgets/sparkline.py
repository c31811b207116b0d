"""Small bar charts and rates as text. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from colonies_tui.ui.format.glyphs import UNICODE, Alphabet
from colonies_tui.ui.format.numbers import grouped


def spark(values: Sequence[float], width: int, alphabet: Alphabet = UNICODE) -> str:
    """Draw the last `width` values as bars from zero to their maximum, the newest at the right.

    With fewer values than `width` the left is left blank. Nothing above zero gives the lowest bar throughout, and any
    value above zero is at least one level above it, so that little is told from nothing.
    """
    if width <= 0:
        return ""
    shown = [max(0.0, value) for value in values[-width:]]
    levels = alphabet.levels
    highest = max(shown, default=0.0)
    if highest <= 0:
        return (levels[0] * len(shown)).rjust(width)
    top = len(levels) - 1
    bars = [levels[0 if value <= 0 else max(1, round(value / highest * top))] for value in shown]
    return "".join(bars).rjust(width)


@dataclass(frozen=True, slots=True)
class Trend:
    """How much something came to in a span of time."""

    amount: int
    seconds: float

    @property
    def rate(self) -> str:
        """Per minute: `1 204/min`; below one a minute per hour; empty when nothing happened or no time has passed."""
        if self.seconds <= 0 or not self.amount:
            return ""
        per_minute = self.amount * 60 / self.seconds
        if abs(per_minute) >= 1:
            return f"{grouped(round(per_minute))}/min"
        return f"{grouped(round(per_minute * 60))}/h" if abs(per_minute) * 60 >= 1 else ""

    @property
    def growth(self) -> str:
        """The rate with its sign: `+312/min`, `-40/min`."""
        rate = self.rate
        return f"+{rate}" if rate and self.amount > 0 else rate

    @property
    def change(self) -> str:
        """The amount itself with its span: `+9 in 5m`; empty when nothing happened."""
        if not self.amount:
            return ""
        minutes = round(self.seconds / 60)
        span = f"{minutes}m" if minutes >= 1 else f"{round(self.seconds)}s"
        sign = "+" if self.amount > 0 else ""
        return f"{sign}{grouped(self.amount)} in {span}"
