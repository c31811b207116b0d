"""The tail of a log with its keys: follow, look back, search, filter, wrap, save."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from colonies_tui.ui.fit import width_of
from colonies_tui.ui.format.numbers import grouped
from colonies_tui.ui.log_file import write_log
from colonies_tui.ui.log_query import BadPattern, LogQuery
from colonies_tui.ui.widgets.log_page import LogPage

SIDE_STEP: Final = 16
"""Cells that unwrapped lines move by with ← and →."""

DEFAULT_CONTEXT: Final = 2
"""Lines shown around each hit when `x` turns the search into a filter."""


class LogView(LogPage):
    """A log to read. Generic: it knows nothing of where the lines come from."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "follow", "follow", id="log.follow"),
        Binding("n", "next_hit", "next", id="log.next"),
        Binding("N", "previous_hit", "previous", id="log.previous", show=False),
        Binding("x", "toggle_filter", "only hits", id="log.filter"),
        Binding("plus", "context(1)", "more context", id="log.context_more", show=False),
        Binding("minus", "context(-1)", "less context", id="log.context_less", show=False),
        Binding("w", "toggle_wrap", "wrap", id="log.wrap"),
        Binding("t", "toggle_stamps", "stamps", id="log.stamps"),
        Binding("enter", "open", "open", id="log.open"),
        Binding("y", "copy", "copy the line", id="log.copy", show=False),
        Binding("escape", "clear_search", "clear", id="log.clear", show=False),
        Binding("k,up", "step(-1)", "up", id="log.up", show=False),
        Binding("j,down", "step(1)", "down", id="log.down", show=False),
        Binding("ctrl+u", "page(-0.5)", "half a page up", id="log.half_up", show=False),
        Binding("ctrl+d", "page(0.5)", "half a page down", id="log.half_down", show=False),
        Binding("pageup", "page(-1)", "page up", id="log.page_up", show=False),
        Binding("pagedown", "page(1)", "page down", id="log.page_down", show=False),
        Binding("g,home", "top", "first line", id="log.top", show=False),
        Binding("G,end", "end", "last line", id="log.end", show=False),
        Binding("left", "sideways(-1)", "left", id="log.left", show=False),
        Binding("right", "sideways(1)", "right", id="log.right", show=False),
    ]

    class _FromView(Message):
        def __init__(self, log_view: LogView) -> None:
            super().__init__()
            self.log_view = log_view

        @property
        def control(self) -> LogView:
            """The view that sent it."""
            return self.log_view

    class SearchChanged(_FromView):
        """What `search_status` says, or the filter, is different."""

    class Saved(_FromView):
        """The log was written to a file."""

        def __init__(self, log_view: LogView, path: Path, count: int) -> None:
            super().__init__(log_view)
            self.path = path
            self.count = count
            """Messages written."""

    class CopyWanted(_FromView):
        """The line under the cursor is to be copied, as it was sent."""

        def __init__(self, log_view: LogView, text: str) -> None:
            super().__init__(log_view)
            self.text = text

    class LineOpened(_FromView):
        """Enter was pressed on a line, or it was clicked twice."""

        def __init__(self, log_view: LogView, timestamp_ns: int, source: str) -> None:
            super().__init__(log_view)
            self.timestamp_ns = timestamp_ns
            self.source = source

    _bad_pattern = ""

    @property
    def is_filtered(self) -> bool:
        """Whether only matching lines and their context are shown."""
        return self._model.matches is not None

    @property
    def hidden_count(self) -> int:
        """Lines that the filter hides."""
        return len(self._model.buffer) - self._model.rows.line_count

    @property
    def search_text(self) -> str:
        """What is searched for, empty for nothing."""
        return "" if self._model.hits is None else self._model.hits.query.text

    @property
    def search_status(self) -> str:
        """Where the cursor is among the hits, ``3/41``; ``no hit``; why a pattern is none; empty without a search."""
        hits = self._model.hits
        if hits is None or self._bad_pattern:
            return self._bad_pattern
        if not hits:
            return "no hit"
        return f"{grouped(max(hits.rank(self._viewport.cursor), 1))}/{grouped(len(hits))}"

    # Search and filter

    def search(self, text: str, *, regex: bool = False) -> None:
        """Look for a text and go to its nearest hit, upwards first; an empty text ends the search."""
        query = self._query(text, regex)
        if query is None and text:
            self._search_changed()
            return
        self._model.search(query)
        hits = self._model.hits
        if hits:
            self._go_to_hit(hits.serials[max(hits.rank(self._viewport.cursor) - 1, 0)])
        self._search_changed()

    def set_filter(self, text: str | None, context: int = 0, *, regex: bool = False) -> None:
        """Show only lines with a text and so many lines around each; no text shows all lines."""
        query = self._query(text or "", regex)
        if query is not None or not text:
            with self._keeping_place():
                self._model.set_filter(query, context)
        self._search_changed()

    def action_next_hit(self) -> None:
        """Go to the next hit, after the last to the first."""
        self._go_to_hit(None if self._model.hits is None else self._model.hits.after(self._viewport.cursor))
        self._search_changed()

    def action_previous_hit(self) -> None:
        """Go to the hit before, from the first to the last."""
        self._go_to_hit(None if self._model.hits is None else self._model.hits.before(self._viewport.cursor))
        self._search_changed()

    def action_toggle_filter(self) -> None:
        """Show only the hits of the search and the lines around them, or everything again."""
        if self._model.matches is not None:
            self.set_filter(None)
        elif self._model.hits is not None:
            query = self._model.hits.query
            self.set_filter(query.text, DEFAULT_CONTEXT, regex=query.regex)

    def action_context(self, more: int) -> None:
        """Show more or fewer lines around each match."""
        if self._model.matches is not None:
            query = self._model.matches.query
            self.set_filter(query.text, max(self._model.context + more, 0), regex=query.regex)

    def action_clear_search(self) -> None:
        """End the filter; without one, the search."""
        if self._model.matches is not None:
            self.set_filter(None)
        else:
            self.search("")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer keys only where they do something; Escape passes on when there is nothing to clear."""
        model = self._model
        if action in ("next_hit", "previous_hit"):
            return model.hits is not None
        if action == "toggle_filter":
            return model.hits is not None or model.matches is not None
        if action == "context":
            return model.matches is not None
        if action == "clear_search":
            return model.hits is not None or model.matches is not None or bool(self._bad_pattern)
        return True

    def _query(self, text: str, regex: bool) -> LogQuery | None:
        self._bad_pattern = ""
        try:
            return LogQuery(text, regex=regex) if text else None
        except BadPattern as error:
            self._bad_pattern = str(error)
            return None

    def _go_to_hit(self, serial: int | None) -> None:
        hits = self._model.hits
        if serial is None or hits is None:
            return
        self._viewport.go_to(serial)
        text = self._model.buffer.shown(serial)
        span = next(hits.query.spans(text), None)
        if span is not None and not self.wrap:
            self._left = self._bring_in(width_of(text[: span[0]]), width_of(text[: span[1]]))
        self._sync()

    def _bring_in(self, start: int, end: int) -> int:
        """Return how far unwrapped lines have to move left to show the cells from ``start`` to ``end``."""
        room = self._layout.text_width
        if end < room - 1:
            return 0
        if self._left < start and end < self._left + room - 1:
            return self._left
        return max(start - room // 3, 0)

    def _search_changed(self) -> None:
        self._lay_out()
        self.refresh_bindings()
        self.post_message(self.SearchChanged(self))

    def save(self, path: Path) -> int:
        """Write every message kept, as it was sent, to a file and return how many.

        Stamps and sources are written when they are shown.

        Raises:
            OSError: the file cannot be written; one that was there is unchanged.
        """
        messages = self._model.buffer.messages()
        count = write_log(path, messages, stamps=self.show_stamps, sources=self.show_sources, zone=self._zone)
        self.post_message(self.Saved(self, path, count))
        return count

    # Moving

    def go_to_stamp(self, timestamp_ns: int) -> bool:
        """Go to the line with a time and stay there; return whether it is here."""
        serial = self._model.buffer.serial_at(timestamp_ns)
        if serial is None:
            return False
        self._viewport.pause()
        self._viewport.go_to(serial)
        self._sync()
        return True

    def action_follow(self) -> None:
        """Stay at the end as lines come, or pause there."""
        if self._viewport.following:
            self._viewport.pause()
        else:
            self._viewport.follow()
        self._sync()

    def action_end(self) -> None:
        """Go to the last line and follow."""
        self._viewport.follow()
        self._sync()

    def action_top(self) -> None:
        """Go to the first line."""
        self._viewport.to_start()
        self._sync()

    def action_step(self, lines: int) -> None:
        """Move by lines."""
        self._viewport.step(lines)
        self._sync()

    def action_page(self, pages: float) -> None:
        """Move by pages or parts of one."""
        self._viewport.page(pages)
        self._sync()

    def action_sideways(self, steps: int) -> None:
        """Move unwrapped lines left and right."""
        if not self.wrap:
            self._left = min(max(self._left + steps * SIDE_STEP, 0), max(self._widest_visible() - SIDE_STEP, 0))
            self._lay_out()

    def action_toggle_wrap(self) -> None:
        """Wrap long lines, or leave each on one row."""
        self.wrap = not self.wrap

    def action_toggle_stamps(self) -> None:
        """Show the times, or hide them."""
        self.show_stamps = not self.show_stamps

    def action_copy(self) -> None:
        """Copy the line under the cursor as it was sent."""
        line = self.current_line()
        self.post_message(self.CopyWanted(self, line.text if line is not None and line.kind == "line" else ""))

    def action_open(self) -> None:
        """On a filtered line: show everything around it. Else tell that the line was opened."""
        if self._model.matches is not None:
            self._viewport.pause()
            self.set_filter(None)
            return
        line = self.current_line()
        if line is not None and line.kind == "line":
            self.post_message(self.LineOpened(self, line.timestamp_ns, line.source))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on a line; twice opens it; on the notice, follow again."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        notice = sum(width_of(text) for text, _ in self._notice())
        if not self.following and offset.y == self._viewport.height - 1 and offset.x >= self._layout.width - notice:
            self.action_end()
            return
        place = self._model.rows.locate(self._viewport.top + offset.y)
        if place is not None and place.kind == "line":
            self._viewport.go_to(place.serial)
            self._sync()
            if event.chain == 2:
                self.action_open()
