"""Order and drawing of the members of a graph: as recorded from a real server, and whole whatever the graph."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from colonies_tui.localserver.graph_drawing import BACKGROUNDS, BOX_WIDTH, depth_first, depths, draw
from colonies_tui.localserver.records.processgraph import GraphMember
from colonies_tui.protocol.states import ProcessState
from tests.localserver.random_workflows import Parents, workflows
from tests.localserver.stages import Case, cases_of

DRAWN = [case for case in cases_of("getprocessgraphmsg") if case.succeeded]
STATES = {background: state for state, background in BACKGROUNDS.items()}


def by_id(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in rows}


@pytest.mark.parametrize("case", DRAWN, ids=str)
def test_a_recorded_graph_is_drawn_the_same(case: Case) -> None:
    reply = case.reply
    children: dict[str, tuple[str, ...]] = {}
    for edge in reply["edges"]:
        children[edge["source"]] = (*children.get(edge["source"], ()), edge["target"])
    members = {
        node["id"]: GraphMember(
            node["id"],
            STATES[node["style"]["background"]],
            node["data"]["label"],
            children.get(node["id"], ()),
        )
        for node in reply["nodes"]
    }
    roots = reply["rootprocessids"]
    order = depth_first(roots, children)
    drawing = draw(roots, order, members)
    assert order == reply["processids"]
    assert by_id([json.loads(node) for node in drawing.nodes]) == by_id(reply["nodes"])
    assert [json.loads(edge) for edge in drawing.edges] == reply["edges"]


@given(workflows(most=40))
def test_every_random_workflow_is_drawn_whole(parents: Parents) -> None:
    children = {name: tuple(one for one in parents if name in parents[one]) for name in parents}
    roots = [name for name in parents if not parents[name]]
    order = depth_first(roots, children)
    assert sorted(order) == sorted(parents)
    for place, name in enumerate(order):
        assert not parents[name] or set(parents[name]) & set(order[:place])  # after one of its parents

    depth = depths(order, children)
    for name, above in parents.items():
        assert depth[name] == max((depth[parent] + 1 for parent in above), default=0)

    drawing = draw(
        roots, order, {name: GraphMember(name, ProcessState.WAITING, name, children[name]) for name in parents}
    )
    nodes = {node["id"]: node for node in map(json.loads, drawing.nodes)}
    assert {name: node["type"] for name, node in nodes.items()} == {
        name: "input" if not parents[name] else "" if children[name] else "output" for name in parents
    }
    levels: dict[int, list[int]] = {}
    for node in nodes.values():
        levels.setdefault(node["position"]["y"], []).append(node["position"]["x"])
    for lefts in levels.values():
        assert all(right - left >= BOX_WIDTH for left, right in zip(sorted(lefts), sorted(lefts)[1:], strict=False))
    edges = {(edge["source"], edge["target"]) for edge in map(json.loads, drawing.edges)}
    assert edges == {(parent, name) for name, above in parents.items() for parent in above}
