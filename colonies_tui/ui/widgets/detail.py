"""A document of labels and values that scrolls, such as all that is known of one process."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from colonies_tui.ui.document import Section, lay_out
from colonies_tui.ui.format.glyphs import alphabet_of
from colonies_tui.ui.line_strips import line_strip
from colonies_tui.ui.spans import Span
from colonies_tui.ui.styles import RoleStyles


class DetailPane(ScrollView, can_focus=True):
    """Shows sections. Showing others keeps the scroll position, so that live values can change under the reader."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    DetailPane {
        background: $background;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k,up", "scroll_up", "up", id="detail.up", show=False),
        Binding("j,down", "scroll_down", "down", id="detail.down", show=False),
        Binding("g,home", "scroll_home", "top", id="detail.top", show=False),
        Binding("G,end", "scroll_end", "bottom", id="detail.end", show=False),
        Binding("ctrl+u", "half_page(-1)", "half a page up", id="detail.half_up", show=False),
        Binding("ctrl+d", "half_page(1)", "half a page down", id="detail.half_down", show=False),
        Binding("pageup", "page_up", "page up", id="detail.page_up", show=False),
        Binding("pagedown", "page_down", "page down", id="detail.page_down", show=False),
    ]

    def __init__(
        self,
        sections: Sequence[Section] = (),
        *,
        id: str | None = None,  # noqa: A002 (Textual's own name)
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._sections = tuple(sections)
        self._lines: list[list[Span]] = []
        self._laid_out_for = 0
        self._role_styles: RoleStyles | None = None

    def show(self, sections: Sequence[Section], *, from_top: bool = False) -> None:
        """Show other sections; ``from_top`` when they are about something else."""
        if tuple(sections) != self._sections:
            self._sections = tuple(sections)
            self._lay_out()
        if from_top:
            self.scroll_to(y=0, animate=False)

    def action_half_page(self, direction: int) -> None:
        """Scroll by half a page."""
        self.scroll_relative(y=direction * max(self.size.height // 2, 1), animate=False)

    def on_resize(self) -> None:
        """Lay the document out for the new width."""
        if self._width != self._laid_out_for:
            self._lay_out()

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        self._role_styles = styles = RoleStyles.current(self._role_styles, self.app)
        width = self.scrollable_content_region.width
        row = y + self.scroll_offset.y
        line = self._lines[row] if row < len(self._lines) else []
        return line_strip(line, width, styles)

    @property
    def _width(self) -> int:
        return max(self.scrollable_content_region.width, 1)

    def _lay_out(self) -> None:
        if not self.size.width:
            return
        self._laid_out_for = self._width
        self._lines = lay_out(self._sections, self._width, rule=alphabet_of(self.app).rule, indent=1)
        size = Size(self._width, len(self._lines))
        if size != self.virtual_size:
            self.virtual_size = size
        self.refresh()
