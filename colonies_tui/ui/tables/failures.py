"""The latest failures of the overview: what failed, where, and in its own words."""

from __future__ import annotations

from collections.abc import Callable

from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.cascade import cut_part
from colonies_tui.ui.cell import Cell
from colonies_tui.ui.export import moment
from colonies_tui.ui.format.durations import short_age
from colonies_tui.ui.format.glyphs import Alphabet
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.format.states import process_face
from colonies_tui.ui.table_layout import Column, with_values
from colonies_tui.ui.tables.processes import happened_at, process_title

BY_ITS_WORKFLOW = "failed by its workflow"
"""Of a process that a server failed along with another member of its workflow."""


def error_words(row: ProcessRow, first: str = "") -> str:
    """Return why a process failed in one line; cleaned.

    Args:
        row: a failed process.
        first: what failed first in its workflow, cleaned; empty when that is not known.
    """
    if row.error.strip():
        return plain(row.error.strip())
    if cut_part(row) is not None:
        return f"by its workflow: {first} failed first" if first else BY_ITS_WORKFLOW
    return f"no error of its own: {first} failed first" if first and row.processgraphid else "no error was given"


def failure_columns(
    executor_name: Callable[[str], str],
    alphabet: Alphabet,
    first_failure: Callable[[str], str] = lambda graph_id: "",
) -> list[Column[ProcessRow]]:
    """Return the columns.

    Args:
        executor_name: names an executor by its id.
        alphabet: the glyphs.
        first_failure: names what failed first in a workflow, by its id; cleaned, empty when that is not known.
    """

    def age(row: ProcessRow, now: float) -> Cell:
        at = happened_at(row)
        return Cell(short_age(None if at is None else now - at), "dim")

    def glyph(row: ProcessRow, now: float) -> Cell:
        face = process_face(row.state, alphabet)
        return Cell(face.glyph, face.role if cut_part(row) is None else "dim")

    def error(row: ProcessRow, now: float) -> Cell:
        return Cell(error_words(row, first_failure(row.processgraphid)), "text" if row.error.strip() else "dim")

    columns: list[Column[ProcessRow]] = [
        Column("age", "age", age, width=5, align="right", ticks=True),
        Column("glyph", "", glyph, width=1),
        Column(
            "function",
            "function",
            lambda row, now: Cell(plain(process_title(row)), "strong"),
            width=20,
            min_width=12,
            flex=1,
        ),
        Column("type", "type", lambda row, now: Cell(plain(row.executortype), "dim"), width=14, rank=3),
        Column(
            "executor",
            "executor",
            lambda row, now: Cell(plain(executor_name(row.assignedexecutorid)) or alphabet.none, "dim"),
            width=14,
            rank=2,
        ),
        Column("error", "error", error, width=30, min_width=20, flex=3),
        Column("id", "id", lambda row, now: Cell(short_id(row.processid), "dim"), width=8, rank=1),
    ]
    return with_values(
        columns,
        {
            "age": lambda row, now: moment(happened_at(row)),
            "function": lambda row, now: process_title(row),
            "type": lambda row, now: row.executortype,
            "executor": lambda row, now: executor_name(row.assignedexecutorid),
            "error": lambda row, now: row.error,
            "id": lambda row, now: row.processid,
        },
        {"age": "since"},
    )
