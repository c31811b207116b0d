"""Cron schedules in words: ``every 5 seconds``, ``at 03:00:00 every day``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product
from typing import Final

from colonies_tui.protocol.cron_fields import CronFields, Field

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS: Final = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")

_MOST_TIMES = 4
"""Most times of day that are told one by one."""

_MOST_LISTED = 6
"""Most values that are told one by one where they have a rhythm."""

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def words_of_fields(fields: CronFields) -> str:
    """Return when six fields fit, in words that begin in lower case."""
    clock, is_list_of_times = _clock(fields)
    days = _days(fields)
    if not days and is_list_of_times:
        days = "every day"
    words = " ".join(filter(None, (clock, days, _months(fields.month))))
    return words if fields.ever_fits else f"{words}, which never comes"


def words_of_seconds(seconds: int) -> str:
    """Return how far apart runs are: ``every 90 s``, ``every 1 h 30 min``."""
    if seconds < 2 * _MINUTE:
        return f"every {seconds} s"
    days, rest = divmod(seconds, _DAY)
    hours, rest = divmod(rest, _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    parts = [f"{count} {unit}" for count, unit in ((days, "d"), (hours, "h"), (minutes, "min"), (rest, "s")) if count]
    return f"every {' '.join(parts)}"


def _clock(fields: CronFields) -> tuple[str, bool]:
    """Return the time of day, and whether it is a list of times (which needs "every day" after it)."""
    seconds, minutes, hours = fields.second.values, fields.minute.values, fields.hour.values
    if len(seconds) * len(minutes) * len(hours) <= _MOST_TIMES:
        times = [f"{hour:02d}:{minute:02d}:{second:02d}" for hour, minute, second in product(hours, minutes, seconds)]
        return f"at {_joined(times)}", True
    if len(seconds) == len(minutes) == 1:
        return _hourly(fields.hour, minutes[0], seconds[0]), False
    if len(seconds) == 1:
        words = _pace(fields.minute, "minute")
        if not words:
            words = f"at minutes {_listed(minutes)}{_of_every(fields.hour)}"
        words += f" at second {seconds[0]}" if seconds[0] else ""
    else:
        words = _pace(fields.second, "second")
        if not words:
            words = f"at seconds {_listed(seconds)}{' of every minute' if fields.minute.is_full else ''}"
        if not fields.minute.is_full:
            words += f" in minute{'s' if len(minutes) > 1 else ''} {_listed(minutes)}"
            words += _of_every(fields.hour)
    return words + _within_hours(fields.hour), False


def _hourly(hours: Field, minute: int, second: int) -> str:
    """Words for one moment in each of several hours."""
    past = f"minute {minute}" + (f", second {second}" if second else "")
    is_on_the_hour = minute == second == 0
    step = _even_step(hours)
    if step == 1:
        return "every hour" if is_on_the_hour else f"every hour at {past}"
    if step:
        first = hours.values[0]
        begins = "" if is_on_the_hour and first == 0 else f" from {first:02d}:{minute:02d}:{second:02d}"
        return f"every {step} hours{begins}"
    if _is_run(hours.values):
        first, last = hours.values[0], hours.values[-1]
        return f"every hour from {first:02d}:{minute:02d}:{second:02d} to {last:02d}:{minute:02d}:{second:02d}"
    return f"at {past} in hours {_listed(hours.values)}"


def _pace(field: Field, unit: str) -> str:
    """Return ``every 5 seconds`` where the values follow each other evenly for ever, else nothing."""
    step = _even_step(field)
    if not step:
        return ""
    if step == 1:
        return f"every {unit}"
    first = field.values[0]
    return f"every {step} {unit}s" + (f" from {unit} {first}" if first else "")


def _of_every(hours: Field) -> str:
    return " of every hour" if hours.is_full or _is_run(hours.values) else ""


def _are_listed(hours: Field) -> bool:
    return not hours.is_full and len(hours.values) > 1 and not _is_run(hours.values)


def _within_hours(hours: Field) -> str:
    values = hours.values
    if hours.is_full:
        return ""
    if _are_listed(hours):
        return f" in hours {_listed(values)}"
    return f" between {values[0]:02d}:00 and {values[-1]:02d}:59"


def _days(fields: CronFields) -> str:
    if fields.every_day_fits:
        return ""
    days, weekdays = fields.day.values, fields.weekday.values
    of_month = f"on day{'s' if len(days) > 1 else ''} {_listed(days)}"
    if _is_run(weekdays):
        of_week = f"from {_WEEKDAYS[weekdays[0]]} to {_WEEKDAYS[weekdays[-1]]}"
    else:
        of_week = f"on {_joined([_WEEKDAYS[day] for day in weekdays])}"
    if fields.either_day_fits:
        return f"{of_month} and also {of_week}"
    return of_week if fields.day.is_full else of_month


def _months(months: Field) -> str:
    values = months.values
    if months.is_full:
        return ""
    if _is_run(values):
        return f"from {_MONTHS[values[0] - 1]} to {_MONTHS[values[-1] - 1]}"
    return f"in {_joined([_MONTHS[month - 1] for month in values])}"


def _even_step(field: Field) -> int:
    """Return the step between values that goes on unbroken from one round to the next, 0 where there is none."""
    size = field.kind.highest - field.kind.lowest + 1
    step, rest = divmod(size, len(field.values))
    if rest or any(after - before != step for before, after in pairwise(field.values)):
        return 0
    return step


def _is_run(values: Sequence[int]) -> bool:
    return len(values) > 2 and values[-1] - values[0] == len(values) - 1


def _listed(values: Sequence[int]) -> str:
    if _is_run(values):
        return f"{values[0]} to {values[-1]}"
    steps = {after - before for before, after in pairwise(values)}
    if len(values) > _MOST_LISTED and len(steps) == 1:
        return f"{values[0]}, {values[1]}, {values[2]} … {values[-1]}"
    return _joined([str(value) for value in values])


def _joined(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
