"""Bundles: edges between two levels that may share one line without becoming ambiguous.

A bundle joins every one of its sources to every one of its sinks (a biclique), so wherever its lines meet, following
any of them tells the truth. Drawing bicliques as one line is edge concentration (Newbery, "Edge concentration: a method
for clustering directed graphs", 1989) and confluent drawing (Dickerson, Eppstein, Goodrich and Meng 2005). Here nodes
with equal neighbours are merged, and the edges that are left are covered by stars, the largest first.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import NamedTuple


class Bundle(NamedTuple):
    """Edges from each of the sources to each of the sinks."""

    sources: tuple[int, ...]
    """Items of the upper level, in the order given."""
    sinks: tuple[int, ...]
    """Items of the lower level, in the order given."""


def make_bundles(
    upper: Sequence[int], lower: Sequence[int], up: Sequence[Sequence[int]], down: Sequence[Sequence[int]], boxes: int
) -> list[Bundle]:
    """Return bundles that hold every edge between two neighbouring levels exactly once.

    Items from `boxes` on are passing lines: they have a single cell, so all that branches off one is a single bundle.
    """
    sources = _equal(upper, down)
    sinks = _equal(lower, up)
    group_of = {item: number for number, group in enumerate(sinks) for item in group}
    left: list[set[int]] = [{group_of[child] for child in down[group[0]]} for group in sources]
    right: list[set[int]] = [set() for _ in sinks]
    for number, reached in enumerate(left):
        for other in reached:
            right[other].add(number)

    def branches(group: Sequence[int], neighbours: Sequence[Sequence[int]]) -> bool:
        return any(item >= boxes and len(neighbours[item]) > 1 for item in group)

    heap = [(not branches(sources[number], down), -len(own), 0, number) for number, own in enumerate(left)]
    heap += [(not branches(sinks[number], up), -len(own), 1, number) for number, own in enumerate(right)]
    heapq.heapify(heap)
    bundles = []
    while heap:
        later, size, side, number = heapq.heappop(heap)
        own, others = (left[number], right) if side == 0 else (right[number], left)
        if len(own) != -size:
            if own:
                heapq.heappush(heap, (later, -len(own), side, number))
            continue
        if not own:
            continue
        for other in own:
            others[other].discard(number)
        if side == 0:
            bundles.append(Bundle(tuple(sources[number]), _members(sinks, own)))
        else:
            bundles.append(Bundle(_members(sources, own), tuple(sinks[number])))
        own.clear()
    return bundles


def _equal(items: Sequence[int], neighbours: Sequence[Sequence[int]]) -> list[list[int]]:
    """Items with edges, those with equal neighbours together."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for item in items:
        if neighbours[item]:
            groups.setdefault(tuple(sorted(neighbours[item])), []).append(item)
    return list(groups.values())


def _members(groups: Sequence[Sequence[int]], chosen: set[int]) -> tuple[int, ...]:
    return tuple(item for number in sorted(chosen) for item in groups[number])
