"""The page of a log view: lines in, their rows drawn, the reader's place kept. No keys of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import tzinfo
from typing import Final

from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.fit import width_of
from colonies_tui.ui.format.glyphs import alphabet_of
from colonies_tui.ui.format.numbers import grouped
from colonies_tui.ui.log_buffer import DEFAULT_MAX_LINES, LogLine
from colonies_tui.ui.log_model import LogModel
from colonies_tui.ui.log_paint import LEAST_SOURCE, MAX_SOURCE, SOURCE_SHARE, LogLayout, LogPainter
from colonies_tui.ui.log_viewport import LogViewport
from colonies_tui.ui.source_hues import SourceHues
from colonies_tui.ui.styles import Ground, RoleStyles

_NARROW: Final = 60
"""Below this width sources get less room."""

_TOO_NARROW: Final = 40
"""Below this width there is room for nothing but text."""


class LogPage(Widget, can_focus=True):
    """Log lines by source and time; follows the end until it is scrolled up.

    It scrolls by itself, not as Textual's `ScrollView`: there, every appended line lays the whole screen out anew.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    LogPage {
        width: 1fr;
        height: 1fr;
        background: $background;
    }
    """

    show_stamps = reactive(True)
    """Whether each message has its time of day."""
    show_sources = reactive(True)
    """Whether each message has its source, where lines have one."""
    wrap = reactive(False)
    """Whether long lines are wrapped instead of cut."""

    class FollowChanged(Message):
        """The view began or ceased to follow the end: see `following`."""

        def __init__(self, log_view: LogPage) -> None:
            super().__init__()
            self.log_view = log_view

        @property
        def control(self) -> LogPage:
            """The view that sent it."""
            return self.log_view

    def __init__(
        self,
        *,
        max_lines: int = DEFAULT_MAX_LINES,
        zone: tzinfo | None = None,
        id: str | None = None,  # noqa: A002 (Textual's own name)
        classes: str | None = None,
    ) -> None:
        """Keep at most ``max_lines``; times are shown in ``zone``, the machine's own by default."""
        super().__init__(id=id, classes=classes)
        self._model = LogModel(max_lines)
        self._viewport = LogViewport(self._model)
        self._zone = zone
        self._left = 0
        self._source_width = 0
        self._measured_sources = 1
        self._grabbed = False
        self._told_following = True
        self._words = ("Nothing logged yet", "")
        self._styles: RoleStyles | None = None
        self._hues: SourceHues | None = None
        self._layout = LogLayout(80, True, 0, 0, False)
        self._painter: LogPainter | None = None

    # What is shown

    @property
    def following(self) -> bool:
        """Whether the view stays at the end as lines come."""
        return self._viewport.following

    @property
    def line_count(self) -> int:
        """Lines kept."""
        return len(self._model.buffer)

    @property
    def dropped_count(self) -> int:
        """Lines that fell out at the top."""
        return self._model.buffer.dropped

    @property
    def unseen_count(self) -> int:
        """Lines that came since the view was paused."""
        return self._viewport.unseen

    def current_line(self) -> LogLine | None:
        """Return the line under the cursor, the last one while following."""
        serial = self._model.rows.nearest(self._viewport.cursor)
        if serial is None:
            return None
        buffer = self._model.buffer
        return LogLine(buffer.source(serial), buffer.stamp(serial), buffer.raw(serial), buffer.kind(serial))

    # Lines in and out

    def append(self, lines: Sequence[LogLine]) -> None:
        """Add newer lines at the end. Add many at once where you can."""
        if lines:
            with self._keeping_place():
                self._model.append(lines)
                self._measure_sources()

    def prepend(self, lines: Sequence[LogLine]) -> None:
        """Add older lines at the top; what is on the screen stays where it is."""
        if lines:
            with self._keeping_place():
                self._model.prepend(lines)
                self._measure_sources()

    def clear(self) -> None:
        """Forget all lines and follow again; search, filter and settings stay."""
        self._model.clear()
        self._viewport.follow()
        self._sync()

    def set_message(self, title: str, hint: str = "") -> None:
        """Say what stands in the middle while there are no lines."""
        self._words = (plain(title), plain(hint))
        self.refresh()

    # Places

    @contextmanager
    def _keeping_place(self) -> Iterator[None]:
        with self._viewport.kept():
            yield
        self._sync()

    def _sync(self) -> None:
        """Paint what the viewport shows now."""
        self._tell_following()
        self.refresh()

    def _tell_following(self) -> None:
        if self._told_following != self._viewport.following:
            self._told_following = self._viewport.following
            self.post_message(self.FollowChanged(self))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll up, which pauses."""
        self._scroll_by(-round(self.app.scroll_sensitivity_y))
        event.stop()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll down."""
        self._scroll_by(round(self.app.scroll_sensitivity_y))
        event.stop()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the scroll bar."""
        if self._viewport.max_top and event.x == self.size.width - 1:
            self._grabbed = True
            self.capture_mouse()
            self._drag_to(event.y)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag the scroll bar."""
        if self._grabbed:
            self._drag_to(event.y)

    def on_mouse_up(self) -> None:
        """Let go of the scroll bar."""
        if self._grabbed:
            self._grabbed = False
            self.release_mouse()

    def _drag_to(self, y: int) -> None:
        self._scroll_by(self._viewport.top_for(y) - self._viewport.top)

    def _scroll_by(self, rows: int) -> None:
        self._viewport.scroll(self._viewport.top + rows)
        self._sync()

    # Settings and sizes

    def watch_show_stamps(self) -> None:
        """Lay the rows out anew."""
        self._lay_out()

    def watch_show_sources(self) -> None:
        """Lay the rows out anew."""
        self._lay_out()

    def watch_wrap(self) -> None:
        """Lay the rows out anew."""
        self._left = 0
        self._lay_out()

    def on_resize(self) -> None:
        """Lay the rows out for the new size."""
        self._lay_out()

    def _lay_out(self) -> None:
        """Divide the rows anew. Rows and painter change together, so that what is drawn is what was counted."""
        if not self.is_attached:
            return
        with self._keeping_place():
            self._viewport.height = max(self.size.height, 1)
            self._divide()

    def _divide(self) -> None:
        width = max(self.size.width - 1, 1)  # the last column is the scroll bar's
        source_width = self._source_width if self.show_sources else 0
        source_width = min(source_width, max(LEAST_SOURCE, width // SOURCE_SHARE))
        if width < _NARROW:
            source_width = min(source_width, 8 if width >= _TOO_NARROW else 0)
        stamps = self.show_stamps and width >= _TOO_NARROW
        self._layout = LogLayout(width, stamps, source_width, self._left, self.wrap)
        self._model.set_wrap(self._layout.text_width if self.wrap else None)
        self._painter = None

    def _measure_sources(self) -> None:
        """Widen the column of sources for names not seen before; it never gets narrower, so that nothing jumps."""
        names = self._model.buffer.source_names
        if len(names) == self._measured_sources:
            return
        widest = max(width_of(plain(name)) for name in names[self._measured_sources :])
        self._measured_sources = len(names)
        if min(widest, MAX_SOURCE) > self._source_width:
            self._source_width = min(widest, MAX_SOURCE)
            self._divide()

    def _widest_visible(self) -> int:
        rows, view = self._model.rows, self._viewport
        places = [rows.locate(row) for row in range(view.top, view.top + view.height)]
        return max((width_of(self._model.buffer.shown(place.serial)) for place in places if place), default=0)

    # Painting

    def notify_style_update(self) -> None:
        """Forget what was drawn in the old theme."""
        super().notify_style_update()
        self._painter = None

    def _current_painter(self) -> LogPainter:
        styles = RoleStyles.current(self._styles, self.app)
        if styles is not self._styles or self._hues is None:
            self._styles, self._hues, self._painter = styles, SourceHues(styles), None
        if self._painter is None:
            alphabet = alphabet_of(self.app)
            self._painter = LogPainter(self._model, self._layout, styles, self._hues, alphabet, self._zone)
        return self._painter

    def render_line(self, y: int) -> Strip:
        """Draw one row of the screen."""
        strip = self._row(y, self._current_painter())
        if strip.cell_length != self.size.width:  # resized, and not yet laid out for the new size
            strip = strip.adjust_cell_length(self.size.width, self._current_painter().ground)
        return strip

    def _row(self, y: int, painter: LogPainter) -> Strip:
        rows, view = self._model.rows, self._viewport
        if not rows:
            return painter.with_bar(painter.words(y, view.height, *self._empty_words()), None)
        place = rows.locate(view.top + y)
        if place is None:
            strip = painter.blank()
        else:
            ground: Ground = "base"
            if not view.following and place.kind == "line" and place.serial == view.cursor:
                ground = "cursor" if self.has_focus else "blurred"
            strip = painter.row(place, ground)
        if not view.following and y == view.height - 1:
            strip = painter.notice(strip, self._notice())
        first, last = view.thumb
        return painter.with_bar(strip, None if not view.max_top else first <= y < last)

    def _notice(self) -> list[tuple[str, str]]:
        unseen = self._viewport.unseen
        return [
            (f" +{grouped(unseen)} new" if unseen else " paused", "text"),
            (f" {alphabet_of(self.app).separator} ", "dim"),
            ("f", "strong"),
            (" to follow ", "dim"),
        ]

    def _empty_words(self) -> tuple[str, str]:
        if self._model.matches is not None and len(self._model.buffer):
            return f"No line has “{plain(self._model.matches.query.text)}”", "esc shows all lines"
        return self._words
