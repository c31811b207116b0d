"""The bare structure of a graph: numbered items, edges between known items only, no cycles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dag:
    """A directed acyclic graph over the items 0 … n-1."""

    ids: tuple[str, ...]
    index: Mapping[str, int]
    """Items by id."""
    parents: Sequence[Sequence[int]]
    children: Sequence[Sequence[int]]
    order: Sequence[int]
    """All items, parents before their children."""
    orphaned: frozenset[int]
    """Items with a parent that is not known."""
    turned: frozenset[tuple[int, int]]
    """Edges (from, to) that run against their own direction here, as they would close a cycle."""


def make_dag(parents_by_id: Mapping[str, Iterable[str]]) -> Dag:
    """Make the structure of a graph.

    Parents that are unknown, named twice or the node itself are left out. A server does not look for cycles: an edge
    that closes one is turned round (found by depth-first search in the order given), so that everything can be drawn.
    """
    ids = tuple(parents_by_id)
    index = {id_: item for item, id_ in enumerate(ids)}
    parents: list[list[int]] = []
    children: list[list[int]] = [[] for _ in ids]
    orphaned = set()
    for item, named in enumerate(parents_by_id.values()):
        known: dict[int, None] = {}
        for parent in named:
            found = index.get(parent)
            if found is None:
                orphaned.add(item)
            elif found != item:
                known[found] = None
        parents.append(list(known))
        for found in known:
            children[found].append(item)
    order = _in_order(parents, children)
    turned: frozenset[tuple[int, int]] = frozenset()
    if len(order) < len(ids):
        turned = _closing_edges(children)
        _turn(parents, children, turned)
        order = _in_order(parents, children)
    return Dag(ids, index, parents, children, order, frozenset(orphaned), turned)


def components(dag: Dag) -> list[list[int]]:
    """Return the parts of a graph that hang together, each in the order of its items, by their first items."""
    seen = [False] * len(dag.ids)
    parts = []
    for start in range(len(dag.ids)):
        if seen[start]:
            continue
        seen[start] = True
        part = [start]
        for item in part:
            for neighbours in (dag.parents[item], dag.children[item]):
                for other in neighbours:
                    if not seen[other]:
                        seen[other] = True
                        part.append(other)
        parts.append(sorted(part))
    return parts


def _in_order(parents: Sequence[Sequence[int]], children: Sequence[Sequence[int]]) -> list[int]:
    """Items with parents first (Kahn 1962); items on and behind cycles are left out."""
    missing = [len(above) for above in parents]
    order = [item for item, count in enumerate(missing) if not count]
    for item in order:
        for child in children[item]:
            missing[child] -= 1
            if not missing[child]:
                order.append(child)
    return order


def _closing_edges(children: Sequence[Sequence[int]]) -> frozenset[tuple[int, int]]:
    """The edges that lead back to an item still open in a depth-first search."""
    closing = set()
    state = [0] * len(children)  # 0 unseen, 1 open, 2 done
    for start in range(len(children)):
        if state[start]:
            continue
        state[start] = 1
        stack = [(start, iter(children[start]))]
        while stack:
            item, rest = stack[-1]
            child = next(rest, None)
            if child is None:
                state[item] = 2
                stack.pop()
            elif state[child] == 1:
                closing.add((item, child))
            elif not state[child]:
                state[child] = 1
                stack.append((child, iter(children[child])))
    return frozenset(closing)


def _turn(parents: list[list[int]], children: list[list[int]], edges: frozenset[tuple[int, int]]) -> None:
    for source, target in edges:
        children[source].remove(target)
        parents[target].remove(source)
    for source, target in sorted(edges):
        if source not in children[target]:
            children[target].append(source)
            parents[source].append(target)
