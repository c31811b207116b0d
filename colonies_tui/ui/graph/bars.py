"""Bars of a timeline: a wait as a thin line and a run as a thick one, to half a cell."""

from __future__ import annotations

from dataclasses import dataclass

from colonies_tui.protocol.states import ProcessState
from colonies_tui.ui.format.durations import duration
from colonies_tui.ui.graph.times import Axis, NodeTimes
from colonies_tui.ui.spans import Span

_RUN_ROLES = {
    ProcessState.WAITING: "dim",
    ProcessState.RUNNING: "running",
    ProcessState.SUCCESS: "dim",
    ProcessState.FAILED: "failed",
    ProcessState.CANCELLED: "cancelled",
}
"""Roles of a run: what went well is quiet."""

_HALVES = " ╴╸╶─╾╺╼━"
"""By the weight of the left half plus three times that of the right one: nothing, thin, thick."""
_ASCII_HALVES = " .=..===="


@dataclass(frozen=True, slots=True)
class BarStyle:
    """How bars are drawn."""

    ascii_only: bool = False
    now_line: bool = True
    """Mark the present; only while something runs."""


def bar_line(row: NodeTimes, axis: Axis, width: int, now: float, style: BarStyle) -> list[Span]:
    """Return the bar of a node in exactly `width` cells, with how long it ran behind it where there is room."""
    halves = [0] * (2 * width)
    wait_end, run_end, started = row.wait_end(now), row.run_end(now), row.node.started
    if row.ready is not None and wait_end is not None and wait_end > row.ready:
        _fill(halves, axis, row.ready, wait_end, 1, at_least=0)
    if started is not None and run_end is not None:
        _fill(halves, axis, started, run_end, 2, at_least=1)
    shapes = _ASCII_HALVES if style.ascii_only else _HALVES
    cells = [(" ", "text")] * width
    if style.now_line and 0 <= (at := round(axis.cells(now))) < width:
        cells[at] = ("|" if style.ascii_only else "│", "line")
    run_role = "dim" if row.node.cascaded else _RUN_ROLES[row.node.state]
    last = -1
    for cell in range(width):
        left, right = halves[2 * cell], halves[2 * cell + 1]
        if left or right:
            cells[cell] = (shapes[left + 3 * right], run_role if 2 in (left, right) else "faint")
            last = cell
    ran = row.node.ran(now)
    if ran is not None and last >= 0:
        text = duration(ran)
        if last + 1 + len(text) < width:
            for offset, character in enumerate(text):
                cells[last + 2 + offset - (last + 2 + len(text) > width)] = (character, "dim")
    return _joined(cells)


def axis_line(axis: Axis, width: int, zero: float) -> list[Span]:
    """Return the ticks of an axis in exactly `width` cells."""
    cells = [(" ", "dim")] * width
    free = 0
    for cell, text in axis.ticks(width, zero):
        if cell >= free and cell + len(text) <= width:
            for offset, character in enumerate(text):
                cells[cell + offset] = (character, "dim")
            free = cell + len(text) + 1
    return _joined(cells)


def _fill(halves: list[int], axis: Axis, start: float, end: float, weight: int, *, at_least: int) -> None:
    first = round(2 * axis.cells(start))
    last = max(round(2 * axis.cells(end)), first + at_least)
    for half in range(max(first, 0), min(last, len(halves))):
        halves[half] = weight


def _joined(cells: list[tuple[str, str]]) -> list[Span]:
    spans: list[Span] = []
    for text, role in cells:
        if spans and spans[-1].role == role:
            spans[-1] = Span(spans[-1].text + text, role)
        else:
            spans.append(Span(text, role))
    return spans
