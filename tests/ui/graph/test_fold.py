"""Folding: what is folded, what never is, and that what is left is still the same graph."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colonies_tui.protocol.states import ProcessState
from colonies_tui.ui.graph.fold import stem_of
from colonies_tui.ui.graph.model import GraphNode
from colonies_tui.ui.graph.scene import Scene, make_scene
from tests.ui.graph.graphs import random_graph

DONE = ProcessState.SUCCESS


def fan(count: int, state: ProcessState = DONE) -> list[GraphNode]:
    """A root, `count` children of one kind, and what comes after all of them."""
    children = [GraphNode(f"c{n}", f"child-{n}", ("root",), state, 0, 1, 2) for n in range(count)]
    return [GraphNode("root", "root"), *children, GraphNode("end", "end", tuple(child.id for child in children))]


def shown(scene: Scene) -> dict[str, int]:
    return {box.label: len(box.members) for box in scene.boxes.values()}


@pytest.mark.parametrize(
    ("label", "stem"),
    [
        ("parse", "parse"),
        ("parse/html", "parse"),
        ("parse-12", "parse"),
        ("parse_003", "parse"),
        ("parse 7", "parse"),
        ("parse[12]", "parse"),
        ("step #4", "step"),
        ("42", "42"),
        ("/etc", "/etc"),
        ("v2 run", "v2 run"),
    ],
)
def test_stems(label: str, stem: str) -> None:
    assert stem_of(GraphNode("x", label)) == stem


def test_a_stem_that_is_given_counts() -> None:
    assert stem_of(GraphNode("x", "step 1", stem="resize")) == "resize"
    nodes = [replace(node, stem=node.id) if node.id.startswith("c") else node for node in fan(9)]
    assert len(make_scene(nodes).boxes) == 11


def test_three_siblings_stay_four_fold() -> None:
    assert shown(make_scene(fan(3))) == {"root": 1, "child-0": 1, "child-1": 1, "child-2": 1, "end": 1}
    assert shown(make_scene(fan(4))) == {"root": 1, "child": 4, "end": 1}


def test_only_those_of_one_shape_fold() -> None:
    nodes = fan(8)
    nodes.append(GraphNode("extra", "extra", ("c7",)))
    assert shown(make_scene(nodes)) == {"root": 1, "child": 7, "child-7": 1, "end": 1, "extra": 1}


def test_parallel_lanes_fold() -> None:
    nodes = [GraphNode("root", "root")]
    for lane in range(6):
        nodes.append(GraphNode(f"a{lane}", f"fetch {lane}", ("root",)))
        nodes.append(GraphNode(f"b{lane}", f"parse {lane}", (f"a{lane}",)))
    scene = make_scene(nodes)
    assert shown(scene) == {"root": 1, "fetch": 6, "parse": 6}
    assert scene.layout.children == {"root": ["fold:a0"], "fold:a0": ["fold:b0"], "fold:b0": []}


def test_failures_are_never_folded_away() -> None:
    nodes = fan(28)
    nodes[5] = replace(nodes[5], state=ProcessState.FAILED, error="exit 1")
    assert shown(make_scene(nodes)) == {"root": 1, "child": 27, "child-4": 1, "end": 1}


def test_those_that_failed_with_their_workflow_fold() -> None:
    nodes = [replace(node, state=ProcessState.FAILED, cascaded=True) for node in fan(28)]
    scene = make_scene(nodes)
    assert shown(scene) == {"root": 1, "child": 28, "end": 1}
    assert scene.boxes["fold:c0"].state is ProcessState.FAILED


def test_unfolding() -> None:
    scene = make_scene(fan(5), frozenset({"fold:c0"}))
    assert len(scene.boxes) == 7
    assert scene.folds == {f"c{n}": "fold:c0" for n in range(5)}


def test_the_state_of_a_fold() -> None:
    nodes = fan(5, ProcessState.SUCCESS)
    states = [ProcessState.SUCCESS, ProcessState.WAITING, ProcessState.RUNNING]
    seen = []
    for number, state in enumerate(states, 1):
        nodes[number] = replace(nodes[number], state=state)
        seen.append(make_scene(nodes).boxes["fold:c0"].state)
    assert seen == states


def test_a_fold_lasts_from_its_first_start_to_its_last_end() -> None:
    nodes = fan(4)
    nodes[1] = replace(nodes[1], started=5, ended=6)
    nodes[2] = replace(nodes[2], started=7, ended=19)
    box = make_scene(nodes).boxes["fold:c0"]
    assert box.ran(100) == 18
    assert box.longest(100) == 12
    nodes[3] = replace(nodes[3], state=ProcessState.RUNNING, started=3, ended=None)
    assert make_scene(nodes).boxes["fold:c0"].ran(100) == 99


def test_one_that_is_left_of_a_fold_is_a_node_again() -> None:
    nodes = fan(4)
    for number in (2, 3, 4):
        nodes[number] = replace(nodes[number], state=ProcessState.FAILED)
    scene = make_scene(nodes)
    assert shown(scene) == {"root": 1, "child-0": 1, "child-1": 1, "child-2": 1, "child-3": 1, "end": 1}
    assert set(scene.layout.parents["end"]) == {"c0", "c1", "c2", "c3"}


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.integers(1, 40), st.integers(0, 3))
def test_boxes_are_the_graph_of_their_members(seed: int, count: int, kinds: int) -> None:
    nodes = [
        replace(node, stem=f"kind {number % (kinds + 1)}") for number, node in enumerate(random_graph(count, seed))
    ]
    scene = make_scene(nodes)
    members = [member.id for box in scene.boxes.values() for member in box.members]
    assert sorted(members) == sorted(node.id for node in nodes)
    edges = {(scene.home[parent], scene.home[node.id]) for node in nodes for parent in node.parents}
    assert {(parent, child) for child, above in scene.layout.parents.items() for parent in above} == edges
    level = {id_: box.level for id_, box in scene.layout.boxes.items()}
    assert all(level[parent] < level[child] for parent, child in edges)


def test_new_states_of_the_same_boxes_need_no_layout() -> None:
    nodes = fan(5)
    scene = make_scene(nodes)
    later = [*nodes[:-1], replace(nodes[-1], state=ProcessState.RUNNING, started=3)]
    changed = scene.with_states(later)
    assert changed is not None
    assert changed[0].layout is scene.layout
    assert changed[1] == {"end"}
    inside = [replace(nodes[1], executor="x") if node is nodes[1] else node for node in nodes]
    changed = scene.with_states(inside)
    assert changed is not None
    assert changed[1] == {"fold:c0"}


def test_other_boxes_need_a_layout() -> None:
    nodes = fan(5)
    scene = make_scene(nodes)
    assert scene.with_states(nodes[:-1]) is None
    assert scene.with_states([*nodes[:-1], replace(nodes[-1], parents=("c1",))]) is None
    assert scene.with_states([replace(nodes[0], label="other"), *nodes[1:]]) is None
    failing = [nodes[0], replace(nodes[1], state=ProcessState.FAILED), *nodes[2:]]
    assert scene.with_states(failing) is None


def test_ids_that_come_twice_count_once() -> None:
    assert len(make_scene([GraphNode("a", "a"), GraphNode("a", "again")]).boxes) == 1


def test_a_graph_without_nodes() -> None:
    assert make_scene([]).boxes == {}
