"""Times on the wire: unset in every zone, odd offsets, fractions of every length."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from colonies_tui.protocol.times import UNSET, Time, UnixTime, _parse_any, format_time, parse_time

TIME: TypeAdapter[datetime | None] = TypeAdapter(Time)
UNIX_TIME: TypeAdapter[float | None] = TypeAdapter(UnixTime)

zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(min_value=datetime(2, 1, 3), max_value=datetime(9999, 12, 29), timezones=zones)  # noqa: DTZ001


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01T00:00:00Z",
        "0001-01-01T01:12:12+01:12",
        "0001-01-01T01:00:14+01:00:14",
        "0000-12-31T16:08:00-07:52",
        "0000-12-31T19:03:58-04:56:02",
        "0001-12-31T23:59:59.999999999Z",
        "",
    ],
)
def test_unset_in_any_zone_is_none(text: str) -> None:
    assert TIME.validate_python(text) is None
    assert UNIX_TIME.validate_python(text) is None


def test_null_is_unset_too() -> None:
    assert TIME.validate_json("null") is None
    assert UNIX_TIME.validate_json("null") is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-24T08:52:23Z", datetime(2026, 11, 24, 8, 52, 23, tzinfo=UTC)),
        ("2026-11-24t08:52:23z", datetime(2026, 11, 24, 8, 52, 23, tzinfo=UTC)),
        ("2026-11-24 08:52:23Z", datetime(2026, 11, 24, 8, 52, 23, tzinfo=UTC)),
        ("2026-11-24T08:52:23.3+01:00", datetime(2026, 11, 24, 7, 52, 23, 300_000, tzinfo=UTC)),
        ("2026-11-24T08:52:23.304759+01:00", datetime(2026, 11, 24, 7, 52, 23, 304_759, tzinfo=UTC)),
        ("2026-11-24T09:01:05.756291513+01:00", datetime(2026, 11, 24, 8, 1, 5, 756_291, tzinfo=UTC)),
        ("2026-11-24T09:01:05.999999999999Z", datetime(2026, 11, 24, 9, 1, 5, 999_999, tzinfo=UTC)),
        ("1890-01-01T00:00:00-04:56:02", datetime(1890, 1, 1, 4, 56, 2, tzinfo=UTC)),
        (
            "2026-06-30T23:59:60Z",
            datetime(2026, 6, 30, 23, 59, 59, tzinfo=UTC),
        ),  # a leap second has no place of its own
        ("0002-01-01T00:00:00Z", datetime(2, 1, 1, tzinfo=UTC)),
    ],
)
def test_times_are_read(text: str, moment: datetime) -> None:
    assert parse_time(text) == moment
    assert TIME.validate_python(text) == moment
    assert UNIX_TIME.validate_python(text) == moment.timestamp()


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "2026-11-24",
        "2026-11-24T08:52Z",
        "2026-11-24T08:52:23",
        "2026-11-24T08:52:23+0100",
        "2026-11-24T08:52:23.Z",
        "2026-13-24T08:52:23Z",
        "2026-02-30T08:52:23Z",
        "2026-11-24T24:00:00Z",
        "2026-11-24T08:52:23+24:00",
        "2026-11-24T08:52:23+99:99",
        "2026-11-24T08:52:23Z\n",
        "２０２６-11-24T08:52:23Z",
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_time(text)
    with pytest.raises(ValidationError):
        TIME.validate_python(text)
    with pytest.raises(ValidationError):
        UNIX_TIME.validate_python(text)


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (None, UNSET),
        (datetime(2026, 11, 24, 8, 52, 23, tzinfo=UTC), "2026-11-24T08:52:23Z"),
        (datetime(2026, 11, 24, 8, 52, 23, 300_000, tzinfo=UTC), "2026-11-24T08:52:23.3Z"),
        (datetime(2026, 11, 24, 8, 52, 23, 7, timezone(timedelta(hours=1))), "2026-11-24T08:52:23.000007+01:00"),
        (datetime(2026, 11, 24, 8, 52, 20, tzinfo=timezone(timedelta(hours=-3.5))), "2026-11-24T08:52:20-03:30"),
    ],
)
def test_times_are_written_without_trailing_zeros(moment: datetime | None, text: str) -> None:
    assert format_time(moment) == text
    assert TIME.dump_json(moment) == f'"{text}"'.encode()


def test_a_time_without_a_zone_is_not_written() -> None:
    with pytest.raises(ValueError, match="zone"):
        format_time(datetime(2026, 11, 24))  # noqa: DTZ001 - the fault that is refused


@given(moments)
def test_what_is_written_is_read_back(moment: datetime) -> None:
    text = format_time(moment)
    assert parse_time(text) == moment
    assert TIME.validate_json(TIME.dump_json(moment)) == moment


@given(st.datetimes(min_value=datetime(1800, 1, 1), max_value=datetime(2200, 1, 1)), st.integers(-86399, 86399))  # noqa: DTZ001
def test_offsets_with_seconds_are_read_back(naive: datetime, offset: int) -> None:
    moment = naive.replace(tzinfo=timezone(timedelta(seconds=offset)))
    assert parse_time(format_time(moment)) == moment


@given(st.text())
def test_any_text_is_a_time_or_a_value_error(text: str) -> None:
    try:
        moment = parse_time(text)
    except ValueError:
        return
    assert moment is None or moment.tzinfo is not None


@given(
    st.from_regex(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,12})?(Z|[+-][0-9]{2}:[0-9]{2})\Z")
)
def test_any_text_of_the_form_decodes_or_is_a_validation_error(text: str) -> None:
    for adapter in (TIME, UNIX_TIME):
        try:
            adapter.validate_python(text)
        except ValidationError:
            continue


_PARTS = st.sampled_from(
    [
        "2026",
        "-11",
        "-24",
        "-W01",
        "T",
        "t",
        " ",
        "13",
        "24",
        ":30",
        ":01",
        ":60",
        ".5",
        ".",
        ",5",
        ".123456789",
        "Z",
        "z",
    ]
)


@given(
    st.one_of(
        st.from_regex(
            r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{0,12})?(\+01:00|-02)?Z", fullmatch=True
        ),
        st.lists(_PARTS, max_size=9).map("".join),
        st.text(max_size=3).map(lambda text: f"2026-11-24T13:30:01{text}Z"),
    )
)
@example("2026-11-24T24:00:00Z")
@example("2026-11-24T13:30:60Z")
@example("2026-11-24T13:30:01.Z")
@example("2026-11-24T13:30:01.5\udc80Z")
def test_the_short_way_reads_a_time_as_the_long_one(text: str) -> None:
    if text.startswith(("0001-", "0000-")):
        return

    def read(way: Callable[[str], datetime | None]) -> datetime | None:
        try:
            return way(text)
        except ValueError:
            return None

    short, long = read(parse_time), read(_parse_any)
    assert short == long
    assert short is None or long is None or short.tzinfo is long.tzinfo
