"""The last step of drawing in ASCII mode: whatever decoration is left becomes a seven-bit character of one cell."""

from __future__ import annotations

from typing import Final

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

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


class AsciiFilter(LineFilter):
    """Replaces decorations. Text from a server keeps its letters: a terminal without them shows its own stand-in."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments in seven-bit characters, of the same widths."""
        return [
            segment
            if segment.text.isascii()
            else Segment(segment.text.translate(_TABLE), segment.style, segment.control)
            for segment in segments
        ]
