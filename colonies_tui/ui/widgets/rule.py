"""A faint rule across a pane with its title and a few short facts set into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.reactive import reactive

from colonies_tui.ui.spans import Line, Span, fitted, line_width
from colonies_tui.ui.widgets.line_widget import LineWidget


@dataclass(frozen=True, slots=True)
class RulePiece:
    """A fact at the right of a rule."""

    line: Line
    rank: int = 0
    """Higher ranks are left out first when there is little room, among equals the leftmost."""

    @classmethod
    def of(cls, text: str, role: str = "dim", rank: int = 0) -> RulePiece:
        """Make a piece of one plain text."""
        return cls((Span(text, role),), rank)


class TitleRule(LineWidget):
    """``── Executors · 41 ─────── / type=gpu ── 38 hidden ─── live 1.1s ──``."""

    active = reactive(False)
    """Whether the pane below has the focus: its title then stands out."""

    def __init__(
        self,
        title: str | Line = "",
        pieces: Sequence[RulePiece] = (),
        *,
        id: str | None = None,  # noqa: A002 (Textual's own name)
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._title = _line(title)
        self._pieces = tuple(pieces)

    def show(self, title: str | Line, pieces: Sequence[RulePiece] = ()) -> None:
        """Say something else."""
        new = (_line(title), tuple(pieces))
        if new != (self._title, self._pieces):
            self._title, self._pieces = new
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Give the focus to the pane below."""
        siblings = [] if self.parent is None else list(self.parent.children)
        below = siblings[siblings.index(self) + 1 :] if siblings else []
        pane = next((widget for widget in below if widget.display), None)
        if pane is not None and pane.focusable:
            event.stop()
            pane.focus()

    def compose_line(self, width: int) -> Line:
        """Draw the rule through what fits."""
        rule = self.alphabet.rule
        start = Span(rule * 2, "accent" if self.active else "line")
        title = self._title_line()
        kept = list(self._pieces)
        while kept and self._needed(title, kept) > width:
            kept.remove(max(kept, key=lambda piece: piece.rank))
        tail: list[Span] = []
        for piece in kept:
            tail += [Span(" "), *piece.line, Span(" "), Span(rule * 2, "line")]
        if title:
            room = width - line_width(tail) - (4 if tail else 6)
            title = [Span(" "), *fitted(title, room, self.alphabet.ellipsis), Span(" ")]
        middle = width - 2 - line_width(title) - line_width(tail)
        return [start, *title, Span(rule * max(middle, 0), "line"), *tail]

    def _title_line(self) -> list[Span]:
        if not self.active:
            return list(self._title)
        return [span._replace(role="strong") if span.role == "text" else span for span in self._title]

    @staticmethod
    def _needed(title: Line, pieces: Sequence[RulePiece]) -> int:
        title_width = line_width(title)
        return 5 + (title_width + 2 if title_width else 0) + sum(line_width(piece.line) + 4 for piece in pieces)


def _line(title: str | Line) -> tuple[Span, ...]:
    if isinstance(title, str):
        return (Span(title),) if title else ()
    return tuple(title)
