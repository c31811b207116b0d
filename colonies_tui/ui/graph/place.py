"""Columns of items: boxes near their neighbours, lines straight, nothing overlapping.

The energy is the sum over edges of weight times squared distance, with the weights of Gansner et al. (1993), which
keep long edges straight. Levels take turns: with the others held, the best columns of one level in its given order are
a weighted isotonic regression, found exactly in linear time by pooling adjacent violators (Ayer et al. 1955).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

_BOX_BOX: Final = 1.0
_BOX_LINE: Final = 2.0
_LINE_LINE: Final = 8.0
_ROUNDS: Final = 10
_LARGE: Final = 1_500
"""Items from which on there are fewer rounds."""
_LARGE_ROUNDS: Final = 4

BOX_GAP: Final = 3
"""Blank cells between two boxes."""
LINE_GAP: Final = 2
"""Blank cells between a box and a passing line."""
LINES_GAP: Final = 1
"""Blank cells between two passing lines."""


def place_items(
    levels: Sequence[Sequence[int]],
    up: Sequence[Sequence[int]],
    down: Sequence[Sequence[int]],
    half: Callable[[int], int],
    is_box: Callable[[int], bool],
) -> dict[int, int]:
    """Return the middle column of each item; the leftmost item begins at column 0.

    Args:
        levels: items of each level from left to right.
        up: neighbours of an item on the level above.
        down: neighbours of an item on the level below.
        half: cells of an item on each side of its middle.
        is_box: whether an item is a box; else it is a passing line.
    """
    offsets = [_offsets(level, half, is_box) for level in levels]
    x: dict[int, float] = {}
    for level, offset in zip(levels, offsets, strict=True):
        middle = (offset[-1] + half(level[-1]) - half(level[0])) / 2
        x.update((item, at - middle) for item, at in zip(level, offset, strict=True))

    def pulls(item: int, others: Sequence[Sequence[int]]) -> list[tuple[int, float]]:
        if is_box(item):
            return [(other, _BOX_BOX if is_box(other) else _BOX_LINE) for other in others[item]]
        return [(other, _BOX_LINE if is_box(other) else _LINE_LINE) for other in others[item]]

    above = {item: pulls(item, up) for level in levels for item in level}
    below = {item: pulls(item, down) for level in levels for item in level}
    both = {item: above[item] + below[item] for item in above}
    numbers = range(len(levels))
    for turn, towards in ((numbers, above), (reversed(numbers), below)):
        for number in turn:
            _settle(levels[number], offsets[number], towards, x)
    for _ in range(_ROUNDS if len(x) < _LARGE else _LARGE_ROUNDS):
        for number in reversed(numbers):
            _settle(levels[number], offsets[number], both, x)
        for number in numbers:
            _settle(levels[number], offsets[number], both, x)
    columns = _whole(levels, offsets, x)
    _straighten(levels, up, down, half, is_box, columns)
    left = min((columns[level[0]] - half(level[0]) for level in levels), default=0)
    return {item: at - left for item, at in columns.items()}


def gap_between(left_is_box: bool, right_is_box: bool) -> int:
    """Blank cells between two neighbours on a level."""
    if left_is_box and right_is_box:
        return BOX_GAP
    return LINE_GAP if left_is_box or right_is_box else LINES_GAP


def _offsets(level: Sequence[int], half: Callable[[int], int], is_box: Callable[[int], bool]) -> list[int]:
    """Middles of the items of a level when they stand as close as they may, the first at 0."""
    offsets = [0]
    for left, right in pairwise(level):
        offsets.append(offsets[-1] + half(left) + half(right) + 1 + gap_between(is_box(left), is_box(right)))
    return offsets


def _settle(
    level: Sequence[int], offset: Sequence[int], pulls: dict[int, list[tuple[int, float]]], x: dict[int, float]
) -> None:
    """Move the items of a level to where their neighbours pull them, in order and apart."""
    sums: list[float] = []
    weights: list[float] = []
    counts: list[int] = []
    for item, at in zip(level, offset, strict=True):
        total = weight = 0.0
        for other, pull in pulls[item]:
            total += pull * x[other]
            weight += pull
        if weight:
            total -= weight * at
        else:  # nothing pulls: stay, but give way to all others
            weight = 0.01
            total = weight * (x[item] - at)
        count = 1
        while sums and sums[-1] * weight >= total * weights[-1]:
            total += sums.pop()
            weight += weights.pop()
            count += counts.pop()
        sums.append(total)
        weights.append(weight)
        counts.append(count)
    at_item = 0
    for total, weight, count in zip(sums, weights, counts, strict=True):
        base = total / weight
        for number in range(at_item, at_item + count):
            x[level[number]] = base + offset[number]
        at_item += count


def _whole(levels: Sequence[Sequence[int]], offsets: Sequence[Sequence[int]], x: dict[int, float]) -> dict[int, int]:
    """Round to whole columns; distances that are kept stay kept, as offsets are whole and rounding is monotone."""
    return {
        item: round(x[item] - at) + at
        for level, offset in zip(levels, offsets, strict=True)
        for item, at in zip(level, offset, strict=True)
    }


def _straighten(
    levels: Sequence[Sequence[int]],
    up: Sequence[Sequence[int]],
    down: Sequence[Sequence[int]],
    half: Callable[[int], int],
    is_box: Callable[[int], bool],
    x: dict[int, int],
) -> None:
    """Move passing lines, and boxes with a single neighbour on a side, under or over it where there is room."""

    def pull(level: Sequence[int], neighbours: Sequence[Sequence[int]]) -> None:
        for number, item in enumerate(level):
            others = neighbours[item]
            if len(others) != 1:
                continue
            wanted = x[others[0]]
            if wanted == x[item] or (is_box(item) and abs(wanted - x[item]) > 2):
                continue
            if number:
                left = level[number - 1]
                room = half(left) + half(item) + 1 + gap_between(is_box(left), is_box(item))
                wanted = max(wanted, x[left] + room)
            if number + 1 < len(level):
                right = level[number + 1]
                room = half(right) + half(item) + 1 + gap_between(is_box(item), is_box(right))
                wanted = min(wanted, x[right] - room)
            x[item] = wanted

    for _ in range(2):
        for level in levels:
            pull(level, up)
        for level in reversed(levels):
            pull(level, down)
