"""Strokes: the parts of lines that belong to one box or to one path, to be drawn heavier or lighter than the rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from colonies_tui.ui.graph.layout import Layout
from colonies_tui.ui.graph.route import Bar, Post, Wire


@dataclass(slots=True)
class Strokes:
    """Parts of lines."""

    bars: dict[int, list[tuple[Bar, Wire]]] = field(default_factory=dict)
    """By channel."""
    posts: dict[int, list[tuple[Post, Wire]]] = field(default_factory=dict)
    """By channel."""
    items: set[int] = field(default_factory=set)
    """Passing lines that are on it, and boxes at its ends."""
    tops: set[tuple[int, int]] = field(default_factory=set)
    """Item and column of the ports at which it comes into boxes."""
    bottoms: set[tuple[int, int]] = field(default_factory=set)
    """Item and column of the ports at which it leaves boxes."""

    def __bool__(self) -> bool:
        """Whether there is anything on it."""
        return bool(self.posts)

    def add(self, channel: int, wire: Wire, sources: Iterable[int] | None, sinks: Iterable[int] | None) -> None:
        """Add the part of a line between some sources and sinks; None for all of them."""
        tops, bottoms = wire.ports.tops, wire.ports.bottoms
        sources = list(tops if sources is None else sources)
        sinks = list(bottoms if sinks is None else sinks)
        bars, posts = wire.stroke(sources, sinks)
        self.bars.setdefault(channel, []).extend((bar, wire) for bar in bars)
        self.posts.setdefault(channel, []).extend((post, wire) for post in posts)
        self.items.update(sources)
        self.items.update(sinks)
        self.bottoms.update((item, tops[item]) for item in sources)
        self.tops.update((item, bottoms[item]) for item in sinks)


NOTHING = Strokes()
"""No stroke at all."""


def strokes_around(layout: Layout, id_: str) -> Strokes:
    """Return the lines that join a box with its parents and children."""
    strokes = Strokes()
    boxes = layout.layered.boxes
    start = layout.boxes[id_].item
    below, above = [start], [start]
    for item in below:
        for channel, wire in layout.wires_down.get(item, ()):
            strokes.add(channel, wire, [item], None)
            below.extend(sink for sink in wire.ports.bottoms if sink >= boxes and sink not in below)
    for item in above:
        for channel, wire in layout.wires_up.get(item, ()):
            strokes.add(channel, wire, None, [item])
            above.extend(source for source in wire.ports.tops if source >= boxes and source not in above)
    return strokes


def strokes_along(layout: Layout, path: Iterable[str]) -> Strokes:
    """Return the lines along a path of boxes, each a child of the one before."""
    strokes = Strokes()
    for parent, child in pairwise(path):
        items = layout.layered.path(layout.boxes[parent].item, layout.boxes[child].item)
        for upper, lower in pairwise(items):
            channel, wire = next(
                (channel, wire) for channel, wire in layout.wires_down[upper] if lower in wire.ports.bottoms
            )
            strokes.add(channel, wire, [upper], [lower])
    return strokes
