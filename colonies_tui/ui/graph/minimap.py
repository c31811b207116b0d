"""The map of a graph that is larger than the screen: every box as dots, in a few cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from colonies_tui.protocol.states import ProcessState
from colonies_tui.ui.format.glyphs import Alphabet
from colonies_tui.ui.graph.layout import Layout
from colonies_tui.ui.graph.model import Box
from colonies_tui.ui.graph.paint import Run
from colonies_tui.ui.styles import Ground

_DOTS: Final = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Bits of the dots of a braille cell, by row and column."""
_BRAILLE: Final = 0x2800
_ROLES: Final = ("dim", "running", "failed")
"""Roles of a map cell, the one that matters most last."""


@dataclass(frozen=True, slots=True)
class MapFrame:
    """How a map shows a layout: so many cells for so much."""

    columns: int
    rows: int
    width: int
    """Columns of the layout."""
    height: int
    """Rows of the layout."""

    def cell(self, x: int, y: int) -> tuple[int, int]:
        """The map cell that shows a cell of the layout."""
        column = min(self.columns - 1, max(0, x * self.columns // max(1, self.width)))
        return column, min(self.rows - 1, max(0, y * self.rows // max(1, self.height)))

    def place(self, column: int, row: int) -> tuple[int, int]:
        """The middle of what a map cell shows."""
        return (2 * column + 1) * self.width // (2 * self.columns), (2 * row + 1) * self.height // (2 * self.rows)


def map_frame(layout: Layout, width: int, height: int) -> MapFrame | None:
    """Return the size of the map for a screen of so many cells; None when all is on the screen or it is too small."""
    if (layout.width <= width and layout.height <= height) or width < 48 or height < 14:
        return None
    columns = min(40, max(18, width // 5))
    rows = min(12, max(4, height // 4))
    return MapFrame(
        min(columns, max(6, layout.width // 4)), min(rows, max(2, layout.height // 6)), layout.width, layout.height
    )


def map_cells(
    frame: MapFrame, layout: Layout, boxes: Mapping[str, Box], alphabet: Alphabet
) -> list[list[tuple[str, str]]]:
    """Return the map row by row as characters with roles."""
    bits = [[0] * frame.columns for _ in range(frame.rows)]
    ranks = [[0] * frame.columns for _ in range(frame.rows)]
    across, along = 2 * frame.columns / max(1, layout.width), 4 * frame.rows / max(1, layout.height)
    for id_, placed in layout.boxes.items():
        state = boxes[id_].state
        rank = 2 if state is ProcessState.FAILED else 1 if state is ProcessState.RUNNING else 0
        first, last = int(placed.x * across), int((placed.x + placed.width - 1) * across)
        top, bottom = int(placed.y * along), max(int(placed.y * along), int((placed.y + placed.height) * along) - 1)
        for y in range(top, min(bottom, 4 * frame.rows - 1) + 1):
            for x in range(first, min(last, 2 * frame.columns - 1) + 1):
                bits[y // 4][x // 2] |= _DOTS[y % 4][x % 2]
                if rank > ranks[y // 4][x // 2]:
                    ranks[y // 4][x // 2] = rank
    return [
        [(_character(dots, rank, alphabet), _ROLES[rank]) for dots, rank in zip(dot_row, rank_row, strict=True)]
        for dot_row, rank_row in zip(bits, ranks, strict=True)
    ]


def map_row(cells: list[tuple[str, str]], seen: range, cursor: int | None, alphabet: Alphabet) -> list[Run]:
    """Return one row of the map.

    Args:
        cells: the row's characters and roles.
        seen: map columns of what is on the screen; empty when this row is not.
        cursor: map column of the cursor, None when it is not in this row.
        alphabet: the glyphs.
    """
    runs = []
    for column, (text, role) in enumerate(cells):
        ground: Ground = "cursor" if column in seen else "surface"
        if column == cursor:
            text, role = alphabet.mark, "accent"
        runs.append(Run(text, role, ground))
    return runs


def _character(dots: int, rank: int, alphabet: Alphabet) -> str:
    if alphabet.name != "ascii":
        return chr(_BRAILLE + dots) if dots else " "
    if not dots:
        return " "
    return ("." if dots.bit_count() < 4 else ":", alphabet.running, alphabet.failed)[rank]
