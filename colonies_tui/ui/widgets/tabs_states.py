"""States with their counts in one line, one of them chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.message import Message

from colonies_tui.ui.format.numbers import grouped
from colonies_tui.ui.format.states import StateFace
from colonies_tui.ui.spans import Line, Span, line_width
from colonies_tui.ui.widgets.line_widget import LineWidget


@dataclass(frozen=True, slots=True)
class StateTab:
    """One state to choose."""

    key: str
    face: StateFace
    count: int | None = None
    """How many there are; ``None`` while that is not known."""


class StateTabs(LineWidget):
    """``◌ waiting 4 213   ▶ running 64``. It takes no focus: screens bind keys to `move`."""

    class Chosen(Message):
        """Another state was chosen, by key or click."""

        def __init__(self, tabs: StateTabs, key: str) -> None:
            super().__init__()
            self.tabs = tabs
            self.key = key

        @property
        def control(self) -> StateTabs:
            """The tabs."""
            return self.tabs

    def __init__(
        self,
        tabs: Sequence[StateTab] = (),
        *,
        active: str = "",
        id: str | None = None,  # noqa: A002 (Textual's own name)
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._tabs = tuple(tabs)
        self._active = active or (tabs[0].key if tabs else "")

    @property
    def active(self) -> str:
        """Key of the chosen state."""
        return self._active

    def show(self, tabs: Sequence[StateTab]) -> None:
        """Show other counts, or other states; the choice stays."""
        if tuple(tabs) != self._tabs:
            self._tabs = tuple(tabs)
            if self._tabs and self._active not in {tab.key for tab in self._tabs}:
                self._active = self._tabs[0].key
            self.refresh()

    def choose(self, key: str) -> None:
        """Choose a state; `Chosen` is sent when it is another one."""
        if key != self._active and key in {tab.key for tab in self._tabs}:
            self._active = key
            self.refresh()
            self.post_message(self.Chosen(self, key))

    def move(self, step: int) -> None:
        """Choose the state so many further on, round the end."""
        keys = [tab.key for tab in self._tabs]
        if self._active in keys:
            self.choose(keys[(keys.index(self._active) + step) % len(keys)])

    def zone_chosen(self, zone: str) -> None:
        """Choose the clicked state."""
        self.choose(zone)

    def compose_line(self, width: int) -> Line:
        """Return the line: with words, else with words for the chosen state only, else without spare room."""
        for words, gap in ((True, 2), (True, 1), (False, 2), (False, 0)):
            line = self._line(words, gap)
            if line_width(line) <= width:
                break
        return line

    def _line(self, words: bool, gap: int) -> list[Span]:
        line: list[Span] = []
        for tab in self._tabs:
            is_active = tab.key == self._active
            is_empty = not tab.count and not is_active
            line.append(Span(self.alphabet.cursor if is_active else " ", "accent"))
            line.append(Span(tab.face.glyph, "dim" if is_empty else tab.face.role, tab.key))
            if words or is_active:
                line.append(Span(f" {tab.face.word}", "strong" if is_active else "dim", tab.key))
            if tab.count is not None:
                line.append(Span(f" {grouped(tab.count)}", "dim" if is_empty else "text", tab.key))
            line.append(Span(" " * (gap + 1)))
        return line
