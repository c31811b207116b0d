"""A few lines of spans, one below the other, as high as its style says."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip
from textual.widget import Widget

from colonies_tui.ui.format.glyphs import alphabet_of
from colonies_tui.ui.line_strips import line_strip
from colonies_tui.ui.spans import Line, fitted
from colonies_tui.ui.styles import RoleStyles


class FactLines(Widget):
    """Shows lines; those that are too long are cut."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "FactLines { width: 1fr; height: 1; background: $background; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's own name)
        super().__init__(id=id)
        self._lines: Sequence[Line] = ()
        self._role_styles: RoleStyles | None = None

    def show(self, lines: Sequence[Line]) -> None:
        """Show other lines."""
        if list(lines) != list(self._lines):
            self._lines = lines
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        self._role_styles = styles = RoleStyles.current(self._role_styles, self.app)
        width = self.size.width
        line = self._lines[y] if y < len(self._lines) else ()
        return line_strip(fitted(line, width, alphabet_of(self.app).ellipsis), width, styles)
