"""The top line: product, where one is, how fresh what one sees is, and what is out of the ordinary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from colonies_tui.ui.fit import cut
from colonies_tui.ui.line_screen import repaint
from colonies_tui.ui.spans import Line, Span, line_width
from colonies_tui.ui.widgets.line_widget import LineWidget

LinkKind = Literal["live", "polling", "offline"]

_LINK_ROLES: Final[dict[LinkKind, str]] = {"live": "success", "polling": "warning", "offline": "error"}


MAX_NAME: Final = 40
"""Cells of a name at the most: a longer one is cut, where otherwise it would be left out whole."""

_ALARM_RANKS: Final = {0: 1, 1: 3}
"""How dear the first two alarms are; the rest goes first of all."""


@dataclass(frozen=True, slots=True)
class HeaderState:
    """What the header says; plain texts."""

    profile: str = ""
    colony: str = ""
    link: LinkKind = "offline"
    link_words: str = ""
    """``live 0.4s``, ``polling 2s``, ``stale since 14:02``."""
    link_detail: str = ""
    """What can be left out when there is little room: ``retry in 4s``."""
    alarms: Sequence[tuple[str, str]] = ()
    """Texts and roles of what is out of the ordinary, the most important first."""
    product: str = "colonies"


@dataclass(frozen=True, slots=True)
class _Piece:
    side: Literal["left", "right"]
    rank: int
    """Higher ranks are left out first."""
    line: Line
    gap: str = "   "
    """What stands before it when something is left of it."""


class HeaderBar(LineWidget):
    """One line; what has no room is left out whole, the least important first."""

    def __init__(self, state: HeaderState | None = None, *, id: str | None = None) -> None:  # noqa: A002 (Textual's own name)
        super().__init__(id=id)
        self._state = state or HeaderState()

    @property
    def state(self) -> HeaderState:
        """What the header says."""
        return self._state

    def show(self, state: HeaderState) -> None:
        """Say something else."""
        if state != self._state:
            self._state = state
            repaint(self)

    def compose_line(self, width: int) -> Line:
        """Put places at the left, freshness and alarms at the right."""
        pieces = self._pieces()
        while True:
            left = _side(pieces, "left")
            right = _side(pieces, "right")
            room = width - 2 - line_width(left) - line_width(right)
            if room >= (3 if left and right else 0) or len(pieces) <= 1:
                return [Span(" "), *left, Span(" " * max(room, 0)), *right]
            pieces.remove(max(pieces, key=lambda piece: piece.rank))

    def _pieces(self) -> list[_Piece]:
        """Return all pieces in the order they stand in."""
        state, alphabet = self._state, self.alphabet
        glyph = {"live": alphabet.live, "polling": alphabet.polling, "offline": alphabet.offline}[state.link]
        pieces = [_Piece("left", 7, (Span(state.product, "strong"),))]
        if state.profile:
            pieces.append(_Piece("left", 5, (Span(cut(state.profile, MAX_NAME, alphabet.ellipsis), "dim"),)))
        if state.colony:
            separator = f" {alphabet.separator} " if state.profile else "   "
            pieces.append(_Piece("left", 2, (Span(cut(state.colony, MAX_NAME, alphabet.ellipsis)),), separator))
        if state.link_words:
            pieces.append(_Piece("right", 0, (Span(f"{glyph} ", _LINK_ROLES[state.link]), Span(state.link_words))))
        if state.link_words and state.link_detail:
            pieces.append(_Piece("right", 6, (Span(state.link_detail, "dim"),), f" {alphabet.separator} "))
        for index, (text, role) in enumerate(state.alarms):
            pieces.append(_Piece("right", _ALARM_RANKS.get(index, 8 + index), (Span(text, role),)))
        return pieces


def _side(pieces: Sequence[_Piece], side: str) -> list[Span]:
    line: list[Span] = []
    for piece in pieces:
        if piece.side == side:
            line += [Span(piece.gap, "dim"), *piece.line] if line else piece.line
    return line
