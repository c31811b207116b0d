"""What of a log message is shown as a hit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.tables.log_hits import excerpt


@pytest.mark.parametrize(
    ("message", "text", "expected"),
    [
        ("Traceback\n  File x\n    code\nSyntaxError: bad", "Error", "SyntaxError: bad"),
        ("    deep: Error here\nnext line", "Error", "deep: Error here"),
        ("0123456789012345678901234567890 Error", "Error", "…89012345678901234567890 Error"),
        ("first\nsecond", "sec%d", "first"),
        ("\n\n  after blanks", "%", "after blanks"),
        ("", "x", ""),
    ],
)
def test_the_line_with_the_hit_is_shown(message: str, text: str, expected: str) -> None:
    assert excerpt(message, text) == expected


@given(st.text(), st.text(min_size=1, max_size=12), st.text())
def test_a_hit_within_one_line_is_in_its_excerpt(before: str, text: str, after: str) -> None:
    text = text.replace("\n", "").strip() or "x"
    shown = excerpt(before + text + after, text)
    assert plain(text).rstrip() in shown
    assert shown.isprintable()
