"""Crons against a reference that looks at every second, at changes of the clocks, and in words."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from colonies_tui.protocol.cron import CronSchedule, IntervalSchedule, go_duration_nanoseconds, schedule_of
from colonies_tui.protocol.models.schedule import Cron

NOW = datetime(2026, 2, 27, 12, 0, 0, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)

MONTH_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905 - reads better than quotes
WEEKDAY_NAMES = "sun mon tue wed thu fri sat".split()  # noqa: SIM905 - reads better than quotes


# -- the reference -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Expression:
    """A generated expression with what each of its fields means."""

    text: str
    fits: Callable[[datetime], bool]


Drawn = tuple[str, frozenset[int], bool]
"""Text of a field, its values, and whether it is a plain star."""


def names_of(field: int) -> dict[int, str]:
    if field == 4:
        return dict(enumerate(MONTH_NAMES, 1))
    return dict(enumerate(WEEKDAY_NAMES)) if field == 5 else {}


@st.composite
def fields(draw: st.DrawFn, field: int, low: int, high: int) -> Drawn:
    """Draw one field: a star, or a list of values, ranges and steps."""
    if draw(st.booleans()):
        return draw(st.sampled_from("*?")), frozenset(range(low, high + 1)), True
    names = names_of(field)

    def written(value: int) -> str:
        name = names.get(value)
        if name is None or draw(st.booleans()):
            return str(value)
        return draw(st.sampled_from([name, name.upper(), name.title()]))

    values: set[int] = set()
    parts: list[str] = []
    for _ in range(draw(st.integers(1, 3))):
        first = draw(st.integers(low, high))
        last = draw(st.integers(first, high))
        step = draw(st.integers(2, 9))
        match draw(st.sampled_from(["value", "range", "steps in range", "steps from", "steps of all"])):
            case "value":
                parts.append(written(first))
                values.add(first)
            case "range":
                parts.append(f"{written(first)}-{written(last)}")
                values.update(range(first, last + 1))
            case "steps in range":
                parts.append(f"{written(first)}-{written(last)}/{step}")
                values.update(range(first, last + 1, step))
            case "steps from":
                parts.append(f"{written(first)}/{step}")
                values.update(range(first, high + 1, step))
            case _:
                parts.append(f"*/{step}")
                values.update(range(low, high + 1, step))
    return ",".join(parts), frozenset(values), False


BOUNDS = ((0, 59), (0, 59), (0, 23), (1, 31), (1, 12), (0, 6))


def expression_of(drawn: tuple[Drawn, ...]) -> Expression:
    (_, seconds, _), (_, minutes, _), (_, hours, _) = drawn[:3]
    (_, days, any_day), (_, months, _), (_, weekdays, any_weekday) = drawn[3:]

    def fits(wall: datetime) -> bool:
        if wall.second not in seconds or wall.minute not in minutes or wall.hour not in hours:
            return False
        by_day, by_weekday = wall.day in days, wall.isoweekday() % 7 in weekdays
        both = any_day or any_weekday
        return wall.month in months and ((by_day and by_weekday) if both else (by_day or by_weekday))

    return Expression(" ".join(text for text, _, _ in drawn), fits)


any_fields = [fields(at, *bounds) for at, bounds in enumerate(BOUNDS)]
expressions = st.tuples(*any_fields).map(expression_of)

AT_NOON: tuple[Drawn, ...] = (
    ("0", frozenset({0}), False),
    ("0", frozenset({0}), False),
    ("12", frozenset({12}), False),
)
day_expressions = st.tuples(*any_fields[3:]).map(lambda drawn: expression_of((*AT_NOON, *drawn)))


moments = st.integers(0, 2_500_000_000_000).map(lambda milliseconds: EPOCH + timedelta(milliseconds=milliseconds))
"""From 1970 to 2049."""


def first_fit(expression: Expression, after: datetime, seconds: int, zone: tzinfo) -> datetime | None:
    """Look at every second of a window."""
    begin = after.astimezone(UTC).replace(microsecond=0)
    for count in range(1, seconds + 1):
        moment = begin + count * SECOND
        if expression.fits(moment.astimezone(zone)):
            return moment
    return None


def agrees(expression: Expression, moment: datetime, seconds: int, zone: tzinfo) -> None:
    """Check the next run after a moment against the reference."""
    run = CronSchedule.parse(expression.text, zone=zone).next_after(moment)
    expected = first_fit(expression, moment, seconds, zone)
    if expected is not None:
        assert run == expected
    else:
        assert run is None or run > moment + (seconds - 1) * SECOND
    if run is not None:
        assert run > moment
        assert run.tzinfo is UTC
        assert expression.fits(run.astimezone(zone))


# -- against the reference ---------------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(expressions, moments, st.integers(-14, 14))
def test_it_agrees_with_a_look_at_every_second(expression: Expression, moment: datetime, offset: int) -> None:
    zone = timezone(timedelta(hours=offset))
    agrees(expression, moment, 1800, zone)


@settings(max_examples=150, deadline=None)
@given(day_expressions, moments)
def test_it_agrees_with_a_look_at_every_day(expression: Expression, moment: datetime) -> None:
    noon = moment.replace(hour=12, minute=0, second=0, microsecond=0)
    days = [noon + timedelta(days=count) for count in range(800)]
    runs_found = CronSchedule.parse(expression.text, zone=UTC).following(noon - SECOND, 4)
    assert [run for run in runs_found if run <= days[-1]] == [day for day in days if expression.fits(day)][:4]


CHANGES = [
    ("Europe/Stockholm", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/Stockholm", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 8, 7, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),  # half an hour
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2018, 11, 4, 3, tzinfo=UTC)),  # midnight is left out
    ("America/Sao_Paulo", datetime(2018, 2, 18, 2, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),  # a whole day is left out
]


@settings(max_examples=150, deadline=None)
@given(expressions, st.sampled_from(CHANGES), st.integers(-5400, 1800))
def test_it_agrees_where_the_clocks_change(expression: Expression, change: tuple[str, datetime], shift: int) -> None:
    name, moment = change
    agrees(expression, moment + shift * SECOND, 9000, ZoneInfo(name))


# -- times that are special --------------------------------------------------------------------------------------------


def runs(expression: str, moment: datetime, count: int, zone: tzinfo = UTC) -> list[str]:
    found = CronSchedule.parse(expression, zone=zone).following(moment, count)
    return [run.astimezone(zone).isoformat() for run in found]


def test_what_falls_into_the_hour_that_is_left_out_does_not_run_that_day() -> None:
    stockholm = ZoneInfo("Europe/Stockholm")
    assert runs("0 30 2 * * *", datetime(2026, 3, 28, 12, tzinfo=UTC), 2, stockholm) == [
        "2026-03-30T02:30:00+02:00",
        "2026-03-31T02:30:00+02:00",
    ]


def test_what_falls_into_the_hour_that_comes_twice_runs_twice() -> None:
    stockholm = ZoneInfo("Europe/Stockholm")
    assert runs("0 30 2 * * *", datetime(2026, 10, 24, 12, tzinfo=UTC), 3, stockholm) == [
        "2026-10-25T02:30:00+02:00",
        "2026-10-25T02:30:00+01:00",
        "2026-10-26T02:30:00+01:00",
    ]


def test_an_hour_is_an_hour_where_clocks_change() -> None:
    stockholm = ZoneInfo("Europe/Stockholm")
    schedule = CronSchedule.parse("@every 1h", zone=stockholm)
    found = schedule.following(datetime(2026, 3, 29, 0, 30, tzinfo=UTC), 3)
    assert [run.hour for run in found] == [1, 2, 3]
    assert all(run.minute == 30 for run in found)


def test_leap_days() -> None:
    assert runs("0 0 0 29 2 *", NOW, 3) == [
        "2028-02-29T00:00:00+00:00",
        "2032-02-29T00:00:00+00:00",
        "2036-02-29T00:00:00+00:00",
    ]
    assert runs("0 0 0 29 2 *", datetime(2096, 3, 1, tzinfo=UTC), 1) == ["2104-02-29T00:00:00+00:00"]


@pytest.mark.parametrize("days", ["31 2", "30 2", "31 4", "31 2,4,6,9,11", "30-31 feb"])
def test_a_day_that_never_comes(days: str) -> None:
    schedule = CronSchedule.parse(f"0 0 0 {days} *", zone=ZoneInfo("Europe/Stockholm"))
    assert schedule.next_after(NOW) is None
    assert schedule.following(NOW, 5) == []
    assert schedule.words().endswith(", which never comes")


def test_a_day_that_never_comes_leaves_the_day_of_the_week() -> None:
    assert runs("0 0 0 31 2 fri", datetime(2026, 1, 1, tzinfo=UTC), 2) == [
        "2026-02-06T00:00:00+00:00",
        "2026-02-13T00:00:00+00:00",
    ]


def test_either_day_field_fits_when_both_say_something() -> None:
    assert [run[:10] for run in runs("0 0 0 13 * 5", datetime(2026, 2, 28, tzinfo=UTC), 3)] == [
        "2026-03-06",
        "2026-03-13",
        "2026-03-20",
    ]
    # A step is a restriction, a plain star is none.
    assert [run[8:10] for run in runs("0 0 0 */2 * 1", datetime(2026, 3, 1, 12, tzinfo=UTC), 4)] == [
        "02",
        "03",
        "05",
        "07",
    ]
    assert [run[8:10] for run in runs("0 0 0 */1 * 1", datetime(2026, 3, 1, tzinfo=UTC), 2)] == ["02", "09"]


def test_the_calendar_ends() -> None:
    end = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert CronSchedule.parse("0 0 0 1 1 *", zone=UTC).next_after(end) is None
    assert CronSchedule.parse("* * * * * *", zone=ZoneInfo("Asia/Tokyo")).next_after(end) is None
    assert CronSchedule.parse("@every 1h", zone=UTC).next_after(end) is None
    assert IntervalSchedule(3600).next_after(end) is None
    assert IntervalSchedule(10**18).next_after(NOW) is None
    assert len(CronSchedule.parse("@yearly", zone=UTC).following(datetime(9990, 6, 1, tzinfo=UTC), 100)) == 9


def test_a_moment_without_a_zone_is_refused() -> None:
    for schedule in (CronSchedule.parse("@daily", zone=UTC), IntervalSchedule(5)):
        with pytest.raises(ValueError, match="needs a zone"):
            schedule.next_after(datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point


def test_runs_are_later_than_the_moment_by_less_than_asked() -> None:
    just_before = datetime(2026, 1, 1, 11, 59, 59, 999_999, tzinfo=UTC)
    assert runs("* * * * * *", just_before, 2) == ["2026-01-01T12:00:00+00:00", "2026-01-01T12:00:01+00:00"]
    assert runs("@every 90s", just_before, 1) == ["2026-01-01T12:01:29+00:00"]


# -- zones, macros, intervals ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["CRON_TZ=Asia/Tokyo ", "TZ=Asia/Tokyo ", "  TZ=Asia/Tokyo   "])
def test_an_expression_may_name_its_zone(prefix: str) -> None:
    schedule = CronSchedule.parse(f"{prefix}0 0 3 * * *", zone=UTC)
    assert schedule.zone_name == "Asia/Tokyo"
    assert schedule.next_after(NOW) == datetime(2026, 2, 27, 18, tzinfo=UTC)
    assert schedule.words() == "at 03:00:00 every day (Asia/Tokyo)"
    assert CronSchedule.parse(f"{prefix}@daily", zone=UTC).words() == "at 00:00:00 every day (Asia/Tokyo)"


@pytest.mark.parametrize(
    ("macro", "fields_text"),
    [
        ("@yearly", "0 0 0 1 1 *"),
        ("@annually", "0 0 0 1 1 *"),
        ("@monthly", "0 0 0 1 * *"),
        ("@weekly", "0 0 0 * * 0"),
        ("@daily", "0 0 0 * * *"),
        ("@midnight", "0 0 0 * * *"),
        ("@hourly", "0 0 * * * *"),
    ],
)
def test_words_with_an_at_sign_stand_for_fields(macro: str, fields_text: str) -> None:
    assert runs(macro, NOW, 5) == runs(fields_text, NOW, 5)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("1h30m", 5400), ("1.5h", 5400), (".5m", 30), ("1m0.5s", 60), ("+2s", 2), ("2000ms", 2)],
)
def test_every_takes_a_duration_in_whole_seconds(text: str, seconds: int) -> None:
    schedule = CronSchedule.parse(f"@every {text}", zone=UTC)
    assert schedule.next_after(NOW) == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["100ms", "0", "0s", "-5s", "1us", "1µs", "1ns"])
def test_every_is_one_second_at_least(text: str) -> None:
    assert CronSchedule.parse(f"@every {text}", zone=UTC).next_after(NOW) == NOW + SECOND


def test_durations() -> None:
    assert go_duration_nanoseconds("1h15m30.918s") == 4_530_918_000_000
    assert go_duration_nanoseconds("-1.5h") == -5_400_000_000_000
    assert go_duration_nanoseconds("2562047h47m16.854775807s") == 2**63 - 1
    for wrong in ("", "5", "s", ".s", "5x", "5s ", "1h30", "--5s", "2562048h", "٣s"):
        with pytest.raises(ValueError, match=r"duration|longer"):
            go_duration_nanoseconds(wrong)


def test_a_cron_goes_by_its_interval_or_its_expression() -> None:
    by_interval = schedule_of(Cron(interval=90, cronexpression="nonsense"), zone=UTC)
    assert by_interval == IntervalSchedule(90)
    assert by_interval.following(NOW, 2) == [NOW + timedelta(seconds=90), NOW + timedelta(seconds=180)]
    by_expression = schedule_of(Cron(interval=-1, cronexpression="*/5 * * * * *"), zone=UTC)
    assert by_expression.words() == "every 5 seconds"
    with pytest.raises(ValueError, match="at least one second"):
        schedule_of(Cron(interval=0), zone=UTC)


# -- refusals ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("", "is empty"),
        ("TZ=UTC", "is empty"),
        ("* * * * *", "has six fields .* this one has 5"),
        ("* * * * * * *", "this one has 7"),
        ("60 * * * * *", "second: 60 is not between 0 and 59"),
        ("* * 24 * * *", "hour: 24 is not between 0 and 23"),
        ("* * * 0 * *", "day of month: 0 is not between 1 and 31"),
        ("* * * * 13 *", "month: 13 is not between"),
        ("* * * * * 7", r"day of week: 7 is not between 0 and 6 \(Sunday is 0\)"),
        ("* * * * * 5-7", "Sunday is 0"),
        ("* * * * * fri-mon", "range in 'fri-mon' runs backwards"),
        ("*/0 * * * * *", "step in '\\*/0' must be at least 1"),
        ("1,,2 * * * * *", "second: '' cannot be read"),
        (", * * * * *", "second: '' cannot be read"),
        ("-5 * * * * *", "second: '-5' cannot be read"),
        ("1-2-3 * * * * *", "second: '1-2-3' cannot be read"),
        ("1/2/3 * * * * *", "second: '1/2/3' cannot be read"),
        ("jan * * * * *", "second: 'jan' cannot be read"),
        ("* * * L * *", "day of month: 'L' cannot be read"),
        ("* * * * * 5#2", "day of week: '5#2' cannot be read"),
        ("* * * * * friday", "day of week: 'friday' cannot be read"),
        ("* * * * * ٣", "cannot be read"),
        (f"{'9' * 5000} * * * * *", "cannot be read"),
        ("@Daily", "'@Daily' is none of"),
        ("@reboot", "'@reboot' is none of"),
        ("@every", "'@every' is none of"),
        ("@every soon", "'soon' is not a duration"),
        ("CRON_TZ=Nowhere/Town @daily", "time zone 'Nowhere/Town' is not known"),
        ("CRON_TZ=Europe @daily", "time zone 'Europe' is not known"),
        ("CRON_TZ=../../etc/passwd @daily", "is not known"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(expression: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        CronSchedule.parse(expression, zone=UTC)


@settings(max_examples=300)
@given(st.text("0123456789*?,-/ @LW#" + "abcdefghijmnoprstuvy", max_size=30))
@example("*/* * * * * *")
def test_any_text_is_read_or_refused(text: str) -> None:
    words = ""
    with contextlib.suppress(ValueError):
        words = CronSchedule.parse(text, zone=UTC).words()
    assert words.isprintable()


# -- words -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("* * * * * *", "every second"),
        ("*/5 * * * * *", "every 5 seconds"),
        ("5/15 * * * * *", "every 15 seconds from second 5"),
        ("*/7 * * * * *", "at seconds 0, 7, 14 … 56 of every minute"),
        ("0 * * * * *", "every minute"),
        ("30 * * * * *", "every minute at second 30"),
        ("0 */15 * * * *", "every 15 minutes"),
        ("0 */15 9-17 * * MON-FRI", "every 15 minutes between 09:00 and 17:59 from Monday to Friday"),
        ("0 5,7,50 * * * *", "at minutes 5, 7 and 50 of every hour"),
        ("0 5,7,50 8,12,20 * * *", "at minutes 5, 7 and 50 in hours 8, 12 and 20"),
        ("* 5 9 * * *", "every second in minute 5 between 09:00 and 09:59"),
        ("*/10 0,30 * * * *", "every 10 seconds in minutes 0 and 30 of every hour"),
        ("@hourly", "every hour"),
        ("30 5 * * * *", "every hour at minute 5, second 30"),
        ("0 0 */2 * * *", "every 2 hours"),
        ("0 15 */3 * * *", "every 3 hours from 00:15:00"),
        ("0 0 8-18 * * *", "every hour from 08:00:00 to 18:00:00"),
        ("0 15 1/5 * * *", "at minute 15 in hours 1, 6, 11, 16 and 21"),
        ("0 0 3 * * *", "at 03:00:00 every day"),
        ("0 0 6,12,18 * * ?", "at 06:00:00, 12:00:00 and 18:00:00 every day"),
        ("0 0 3 * 6-8 *", "at 03:00:00 every day from June to August"),
        ("0 0 0 13 * 5", "at 00:00:00 on day 13 and also on Friday"),
        ("0 0 0 1-31 * 5", "at 00:00:00 every day"),
        ("0 0 0 1,15 jan,jul *", "at 00:00:00 on days 1 and 15 in January and July"),
        ("0 0 0 */2 * *", "at 00:00:00 on days 1, 3, 5 … 31"),
        ("@weekly", "at 00:00:00 on Sunday"),
        ("0 0 0 31 2 *", "at 00:00:00 on day 31 in February, which never comes"),
        ("@every 90s", "every 90 s"),
        ("@every 1h30m", "every 1 h 30 min"),
        ("@every 50h5s", "every 2 d 2 h 5 s"),
        ("TZ=UTC @every 5m", "every 5 min (UTC)"),
    ],
)
def test_words(expression: str, words: str) -> None:
    assert CronSchedule.parse(expression, zone=UTC).words() == words


@settings(max_examples=100)
@given(expressions)
def test_every_expression_has_words_on_one_line(expression: Expression) -> None:
    words = CronSchedule.parse(expression.text, zone=UTC).words()
    assert words.startswith(("every ", "at "))
    assert words.isprintable()
    assert "  " not in words
