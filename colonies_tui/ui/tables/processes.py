"""The list of processes: one line per process over all states."""

from __future__ import annotations

from collections.abc import Callable

from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.plaintext import plain
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.waits_for import NOTHING_WRONG
from colonies_tui.ui.cell import Cell
from colonies_tui.ui.export import moment
from colonies_tui.ui.filter import Fields
from colonies_tui.ui.format.durations import duration, short_age
from colonies_tui.ui.format.glyphs import ASCII, Alphabet
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.format.states import process_face
from colonies_tui.ui.table_layout import Column, with_values


def process_title(row: ProcessRow) -> str:
    """Return what a process is called: its function, and its node in a workflow. Not cleaned."""
    name = row.funcname or "(no function)"
    return f"{name} / {row.nodename}" if row.nodename and row.nodename != row.funcname else name


def waited_seconds(row: ProcessRow, now: float) -> float | None:
    """Return how long a process has waited, or waited before it started or ended."""
    if row.submissiontime is None:
        return None
    if row.state is ProcessState.WAITING:
        return now - row.submissiontime
    until = row.starttime if row.starttime is not None else row.endtime
    return None if until is None else until - row.submissiontime


def ran_seconds(row: ProcessRow, now: float) -> float | None:
    """Return how long a process has run, or ran."""
    if row.starttime is None or row.state is ProcessState.WAITING:
        return None
    if row.state is ProcessState.RUNNING:
        return now - row.starttime
    return None if row.endtime is None else max(0.0, row.endtime - row.starttime)


def happened_at(row: ProcessRow) -> float | None:
    """Return when a process came into its state, as far as the wire says it."""
    if row.state is ProcessState.WAITING:
        return row.submissiontime
    if row.state is ProcessState.RUNNING:
        return row.starttime
    return row.endtime if row.endtime is not None else (row.starttime or row.submissiontime)


def _age(row: ProcessRow, now: float) -> Cell:
    at = happened_at(row)
    return Cell(short_age(None if at is None else now - at), "dim")


