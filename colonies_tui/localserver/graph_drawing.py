"""The order of a graph's members, and where a server draws them (§ ProcessGraph)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from colonies_tui.localserver.jsontext import quoted
from colonies_tui.localserver.records.processgraph import GraphMember
from colonies_tui.protocol.states import ProcessState

BOX_WIDTH: Final = 150
"""Width of the box of a node."""

GAP: Final = 50
"""Room between two boxes of the same depth."""

DEPTH_HEIGHT: Final = 80
"""How much lower each depth is drawn."""

BACKGROUNDS: Final = {
    ProcessState.WAITING: "#eee8d8",
    ProcessState.RUNNING: "#4689cd",
    ProcessState.SUCCESS: "#92d050",
    ProcessState.FAILED: "#cb4239",
    ProcessState.CANCELLED: "#f5a623",
}
"""Background of a node by the state of its process."""


def depth_first(roots: Sequence[str], children: Mapping[str, Sequence[str]]) -> list[str]:
    """Return what can be reached from the roots, each once: a node, then all below its first child, and so on."""
    order: dict[str, None] = {}
    stack = list(reversed(roots))
    while stack:
        node = stack.pop()
        if node not in order:
            order[node] = None
            stack.extend(reversed(children.get(node, ())))
    return list(order)


def depths(order: Sequence[str], children: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return the depth of each node of :func:`depth_first`: the length of the longest way to it from a root."""
    parents_left = dict.fromkeys(order, 0)
    for node in order:
        for child in children.get(node, ()):
            parents_left[child] += 1
    depth = dict.fromkeys(order, 0)
    ready = [node for node in order if not parents_left[node]]
    while ready:
        node = ready.pop()
        for child in children.get(node, ()):
            depth[child] = max(depth[child], depth[node] + 1)
            parents_left[child] -= 1
            if not parents_left[child]:
                ready.append(child)
    return depth


@dataclass(frozen=True, slots=True)
class Drawing:
    """The nodes and edges of a graph as JSON texts."""

    nodes: list[str]
    edges: list[str]


def draw(roots: Collection[str], order: Sequence[str], members: Mapping[str, GraphMember]) -> Drawing:
    """Draw the members of a graph in the given order, those that are gone left out; levels stand in the middle."""
    order = [processid for processid in order if processid in members]
    children = {
        processid: [child for child in member.children if child in members] for processid, member in members.items()
    }
    depth = depths(order, children)
    levels: dict[int, list[str]] = {}
    for processid in order:
        levels.setdefault(depth[processid], []).append(processid)
    widest = max((len(level) for level in levels.values()), default=0)
    step = BOX_WIDTH + GAP
    left = {
        processid: place * step + (widest - len(level)) * step // 2
        for level in levels.values()
        for place, processid in enumerate(level)
    }
    nodes = [
        _node(members[processid], left[processid], depth[processid] * DEPTH_HEIGHT, is_root=processid in roots)
        for processid in order
    ]
    edges = [
        f'{{"id":"{source}-{target}","source":"{source}","target":"{target}",'
        f'"animated":{"true" if members[source].state is ProcessState.RUNNING else "false"}}}'
        for source in order
        for target in children[source]
    ]
    return Drawing(nodes, edges)


def _node(member: GraphMember, x: int, y: int, *, is_root: bool) -> str:
    kind = "input" if is_root else "" if member.children else "output"
    return (
        f'{{"id":"{member.processid}","data":{{"label":{quoted(member.nodename)}}},"position":{{"x":{x},"y":{y}}},'
        f'"type":"{kind}","style":{{"color":"","background":"{BACKGROUNDS[member.state]}"}}}}'
    )
