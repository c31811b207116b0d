"""What stands in a box and beside it. Pure; knows roles, no colours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from colonies_tui.protocol.states import ProcessState
from colonies_tui.ui.fit import cut, width_of
from colonies_tui.ui.format.durations import duration
from colonies_tui.ui.format.glyphs import UNICODE, Alphabet
from colonies_tui.ui.format.states import process_face
from colonies_tui.ui.graph.model import Box
from colonies_tui.ui.spans import Span, line_width

SMALL_GRAPH: Final = 60
"""Boxes up to which they have a second line."""
TALL, SHORT = 4, 3
"""Rows of a box with two lines and with one, its border included."""

_FRAME: Final = 4
"""Cells of the border and the blanks inside it."""
_TIME: Final = 5
"""Cells kept for a duration."""
_LEAST, _LEAST_TALL, _MOST = 9, 15, 30
"""Cells of text inside a box."""
_LEAST_NOTE: Final = 16
"""Cells beside a box from which on something is said there."""
_MOST_NOTE: Final = 64

_COUNTED: Final = (
    ProcessState.SUCCESS,
    ProcessState.RUNNING,
    ProcessState.WAITING,
    ProcessState.CANCELLED,
    ProcessState.FAILED,
)


def height_for(boxes: int) -> int:
    """Return how many rows boxes have in a graph of so many."""
    return TALL if boxes <= SMALL_GRAPH else SHORT


def box_width(box: Box, height: int) -> int:
    """Return the cells that a box would like; depends on nothing that changes while its members run."""
    text = 2 + width_of(box.label) + 2 + _TIME
    if box.folded:
        text += 2 + len(str(len(box.members)))
        if height >= TALL:
            text = max(text, 2 + 2 * len(str(len(box.members))) + 2 * 2 + 4)
    least = _LEAST_TALL if height >= TALL else _LEAST
    inner = min(max(text, least), _MOST)
    return inner + _FRAME + (inner + 1) % 2


def first_line(box: Box, width: int, now: float, alphabet: Alphabet = UNICODE, *, lit: bool = False) -> list[Span]:
    """Return glyph, label, number of members and duration in exactly `width` cells."""
    face = process_face(box.state, alphabet)
    ran = box.ran(now) if box.has_run else None
    time = "" if ran is None else duration(ran)
    times = f" ×{len(box.members)}" if box.folded else ""
    if alphabet.name == "ascii":
        times = times.replace("×", "x")
    room = width - 2 - len(times) - (len(time) + 1 if time else 0)
    if room < 4 and time:
        room, time = room + len(time) + 1, ""
    label = cut(box.label, max(0, room), alphabet.ellipsis)
    role = "strong" if lit else "text"
    if not box.has_run:
        role = "strong" if lit else "dim"
    if box.state is ProcessState.FAILED and any(member.failed_itself for member in box.members):
        role = "failed"
    line = [Span(face.glyph, box.state_role), Span(" "), Span(label, role), Span(times, "dim")]
    blank = width - line_width(line) - width_of(time)
    return [*line, Span(" " * max(0, blank)), Span(time, "dim")]


def second_line(box: Box, width: int, alphabet: Alphabet = UNICODE, *, noted: bool = False) -> list[Span]:
    """Return counts, error, what is waited for, or the executor, in exactly `width` cells.

    Args:
        box: the box.
        width: cells inside it.
        alphabet: the glyphs.
        noted: the error or what is waited for stands beside the box already.
    """
    if box.folded:
        line = _counts(box, alphabet)
        if line_width(line) > width - 2:
            line = _counts(box, alphabet, tight=True)
    else:
        (node,) = box.members
        said = "" if noted else said_of(box)
        unborn = "not yet run" if node.state is ProcessState.WAITING else ""
        line = [Span(said or node.executor or unborn, "dim")]
        if alphabet.name == "ascii":  # there the glyph alone says too little
            face = process_face(node.state, alphabet)
            rest = f" {said or node.executor}"
            if width_of(face.word + rest) <= width - 2:
                line = [Span(face.word, face.role), Span(rest, "dim")]
            elif not said:
                line = [Span(face.word, face.role)]
    text = [Span("  ")]
    room = width - 2
    for span in line:
        kept = cut(span.text, room, alphabet.ellipsis)
        text.append(span._replace(text=kept))
        room -= width_of(kept)
        if kept != span.text:
            break
    return [*text, Span(" " * max(0, room))]


def said_of(box: Box) -> str:
    """Return the error of a failed node or what a waiting one waits for; empty for others and for folds."""
    if box.folded:
        return ""
    (node,) = box.members
    if node.state is ProcessState.FAILED:
        return node.error
    return node.waits_for if node.state is ProcessState.WAITING else ""


def note_beside(box: Box, inner: int, room: int | None, alphabet: Alphabet = UNICODE, *, tall: bool) -> str:
    """Return what is said to the right of a box because it does not fit into it; empty when nothing is.

    Args:
        box: the box.
        inner: cells inside the box.
        room: blank cells to the right of it; None when there is nothing more on its level.
        alphabet: the glyphs.
        tall: the box has a second line.
    """
    said = said_of(box)
    if not said or (tall and width_of(said) <= inner - 2):
        return ""
    room = _MOST_NOTE if room is None else min(room, _MOST_NOTE)
    return cut(said, room, alphabet.ellipsis) if room >= _LEAST_NOTE else ""


def _counts(box: Box, alphabet: Alphabet, *, tight: bool = False) -> Sequence[Span]:
    spans: list[Span] = []
    for state in _COUNTED:
        count = box.counts.get(state, 0)
        if not count and (tight or state not in (ProcessState.SUCCESS, ProcessState.FAILED)):
            continue
        face = process_face(state, alphabet)
        if spans:
            spans.append(Span(" " if tight else "  "))
        spans.append(Span(f"{count}" if tight else f"{count} ", "dim"))
        loud = state is not ProcessState.FAILED or any(member.failed_itself for member in box.members)
        spans.append(Span(face.glyph, (face.role if loud else "dim") if count else "faint"))
    return spans
