"""Ages, durations and times of day as short words. All take seconds; ``None`` and the impossible become ``–``."""

from __future__ import annotations

import math
from datetime import datetime, tzinfo
from typing import Final

NONE: Final = "–"
"""A time that is not set."""

_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 86_400
_NANOSECONDS: Final = 1_000_000_000


def short_age(seconds: float | None) -> str:
    """Return how long ago something was, at most five cells in the first year: ``0.4s 12s 4m08 3h 2d``.

    Ages are cut, never rounded up. A negative age (the other clock is ahead of ours) counts as zero.
    """
    if seconds is None or not math.isfinite(seconds):
        return NONE
    seconds = max(seconds, 0.0)
    if seconds < _HOUR:
        return _below_an_hour(seconds)
    if seconds < _DAY:
        return f"{int(seconds) // _HOUR}h"
    return f"{int(seconds) // _DAY}d"


def duration(seconds: float | None) -> str:
    """Return how long something took, two units at most: ``0.8s 41s 4m12 1h07 2d04h 120d``."""
    if seconds is None or not math.isfinite(seconds):
        return NONE
    seconds = max(seconds, 0.0)
    if seconds < _HOUR:
        return _below_an_hour(seconds)
    whole = int(seconds)
    if whole < _DAY:
        return f"{whole // _HOUR}h{whole % _HOUR // _MINUTE:02d}"
    days = whole // _DAY
    if days < 100:
        return f"{days}d{whole % _DAY // _HOUR:02d}h"
    return f"{days}d"


def _below_an_hour(seconds: float) -> str:
    if seconds < 1:
        return f"0.{int(seconds * 10)}s"
    if seconds < _MINUTE:
        return f"{int(seconds)}s"
    return f"{int(seconds) // _MINUTE}m{int(seconds) % _MINUTE:02d}"


def clock(unix: float | None, zone: tzinfo | None = None, *, milliseconds: bool = False) -> str:
    """Return the time of day ``14:11:54`` of a Unix time, in ``zone`` or the machine's own.

    ``milliseconds`` adds them: ``14:11:54.120``.
    """
    if unix is None or not math.isfinite(unix):
        return NONE
    if not milliseconds:
        return _time_of_day(math.floor(unix), zone) or NONE
    try:
        whole, thousandths = divmod(round(unix * 1000), 1000)
    except OverflowError:
        return NONE
    return _with_thousandths(whole, thousandths, zone)


def clock_ns(nanoseconds: int, zone: tzinfo | None = None) -> str:
    """Return the time of day with milliseconds of a time in integer nanoseconds since 1970; 0 is "not set"."""
    if not nanoseconds:
        return NONE
    whole, rest = divmod(nanoseconds, _NANOSECONDS)
    return _with_thousandths(whole, rest // 1_000_000, zone)


def moment(unix: float | None, now: float, zone: tzinfo | None = None) -> str:
    """Return a time of day when it is on the same day as ``now``, otherwise the date too: ``2026-02-11 14:11``."""
    if unix is None or not math.isfinite(unix):
        return NONE
    try:
        when = datetime.fromtimestamp(math.floor(unix), zone)
        today = datetime.fromtimestamp(math.floor(now), zone)
    except (OverflowError, ValueError, OSError):
        return NONE
    if when.date() == today.date():
        return when.strftime("%H:%M:%S")
    return f"{when.year:04d}-{when:%m-%d %H:%M}"


def _with_thousandths(whole: int, thousandths: int, zone: tzinfo | None) -> str:
    text = _time_of_day(whole, zone)
    return f"{text}.{thousandths:03d}" if text else NONE


def _time_of_day(whole: int, zone: tzinfo | None) -> str:
    try:
        when = datetime.fromtimestamp(whole, zone)
    except (OverflowError, ValueError, OSError):  # beyond the calendar or the platform's clock
        return ""
    return f"{when.hour:02d}:{when.minute:02d}:{when.second:02d}"
