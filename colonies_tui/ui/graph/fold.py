"""Folding: nodes that play the same part in a graph become one box with counts.

Two nodes have the same shape when they have the same stem, the same number of parents of each shape and the same
number of children of each shape. That is the coarsest partition which refines itself no further (partition refinement
after Paige and Tarjan, "Three partition refinement algorithms", 1987, in its simple form). Siblings with the same
parents and children are the plain case; the parallel lanes fetch 1 → parse 1, fetch 2 → parse 2, … fold as well.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from colonies_tui.ui.graph.dag import Dag
from colonies_tui.ui.graph.model import Box, GraphNode

LEAST: Final = 4
"""Nodes of one shape from which on they are folded."""

_MAX_ROUNDS: Final = 200
_TAIL: Final = re.compile(r"[\s\-_.:#/\[(]*\d+[\])]*$")


def stem_of(node: GraphNode) -> str:
    """Return what siblings share: the stem, or the label up to a slash and without a number at its end."""
    if node.stem:
        return node.stem
    head = node.label.partition("/")[0].strip() or node.label
    return _TAIL.sub("", head) or head


def fold_ids(nodes: Sequence[GraphNode], dag: Dag) -> dict[str, str]:
    """Return the fold of every node that has `LEAST` or more of its shape. Depends on the structure alone.

    Args:
        nodes: the nodes.
        dag: their structure; item `i` is `nodes[i]`.

    Returns:
        Fold ids by node id. A fold is named after its first node.
    """
    groups: dict[int, list[int]] = {}
    for item, shape in enumerate(_shapes(nodes, dag)):
        groups.setdefault(shape, []).append(item)
    folds: dict[str, str] = {}
    for members in groups.values():
        if len(members) >= LEAST:
            name = f"fold:{nodes[members[0]].id}"
            folds.update((nodes[item].id, name) for item in members)
    return folds


def make_boxes(
    nodes: Iterable[GraphNode], folds: Mapping[str, str], unfolded: Collection[str] = frozenset()
) -> tuple[Box, ...]:
    """Return the boxes, in the order of their first nodes.

    Nodes that failed by themselves are never folded away. As the folds of `fold_ids` are never finer than the graph's
    own layers, boxes of an acyclic graph are acyclic too, whatever is unfolded.

    Args:
        nodes: the nodes, each id once.
        folds: fold ids by node id.
        unfolded: ids of folds whose nodes are to be seen one by one.
    """
    home: dict[str, str] = {}
    members: dict[str, list[GraphNode]] = {}
    for node in nodes:
        fold = folds.get(node.id)
        box = node.id if fold is None or fold in unfolded or node.failed_itself else fold
        home[node.id] = box
        members.setdefault(box, []).append(node)
    lone = {box: group[0].id for box, group in members.items() if len(group) == 1}
    boxes = []
    for box, group in members.items():
        parents = dict.fromkeys(home.get(parent, parent) for node in group for parent in node.parents)
        name = lone.get(box, box)
        label = group[0].label if len(group) == 1 else stem_of(group[0])
        boxes.append(Box(name, label, tuple(group), tuple(lone.get(parent, parent) for parent in parents)))
    return tuple(boxes)


def _shapes(nodes: Sequence[GraphNode], dag: Dag) -> list[int]:
    """Number the shapes of nodes: equal numbers for equal shapes."""
    depth, height = [0] * len(nodes), [0] * len(nodes)
    for item in dag.order:
        depth[item] = max((depth[parent] + 1 for parent in dag.parents[item]), default=0)
    for item in reversed(dag.order):
        height[item] = max((height[child] + 1 for child in dag.children[item]), default=0)
    unknown = [tuple(sorted({p for p in node.parents if p not in dag.index})) for node in nodes]
    shapes = _numbered(zip(map(stem_of, nodes), depth, height, unknown, strict=True))
    for _ in range(_MAX_ROUNDS):
        before = max(shapes, default=0)
        shapes = _numbered(
            (
                shapes[item],
                tuple(sorted(shapes[parent] for parent in dag.parents[item])),
                tuple(sorted(shapes[child] for child in dag.children[item])),
            )
            for item in range(len(nodes))
        )
        if max(shapes, default=0) == before:
            break
    return shapes


def _numbered(keys: Iterable[object]) -> list[int]:
    numbers: dict[object, int] = {}
    return [numbers.setdefault(key, len(numbers)) for key in keys]
