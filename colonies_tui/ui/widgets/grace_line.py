"""The line at the bottom that counts a decision down, in the place of the keys."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.spans import Line, Span, fitted, line_width
from colonies_tui.ui.widgets.line_widget import LineWidget

TAKE_BACK = "z"
SEND_NOW = "Z"


class GraceLine(LineWidget):
    """Says what is about to be sent, in how many seconds, and the keys that take it back or send it at once."""

    DEFAULT_CSS = """
    GraceLine { display: none; }
    GraceLine.-held { display: block; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's own name)
        super().__init__(id=id)
        self._held: Sequence[tuple[str, float]] = ()

    def show(self, held: Sequence[tuple[str, float]]) -> None:
        """Show decisions, the newest last, with the seconds that each has; none hides the line."""
        self._held = held
        self.set_class(bool(held), "-held")
        self.refresh()

    def compose_line(self, width: int) -> Line:
        """Name the newest, which is the one that is taken back; the words of the others give way first."""
        if not self._held:
            return []
        words, seconds = self._held[-1]
        others = len(self._held) - 1
        when = [Span(f" in {ceil(seconds)} s", "warning")]
        back = [Span("   "), Span(TAKE_BACK, "text", TAKE_BACK), Span(" takes it back", "dim", TAKE_BACK)]
        now = [Span("   "), Span(SEND_NOW, "text", SEND_NOW), Span(" sends now", "dim", SEND_NOW)]
        more = [Span(f"   {others} more before it", "dim")] if others else []
        room = width - 1 - line_width(when) - line_width(back)
        tail = [*when, *back]
        for piece in (now, more):
            if line_width(piece) + 24 <= room:
                tail += piece
                room -= line_width(piece)
        return [Span(" "), *fitted([Span(plain(words), "strong")], max(room, 1), self.alphabet.ellipsis), *tail]

    def zone_chosen(self, zone: str) -> None:
        """Do what the clicked key does."""
        self.app.simulate_key(zone)
