"""The keys of a question at its lower right: what each does now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from colonies_tui.ui.spans import Line, Span, line_width
from colonies_tui.ui.widgets.line_widget import LineWidget


class AnswerKey(NamedTuple):
    """A key and what it does."""

    key: str
    """As Textual names it."""
    words: str
    role: str = "strong"
    enabled: bool = True


class AnswerLine(LineWidget):
    """Keys set to the right. Clicking one is pressing it."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's own name)
        super().__init__(id=id)
        self._keys: Sequence[AnswerKey] = ()

    def show(self, keys: Sequence[AnswerKey]) -> None:
        """Show other keys."""
        if list(keys) != list(self._keys):
            self._keys = keys
            self.refresh()

    def compose_line(self, width: int) -> Line:
        """Return the keys, those in front left out first where there is no room."""
        pieces = [self._piece(key) for key in self._keys]
        while len(pieces) > 1 and sum(line_width(piece) for piece in pieces) > width:
            pieces.pop(0)
        spans = [span for piece in pieces for span in piece]
        return [Span(" " * max(0, width - line_width(spans))), *spans]

    @staticmethod
    def _piece(key: AnswerKey) -> list[Span]:
        name = "esc" if key.key == "escape" else key.key
        if not key.enabled:
            return [Span("   "), Span(f"{name} {key.words}", "faint")]
        return [Span("   "), Span(name, key.role, key.key), Span(f" {key.words}", "text", key.key)]

    def zone_chosen(self, zone: str) -> None:
        """Press the key."""
        self.app.simulate_key(zone)
