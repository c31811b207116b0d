"""The base of the one-line widgets: draws a line of spans that its subclass composes for the width of the moment."""

from __future__ import annotations

from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from colonies_tui.ui.format.glyphs import Alphabet, alphabet_of
from colonies_tui.ui.line_strips import line_strip
from colonies_tui.ui.spans import Line, zone_at
from colonies_tui.ui.styles import RoleStyles


class LineWidget(Widget):
    """One line of text, never wrapped. Spans with a zone can be clicked."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    LineWidget {
        width: 1fr;
        height: 1;
        background: $background;
    }
    """

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 (Textual's own name)
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._role_styles: RoleStyles | None = None
        self._hovered_zone = ""

    @property
    def alphabet(self) -> Alphabet:
        """The drawing characters of the app."""
        return alphabet_of(self.app)

    def compose_line(self, width: int) -> Line:
        """Return the line for a width; subclasses leave out what has no room."""
        raise NotImplementedError

    def zone_chosen(self, zone: str) -> None:
        """A span with a zone was clicked."""

    def role_styles(self) -> RoleStyles:
        """Return the styles of the theme of the moment."""
        self._role_styles = RoleStyles.current(self._role_styles, self.app)
        return self._role_styles

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the line without a look at borders, padding and tints, of which it has none."""
        strips = [self.render_line(y) for y in range(crop.y, crop.bottom)]
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, self.background_colors[1]) for strip in strips]
        return [strip.crop(*crop.column_span) for strip in strips]

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        styles, width = self.role_styles(), self.size.width
        if y:
            return Strip.blank(width, styles.rich("text"))
        return line_strip(self.compose_line(width), width, styles, hovered=self._hovered_zone)

    def on_click(self, event: events.Click) -> None:
        """Tell the subclass which zone was clicked."""
        if zone := self._zone_under(event):
            event.stop()
            self.zone_chosen(zone)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Underline what can be clicked."""
        self._hover(self._zone_under(event))

    def on_leave(self) -> None:
        """Underline nothing."""
        self._hover("")

    def _zone_under(self, event: events.MouseEvent) -> str:
        offset = event.get_content_offset(self)
        return "" if offset is None else zone_at(self.compose_line(self.size.width), offset.x)

    def _hover(self, zone: str) -> None:
        if zone != self._hovered_zone:
            self._hovered_zone = zone
            self.refresh()
