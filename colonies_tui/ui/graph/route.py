"""Routing: the lines of one channel between two levels, on tracks of its own rows.

Each bundle has one bar on one track, with posts up to its sources and down to its sinks. This is channel routing as
for circuits: a post from above and another bundle's post from below in the same column ask for an order of their
tracks (Hashimoto and Stevens, "Wire routing by optimizing channel assignment", 1971), and where such orders run in a
circle a post jogs to a free column first (Deutsch, "A dogleg channel router", 1976). Beyond that the order of tracks
is the one with fewer crossings.

Lines of different bundles only ever cross at a right angle; they never touch otherwise.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from colonies_tui.ui.graph.ports import BundlePorts

_MAX_COMPARED: Final = 150
"""Lines of a channel up to which the order of each two tracks is weighed."""


class Bar(NamedTuple):
    """A level line on one row of a channel, from `left` to `right` inclusive."""

    row: int
    left: int
    right: int


class Post(NamedTuple):
    """An upright line in one column of a channel, from row `top` to row `bottom` inclusive."""

    x: int
    top: int
    bottom: int
    up: bool
    """It goes on upwards, to the level above."""
    down: bool
    """It goes on downwards, to the level below."""


@dataclass(slots=True)
class Wire:
    """The line of one bundle in its channel."""

    ports: BundlePorts
    track: int = 0
    """Row of its bar."""
    jogs: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Of a source's column, the row of a jog and the column that it leads to."""
    last_row: int = 0
    """The last row of the channel."""

    @property
    def straight(self) -> bool:
        """Whether it is one upright line."""
        return not self.jogs and len({*self.ports.tops.values(), *self.ports.bottoms.values()}) == 1

    def inner_tops(self) -> list[int]:
        """Columns in which it comes down to its bar."""
        return [self.jogs[x][1] if x in self.jogs else x for x in self.ports.tops.values()]

    def stroke(
        self, sources: Iterable[int] | None = None, sinks: Iterable[int] | None = None
    ) -> tuple[list[Bar], list[Post]]:
        """The part of the line that joins some of its sources with some of its sinks; None for all of them."""
        tops = [*self.ports.tops.values()] if sources is None else [self.ports.tops[item] for item in sources]
        bottoms = [*self.ports.bottoms.values()] if sinks is None else [self.ports.bottoms[item] for item in sinks]
        if self.straight:
            return [], [Post(x, 0, self.last_row, True, True) for x in tops[:1]]
        bars, posts, columns = [], [], list(bottoms)
        for x in tops:
            row, inner = self.jogs.get(x, (self.track, x))
            posts.append(Post(x, 0, row, True, False))
            if inner != x:
                bars.append(Bar(row, min(x, inner), max(x, inner)))
                posts.append(Post(inner, row, self.track, False, False))
            columns.append(inner)
        posts.extend(Post(x, self.track, self.last_row, False, True) for x in bottoms)
        bars.append(Bar(self.track, min(columns), max(columns)))
        return bars, posts


def route(bundles: Sequence[BundlePorts]) -> tuple[list[Wire], int]:
    """Lay the lines of one channel.

    Returns:
        A wire for each bundle, and how many rows the channel has, at least 1.
    """
    wires = [Wire(ports) for ports in bundles]
    bent = [wire for wire in wires if not wire.straight]
    jogged, above = _untangle(bent, wires)
    nets = [_Net.of(wire) for wire in bent]
    gains = _gains(nets)
    tracks = _Tracks()
    for wire, x, inner in jogged:
        wire.jogs[x] = (tracks.place(min(x, inner), max(x, inner), 0), inner)
    row_of: dict[int, int] = {}
    for number in _track_order(nets, above, gains):
        net, wire = nets[number], bent[number]
        rows_above = [row_of[other] for other in above[number]]
        rows_above += [row_of[other] for other, gain in gains[number].items() if gain < 0 and other in row_of]
        rows_above += [own.jogs[x][0] for own, x, _ in jogged if own is wire or x in net.bottom_set]
        row_of[number] = wire.track = tracks.place(net.left, net.right, max(rows_above, default=-1) + 1)
    rows = max(1, len(tracks))
    for wire in wires:
        wire.last_row = rows - 1
    return wires, rows


@dataclass(frozen=True, slots=True)
class _Net:
    """What matters of a wire for the order of tracks."""

    tops: list[int]
    bottoms: list[int]
    left: int
    right: int
    bottom_set: frozenset[int]

    @classmethod
    def of(cls, wire: Wire) -> _Net:
        tops, bottoms = sorted(wire.inner_tops()), sorted(wire.ports.bottoms.values())
        return cls(tops, bottoms, min(tops[0], bottoms[0]), max(tops[-1], bottoms[-1]), frozenset(bottoms))

    def overlaps(self, other: _Net) -> bool:
        """Whether their bars share columns."""
        return self.left <= other.right and other.left <= self.right

    def crossings_above(self, other: _Net) -> int:
        """Crossings of the two when this one's bar is above the other's."""
        return (
            bisect_right(self.bottoms, other.right)
            - bisect_left(self.bottoms, other.left)
            + bisect_right(other.tops, self.right)
            - bisect_left(other.tops, self.left)
        )

    def better_above(self, other: _Net) -> int:
        """Crossings that are saved by this one's bar above the other's; negative when they are added."""
        return other.crossings_above(self) - self.crossings_above(other)


