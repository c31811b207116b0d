"""A pane with nothing to list: what is the case and what to do next, two lines in its middle."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Literal

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from colonies_tui.ui.fit import fit, width_of
from colonies_tui.ui.format.glyphs import Alphabet, alphabet_of
from colonies_tui.ui.styles import RoleStyles

MessageKind = Literal["empty", "filtered", "forbidden", "loading"]
"""There is nothing; the filter hides all there is; the key may not see it; it has not been answered yet."""

MAX_TEXT_WIDTH = 76
"""Widest line of a message, in cells."""


@dataclass(frozen=True, slots=True)
class PaneMessage:
    """A message for an empty pane, plain text."""

    kind: MessageKind
    title: str
    """What is the case: `No process is waiting`."""
    hint: str = ""
    """What to do next: `submit one with n, or watch running ones with tab`."""


def message_strips(message: PaneMessage, width: int, height: int, roles: RoleStyles, alphabet: Alphabet) -> list[Strip]:
    """The message in the middle of `height` lines of `width` cells; forbidden is told apart by glyph and colour."""
    blank = Strip.blank(width, roles.rich("text"))
    lines: list[tuple[str, str]] = []
    title, title_role = message.title, "text"
    if message.kind == "forbidden":
        title, title_role = f"{alphabet.cancelled} {title}", "warning"
    elif message.kind == "loading":
        title_role = "dim"
    text_width = max(1, min(width - 4, MAX_TEXT_WIDTH))
    lines.extend((line, title_role) for line in textwrap.wrap(title, text_width))
    lines.extend((line, "dim") for line in textwrap.wrap(message.hint, text_width))
    lines = lines[:height]
    above = max(0, (height - len(lines)) * 2 // 5)
    strips = [blank] * above
    for text, role in lines:
        left = max(0, (width - width_of(text)) // 2)
        strips.append(Strip([Segment(fit(" " * left + text, width), roles.rich(role))], width))
    strips.extend([blank] * (height - len(strips)))
    return strips


class MessagePane(Widget):
    """A whole pane that only says something."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    MessagePane {
        height: 1fr;
        background: $background;
    }
    """

    def __init__(
        self,
        message: PaneMessage,
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._message = message
        self._roles: RoleStyles | None = None
        self._strips: list[Strip] = []
        self._painted: tuple[object, ...] = ()

    @property
    def message(self) -> PaneMessage:
        """What the pane says."""
        return self._message

    def show(self, message: PaneMessage) -> None:
        """Say something else."""
        if message != self._message:
            self._message = message
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the pane."""
        self._roles = RoleStyles.current(self._roles, self.app)
        alphabet = alphabet_of(self.app)
        painted = (self._message, self.size, self._roles, alphabet)
        if painted != self._painted:
            self._painted = painted
            self._strips = message_strips(self._message, self.size.width, self.size.height, self._roles, alphabet)
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width, self._roles.rich("text"))
