"""A table of many rows that change all the time: cursor and marks stay on ids, and only what changed is painted."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from colonies_tui.ui.history import Stand
from colonies_tui.ui.table_layout import Column, RowT
from colonies_tui.ui.table_order import Loss
from colonies_tui.ui.widgets.table_canvas import HEADER_LINES, TICK, TableCanvas

__all__ = ["Column", "LiveTable"]

FRAME = 1 / 60
"""Shortest time in seconds between two paints at once; keys that come faster are painted together."""


class LiveTable(TableCanvas[RowT], inherit_bindings=False):
    """Rows of type `RowT`, kept by id, painted line by line.

    The widget knows nothing of what its rows are: columns turn a row into cells, `update_rows` takes whole snapshots.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open", id="table.open"),
        Binding("space", "toggle_mark", "mark", id="table.mark"),
        Binding("v", "mark_range", "mark up to here", show=False, id="table.mark-range"),
        Binding("escape", "clear_marks", "clear marks", id="table.clear-marks"),
        Binding("S", "cycle_sort", "sort", id="table.sort"),
        Binding("I", "invert_sort", "invert order", show=False, id="table.invert-sort"),
        Binding("y", "copy", "copy the id", show=False, id="table.copy"),
        Binding("E", "export", "export", show=False, id="table.export"),
        Binding("j,down", "move(1)", "down", show=False, id="table.down"),
        Binding("k,up", "move(-1)", "up", show=False, id="table.up"),
        Binding("g,home", "top", "first row", show=False, id="table.top"),
        Binding("G,end", "bottom", "last row", show=False, id="table.bottom"),
        Binding("ctrl+d", "page(0.5)", "half a page down", show=False, id="table.half-page-down"),
        Binding("ctrl+u", "page(-0.5)", "half a page up", show=False, id="table.half-page-up"),
        Binding("pagedown", "page(1.0)", "page down", show=False, id="table.page-down"),
        Binding("pageup", "page(-1.0)", "page up", show=False, id="table.page-up"),
    ]

    class TableMessage(Message):
        """Something about a table."""

        def __init__(self, table: LiveTable[Any]) -> None:
            super().__init__()
            self.table = table

        @property
        def control(self) -> LiveTable[Any]:
            """The table."""
            return self.table

    class CursorMoved(TableMessage):
        """The cursor is on another row, `id`; None when there are no rows.

        `lost` says that nobody asked for it: the row under the cursor was removed, or hidden by the filter.
        """

        def __init__(self, table: LiveTable[Any], id_: str | None, lost: Loss | None) -> None:
            super().__init__(table)
            self.id = id_
            self.lost = lost

    class Opened(TableMessage):
        """A row was opened, by enter or a second click."""

        def __init__(self, table: LiveTable[Any], id_: str) -> None:
            super().__init__(table)
            self.id = id_

    class CopyWanted(TableMessage):
        """What names the row under the cursor is to be copied."""

    class ExportWanted(TableMessage):
        """The rows on show are to be written to a file."""

    class MarksChanged(TableMessage):
        """Other rows are marked now."""

        def __init__(self, table: LiveTable[Any], marks: frozenset[str]) -> None:
            super().__init__(table)
            self.marks = marks

    class SortChanged(TableMessage):
        """The table is sorted by another column, or the other way round; None is the natural order."""

        def __init__(self, table: LiveTable[Any], sort: tuple[str, bool] | None) -> None:
            super().__init__(table)
            self.sort = sort

    def __init__(
        self,
        columns: Sequence[Column[RowT]],
        *,
        sort: tuple[str, bool] | None = None,
        rests_at_top: bool = False,
        clock: Callable[[], float] = time.time,
        copies: Callable[[RowT], str] | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        """Make an empty table.

        Args:
            columns: From left to right.
            sort: Key of the column to sort by and whether in descending order; None is the natural order.
            rests_at_top: A cursor on the first row stays on the first row, whichever that is, until it is moved: for
                tables whose order is the news. In others it stays on its row and goes with it.
            clock: Unix seconds, for cells that depend on the time.
            copies: What names a row when it is copied; None: its id.

        Raises:
            KeyError: `sort` names no column, or one that cannot be sorted by.
        """
        super().__init__(columns, clock=clock, id=id, classes=classes)
        self._first_sort = sort
        self._copies = copies
        self._rests_at_top = rests_at_top
        self._painted_at = 0.0
        self._clicked_id: str | None = None
        self._apply_sort(sort)

    # -- rows ------------------------------------------------------------------------------------------------------

    def update_rows(self, rows: Mapping[str, RowT], changed: Mapping[str, frozenset[str]] | None, now: float) -> None:
        """Show the next snapshot.

        Args:
            rows: Every row by id, in natural order; not to be changed afterwards.
            changed: Ids that were added (no fields), changed (which fields) or removed; None: anything may differ.
            now: Unix seconds.
        """
        before, cursor_before, marks_before = self._order.rows, self.cursor_id, self.marks
        self._forget_strips(changed)
        standpoint = self._standpoint()
        moved = self._order.update(rows, changed)
        if moved and self._rests_at_top and self._head_scroll == self._top == 0:
            self._order.move_to_position(0)
        if moved:
            self._rows_moved(standpoint, live=True)
        elif changed is None:
            self._refresh_all()
        if changed:
            self._light(changed, before)
            if not moved:
                self._refresh_rows(changed)
        if changed is None:
            self._now = now
        elif not 0 <= now - self._now < TICK:
            self.tick(now)
        self._tell(cursor_before, marks_before)

    @property
    def rows(self) -> Mapping[str, RowT]:
        """The whole snapshot, hidden rows included."""
        return self._order.rows

    @property
    def row_count(self) -> int:
        """Rows on show."""
        return len(self._order.ids)

    @property
    def hidden_count(self) -> int:
        """Rows that the filter hides."""
        return self._order.hidden_count

    def rows_on_show(self) -> list[RowT]:
        """Rows that the filter lets through, in order, as they are now."""
        return [self._order.rows[id_] for id_ in self._order.ids]

    @property
    def copied(self) -> str:
        """What names the row under the cursor: its id, or its name where that is its id; empty for no row."""
        row = self.cursor_row
        return "" if row is None else (self.cursor_id or "") if self._copies is None else self._copies(row)

    def visible_ids(self) -> Sequence[str]:
        """Ids of the rows on show, in order. Not to be changed."""
        return self._order.ids

    def set_filter(self, predicate: Callable[[RowT], bool] | None) -> None:
        """Show only rows that satisfy `predicate`; None shows all."""
        cursor_before = self.cursor_id
        standpoint = self._standpoint()
        if self._order.set_filter(predicate):
            self._rows_moved(standpoint)
        self._tell(cursor_before, self.marks)

    # -- sorting ---------------------------------------------------------------------------------------------------

    @property
    def sort(self) -> tuple[str, bool] | None:
        """Key of the sorted column and whether in descending order; None is the natural order."""
        return self._sort

    def set_sort(self, key: str | None, reverse: bool = False) -> None:
        """Sort by a column; None gives the natural order.

        The cursor stays on its row, unless it waits at the head of the table: then it stays at the head.

        Raises:
            KeyError: no such column, or it cannot be sorted by.
        """
        sort = None if key is None else (key, reverse)
        if sort == self._sort:
            return
        standpoint, cursor_before = self._standpoint(), self.cursor_id
        if self._apply_sort(sort):
            if self._head_scroll is not None:
                self._order.move_to_position(0)
            self._rows_moved(standpoint)
        self._tell(cursor_before, self.marks)
        self._refresh_header()
        self.post_message(self.SortChanged(self, sort))

    def action_cycle_sort(self) -> None:
        """Sort by the next column that can be; after the last one as in the beginning, if that was another order."""
        sorts: list[tuple[str, bool] | None] = [(c.key, False) for c in self.columns if c.sort is not None]
        if self._first_sort is None:
            sorts.append(None)
        if not sorts:
            return
        keys = [sort and sort[0] for sort in sorts]
        key = self._sort and self._sort[0]
        following = sorts[(keys.index(key) + 1) % len(sorts)] if key in keys else sorts[0]
        self.set_sort(*(following or (None, False)))

    def action_invert_sort(self) -> None:
        """Sort by the same column the other way round."""
        if self._sort is not None:
            self.set_sort(self._sort[0], not self._sort[1])

    def _apply_sort(self, sort: tuple[str, bool] | None) -> bool:
        if sort is None:
            self._sort = None
            return self._order.set_sort(None, False)
        key = next((column.sort for column in self.columns if column.key == sort[0]), None)
        if key is None:
            raise KeyError(sort[0])
        self._sort = sort
        return self._order.set_sort(key, sort[1])

    # -- cursor and marks ------------------------------------------------------------------------------------------

    @property
    def cursor_id(self) -> str | None:
        """Id of the row under the cursor; None when there are no rows."""
        return self._order.cursor_id

    @property
    def cursor_row(self) -> RowT | None:
        """The row under the cursor; None when there are no rows."""
        return None if self.cursor_id is None else self._order.rows[self.cursor_id]

    @property
    def cursor_lost(self) -> Loss | None:
        """Why the cursor is on another row than the one last chosen; None when it is where it was put."""
        return self._order.lost

    @property
    def marks(self) -> frozenset[str]:
        """Marked ids, also of rows that the filter hides."""
        return self._order.marks

    def move_to(self, id_: str) -> bool:
        """Put the cursor on a row. Returns False when that row is not on show."""
        before = self.cursor_id
        found = self._order.move_to(id_)
        if found:
            self._cursor_moved(before)
        return found

    @property
    def stand(self) -> Stand:
        """How the table stands: what is under the cursor, and what is its first row on the screen."""
        return Stand(self.cursor_id, next(iter(self.ids_on_screen()), None))

    def stand_at(self, stand: Stand) -> None:
        """Stand as the table once stood, as far as the rows of then are on show."""
        if stand.cursor_id is not None:
            self.move_to(stand.cursor_id)
        top = None if stand.top_id is None else self._order.position(stand.top_id)
        if top is not None:
            self._scroll_rows_to(top)
            self._show_cursor()
            self._note_head()

    def toggle_mark(self) -> None:
        """Mark the row under the cursor, or take its mark away."""
        self._change_marks(self._order.toggle_mark)

    def mark_range(self) -> None:
        """Mark the rows from the one last marked to the one under the cursor."""
        self._change_marks(self._order.mark_range)

    def clear_marks(self) -> None:
        """Take all marks away."""
        self._change_marks(self._order.clear_marks)

    def unmark(self, ids: Collection[str]) -> None:
        """Take the marks of some rows away."""
        self._change_marks(lambda: self._order.unmark(ids))

    def _change_marks(self, change: Callable[[], bool]) -> None:
        before = self.marks
        if change() and self.marks != before:
            self._repaint_rows(self.marks ^ before)
            self._tell(self.cursor_id, before)

    def _move(self, move: Callable[[], bool]) -> None:
        """Let the user move the cursor."""
        before = self.cursor_id
        move()
        self._cursor_moved(before)
        self._paint_now()

    def _paint_now(self) -> None:
        """Show at once what a key did, where the toolkit would wait for its next frame; but not faster than frames."""
        now = time.monotonic()
        if now - self._painted_at >= FRAME and self.is_on_screen:
            self._painted_at = now
            self.screen._dirty_widgets.add(self)
            self.screen._on_timer_update()

    def _cursor_moved(self, before: str | None) -> None:
        """After a movement that was asked for."""
        self._clicked_id = None
        if self.cursor_id != before:
            self._repaint_rows((before, self.cursor_id))
        self._show_cursor()
        self._note_head()
        self._tell(before, self.marks)

    def _tell(self, cursor_before: str | None, marks_before: frozenset[str]) -> None:
        """Post what is different now."""
        if self.cursor_id != cursor_before:
            self._forget_strips([id_ for id_ in (cursor_before, self.cursor_id) if id_ is not None])
            self.post_message(self.CursorMoved(self, self.cursor_id, self._order.lost))
            if cursor_before is None or self.cursor_id is None:
                self.refresh_bindings()
        if self.marks != marks_before:
            self.post_message(self.MarksChanged(self, self.marks))
            if not (self.marks and marks_before):
                self.refresh_bindings()

    # -- keys ------------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without marks escape belongs to what is around the table; without rows there is nothing to open."""
        if action == "clear_marks":
            return bool(self.marks)
        if action in {"open", "toggle_mark", "mark_range", "copy", "export"} and self.cursor_id is None:
            return None
        return True

    def action_open(self) -> None:
        """Open the row under the cursor; the first press brings it back into sight when it has been scrolled away."""
        if self.cursor_id is None:
            return
        if not 0 <= self._order.cursor - self._top < self.page_size:
            self._show_cursor()
            return
        self.post_message(self.Opened(self, self.cursor_id))

    def action_copy(self) -> None:
        """Copy what names the row under the cursor."""
        self.post_message(self.CopyWanted(self))

    def action_export(self) -> None:
        """Write the rows on show to a file."""
        self.post_message(self.ExportWanted(self))

    def action_toggle_mark(self) -> None:
        """Mark the row under the cursor, or take its mark away."""
        self.toggle_mark()

    def action_mark_range(self) -> None:
        """Mark the rows from the one last marked to the one under the cursor."""
        self.mark_range()

    def action_clear_marks(self) -> None:
        """Take all marks away."""
        self.clear_marks()

    def action_move(self, rows: int) -> None:
        """Move the cursor by rows."""
        self._move(lambda: self._order.move_by(rows))

    def action_page(self, pages: float) -> None:
        """Move the cursor by pages."""
        self._move(lambda: self._order.move_by(int(pages * self.page_size)))

    def action_top(self) -> None:
        """Go to the first row."""
        self._move(lambda: self._order.move_to_position(0))

    def action_bottom(self) -> None:
        """Go to the last row."""
        self._move(lambda: self._order.move_to_position(len(self._order.ids)))

    # -- focus and mouse -------------------------------------------------------------------------------------------

    def on_focus(self) -> None:
        """Paint the cursor in full."""
        self._repaint_rows((self.cursor_id,))

    def on_blur(self) -> None:
        """Paint the cursor dimmer."""
        self._repaint_rows((self.cursor_id,))

    def on_click(self, event: events.Click) -> None:
        """A click selects a row, a second one on the same row opens it; on the header it sorts."""
        event.stop()
        if self._is_on_bar(event.x):
            return
        if event.y < HEADER_LINES:
            self._sort_by_header(event.x)
            return
        window = self._window()
        line = event.y - HEADER_LINES
        if line >= len(window):
            return
        id_ = window[line]
        if id_ == self._clicked_id and id_ == self.cursor_id:
            self.post_message(self.Opened(self, id_))
            return
        self.move_to(id_)
        self._clicked_id = id_

    def _sort_by_header(self, x: int) -> None:
        """Sort by the column at `x`, or invert the order when it is sorted by already."""
        if self._painter is None:
            return
        for place in reversed(self._painter.placed):
            if x >= place.x:
                column = self.columns[place.column]
                if column.sort is not None:
                    sorted_already = self._sort is not None and self._sort[0] == column.key
                    self.set_sort(column.key, sorted_already and not (self._sort and self._sort[1]))
                return
