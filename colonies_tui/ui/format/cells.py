"""Text measured in terminal cells: wide characters count two, combining marks none. Takes plain (cleaned) text."""

from __future__ import annotations

from rich.cells import cell_len


def width(text: str) -> int:
    """Return how many cells the text takes."""
    return len(text) if text.isascii() else cell_len(text)


def cut(text: str, cells: int, ellipsis: str = "…") -> str:
    """Return the text in at most ``cells`` cells, ``ellipsis`` at its end where something was left out."""
    if width(text) <= cells:
        return text
    if cells <= 0:
        return ""
    return text[: index_at(text, cells - 1)] + ellipsis


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
    while text:
        taken = index_at(text, cells) or 1
        pieces.append(text[:taken])
        text = text[taken:]
    return pieces or [""]
