"""The bottom line: what the keys of the focused pane do, the most used first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from textual.binding import ActiveBinding
from textual.screen import Screen

from colonies_tui.ui.format.glyphs import ASCII
from colonies_tui.ui.key_names import key_words
from colonies_tui.ui.spans import Line, Span, line_width
from colonies_tui.ui.widgets.line_widget import LineWidget

HELP_ID: Final = "app.help"
"""Id of the binding that opens the help; it is always the last one shown."""


class _Entry(NamedTuple):
    key: str
    words: str
    press: str
    """The key to press when it is clicked."""
    enabled: bool
    is_help: bool


class FooterKeys(LineWidget):
    """One line of keys, from the active bindings that ask to be shown. Clicking one does what it says."""

    def __init__(self, order: Sequence[str] = (), *, id: str | None = None) -> None:  # noqa: A002 (Textual's own name)
        """Show bindings in the ``order`` of their ids; the others follow, those of the focused pane first."""
        super().__init__(id=id)
        self._order = {name: place for place, name in enumerate(order)}
        self._entries: list[_Entry] = []

    def on_mount(self) -> None:
        """Follow the bindings of the screen."""
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_updated)
        self._bindings_updated(self.screen)

    def compose_line(self, width: int) -> Line:
        """Return as many keys as there is room for, help last."""
        helps = [entry for entry in self._entries if entry.is_help]
        line: list[Span] = [Span(" ")]
        tail = [span for entry in helps for span in self._spans(entry)]
        room = width - 1 - line_width(tail)
        for entry in self._entries:
            if entry in helps:
                continue
            spans = [*self._spans(entry), Span("   ")]
            if line_width(line) + line_width(spans) > room:
                break
            line += spans
        return [*line, *tail]

    def zone_chosen(self, zone: str) -> None:
        """Do what the clicked key does."""
        self.app.simulate_key(zone)

    @staticmethod
    def _spans(entry: _Entry) -> list[Span]:
        if not entry.enabled:
            return [Span(f"{entry.key} {entry.words}", "faint")]
        return [Span(entry.key, "text", entry.press), Span(f" {entry.words}", "dim", entry.press)]

    def _bindings_updated(self, screen: Screen[Any]) -> None:
        if screen is not self.screen:
            return
        ranked: dict[str, tuple[tuple[int, int], _Entry]] = {}
        for position, active in enumerate(screen.active_bindings.values()):
            binding = active.binding
            if not binding.show or not binding.description or binding.system:
                continue
            place = (self._order.get(binding.id or "", len(self._order)), position)
            name = binding.id or f"{binding.action} {binding.description}"
            if name not in ranked:
                ranked[name] = (place, self._entry(active))
        entries = [entry for _, entry in sorted(ranked.values())]
        if entries != self._entries:
            self._entries = entries
            self.refresh()

    def _entry(self, active: ActiveBinding) -> _Entry:
        binding = active.binding
        words = key_words(binding.key, in_ascii=self.alphabet is ASCII)
        key = binding.key_display or words.replace("ctrl-", "^")
        return _Entry(key, binding.description, binding.key, active.enabled, binding.id == HELP_ID)
