"""Lines of a table as strips: header and rows, painted from cells, widths and role styles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from colonies_tui.ui.cell import Cell
from colonies_tui.ui.fit import Align, fit, width_of
from colonies_tui.ui.format.glyphs import Alphabet
from colonies_tui.ui.styles import Ground, RoleStyles
from colonies_tui.ui.table_glow import WHOLE_ROW
from colonies_tui.ui.table_layout import GAP, GUTTER, Column, Placed, RowT, place_columns


@dataclass(frozen=True, slots=True)
class Standing:
    """How a row stands out."""

    ground: Ground = "base"
    """`cursor` or `blurred` under the cursor."""
    marked: bool = False
    watched: bool = False
    """Shown where the mark would be; the mark goes before it."""


PLAIN = Standing()


class LinePainter(Generic[RowT]):
    """Paints the lines of one table at one width in one theme; a change of any of them needs a new painter."""

    def __init__(self, columns: Sequence[Column[RowT]], width: int, roles: RoleStyles, alphabet: Alphabet) -> None:
        self.columns = columns
        self.width = width
        self.roles = roles
        self.alphabet = alphabet
        self.placed: tuple[Placed, ...] = place_columns(columns, width)
        self.ticking: tuple[int, ...] = tuple(place.column for place in self.placed if columns[place.column].ticks)
        """Columns on show whose cells depend on the time."""
        end = self.placed[-1].x + self.placed[-1].width if self.placed else GUTTER
        after = [" " * GAP] * (len(self.placed) - 1) + [" " * max(0, width - end)]
        self._gutter_rest = "" if self.placed else after.pop()
        self._plan = tuple(
            (place.column, columns[place.column], place.width, spaces)
            for place, spaces in zip(self.placed, after, strict=True)
        )

    def header(self, sort: tuple[str, bool] | None) -> Strip:
        """The titles, dim; the sorted column's stronger, with an arrow in the gap after it so that nothing shifts."""
        dim, strong, ellipsis = self.roles.rich("dim"), self.roles.rich("text"), self.alphabet.ellipsis
        runs: list[tuple[str, Style]] = [(" " * GUTTER + self._gutter_rest, dim)]
        for _, column, width, after in self._plan:
            title = fit(column.title, width, column.align, ellipsis)
            if sort is None or sort[0] != column.key:
                runs.append((title + after, dim))
                continue
            arrow = self.alphabet.sorted_down if sort[1] else self.alphabet.sorted_up
            if column.align == "left":
                title = title.rstrip()
                title += arrow if width_of(title) == width else f" {arrow}"
            else:
                title += arrow
            title += " " * (width + len(after) - width_of(title))
            runs.append((title, strong))
        return self._strip(runs)

    def row(self, row: RowT, now: float, standing: Standing, glow: Mapping[int, Ground]) -> Strip:
        """One row."""
        roles, ellipsis = self.roles, self.alphabet.ellipsis
        ground = standing.ground
        if WHOLE_ROW in glow and ground == "base":
            ground = glow[WHOLE_ROW]
        blank = roles.rich("text", ground)
        bar, bar_role = " ", "text"
        if standing.ground != "base":
            bar, bar_role = self.alphabet.cursor, "accent" if standing.ground == "cursor" else "faint"
        glyph = self.alphabet.mark if standing.marked else self.alphabet.watched if standing.watched else " "
        mark = glyph + self._gutter_rest
        mark_role = "dim" if standing.watched and not standing.marked else "strong"
        runs = [(bar, roles.rich(bar_role, ground)), (mark, roles.rich(mark_role, ground))]
        for index, column, width, after in self._plan:
            cell = column.cell(row, now)
            on = glow.get(index, ground) if glow else ground
            style = roles.rich(cell.role, on)
            if cell.tail:
                self._two_spans(runs, cell, column.align, width, style, roles.rich(cell.tail_role, on))
                runs.append((after, blank))
            elif on == ground:
                runs.append((fit(cell.text, width, column.align, ellipsis) + after, style))
            else:
                runs.append((fit(cell.text, width, column.align, ellipsis), style))
                runs.append((after, blank))
        return self._strip(runs)

    def with_thumb(self, strip: Strip) -> Strip:
        """A line with the thumb of the scroll bar in its last cell, which is always blank."""
        *segments, last = strip
        ground = None if last.style is None or last.style.bgcolor is None else last.style.bgcolor
        thumb = self.roles.rich("line", None) + Style(bgcolor=ground)
        return Strip([*segments, Segment(last.text[:-1], last.style), Segment(self.alphabet.hit, thumb)], self.width)

    def ticking_cells(self, row: RowT, now: float) -> list[Cell]:
        """The cells of a row that depend on the time."""
        return [self.columns[index].cell(row, now) for index in self.ticking]

    def blank(self) -> Strip:
        """A line without a row."""
        return Strip.blank(self.width, self.roles.rich("text"))

    def _two_spans(
        self, runs: list[tuple[str, Style]], cell: Cell, align: Align, width: int, style: Style, tail_style: Style
    ) -> None:
        """A cell with a tail: the tail is cut first, and is gone when nothing of it would be left."""
        ellipsis = self.alphabet.ellipsis
        room = width - width_of(cell.text)
        if room < 1:
            runs.append((fit(cell.text, width, align, ellipsis), style))
        elif align == "left":
            runs.append((cell.text, style))
            runs.append((fit(cell.tail, room, "left", ellipsis), tail_style))
        else:
            tail = fit(cell.tail, min(room, width_of(cell.tail)), "left", ellipsis)
            runs.append((" " * (room - width_of(tail)) + cell.text, style))
            runs.append((tail, tail_style))

    def _strip(self, runs: list[tuple[str, Style]]) -> Strip:
        """Join runs of one style."""
        segments: list[Segment] = []
        text, style = runs[0]
        for next_text, next_style in runs[1:]:
            if next_style is style:
                text += next_text
            else:
                segments.append(Segment(text, style))
                text, style = next_text, next_style
        segments.append(Segment(text, style))
        strip = Strip(segments, max(self.width, GUTTER))
        return strip if self.width >= GUTTER else strip.adjust_cell_length(self.width)
