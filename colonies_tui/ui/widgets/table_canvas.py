"""The painted half of a live table: a header line over a window of rows, and strips kept until their row changes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic

from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer

from colonies_tui.ui.cell import Cell
from colonies_tui.ui.format.glyphs import Alphabet, alphabet_of
from colonies_tui.ui.styles import RoleStyles
from colonies_tui.ui.table_glow import BEAT, WHOLE_ROW, Glow
from colonies_tui.ui.table_layout import Column, RowT
from colonies_tui.ui.table_lines import LinePainter, Standing
from colonies_tui.ui.table_order import TableOrder
from colonies_tui.ui.widgets.message_pane import MessageKind, PaneMessage, message_strips

HEADER_LINES = 1
TICK = 1.0
"""Seconds between two looks at cells that depend on the time."""


class TableCanvas(ScrollView, Generic[RowT], can_focus=True, inherit_bindings=False):
    """Paints the rows of a `TableOrder`. Painting costs by the lines that changed, never by the rows there are."""

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    TableCanvas {
        height: 1fr;
        background: $background;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
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
        self._strips: dict[str, Strip] = {}
        self._ticking_cells: dict[str, list[Cell]] = {}
        """What the cells that depend on the time said when their row was painted."""
        self._message = PaneMessage("loading", "Loading")
        self._message_strips: list[Strip] = []
        self._head_scroll: int | None = 0
        """Scroll position while the cursor waits at the head of the table, where new rows come in; else None."""

    def on_mount(self) -> None:
        """Start looking at the clock, if a column depends on it, and at glowing cells, when there are any."""
        self._glow_timer = self.set_interval(BEAT, self._beat, pause=True)
        if any(column.ticks for column in self.columns):
            self.set_interval(TICK, self._tick_if_seen)

    # -- what the table says ---------------------------------------------------------------------------------------

    def set_message(self, kind: MessageKind, title: str, hint: str = "") -> None:
        """Say this while there are no rows on show; plain text."""
        message = PaneMessage(kind, title, hint)
        if message != self._message:
            self._message = message
            self._message_strips = []
            if not self._order.ids:
                self.refresh()

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
        return max(1, self.size.height - HEADER_LINES)

    def _window(self) -> list[str]:
        """Ids of the rows on the screen, from top to bottom."""
        top = self.scroll_offset.y
        return self._order.ids[top : top + self.page_size]

    def _scroll_rows_to(self, top: int) -> None:
        self.scroll_to(y=top, animate=False, force=True, immediate=True)

    def _show_cursor(self) -> None:
        """Scroll just as far as needed to see the cursor."""
        top, cursor = self.scroll_offset.y, self._order.cursor
        if cursor < 0:
            return
        if cursor < top:
            self._scroll_rows_to(cursor)
        elif cursor >= top + self.page_size:
            self._scroll_rows_to(cursor - self.page_size + 1)

    def _standpoint(self) -> tuple[str | None, int]:
        """What the eye rests on: the cursor's row when it is on the screen, else the top row; and its screen line.

        A cursor has no id of its own here (None), as its row may be gone after the update.
        """
        top, cursor = self.scroll_offset.y, self._order.cursor
        if 0 <= cursor - top < self.page_size:
            return None, cursor - top
        ids = self._order.ids
        return (ids[top], 0) if 0 <= top < len(ids) else (None, 0)

    def _rows_moved(self, standpoint: tuple[str | None, int], *, live: bool = False) -> None:
        """After rows came, went or moved: keep what the eye rests on at its screen line, and paint all lines.

        With `live`, a cursor that waits at the head of the table lets new rows push in above it.
        """
        id_, line = standpoint
        at_head = live and self._head_scroll is not None and self._head_scroll == self.scroll_offset.y
        self._resize_rows()
        if id_ is not None:
            position = self._order.position(id_)
            if position is not None:
                self._scroll_rows_to(position - line)
        elif at_head:
            self._head_scroll = max(0, self._order.cursor - self.page_size + 1)
            self._scroll_rows_to(self._head_scroll)
        elif self._order.cursor >= 0:
            self._scroll_rows_to(self._order.cursor - line)
        if not at_head:
            self._note_head()
        self.refresh()

    def _note_head(self) -> None:
        """Remember whether the cursor is on the first row with the table at its top."""
        self._head_scroll = 0 if self._order.cursor <= 0 and self.scroll_offset.y == 0 else None

    def _resize_rows(self) -> None:
        self.virtual_size = Size(self.size.width, len(self._order.ids) + HEADER_LINES)

    # -- painting --------------------------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """Lay the columns out anew; the cursor stays in sight."""
        self._painter = None
        self._resize_rows()
        self._show_cursor()

    def notify_style_update(self) -> None:
        """Look at the theme again before the next line is painted."""
        super().notify_style_update()
        if self._painter is not None and RoleStyles.current(self._painter.roles, self.app) is not self._painter.roles:
            self._painter = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a region. Strips are cached here by row, so Textual's cache by screen line is not needed."""
        filters = self.get_line_filters()
        strips = [self.render_line(y) for y in crop.line_range]
        if filters:
            background = self.background_colors[1]
            for line_filter in filters:
                strips = [strip.apply_filter(line_filter, background) for strip in strips]
        if crop.column_span != (0, self.size.width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def render_line(self, y: int) -> Strip:
        """One line: the header, a row, or a part of the message."""
        painter = self._ready_painter()
        if y < HEADER_LINES:
            return painter.header(self._sort) if self._order.ids else painter.blank()
        ids = self._order.ids
        if not ids:
            if not self._message_strips:
                height = max(0, self.size.height - HEADER_LINES)
                self._message_strips = message_strips(
                    self._message, painter.width, height, painter.roles, painter.alphabet
                )
            line = y - HEADER_LINES
            return self._message_strips[line] if line < len(self._message_strips) else painter.blank()
        position = self.scroll_offset.y + y - HEADER_LINES
        return self._row_strip(painter, ids[position]) if position < len(ids) else painter.blank()

    def _row_strip(self, painter: LinePainter[RowT], id_: str) -> Strip:
        if (strip := self._strips.get(id_)) is None:
            order = self._order
            row = order.rows[id_]
            ground = "base" if id_ != order.cursor_id else "cursor" if self.has_focus else "blurred"
            standing = Standing(ground, id_ in order.marks)
            strip = self._strips[id_] = painter.row(row, self._now, standing, self._glow.of(id_))
            if painter.ticking:
                self._ticking_cells[id_] = painter.ticking_cells(row, self._now)
        return strip

    def _ready_painter(self) -> LinePainter[RowT]:
        """The painter for the size, theme and alphabet of the moment; strips of another one are thrown away."""
        if self._painter is None or self._painter.width != self.size.width:
            roles = RoleStyles.current(self._painter and self._painter.roles, self.app)
            self._painter = LinePainter(self.columns, self.size.width, roles, self._alphabet())
            self._forget_strips()
        elif len(self._strips) > 8 * self.page_size:
            self._forget_strips()
        return self._painter

    def _alphabet(self) -> Alphabet:
        return alphabet_of(self.app)

    def _forget_strips(self, ids: Iterable[str] | None = None) -> None:
        if ids is None:
            self._strips = {}
            self._ticking_cells = {}
            self._message_strips = []
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
        width = self.size.width
        regions = []
        while lines:
            first = last = lines.pop()
            while lines and lines[-1] == first - 1:
                first = lines.pop()
            regions.append(Region(0, first, width, last - first + 1))
        if regions:
            self.refresh(*regions)
