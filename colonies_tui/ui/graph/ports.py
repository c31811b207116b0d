"""Ports: the cells of a box's border, and of a passing line, where the lines of a channel begin and end.

Every bundle has a port of its own at each of its boxes, so lines of different bundles never share one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from colonies_tui.ui.graph.bundles import Bundle

_SNAP: Final = 2
"""Columns that a port moves to make a line straight where several meet."""


@dataclass(slots=True)
class BundlePorts:
    """Where a bundle meets its items."""

    bundle: Bundle
    tops: dict[int, int]
    """Columns at the upper level, by source."""
    bottoms: dict[int, int]
    """Columns at the lower level, by sink."""


@dataclass(frozen=True, slots=True)
class _Side:
    """The side of an item that looks at the channel."""

    low: int
    high: int
    """Columns that a port may have."""
    middle: int
    single: bool
    """Whether one bundle has it for itself."""

    @property
    def free(self) -> bool:
        """Whether a port on it may move."""
        return self.single and self.low < self.high


def choose_ports(
    bundles: Sequence[Bundle], middle: Callable[[int], int], half: Callable[[int], int]
) -> list[BundlePorts]:
    """Choose the ports of all bundles of one channel.

    Args:
        bundles: the bundles between two levels.
        middle: middle column of an item.
        half: cells of an item on each side of its middle; 0 for a passing line.
    """
    uses: list[dict[int, list[int]]] = [{}, {}]
    for number, bundle in enumerate(bundles):
        for side, items in enumerate(bundle):
            for item in items:
                uses[side].setdefault(item, []).append(number)
    pulls = [
        tuple(sum(map(middle, items)) / len(items) for items in (bundle.sinks, bundle.sources)) for bundle in bundles
    ]
    spots: list[dict[tuple[int, int], int]] = [{}, {}]
    sides: list[dict[int, _Side]] = [{}, {}]
    for side in (0, 1):
        for item, numbers in uses[side].items():
            at, reach = middle(item), half(item)
            inset = 2 if reach > 2 and len(numbers) <= 2 * reach - 3 else 1
            low, high = (at - reach + inset, at + reach - inset) if reach else (at, at)
            sides[side][item] = _Side(low, high, at, len(numbers) == 1)
            if len(numbers) == 1:
                spots[side][item, numbers[0]] = at
                continue
            numbers.sort(key=lambda number: pulls[number][side])
            columns = _spread([pulls[number][side] for number in numbers], low, high, at)
            spots[side].update(((item, number), x) for number, x in zip(numbers, columns, strict=True))
    placed = [
        BundlePorts(
            bundle,
            {item: spots[0][item, number] for item in bundle.sources},
            {item: spots[1][item, number] for item in bundle.sinks},
        )
        for number, bundle in enumerate(bundles)
    ]
    for ports in placed:
        if len(ports.tops) == len(ports.bottoms) == 1:
            _align(ports, sides[0], sides[1])
        elif len(ports.tops) == 1:  # the hub keeps to the middle of its box if it can
            _snap(ports.bottoms, sides[1], ports.tops)
            _snap(ports.tops, sides[0], ports.bottoms)
        else:
            _snap(ports.tops, sides[0], ports.bottoms)
            _snap(ports.bottoms, sides[1], ports.tops)
    return placed


def _spread(pulls: Sequence[float], low: int, high: int, middle: int) -> list[int]:
    """Columns for several ports on one side, sorted: right under their other ends where those are, else to that end."""
    count = len(pulls)
    apart = 2 if 2 * (count - 1) <= high - low else 1
    reach = max((high - low) // 3, apart * (count - 1) // 2 + 1)
    columns: list[int] = []
    for pull in pulls:
        wanted = round(pull)
        if not low <= wanted <= high:
            wanted = max(low, middle - reach) if wanted < low else min(high, middle + reach)
        columns.append(max(wanted, columns[-1] + apart) if columns else wanted)
    for number in range(count - 1, -1, -1):
        limit = high - apart * (count - 1 - number)
        columns[number] = max(low + apart * number, min(columns[number], limit))
        if number + 1 < count:
            columns[number] = min(columns[number], columns[number + 1] - apart)
    return columns


def _align(ports: BundlePorts, uppers: Mapping[int, _Side], lowers: Mapping[int, _Side]) -> None:
    """Make the line of one source and one sink straight if a column allows it."""
    ((source, top),), ((sink, bottom),) = ports.tops.items(), ports.bottoms.items()
    above, below = uppers[source], lowers[sink]
    if top == bottom:
        return
    if above.free and below.free:
        low, high = max(above.low, below.low), min(above.high, below.high)
        if low <= high:
            ports.tops[source] = ports.bottoms[sink] = min(max((above.middle + below.middle) // 2, low), high)
    elif above.free and above.low <= bottom <= above.high:
        ports.tops[source] = bottom
    elif below.free and below.low <= top <= below.high:
        ports.bottoms[sink] = top


def _snap(columns: dict[int, int], sides: Mapping[int, _Side], others: Mapping[int, int]) -> None:
    """Move ports that are nearly under or over one on the other side to its column."""
    ends = sorted(others.values())
    for item, x in columns.items():
        side = sides[item]
        if not side.free:
            continue
        at = bisect_left(ends, x)
        near = min(ends[max(0, at - 1) : at + 1], key=lambda end: abs(end - x))
        if abs(near - x) <= _SNAP and side.low <= near <= side.high:
            columns[item] = near
