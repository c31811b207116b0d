"""Documents of labels and values laid out into lines for a width: what detail panes and dialogs show. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from colonies_tui.protocol.plaintext import TAB_WIDTH, plain
from colonies_tui.ui.fit import width_of
from colonies_tui.ui.format.cells import index_at
from colonies_tui.ui.spans import Line, Span, line_width

MAX_LABEL: Final = 14
"""Most cells of the label column."""

_GAP: Final = 2
_MOST_PER_CELL: Final = 32
"""Characters that are looked at for each cell there is room for: a word of a megabyte costs no more than its lines."""
_COLUMN_GAP: Final = 3
_MAX_COLUMN_GAP: Final = 10
_BREAKS: Final = re.compile(r"\S+|\s+")


@dataclass(frozen=True, slots=True)
class Field:
    """A label and its value. Texts of values may have line ends; what else is not printable is cleaned.

    Without a label, the value begins where labels do.
    """

    label: str
    value: Sequence[Span]

    @classmethod
    def of(cls, label: str, text: str, role: str = "text") -> Field:
        """Make a field of one text."""
        return cls(label, (Span(text, role),))


FieldRow = Sequence[Field]
"""Fields that stand side by side where there is room, one below the other where there is not."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document, under a faint rule with its title; without a title, without a rule."""

    title: str
    rows: Sequence[Field | FieldRow] = ()
    paragraphs: Sequence[Line] = field(default=())
    """Running text after the fields."""


def lay_out(sections: Sequence[Section], width: int, *, rule: str = "─", indent: int = 0) -> list[list[Span]]:
    """Return the lines of a document for a width in cells; everything but rules is indented on both sides."""
    label_width = _label_width(sections)
    room = max(width - 2 * indent, 1)
    margin = [Span(" " * indent)] if indent else []
    lines: list[list[Span]] = []
    for section in sections:
        if section.title:
            if lines and lines[-1]:
                lines.append([])
            lines.append(_title(plain(section.title), width, rule))
        body = _lay_out_rows(section.rows, label_width, room)
        if body and section.paragraphs:
            body.append([])
        body += [piece for text in section.paragraphs for line in _hard_lines(text) for piece in _wrap(line, room)]
        lines += [[*margin, *line] if line else [] for line in body]
    return lines


def _label_width(sections: Sequence[Section]) -> int:
    """Return the width of the first column of labels."""
    first = [row if isinstance(row, Field) else row[0] for section in sections for row in section.rows]
    return min(max((width_of(plain(part.label)) for part in first), default=0), MAX_LABEL)


def _title(title: str, width: int, rule: str) -> list[Span]:
    rest = max(width - width_of(title) - 4, 2)
    return [Span(rule * 2 + " ", "line"), Span(title, "dim"), Span(" " + rule * rest, "line")]


def _lay_out_rows(rows: Sequence[Field | FieldRow], label_width: int, width: int) -> list[list[Span]]:
    columns = {
        count: _Columns([row for row in rows if not isinstance(row, Field) and len(row) == count], label_width, width)
        for count in {len(row) for row in rows if not isinstance(row, Field)}
    }
    lines: list[list[Span]] = []
    for row in rows:
        if isinstance(row, Field):
            lines += _lay_out_field(row, label_width, width)
        elif (line := columns[len(row)].line(row)) is not None:
            lines.append(line)
        else:
            lines += [line for part in row for line in _lay_out_field(part, label_width, width)]
    return lines


