"""A scene: nodes, how they are folded, and where their boxes stand. Made anew only when the structure changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from colonies_tui.ui.graph.box_text import box_width, height_for
from colonies_tui.ui.graph.dag import make_dag
from colonies_tui.ui.graph.fold import fold_ids, make_boxes
from colonies_tui.ui.graph.layout import BoxSize, Layout, lay_out
from colonies_tui.ui.graph.model import Box, GraphNode


@dataclass(frozen=True)
class Scene:
    """What there is to be drawn of a graph."""

    nodes: tuple[GraphNode, ...]
    folds: Mapping[str, str]
    """Fold ids by node id, whether folded at the moment or not."""
    unfolded: frozenset[str]
    """Folds whose nodes are seen one by one."""
    boxes: Mapping[str, Box]
    home: Mapping[str, str]
    """The box of each node, and of each box itself."""
    layout: Layout

    def with_states(self, nodes: Sequence[GraphNode]) -> tuple[Scene, frozenset[str]] | None:
        """Return the scene for nodes of the same structure, and the boxes that look different; None when it differs.

        Nothing is laid out anew: a node that fails within a fold, and so needs a box of its own, is another structure.
        """
        if not same_structure(self.nodes, nodes):
            return None
        boxes = {box.id: box for box in make_boxes(nodes, self.folds, self.unfolded)}
        if len(boxes) != len(self.boxes):
            return None
        changed = []
        for id_, box in boxes.items():
            before = self.boxes.get(id_)
            if before is None or (before.parents, before.label, len(before.members)) != (
                box.parents,
                box.label,
                len(box.members),
            ):
                return None
            if before.members != box.members:
                changed.append(id_)
        return replace(self, nodes=tuple(nodes), boxes=boxes), frozenset(changed)


def make_scene(
    nodes: Iterable[GraphNode], unfolded: frozenset[str] = frozenset(), room: int = 160, before: Scene | None = None
) -> Scene:
    """Fold and lay out a graph.

    Args:
        nodes: the nodes; of several with one id the first counts.
        unfolded: folds whose nodes are to be seen one by one.
        room: columns after which parts that do not hang together go to the next shelf.
        before: an earlier scene, whose folds are used again when the structure is the same.
    """
    unique: dict[str, GraphNode] = {}
    for node in nodes:
        unique.setdefault(node.id, node)
    known = tuple(unique.values())
    if before is not None and same_structure(before.nodes, known):
        folds = before.folds
    else:
        folds = fold_ids(known, make_dag({node.id: node.parents for node in known}))
    boxes = {box.id: box for box in make_boxes(known, folds, unfolded)}
    height = height_for(len(boxes))
    layout = lay_out({id_: BoxSize(box.parents, box_width(box, height)) for id_, box in boxes.items()}, height, room)
    home = {member.id: id_ for id_, box in boxes.items() for member in box.members}
    home.update((id_, id_) for id_ in boxes)
    return Scene(known, folds, unfolded, boxes, home, layout)


def same_structure(before: Sequence[GraphNode], after: Sequence[GraphNode]) -> bool:
    """Whether nodes are the same but for what happens to them."""
    return len(before) == len(after) and all(
        old is new or (old.id, old.label, old.stem, old.parents) == (new.id, new.label, new.stem, new.parents)
        for old, new in zip(before, after, strict=True)
    )
