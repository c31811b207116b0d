"""Searching many lines together finds what searching each of them does."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.ui.log_buffer import shown_text
from colonies_tui.ui.log_query import LogQuery

PIECES = st.sampled_from(
    ["Error", "error", "ok", " ", "\t", "\x1b[31m", "\x7f", "\u202e", "\ufe0f", "é", "İ", "\n", "\x1c", "e", "rr", "or"]
)
LINES = st.lists(PIECES, max_size=4).map("".join)
ONE_KIND = st.lists(st.sampled_from(["Error", "ok", " ", "\t", "\x1b[31m", "\n", "e"]), max_size=4).map("".join)
"""Lines of ASCII only, which are looked at together."""

TEXTS = ["error", "Error", "ok e", "ok   e", "é", "i", "rror", "31", " ", "  ", "\t", "\n", "␛[31", "␡", "␊", "e␉"]


@given(st.lists(LINES, max_size=12) | st.lists(ONE_KIND, max_size=12), st.sampled_from(TEXTS), st.integers(0, 9))
def test_lines_are_found_as_they_are_shown(lines: list[str], needle: str, first: int) -> None:
    def holds(text: str) -> bool:
        shown = shown_text(text)
        return needle in (shown.lower() if needle == needle.lower() else shown)

    expected = [serial for serial, text in enumerate(lines, first) if holds(text)]
    assert LogQuery(needle).scan(lines, first) == expected


@given(
    st.lists(LINES, max_size=12) | st.lists(ONE_KIND, max_size=12),
    st.sampled_from(["^e", "r$", "ok +e", "[␛␉]", r"\t|\n", r"^\S*$", "É", "(?i)error"]),
)
def test_a_pattern_sees_lines_as_they_are_shown(lines: list[str], pattern: str) -> None:
    options = re.IGNORECASE if pattern == pattern.lower() else re.NOFLAG
    expected = [serial for serial, text in enumerate(lines) if re.search(pattern, shown_text(text), options)]
    assert LogQuery(pattern, regex=True).scan(lines, 0) == expected


@pytest.mark.parametrize("needle", ["needle", "Needle"])
@pytest.mark.parametrize("place", [0, 255, 256, 999])
def test_one_line_among_very_many_is_found_wherever_it_stands(needle: str, place: int) -> None:
    lines = [f"line {number} of hay" for number in range(1000)]
    lines[place] = "the Needle"
    assert LogQuery(needle).scan(lines, 5000) == [5000 + place]


def test_what_stands_across_two_lines_is_no_hit() -> None:
    assert LogQuery("ab").scan(["xa", "bx"], 0) == []
