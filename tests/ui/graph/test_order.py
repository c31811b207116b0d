"""Few crossings, counted rightly; and the map."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from colonies_tui.protocol.states import ProcessState
from colonies_tui.ui.format.glyphs import ASCII, UNICODE
from colonies_tui.ui.graph.minimap import map_cells, map_frame
from colonies_tui.ui.graph.model import GraphNode
from colonies_tui.ui.graph.order import crossings, order_items
from colonies_tui.ui.graph.scene import make_scene
from tests.ui.graph.graphs import graph, random_graph


def two_levels(count: int, share: float, seed: int) -> tuple[list[list[int]], list[list[int]], list[list[int]]]:
    """Two levels of `count` items with a share of all edges between them."""
    rnd = random.Random(seed)
    down: list[list[int]] = [[] for _ in range(2 * count)]
    up: list[list[int]] = [[] for _ in range(2 * count)]
    for upper in range(count):
        for lower in range(count, 2 * count):
            if rnd.random() < share:
                down[upper].append(lower)
                up[lower].append(upper)
    return [list(range(count)), list(range(count, 2 * count))], up, down


@pytest.mark.parametrize("share", [0.1, 0.4, 1.0])
def test_crossings_are_pairs_of_edges_in_the_wrong_order(share: float) -> None:
    levels, _, down = two_levels(24, share, 1)
    edges = [(upper, lower) for upper in levels[0] for lower in down[upper]]
    wanted = sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for a, b in combinations(edges, 2))
    assert crossings(levels, down) == wanted


@pytest.mark.parametrize("share", [0.05, 0.2, 0.9])
def test_an_order_is_never_worse_than_the_one_it_starts_from(share: float) -> None:
    levels, up, down = two_levels(30, share, 2)
    ordered = order_items([level[:] for level in levels], up, down)
    assert [sorted(level) for level in ordered] == levels
    shuffled = [random.Random(3).sample(level, len(level)) for level in levels]
    assert crossings(ordered, down) <= crossings(shuffled, down)


def test_a_graph_without_crossings_is_drawn_without() -> None:
    for edges in ("a>b a>c b>d c>d", "a>x b>y c>z a>y", " ".join(f"n{n // 2}>n{n}" for n in range(1, 60))):
        layout = make_scene([*graph(edges)]).layout
        order = [[box.item for box in level.boxes] for level in layout.levels]
        assert not any(level.passing for level in layout.levels)
        assert crossings(order, layout.layered.down) == 0


def test_everybody_with_everybody_stays_one_line() -> None:
    upper = [GraphNode(f"a{n}", f"first {chr(97 + n)}x") for n in range(25)]
    parents = tuple(node.id for node in upper)
    lower = [GraphNode(f"b{n}", f"then {chr(97 + n)}x", parents) for n in range(25)]
    layout = make_scene([*upper, *lower]).layout
    (channel,) = [channel for channel in layout.channels if channel is not None]
    assert len(channel.wires) == 1
    assert channel.height == 1


def test_the_map_shows_every_level_and_what_failed() -> None:
    scene = make_scene(random_graph(200, 4))
    frame = map_frame(scene.layout, 120, 40)
    assert frame is not None
    for alphabet in (UNICODE, ASCII):
        cells = map_cells(frame, scene.layout, scene.boxes, alphabet)
        assert [len(row) for row in cells] == [frame.columns] * frame.rows
        roles = {role for row in cells for _, role in row}
        assert {"failed", "running", "dim"} >= roles >= {"failed", "running"}
        for box in scene.layout.boxes.values():
            column, row = frame.cell(box.middle, box.y)
            if scene.boxes[box.id].state is ProcessState.FAILED:
                assert cells[row][column][0] != " "
        assert all(text.isascii() for row in cells for text, _ in row) is (alphabet is ASCII)


def test_cells_of_the_map_lead_back_to_the_graph() -> None:
    layout = make_scene(random_graph(200, 4)).layout
    frame = map_frame(layout, 80, 24)
    assert frame is not None
    for row in range(frame.rows):
        for column in range(frame.columns):
            assert frame.cell(*frame.place(column, row)) == (column, row)
    assert map_frame(layout, layout.width, layout.height) is None
    assert map_frame(layout, 30, 40) is None
