from __future__ import annotations

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.ui.format.durations import NONE, clock, clock_ns, duration, moment, short_age

NOON = 1_770_811_200  # 2026-02-11 12:00:00 UTC


@pytest.mark.parametrize(
    ("seconds", "age", "took"),
    [
        (None, NONE, NONE),
        (float("nan"), NONE, NONE),
        (float("inf"), NONE, NONE),
        (-3, "0.0s", "0.0s"),
        (0.44, "0.4s", "0.4s"),
        (0.99, "0.9s", "0.9s"),
        (1, "1s", "1s"),
        (12.9, "12s", "12s"),
        (59.99, "59s", "59s"),
        (60, "1m00", "1m00"),
        (248, "4m08", "4m08"),
        (3599.9, "59m59", "59m59"),
        (3600, "1h", "1h00"),
        (4020, "1h", "1h07"),
        (3 * 3600 + 1, "3h", "3h00"),
        (86_399, "23h", "23h59"),
        (2 * 86_400 + 4 * 3600, "2d", "2d04h"),
        (120.5 * 86_400, "120d", "120d"),
    ],
)
def test_ages_and_durations_in_short_words(seconds: float | None, age: str, took: str) -> None:
    assert short_age(seconds) == age
    assert duration(seconds) == took


@given(st.floats(min_value=0, max_value=365 * 86_400))
def test_words_of_a_year_are_at_most_five_cells_for_ages_and_six_for_durations(seconds: float) -> None:
    assert len(short_age(seconds)) <= 5
    assert len(duration(seconds)) <= 6


@given(st.one_of(st.none(), st.floats()))
def test_any_number_has_words(seconds: float | None) -> None:
    assert short_age(seconds)
    assert duration(seconds)
    assert clock(seconds, UTC)
    assert clock(seconds, UTC, milliseconds=True)
    assert moment(seconds, NOON, UTC)


def test_times_of_day() -> None:
    assert clock(NOON + 7914.9, UTC) == "14:11:54"
    assert clock(NOON + 7914.12, UTC, milliseconds=True) == "14:11:54.120"
    assert clock(NOON - 0.0001, UTC, milliseconds=True) == "12:00:00.000"
    assert clock(None) == NONE
    assert clock_ns(NOON * 10**9 + 999_999_999, UTC) == "12:00:00.999"
    assert clock_ns(0, UTC) == NONE
    assert clock_ns(2**63 - 1, UTC) == "23:47:16.854"


def test_another_day_is_named() -> None:
    assert moment(NOON, NOON + 3600, UTC) == "12:00:00"
    assert moment(NOON - 86_400, NOON, UTC) == "2026-02-10 12:00"
