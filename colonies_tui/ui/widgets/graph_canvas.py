"""The painted half of the graph view: a window onto a laid out graph, with a map in its corner."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from typing import Final

from textual import events
from textual.geometry import Offset
from textual.strip import Strip

from colonies_tui.ui.every import every
from colonies_tui.ui.graph.critical_path import critical_path
from colonies_tui.ui.graph.minimap import MapFrame, map_cells, map_frame, map_row
from colonies_tui.ui.graph.model import Box
from colonies_tui.ui.graph.paint import Picture, Run
from colonies_tui.ui.graph.scene import Scene
from colonies_tui.ui.graph.strokes import NOTHING, strokes_along, strokes_around
from colonies_tui.ui.widgets.canvas import Canvas
from colonies_tui.ui.widgets.message_pane import MessageKind, PaneMessage, message_strips

WHEEL_ROWS: Final = 3
WHEEL_COLUMNS: Final = 8
TICK: Final = 1.0
"""Seconds between two looks at durations that grow."""
MARGIN_COLUMNS, MARGIN_ROWS = 4, 1
"""Cells kept between the cursor's box and the edge of the screen."""


class GraphCanvas(Canvas):
    """Paints a scene. It scrolls by itself; a change of states paints the boxes that it touches."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        """Make an empty view; `clock` gives unix seconds for durations that grow."""
        super().__init__(id=id, classes=classes)
        self._clock = clock
        self._scene: Scene | None = None
        self._picture: Picture | None = None
        self._left, self._top = 0, 0
        self._placed_once = False
        """The window has been put somewhere: before that there was no size to put it by."""
        self._map_wanted = True
        self._map: tuple[MapFrame, list[list[tuple[str, str]]]] | None = None
        self._path: tuple[str, ...] = ()
        self._message = PaneMessage("loading", "Loading the workflow")
        self._message_lines: list[Strip] = []

    def on_mount(self) -> None:
        """Let durations grow."""
        every(self, TICK, self._tick_if_seen)

    # -- what is shown ---------------------------------------------------------------------------------------------

    @property
    def scene(self) -> Scene | None:
        """What there is to be drawn; None before the first nodes came."""
        return self._scene

    @property
    def cursor_id(self) -> str | None:
        """The box under the cursor: a node's id or that of a fold."""
        return None if self._picture is None else self._picture.cursor

    @property
    def cursor_box(self) -> Box | None:
        """The box under the cursor."""
        return None if self._picture is None or self.cursor_id is None else self._picture.boxes.get(self.cursor_id)

    @property
    def critical_ids(self) -> tuple[str, ...]:
        """Boxes of the critical path, from its beginning to its end."""
        return self._path

    @property
    def scroll_offset(self) -> Offset:
        """Column and row of the graph in the upper left corner; Textual's own scrolling is not used."""
        return Offset(self._left, self._top)

    def set_message(self, kind: MessageKind, title: str, hint: str = "") -> None:
        """Say this while there is no graph; plain text."""
        message = PaneMessage(kind, title, hint)
        if message != self._message:
            self._message = message
            self._message_lines = []
            if self._picture is None:
                self.repaint()

    def _adopt(self, scene: Scene, cursor: str | None) -> None:
        """Show a scene that has been laid out anew; the cursor's box keeps its place on the screen."""
        anchor = self._anchor(scene)
        self._scene = scene
        if not scene.boxes:
            self._picture, self._path, self._map = None, (), None
            self._message = PaneMessage("empty", "This workflow has no processes")
            self._message_lines = []
            self.repaint()
            return
        self._picture = Picture(scene.layout, scene.boxes, self._clock(), cursor=cursor, focused=self.has_focus)
        self._path = ()
        self._find_critical_path()
        self._light()
        self._map = None
        if anchor is not None and anchor[0] in scene.layout.boxes:
            placed = scene.layout.boxes[anchor[0]]
            self._left, self._top = placed.middle - anchor[1], placed.y - anchor[2]
        else:
            self._placed_once = False
        self._place_window()
        self.repaint()

    def _anchor(self, scene: Scene) -> tuple[str, int, int] | None:
        """What the eye rests on: a box, and where on the screen its middle and its top are."""
        if self._picture is None or self.cursor_id is None or not self._placed_once:
            return None
        old = self._picture.layout
        width, height = self.size
        placed = old.boxes[self.cursor_id]
        box = self._picture.boxes[self.cursor_id]
        seen = self._left <= placed.middle < self._left + width and self._top <= placed.y < self._top + height
        members: Sequence[str] = [box.id, *(member.id for member in box.members)]
        if not seen:
            middle, row = self._left + width // 2, self._top + height // 2
            placed = min(old.boxes.values(), key=lambda other: abs(other.middle - middle) + 2 * abs(other.y - row))
            members = [placed.id]
        home = next((scene.home[member] for member in members if member in scene.home), None)
        return None if home is None else (home, placed.middle - self._left, placed.y - self._top)

    def _change(self, scene: Scene, changed: Collection[str]) -> None:
        """Show new states of the same boxes."""
        picture = self._picture
        self._scene = scene
        if picture is None:
            return
        picture.boxes = scene.boxes
        picture.now = self._clock()
        self._repaint_boxes([*changed, *(id_ for id_, box in scene.boxes.items() if box.alive)])
        if changed:
            self._find_critical_path()
            self._map = None
            self._repaint_map()

    # -- time ------------------------------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Let the durations of running boxes grow to `now` (unix seconds)."""
        picture = self._picture
        if picture is None:
            return
        alive = [id_ for id_, box in picture.boxes.items() if box.alive]
        picture.now = now
        if alive:
            self._repaint_boxes(alive)
            self._find_critical_path()

    def _tick_if_seen(self) -> None:
        if self._picture is not None and self.is_on_screen and self.screen.is_current:
            self.tick(self._clock())

    def _find_critical_path(self) -> None:
        picture = self._picture
        if picture is None:
            return
        durations = {id_: box.longest(picture.now) for id_, box in picture.boxes.items()}
        path = critical_path(durations, picture.layout.parents)
        if path != self._path:
            self._path = path
            picture.heavy = strokes_along(picture.layout, path) if path else NOTHING
            picture.forget()
            self.repaint()

    # -- cursor ----------------------------------------------------------------------------------------------------

    def _set_cursor(self, id_: str | None) -> None:
        picture = self._picture
        if picture is None or picture.cursor == id_:
            return
        picture.cursor = id_
        self._light()
        self.repaint()

    def _light(self) -> None:
        """Light the parents and children of the cursor."""
        picture = self._picture
        if picture is not None:
            picture.lit = NOTHING if picture.cursor is None else strokes_around(picture.layout, picture.cursor)
            picture.forget()

    def _set_focused(self, focused: bool) -> None:
        if self._picture is not None and self._picture.focused != focused:
            self._picture.focused = focused
            if self.cursor_id is not None:
                self._repaint_boxes([self.cursor_id])

    # -- scrolling -------------------------------------------------------------------------------------------------

    def _scroll_window(self, columns: int, rows: int) -> None:
        self._put_window(self._left + columns, self._top + rows)

    def _put_window(self, left: int, top: int) -> None:
        """Put the upper left corner of the screen somewhere; a graph that is smaller than the screen stays centred."""
        if self._picture is None:
            return
        layout, (width, height) = self._picture.layout, self.size
        beyond = layout.width - width
        left = -(-beyond // 2) if beyond <= 0 else max(0, min(left, beyond))
        lowest = layout.height + 1 + len(self._map_rows()) - height
        top = -1 if layout.height + 1 <= height and beyond <= 0 else max(-1, min(top, lowest))
        if (left, top) == (self._left, self._top) and self._picture.note_end == left + width:
            return
        if self._picture.note_end != left + width:
            self._picture.note_end = left + width
            self._picture.forget()
        self._left, self._top = left, top
        self.repaint()

    def _place_window(self) -> None:
        """Keep the window within the graph; the first time, show the cursor in its middle, at the top."""
        if self._picture is None or not self.size:
            return
        if self._placed_once or self.cursor_id is None:
            self._put_window(self._left, self._top)
            return
        self._placed_once = True
        placed = self._picture.layout.boxes[self.cursor_id]
        self._put_window(placed.middle - self.size.width // 2, placed.y - 1)

    def _show_cursor(self) -> None:
        """Scroll just as far as needed to see the cursor's box."""
        if self._picture is None or self.cursor_id is None:
            return
        placed, (width, height) = self._picture.layout.boxes[self.cursor_id], self.size
        if not self.size:
            return
        right, bottom = placed.x + placed.width, placed.y + placed.height
        left, top = self._left, self._top
        if right <= left or placed.x >= left + width or bottom <= top or placed.y >= top + height:
            left, top = placed.middle - width // 2, placed.y - (height - placed.height) // 2
        left = max(min(left, placed.x - MARGIN_COLUMNS), right + MARGIN_COLUMNS - width)
        top = max(min(top, placed.y - MARGIN_ROWS), bottom + MARGIN_ROWS - height)
        found = self._ready_map()
        if found is not None and right - left >= width - 1 - found[0].columns:  # it may be hidden by the map
            top = max(top, bottom - self._map_rows().start)
        self._put_window(left, top)

    def on_resize(self, event: events.Resize) -> None:
        """Keep the cursor in sight."""
        self._map = None
        self._message_lines = []
        if self._placed_once:
            self._put_window(self._left, self._top)
            self._show_cursor()
        else:
            self._place_window()
        self.repaint()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll; with shift or control sideways."""
        event.stop()
        sideways = event.shift or event.ctrl
        self._scroll_window(WHEEL_COLUMNS if sideways else 0, 0 if sideways else WHEEL_ROWS)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll; with shift or control sideways."""
        event.stop()
        sideways = event.shift or event.ctrl
        self._scroll_window(-WHEEL_COLUMNS if sideways else 0, 0 if sideways else -WHEEL_ROWS)

    def on_mouse_scroll_right(self, event: events.MouseScrollRight) -> None:
        """Scroll sideways."""
        event.stop()
        self._scroll_window(WHEEL_COLUMNS, 0)

    def on_mouse_scroll_left(self, event: events.MouseScrollLeft) -> None:
        """Scroll sideways."""
        event.stop()
        self._scroll_window(-WHEEL_COLUMNS, 0)

    # -- painting --------------------------------------------------------------------------------------------------

    def paint_line(self, y: int, width: int) -> Strip:
        """Paint one line of the window."""
        picture = self._picture
        if picture is None:
            if not self._message_lines:
                self._message_lines = message_strips(self._message, width, self.size.height, self.roles, self.alphabet)
            return self._message_lines[y] if y < len(self._message_lines) else self.blank_strip(width)
        if picture.alphabet is not self.alphabet:
            picture.alphabet = self.alphabet
            picture.forget()
        found, rows = self._ready_map(), self._map_rows()
        if found is None or y not in rows:
            return self.strip_of(picture.row(self._top + y, self._left, width), width)
        frame, cells = found
        runs = picture.row(self._top + y, self._left, width - frame.columns - 1)
        row = y - rows.start
        first = frame.cell(self._left, self._top)
        last = frame.cell(self._left + width - 1, self._top + self.size.height - 1)
        seen = range(first[0], last[0] + 1) if first[1] <= row <= last[1] else range(0)
        cursor = None
        if self.cursor_id is not None:
            placed = picture.layout.boxes[self.cursor_id]
            column, cursor_row = frame.cell(placed.middle, placed.y + placed.height // 2)
            cursor = column if cursor_row == row else None
        runs += [*map_row(cells[row], seen, cursor, self.alphabet), Run(" ", "text", "base")]
        return self.strip_of(runs, width)

    def notify_style_update(self) -> None:
        """Paint in the new theme."""
        super().notify_style_update()
        self._message_lines = []

    def _ready_map(self) -> tuple[MapFrame, list[list[tuple[str, str]]]] | None:
        """The map, if there is one at this size."""
        if not self._map_wanted or self._picture is None:
            return None
        if self._map is None:
            layout = self._picture.layout
            frame = map_frame(layout, *self.size)
            if frame is None:
                return None
            self._map = frame, map_cells(frame, layout, self._picture.boxes, self.alphabet)
        return self._map

    def _map_rows(self) -> range:
        """Lines of the screen that the map is on."""
        found = self._ready_map()
        return range(0) if found is None else range(self.size.height - found[0].rows, self.size.height)

    def _repaint_map(self) -> None:
        self.repaint(self._map_rows())

    def _repaint_boxes(self, ids: Collection[str]) -> None:
        """Paint boxes anew that are on the screen."""
        picture = self._picture
        if picture is None:
            return
        picture.forget(ids)
        height = self.size.height
        lines: set[int] = set()
        for id_ in ids:
            placed = picture.layout.boxes[id_]
            if placed.y - self._top < height and placed.y + placed.height > self._top:
                lines.update(range(placed.y - self._top, placed.y + placed.height - self._top))
        self.repaint(lines)