class _Columns:
    """Rows of equally many fields side by side: labels and values stand in columns as narrow as they can be."""

    def __init__(self, rows: Sequence[FieldRow], label_width: int, width: int) -> None:
        values = {id(row): [_hard_lines(part.value) for part in row] for row in rows}
        kept = [row for row in rows if all(len(lines) == 1 for lines in values[id(row)])]
        while kept:
            widths = self._widths(kept, values, label_width)
            spare = width - sum(label + _GAP + value for label, value in widths)
            gaps = len(widths) - 1
            if spare >= gaps * _COLUMN_GAP:
                self._gap = min(spare // gaps, _MAX_COLUMN_GAP) if gaps else 0
                self._widths_kept = widths
                break
            # the row with the longest values is the one to be taken apart
            kept.remove(max(kept, key=lambda row: sum(line_width(lines[0]) for lines in values[id(row)])))
        self._kept = {id(row) for row in kept}

    def line(self, row: FieldRow) -> list[Span] | None:
        """Return a row as one line; ``None`` when it has no room."""
        if id(row) not in self._kept:
            return None
        line: list[Span] = []
        start = 0
        for part, (label_width, value_width) in zip(row, self._widths_kept, strict=True):
            line += [Span(" " * (start - line_width(line))), *_label(part.label, label_width)]
            line += _hard_lines(part.value)[0]
            start += label_width + _GAP + value_width + self._gap
        return line

    @staticmethod
    def _widths(
        rows: Sequence[FieldRow], values: dict[int, list[list[list[Span]]]], label_width: int
    ) -> list[tuple[int, int]]:
        widths: list[tuple[int, int]] = []
        for column in range(len(rows[0])):
            labels = max(width_of(plain(row[column].label)) for row in rows)
            value = max(line_width(values[id(row)][column][0]) for row in rows)
            widths.append((label_width if column == 0 else min(labels, MAX_LABEL), value))
        return widths


def _lay_out_field(part: Field, label_width: int, width: int) -> list[list[Span]]:
    label_width = max(label_width, min(width_of(plain(part.label)), MAX_LABEL))
    indent = label_width + _GAP if label_width and part.label else 0
    room = max(width - indent, 4)
    lines: list[list[Span]] = []
    for hard in _hard_lines(part.value):
        for value in _wrap(hard, room):
            head = _label(part.label, label_width) if not lines else [Span(" " * indent)]
            lines.append([*head, *value] if indent else value)
    return lines


def _label(label: str, width: int) -> list[Span]:
    if not width:
        return []
    text = plain(label)
    if width_of(text) > width:
        text = text[: index_at(text, width - 1)] + "…"
    return [Span(text + " " * (width - width_of(text) + _GAP), "dim")]


def _hard_lines(value: Line) -> list[list[Span]]:
    """Split a value at its line ends and clean the pieces; at least one line."""
    lines: list[list[Span]] = [[]]
    for span in value:
        first, *rest = span.text.split("\n")
        if first:
            lines[-1].append(span._replace(text=_clean(first)))
        for text in rest:
            lines.append([span._replace(text=_clean(text))] if text else [])
    if len(lines) > 1 and not lines[-1]:  # a text that ends with a line end has no line after it
        lines.pop()
    return lines


def _clean(text: str) -> str:
    return plain(text.removesuffix("\r").expandtabs(TAB_WIDTH))


def _is_wider(text: str, width: int) -> bool:
    """Whether a text needs more cells than there are; decided by its beginning, however long it is."""
    most = max(width, 1) * _MOST_PER_CELL
    return len(text) > most or width_of(text) > width


def _wrap(line: Line, width: int) -> list[list[Span]]:
    """Wrap a line at spaces, within words only where a word has no room on a line of its own."""
    if line_width(line) <= width:
        return [list(line)]
    lines: list[list[Span]] = [[]]
    used = 0
    for span in line:
        for word in _BREAKS.findall(span.text):
            is_space = word.isspace()
            if used and _is_wider(word, width - used) and (is_space or not _is_wider(word, width) or used >= width):
                lines.append([])
                used = 0
                if is_space:
                    continue
            if is_space and not used and len(lines) > 1:
                continue
            while _is_wider(word, width - used):
                taken = index_at(word[: width * _MOST_PER_CELL], width - used)
                if not taken and not used:
                    break
                if taken:
                    lines[-1].append(span._replace(text=word[:taken]))
                word = word[taken:]
                lines.append([])
                used = 0
            if word:
                lines[-1].append(span._replace(text=word))
                used += width_of(word)
    if len(lines) > 1 and not lines[-1]:
        lines.pop()
    return lines
