"""The line of tabs: which colonies are open, which one is shown, and which of the others wants attention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from textual.message import Message

from colonies_tui.ui.spans import Line, Span, fitted, line_width
from colonies_tui.ui.widgets.line_widget import LineWidget


@dataclass(frozen=True, slots=True)
class TabState:
    """What is said of one tab; plain texts."""

    key: str
    """Names it in messages."""
    profile: str
    colony: str
    link: Literal["up", "connecting", "lost"] = "up"
    pending: int = 0
    """Executors that wait for approval."""
    is_current: bool = False
    is_forbidden: bool = False
    """Whether its key may read nothing."""
    is_production: bool = False
    asks: bool = False
    """Whether a question waits for an answer there."""


class ColonyTabLine(LineWidget):
    """One line, there only while several tabs are open. What is short of room loses the profiles' names first, then the
    words of what wants attention; tabs at the far side of the current one go last, told by an arrow.
    """

    DEFAULT_CSS = """
    ColonyTabLine { display: none; }
    ColonyTabLine.-several { display: block; }
    """

    class TabChosen(Message):
        """A tab was clicked."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self) -> None:
        super().__init__()
        self._tabs: tuple[TabState, ...] = ()

    def show(self, tabs: Sequence[TabState]) -> None:
        """Say something else."""
        if tuple(tabs) != self._tabs:
            self._tabs = tuple(tabs)
            self.set_class(len(self._tabs) > 1, "-several")
            self.refresh()

    def zone_chosen(self, zone: str) -> None:
        """Tell that a tab was clicked."""
        self.post_message(self.TabChosen(zone))

    def compose_line(self, width: int) -> Line:
        """Put the tabs side by side."""
        are_of_several = len({tab.profile for tab in self._tabs}) > 1  # one profile alone stands in the header
        for profiles, words in ((are_of_several, True), (False, True), (False, False)):
            pieces = [self._piece(tab, with_profile=profiles, with_words=words) for tab in self._tabs]
            if sum(map(line_width, pieces)) <= width:
                return [span for piece in pieces for span in piece]
        return self._around_current(pieces, width)

    def _around_current(self, pieces: Sequence[Line], width: int) -> Line:
        """Return as many tabs as have room, the current one among them, and arrows where some have none."""
        current = next((number for number, tab in enumerate(self._tabs) if tab.is_current), 0)
        first = last = current
        room = width - 4 - line_width(pieces[current])
        while True:
            if last + 1 < len(pieces) and line_width(pieces[last + 1]) <= room:
                last += 1
                room -= line_width(pieces[last])
            elif first > 0 and line_width(pieces[first - 1]) <= room:
                first -= 1
                room -= line_width(pieces[first])
            else:
                break
        line = [span for piece in pieces[first : last + 1] for span in piece]
        before = [Span(f"{self.alphabet.more_left} ", self._role_of(self._tabs[:first]))] if first else []
        after = (
            [Span(f"{self.alphabet.more_right} ", self._role_of(self._tabs[last + 1 :]))]
            if last + 1 < len(pieces)
            else []
        )
        return [*before, *fitted(line, width - 4, self.alphabet.ellipsis), *after]

    @staticmethod
    def _role_of(tabs: Sequence[TabState]) -> str:
        """Return the role of an arrow: tabs that have no room can still want attention."""
        if any(tab.link == "lost" for tab in tabs):
            return "error"
        return "pending" if any(tab.pending or tab.asks for tab in tabs) else "dim"

    def _piece(self, tab: TabState, *, with_profile: bool, with_words: bool) -> Line:
        alphabet = self.alphabet
        glyph = alphabet.live if tab.link == "up" else alphabet.offline
        role = "error" if tab.link == "lost" else "dim"
        line = [
            Span(alphabet.cursor if tab.is_current else " ", "accent", tab.key),
            Span(f"{glyph} ", role, tab.key),
        ]
        if with_profile and tab.profile:
            line.append(Span(f"{tab.profile} {alphabet.separator} ", "dim", tab.key))
        line.append(Span(tab.colony, "strong" if tab.is_current else "text", tab.key))
        if not tab.is_current:  # of the current one the header says it
            line += [Span(f" {text}", role, tab.key) for text, role in self._alarms(tab, with_words=with_words)]
        return [*line, Span("  ")]

    @staticmethod
    def _alarms(tab: TabState, *, with_words: bool) -> Sequence[tuple[str, str]]:
        alarms: list[tuple[str, str]] = []
        if tab.link == "lost":
            alarms.append(("no answer" if with_words else "", "error"))
        if tab.is_forbidden:
            alarms.append(("not allowed" if with_words else "!", "failed"))
        if tab.pending:
            alarms.append((f"{tab.pending} pending" if with_words else str(tab.pending), "pending"))
        if tab.asks:
            alarms.append(("asks" if with_words else "?", "pending"))
        if tab.is_production:
            alarms.append(("production" if with_words else "", "failed"))
        return [alarm for alarm in alarms if alarm[0]]
