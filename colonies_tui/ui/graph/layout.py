"""The layout of a whole graph: boxes on levels, channels of lines between them, in columns and rows of character cells.

The steps are those of Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system structures"
(1981), one module each: levels, layered (long edges), bundles, order, place, ports, route. Parts of a graph that do
not hang together are laid out one by one and stand side by side on shelves.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from colonies_tui.ui.graph.bundles import Bundle, make_bundles
from colonies_tui.ui.graph.dag import components, make_dag
from colonies_tui.ui.graph.layered import Layered, layer
from colonies_tui.ui.graph.levels import by_level, level_items
from colonies_tui.ui.graph.order import order_items
from colonies_tui.ui.graph.place import place_items
from colonies_tui.ui.graph.ports import choose_ports
from colonies_tui.ui.graph.route import Bar, Post, Wire, route

SHELF_GAP: Final = 2
"""Blank rows between two shelves."""
PART_GAP: Final = 5
"""Blank columns between two parts on a shelf."""
MARGIN: Final = 1
"""Blank columns left of everything."""


@dataclass(frozen=True, slots=True)
class BoxSize:
    """What a box needs."""

    parents: Sequence[str]
    """Ids of its parents; unknown ones are allowed."""
    width: int
    """Cells it would like to have, its border included; it may get more."""


@dataclass(slots=True)
class PlacedBox:
    """Where a box stands."""

    id: str
    item: int
    x: int
    y: int
    width: int
    height: int
    level: int
    """Index in `Layout.levels`."""
    orphaned: bool
    """It has a parent that is not known."""
    tops: set[int] = field(default_factory=set)
    """Columns at which lines come in."""
    bottoms: set[int] = field(default_factory=set)
    """Columns at which lines go out."""

    @property
    def middle(self) -> int:
        """Its middle column."""
        return self.x + self.width // 2


@dataclass(slots=True)
class Level:
    """A row of boxes, with lines that pass between them."""

    y: int
    shelf: int
    boxes: list[PlacedBox]
    """From left to right."""
    passing: list[tuple[int, int]]
    """Column and item of each passing line, from left to right."""
    lefts: list[int]
    """Columns of the boxes."""


@dataclass(slots=True)
class Channel:
    """The rows of lines below a level."""

    y: int
    height: int
    wires: list[Wire]
    bars: list[list[tuple[Bar, Wire]]]
    """Bars by row, from left to right."""
    posts: list[tuple[Post, Wire]]
    """Posts from left to right."""

    def posts_in(self, left: int, right: int) -> Sequence[tuple[Post, Wire]]:
        """Posts in columns from `left` to before `right`."""
        first = bisect_left(self.posts, left, key=lambda post: post[0].x)
        return self.posts[first : bisect_left(self.posts, right, first, key=lambda post: post[0].x)]


@dataclass(slots=True)
class Layout:
    """A graph on cells."""

    boxes: Mapping[str, PlacedBox]
    levels: Sequence[Level]
    """From top to bottom, all shelves."""
    channels: Sequence[Channel | None]
    """What is below each level; None below the last of a shelf."""
    width: int
    height: int
    box_height: int
    layered: Layered
    parents: Mapping[str, Sequence[str]]
    """Ids of the boxes above a box that it hangs from; known ones only."""
    children: Mapping[str, Sequence[str]]
    ids: Sequence[str]
    wires_down: Mapping[int, Sequence[tuple[int, Wire]]]
    """Lines that leave an item downwards, each with the index of its channel."""
    wires_up: Mapping[int, Sequence[tuple[int, Wire]]]
    """Lines that come into an item from above, each with the index of its channel."""

    def box_at(self, x: int, y: int) -> str | None:
        """Return the box that covers a cell."""
        for level in self.levels:
            if level.y <= y < level.y + self.box_height:
                at = bisect_left(level.lefts, x + 1) - 1
                if at >= 0 and x < level.boxes[at].x + level.boxes[at].width:
                    return level.boxes[at].id
        return None


def lay_out(sizes: Mapping[str, BoxSize], box_height: int, room: int = 160) -> Layout:
    """Lay a graph out.

    Args:
        sizes: parents and width of each box, by id.
        box_height: rows of every box, its border included.
        room: columns after which parts that do not hang together go to the next shelf.
    """
    dag = make_dag({id_: size.parents for id_, size in sizes.items()})
    layered = layer(dag, level_items(dag))
    parts = [_Part(part, layered) for part in _with_stand_ins(components(dag), layered)]
    ports_needed = [0] * len(layered.level)
    for part in parts:
        part.count_ports(ports_needed)
    widths = [size.width for size in sizes.values()]
    half = [max(width // 2, ports + 1) for width, ports in zip(widths, ports_needed, strict=False)]
    half += [0] * (len(layered.level) - len(half))
    for part in parts:
        part.place(half)
    builder = _Builder(dag.ids, dag.orphaned, layered, half, box_height)
    for shelf, group in enumerate(_shelves(parts, room)):
        builder.add_shelf(shelf, group)
    return builder.layout(
        {id_: [dag.ids[parent] for parent in dag.parents[item]] for item, id_ in enumerate(dag.ids)},
        {id_: [dag.ids[child] for child in dag.children[item]] for item, id_ in enumerate(dag.ids)},
    )


class _Part:
    """A part of the graph that hangs together."""

    def __init__(self, items: Sequence[int], layered: Layered) -> None:
        self.layered = layered
        self.levels = by_level(items, layered.level)
        self.x: dict[int, int] = {}
        self.width = 0
        self.bundles: list[list[Bundle]] = [
            make_bundles(upper, lower, layered.up, layered.down, layered.boxes)
            for upper, lower in zip(self.levels, self.levels[1:], strict=False)
        ]

    def count_ports(self, needed: list[int]) -> None:
        """Raise each item's count of ports to what its sides need."""
        for bundles in self.bundles:
            count: dict[tuple[int, int], int] = {}
            for bundle in bundles:
                for side, items in enumerate(bundle):
                    for item in items:
                        count[side, item] = count.get((side, item), 0) + 1
            for (_, item), ports in count.items():
                needed[item] = max(needed[item], ports)

    def place(self, half: Sequence[int]) -> None:
        """Order the levels and give every item its column."""
        layered = self.layered
        self.levels = order_items(self.levels, layered.up, layered.down)
        self.x = place_items(self.levels, layered.up, layered.down, half.__getitem__, lambda item: item < layered.boxes)
        self.width = max(self.x[level[-1]] + half[level[-1]] + 1 for level in self.levels)


