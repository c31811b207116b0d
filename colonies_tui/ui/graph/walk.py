"""Walking a graph by keys: along edges up and down, along the level left and right, and by states."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from colonies_tui.ui.graph.layout import Layout, Level, PlacedBox

Step = Literal["up", "down", "left", "right"]


def step(layout: Layout, id_: str, where: Step) -> str | None:
    """Return the box that a key leads to from another, None when there is none.

    Up and down go to the nearest parent or child: first by levels, then by columns. A leaf leads down to the next
    shelf, a root up to the one before. Left and right go along the level. So every box can be reached from every other.
    """
    box = layout.boxes[id_]
    if where in ("left", "right"):
        level = layout.levels[box.level]
        at = next(at for at, other in enumerate(level.boxes) if other.id == id_) + (1 if where == "right" else -1)
        return level.boxes[at].id if 0 <= at < len(level.boxes) else None
    relatives = (layout.parents if where == "up" else layout.children)[id_]
    if relatives:
        return min(relatives, key=lambda other: _distance(box, layout.boxes[other]))
    shelf = layout.levels[box.level].shelf + (1 if where == "down" else -1)
    levels = [level for level in layout.levels if level.shelf == shelf and level.boxes]
    if not levels:
        return None
    return _nearest(levels[0] if where == "down" else levels[-1], box).id


def reading_order(layout: Layout) -> list[str]:
    """Return all boxes from top to bottom, each level from left to right."""
    return [box.id for level in layout.levels for box in level.boxes]


def next_such(order: Sequence[str], id_: str | None, such: Callable[[str], bool], *, backwards: bool) -> str | None:
    """Return the next box after (or before) one for which `such` holds, going round at the end."""
    if id_ not in order:
        return next((other for other in order if such(other)), None)
    at = order.index(id_)
    around = [*order[at + 1 :], *order[: at + 1]]
    if backwards:
        around = [*reversed(order[:at]), *reversed(order[at:])]
    return next((other for other in around if such(other)), None)


def _distance(box: PlacedBox, other: PlacedBox) -> tuple[int, int]:
    return abs(other.level - box.level), abs(other.middle - box.middle)


def _nearest(level: Level, box: PlacedBox) -> PlacedBox:
    return min(level.boxes, key=lambda other: abs(other.middle - box.middle))
