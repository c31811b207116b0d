"""Decorations as seven-bit characters of one cell, for terminals and files that carry no others. Pure."""

from __future__ import annotations

from typing import Final

_SINGLE: Final = {
    "-": "–—−╌╍┄┅┈┉⊘",
    "|": "·│┃╎╏┆┇┊┋▌▐▕▏‖",
    "*": "•∗⋯●",
    "x": "×✖",
    "~": "…◐",
    "<": "←‹◀",
    ">": "→›▶",
    "^": "↑▲",
    "v": "↓▼",
    '"': "“”„",
    "'": "‘’",
    "+": "✔",
    ".": "◌",
    "o": "○",
    "!": "◍",
    "@": "◉",
    "?": "\N{REPLACEMENT CHARACTER}",
}

_TABLE: Final = {
    **dict.fromkeys(range(9472, 9600), "+"),  # corners and crossings of lines
    **dict.fromkeys(map(ord, "─━┄┅┈┉╌╍═╴╶╸╺╼╾"), "-"),
    **dict.fromkeys(map(ord, "│┃┆┇┊┋╎╏║╵╷╹╻╽╿"), "|"),
    **dict.fromkeys(range(9600, 9632), "#"),  # blocks
    **dict.fromkeys(range(9216, 9255), "?"),  # pictures of control characters
    **{ord(character): ascii_ for ascii_, characters in _SINGLE.items() for character in characters},
}
"""Every decoration that the console or its toolkit draws, by its code."""


def seven_bit(text: str) -> str:
    """Replace decorations. Text from a server keeps its letters: a terminal without them shows its own stand-in."""
    return text.translate(_TABLE)
