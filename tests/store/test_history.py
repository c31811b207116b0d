"""Short histories of counters."""

from __future__ import annotations

from colonies_tui.protocol.models.colony import Statistics
from colonies_tui.store.history import KEPT_SECONDS, CounterHistory


def history(*samples: tuple[float, int]) -> CounterHistory:
    result = CounterHistory()
    for at, successful in samples:
        result.add(at, Statistics(successfulprocesses=successful))
    return result


def test_values_hold_what_was_known_at_each_time() -> None:
    known = history((10.0, 1), (12.5, 4), (20.0, 9))
    assert known.values("successfulprocesses", 20.0, 10.0, 5) == [1.0, 4.0, 4.0, 4.0, 9.0]
    assert known.latest == Statistics(successfulprocesses=9)


def test_times_before_the_first_sample_are_left_out() -> None:
    assert history((18.0, 3)).values("successfulprocesses", 20.0, 10.0, 5) == [3.0, 3.0]
    assert CounterHistory().values("successfulprocesses", 20.0, 10.0, 5) == []


def test_gains_cover_exactly_the_time_asked_for() -> None:
    known = history(*((float(second), 2 * second) for second in range(31)))
    assert known.gains("successfulprocesses", 30.0, 10.0, 5) == [4.0] * 5
    assert sum(known.gains("successfulprocesses", 30.0, 10.0, 10)) == 20.0


def test_gains_are_never_negative_when_a_server_forgets() -> None:
    assert history((0.0, 5), (5.0, 0), (10.0, 3)).gains("successfulprocesses", 10.0, 10.0, 2) == [0.0, 3.0]


def test_change_and_rate() -> None:
    known = history((0.0, 0), (30.0, 10), (60.0, 40))
    assert known.change("successfulprocesses", 60.0, 30.0) == 30.0
    assert known.change("successfulprocesses", 60.0, 10.0) is None
    assert known.per_minute("successfulprocesses", 60.0) == 40.0
    assert history((0.0, 0), (1.0, 10)).per_minute("successfulprocesses", 1.0) is None


def test_old_samples_are_forgotten() -> None:
    known = history(*((float(second), second) for second in range(0, 3 * KEPT_SECONDS, 10)))
    now = 3.0 * KEPT_SECONDS - 10
    assert min(known.values("successfulprocesses", now, now, 270)) == now - KEPT_SECONDS
