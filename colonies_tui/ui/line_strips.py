"""Lines of spans drawn as strips of the toolkit."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from colonies_tui.ui.spans import Line
from colonies_tui.ui.styles import Ground, RoleStyles

_UNDERLINED = Style(underline=True)


def line_strip(line: Line, width: int, styles: RoleStyles, ground: Ground = "base", *, hovered: str = "") -> Strip:
    """Draw a line in exactly ``width`` cells; the zone under the mouse is underlined."""
    segments: list[Segment] = []
    for span in line:
        style = styles.rich(span.role, ground)
        if hovered and span.zone == hovered and span.text.strip():
            style += _UNDERLINED
        segments.append(Segment(span.text, style))
    return Strip(segments).adjust_cell_length(width, styles.rich("text", ground))
