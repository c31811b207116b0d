"""Style roles: the names formatters use for a span of text, and their styles in the theme of the moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from rich.style import Style as RichStyle
from textual.app import App
from textual.color import Color, ColorParseError
from textual.style import Style

Ground = Literal["base", "surface", "panel", "cursor", "blurred", "glow", "fading"]
"""What a span is drawn on: the page, a dialog, a raised part, the cursor's line with and without focus, a cell that has
just changed, and the same cell a moment later."""

ROLES: Mapping[str, str] = {
    "text": "foreground",
    "strong": "foreground",
    "dim": "text-dim",
    "faint": "text-faint",
    "line": "line",
    "accent": "accent",
    "waiting": "state-waiting",
    "running": "state-running",
    "success": "state-success",
    "failed": "state-failed",
    "cancelled": "state-cancelled",
    "pending": "state-pending",
    "approved": "state-approved",
    "rejected": "state-rejected",
    "gone": "state-gone",
    "stale": "state-stale",
    "warning": "tone-warning",
    "error": "tone-error",
}
"""The theme variable behind each role. `line` is for rules, not for text."""

GROUNDS: Mapping[Ground, str] = {
    "base": "background",
    "surface": "surface",
    "panel": "panel",
    "cursor": "cursor-background",
    "blurred": "cursor-blurred-background",
    "glow": "glow-background",
    "fading": "glow-fading-background",
}
"""The theme variable behind each ground."""

BOLD_ROLES = frozenset({"strong"})
"""Roles told apart by weight, not by colour."""


class RoleStyles:
    """Styles of the roles for one set of theme variables; every style is made once.

    A widget keeps one and asks `RoleStyles.current` for it before painting: a change of theme gives a new object, so
    what was cached with the old one can be told apart by identity.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self._rich: dict[tuple[str, Ground | None, bool], RichStyle] = {}
        self._content: dict[tuple[str, Ground | None, bool], Style] = {}
        self._cursor_has_its_colour = "cursor-foreground" in variables and (
            self._parse("cursor-foreground") != self._parse("foreground")
        )

    @classmethod
    def current(cls, previous: RoleStyles | None, app: App[Any]) -> RoleStyles:
        """`previous` if it still describes the app's theme, else a new object."""
        if previous is not None and previous._variables is app.theme_variables:
            return previous
        return cls(app.theme_variables)

    def color(self, role: str, on: Ground | None = None) -> Color:
        """The colour of a role; an unknown role looks like text.

        On the cursor's line of a theme that wants one colour there, all roles have that one.
        """
        if on == "cursor" and self._cursor_has_its_colour:
            return self._parse("cursor-foreground")
        return self._parse(ROLES.get(role, "foreground"))

    def ground(self, ground: Ground) -> Color:
        """The colour of a background."""
        return self._parse(GROUNDS[ground])

    def rich(self, role: str, on: Ground | None = "base", *, reverse: bool = False) -> RichStyle:
        """The style of a role for `Segment`s; `on=None` leaves the background open."""
        key = (role, on, reverse)
        if (style := self._rich.get(key)) is None:
            style = self._rich[key] = RichStyle(
                color=self.color(role, on).rich_color,
                bgcolor=None if on is None else self.ground(on).rich_color,
                bold=role in BOLD_ROLES or None,
                reverse=reverse or None,
            )
        return style

    def content(self, role: str, on: Ground | None = None, *, reverse: bool = False) -> Style:
        """The style of a role for `Content`; the background is left open unless asked for."""
        key = (role, on, reverse)
        if (style := self._content.get(key)) is None:
            style = self._content[key] = Style(
                foreground=self.color(role, on),
                background=None if on is None else self.ground(on),
                bold=True if role in BOLD_ROLES else None,
                reverse=reverse or None,
            )
        return style

    def _parse(self, variable: str) -> Color:
        """A theme variable as a colour; missing or not a plain colour (`auto 87%`): the terminal's own."""
        try:
            return Color.parse(self._variables.get(variable, "ansi_default"))
        except ColorParseError:
            return Color.parse("ansi_default")
