"""The members of a workflow as a list by level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from colonies_tui.protocol.states import ProcessState
from colonies_tui.ui.cell import Cell
from colonies_tui.ui.format.durations import duration
from colonies_tui.ui.format.glyphs import Alphabet
from colonies_tui.ui.format.states import process_face
from colonies_tui.ui.graph.model import GraphNode
from colonies_tui.ui.table_layout import Column


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One member and how many steps it is from the beginning."""

    node: GraphNode
    level: int
    """Longest way from a root; a member of a circle has that of its known parents."""


def levels(nodes: Sequence[GraphNode]) -> dict[str, int]:
    """Return the longest way from a root for each node."""
    parents = {node.id: list(node.parents) for node in nodes}
    level: dict[str, int] = {}
    for start in parents:
        stack, on_way = [start], set()
        while stack:
            node = stack[-1]
            missing = [p for p in parents[node] if p in parents and p not in level and p not in on_way]
            if missing and node not in level:
                on_way.add(node)
                stack.extend(missing)
                continue
            stack.pop()
            on_way.discard(node)
            level[node] = max((level.get(p, -1) + 1 for p in parents[node] if p in parents), default=0)
    return level


def member_lines(nodes: Sequence[GraphNode]) -> dict[str, MemberLine]:
    """Return the members by id, level by level."""
    level = levels(nodes)
    ordered = sorted(nodes, key=lambda node: level[node.id])
    return {node.id: MemberLine(node, level[node.id]) for node in ordered}


def member_columns(alphabet: Alphabet) -> list[Column[MemberLine]]:
    """Return the columns."""

    def glyph(line: MemberLine, now: float) -> Cell:
        face = process_face(line.node.state, alphabet)
        return Cell(face.glyph, face.role)

    def state(line: MemberLine, now: float) -> Cell:
        face = process_face(line.node.state, alphabet)
        return Cell(face.word, face.role)

    def waited(line: MemberLine, now: float) -> Cell:
        node = line.node
        if node.submitted is None:
            return Cell(alphabet.none, "dim")
        until = node.started if node.started is not None else now if node.state is ProcessState.WAITING else node.ended
        return Cell(duration(None if until is None else until - node.submitted), "dim")

    def ran(line: MemberLine, now: float) -> Cell:
        seconds = line.node.ran(now)
        return Cell(duration(seconds), "text" if line.node.state is ProcessState.RUNNING else "dim")

    def words(line: MemberLine, now: float) -> Cell:
        node = line.node
        if node.error:
            return Cell(node.error, "dim" if node.cascaded else "text")
        return Cell(node.waits_for, "dim")

    return [
        Column("level", "level", lambda line, now: Cell(str(line.level), "dim"), width=5, align="right"),
        Column("glyph", "", glyph, width=1, fields=frozenset({"node"})),
        Column(
            "node",
            "node",
            lambda line, now: Cell("  " * min(line.level, 8) + line.node.label, "strong"),
            width=24,
            min_width=16,
            flex=2,
        ),
        Column("state", "state", state, width=9, rank=1, fields=frozenset({"node"})),
        Column(
            "executor", "executor", lambda line, now: Cell(line.node.executor or alphabet.none, "dim"), width=14, rank=2
        ),
        Column("waited", "waited", waited, width=6, align="right", ticks=True, rank=3),
        Column("ran", "ran", ran, width=6, align="right", ticks=True),
        Column("words", "", words, width=30, min_width=16, flex=3, rank=4),
    ]
