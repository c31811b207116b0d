"""Text cut and padded to an exact number of terminal cells. Pure.

Widths are those of Rich, which is what Textual lays out with, so that columns stay aligned for wide characters,
combining marks and emoji alike.
"""

from __future__ import annotations

from typing import Literal

from rich.cells import cell_len, split_graphemes

Align = Literal["left", "right"]

ELLIPSIS = "…"
"""Stands for what was cut; one cell wide."""

_CONTROL = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), "·")
"""Control characters would move the terminal's cursor; text is cleaned long before, columns hold anyway."""


_MOST_PER_CELL = 32
"""Characters of a text that are looked at for each cell there is room for: what is drawn costs the same, however long
the text behind it is. More combining marks than that on one character are cut."""


def width_of(text: str) -> int:
    """Number of terminal cells of `text`."""
    return len(text) if text.isascii() else cell_len(text)


def cut(text: str, width: int, ellipsis: str = ELLIPSIS) -> str:
    """`text` in at most `width` cells, its end replaced by `ellipsis` when too long; never half a wide character."""
    if text.isascii():
        if len(text) <= width:
            return text
        return text[: width - 1] + ellipsis if width > 0 else ""
    if width <= 0:
        return ""
    most = width * _MOST_PER_CELL
    is_longer = len(text) > most
    text = text[:most]
    if cell_len(text) <= width - is_longer:
        return text + ellipsis if is_longer else text
    spans, _ = split_graphemes(text)
    end = used = 0
    for _, stop, cells in spans:
        if used + cells > width - 1:
            break
        used += cells
        end = stop
    return text[:end] + ellipsis


def fit(text: str, width: int, align: Align = "left", ellipsis: str = ELLIPSIS) -> str:
    """`text` in exactly `width` cells: cut when too long, padded with spaces when too short."""
    if not text.isprintable():
        text = text.translate(_CONTROL)
    if text.isascii():
        if len(text) > width:
            return text[: width - 1] + ellipsis if width > 0 else ""
        return text.ljust(width) if align == "left" else text.rjust(width)
    text = cut(text, width, ellipsis)
    padding = " " * (width - cell_len(text))
    return text + padding if align == "left" else padding + text
