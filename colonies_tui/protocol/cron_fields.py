"""The six fields of a cron expression, read the way a Colonies server reads them (§ Crons)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_MONTHS: Final = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_WEEKDAYS: Final = {"sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6}
_STARS: Final = ("*", "?")
_MOST_DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class Kind:
    """What one of the six fields may hold."""

    name: str
    lowest: int
    highest: int
    names: Mapping[str, int]


SECOND: Final = Kind("second", 0, 59, {})
MINUTE: Final = Kind("minute", 0, 59, {})
HOUR: Final = Kind("hour", 0, 23, {})
DAY: Final = Kind("day of month", 1, 31, {})
MONTH: Final = Kind("month", 1, 12, _MONTHS)
WEEKDAY: Final = Kind("day of week", 0, 6, _WEEKDAYS)

_DAYS_IN_MONTH: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Field:
    """One field: the values that fit, ascending."""

    kind: Kind
    values: tuple[int, ...]
    is_star: bool
    """Whether it says nothing at all. A day field that names every day is not a star: either day field may match."""

    @property
    def is_full(self) -> bool:
        """Whether every value fits."""
        return len(self.values) == self.kind.highest - self.kind.lowest + 1

    @classmethod
    def parse(cls, text: str, kind: Kind) -> Field:
        """Read a field: a list of values, ranges and steps.

        Raises:
            ValueError: it cannot be read; names the field and the part.
        """
        values: set[int] = set()
        is_star = False
        for part in text.split(","):
            values.update(_values(part, kind))
            is_star = is_star or part in _STARS or part in ("*/1", "?/1")
        return cls(kind, tuple(sorted(values)), is_star)


def _values(part: str, kind: Kind) -> range:
    body, slash, step_text = part.partition("/")
    step = 1
    if slash:
        step = _number(step_text, part, kind)
        if step < 1:
            raise ValueError(f"{kind.name}: the step in {part!r} must be at least 1")
    if body in _STARS:
        first, last = kind.lowest, kind.highest
    else:
        low, dash, high = body.partition("-")
        first = _value(low, part, kind)
        # A single value with a step means "from there on".
        last = _value(high, part, kind) if dash else (kind.highest if slash else first)
    if first > last:
        raise ValueError(f"{kind.name}: the range in {part!r} runs backwards")
    return range(first, last + 1, step)


def _value(text: str, part: str, kind: Kind) -> int:
    named = kind.names.get(text.lower())
    value = _number(text, part, kind) if named is None else named
    if not kind.lowest <= value <= kind.highest:
        hint = " (Sunday is 0)" if kind is WEEKDAY and value == 7 else ""
        raise ValueError(f"{kind.name}: {value} is not between {kind.lowest} and {kind.highest}{hint}")
    return value


def _number(text: str, part: str, kind: Kind) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise ValueError(f"{kind.name}: {part!r} cannot be read")
    return int(text)


@dataclass(frozen=True, slots=True)
class CronFields:
    """All six fields."""

    second: Field
    minute: Field
    hour: Field
    day: Field
    month: Field
    weekday: Field

    @classmethod
    def parse(cls, text: str) -> CronFields:
        """Read six fields.

        Raises:
            ValueError: there are not six, or one cannot be read.
        """
        parts = text.split()
        if len(parts) != 6:
            raise ValueError(
                f"a cron expression has six fields (second minute hour day month weekday); this one has {len(parts)}"
            )
        kinds = (SECOND, MINUTE, HOUR, DAY, MONTH, WEEKDAY)
        return cls(*(Field.parse(part, kind) for part, kind in zip(parts, kinds, strict=True)))

    @property
    def either_day_fits(self) -> bool:
        """Whether a day fits when one of the two day fields does: both say something."""
        return not self.day.is_star and not self.weekday.is_star

    @property
    def every_day_fits(self) -> bool:
        """Whether the two day fields leave out no day."""
        if self.either_day_fits:
            return self.day.is_full or self.weekday.is_full
        return self.day.is_full and self.weekday.is_full

    @property
    def ever_fits(self) -> bool:
        """Whether there is such a day at all: 31 February is none."""
        if self.either_day_fits or not self.weekday.is_full:
            return True
        return self.day.values[0] <= max(_DAYS_IN_MONTH[month - 1] for month in self.month.values)

    @property
    def normal_form(self) -> str:
        """The same six fields as lists of numbers, with ``*`` only where a field says nothing."""
        fields = (self.second, self.minute, self.hour, self.day, self.month, self.weekday)
        return " ".join("*" if field.is_star else ",".join(map(str, field.values)) for field in fields)
