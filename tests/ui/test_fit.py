"""A column is exactly as wide as it says, whatever the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from colonies_tui.ui.fit import cut, fit, width_of

texts = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from("a z日本語é\u0301\u200d\ufe0f❤👩👍🏽[/]\t\x1b\n")),
    max_size=30,
)


@given(texts, st.integers(0, 20), st.sampled_from(["left", "right"]))
def test_fitted_text_has_exactly_the_width(text: str, width: int, align: str) -> None:
    fitted = fit(text, width, "left" if align == "left" else "right")
    assert cell_len(fitted) == width
    assert not any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in fitted)


@given(texts, st.integers(0, 20))
def test_cut_text_is_a_beginning_of_the_text_and_says_when_it_was_cut(text: str, width: int) -> None:
    result = cut(text, width)
    assert width_of(result) <= width
    assert result == text or (text.startswith(result.removesuffix("…")) and (width == 0 or result.endswith("…")))


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("worker", 6, "worker"),
        ("worker", 5, "work…"),
        ("worker", 1, "…"),
        ("worker", 0, ""),
        ("日本語", 6, "日本語"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日… "),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
        ("❤\ufe0f❤\ufe0f", 3, "❤\ufe0f…"),
        ("12", 4, "12  "),
    ],
)
def test_examples(text: str, width: int, expected: str) -> None:
    assert fit(text, width) == expected


def test_numbers_stand_right() -> None:
    assert fit("12", 4, "right") == "  12"
    assert fit("日", 4, "right") == "  日"
