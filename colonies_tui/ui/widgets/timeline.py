"""The timeline of a workflow: one line per process on a common time axis, its wait thin and its run thick."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import ClassVar, Final

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.strip import Strip

from colonies_tui.protocol.states import ProcessState
from colonies_tui.ui.every import every
from colonies_tui.ui.fit import fit, width_of
from colonies_tui.ui.format.durations import clock
from colonies_tui.ui.format.glyphs import ASCII
from colonies_tui.ui.format.states import process_face
from colonies_tui.ui.graph.bars import BarStyle, axis_line, bar_line
from colonies_tui.ui.graph.model import GraphNode
from colonies_tui.ui.graph.times import CLOSEST, Axis, NodeTimes, by_start, fitted_axis, node_times, span_of
from colonies_tui.ui.graph.walk import next_such
from colonies_tui.ui.spans import Span
from colonies_tui.ui.styles import Ground
from colonies_tui.ui.widgets.canvas import Canvas
from colonies_tui.ui.widgets.message_pane import MessageKind, PaneMessage, message_strips
from colonies_tui.ui.widgets.node_messages import NodeCursorMoved, NodeOpened

HEADER_LINES: Final = 1
WHEEL_ROWS: Final = 3
TICK: Final = 1.0
"""Seconds between two looks at bars that grow."""
_GUTTER: Final = 2
_LABEL_LEAST, _LABEL_MOST = 11, 30
"""Cells of the labels; the fewest have room for the time at the left edge over them."""
_GAP: Final = 2
_WORD: Final = 11
"""Cells of the longest word of a state, and a gap."""
_TIME: Final = 7
"""Cells kept for a duration behind a bar."""


class Timeline(Canvas, can_focus=True, inherit_bindings=False):
    """Shows when each process of a workflow waited and ran, those that started first at the top."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "process", id="timeline.open"),
        Binding("j,down", "move(1)", "down", show=False, id="timeline.down"),
        Binding("k,up", "move(-1)", "up", show=False, id="timeline.up"),
        Binding("g,home", "move(-1000000000)", "first", show=False, id="timeline.top"),
        Binding("G,end", "move(1000000000)", "last", show=False, id="timeline.bottom"),
        Binding("ctrl+d", "page(0.5)", "half a page down", show=False, id="timeline.half-page-down"),
        Binding("ctrl+u", "page(-0.5)", "half a page up", show=False, id="timeline.half-page-up"),
        Binding("pagedown", "page(1.0)", "page down", show=False, id="timeline.page-down"),
        Binding("pageup", "page(-1.0)", "page up", show=False, id="timeline.page-up"),
        Binding("f", "first_failure", "first failure", id="timeline.first-failure"),
        Binding("n", "next_news(False)", "next failed or running", show=False, id="timeline.next"),
        Binding("N", "next_news(True)", "previous failed or running", show=False, id="timeline.previous"),
        Binding("plus,equals_sign", "zoom(2.0)", "zoom in", id="timeline.zoom-in"),
        Binding("minus", "zoom(0.5)", "zoom out", id="timeline.zoom-out"),
        Binding("left", "pan(-0.125)", "earlier", show=False, id="timeline.left"),
        Binding("right", "pan(0.125)", "later", show=False, id="timeline.right"),
    ]

    class CursorMoved(NodeCursorMoved):
        """The cursor is on another process, or on none."""

    class Opened(NodeOpened):
        """A process was chosen."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        """Make an empty view; `clock` gives unix seconds for bars that grow."""
        super().__init__(id=id, classes=classes)
        self._clock = clock
        self._now = clock()
        self._known: tuple[GraphNode, ...] = ()
        self._rows: list[NodeTimes] = []
        self._ids: list[str] = []
        self._position: dict[str, int] = {}
        self._cursor: str | None = None
        self._goal: str | None = None
        self._clicked_id: str | None = None
        self._top = 0
        self._zoom = 1.0
        self._origin: float | None = None
        """The time at the left edge; None for the beginning."""
        self._span = (0.0, 0.0)
        self._alive = False
        self._label_width = 0
        self._message = PaneMessage("loading", "Loading the workflow")
        self._message_lines: list[Strip] = []

    def on_mount(self) -> None:
        """Let bars grow."""
        every(self, TICK, self._tick_if_seen)

    # -- what is shown ---------------------------------------------------------------------------------------------

    def show(self, nodes: Iterable[GraphNode]) -> None:
        """Show nodes; cursor and zoom stay, the cursor on its id."""
        known = tuple(nodes)
        if known == self._known and self._rows:
            return
        line = self._position.get(self._cursor or "", 0) - self._top
        self._known = known
        self._rows = by_start(node_times(known))
        self._ids = [row.node.id for row in self._rows]
        before, old_place = self._cursor, self._position.get(self._cursor or "", 0)
        self._position = {id_: at for at, id_ in enumerate(self._ids)}
        widest = max((width_of(row.node.label) for row in self._rows), default=0)
        self._label_width = min(max(widest, _LABEL_LEAST), _LABEL_MOST)
        if not self._rows:
            self._message = PaneMessage("empty", "This workflow has no processes")
        if self._goal in self._position:
            self._cursor, self._goal = self._goal, None
        elif before not in self._position:
            self._cursor = self._ids[min(old_place, len(self._ids) - 1)] if self._ids else None
        self._message_lines = []
        self._look_at(self._clock())
        if self._cursor is not None and 0 <= line < self.page_size:
            self._scroll_rows_to(self._position[self._cursor] - line)
        self._scroll_rows_to(self._top)
        self.repaint()
        if self._cursor != before:
            self._say_moved()

    @property
    def cursor_id(self) -> str | None:
        """The process under the cursor."""
        return self._cursor

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of all processes, from top to bottom."""
        return tuple(self._ids)

    @property
    def zoom(self) -> float:
        """How many times longer than the screen the whole span is."""
        return self._zoom

    @property
    def scroll_offset(self) -> Offset:
        """Rows that the list is scrolled; Textual's own scrolling is not used."""
        return Offset(0, self._top)

    @property
    def page_size(self) -> int:
        """Rows that fit on the screen at once, at least 1."""
        return max(1, self.size.height - HEADER_LINES)

    def move_to(self, id_: str | None) -> bool:
        """Put the cursor on a process; False when there is none such (yet)."""
        if id_ is None or id_ not in self._position:
            self._goal = id_
            return False
        self._move(id_)
        return True

    def set_message(self, kind: MessageKind, title: str, hint: str = "") -> None:
        """Say this while there are no processes; plain text."""
        self._message, self._message_lines = PaneMessage(kind, title, hint), []
        if not self._rows:
            self.repaint()

    # -- time ------------------------------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Let the bars grow to `now` (unix seconds)."""
        if self._alive:
            self._look_at(now)
            self.repaint()

    def _tick_if_seen(self) -> None:
        if self._alive and self.is_on_screen and self.screen.is_current:
            self.tick(self._clock())

    def _look_at(self, now: float) -> None:
        self._now = now
        self._alive = any(not row.node.state.is_final for row in self._rows)
        self._span = span_of(self._rows, now)

    def _axis(self) -> Axis:
        return self._fitted(self._zoom, self._origin)

    def _fitted(self, zoom: float, origin: float | None = None) -> Axis:
        """An axis that leaves room for a duration behind what ends last."""
        return fitted_axis(*self._span, max(1, self._bar_width() - _TIME), zoom, origin)

    def _label_room(self) -> int:
        return min(self._label_width, max(_LABEL_LEAST, self.size.width // 3))

    def _bar_left(self) -> int:
        return _GUTTER + 2 + self._word_room() + self._label_room() + _GAP

    def _word_room(self) -> int:
        """Cells for the word of the state: in ASCII the glyph alone says too little."""
        return _WORD if self.alphabet is ASCII else 0

    def _bar_width(self) -> int:
        return max(1, self.size.width - self._bar_left() - 1)

    # -- keys ------------------------------------------------------------------------------------------------------

    def action_open(self) -> None:
        """Open the process under the cursor."""
        if self._cursor is not None:
            self.post_message(self.Opened(self, self._cursor, (self._cursor,)))

    def action_move(self, rows: int) -> None:
        """Move the cursor by rows."""
        if self._ids:
            at = self._position.get(self._cursor or "", 0) + rows
            self._move(self._ids[max(0, min(at, len(self._ids) - 1))])

    def action_page(self, pages: float) -> None:
        """Move the cursor by pages."""
        self.action_move(int(pages * self.page_size))

    def action_first_failure(self) -> None:
        """Go to the process that failed first by itself; without one, to the first that failed with its workflow."""
        failed = [node for node in self._known if node.state is ProcessState.FAILED]
        if not failed:
            self.app.bell()
            return
        self._move(min(failed, key=lambda node: (node.cascaded, node.ended or node.started or float("inf"))).id)

    def action_next_news(self, backwards: bool) -> None:
        """Go to the next process that failed or runs."""
        self._move(next_such(self._ids, self._cursor, self._is_news, backwards=backwards))

    def action_zoom(self, factor: float) -> None:
        """Zoom in or out around what the cursor's process did; all the way out all is seen."""
        width = self._bar_width()
        axis = self._axis()
        closest = self._fitted(1.0).per_cell * width / CLOSEST
        zoom = max(1.0, min(self._zoom * factor, closest))
        if zoom == self._zoom:
            return
        focus = axis.origin + axis.per_cell * width / 2
        row = self._rows[self._position[self._cursor]] if self._cursor is not None else None
        if row is not None and row.node.started is not None and factor > 1:
            focus = row.node.started
        self._zoom = zoom
        self._pan_to(focus - self._fitted(zoom).per_cell * width / 2)

    def action_pan(self, screens: float) -> None:
        """Show earlier or later times."""
        axis = self._axis()
        self._pan_to(axis.origin + screens * axis.per_cell * self._bar_width())

    def _is_news(self, id_: str) -> bool:
        node = self._rows[self._position[id_]].node
        return node.state is ProcessState.RUNNING or node.failed_itself

    def _pan_to(self, origin: float) -> None:
        width = self._bar_width()
        start = self._span[0]
        whole = self._fitted(1.0).per_cell * width
        shown = self._fitted(self._zoom).per_cell * width
        self._origin = None if self._zoom == 1.0 else min(max(origin, start), start + whole - shown)
        self.repaint()

    def _move(self, id_: str | None) -> None:
        if id_ is None or id_ not in self._position:
            return
        if id_ != self._cursor:
            before, self._cursor, self._clicked_id = self._cursor, id_, None
            self._repaint_rows(before, id_)
            self._say_moved()
        at = self._position[id_]
        self._scroll_rows_to(min(max(self._top, at - self.page_size + 1), at))

    def _say_moved(self) -> None:
        members = () if self._cursor is None else (self._cursor,)
        self.post_message(self.CursorMoved(self, self._cursor, members))

    # -- scrolling, focus and mouse --------------------------------------------------------------------------------

    def _scroll_rows_to(self, top: int) -> None:
        top = max(0, min(top, len(self._ids) - self.page_size))
        if top != self._top:
            self._top = top
            self.repaint()

    def on_resize(self, event: events.Resize) -> None:
        """Lay the axis out anew; the cursor stays in sight."""
        self._message_lines = []
        self._scroll_rows_to(self._top)
        self._move(self._cursor)
        self.repaint()

    def on_focus(self) -> None:
        """Paint the cursor in full."""
        self._repaint_rows(self._cursor)

    def on_blur(self) -> None:
        """Paint the cursor dimmer."""
        self._repaint_rows(self._cursor)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll; with shift or control to later times."""
        event.stop()
        if event.shift or event.ctrl:
            self.action_pan(0.125)
        else:
            self._scroll_rows_to(self._top + WHEEL_ROWS)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll; with shift or control to earlier times."""
        event.stop()
        if event.shift or event.ctrl:
            self.action_pan(-0.125)
        else:
            self._scroll_rows_to(self._top - WHEEL_ROWS)

    def on_click(self, event: events.Click) -> None:
        """A click selects a process, a second one opens it."""
        event.stop()
        at = self._top + event.y - HEADER_LINES
        if event.y < HEADER_LINES or at >= len(self._ids):
            return
        id_ = self._ids[at]
        if id_ == self._clicked_id and id_ == self._cursor:
            self.action_open()
            return
        self._move(id_)
        self._clicked_id = id_

    # -- painting --------------------------------------------------------------------------------------------------

    def paint_line(self, y: int, width: int) -> Strip:
        """Paint the axis or one row."""
        if not self._rows:
            if not self._message_lines:
                self._message_lines = message_strips(self._message, width, self.size.height, self.roles, self.alphabet)
            return self._message_lines[y] if y < len(self._message_lines) else self.blank_strip(width)
        if y < HEADER_LINES:
            start = clock(self._span[0])
            left = self._bar_left()
            head = Span(fit(" " * _GUTTER + f"from {start}", left, "left", self.alphabet.ellipsis), "dim")
            return self._strip([head, *axis_line(self._axis(), self._bar_width(), self._span[0])], width, "base")
        at = self._top + y - HEADER_LINES
        return self._row(self._rows[at], width) if at < len(self._rows) else self.blank_strip(width)

    def notify_style_update(self) -> None:
        """Paint in the new theme."""
        super().notify_style_update()
        self._message_lines = []

    def _row(self, row: NodeTimes, width: int) -> Strip:
        node, alphabet = row.node, self.alphabet
        under_cursor = node.id == self._cursor
        ground: Ground = "base" if not under_cursor else "cursor" if self.has_focus else "blurred"
        face = process_face(node.state, alphabet)
        role = "failed" if node.failed_itself else "text" if node.has_run else "dim"
        style = BarStyle(ascii_only=alphabet.name == "ascii", now_line=self._alive)
        spans = [
            Span(alphabet.cursor if under_cursor else " ", "accent" if self.has_focus else "faint"),
            Span(" "),
            Span(face.glyph, node.state_role),
            Span(" "),
            Span(face.word[: self._word_room()].ljust(self._word_room()), face.role),
            Span(fit(node.label, self._label_room(), "left", alphabet.ellipsis) + " " * _GAP, role),
        ]
        spans += bar_line(row, self._axis(), self._bar_width(), self._now, style)
        return self._strip(spans, width, ground)

    def _strip(self, spans: Iterable[Span], width: int, ground: Ground) -> Strip:
        roles = self.roles
        strip = Strip([Segment(span.text, roles.rich(span.role, ground)) for span in spans])
        return strip.adjust_cell_length(width, roles.rich("text", ground))

    def _repaint_rows(self, *ids: str | None) -> None:
        self.repaint(
            self._position[id_] - self._top + HEADER_LINES
            for id_ in ids
            if id_ is not None and self._position.get(id_, -1) >= self._top
        )
