"""The order of items on their levels, with few crossings (the second step of Sugiyama, Tagawa and Toda 1981).

Barycentre sweeps down and up, then transposition of neighbours while that helps (Gansner, Koutsofios, North and Vo, "A
technique for drawing directed graphs", 1993). Crossings are counted as inversions (Barth, Jünger and Mutzel 2002).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Final

Levels = list[list[int]]

_SWEEPS: Final = 24
_LARGE: Final = 2_000
"""Items from which on there are fewer sweeps."""
_LARGE_SWEEPS: Final = 12
_MAX_TRANSPOSED: Final = 20_000
"""Items from which on neighbours are not transposed."""
_TRANSPOSITIONS: Final = 8
"""Most passes over a level in a row."""
_DENSE: Final = 8
"""Edges per item of a level from which on crossings are counted by running sums."""
_FEW: Final = 24
"""Pairs of ends up to which comparing them one by one is fastest."""


def order_items(levels: Levels, up: Sequence[Sequence[int]], down: Sequence[Sequence[int]]) -> Levels:
    """Return the levels with their items in an order with few crossings; costs are bounded for large graphs.

    The start is a depth-first walk in the order given, so a graph without crossings keeps the order of its nodes.
    """
    size = sum(map(len, levels))
    best = _first_order(levels, up, down)
    if all(len(level) == 1 for level in best):
        return best
    best_count = crossings(best, down)
    current = [level[:] for level in best]
    idle = 0
    for sweep in range(_SWEEPS if size < _LARGE else _LARGE_SWEEPS):
        if not best_count or idle > 3:
            break
        _sweep(current, up, down, downwards=sweep % 2 == 0)
        if size < _MAX_TRANSPOSED:
            _transpose(current, up, down)
        count = crossings(current, down)
        idle += 1
        if count < best_count:
            best, best_count, idle = [level[:] for level in current], count, 0
    return best


def crossings(levels: Levels, down: Sequence[Sequence[int]]) -> int:
    """Count the crossings of edges between neighbouring levels."""
    total = 0
    for upper, lower in pairwise(levels):
        position = {item: at for at, item in enumerate(lower)}
        ends = [[position[child] for child in down[item]] for item in upper]
        dense = sum(map(len, ends)) > _DENSE * len(lower)
        total += _dense_inversions(ends, len(lower)) if dense else _inversions(ends)
    return total


def _inversions(ends: Sequence[Sequence[int]]) -> int:
    """Pairs of ends in the wrong order, those of one item not counted."""
    total = 0
    seen: list[int] = []
    for own in ends:
        total += sum([len(seen) - bisect_right(seen, end) for end in own])
        for end in own:
            insort(seen, end)
    return total


def _dense_inversions(ends: Sequence[Sequence[int]], places: int) -> int:
    """The same, for many ends at few places: by running sums instead of a sorted list."""
    total = seen = 0
    counts = [0] * places
    for own in ends:
        up_to = list(accumulate(counts))
        total += sum([seen - up_to[end] for end in own])
        seen += len(own)
        for end in own:
            counts[end] += 1
    return total


def _first_order(levels: Levels, up: Sequence[Sequence[int]], down: Sequence[Sequence[int]]) -> Levels:
    home = {item: number for number, level in enumerate(levels) for item in level}
    ordered: Levels = [[] for _ in levels]
    seen: set[int] = set()
    for start in (item for level in levels for item in level if not up[item]):
        stack = [start]
        while stack:
            item = stack.pop()
            if item in seen:
                continue
            seen.add(item)
            ordered[home[item]].append(item)
            stack.extend(reversed([child for child in down[item] if child not in seen]))
    return ordered


def _sweep(levels: Levels, up: Sequence[Sequence[int]], down: Sequence[Sequence[int]], *, downwards: bool) -> None:
    """Sort each level by the mean position of its neighbours on the level before it; ties keep their order."""
    neighbours = up if downwards else down
    walk = levels if downwards else levels[::-1]
    position: dict[int, float] = {item: at for at, item in enumerate(walk[0])}
    for level in walk[1:]:
        keys = {}
        for at, item in enumerate(level):
            own = neighbours[item]
            keys[item] = sum([position[other] for other in own]) / len(own) if own else float(at)
        level.sort(key=keys.__getitem__)
        position = {item: at for at, item in enumerate(level)}


def _transpose(levels: Levels, up: Sequence[Sequence[int]], down: Sequence[Sequence[int]]) -> None:
    """Swap neighbours on a level wherever that takes crossings away."""
    for number, level in enumerate(levels):
        ends: list[tuple[list[int], list[int]]] = []
        above = {item: at for at, item in enumerate(levels[number - 1])} if number else {}
        below = {item: at for at, item in enumerate(levels[number + 1])} if number + 1 < len(levels) else {}
        for item in level:
            ends.append((sorted([above[other] for other in up[item]]), sorted([below[other] for other in down[item]])))
        for _ in range(_TRANSPOSITIONS):
            improved = False
            for at in range(len(level) - 1):
                left, right = ends[at], ends[at + 1]
                if _gain(left[0], right[0]) + _gain(left[1], right[1]) > 0:
                    level[at], level[at + 1] = level[at + 1], level[at]
                    ends[at], ends[at + 1] = right, left
                    improved = True
            if not improved:
                break


def _gain(left: list[int], right: list[int]) -> int:
    """Crossings that swapping two items takes away, by the sorted ends of their edges on one side."""
    if not left or not right or left == right:
        return 0
    if left[-1] < right[0]:
        return -len(left) * len(right)
    if left[0] > right[-1]:
        return len(left) * len(right)
    if len(left) * len(right) > _FEW:
        count = len(right)
        return sum([bisect_left(right, end) + bisect_right(right, end) - count for end in left])
    gain = 0
    for end in left:
        for other in right:
            if end > other:
                gain += 1
            elif end < other:
                gain -= 1
    return gain
