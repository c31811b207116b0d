"""Random graphs: every line joins the right boxes, nothing overlaps, keys reach everything."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colonies_tui.ui.graph.dag import make_dag
from colonies_tui.ui.graph.layout import BoxSize, Layout, lay_out
from colonies_tui.ui.graph.model import GraphNode
from colonies_tui.ui.graph.scene import make_scene
from colonies_tui.ui.graph.walk import Step, step
from tests.ui.graph.graphs import Reader, graph, grid_of, picture_of, random_graph

STEPS: tuple[Step, ...] = ("up", "down", "left", "right")


def edges_of(layout: Layout) -> dict[str, set[str]]:
    return {id_: set(children) for id_, children in layout.children.items()}


def assert_lines_tell_the_truth(nodes: list[GraphNode], cursor: str | None = None) -> None:
    """Follow every line in both directions by its characters alone."""
    scene = make_scene(nodes)
    layout = scene.layout
    reader = Reader(layout, grid_of(picture_of(scene, cursor)))
    wanted = edges_of(layout)
    assert {id_: reader.children(id_) for id_ in layout.boxes} == wanted
    parents = {id_: set(above) for id_, above in layout.parents.items()}
    assert {id_: reader.parents(id_) for id_ in layout.boxes} == parents
    assert parents == {id_: {above for above, own in wanted.items() if id_ in own} for id_ in wanted}


def assert_nothing_overlaps(layout: Layout) -> None:
    """No cell belongs to two boxes, to a box and a line, or to two lines of different bundles but for crossings."""
    taken: dict[tuple[int, int], str] = {}
    for id_, box in layout.boxes.items():
        for y in range(box.y, box.y + box.height):
            for x in range(box.x, box.x + box.width):
                assert taken.setdefault((x, y), id_) == id_
        assert box.x >= 0
        assert box.x + box.width <= layout.width
    for level, channel in zip(layout.levels, layout.channels, strict=True):
        for x, _ in level.passing:
            for y in range(level.y, level.y + layout.box_height):
                assert (x, y) not in taken
                taken[x, y] = "a passing line"
        if channel is None:
            continue
        level_cells: dict[tuple[int, int], object] = {}
        upright_cells: dict[tuple[int, int], object] = {}
        for wire in channel.wires:
            bars, posts = wire.stroke()
            for bar in bars:
                for x in range(bar.left, bar.right + 1):
                    assert level_cells.setdefault((x, bar.row), wire) is wire
            for post in posts:
                for row in range(post.top, post.bottom + 1):
                    assert upright_cells.setdefault((post.x, row), wire) is wire
        for x, row in level_cells.keys() | upright_cells.keys():
            assert (x, channel.y + row) not in taken
            assert 0 <= x < layout.width


def reached_by_keys(layout: Layout, start: str) -> set[str]:
    reached = {start}
    todo = [start]
    while todo:
        here = todo.pop()
        for where in STEPS:
            there = step(layout, here, where)
            if there is not None and there not in reached:
                reached.add(there)
                todo.append(there)
    return reached


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.integers(1, 12), st.integers(1, 4), st.integers(1, 6))
def test_small_random_graphs(seed: int, count: int, parents: int, spread: int) -> None:
    nodes = random_graph(count, seed, parents, spread)
    layout = make_scene(nodes).layout
    assert_nothing_overlaps(layout)
    assert_lines_tell_the_truth(nodes)
    for id_ in layout.boxes:
        assert reached_by_keys(layout, id_) == layout.boxes.keys()


@settings(max_examples=12, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.integers(1, 5), st.integers(1, 8))
def test_random_graphs_of_a_hundred_nodes(seed: int, parents: int, spread: int) -> None:
    nodes = random_graph(100, seed, parents, spread)
    layout = make_scene(nodes).layout
    assert_nothing_overlaps(layout)
    assert_lines_tell_the_truth(nodes, cursor=nodes[seed % 100].id)
    assert reached_by_keys(layout, nodes[0].id) == layout.boxes.keys()
    assert reached_by_keys(layout, nodes[-1].id) == layout.boxes.keys()


@settings(max_examples=3, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.integers(1, 3))
def test_random_graphs_of_a_thousand_nodes(seed: int, parents: int) -> None:
    nodes = random_graph(1_000, seed, parents, 2)
    layout = make_scene(nodes).layout
    assert_nothing_overlaps(layout)
    assert_lines_tell_the_truth(nodes)
    assert reached_by_keys(layout, nodes[seed % 1_000].id) == layout.boxes.keys()


def test_a_thousand_nodes_of_dense_levels() -> None:
    """Few levels with many edges between them: more lines in a channel than are compared with each other."""
    nodes = random_graph(400, 5, 3, 40)
    wide = [node for node in nodes if node.parents] + [node for node in nodes if not node.parents]
    layout = make_scene(wide).layout
    assert_nothing_overlaps(layout)
    assert_lines_tell_the_truth(wide)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20))
def test_cycles_are_drawn_too(pairs: list[tuple[int, int]]) -> None:
    parents: dict[str, list[str]] = {str(number): [] for number in range(8)}
    for source, target in pairs:
        parents[str(target)].append(str(source))
    dag = make_dag(parents)
    position = {item: at for at, item in enumerate(dag.order)}
    assert len(position) == 8
    for item in range(8):
        assert all(position[parent] < position[item] for parent in dag.parents[item])
        assert len(set(dag.parents[item])) == len(dag.parents[item])
    joined = {frozenset((a, b)) for a, b in pairs if a != b}
    assert {frozenset((parent, item)) for item in range(8) for parent in dag.parents[item]} == joined
    layout = lay_out({id_: BoxSize(above, 9) for id_, above in parents.items()}, 3)
    assert_nothing_overlaps(layout)
    assert reached_by_keys(layout, "0") == layout.boxes.keys()


@pytest.mark.parametrize(
    "edges",
    [
        "a>b",
        "a>b a>c b>d c>d",
        "a>c b>c",
        "a>d b>c",
        "a>c a>d b>c b>d",
        "a>d a>e b>d b>f c>e c>f",
        "a>b b>c c>d a>d",
        "a>b b>c c>d d>e a>e a>c b>e",
        "a>b c>d e>f",
        " ".join(f"r>x{n} x{n}>s" for n in range(3)),
        " ".join(f"a{i}>b{(i * 3 + k) % 7}" for i in range(7) for k in range(3)),
        " ".join(f"a{i}>b{j}" for i in range(5) for j in range(5) if i != j),
    ],
)
def test_lines_of_known_graphs(edges: str) -> None:
    nodes = graph(edges)
    assert_nothing_overlaps(make_scene(nodes).layout)
    assert_lines_tell_the_truth(nodes)


def test_nodes_with_parents_that_are_not_known() -> None:
    nodes = [GraphNode("a", "a", ("gone", "gone too")), GraphNode("b", "b", ("a", "gone"))]
    layout = make_scene(nodes).layout
    assert layout.parents == {"a": [], "b": ["a"]}
    assert [layout.boxes[id_].orphaned for id_ in "ab"] == [True, True]
    assert_lines_tell_the_truth(nodes)


def test_five_thousand_nodes() -> None:
    layout = make_scene(random_graph(5_000, 1, 2, 2)).layout
    assert len(layout.boxes) == 5_000
    assert reached_by_keys(layout, "n17") == layout.boxes.keys()
