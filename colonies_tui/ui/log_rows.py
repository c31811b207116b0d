"""Which screen row shows which part of which log line, under wrapping and filtering. Pure model.

Unwrapped and unfiltered, row and line differ by a constant and nothing is stored. Otherwise the first row of every
item is: adding lines stays proportional to what is added, looking up takes a binary search.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Literal, NamedTuple

from colonies_tui.ui.format import cells
from colonies_tui.ui.log_buffer import LogBuffer, shown_text

RowKind = Literal["line", "skip", "dropped"]


class RowPlace(NamedTuple):
    """What one row shows."""

    kind: RowKind
    """``skip`` stands between groups of filtered lines, ``dropped`` above everything when lines fell out."""
    serial: int
    """The line; for the other kinds the line that follows."""
    part: int
    """Which of the line's wrapped rows, from 0."""


class LogRows:
    """The rows of a buffer. Its owner tells it of every change of the buffer."""

    def __init__(self, buffer: LogBuffer) -> None:
        self._buffer = buffer
        self._wrap_width: int | None = None
        self._context = 0
        self._items: array[int] | None = None
        """Serials of the lines that pass the filter, with their context; ``None`` for all lines."""
        self._tops: array[int] | None = None
        """First row of every item and, last, the end; counted from ``_tops[0]``. ``None``: one row a line."""
        self._tail_until = 0
        """Serial up to which lines are context of the last match, should they come."""

    @property
    def is_filtered(self) -> bool:
        """Whether some lines may have no row."""
        return self._items is not None

    @property
    def line_count(self) -> int:
        """How many lines have rows."""
        return len(self._buffer) if self._items is None else len(self._items)

    def __len__(self) -> int:
        rows = len(self._buffer) if self._tops is None else self._tops[-1] - self._tops[0]
        return rows + self._header

    @property
    def _header(self) -> int:
        return 1 if self._buffer.dropped and self._items is None else 0

    def rebuild(self, *, wrap_width: int | None, matches: Sequence[int] | None, context: int = 0) -> None:
        """Lay all rows out anew.

        Args:
            wrap_width: cells a row has for text, ``None`` for unwrapped lines.
            matches: ascending serials that pass the filter, ``None`` for no filter.
            context: lines shown before and after each match.
        """
        self._wrap_width = wrap_width
        self._context = context
        self._items = None if matches is None else array("q")
        self._tops = None if wrap_width is None and matches is None else array("q", [0])
        self._tail_until = self._buffer.first - 1
        self.appended(self._buffer.first, matches or ())

    def appended(self, start: int, matches: Sequence[int]) -> None:
        """Add the lines from ``start`` on, of which ``matches`` pass the filter."""
        start = max(start, self._buffer.first)
        if self._tops is None:
            return
        if self._items is None:
            heights = self._heights(self._buffer.raw_between(start, self._buffer.end))
        else:
            heights = self._add_items(self._items, self._filtered(self._items, start, matches))
        row = self._tops[-1]
        tops = array("q")
        for height in heights:
            row += height
            tops.append(row)
        self._tops.extend(tops)

    def trimmed(self) -> None:
        """Take away the rows of lines that the buffer has dropped."""
        first = self._buffer.first
        if self._tops is None:
            return
        if self._items is None:
            del self._tops[: len(self._tops) - 1 - len(self._buffer)]
            return
        count = bisect_left(self._items, first)
        if count:
            had_skip = count < len(self._items) and self._has_skip(count)
            del self._items[:count], self._tops[:count]
            if had_skip:
                self._tops[0] += 1

    def locate(self, row: int) -> RowPlace | None:
        """Return what a row shows, ``None`` below the end."""
        row -= self._header
        if row < 0:
            return RowPlace("dropped", self._buffer.first, 0)
        if self._tops is None:
            return RowPlace("line", self._buffer.first + row, 0) if row < len(self._buffer) else None
        row += self._tops[0]
        if row >= self._tops[-1]:
            return None
        index = bisect_right(self._tops, row) - 1
        serial = self._buffer.first + index if self._items is None else self._items[index]
        part = row - self._tops[index]
        if self._has_skip(index):
            return RowPlace("skip", serial, 0) if part == 0 else RowPlace("line", serial, part - 1)
        return RowPlace("line", serial, part)

    def row_of(self, serial: int) -> int:
        """Return the first row of a line; of the next line that has rows when this one has none."""
        index = self._index_of(serial)
        if self._tops is None:
            return self._header + index
        skip = 1 if index < len(self._tops) - 1 and self._has_skip(index) else 0
        return self._header + self._tops[index] - self._tops[0] + skip

    def height_of(self, serial: int) -> int:
        """Return how many rows a line has."""
        if self._tops is None:
            return 1
        index = self._index_of(serial)
        if index >= len(self._tops) - 1:
            return 1
        return self._tops[index + 1] - self._tops[index] - (1 if self._has_skip(index) else 0)

    def nearest(self, serial: int) -> int | None:
        """Return the line itself when it has rows, else the next that has, else the last; ``None`` without any."""
        if not self.line_count:
            return None
        return self.step(serial, 0)

    def step(self, serial: int, lines: int) -> int:
        """Return the line so many lines further down (up when negative), staying within what has rows."""
        index = min(max(self._index_of(serial) + lines, 0), max(self.line_count - 1, 0))
        return self._buffer.first + index if self._items is None or not self._items else self._items[index]

    def _index_of(self, serial: int) -> int:
        if self._items is not None:
            return bisect_left(self._items, serial)
        return min(max(serial - self._buffer.first, 0), len(self._buffer))

    def _has_skip(self, index: int) -> bool:
        if self._items is None or not self._context or index == 0:
            return False
        return self._items[index] != self._items[index - 1] + 1

    def _filtered(self, items: array[int], start: int, matches: Sequence[int]) -> list[int]:
        """Return what the lines from ``start`` on add to the items: matches with context, some of it older."""
        first, last_line = self._buffer.first, self._buffer.end - 1
        last = max(items[-1], first - 1) if items else first - 1
        added: list[int] = []

        def reach(until: int) -> None:
            nonlocal last
            until = min(until, last_line)
            if until > last:
                added.extend(range(last + 1, until + 1))
                last = until

        if items:
            reach(self._tail_until)
        for match in matches:
            last = max(last, match - self._context - 1)
            reach(match + self._context)
            self._tail_until = match + self._context
        return added

    def _add_items(self, items: array[int], serials: list[int]) -> list[int]:
        """Add items and return their heights."""
        start = len(items)
        items.extend(serials)
        heights = self._heights([self._buffer.raw(serial) for serial in serials])
        if self._context:
            for offset in range(len(serials)):
                heights[offset] += self._has_skip(start + offset)
        return heights

    def _heights(self, texts: Sequence[str]) -> list[int]:
        width = self._wrap_width
        if width is None:
            return [1] * len(texts)
        return [
            (-(-len(text) // width) or 1)
            if text.isascii() and text.isprintable()
            else len(cells.wrap(shown_text(text), width))
            for text in texts
        ]
