"""Bars are as long as they should be, and a little is told from nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.ui.format.glyphs import ASCII, UNICODE, Alphabet
from colonies_tui.ui.widgets.sparkline import Trend, spark


@given(st.lists(st.floats(-10, 1e9)), st.integers(0, 40), st.sampled_from([UNICODE, ASCII]))
def test_a_sparkline_has_its_width_and_only_its_alphabet(values: list[float], width: int, alphabet: Alphabet) -> None:
    drawn = spark(values, width, alphabet)
    assert len(drawn) == width
    assert set(drawn) <= {" ", *alphabet.levels}
    shown = values[-width:] if width else []
    bars = drawn[width - len(shown) :]
    for value, bar in zip(shown, bars, strict=True):
        assert (value > 0) == (bar != alphabet.levels[0])
    for value, bar in zip(shown, bars, strict=True):
        if value == max(shown) > 0:
            assert bar == alphabet.levels[-1]


@pytest.mark.parametrize(
    ("values", "width", "expected"),
    [
        ([0, 1, 2, 3, 4, 5, 6, 7], 8, "▁▂▃▄▅▆▇█"),
        ([7, 7], 4, "  ██"),
        ([0, 0, 0], 3, "▁▁▁"),
        ([1000, 1], 2, "█▂"),
        ([9, 1, 7], 2, "▂█"),
        ([], 3, "   "),
    ],
)
def test_examples(values: list[float], width: int, expected: str) -> None:
    assert spark(values, width) == expected


@pytest.mark.parametrize(
    ("trend", "rate", "growth", "change"),
    [
        (Trend(312, 60), "312/min", "+312/min", "+312 in 1m"),
        (Trend(1204, 60), "1 204/min", "+1 204/min", "+1 204 in 1m"),
        (Trend(9, 300), "2/min", "+2/min", "+9 in 5m"),
        (Trend(-40, 60), "-40/min", "-40/min", "-40 in 1m"),
        (Trend(3, 3600), "3/h", "+3/h", "+3 in 60m"),
        (Trend(1, 10_000), "", "", "+1 in 167m"),
        (Trend(5, 20), "15/min", "+15/min", "+5 in 20s"),
        (Trend(0, 60), "", "", ""),
        (Trend(5, 0), "", "", "+5 in 0s"),
    ],
)
def test_trends(trend: Trend, rate: str, growth: str, change: str) -> None:
    assert (trend.rate, trend.growth, trend.change) == (rate, growth, change)
