"""The list of workflows: progress, failures, and how long each has been at it."""

from __future__ import annotations

from dataclasses import dataclass

from colonies_tui.protocol.plaintext import plain
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.graphs import GraphRow
from colonies_tui.store.session import Session
from colonies_tui.ui.cell import Cell
from colonies_tui.ui.export import moment
from colonies_tui.ui.filter import Fields
from colonies_tui.ui.format.durations import duration, short_age
from colonies_tui.ui.format.glyphs import ASCII, Alphabet
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.format.states import process_face
from colonies_tui.ui.table_layout import Column, with_values

_BAR = 10
"""Cells of the progress bar."""


@dataclass(frozen=True, slots=True)
class WorkflowLine:
    """One workflow with what is known of its members. Texts are not cleaned."""

    graph: GraphRow
    name: str
    """What it begins with: the names of its roots."""
    total: int
    done: int
    failed: int
    known: int
    """Members of which the state is known."""


def workflow_line(session: Session, graph: GraphRow) -> WorkflowLine:
    """Return a workflow's line as of now."""
    done = failed = known = with_error = 0
    names: list[str] = []
    roots = set(graph.rootprocessids)
    for process_id in graph.processids:
        row = session.processes.get(process_id)
        if row is None:
            continue
        known += 1
        done += row.state.is_final
        if row.state is ProcessState.FAILED:
            failed += 1
            with_error += bool(row.error)
        if process_id in roots and len(names) < 3:
            names.append(row.nodename or row.funcname)
    if graph.state is ProcessState.SUCCESS:
        done = known = len(graph.processids)
    name = ", ".join(names) + (" …" if len(roots) > len(names) and names else "")
    title = name or short_id(graph.processgraphid)
    # The members that a server fails together with one that failed carry no error: only that one is counted.
    return WorkflowLine(graph, title, len(graph.processids), done, with_error or failed, known)


def workflow_time(line: WorkflowLine, now: float) -> float | None:
    """Return how long a workflow has been at it, or took."""
    graph = line.graph
    start = graph.started if graph.started is not None else graph.submitted
    if start is None or graph.state is ProcessState.WAITING:
        return None
    end = graph.ended if graph.state.is_final else now
    return None if end is None else max(0.0, end - start)


def progress_bar(done: int, total: int, alphabet: Alphabet, cells: int = _BAR) -> str:
    """Return a bar of ``cells`` cells."""
    if total <= 0:
        return ""
    full = min(cells, round(done / total * cells))
    return alphabet.bar * full + alphabet.bar_rest * (cells - full)


def workflow_columns(alphabet: Alphabet) -> list[Column[WorkflowLine]]:
    """Return the columns."""

    def glyph(line: WorkflowLine, now: float) -> Cell:
        face = process_face(line.graph.state, alphabet)
        return Cell(face.glyph, face.role)

    def state(line: WorkflowLine, now: float) -> Cell:
        face = process_face(line.graph.state, alphabet)
        return Cell(face.word, face.role)

    def progress(line: WorkflowLine, now: float) -> Cell:
        bar = progress_bar(line.done, line.total, alphabet)
        known = "" if line.known >= line.total else "+"
        return Cell(bar, "dim", f" {line.done}{known}/{line.total}", "text")

    def failed(line: WorkflowLine, now: float) -> Cell:
        return Cell(str(line.failed) if line.failed else "", "failed")

    def age(line: WorkflowLine, now: float) -> Cell:
        at = line.graph.submitted
        return Cell(short_age(None if at is None else now - at), "dim")

    columns: list[Column[WorkflowLine]] = [
        Column("glyph", "", glyph, sort=lambda line: line.graph.state, width=1, fields=frozenset({"graph"})),
        Column(
            "state",
            "state",
            state,
            sort=lambda line: line.graph.state,
            width=9,
            rank=0 if alphabet is ASCII else 2,
            fields=frozenset({"graph"}),
        ),
        Column(
            "name",
            "begins with",
            lambda line, now: Cell(plain(line.name), "strong"),
            sort=lambda line: line.name.casefold(),
            width=22,
            min_width=14,
            flex=2,
        ),
        Column(
            "progress",
            "progress",
            progress,
            sort=lambda line: line.done / max(line.total, 1),
            width=20,
            fields=frozenset({"done", "total"}),
        ),
        Column(
            "failed",
            "failed",
            failed,
            sort=lambda line: -line.failed,
            width=6,
            align="right",
            fields=frozenset({"failed"}),
        ),
        Column(
            "took",
            "took",
            lambda line, now: Cell(duration(workflow_time(line, now)), "dim" if line.graph.state.is_final else "text"),
            sort=lambda line: workflow_time(line, 0.0),
            width=6,
            align="right",
            ticks=True,
        ),
        Column("age", "age", age, sort=lambda line: -(line.graph.submitted or 0.0), width=5, align="right", ticks=True),
        Column(
            "initiator",
            "by",
            lambda line, now: Cell(plain(line.graph.initiatorname), "dim"),
            sort=lambda line: line.graph.initiatorname or None,
            width=12,
            rank=3,
        ),
        Column("id", "id", lambda line, now: Cell(short_id(line.graph.processgraphid), "dim"), width=8, rank=1),
    ]
    return with_values(
        columns,
        {
            "state": lambda line, now: process_face(line.graph.state).word,
            "name": lambda line, now: line.name,
            "progress": lambda line, now: f"{line.done}/{line.total}",
            "failed": lambda line, now: line.failed,
            "took": workflow_time,
            "age": lambda line, now: moment(line.graph.submitted),
            "initiator": lambda line, now: line.graph.initiatorname,
            "id": lambda line, now: line.graph.processgraphid,
        },
        {"age": "submitted", "initiator": "by"},
    )


def workflow_fields() -> Fields[WorkflowLine]:
    """Return what a filter can ask of workflows."""

    def age(line: WorkflowLine, now: float) -> float | None:
        return None if line.graph.submitted is None else now - line.graph.submitted

    return Fields(
        texts={
            "name": lambda line: line.name,
            "state": lambda line: process_face(line.graph.state).word,
            "by": lambda line: line.graph.initiatorname,
            "id": lambda line: line.graph.processgraphid,
        },
        numbers={
            "age": age,
            "took": workflow_time,
            "duration": workflow_time,
            "nodes": lambda line, now: float(line.total),
            "failed": lambda line, now: float(line.failed),
        },
    )
