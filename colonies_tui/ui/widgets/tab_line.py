"""The main screens by digit and name, with a rule below that is heavy under the one shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from colonies_tui.ui.fit import width_of
from colonies_tui.ui.line_strips import line_strip
from colonies_tui.ui.spans import Line, Span, line_width
from colonies_tui.ui.widgets.line_widget import LineWidget


@dataclass(frozen=True, slots=True)
class Tab:
    """One screen."""

    key: str
    """The key that shows it, and its name in messages."""
    title: str


class TabLine(LineWidget):
    """Tabs over two rows: names, and a rule. Names without room become digits, never half a word."""

    DEFAULT_CSS = """
    TabLine {
        height: 2;
    }
    """

    active = reactive("")
    """Key of the screen shown."""

    class TabChosen(Message):
        """A tab was clicked."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, tabs: Sequence[Tab], *, active: str = "", id: str | None = None) -> None:  # noqa: A002 (Textual's own name)
        super().__init__(id=id)
        self._tabs = tuple(tabs)
        self.set_reactive(TabLine.active, active)

    def compose_line(self, width: int) -> Line:
        """Return the row of names."""
        named = {tab.key for tab in self._tabs}
        gap = 3
        if self._needed(named, gap) > width:
            gap = 2
        if self._needed(named, gap) > width:
            named = {self.active}
            for tab in self._tabs:
                if self._needed(named | {tab.key}, gap) > width:
                    break
                named.add(tab.key)
        line: list[Span] = [Span(" ")]
        for tab in self._tabs:
            is_active = tab.key == self.active
            line.append(Span(tab.key, "accent" if is_active else "dim", tab.key))
            if tab.key in named:
                line.append(Span(f" {tab.title}", "strong" if is_active else "text", tab.key))
            line.append(Span(" " * gap))
        return line

    def render_line(self, y: int) -> Strip:
        """Draw the names, then the rule."""
        if y == 0:
            return super().render_line(y)
        return line_strip(self._rule(self.size.width), self.size.width, self.role_styles())

    def zone_chosen(self, zone: str) -> None:
        """Tell that a tab was clicked."""
        self.post_message(self.TabChosen(zone))

    def _rule(self, width: int) -> Line:
        rule, heavy = self.alphabet.rule, self.alphabet.underline
        before = under = 0
        for span in self.compose_line(width):
            if span.zone and span.zone == self.active:
                under += width_of(span.text)
            elif not under:
                before += width_of(span.text)
        if not under:
            return [Span(rule * width, "line")]
        return [
            Span(rule * before, "line"),
            Span(heavy * under, "accent"),
            Span(rule * max(width - before - under, 0), "line"),
        ]

    def _needed(self, named: set[str], gap: int) -> int:
        names = sum(1 + width_of(tab.title) for tab in self._tabs if tab.key in named)
        keys = line_width([Span(tab.key) for tab in self._tabs])
        return 1 + keys + names + gap * max(len(self._tabs) - 1, 0)
