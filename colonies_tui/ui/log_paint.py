"""Draws the rows of a log as strips: gutter, time, source, text; hits reversed, levels tinted, keys dim."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from itertools import pairwise
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.fit import cut, width_of
from colonies_tui.ui.format import cells
from colonies_tui.ui.format.durations import clock_ns
from colonies_tui.ui.format.glyphs import Alphabet
from colonies_tui.ui.format.numbers import counted
from colonies_tui.ui.log_buffer import LogBuffer
from colonies_tui.ui.log_marks import key_spans, level_of
from colonies_tui.ui.log_model import LogModel
from colonies_tui.ui.log_rows import RowPlace
from colonies_tui.ui.source_hues import SourceHues
from colonies_tui.ui.styles import Ground, RoleStyles

GUTTER: Final = 2
"""Cells at the left: the cursor's bar and the mark of a hit."""

STAMP: Final = len("14:11:54.120")
MAX_SOURCE: Final = 40
"""Most cells that a source's name takes."""
SOURCE_SHARE: Final = 5
"""A source's name takes one in so many cells of a row, where it needs more than :data:`LEAST_SOURCE`."""
LEAST_SOURCE: Final = 18
"""Cells that a source's name may always take, unless the row is narrow."""

_REVERSED: Final = Style(reverse=True)
_GAP: Final = 2
_KEPT_LINES: Final = 256
_BACK: Final = 200
"""How many lines back the head of a message of many lines is looked for."""


@dataclass(frozen=True, slots=True)
class LogLayout:
    """How rows are divided."""

    width: int
    """Cells of a row."""
    stamps: bool
    source_width: int
    """Cells for the source's name, 0 for none."""
    left: int
    """Cells scrolled out at the left (unwrapped lines only)."""
    wrap: bool

    @property
    def text_start(self) -> int:
        """Cell at which the text begins."""
        stamps = STAMP + _GAP if self.stamps else 0
        return GUTTER + stamps + (self.source_width + _GAP if self.source_width else 0)

    @property
    def text_width(self) -> int:
        """Cells for text."""
        return max(self.width - self.text_start, 8)


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    role: str
    reverse: bool


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A line's shown text, cut into spans of one style; ``pieces`` when it is wrapped and not plain ASCII."""

    text: str
    spans: tuple[_Span, ...]
    is_hit: bool
    pieces: tuple[str, ...] | None