def process_columns(
    executor_name: Callable[[str], str], alphabet: Alphabet, waits_for: Callable[[ProcessRow], str] = lambda row: ""
) -> list[Column[ProcessRow]]:
    """Return the columns.

    Args:
        executor_name: names an executor by its id.
        alphabet: the glyphs.
        waits_for: says what a waiting process waits for.
    """

    def glyph(row: ProcessRow, now: float) -> Cell:
        face = process_face(row.state, alphabet)
        return Cell(face.glyph, face.role)

    def state(row: ProcessRow, now: float) -> Cell:
        face = process_face(row.state, alphabet)
        return Cell(face.word, face.role)

    def executor(row: ProcessRow, now: float) -> Cell:
        return Cell(plain(executor_name(row.assignedexecutorid)) or alphabet.none, _dim_unless(row.assignedexecutorid))

    def error(row: ProcessRow, now: float) -> Cell:
        if row.state is ProcessState.WAITING and not row.error:
            words = waits_for(row)
            return Cell(plain(words), "dim" if words in NOTHING_WRONG else "waiting")
        return Cell(plain(row.error.strip()), "text" if row.state is ProcessState.FAILED else "dim")

    def priority(row: ProcessRow, now: float) -> Cell:
        return Cell(str(row.priority) if row.priority else "", "text")

    def retries(row: ProcessRow, now: float) -> Cell:
        return Cell(str(row.retries) if row.retries else "", "warning")

    needs_words = alphabet is ASCII  # its glyphs alone say too little: where it is narrow, other columns go first
    columns: list[Column[ProcessRow]] = [
        Column("glyph", "", glyph, sort=lambda row: row.state, width=1, fields=frozenset({"state"})),
        Column(
            "state",
            "state",
            state,
            sort=lambda row: row.state,
            width=9,
            rank=0 if needs_words else 6,
            fields=frozenset({"state"}),
        ),
        Column(
            "function",
            "function",
            lambda row, now: Cell(plain(process_title(row)), "strong"),
            sort=lambda row: process_title(row).casefold(),
            width=22,
            min_width=14,
            flex=2,
        ),
        Column(
            "type",
            "type",
            lambda row, now: Cell(plain(row.executortype), "dim"),
            sort=lambda row: row.executortype,
            width=14,
            rank=4,
        ),
        Column(
            "executor",
            "executor",
            executor,
            sort=lambda row: executor_name(row.assignedexecutorid) or None,
            width=12,
            rank=3 if needs_words else 1,
            fields=frozenset({"assignedexecutorid"}),
        ),
        Column(
            "waited",
            "waited",
            lambda row, now: Cell(duration(waited_seconds(row, now)), _ticking(row, ProcessState.WAITING)),
            sort=lambda row: waited_seconds(row, 0.0) if row.state is not ProcessState.WAITING else row.submissiontime,
            width=6,
            align="right",
            ticks=True,
            fields=frozenset({"starttime"}),
        ),
        Column(
            "ran",
            "ran",
            lambda row, now: Cell(duration(ran_seconds(row, now)), _ticking(row, ProcessState.RUNNING)),
            sort=lambda row: ran_seconds(row, row.starttime or 0.0),
            width=6,
            align="right",
            ticks=True,
            fields=frozenset({"endtime"}),
        ),
        Column(
            "age",
            "age",
            _age,
            sort=lambda row: -(happened_at(row) or 0.0),
            width=5,
            align="right",
            ticks=True,
        ),
        Column("priority", "prio", priority, sort=lambda row: -row.priority, width=5, align="right", rank=8),
        Column("retries", "retry", retries, sort=lambda row: -row.retries, width=5, align="right", rank=7),
        Column("label", "label", lambda row, now: Cell(plain(row.label), "dim"), sort=_label, width=18, rank=5),
        Column(
            "initiator",
            "by",
            lambda row, now: Cell(plain(row.initiatorname), "dim"),
            sort=lambda row: row.initiatorname or None,
            width=10,
            rank=9,
        ),
        Column(
            "error",
            "error / waits for",
            error,
            sort=lambda row: row.error or None,
            width=30,
            min_width=20,
            flex=3,
            rank=2,
            ticks=True,
            fields=frozenset({"error", "waitforparents"}),
        ),
        Column("id", "id", lambda row, now: Cell(short_id(row.processid), "dim"), width=8, rank=3),
    ]
    return with_values(
        columns,
        {
            "state": lambda row, now: process_face(row.state).word,
            "function": lambda row, now: process_title(row),
            "type": lambda row, now: row.executortype,
            "executor": lambda row, now: executor_name(row.assignedexecutorid),
            "waited": waited_seconds,
            "ran": ran_seconds,
            "age": lambda row, now: moment(happened_at(row)),
            "priority": lambda row, now: row.priority,
            "retries": lambda row, now: row.retries,
            "label": lambda row, now: row.label,
            "initiator": lambda row, now: row.initiatorname,
            "error": lambda row, now: row.error,
            "id": lambda row, now: row.processid,
        },
        {"age": "since", "initiator": "by"},
    )


def _label(row: ProcessRow) -> str | None:
    return row.label or None


def _dim_unless(value: str) -> str:
    return "text" if value else "dim"


def _ticking(row: ProcessRow, state: ProcessState) -> str:
    return "text" if row.state is state else "dim"


def process_fields(executor_name: Callable[[str], str]) -> Fields[ProcessRow]:
    """Return what a filter can ask of processes."""

    def age(row: ProcessRow, now: float) -> float | None:
        at = happened_at(row)
        return None if at is None else now - at

    return Fields(
        texts={
            "function": lambda row: row.funcname,
            "node": lambda row: row.nodename,
            "type": lambda row: row.executortype,
            "executor": lambda row: executor_name(row.assignedexecutorid),
            "label": lambda row: row.label,
            "by": lambda row: row.initiatorname,
            "state": lambda row: process_face(row.state).word,
            "error": lambda row: row.error,
            "id": lambda row: row.processid,
        },
        numbers={
            "age": age,
            "waited": waited_seconds,
            "ran": ran_seconds,
            "duration": ran_seconds,
            "retries": lambda row, now: float(row.retries),
            "priority": lambda row, now: float(row.priority),
        },
    )
