"""Times on the wire: RFC 3339 text, "not set" as any year up to 1, logs in integer nanoseconds (§ Conventions)."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, PlainSerializer, PlainValidator

UNSET: Final = "0001-01-01T00:00:00Z"
"""How "not set" is written."""

NANOSECONDS: Final = 1_000_000_000
"""Nanoseconds in a second: unit of log timestamps and of ``prioritytime``."""

_USUAL: Final = re.compile(
    r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d(?:\.\d+)?Z\Z",
    re.ASCII,
)
"""Times as servers write them, by the thousand; these are read by the library."""

_MINUTE: Final = timedelta(minutes=1)
_RFC3339: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:([Zz])|([+-])(\d\d):(\d\d)(?::(\d\d))?)\Z",
    re.ASCII,
)


def parse_time(text: str) -> datetime | None:
    """Read a wire time. Any year up to 1, whatever its offset, is ``None``; digits below a microsecond are dropped.

    Raises:
        ValueError: not an RFC 3339 time, or one that in UTC is beyond the year 9999.
    """
    if text.startswith(("0001-", "0000-")):
        return None
    if _USUAL.match(text):
        with suppress(ValueError):  # a second of 60: the way below takes it
            return datetime.fromisoformat(text)
    return _parse_any(text)


def _parse_any(text: str) -> datetime:
    match = _RFC3339.match(text)
    if match is None:
        raise ValueError("not an RFC 3339 time")
    year, month, day, hour, minute, second, fraction, zulu, sign, off_h, off_m, off_s = match.groups()
    microsecond = int((fraction or "0")[:6].ljust(6, "0"))
    if zulu:
        zone: timezone = UTC
    else:
        offset = timedelta(hours=int(off_h), minutes=int(off_m), seconds=int(off_s or 0))
        zone = timezone(-offset if sign == "-" else offset)
    moment = datetime(
        int(year), int(month), int(day), int(hour), int(minute), min(int(second), 59), microsecond, tzinfo=zone
    )
    try:
        moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("a time beyond the calendar") from None
    return moment


def format_time(moment: datetime | None) -> str:
    """Write a wire time; ``None`` as the unset time, offsets that are no whole minutes as UTC, which all readers know.

    Raises:
        ValueError: the time has no zone.
    """
    if moment is None:
        return UNSET
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError("a time on the wire needs a zone")
    if offset % _MINUTE:
        moment = moment.astimezone(UTC)
    text = moment.isoformat()
    seconds, zone = text[:-6], text[-6:]
    if "." in seconds:
        seconds = seconds.rstrip("0")
    return seconds + ("Z" if zone == "+00:00" else zone)


def _read(value: Any) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, int | float):
        raise ValueError("a time is text")
    return parse_time(value) if isinstance(value, str) else value


def read_unix(value: Any) -> float | None:
    """Read a wire time as seconds since 1970; ``None`` and the empty text are not set.

    Raises:
        ValueError: anything but a time.
    """
    if isinstance(value, str):
        if value.startswith(("0001-", "0000-")):
            return None
        if _USUAL.match(value):
            try:
                return datetime.fromisoformat(value).timestamp()
            except ValueError:  # a second of 60: the way below takes it
                pass
    moment = _read(value)
    if moment is None:
        return None
    if not isinstance(moment, datetime):
        raise ValueError("a time is text")
    return moment.timestamp()


Time = Annotated[datetime | None, BeforeValidator(_read), PlainSerializer(format_time)]
"""A wire time; ``None`` where it is not set."""

UnixTime = Annotated[float | None, PlainValidator(read_unix)]
"""A wire time as seconds since 1970, for rows that are held by the ten thousand."""
