"""Painting: a row of a laid out graph as runs of text with roles, only as much of it as is on the screen."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rich.cells import split_graphemes

from colonies_tui.ui.fit import width_of
from colonies_tui.ui.format.glyphs import UNICODE, Alphabet
from colonies_tui.ui.graph.box_text import TALL, first_line, note_beside, second_line
from colonies_tui.ui.graph.layout import Channel, Layout, Level, PlacedBox
from colonies_tui.ui.graph.linework import DOWN, LEFT, RIGHT, UP, Border, linework_of
from colonies_tui.ui.graph.model import Box
from colonies_tui.ui.graph.route import Bar, Post, Wire
from colonies_tui.ui.graph.strokes import NOTHING, Strokes
from colonies_tui.ui.spans import Span
from colonies_tui.ui.styles import Ground

EDGE = "faint"
"""Role of lines and borders."""
HEAVY_EDGE = "dim"
"""Role of the critical path."""
LIT = "strong"
"""Role of lines and borders around the cursor."""


class Run(NamedTuple):
    """Text of one style."""

    text: str
    role: str
    ground: Ground


@dataclass
class Picture:
    """A graph as it looks at one moment. Whoever changes a field forgets the cells of the boxes that it touches."""

    layout: Layout
    boxes: Mapping[str, Box]
    now: float = 0.0
    alphabet: Alphabet = UNICODE
    cursor: str | None = None
    focused: bool = True
    lit: Strokes = field(default_factory=lambda: NOTHING)
    """Lines around the cursor."""
    heavy: Strokes = field(default_factory=lambda: NOTHING)
    """The critical path."""
    note_end: int | None = None
    """Column before which notes beside boxes end; None for anywhere."""
    _cells: dict[str, list[list[tuple[str, str, Ground]]]] = field(default_factory=dict)

    def forget(self, ids: Iterable[str] | None = None) -> None:
        """Have boxes put together anew; None for all."""
        if ids is None:
            self._cells.clear()
            return
        for id_ in ids:
            self._cells.pop(id_, None)

    def row(self, y: int, left: int, width: int) -> list[Run]:
        """Return row `y` from column `left` on, exactly `width` cells of it. Rows and columns may lie outside."""
        cells: list[tuple[str, str, Ground]] = [_BLANK] * width
        levels = self.layout.levels
        at = bisect_right(levels, y, key=lambda level: level.y) - 1
        if at >= 0:
            level, channel = levels[at], self.layout.channels[at]
            if y < level.y + self.layout.box_height:
                self._level(cells, level, y - level.y, left, left + width)
            elif channel is not None and y < channel.y + channel.height:
                self._channel(cells, at, channel, y - channel.y, left, left + width)
        return _runs(cells)

    def note_of(self, id_: str) -> str:
        """Return what is said beside a box."""
        placed = self.layout.boxes[id_]
        level = self.layout.levels[placed.level]
        return self._note(level, bisect_left(level.lefts, placed.x))

    # -- levels ----------------------------------------------------------------------------------------------------

    def _level(self, cells: list[tuple[str, str, Ground]], level: Level, row: int, left: int, right: int) -> None:
        joints = linework_of(self.alphabet.name).joints
        first = bisect_left(level.passing, (left, 0))
        for x, item in level.passing[first:]:
            if x >= right:
                break
            heavy = UP | DOWN if item in self.heavy.items else 0
            cells[x - left] = (joints[UP | DOWN][heavy], self._edge_role(item in self.lit.items, heavy), "base")
        first = max(0, bisect_right(level.lefts, left) - 1)
        for number in range(first, len(level.boxes)):
            box = level.boxes[number]
            if box.x >= right:
                break
            _put(cells, box.x - left, self._box_cells(box)[row])
            if row == (2 if self.layout.box_height >= TALL else 1) and (note := self._note(level, number)):
                _put(cells, box.x + box.width + 1 - left, [(text, "dim", "base") for text in graphemes(note)])

    def _note(self, level: Level, number: int) -> str:
        placed = level.boxes[number]
        box, tall = self.boxes[placed.id], self.layout.box_height >= TALL
        if not tall and placed.id != self.cursor:
            return ""  # in a large graph it would be said everywhere
        end = placed.x + placed.width
        following = level.boxes[number + 1].x if number + 1 < len(level.boxes) else None
        at = bisect_left(level.passing, (end, 0))
        if at < len(level.passing) and (following is None or level.passing[at][0] < following):
            following = level.passing[at][0]
        limits = [limit for limit in (None if following is None else following - 1, self.note_end) if limit is not None]
        room = min(limits) - end - 1 if limits else None
        return note_beside(box, placed.width - 4, room, self.alphabet, tall=tall)

    def _box_cells(self, placed: PlacedBox) -> list[list[tuple[str, str, Ground]]]:
        if (cells := self._cells.get(placed.id)) is None:
            cells = self._cells[placed.id] = self._make_box(placed)
        return cells

    def _make_box(self, placed: PlacedBox) -> list[list[tuple[str, str, Ground]]]:
        box, lines = self.boxes[placed.id], linework_of(self.alphabet.name)
        inner = placed.width - 4
        under_cursor = placed.id == self.cursor
        lit = under_cursor or placed.item in self.lit.items
        border, role, ground = lines.plain if box.has_run else lines.unborn, EDGE, _BASE
        if under_cursor:
            border, role = lines.cursor, "accent" if self.focused else "dim"
            ground = "cursor" if self.focused else "blurred"
        elif lit:
            role = LIT
        elif placed.item in self.heavy.items:
            role = HEAVY_EDGE
        rows = [first_line(box, inner, self.now, self.alphabet, lit=lit)]
        if placed.height >= TALL:
            noted = bool(self.note_of(placed.id))
            rows.append(second_line(box, inner, self.alphabet, noted=noted))
        edge, blank = (border.upright, role, ground), (" ", "text", ground)
        return [
            self._border(placed, border, role, ground, top=True),
            *([edge, blank, *_cells_of(spans, ground), blank, edge] for spans in rows),
            self._border(placed, border, role, ground, top=False),
        ]

    def _border(
        self, placed: PlacedBox, border: Border, role: str, ground: Ground, *, top: bool
    ) -> list[tuple[str, str, Ground]]:
        first, last = (border.top_left, border.top_right) if top else (border.bottom_left, border.bottom_right)
        row = [first, *(border.level * (placed.width - 2)), last]
        if top and placed.orphaned:
            row[2] = linework_of(self.alphabet.name).cut_off
        light, heavy = (
            (border.top_port, border.heavy_top_port) if top else (border.bottom_port, border.heavy_bottom_port)
        )
        on_path = self.heavy.tops if top else self.heavy.bottoms
        for x in placed.tops if top else placed.bottoms:
            row[x - placed.x] = heavy if (placed.item, x) in on_path else light
        return [(text, role, ground) for text in row]

    # -- channels --------------------------------------------------------------------------------------------------

    def _channel(
        self, cells: list[tuple[str, str, Ground]], number: int, channel: Channel, row: int, left: int, right: int
    ) -> None:
        joints = linework_of(self.alphabet.name).joints
        lines = _Arms(row, left, right)
        lines.add(channel.bars[row], channel.posts_in(left, right))
        heavy, lit = _Arms(row, left, right), _Arms(row, left, right)
        heavy.add(self.heavy.bars.get(number, ()), self.heavy.posts.get(number, ()))
        lit.add(self.lit.bars.get(number, ()), self.lit.posts.get(number, ()))
        for x, (level, upright) in enumerate(zip(lines.level, lines.upright, strict=True)):
            if not level and not upright:
                continue
            thick = heavy.level[x] | heavy.upright[x]
            bright = lit.level[x] | lit.upright[x]
            arms = level | upright
            if level and upright and lines.bar_wire[x] is not lines.post_wire[x]:
                # A crossing. The line of more weight is on top, else the upright one; the other goes on below it.
                rank = (bool(lit.level[x]), bool(heavy.level[x])), (bool(lit.upright[x]), bool(heavy.upright[x]))
                on_top = (lines.level, heavy.level, lit.level) if rank[0] > rank[1] else None
                arms, thick, bright = (side[x] for side in on_top or (lines.upright, heavy.upright, lit.upright))
            cells[x] = (joints[arms][thick & arms], self._edge_role(bool(bright), thick), "base")

    def _edge_role(self, lit: bool, heavy: int) -> str:
        return LIT if lit else HEAVY_EDGE if heavy else EDGE


_BASE: Ground = "base"
_BLANK: tuple[str, str, Ground] = (" ", "text", "base")


class _Arms:
    """Arms of the cells of one row, of level and upright lines apart."""

    def __init__(self, row: int, left: int, right: int) -> None:
        self._row, self._left, self._right = row, left, right
        self.level = [0] * (right - left)
        self.upright = [0] * (right - left)
        self.bar_wire: dict[int, Wire] = {}
        self.post_wire: dict[int, Wire] = {}

    def add(self, bars: Iterable[tuple[Bar, Wire]], posts: Iterable[tuple[Post, Wire]]) -> None:
        """Add lines; those on other rows or outside the columns are left out."""
        row, left, right = self._row, self._left, self._right
        for bar, wire in bars:
            if bar.row != row or bar.right < left or bar.left >= right:
                continue
            for x in range(max(bar.left, left), min(bar.right + 1, right)):
                arms = (LEFT if x > bar.left else 0) | (RIGHT if x < bar.right else 0)
                self.level[x - left] |= arms
                self.bar_wire[x - left] = wire
        for post, wire in posts:
            if post.top <= row <= post.bottom and left <= post.x < right:
                arms = (UP if row > post.top or post.up else 0) | (DOWN if row < post.bottom or post.down else 0)
                self.upright[post.x - left] |= arms
                self.post_wire[post.x - left] = wire


def graphemes(text: str) -> list[str]:
    """Return a text cell by cell: a wide character is followed by an empty cell."""
    if text.isascii():
        return list(text)
    cells: list[str] = []
    for start, end, width in split_graphemes(text)[0]:
        if width > 0:
            cells += [text[start:end], *[""] * (width - 1)]
        elif cells:
            cells[-1] += text[start:end]
    return cells


def _cells_of(spans: Sequence[Span], ground: Ground) -> list[tuple[str, str, Ground]]:
    return [(text, span.role, ground) for span in spans for text in graphemes(span.text)]


def _put(cells: list[tuple[str, str, Ground]], at: int, row: Sequence[tuple[str, str, Ground]]) -> None:
    """Lay cells over others from position `at` on; what is outside is left out, and so is half a wide character."""
    first, last = max(0, -at), min(len(row), len(cells) - at)
    if first >= last:
        return
    cells[at + first : at + last] = row[first:last]
    if not row[first][0]:
        cells[at + first] = (" ", *row[first][1:])
    if last < len(row) and not row[last][0]:
        cells[at + last - 1] = (" ", *row[last - 1][1:])


def _runs(cells: Iterable[tuple[str, str, Ground]]) -> list[Run]:
    """Join cells of one style."""
    runs: list[Run] = []
    texts: list[str] = []
    style: tuple[str, Ground] | None = None
    for text, role, ground in cells:
        if style != (role, ground):
            if style is not None:
                runs.append(Run("".join(texts), *style))
            texts, style = [], (role, ground)
        texts.append(text)
    if style is not None:
        runs.append(Run("".join(texts), *style))
    return runs


def text_of(picture: Picture) -> str:
    """Return the whole picture as plain text, without blanks at the ends of lines."""
    width = picture.layout.width + max((width_of(picture.note_of(id_)) + 2 for id_ in picture.boxes), default=0)
    rows = ("".join(run.text for run in picture.row(y, 0, width)).rstrip() for y in range(picture.layout.height))
    return "\n".join(rows)
