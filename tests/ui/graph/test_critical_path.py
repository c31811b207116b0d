"""The critical path and the strokes along it and around a box."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from colonies_tui.ui.graph.critical_path import critical_path
from colonies_tui.ui.graph.scene import make_scene
from colonies_tui.ui.graph.strokes import strokes_along, strokes_around
from tests.ui.graph.graphs import graph, random_graph


def test_the_longest_chain_by_duration() -> None:
    parents = {"a": [], "b": ["a"], "c": ["a"], "d": ["b", "c"]}
    assert critical_path({"a": 1, "b": 5, "c": 2, "d": 1}, parents) == ("a", "b", "d")
    assert critical_path({"a": 1, "b": 5, "c": 9, "d": 1}, parents) == ("a", "c", "d")


def test_what_has_not_started_is_no_part_of_it() -> None:
    parents = {"a": [], "b": ["a"], "c": ["b"]}
    assert critical_path({"a": 1.0, "b": 2.0, "c": None}, parents) == ("a", "b")
    assert critical_path({"a": 1.0, "b": None, "c": None}, parents) == ()
    assert critical_path({}, {}) == ()


@settings(deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.integers(2, 12))
def test_no_chain_is_longer(seed: int, count: int) -> None:
    nodes = random_graph(count, seed)
    durations = {node.id: node.ran(1_000.0) for node in nodes}
    parents = {node.id: node.parents for node in nodes}

    def longest(id_: str) -> float:
        own = durations[id_]
        assert own is not None
        return own + max((longest(above) for above in parents[id_] if durations[above] is not None), default=0.0)

    path = critical_path(durations, parents)
    best = max((longest(id_) for id_, ran in durations.items() if ran is not None), default=0.0)
    if path:
        assert abs(sum(durations[id_] or 0.0 for id_ in path) - best) < 1e-6
        assert all(above in parents[below] for above, below in pairwise(path))


def test_strokes_along_a_long_edge_go_through_its_stand_ins() -> None:
    layout = make_scene(graph("a>b b>c c>d a>d")).layout
    strokes = strokes_along(layout, ("a", "d"))
    assert sorted(strokes.posts) == [0, 1, 2]
    passing = {item for level in layout.levels for _, item in level.passing}
    assert passing <= strokes.items
    assert {layout.boxes[id_].item for id_ in "ad"} <= strokes.items
    assert not {layout.boxes[id_].item for id_ in "bc"} & strokes.items


def test_strokes_around_a_box_reach_its_parents_and_children_only() -> None:
    for seed in range(20):
        layout = make_scene(random_graph(30, seed)).layout
        for id_, box in layout.boxes.items():
            reached = {layout.ids[item] for item in strokes_around(layout, id_).items if item < layout.layered.boxes}
            wanted = {*layout.parents[id_], *layout.children[id_]}
            assert reached - {id_} == wanted
            assert box.id == id_
