"""When a cron runs (§ Crons): expressions with six fields, ``@`` words, time zones, and plain intervals.

The library cronsim finds the next fitting time on a wall clock. It is wrapped where a Colonies server differs: exactly
six fields, ``?``, Sunday only as 0, no ``L`` and ``#``, and a day field counts as unrestricted only when it is a plain
star. A run is every instant at which the wall clock of the zone fits: what falls into the hour that is left out in
spring does not run that day, and what falls into the hour that comes twice in autumn runs twice. Runs are told in UTC,
where comparing and adding mean what they seem to mean.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from cronsim import CronSim

from colonies_tui.protocol.cron_fields import CronFields
from colonies_tui.protocol.cron_words import words_of_fields, words_of_seconds
from colonies_tui.protocol.models.schedule import BY_EXPRESSION, Cron

_MACROS: Final = {
    "@yearly": "0 0 0 1 1 *",
    "@annually": "0 0 0 1 1 *",
    "@monthly": "0 0 0 1 * *",
    "@weekly": "0 0 0 * * 0",
    "@daily": "0 0 0 * * *",
    "@midnight": "0 0 0 * * *",
    "@hourly": "0 0 * * * *",
}
_EVERY: Final = "@every "
_ZONE_PREFIX: Final = re.compile(r"(?:CRON_TZ|TZ)=(\S*)(?:\s+|\Z)")

_HORIZON_YEARS = 50
"""How far ahead a run is looked for."""

_SECOND: Final = timedelta(seconds=1)
_DAY: Final = timedelta(days=1)

_DURATION_PART: Final = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
_NANOSECONDS: Final = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60 * 1_000_000_000,
    "h": 3600 * 1_000_000_000,
}
_LONGEST_NANOSECONDS: Final = 2**63 - 1


class Schedule(Protocol):
    """Something that knows when it runs next."""

    def next_after(self, moment: datetime) -> datetime | None:
        """Return the first run later than a moment in UTC, ``None`` where there is none within the calendar."""

    def following(self, moment: datetime, count: int) -> list[datetime]:
        """Return at most ``count`` runs after a moment, in order."""

    def words(self) -> str:
        """Return when it runs, for people."""


@dataclass(frozen=True, slots=True)
class IntervalSchedule:
    """A run every so many seconds, counted from the moment that is asked about: nothing is caught up."""

    seconds: int

    def __post_init__(self) -> None:
        if self.seconds < 1:
            raise ValueError("an interval is at least one second")

    def next_after(self, moment: datetime) -> datetime | None:
        """Return the moment that is one interval later, in UTC."""
        _check_zone(moment)
        try:
            return moment.astimezone(UTC) + timedelta(seconds=self.seconds)
        except OverflowError:
            return None

    def following(self, moment: datetime, count: int) -> list[datetime]:
        """Return the next ``count`` runs."""
        return _following(self, moment, count)

    def words(self) -> str:
        """Return the interval in words."""
        return words_of_seconds(self.seconds)


@dataclass(frozen=True, slots=True)
class CronSchedule:
    """A cron expression, read."""

    expression: str
    zone: tzinfo
    """The zone whose wall clock counts."""
    zone_name: str | None
    """The zone that the expression itself names."""
    rule: CronFields | IntervalSchedule

    @classmethod
    def parse(cls, expression: str, *, zone: tzinfo) -> CronSchedule:
        """Read an expression.

        Args:
            expression: six fields, an ``@`` word, or ``@every`` and a Go duration; ``CRON_TZ=<zone>`` or ``TZ=<zone>``
                may stand before it.
            zone: the zone where the expression names none (a server's own).

        Raises:
            ValueError: it cannot be read; the message says what is wrong with which part.
        """
        body = expression.strip()
        zone_name = None
        if prefix := _ZONE_PREFIX.match(body):
            zone_name = prefix[1]
            zone = _zone(zone_name)
            body = body[prefix.end() :]
        if not body:
            raise ValueError("the cron expression is empty")
        return cls(expression, zone, zone_name, _rule(body))

    def next_after(self, moment: datetime) -> datetime | None:
        """Return the first run later than ``moment``, in UTC.

        Returns:
            The run; ``None`` when there is none within fifty years or the calendar, such as on 31 February.

        Raises:
            ValueError: ``moment`` has no zone.
        """
        _check_zone(moment)
        try:
            if isinstance(self.rule, IntervalSchedule):
                return self.rule.next_after(moment.replace(microsecond=0))
            return self._next_fit(self.rule, moment)
        except OverflowError:  # the calendar ends
            return None

    def following(self, moment: datetime, count: int) -> list[datetime]:
        """Return at most ``count`` runs after ``moment``, in order."""
        return _following(self, moment, count)

    def words(self) -> str:
        """Return when it runs, for people: ``at 03:00:00 every day (Europe/Stockholm)``."""
        words = self.rule.words() if isinstance(self.rule, IntervalSchedule) else words_of_fields(self.rule)
        return f"{words} ({self.zone_name})" if self.zone_name else words

    def _next_fit(self, fields: CronFields, moment: datetime) -> datetime | None:
        """Go from one stretch with an unchanged offset from UTC to the next until a fitting time lies inside one."""
        if not fields.ever_fits:
            return None
        pattern = fields.normal_form
        after = moment.astimezone(UTC).replace(microsecond=0)
        last_year = after.year + _HORIZON_YEARS
        while after.year <= last_year:
            earliest = after + _SECOND
            wall = (after + _offset(self.zone, earliest)).replace(tzinfo=None)
            fitting = next(CronSim(pattern, wall), None)
            if fitting is None:
                return None
            run = after + (fitting - wall)
            change = _first_change(self.zone, earliest, run)
            if change is None:
                return run
            after = change - _SECOND
        return None


def schedule_of(cron: Cron, *, zone: tzinfo) -> Schedule:
    """Return the schedule of a cron: its interval, or else its expression.

    Raises:
        ValueError: it has neither.
    """
    if cron.interval == BY_EXPRESSION:
        return CronSchedule.parse(cron.cronexpression, zone=zone)
    return IntervalSchedule(cron.interval)


def _following(schedule: Schedule, moment: datetime, count: int) -> list[datetime]:
    runs: list[datetime] = []
    while len(runs) < count:
        run = schedule.next_after(runs[-1] if runs else moment)
        if run is None:
            break
        runs.append(run)
    return runs


def _check_zone(moment: datetime) -> None:
    if moment.utcoffset() is None:
        raise ValueError("the moment needs a zone")


def _rule(body: str) -> CronFields | IntervalSchedule:
    if body.startswith(_EVERY):
        return IntervalSchedule(max(go_duration_nanoseconds(body.removeprefix(_EVERY).strip()) // 1_000_000_000, 1))
    if body.startswith("@"):
        if body not in _MACROS:
            raise ValueError(f"{body.split()[0]!r} is none of {', '.join(_MACROS)} and @every <duration>")
        body = _MACROS[body]
    return CronFields.parse(body)


def _zone(name: str) -> tzinfo:
    if name in ("", "UTC"):
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not known; not a name at all; the name of a directory of zones
        raise ValueError(f"the time zone {name!r} is not known") from None


def go_duration_nanoseconds(text: str) -> int:
    """Read a duration as Go writes it: ``90s``, ``1h30m``, ``1.5h``.

    Raises:
        ValueError: it is none.
    """
    sign, body = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    if body == "0":
        return 0
    total = 0
    at = 0
    while part := _DURATION_PART.match(body, at):
        whole, _, fraction = part[1].partition(".")
        unit = _NANOSECONDS[part[2]]
        total += int(whole or "0") * unit + int(fraction or "0") * unit // 10 ** len(fraction)
        at = part.end()
    if at == 0 or at != len(body):
        raise ValueError(f"{text!r} is not a duration such as 90s or 1h30m")
    if total > _LONGEST_NANOSECONDS:
        raise ValueError(f"{text!r} is longer than 292 years")
    return sign * total


def _offset(zone: tzinfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _first_change(zone: tzinfo, begin: datetime, end: datetime) -> datetime | None:
    """Return the first second in ``begin`` … ``end`` with another offset than at ``begin``; ``None`` if there is none.

    Zones keep an offset for weeks at least, so that looking once a day misses nothing.
    """
    if isinstance(zone, timezone):
        return None
    offset = _offset(zone, begin)
    same = begin
    while same < end:
        other = min(same + _DAY, end)
        if _offset(zone, other) != offset:
            while other - same > _SECOND:
                middle = same + _SECOND * ((other - same) // _SECOND // 2)
                same, other = (middle, other) if _offset(zone, middle) == offset else (same, middle)
            return other
        same = other
    return None
