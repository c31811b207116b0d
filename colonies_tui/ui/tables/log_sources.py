"""The list of logs that can be opened: executors, and processes that run or ended lately."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.plaintext import plain
from colonies_tui.protocol.states import ExecutorState, ProcessState
from colonies_tui.store.session import Session
from colonies_tui.ui.cell import Cell
from colonies_tui.ui.export import moment
from colonies_tui.ui.filter import Fields
from colonies_tui.ui.format.durations import short_age
from colonies_tui.ui.format.glyphs import ASCII, Alphabet
from colonies_tui.ui.format.states import process_face
from colonies_tui.ui.table_layout import Column, with_values
from colonies_tui.ui.tables.processes import happened_at, process_title

_SHOWN_ENDED = 40
_RUNNING, _FAILED, _EXECUTOR, _DONE = range(4)


@dataclass(frozen=True, slots=True)
class LogSourceLine:
    """One log. Texts are not cleaned."""

    id: str
    """``process <id>`` or ``executor <name>``."""
    rank: int
    word: str
    """Word of the state, which is also its role and glyph."""
    name: str
    place: str
    """Who runs it, or of which type it is."""
    at: float | None
    """When it came into its state, seconds since 1970."""


def process_source(session: Session, row: ProcessRow) -> LogSourceLine:
    """Return the line of a process's log."""
    rank = {ProcessState.RUNNING: _RUNNING, ProcessState.FAILED: _FAILED}.get(row.state, _DONE)
    name = session.executor_name(row.assignedexecutorid) or row.executortype
    return LogSourceLine(
        f"process {row.processid}", rank, process_face(row.state).word, process_title(row), name, happened_at(row)
    )


def log_sources(session: Session) -> dict[str, LogSourceLine]:
    """Return the logs that can be opened, by id: running, failed, executors, then what ended well."""
    lines: list[LogSourceLine] = []
    book, processes = session.book, session.processes
    for state in (ProcessState.RUNNING, ProcessState.FAILED, ProcessState.SUCCESS, ProcessState.CANCELLED):
        rows = (row for row_id in book.in_state(state) if (row := processes.get(row_id)) is not None)
        newest = heapq.nlargest(_SHOWN_ENDED, rows, key=lambda row: happened_at(row) or 0.0)
        lines.extend(process_source(session, row) for row in newest)
    for executor in session.executors.rows.values():
        if executor.state is ExecutorState.UNREGISTERED:
            continue
        condition = session.executor_condition(executor)
        lines.append(
            LogSourceLine(
                f"executor {executor.executorname}",
                _EXECUTOR,
                condition.value,
                executor.executorname,
                executor.executortype,
                None,
            )
        )
    lines.sort(key=lambda line: (line.rank, -(line.at or 0.0), line.name))
    return {line.id: line for line in lines}


def log_source_columns(alphabet: Alphabet) -> list[Column[LogSourceLine]]:
    """Return the columns."""

    def glyph(line: LogSourceLine, now: float) -> Cell:
        return Cell(getattr(alphabet, line.word), line.word)

    def age(line: LogSourceLine, now: float) -> Cell:
        return Cell("" if line.at is None else short_age(now - line.at), "dim")

    word: Column[LogSourceLine] = Column(
        "word", "state", lambda line, now: Cell(line.word, line.word), width=9, named="state"
    )
    columns: list[Column[LogSourceLine]] = [
        Column("glyph", "", glyph, width=1, fields=frozenset({"word"})),
        *([word] if alphabet is ASCII else []),  # its glyphs alone say too little
        Column("name", "log of", lambda line, now: Cell(plain(line.name)), width=17, min_width=10, flex=3),
        Column("place", "at", lambda line, now: Cell(plain(line.place), "dim"), width=14, min_width=8, flex=1),
        Column("age", "age", age, width=5, align="right", ticks=True),
    ]
    return with_values(
        columns,
        {
            "name": lambda line, now: line.name,
            "place": lambda line, now: line.place,
            "age": lambda line, now: moment(line.at),
            "glyph": lambda line, now: line.word,
        },
        {"age": "since", "place": "at", "glyph": "state"},
    )


def log_source_fields() -> Fields[LogSourceLine]:
    """Return what a filter can ask of logs."""
    return Fields(
        texts={
            "name": lambda line: line.name,
            "executor": lambda line: line.name if line.rank == _EXECUTOR else line.place,
            "type": lambda line: line.place if line.rank == _EXECUTOR else "",
            "state": lambda line: line.word,
            "kind": lambda line: line.id.partition(" ")[0],
            "id": lambda line: line.id.partition(" ")[2],
        },
        numbers={"age": lambda line, now: None if line.at is None else now - line.at},
    )
