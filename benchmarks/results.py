"""What a benchmark says: a figure of ours, that of its floor, and whether their ratio is as wanted."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

HEADINGS = ("what", "ours", "floor", "unit", "ratio", "target", "", "the floor is")


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table."""

    what: str
    ours: float
    floor: float
    unit: str
    target: float | None
    """Bound on the ratio, or on our own figure; ``None`` where only the figures are of interest."""
    floor_is: str
    ratio: float
    """Median over the runs of ours to the floor, each with the floor measured right after it."""
    runs: int = 1
    bound_on: Literal["ratio", "ours"] = "ratio"
    at_least: bool = False
    """Whether the bound is one that must be reached, not one that must not be passed."""

    @property
    def is_met(self) -> bool:
        """Whether the figure is within its bound."""
        if self.target is None:
            return True
        figure = self.ratio if self.bound_on == "ratio" else self.ours
        return figure >= self.target if self.at_least else figure <= self.target

    @property
    def verdict(self) -> str:
        """``ok``, ``missed``, or nothing where there is no bound."""
        return "" if self.target is None else "ok" if self.is_met else "missed"

    def as_json(self) -> dict[str, Any]:
        """Return the fields, and the verdict."""
        return {**asdict(self), "verdict": self.verdict}

    def cells(self) -> Sequence[str]:
        """Return the texts of the line, in the order of :data:`HEADINGS`."""
        sign = "≥" if self.at_least else "≤"
        unit = "×" if self.bound_on == "ratio" else f" {self.unit}"
        target = "" if self.target is None else f"{sign} {self.target:g}{unit}"
        ratio = "" if self.floor == 0 else f"{self.ratio:.2f}×"
        floor = "" if self.floor == 0 else figure(self.floor)
        return (self.what, figure(self.ours), floor, self.unit, ratio, target, self.verdict, self.floor_is)


def figure(value: float) -> str:
    """Return a number with about three digits that matter."""
    size = abs(value)
    if size >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if size >= 10 else f"{value:.2f}" if size >= 1 else f"{value:.3f}"


def compared(
    what: str,
    ours: Callable[[], float],
    floor: Callable[[], float],
    *,
    runs: int,
    unit: str,
    target: float | None,
    floor_is: str,
    at_least: bool = False,
) -> Result:
    """Measure both in turns, so that whatever else the machine does meets both alike."""
    pairs = [(ours(), floor()) for _ in range(runs)]
    return of_pairs(what, pairs, unit=unit, target=target, floor_is=floor_is, at_least=at_least)


def of_pairs(
    what: str,
    pairs: Sequence[tuple[float, float]],
    *,
    unit: str,
    target: float | None,
    floor_is: str,
    at_least: bool = False,
) -> Result:
    """Return what figures measured in turns, ours and the floor, say together."""
    return Result(
        what,
        ours=statistics.median(mine for mine, _ in pairs),
        floor=statistics.median(other for _, other in pairs),
        unit=unit,
        target=target,
        floor_is=floor_is,
        ratio=statistics.median(mine / other for mine, other in pairs),
        runs=len(pairs),
        at_least=at_least,
    )


def alone(what: str, values: Sequence[float], *, unit: str, target: float | None, at_least: bool = False) -> Result:
    """Return the median of figures that have a bound of their own and no floor."""
    middle = statistics.median(values)
    return Result(what, middle, 0.0, unit, target, "", 0.0, runs=len(values), bound_on="ours", at_least=at_least)


def percentile(values: Iterable[float], percent: int) -> float:
    """Return what so many of a hundred values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def table(results: Sequence[Result]) -> str:
    """Return the lines of a table with aligned columns."""
    rows = [HEADINGS, *(result.cells() for result in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    numbers = {1, 2, 4, 5}
    lines = []
    for row in rows:
        texts = [
            text.rjust(width) if column in numbers else text.ljust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(texts).rstrip())
    return "\n".join(lines)
