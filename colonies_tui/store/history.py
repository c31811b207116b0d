"""A colony's counters over the last minutes: short histories and rates."""

from __future__ import annotations

import itertools
from collections import deque
from dataclasses import dataclass

from colonies_tui.protocol.models.colony import Statistics

KEPT_SECONDS = 15 * 60
"""How far back the history goes."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Counters at one time (seconds since 1970)."""

    at: float
    statistics: Statistics


class CounterHistory:
    """Samples of a colony's counters, oldest first."""

    def __init__(self) -> None:
        self._samples: deque[Sample] = deque()

    def add(self, at: float, statistics: Statistics) -> None:
        """Keep a sample and forget those that are too old."""
        self._samples.append(Sample(at, statistics))
        while self._samples and self._samples[0].at < at - KEPT_SECONDS:
            self._samples.popleft()

    @property
    def latest(self) -> Statistics | None:
        """The newest counters."""
        return self._samples[-1].statistics if self._samples else None

    def values(self, counter: str, now: float, seconds: float, points: int) -> list[float]:
        """Return a counter's value at ``points`` equally spaced times up to ``now``; times before the first sample
        are left out.
        """
        result: list[float] = []
        samples = iter(self._samples)
        current: Sample | None = None
        following = next(samples, None)
        for point in range(points):
            at = now - seconds + (point + 1) * seconds / points
            while following is not None and following.at <= at:
                current, following = following, next(samples, None)
            if current is not None:
                result.append(float(getattr(current.statistics, counter)))
        return result

    def gains(self, counter: str, now: float, seconds: float, points: int) -> list[float]:
        """Return how much a counter grew in each of ``points`` equal spans of the last ``seconds``; never negative.

        Spans that begin before the first sample are left out.
        """
        values = self.values(counter, now, seconds * (points + 1) / points, points + 1)
        return [max(0.0, later - earlier) for earlier, later in itertools.pairwise(values)]

    def change(self, counter: str, now: float, seconds: float) -> float | None:
        """Return how much a counter changed over the last ``seconds`` (over what is known of them); ``None`` when less
        than two samples are known.
        """
        inside = [sample for sample in self._samples if sample.at >= now - seconds]
        if len(inside) < 2:
            return None
        return float(getattr(inside[-1].statistics, counter) - getattr(inside[0].statistics, counter))

    def per_minute(self, counter: str, now: float, seconds: float = 60.0) -> float | None:
        """Return a counter's change per minute over the last ``seconds``; ``None`` before there is enough to say."""
        inside = [sample for sample in self._samples if sample.at >= now - seconds]
        if len(inside) < 2 or inside[-1].at - inside[0].at < min(5.0, seconds / 4):
            return None
        span = inside[-1].at - inside[0].at
        return float(getattr(inside[-1].statistics, counter) - getattr(inside[0].statistics, counter)) * 60.0 / span
