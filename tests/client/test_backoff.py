"""Delays between attempts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.client.backoff import Backoff


def test_delays_double_up_to_the_most() -> None:
    backoff = Backoff(first=0.25, factor=2, most=15, spread=lambda: 1.0)
    assert [backoff.next_delay() for _ in range(9)] == [0.25, 0.5, 1, 2, 4, 8, 15, 15, 15]


def test_success_begins_anew() -> None:
    backoff = Backoff(spread=lambda: 1.0)
    first = backoff.next_delay()
    backoff.next_delay()
    backoff.succeeded()
    assert backoff.next_delay() == first == 0.25


def test_delays_are_spread_over_the_whole_range() -> None:
    spreads = iter([0.0, 0.5, 0.25])
    backoff = Backoff(first=1, spread=lambda: next(spreads))
    assert [backoff.next_delay() for _ in range(3)] == [0.0, 1.0, 1.0]


@given(st.floats(0.01, 5), st.floats(1, 10), st.floats(0.01, 60), st.integers(1, 3000))
def test_no_delay_is_longer_than_the_most_however_many_failures(
    first: float, factor: float, most: float, failures: int
) -> None:
    backoff = Backoff(first, factor, most)
    for _ in range(failures):
        bound = backoff.bound
        assert 0 <= backoff.next_delay() <= bound <= most
