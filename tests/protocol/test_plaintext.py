"""Whatever text comes from a server, what is shown is one printable line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.protocol.plaintext import REPLACEMENT, plain, plain_lines

any_text = st.text(st.characters(exclude_categories=[]))  # lone surrogates too


def is_harmless(text: str) -> bool:
    """Tell whether a terminal shows a text as it is, on one line."""
    return text.isprintable() and "\n" not in text and "\x1b" not in text


@given(any_text)
def test_any_text_becomes_one_printable_line(text: str) -> None:
    cleaned = plain(text)
    assert is_harmless(cleaned)
    cleaned.encode("utf-8")  # no lone surrogate is left


@given(any_text)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(any_text)
def test_any_block_becomes_printable_lines_at_least_one(text: str) -> None:
    lines = plain_lines(text)
    assert lines
    assert all(map(is_harmless, lines))


@given(st.binary())
def test_any_bytes_decoded_leniently_are_harmless(raw: bytes) -> None:
    for decoded in (raw.decode("utf-8", "replace"), raw.decode("utf-8", "surrogateescape"), raw.decode("latin-1")):
        assert is_harmless(plain(decoded))
        assert all(map(is_harmless, plain_lines(decoded)))


@pytest.mark.parametrize(
    "text",
    ["", "echo", "[bold red]not markup[/]", "[[x]] \\[y]", "100% {braces} $var", "naïve café 東京 ✔", "a  b", "🐝 bee"],
)
def test_printable_text_stays_as_it_is(text: str) -> None:
    assert plain(text) == text
    assert plain_lines(text) == [text]


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\nb", "a␊b"),
        ("a\r\nb", "a␍␊b"),
        ("tab\there", "tab␉here"),
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("\x1b]0;title\x07", "␛]0;title␇"),
        ("nul\x00del\x7f", "nul␀del␡"),
        ("c1\x9b31m", f"c1{REPLACEMENT}31m"),
        ("right\u202eleft\u2069", f"right{REPLACEMENT}left{REPLACEMENT}"),
        ("zero\u200bwidth\u200d\ufeff", f"zero{REPLACEMENT}width{REPLACEMENT}{REPLACEMENT}"),
        ("half\ud83d", f"half{REPLACEMENT}"),
        ("private\ue000", f"private{REPLACEMENT}"),
        ("line\u2028para\u2029", f"line{REPLACEMENT}para{REPLACEMENT}"),
        ("wide\u00a0space", f"wide{REPLACEMENT}space"),
        ("❤\ufe0f", "❤"),
        ("1\ufe0f\u20e3", "1"),
        ("Hangul\u3164filler\uffa0", "Hangulfiller"),
    ],
)
def test_what_has_no_picture_gets_one(text: str, cleaned: str) -> None:
    assert plain(text) == cleaned


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("a\nb", ["a", "b"]),
        ("a\r\nb\rc", ["a", "b", "c"]),
        ("end\n", ["end", ""]),
        ("\n\n", ["", "", ""]),
        ("a\vb\fc\x85d\u2028e\u2029f\x1cg", ["a", "b", "c", "d", "e", "f", "g"]),
        ("if x:\n\tpass", ["if x:", "    pass"]),
        ("ab\tc", ["ab  c"]),
        ("\x1b[2J\nx", ["␛[2J", "x"]),
    ],
)
def test_blocks_are_split_at_their_line_ends(text: str, lines: list[str]) -> None:
    assert plain_lines(text) == lines