def _with_stand_ins(parts: Sequence[list[int]], layered: Layered) -> list[list[int]]:
    """Add the stand-ins to the parts of what they stand in for."""
    home = {item: part for part in parts for item in part}
    for (hub, _, _), item in layered.stand_ins.items():
        home[hub].append(item)
    return list(parts)


def _shelves(parts: Iterable[_Part], room: int) -> list[list[_Part]]:
    shelves: list[list[_Part]] = []
    used = 0
    for part in parts:
        if not shelves or used + PART_GAP + part.width > room:
            shelves.append([])
            used = -PART_GAP
        shelves[-1].append(part)
        used += PART_GAP + part.width
    return shelves


class _Builder:
    """Puts shelves one below the other."""

    def __init__(
        self, ids: Sequence[str], orphaned: frozenset[int], layered: Layered, half: Sequence[int], box_height: int
    ) -> None:
        self._ids = ids
        self._orphaned = orphaned
        self._layered = layered
        self._half = half
        self._box_height = box_height
        self._x: dict[int, int] = {}
        self._boxes: dict[int, PlacedBox] = {}
        self._levels: list[Level] = []
        self._channels: list[Channel | None] = []
        self._down: dict[int, list[tuple[int, Wire]]] = {}
        self._up: dict[int, list[tuple[int, Wire]]] = {}
        self._width = 0
        self._y = 0

    def add_shelf(self, shelf: int, parts: Sequence[_Part]) -> None:
        """Put parts side by side below what is there."""
        if self._levels:
            self._y += SHELF_GAP
        left = MARGIN
        for part in parts:
            self._x.update((item, at + left) for item, at in part.x.items())
            left += part.width + PART_GAP
        self._width = max(self._width, left - PART_GAP)
        depth = max(len(part.levels) for part in parts)
        for number in range(depth):
            self._add_level(
                shelf, [item for part in parts if number < len(part.levels) for item in part.levels[number]]
            )
            if number + 1 < depth:
                self._add_channel(
                    [bundle for part in parts if number < len(part.bundles) for bundle in part.bundles[number]]
                )
            else:
                self._channels.append(None)

    def layout(self, parents: Mapping[str, Sequence[str]], children: Mapping[str, Sequence[str]]) -> Layout:
        """Return what has been built."""
        return Layout(
            boxes={id_: self._boxes[item] for item, id_ in enumerate(self._ids)},
            levels=self._levels,
            channels=self._channels,
            width=self._width + MARGIN,
            height=self._y,
            box_height=self._box_height,
            layered=self._layered,
            parents=parents,
            children=children,
            ids=self._ids,
            wires_down=self._down,
            wires_up=self._up,
        )

    def _add_level(self, shelf: int, items: Sequence[int]) -> None:
        boxes, passing = [], []
        for item in items:
            x, half = self._x[item], self._half[item]
            if item >= self._layered.boxes:
                passing.append((x, item))
                continue
            box = self._boxes[item] = PlacedBox(
                id=self._ids[item],
                item=item,
                x=x - half,
                y=self._y,
                width=2 * half + 1,
                height=self._box_height,
                level=len(self._levels),
                orphaned=item in self._orphaned,
            )
            boxes.append(box)
            for _, wire in self._up.get(item, ()):
                box.tops.add(wire.ports.bottoms[item])
        self._levels.append(Level(self._y, shelf, boxes, passing, [box.x for box in boxes]))
        self._y += self._box_height

    def _add_channel(self, bundles: Sequence[Bundle]) -> None:
        wires, rows = route(choose_ports(bundles, self._x.__getitem__, self._half.__getitem__))
        number = len(self._channels)
        bars: list[list[tuple[Bar, Wire]]] = [[] for _ in range(rows)]
        posts: list[tuple[Post, Wire]] = []
        for wire in wires:
            own_bars, own_posts = wire.stroke()
            for bar in own_bars:
                bars[bar.row].append((bar, wire))
                self._width = max(self._width, bar.right + 1)
            posts.extend((post, wire) for post in own_posts)
            for item, x in wire.ports.tops.items():
                self._down.setdefault(item, []).append((number, wire))
                if item < self._layered.boxes:
                    self._boxes[item].bottoms.add(x)
            for item in wire.ports.bottoms:
                self._up.setdefault(item, []).append((number, wire))
        for row in bars:
            row.sort(key=lambda placed: placed[0].left)
        posts.sort(key=lambda placed: placed[0].x)
        self._channels.append(Channel(self._y, rows, wires, bars, posts))
        self._y += rows
