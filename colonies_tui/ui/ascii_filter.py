"""The last step of drawing in ASCII mode: whatever decoration is left becomes a seven-bit character of one cell."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from colonies_tui.ui.seven_bit import seven_bit


class AsciiFilter(LineFilter):
    """Replaces decorations. Text from a server keeps its letters: a terminal without them shows its own stand-in."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments in seven-bit characters, of the same widths."""
        return [
            segment if segment.text.isascii() else Segment(seven_bit(segment.text), segment.style, segment.control)
            for segment in segments
        ]
