"""The base of widgets that paint lines and scroll by themselves: it keeps lines and paints those that changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.segment import Segment
from textual.filter import ANSIToTruecolor, DimFilter, LineFilter
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from colonies_tui.ui.format.glyphs import Alphabet, alphabet_of
from colonies_tui.ui.graph.paint import Run
from colonies_tui.ui.styles import RoleStyles


class Canvas(Widget, can_focus=True, inherit_bindings=False):
    """Lines on the whole of the widget. Subclasses paint them one by one and say which have become stale."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Canvas {
        width: 1fr;
        height: 1fr;
        background: $background;
    }
    """

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._roles: RoleStyles | None = None
        self._lines: dict[int, Strip] = {}
        self._lines_width = 0

    def paint_line(self, y: int, width: int) -> Strip:
        """Paint one line, exactly `width` cells."""
        raise NotImplementedError

    @property
    def alphabet(self) -> Alphabet:
        """The drawing characters of the app."""
        return alphabet_of(self.app)

    @property
    def roles(self) -> RoleStyles:
        """The styles of the theme of the moment."""
        self._roles = RoleStyles.current(self._roles, self.app)
        return self._roles

    def repaint(self, lines: Iterable[int] | None = None) -> None:
        """Have lines of the screen painted anew; None for all. Lines outside do no harm."""
        if lines is None:
            self._lines = {}
            self.refresh()
            return
        width, height = self.size
        wanted = sorted({y for y in lines if 0 <= y < height})
        for y in wanted:
            self._lines.pop(y, None)
        if wanted:
            self.refresh(*(Region(0, y, width, 1) for y in wanted))

    def notify_style_update(self) -> None:
        """Paint in the new theme."""
        super().notify_style_update()
        if self._roles is not None and RoleStyles.current(self._roles, self.app) is not self._roles:
            self._lines = {}

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a region."""
        filters, background = self._line_filters(), self.background_colors[1]
        strips = []
        for y in range(crop.y, crop.bottom):
            strip = self.render_line(y)
            for line_filter in filters:
                strip = strip.apply_filter(line_filter, background)
            strips.append(strip if crop.column_span == (0, self.size.width) else strip.crop(*crop.column_span))
        return strips

    def render_line(self, y: int) -> Strip:
        """One line, painted unless it has been already."""
        width = self.size.width
        if self._lines_width != width:
            self._lines, self._lines_width = {}, width
        if (strip := self._lines.get(y)) is None:
            strip = self._lines[y] = self.paint_line(y, width)
        return strip

    def strip_of(self, runs: Iterable[Run], width: int) -> Strip:
        """Make a line of runs that take `width` cells."""
        roles = self.roles
        return Strip([Segment(text, roles.rich(role, ground)) for text, role, ground in runs], width)

    def blank_strip(self, width: int) -> Strip:
        """A line with nothing on it."""
        return Strip.blank(width, self.roles.rich("text"))

    def _line_filters(self) -> Sequence[LineFilter]:
        """Filters that change anything here: strips have no dim style, and terminal colours only in a theme of them."""
        filters = self.get_line_filters()
        if self.app.current_theme.ansi:
            return filters
        return [f for f in filters if not isinstance(f, (ANSIToTruecolor, DimFilter))]
