"""A row of small blocks of counters, each line a glyph, a word, a number, a short history and a note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from colonies_tui.ui.fit import cut, fit, width_of
from colonies_tui.ui.line_screen import repaint
from colonies_tui.ui.styles import RoleStyles

GAP = 3
"""Cells between two blocks."""

MARGIN = 2
"""Cells left of the first block."""

_WORD = 10
_NUMBER = 8
_LEAST = 1 + 1 + _WORD + _NUMBER


@dataclass(frozen=True, slots=True)
class Counter:
    """One line of a block; all texts are plain."""

    glyph: str
    word: str
    role: str
    number: str
    history: str = ""
    note: str = ""
    note_role: str = "dim"
    is_loud: bool = False
    """Whether the number is drawn in the line's role, too: something is wrong or asks for attention."""


@dataclass(frozen=True, slots=True)
class Block:
    """Counters under a title."""

    title: str
    counters: tuple[Counter, ...]


class CounterBoard(Widget):
    """Blocks side by side; histories and notes are drawn where there is room for them."""

    DEFAULT_CSS = """
    CounterBoard { height: auto; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._blocks: tuple[Block, ...] = ()
        self._styles: RoleStyles | None = None

    def show(self, blocks: Sequence[Block]) -> None:
        """Show these blocks; repaints only when they differ."""
        new = tuple(blocks)
        if new == self._blocks:
            return
        grows = self._lines(new) != self._lines(self._blocks)
        self._blocks = new
        if grows:
            self.refresh(layout=True)
        else:
            repaint(self)

    @staticmethod
    def _lines(blocks: Sequence[Block]) -> int:
        return 1 + max((len(block.counters) for block in blocks), default=0)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """One line for the titles, and as many as the longest block has counters."""
        return self._lines(self._blocks)

    def render_line(self, y: int) -> Strip:
        """Paint one line across all blocks."""
        self._styles = styles = RoleStyles.current(self._styles, self.app)
        total = self.size.width
        segments = [Segment(" " * MARGIN, styles.rich("text"))]
        count = max(1, len(self._blocks))
        share = (total - MARGIN - GAP * (count - 1)) // count
        for index, block in enumerate(self._blocks):
            if index:
                segments.append(Segment(" " * GAP, styles.rich("text")))
            if y == 0:
                segments.append(Segment(fit(block.title, share), styles.rich("dim")))
            elif y <= len(block.counters):
                segments.extend(self._line(block, block.counters[y - 1], share, styles))
            else:
                segments.append(Segment(" " * share, styles.rich("text")))
        return Strip(segments).crop_extend(0, total, styles.rich("text"))

    def _line(self, block: Block, counter: Counter, share: int, styles: RoleStyles) -> list[Segment]:
        plain = styles.rich("text")
        number_role = counter.role if counter.is_loud else "strong"
        segments = [
            Segment(counter.glyph, styles.rich(counter.role)),
            Segment(" ", plain),
            Segment(fit(counter.word, _WORD), styles.rich("text")),
            Segment(fit(counter.number, _NUMBER, "right"), styles.rich(number_role)),
        ]
        room = share - _LEAST
        histories = max((width_of(other.history) for other in block.counters), default=0)
        if histories and room >= histories + 2:
            segments.append(Segment("  " + fit(counter.history, histories), styles.rich("dim")))
            room -= histories + 2
        if counter.note and room >= 6 and (width_of(counter.note) + 2 <= room or not histories):
            segments.append(Segment("  " + cut(counter.note, room - 2), styles.rich(counter.note_role)))
            room -= 2 + width_of(cut(counter.note, room - 2))
        segments.append(Segment(" " * max(0, room), plain))
        return segments