class LogPainter:
    """Draws rows for one layout, theme, alphabet and search; a change of any of them needs a new painter."""

    def __init__(
        self,
        model: LogModel,
        layout: LogLayout,
        styles: RoleStyles,
        hues: SourceHues,
        alphabet: Alphabet,
        zone: tzinfo | None,
    ) -> None:
        self._model = model
        self._layout = layout
        self._styles = styles
        self._hues = hues
        self._alphabet = alphabet
        self._zone = zone
        self._lines: dict[int, _Prepared] = {}
        self._bar = (Segment(" ", styles.rich("text")), Segment(" ", styles.rich("line", reverse=True)))
        self._strips: dict[tuple[int, int, Ground], Strip] = {}

    @property
    def ground(self) -> Style:
        """Style of empty cells."""
        return self._styles.rich("text")

    def blank(self) -> Strip:
        """Draw an empty row."""
        return Strip.blank(self._layout.width, self._styles.rich("text"))

    def words(self, y: int, height: int, title: str, hint: str) -> Strip:
        """Draw row ``y`` of a page that has no lines: two centred texts in its middle."""
        first = max(height // 2 - 1, 0)
        if y == first:
            return self._centred(title, "text")
        return self._centred(hint, "dim") if y == first + 1 else self.blank()

    def _centred(self, text: str, role: str) -> Strip:
        text = cut(text, self._layout.width, self._alphabet.ellipsis)
        before = (self._layout.width - width_of(text)) // 2
        return self._strip([Segment(" " * before + text, self._styles.rich(role))], "base")

    def row(self, place: RowPlace, ground: Ground = "base") -> Strip:
        """Draw a row; ``ground`` tells whether the cursor is on it."""
        if place.kind == "dropped":
            words = self._dashed(f"{counted(self._model.buffer.dropped, 'older line')} dropped")
            return self._aside(words, "base")
        if place.kind == "skip":
            return self._aside(self._alphabet.skipped, "base")
        key = (place.serial, place.part, ground)
        strip = self._strips.get(key)
        if strip is None:
            if len(self._strips) >= 2 * _KEPT_LINES:
                self._strips.clear()
            strip = self._strips[key] = self._line(place.serial, place.part, ground)
        return strip

    def notice(self, strip: Strip, spans: list[tuple[str, str]]) -> Strip:
        """Lay a short notice over the right end of a row."""
        segments = [Segment(text, self._styles.rich(role, "panel")) for text, role in spans]
        notice = Strip(segments)
        room = self._layout.width - notice.cell_length
        if room <= 0:
            return strip
        return Strip.join([strip.crop(0, room), notice])

    def with_bar(self, strip: Strip, on_thumb: bool | None) -> Strip:
        """Put the scroll bar's column at the right of a row; ``None`` where there is nothing to scroll."""
        return Strip([*strip, self._bar[bool(on_thumb)]], self._layout.width + 1)

    def _dashed(self, text: str) -> str:
        dash = "—" if self._alphabet.name == "unicode" else "--"
        return f"{dash} {text.strip('— -')} {dash}"

    def _aside(self, words: str, ground: Ground) -> Strip:
        style = self._styles.rich("faint", ground)
        text = cut(words, self._layout.text_width, self._alphabet.ellipsis)
        return self._strip([Segment(" " * self._layout.text_start + text, style)], ground)

    def _line(self, serial: int, part: int, ground: Ground) -> Strip:
        buffer = self._model.buffer
        line = self._prepared(serial)
        segments = self._prefix(buffer, serial, part, line.is_hit, ground)
        if line.pieces is not None:
            start = sum(map(len, line.pieces[:part]))
            self._add_text(segments, line, start, start + len(line.pieces[part]), ground)
        elif self._layout.wrap:
            start = part * self._layout.text_width
            self._add_text(segments, line, start, start + self._layout.text_width, ground)
        else:
            self._add_window(segments, line, ground)
        return self._strip(segments, ground)

    def _prefix(self, buffer: LogBuffer, serial: int, part: int, is_hit: bool, ground: Ground) -> list[Segment]:
        alphabet, layout, styles = self._alphabet, self._layout, self._styles
        bar = alphabet.cursor if ground in ("cursor", "blurred") else " "
        segments = [
            Segment(bar, styles.rich("accent", ground)),
            Segment(alphabet.hit if is_hit else " ", styles.rich("dim", ground)),
        ]
        is_first = part == 0 and not buffer.is_continuation(serial) and buffer.kind(serial) == "line"
        if layout.stamps:
            stamp = buffer.stamp(serial) if is_first else 0
            text = clock_ns(stamp, self._zone) if stamp else ""
            segments.append(Segment(text.ljust(STAMP + _GAP), styles.rich("dim", ground)))
        if layout.source_width:
            source = buffer.source(serial) if is_first else ""
            name = cut(plain(source), layout.source_width, alphabet.ellipsis)
            pad = " " * (layout.source_width - width_of(name) + _GAP)
            segments += self._source(source, name, ground)
            segments.append(Segment(pad, styles.rich("dim", ground)))
        return segments

    def _source(self, source: str, name: str, ground: Ground) -> list[Segment]:
        """Draw a source's name, hits in it reversed."""
        style, hits = self._hues.rich(source, ground), self._model.hits
        marked = [] if hits is None or not name else list(hits.query.spans(name))
        reverse = style + _REVERSED
        return [
            Segment(name[span.start : span.end], reverse if span.reverse else style)
            for span in _overlay(len(name), "text", [], marked)
        ]

    def _add_window(self, segments: list[Segment], line: _Prepared, ground: Ground) -> None:
        """Add what shows of an unwrapped line, with marks where it goes on beyond the edges."""
        layout, faint = self._layout, self._styles.rich("faint", ground)
        room, text = layout.text_width, line.text
        start = cells.index_at(text, layout.left)
        gap = layout.left - width_of(text[:start])
        if layout.left and text:
            segments.append(Segment(self._alphabet.more_left, faint))
            start += cells.index_at(text[start:], 1) or 1
            gap = max(width_of(text[:start]) - layout.left - 1, 0)
            room -= 1
        if gap:
            segments.append(Segment(" " * gap, faint))
            room -= gap
        end = start + cells.index_at(text[start : start + 2 * room + 64], room)
        if end >= len(text):
            self._add_text(segments, line, start, len(text), ground)
            return
        end = start + cells.index_at(text[start : start + 2 * room + 64], room - 1)
        self._add_text(segments, line, start, end, ground)
        segments.append(Segment(" " * (room - 1 - width_of(text[start:end])) + self._alphabet.more_right, faint))

    def _add_text(self, segments: list[Segment], line: _Prepared, start: int, end: int, ground: Ground) -> None:
        for span in line.spans:
            if span.end > start and span.start < end:
                piece = line.text[max(span.start, start) : min(span.end, end)]
                segments.append(Segment(piece, self._styles.rich(span.role, ground, reverse=span.reverse)))

    def _strip(self, segments: list[Segment], ground: Ground) -> Strip:
        strip = Strip(segments)
        return strip.adjust_cell_length(self._layout.width, self._styles.rich("text", ground))

    def _prepared(self, serial: int) -> _Prepared:
        line = self._lines.get(serial)
        if line is None:
            if len(self._lines) >= _KEPT_LINES:
                self._lines.clear()
            line = self._lines[serial] = self._prepare(serial)
        return line

    def _prepare(self, serial: int) -> _Prepared:
        buffer, hits = self._model.buffer, self._model.hits
        text = buffer.shown(serial)
        kind = buffer.kind(serial)
        if kind != "line" and width_of(text) + 6 <= self._layout.text_width:
            text = self._dashed(text)
        pieces = tuple(cells.wrap(text, self._layout.text_width)) if self._layout.wrap and not text.isascii() else None
        base = self._role(serial, text) if kind == "line" else "faint" if kind == "gap" else "dim"
        marked = [] if hits is None else list(hits.query.spans(text))
        dim = list(key_spans(text)) if kind == "line" else []
        is_hit = hits is not None and serial in hits
        return _Prepared(text, tuple(_overlay(len(text), base, dim, marked)), is_hit, pieces)

    def _role(self, serial: int, text: str) -> str:
        level = level_of(text)
        if level or not self._model.buffer.is_continuation(serial) or text[:1] in ("", " "):
            return level or "text"
        buffer = self._model.buffer
        for head in range(serial - 1, max(serial - _BACK, buffer.first) - 1, -1):
            if not buffer.is_continuation(head):
                return level_of(buffer.shown(head)) or "text"
        return "text"


def _overlay(length: int, base: str, dim: list[tuple[int, int]], marked: list[tuple[int, int]]) -> list[_Span]:
    """Cut a text into spans: ``base`` everywhere, dim where said, reversed where marked."""
    cuts = sorted({0, length, *(at for span in (*dim, *marked) for at in span)})
    spans: list[_Span] = []
    dim_at = marked_at = 0
    for start, end in pairwise(cuts):
        while dim_at < len(dim) and dim[dim_at][1] <= start:
            dim_at += 1
        while marked_at < len(marked) and marked[marked_at][1] <= start:
            marked_at += 1
        is_dim = dim_at < len(dim) and dim[dim_at][0] <= start
        is_marked = marked_at < len(marked) and marked[marked_at][0] <= start
        spans.append(_Span(start, end, "dim" if is_dim and not is_marked else base, is_marked))
    return spans
