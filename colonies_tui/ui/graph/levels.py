"""Levels: which row of the drawing each item stands on (the first step of Sugiyama, Tagawa and Toda 1981)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from colonies_tui.ui.graph.dag import Dag

_ROUNDS: Final = 4


def level_items(dag: Dag) -> list[int]:
    """Return the level of each item: every parent is above its children, roots of a graph that hangs together at 0.

    Longest-path levels, then items with more edges down than up sink to just above their highest child, which shortens
    edges as node promotion does (Nikolov and Tarassov, "Graph layering by promotion of nodes", 2006).

    Every level below the first holds an item that is one below one of its parents: an item that sinks was never what
    its child hung from. So all levels of a part that hangs together can be walked along edges between neighbours.
    """
    level = [0] * len(dag.ids)
    for item in dag.order:
        above = dag.parents[item]
        if above:
            level[item] = max(level[parent] for parent in above) + 1
    movable = [item for item in reversed(dag.order) if len(dag.children[item]) > len(dag.parents[item])]
    for _ in range(_ROUNDS):
        moved = False
        for item in movable:
            lowest = min(level[child] for child in dag.children[item]) - 1
            if lowest > level[item]:
                level[item] = lowest
                moved = True
        if not moved:
            break
    return level


def by_level(items: Sequence[int], level: Sequence[int]) -> list[list[int]]:
    """Return items grouped by level, the highest first; levels without items are left out."""
    groups: dict[int, list[int]] = {}
    for item in items:
        groups.setdefault(level[item], []).append(item)
    return [groups[number] for number in sorted(groups)]
