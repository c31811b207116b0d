"""Runs of text with a style role, and lines of them measured and joined. Texts are plain (cleaned). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from colonies_tui.ui.fit import cut, width_of


class Span(NamedTuple):
    """Text of one style."""

    text: str
    role: str = "text"
    """Style role, one of `colonies_tui.ui.styles.ROLES`."""
    zone: str = ""
    """What a click on it means to the widget that draws it; empty for nothing."""


Line = Sequence[Span]
"""What stands on one row."""


def line_width(line: Line) -> int:
    """Return how many cells a line takes."""
    return sum(width_of(span.text) for span in line)


def joined(pieces: Iterable[Line], gap: Span) -> list[Span]:
    """Put pieces of a line one after the other with a gap between them; empty ones are left out."""
    line: list[Span] = []
    for piece in pieces:
        if piece:
            line += [gap, *piece] if line else piece
    return line


def fitted(line: Line, width: int, ellipsis: str = "…") -> list[Span]:
    """Cut a line to at most ``width`` cells."""
    kept: list[Span] = []
    room = width
    for span in line:
        size = width_of(span.text)
        if size > room:
            if room > 0:
                kept.append(span._replace(text=cut(span.text, room, ellipsis)))
            break
        kept.append(span)
        room -= size
    return kept


def zone_at(line: Line, x: int) -> str:
    """Return the zone of the span at a cell, empty for none."""
    for span in line:
        x -= width_of(span.text)
        if x < 0:
            return span.zone
    return ""
