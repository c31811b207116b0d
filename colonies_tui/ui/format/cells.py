"""Where to cut a text, counted in terminal cells. Takes plain (cleaned) text; pure."""

from __future__ import annotations

from rich.cells import cell_len


def index_at(text: str, cells: int) -> int:
    """Return how many characters of the text fit into ``cells`` cells, combining marks kept with their base."""
    if text.isascii():
        return min(len(text), max(cells, 0))
    used = 0
    for index, character in enumerate(text):
        size = cell_len(character)
        if used + size > cells:
            return index
        used += size
    return len(text)


def wrap(text: str, cells: int) -> list[str]:
    """Split the text hard into pieces of at most ``cells`` cells (at least two, so that any character fits)."""
    cells = max(cells, 2)
    if text.isascii():
        return [text[start : start + cells] for start in range(0, len(text), cells)] or [""]
    pieces: list[str] = []
    start = 0
    while start < len(text):
        taken = index_at(text[start : start + 2 * cells + 64], cells) or 1
        pieces.append(text[start : start + taken])
        start += taken
    return pieces or [""]
