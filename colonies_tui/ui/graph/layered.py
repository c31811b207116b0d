"""Proper layering: edges that span several levels are led through stand-ins, so that edges join neighbouring levels.

Sugiyama, Tagawa and Toda (1981) put one dummy vertex per edge and level. Here the long edges of one node share them: a
node has at most one stand-in per level for its children further down, and one for its parents further up. Which end of
an edge is stood in for is a greedy vertex cover of the long edges. A stand-in means one node on every line it is on,
so what a line joins stays certain, and graphs with hubs need a fraction of the dummies.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

from colonies_tui.ui.graph.dag import Dag


@dataclass(frozen=True, slots=True)
class Layered:
    """A graph whose edges all join neighbouring levels. Items below `boxes` are boxes, the others stand in for one."""

    boxes: int
    level: list[int]
    up: list[list[int]]
    """Neighbours of an item one level above."""
    down: list[list[int]]
    """Neighbours of an item one level below."""
    stand_ins: dict[tuple[int, bool, int], int]
    """Stand-ins by box, side (True: for a parent, below it) and level."""
    by_parent: dict[tuple[int, int], bool]
    """Of each long edge, whether it is the parent that is stood in for."""

    def path(self, parent: int, child: int) -> list[int]:
        """Items that the line of an edge goes through, both ends included."""
        downwards = self.by_parent.get((parent, child))
        if downwards is None:
            return [parent, child]
        hub = parent if downwards else child
        levels = range(self.level[parent] + 1, self.level[child])
        return [parent, *(self.stand_ins[hub, downwards, level] for level in levels), child]


def layer(dag: Dag, level: Sequence[int]) -> Layered:
    """Lead long edges through stand-ins."""
    count = len(dag.ids)
    levels = list(level)
    up: list[list[int]] = [[] for _ in range(count)]
    down: list[list[int]] = [[] for _ in range(count)]
    long_edges = []
    for parent in range(count):
        for child in dag.children[parent]:
            if levels[child] - levels[parent] == 1:
                down[parent].append(child)
                up[child].append(parent)
            else:
                long_edges.append((parent, child))
    by_parent = _cover(long_edges)
    stand_ins: dict[tuple[int, bool, int], int] = {}

    def stand_in(hub: int, downwards: bool, at: int) -> tuple[int, bool]:
        key = (hub, downwards, at)
        if (item := stand_ins.get(key)) is not None:
            return item, False
        item = stand_ins[key] = len(levels)
        levels.append(at)
        up.append([])
        down.append([])
        return item, True

    def link(upper: int, lower: int) -> None:
        down[upper].append(lower)
        up[lower].append(upper)

    for parent, child in long_edges:
        if by_parent[parent, child]:
            above = parent
            for at in range(levels[parent] + 1, levels[child]):
                item, new = stand_in(parent, True, at)
                if new:
                    link(above, item)
                above = item
            link(above, child)
        else:
            below = child
            for at in range(levels[child] - 1, levels[parent], -1):
                item, new = stand_in(child, False, at)
                if new:
                    link(item, below)
                below = item
            link(parent, below)
    return Layered(count, levels, up, down, stand_ins, by_parent)


def _cover(edges: Sequence[tuple[int, int]]) -> dict[tuple[int, int], bool]:
    """For each edge, whether its parent is stood in for: ends with most edges left are taken first."""
    touching: dict[tuple[int, bool], set[tuple[int, int]]] = {}
    for edge in edges:
        touching.setdefault((edge[0], True), set()).add(edge)
        touching.setdefault((edge[1], False), set()).add(edge)
    heap = [(-len(own), not downwards, item) for (item, downwards), own in touching.items()]
    heapq.heapify(heap)
    chosen: dict[tuple[int, int], bool] = {}
    while heap:
        size, upwards, item = heapq.heappop(heap)
        own = touching[item, not upwards]
        if len(own) != -size:
            if own:
                heapq.heappush(heap, (-len(own), upwards, item))
            continue
        for edge in sorted(own):
            chosen[edge] = not upwards
            touching[edge[1], False].discard(edge) if not upwards else touching[edge[0], True].discard(edge)
        own.clear()
    return chosen
