"""The processes of a workflow as a list by level."""

from __future__ import annotations

from collections.abc import Iterable

from colonies_tui.protocol.states import ProcessState
from colonies_tui.ui.cell import Cell
from colonies_tui.ui.format.durations import duration
from colonies_tui.ui.format.glyphs import ASCII, Alphabet
from colonies_tui.ui.format.states import process_face
from colonies_tui.ui.graph.model import GraphNode
from colonies_tui.ui.graph.times import NodeTimes, node_times
from colonies_tui.ui.table_layout import Column, with_values


def level_rows(nodes: Iterable[GraphNode]) -> dict[str, NodeTimes]:
    """Return the rows of a list by level, by node id, roots first."""
    return {row.node.id: row for row in node_times(nodes)}


def level_columns(alphabet: Alphabet) -> list[Column[NodeTimes]]:
    """Return the columns; a row's fields for what has changed are those of its `GraphNode`."""

    def glyph(row: NodeTimes, now: float) -> Cell:
        face = process_face(row.node.state, alphabet)
        return Cell(face.glyph, row.node.state_role)

    def state(row: NodeTimes, now: float) -> Cell:
        face = process_face(row.node.state, alphabet)
        return Cell(face.word, row.node.state_role)

    def waited(row: NodeTimes, now: float) -> Cell:
        return Cell(duration(row.waited(now)), "text" if row.node.state is ProcessState.WAITING else "dim")

    def ran(row: NodeTimes, now: float) -> Cell:
        return Cell(duration(row.node.ran(now)), "text" if row.node.state is ProcessState.RUNNING else "dim")

    def said(row: NodeTimes, now: float) -> Cell:
        if row.node.state is ProcessState.FAILED:
            if row.node.cascaded:
                return Cell(f"{row.node.was}; {row.node.error}" if row.node.was else row.node.error, "dim")
            return Cell(row.node.error, "text")
        return Cell(row.node.waits_for if row.node.state is ProcessState.WAITING else "", "dim")

    columns: list[Column[NodeTimes]] = [
        Column("level", "level", lambda row, now: Cell(str(row.level), "dim"), lambda row: row.level, 5, "right"),
        Column("glyph", "", glyph, sort=lambda row: row.node.state, width=1, fields=frozenset({"state", "cascaded"})),
        Column(
            "node",
            "node",
            lambda row, now: Cell(row.node.label, "strong"),
            sort=lambda row: row.node.label.casefold(),
            width=22,
            min_width=12,
            flex=1,
        ),
        Column(
            "state",
            "state",
            state,
            sort=lambda row: row.node.state,
            width=9,
            rank=0 if alphabet is ASCII else 3,
            fields=frozenset({"state", "cascaded"}),
        ),
        Column(
            "waited",
            "waited",
            waited,
            sort=lambda row: row.waited(0.0) if row.node.started is not None else None,
            width=6,
            align="right",
            rank=2,
            ticks=True,
            fields=frozenset({"started"}),
        ),
        Column(
            "ran",
            "ran",
            ran,
            sort=lambda row: row.node.ran(row.node.started or 0.0),
            width=6,
            align="right",
            ticks=True,
            fields=frozenset({"ended"}),
        ),
        Column(
            "executor",
            "executor",
            lambda row, now: Cell(row.node.executor or alphabet.none, "text" if row.node.executor else "dim"),
            sort=lambda row: row.node.executor or None,
            width=14,
            rank=1,
            fields=frozenset({"executor"}),
        ),
        Column(
            "said",
            "error or wait",
            said,
            width=30,
            min_width=14,
            flex=2,
            fields=frozenset({"error", "waits_for", "was"}),
        ),
    ]
    return with_values(
        columns,
        {
            "level": lambda row, now: row.level,
            "node": lambda row, now: row.node.label,
            "state": lambda row, now: process_face(row.node.state).word,
            "waited": lambda row, now: row.waited(now),
            "ran": lambda row, now: row.node.ran(now),
            "executor": lambda row, now: row.node.executor,
            "said": lambda row, now: said(row, now).text,
        },
    )
