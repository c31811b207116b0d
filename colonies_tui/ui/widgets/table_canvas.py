"""The painted half of a live table: a header line over a window of rows, and strips kept until their row changes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic

from textual import events
from textual.filter import ANSIToTruecolor, DimFilter, LineFilter
from textual.geometry import Offset, Region
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from colonies_tui.ui.cell import Cell
from colonies_tui.ui.every import every
from colonies_tui.ui.format.glyphs import Alphabet, alphabet_of
from colonies_tui.ui.line_screen import repaint
from colonies_tui.ui.styles import Ground, RoleStyles
from colonies_tui.ui.table_glow import BEAT, WHOLE_ROW, Glow
from colonies_tui.ui.table_layout import Column, RowT
from colonies_tui.ui.table_lines import LinePainter, Standing
from colonies_tui.ui.table_order import TableOrder
from colonies_tui.ui.widgets.message_pane import MessageKind, PaneMessage, message_strips

HEADER_LINES = 1
WHEEL_ROWS = 3
"""Rows scrolled by a turn of the mouse wheel."""
TICK = 1.0
"""Seconds between two looks at cells that depend on the time."""


class TableCanvas(Widget, Generic[RowT], can_focus=True, inherit_bindings=False):
    """Paints the rows of a `TableOrder`. Painting costs by the lines that changed, never by the rows there are.

    It scrolls by itself: Textual's scrolling lays the whole screen out again whenever a row comes or goes.
    """

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    TableCanvas {
        width: 1fr;
        height: 1fr;
        background: $background;
    }
    """

    def __init__(
        self,
        columns: Sequence[Column[RowT]],
        *,
        clock: Callable[[], float] = time.time,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        """Make an empty table; `clock` gives unix seconds for cells that depend on the time."""
        super().__init__(id=id, classes=classes)
        self.columns = tuple(columns)
        self._order: TableOrder[RowT] = TableOrder()
        self._sort: tuple[str, bool] | None = None
        self._clock = clock
        self._now = clock()
        """Unix seconds all rows on the screen are painted for; moves on for all of them at once, so that ages agree."""
        self._glow = Glow()
        self._glow_timer: Timer | None = None
        self._painter: LinePainter[RowT] | None = None
        self._width, self._height = 0, 0
        self._top = 0
        self._dragging = False
        self._strips: dict[str, Strip] = {}
        """Painted rows by id, also some that are not on the screen at the moment."""
        self._lines: list[Strip] = []
        """The lines on the screen; empty when all have to be put together anew."""
        self._stale_lines: set[int] = set()
        """Of those, the ones to be painted anew."""
        self._ticking_cells: dict[str, list[Cell]] = {}
        """What the cells that depend on the time said when their row was painted."""
        self._watched: frozenset[str] = frozenset()
        """Ids of the rows that are watched."""
        self._message = PaneMessage("loading", "Loading")
        self._message_strips: list[Strip] = []
        self._head_scroll: int | None = 0
        """Scroll position while the cursor waits at the head of the table, where new rows come in; else None."""

    def on_mount(self) -> None:
        """Start looking at the clock, if a column depends on it, and at glowing cells, when there are any."""
        self._glow_timer = self.set_interval(BEAT, self._beat, pause=True)
        if any(column.ticks for column in self.columns):
            every(self, TICK, self._tick_if_seen)

    # -- what the table says ---------------------------------------------------------------------------------------

    def set_columns(self, columns: Sequence[Column[RowT]]) -> None:
        """Show other columns of the same rows; for tables that are in their natural order."""
        self.columns = tuple(columns)
        self._painter = None
        self._refresh_all()

    def set_message(self, kind: MessageKind, title: str, hint: str = "") -> None:
        """Say this while there are no rows on show; plain text."""
        message = PaneMessage(kind, title, hint)
        if message != self._message:
            self._message = message
            self._message_strips = []
            if not self._order.ids:
                self._refresh_all()

    def set_watched(self, ids: frozenset[str]) -> None:
        """Give these rows the small sign of what is watched, and no others."""
        if ids != self._watched:
            different, self._watched = ids ^ self._watched, ids
            self._repaint_rows(different)

    def tick(self, now: float) -> None:
        """Paint anew the rows on the screen whose cells say something else at `now` (unix seconds)."""
        self._now, painter = now, self._painter
        if painter is None or not painter.ticking:
            return
        old_strips, old_cells = self._strips, self._ticking_cells
        self._strips, self._ticking_cells = {}, {}
        different = []
        for id_ in self._window():
            if (strip := old_strips.get(id_)) is not None and id_ in old_cells:
                if painter.ticking_cells(self._order.rows[id_], now) == old_cells[id_]:
                    self._strips[id_], self._ticking_cells[id_] = strip, old_cells[id_]
                    continue
                different.append(id_)
        self._refresh_rows(different)

    def _tick_if_seen(self) -> None:
        now = self._clock()
        if now - self._now >= TICK / 2 and self.is_on_screen and self.screen.is_current:
            self.tick(now)

    # -- glow ------------------------------------------------------------------------------------------------------

    def _light(self, changed: Mapping[str, frozenset[str]], before: Mapping[str, RowT]) -> None:
        """Make the changed cells on the screen glow; when most of the page has changed nothing would stand out."""
        if self._glow_timer is None or self.app.animation_level == "none":
            return
        window = self._window()
        lit = [id_ for id_ in window if id_ in changed]
        if not lit or len(lit) > max(4, len(window) // 2):
            return
        for id_ in lit:
            fields = changed[id_]
            if id_ not in before:
                self._glow.light(id_, (WHOLE_ROW,))
            else:
                self._glow.light(id_, (i for i, column in enumerate(self.columns) if column.fields & fields))
        if self._glow:
            self._glow_timer.resume()

    def _beat(self) -> None:
        different = self._glow.beat()
        if not self._glow and self._glow_timer is not None:
            self._glow_timer.pause()
        self._repaint_rows(different)

    # -- scrolling -------------------------------------------------------------------------------------------------

    @property
    def page_size(self) -> int:
        """Rows that fit on the screen at once, at least 1."""
        return max(1, self._height - HEADER_LINES)

    @property
    def top(self) -> int:
        """Position of the first row on the screen."""
        return self._top

    @property
    def scroll_offset(self) -> Offset:
        """How far the table is scrolled, in rows; Textual's own scrolling is not used."""
        return Offset(0, self._top)

    def ids_on_screen(self) -> Sequence[str]:
        """Ids of the rows on the screen, from top to bottom."""
        return self._window()

    def _window(self) -> list[str]:
        return self._order.ids[self._top : self._top + self.page_size]

    def _scroll_rows_to(self, top: int) -> None:
        top = max(0, min(top, len(self._order.ids) - self.page_size))
        if top != self._top:
            self._top = top
            self._refresh_all()

    def _show_cursor(self) -> None:
        """Scroll just as far as needed to see the cursor."""
        cursor = self._order.cursor
        if cursor < 0:
            return
        if cursor < self._top:
            self._scroll_rows_to(cursor)
        elif cursor >= self._top + self.page_size:
            self._scroll_rows_to(cursor - self.page_size + 1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll; the cursor stays on its row."""
        event.stop()
        self._scroll_rows_to(self._top + WHEEL_ROWS)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll; the cursor stays on its row."""
        event.stop()
        self._scroll_rows_to(self._top - WHEEL_ROWS)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the scroll bar."""
        if self._is_on_bar(event.x):
            self._dragging = True
            self.capture_mouse()
            self._drag_to(event.y)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag the scroll bar."""
        if self._dragging:
            self._drag_to(event.y)

    def on_mouse_up(self) -> None:
        """Let the scroll bar go."""
        if self._dragging:
            self._dragging = False
            self.release_mouse()

    def _is_on_bar(self, x: int) -> bool:
        return x >= self._width - 1 and len(self._order.ids) > self.page_size

    def _drag_to(self, y: int) -> None:
        beyond = len(self._order.ids) - self.page_size
        self._scroll_rows_to(round((y - HEADER_LINES) / max(1, self.page_size - 1) * beyond))

    def _thumb(self) -> range:
        """Lines that the thumb of the scroll bar covers; none when all rows are on the screen."""
        count, page = len(self._order.ids), self.page_size
        if count <= page:
            return range(0)
        size = max(1, round(page * page / count))
        first = HEADER_LINES + round(self._top / (count - page) * (page - size))
        return range(first, first + size)

    def _standpoint(self) -> tuple[str | None, int]:
        """What the eye rests on: the cursor's row when it is on the screen, else the top row; and its screen line.

        A cursor has no id of its own here (None), as its row may be gone after the update.
        """
        line, ids = self._order.cursor - self._top, self._order.ids
        if 0 <= line < self.page_size or not ids:
            return None, max(0, line)
        return ids[self._top], 0

    def _rows_moved(self, standpoint: tuple[str | None, int], *, live: bool = False) -> None:
        """After rows came, went or moved: keep what the eye rests on at its screen line, and paint all lines.

        With `live`, a cursor that waits at the head of the table lets new rows push in above it.
        """
        id_, line = standpoint
        at_head = live and self._head_scroll is not None and self._head_scroll == self._top
        top = self._top
        if id_ is not None:
            position = self._order.position(id_)
            top = top if position is None else position
        elif at_head:
            top = self._head_scroll = max(0, self._order.cursor - self.page_size + 1)
        elif self._order.cursor >= 0:
            top = self._order.cursor - line
        self._scroll_rows_to(top)
        if not at_head:
            self._note_head()
        self._refresh_all()

    def _note_head(self) -> None:
        """Remember whether the cursor is on the first row with the table at its top."""
        self._head_scroll = 0 if self._order.cursor <= 0 and self._top == 0 else None

    # -- painting --------------------------------------------------------------------------------------------------

    def on_resize(self, event: events.Resize) -> None:
        """Lay the columns out anew; the cursor stays in sight."""
        self._width, self._height = event.size
        self._refresh_all()
        self._scroll_rows_to(self._top)
        self._show_cursor()

    def notify_style_update(self) -> None:
        """Look at the theme again before the next line is painted."""
        super().notify_style_update()
        if self._painter is not None and RoleStyles.current(self._painter.roles, self.app) is not self._painter.roles:
            self._painter = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a region, which is nearly always the whole of the table, whatever needs painting."""
        strips = self._ready_lines()[crop.y : crop.bottom]
        for line_filter in self._line_filters():
            background = self.background_colors[1]
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        if crop.column_span != (0, self._width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def render_line(self, y: int) -> Strip:
        """One line: the header, a row, or a part of the message."""
        lines = self._ready_lines()
        return lines[y] if y < len(lines) else Strip.blank(self._width)

    def _line_filters(self) -> Sequence[LineFilter]:
        """Filters that change anything here: strips have no dim style, and terminal colours only in a theme of them."""
        filters = self.get_line_filters()
        if self.app.current_theme.ansi:
            return filters
        return [f for f in filters if not isinstance(f, (ANSIToTruecolor, DimFilter))]

    def _ready_lines(self) -> list[Strip]:
        """All lines on the screen, painted."""
        painter = self._ready_painter()
        wanted: Iterable[int] = self._stale_lines
        if len(self._lines) != self._height:
            self._lines = [painter.blank()] * self._height
            wanted = range(self._height)
        if wanted:
            window, thumb = self._window(), self._thumb()
            for y in wanted:
                self._lines[y] = self._painted_line(painter, y, window, thumb)
            self._stale_lines = set()
        return self._lines

    def _painted_line(self, painter: LinePainter[RowT], y: int, window: Sequence[str], thumb: range) -> Strip:
        line = y - HEADER_LINES
        if not window:
            message = self._message_lines(painter)
            return message[line] if 0 <= line < len(message) else painter.blank()
        if line < 0:
            return painter.header(self._sort)
        strip = self._row_strip(painter, window[line]) if line < len(window) else painter.blank()
        return painter.with_thumb(strip) if y in thumb else strip

    def _message_lines(self, painter: LinePainter[RowT]) -> list[Strip]:
        if not self._message_strips:
            height = max(0, self._height - HEADER_LINES)
            self._message_strips = message_strips(self._message, painter.width, height, painter.roles, painter.alphabet)
        return self._message_strips

    def _row_strip(self, painter: LinePainter[RowT], id_: str) -> Strip:
        if (strip := self._strips.get(id_)) is None:
            order = self._order
            row = order.rows[id_]
            ground: Ground = "base" if id_ != order.cursor_id else "cursor" if self.has_focus else "blurred"
            standing = Standing(ground, id_ in order.marks, id_ in self._watched)
            strip = self._strips[id_] = painter.row(row, self._now, standing, self._glow.of(id_))
            if painter.ticking:
                self._ticking_cells[id_] = painter.ticking_cells(row, self._now)
        return strip

    def _ready_painter(self) -> LinePainter[RowT]:
        """The painter for the size, theme and alphabet of the moment; strips of another one are thrown away."""
        self._width, self._height = self.size
        if self._painter is None or self._painter.width != self._width:
            roles = RoleStyles.current(None if self._painter is None else self._painter.roles, self.app)
            self._painter = LinePainter(self.columns, self._width, roles, self._alphabet())
            self._forget_strips()
        elif len(self._strips) > 8 * self.page_size:
            self._strips, self._ticking_cells = {}, {}
        return self._painter

    def _alphabet(self) -> Alphabet:
        return alphabet_of(self.app)

    def _forget_strips(self, ids: Iterable[str] | None = None) -> None:
        if ids is None:
            self._strips = {}
            self._ticking_cells = {}
            self._message_strips = []
            self._lines = []
            return
        for id_ in ids:
            self._strips.pop(id_, None)
            self._ticking_cells.pop(id_, None)

    def _repaint_rows(self, ids: Iterable[str | None]) -> None:
        """Throw the strips of rows away and have the lines of those on the screen painted."""
        known = {id_ for id_ in ids if id_ is not None}
        self._forget_strips(known)
        self._refresh_rows(known)

    def _refresh_rows(self, ids: Iterable[str]) -> None:
        """Have the lines of rows painted that are on the screen; neighbouring lines go together."""
        wanted = ids if isinstance(ids, (set, frozenset, dict)) else set(ids)
        if not wanted:
            return
        lines = [line for line, id_ in enumerate(self._window(), HEADER_LINES) if id_ in wanted]
        self._stale_lines.update(lines)
        regions = []
        while lines:
            first = last = lines.pop()
            while lines and lines[-1] == first - 1:
                first = lines.pop()
            regions.append(Region(0, first, self._width, last - first + 1))
        if regions:
            repaint(self, *regions)

    def _refresh_header(self) -> None:
        """Have the header painted."""
        self._stale_lines.update(range(min(HEADER_LINES, self._height)))
        self.refresh(Region(0, 0, self._width, HEADER_LINES))

    def _refresh_all(self) -> None:
        """Have every line put together anew; rows that have not changed are not painted anew."""
        self._lines = []
        self._stale_lines = set()
        self.refresh()
