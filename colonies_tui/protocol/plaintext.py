"""Text from elsewhere made safe to show. The only place of the project that cleans text.

A server hands out whatever an executor wrote: escape sequences, carriage returns, bidirectional overrides, lone
surrogates. Everything that is not printable is replaced here by one visible character of one cell, so that nothing but
our own sequences reaches the terminal and columns stay aligned. What is copied or saved is the original, not this.
"""

from __future__ import annotations

import re

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
"""Stands for a character that has no picture: format controls, lone surrogates, unassigned code points."""

TAB_WIDTH = 4
"""Cells between tab stops in blocks of text."""

_LINE_ENDS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")

# Variation selectors, joiners, keycap marks and skin tones are printable by Unicode's reckoning but change the width of
# what stands before them in some terminals and not in others.
_WIDTH_SHIFTERS = re.compile(
    "[\ufe00-\ufe0f\u20e3\U000e0100-\U000e01ef\u034f\u115f\u1160\u3164\uffa0\U0001f3fb-\U0001f3ff]"
)

_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]")
_FLAG_LETTERS = {0x1F1E6 + place: chr(ord("A") + place) for place in range(26)}
"""Letters of which two make a flag in some terminals, and two wide letters in others: shown as what they are."""


def _picture(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\N{SYMBOL FOR DELETE}"
    return character if character.isprintable() else REPLACEMENT


def plain(text: str) -> str:
    """Return ``text`` as one line of printable characters.

    Control characters become their Unicode control pictures (a newline ``␊``, an escape ``␛``), anything else that
    cannot be printed becomes U+FFFD. Printable text, brackets included, is returned as it is.
    """
    if text.isascii() and text.isprintable():
        return text
    if _WIDTH_SHIFTERS.search(text):
        text = _WIDTH_SHIFTERS.sub("", text)
    if _FLAG.search(text):
        text = text.translate(_FLAG_LETTERS)
    if text.isprintable():
        return text
    return "".join(map(_picture, text))


def plain_lines(text: str) -> list[str]:
    """Split ``text`` at its line ends and return each line cleaned, tabs expanded; at least one line."""
    if text.isascii() and text.isprintable():
        return [text]
    return [plain(line.expandtabs(TAB_WIDTH)) for line in _LINE_ENDS.split(text)]