class _Tracks:
    """Rows of a channel with the bars on them."""

    def __init__(self) -> None:
        self._rows: list[list[tuple[int, int]]] = []

    def __len__(self) -> int:
        return len(self._rows)

    def place(self, left: int, right: int, lowest: int) -> int:
        """Put a bar on the first row from `lowest` on where it has a blank cell on either side."""
        for row in range(lowest, len(self._rows)):
            bars = self._rows[row]
            at = bisect_left(bars, (left, right))
            if (at == 0 or bars[at - 1][1] + 1 < left) and (at == len(bars) or right + 1 < bars[at][0]):
                bars.insert(at, (left, right))
                return row
        while len(self._rows) <= lowest:
            self._rows.append([])
        if self._rows[-1]:
            self._rows.append([])
        self._rows[-1].append((left, right))
        return len(self._rows) - 1


def _untangle(bent: Sequence[Wire], wires: Sequence[Wire]) -> tuple[list[tuple[Wire, int, int]], list[set[int]]]:
    """Find which wires must be above which, and break circles of that by jogs.

    Returns:
        Jogs as (wire, column, column it leads to), and for each bent wire those that must be above it.
    """
    top_at = {x: number for number, wire in enumerate(bent) for x in wire.ports.tops.values()}
    bottom_at = {x: number for number, wire in enumerate(bent) for x in wire.ports.bottoms.values()}
    taken = {x for wire in wires for ports in (wire.ports.tops, wire.ports.bottoms) for x in ports.values()}
    above: list[set[int]] = [set() for _ in bent]
    below: list[set[int]] = [set() for _ in bent]
    for x, upper in top_at.items():
        lower = bottom_at.get(x, upper)
        if lower != upper:
            above[lower].add(upper)
            below[upper].add(lower)
    waiting = {number: set(own) for number, own in enumerate(above) if own}
    ready = [number for number, own in enumerate(above) if not own]
    jogged: list[tuple[Wire, int, int]] = []
    while True:
        for number in ready:
            for other in below[number]:
                if other in waiting:
                    waiting[other].discard(number)
                    if not waiting[other]:
                        del waiting[other]
                        ready.append(other)
        if not waiting:
            return jogged, above
        freed = min(waiting, key=lambda number: (len(waiting[number]), number))
        for x in bent[freed].ports.bottoms.values():
            upper = top_at.get(x, freed)
            if upper in waiting[freed]:
                inner = _free_column(bent[upper], x, taken)
                taken.add(inner)
                bent[upper].jogs[x] = (0, inner)
                jogged.append((bent[upper], x, inner))
                above[freed].discard(upper)
                below[upper].discard(freed)
        del waiting[freed]
        ready = [freed]


def _free_column(wire: Wire, x: int, taken: set[int]) -> int:
    """The nearest column that no post is in, preferably towards the middle of the wire."""
    columns = (*wire.ports.tops.values(), *wire.ports.bottoms.values())
    towards = 1 if 2 * x <= min(columns) + max(columns) else -1
    distance = 1
    while True:
        for step in (towards, -towards):
            column = x + step * distance
            if column >= 0 and column not in taken:
                return column
        distance += 1


def _gains(nets: Sequence[_Net]) -> list[dict[int, int]]:
    """For each wire, the crossings saved by having it above another; too many wires are not compared."""
    gains: list[dict[int, int]] = [{} for _ in nets]
    if len(nets) > _MAX_COMPARED:
        return gains
    by_left = sorted(range(len(nets)), key=lambda number: nets[number].left)
    for at, number in enumerate(by_left):
        net = nets[number]
        for other in by_left[at + 1 :]:
            if nets[other].left > net.right:
                break
            if gain := net.better_above(nets[other]):
                gains[number][other], gains[other][number] = gain, -gain
    return gains


def _track_order(nets: Sequence[_Net], above: Sequence[set[int]], gains: Sequence[dict[int, int]]) -> list[int]:
    """Order wires from the highest track to the lowest: as they must be, else with few crossings."""
    waiting = [len(own) for own in above]
    below: list[list[int]] = [[] for _ in nets]
    for number, own in enumerate(above):
        for other in own:
            below[other].append(number)
    scores = [sum(own.values()) for own in gains]
    heap = [(-scores[number], nets[number].left, number) for number, count in enumerate(waiting) if not count]
    heapq.heapify(heap)
    order: list[int] = []
    placed = [False] * len(nets)
    while heap:
        score, _, best = heapq.heappop(heap)
        if placed[best] or -score != scores[best]:
            continue
        placed[best] = True
        order.append(best)
        for other, gain in gains[best].items():
            scores[other] += gain  # the saving over `best` does not count any more
            if not waiting[other] and not placed[other]:
                heapq.heappush(heap, (-scores[other], nets[other].left, other))
        for other in below[best]:
            waiting[other] -= 1
            if not waiting[other]:
                heapq.heappush(heap, (-scores[other], nets[other].left, other))
    return order
