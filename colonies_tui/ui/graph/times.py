"""When the nodes of a workflow waited and ran, and a time axis to draw that on. All times are unix seconds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

from colonies_tui.protocol.states import ProcessState
from colonies_tui.ui.format.durations import duration
from colonies_tui.ui.graph.dag import make_dag
from colonies_tui.ui.graph.levels import level_items
from colonies_tui.ui.graph.model import GraphNode

_STEPS: Final = (
    *(1, 2, 5, 10, 15, 30),
    *(60 * minutes for minutes in (1, 2, 5, 10, 15, 30)),
    *(3600 * hours for hours in (1, 2, 3, 6, 12)),
    *(86400 * days for days in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)),
)
"""Seconds between two ticks of an axis."""
_TICK_CELLS: Final = 10
"""Fewest cells between two ticks."""
_SPANS: Final = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
"""What a span is rounded up to, times a power of ten, so that a growing one does not move with every second."""
CLOSEST: Final = 5.0
"""Seconds on the screen when all is zoomed in."""


@dataclass(frozen=True, slots=True)
class NodeTimes:
    """One node on the time axis."""

    node: GraphNode
    level: int
    """Its level in the graph, 0 for roots."""
    ready: float | None
    """When nothing but an executor was missing: all parents had ended; of a root, when it was submitted."""

    def waited(self, now: float) -> float | None:
        """Seconds from being ready to its start; None while it waits for its parents."""
        if self.ready is None:
            return None
        end = self.wait_end(now)
        return None if end is None else max(0.0, end - self.ready)

    def wait_end(self, now: float) -> float | None:
        """When its wait was over: at its start; now while it waits; at its end when it never started."""
        if self.node.started is not None:
            return self.node.started
        return now if self.node.state is ProcessState.WAITING else self.node.ended

    def run_end(self, now: float) -> float | None:
        """When it stopped running, now while it runs; None when it has not started or its end is not known."""
        ran = self.node.ran(now)
        return None if ran is None or self.node.started is None else self.node.started + ran


def node_times(nodes: Iterable[GraphNode]) -> list[NodeTimes]:
    """Return the times of nodes by level, on a level in the order given."""
    unique: dict[str, GraphNode] = {}
    for node in nodes:
        unique.setdefault(node.id, node)
    dag = make_dag({id_: node.parents for id_, node in unique.items()})
    level = level_items(dag)
    known = list(unique.values())
    rows = [
        NodeTimes(node, level[item], _ready(node, [known[parent] for parent in dag.parents[item]]))
        for item, node in enumerate(known)
    ]
    return sorted(rows, key=lambda row: row.level)


def by_start(rows: Iterable[NodeTimes]) -> list[NodeTimes]:
    """Return rows by their start; those that have not started come last, ready ones first."""

    def place(row: NodeTimes) -> tuple[bool, float, int]:
        since = row.ready if row.node.started is None else row.node.started
        return row.node.started is None, inf if since is None else since, row.level

    return sorted(rows, key=place)


def _ready(node: GraphNode, parents: Sequence[GraphNode]) -> float | None:
    if not node.parents:
        return node.submitted
    if len(parents) < len(set(node.parents)):
        return node.started  # of the others nothing is known: it has waited for no longer than can be told
    ends = [parent.ended for parent in parents]
    if any(end is None for end in ends):
        return node.started
    ready = max(end for end in ends if end is not None)
    return ready if node.started is None else min(ready, node.started)


@dataclass(frozen=True, slots=True)
class Axis:
    """A stretch of time on cells."""

    origin: float
    """The time at the left edge."""
    per_cell: float
    """Seconds that a cell stands for."""

    def cells(self, time: float) -> float:
        """Cells from the left edge to a time; negative before it."""
        return (time - self.origin) / self.per_cell

    def ticks(self, width: int, zero: float) -> list[tuple[int, str]]:
        """Cells with a tick and what stands there: the time since `zero`, in whole steps.

        Args:
            width: cells of the axis.
            zero: the time that counts as 0.
        """
        wanted = self.per_cell * _TICK_CELLS
        step = next((step for step in _STEPS if step >= wanted), _STEPS[-1])
        while step < wanted:
            step *= 10
        number = int((self.origin - zero) // step)
        ticks = []
        while (cell := round(self.cells(zero + number * step))) < width:
            if cell >= 0 and number >= 0:
                ticks.append((cell, duration(number * step) if number else "0"))
            number += 1
        return ticks


def span_of(rows: Iterable[NodeTimes], now: float) -> tuple[float, float]:
    """Return when the first node was ready or started and when the last one ended; now while one still runs."""
    starts: list[float] = []
    ends: list[float] = []
    for row in rows:
        starts += [time for time in (row.ready, row.node.started) if time is not None]
        ends += [time for time in (row.run_end(now), row.wait_end(now)) if time is not None]
    if not starts:
        return now, now
    return min(starts), max(ends, default=max(starts))


def fitted_axis(start: float, end: float, width: int, zoom: float = 1.0, origin: float | None = None) -> Axis:
    """Return an axis that shows a span, or a part of it.

    Args:
        start: beginning of the span.
        end: end of the span.
        width: cells.
        zoom: how many times longer than the cells the span is.
        origin: the time at the left edge; None for the beginning.
    """
    return Axis(start if origin is None else origin, _round_up(max(end - start, 1.0)) / zoom / max(1, width))


def _round_up(seconds: float) -> float:
    power = 1.0
    while power * 10 <= seconds:
        power *= 10
    return next((power * span for span in _SPANS if power * span >= seconds), power * 10)
