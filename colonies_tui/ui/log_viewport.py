"""Where a reader is in a log: the rows on the screen, the cursor's line, and whether the end is followed. Pure model.

The text moves under the cursor as in a pager while there is text to move; at the ends of the log the cursor moves.
Whatever happens to the lines, the cursor's line stays on its row of the screen.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from colonies_tui.ui.log_model import LogModel


class LogViewport:
    """A window of ``height`` rows on the rows of a model."""

    def __init__(self, model: LogModel) -> None:
        self._model = model
        self._rows = model.rows
        self.height = 1
        """Rows on the screen."""
        self.top = 0
        """Row of the log that is the first on the screen."""
        self.cursor = 0
        """Serial of the cursor's line; the last line while following."""
        self.following = True
        """Whether the window stays at the end as lines come."""
        self.unseen = 0
        """Lines that came while not following."""

    @property
    def max_top(self) -> int:
        """Highest value of ``top``."""
        return max(len(self._rows) - self.height, 0)

    @property
    def thumb(self) -> tuple[int, int]:
        """Rows of the screen from which up to but without which a scroll bar's thumb reaches."""
        rows = max(len(self._rows), 1)
        size = min(max(self.height * self.height // rows, 1), self.height)
        first = round((self.height - size) * self.top / self.max_top) if self.max_top else 0
        return first, first + size

    def top_for(self, screen_row: int) -> int:
        """Return the value of ``top`` that puts the thumb's middle on a row of the screen."""
        first, end = self.thumb
        room = max(self.height - (end - first), 1)
        share = (screen_row - (end - first) / 2 + 0.5) / room
        return round(min(max(share, 0.0), 1.0) * self.max_top)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Change lines, rows or height without moving what the reader looks at; while following, stay at the end."""
        row = self._cursor_row()
        was_empty = not self._rows.line_count
        end = self._model.buffer.end
        yield
        if self.following or was_empty:
            self.to_end()
        else:
            self.unseen += max(self._model.buffer.end - end, 0)
            nearest = self._rows.nearest(self.cursor)
            if nearest is not None:
                self.cursor = nearest
            self._show_at(row)

    def follow(self) -> None:
        """Stay at the end from now on."""
        self.following = True
        self.unseen = 0
        self.to_end()

    def pause(self) -> None:
        """Stay here from now on."""
        self.following = False

    def to_end(self) -> None:
        """Put the cursor on the last line."""
        self.top = self.max_top
        if self._rows.line_count:
            self.cursor = self._rows.step(self._model.buffer.end, 0)

    def to_start(self) -> None:
        """Put the cursor on the first line."""
        self.pause()
        self.top = 0
        if self._rows.line_count:
            self.cursor = self._rows.step(self._model.buffer.first, 0)

    def step(self, lines: int) -> None:
        """Move by lines; moving down while following changes nothing."""
        if (self.following and lines > 0) or not self._rows.line_count:
            return
        self.pause()
        row = self._cursor_row()
        self.cursor = self._rows.step(self.cursor, lines)
        self._show_at(row)

    def page(self, pages: float) -> None:
        """Move by pages or parts of one."""
        if self.following and pages > 0:
            return
        self.pause()
        rows = int((self.height - 1) * pages) or (1 if pages > 0 else -1)
        before = self.top
        if self.scroll(before + rows) == before:
            self._cursor_to(self._rows.row_of(self.cursor) + rows)

    def scroll(self, top: int) -> int:
        """Move the window, the cursor keeping its row of the screen, and return where it is; upwards pauses."""
        top = min(max(top, 0), self.max_top)
        if top == self.top:
            return top
        if top < self.top:
            self.pause()
        row = self._cursor_row()
        self.top = top
        if not self.following:
            self._cursor_to(top + row)
        return top

    def go_to(self, serial: int) -> None:
        """Put the cursor on a line, without moving the window when the line is on it, else in its middle."""
        self.pause()
        nearest = self._rows.nearest(serial)
        if nearest is None:
            return
        self.cursor = nearest
        row = self._rows.row_of(nearest) - self.top
        free = self.height - (1 if self.height > 3 else 0)  # the last row is where the view says what is new
        on_screen = 0 <= row <= free - self._rows.height_of(nearest)
        self._show_at(row if on_screen else self.height // 2)

    def _cursor_row(self) -> int:
        """Return the row of the screen that the cursor's line begins on, the nearest when it is off the screen."""
        return min(max(self._rows.row_of(self.cursor) - self.top, 0), self.height - 1)

    def _show_at(self, screen_row: int) -> None:
        """Move the window so that the cursor's line is on a row of the screen, as far as the ends allow."""
        room = max(self.height - self._rows.height_of(self.cursor), 0)
        top = self._rows.row_of(self.cursor) - min(max(screen_row, 0), room)
        self.top = min(max(top, 0), self.max_top)

    def _cursor_to(self, row: int) -> None:
        row = min(max(row, self.top), self.top + self.height - 1, len(self._rows) - 1)
        place = self._rows.locate(row) if row >= 0 else None
        if place is not None:
            self.cursor = place.serial
