"""What a server did not list: ``colonies-tui get`` says it, since a list of one state never has more than 100 rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from colonies_tui.cli.get_list import Cut
from colonies_tui.protocol.messages.process import MAX_COUNT
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.colony_state import COUNTERS
from colonies_tui.store.listings import GENERATORS, MAX_LISTED, MAX_QUEUES, Listing
from colonies_tui.store.session import Session
from colonies_tui.ui.format.numbers import counted, grouped, of_total
from colonies_tui.ui.format.states import process_face
from colonies_tui.ui.tables.workflows import WorkflowLine, workflow_line


def _cuts(known: Mapping[ProcessState, Sequence[Any]], total: Callable[[ProcessState], int | None]) -> Iterable[Cut]:
    """Say which lists of states are not whole: no list is longer than what is asked for."""
    for state, rows in known.items():
        count = total(state)
        if len(rows) >= MAX_COUNT and (count is None or count > len(rows)):
            more = of_total(len(rows), count) if count is not None else f"the first {grouped(len(rows))}"
            yield Cut(f"{more} {process_face(state).word}", rows[0])


def process_cuts(session: Session, states: Iterable[ProcessState] = ProcessState) -> Iterable[Cut]:
    """Say of which states not all processes are known."""
    rows = session.processes.rows
    return _cuts({state: [rows[row_id] for row_id in session.book.in_state(state)] for state in states}, session.total)


def waiting_cut(session: Session) -> Iterable[Cut]:
    """Say whether more processes wait than are known, whatever rows are asked for."""
    return (Cut(cut.words) for cut in process_cuts(session, [ProcessState.WAITING]))


def workflow_cuts(session: Session) -> Iterable[Cut]:
    """Say of which states not all workflows are known, and of how many not all members."""
    lines = list(workflow_rows(session).values())

    def total(state: ProcessState) -> int | None:
        counters = session.counters
        name = COUNTERS[state].replace("processes", "workflows")
        return None if counters is None else getattr(counters, name)

    yield from _cuts({state: [line for line in lines if line.graph.state is state] for state in ProcessState}, total)
    unknown = sum(line.known < line.total for line in lines)
    if unknown:
        yield Cut(f"some members of {counted(unknown, 'workflow')}")


def listed_cut(listing: Listing[Any]) -> Callable[[Session], Iterable[Cut]]:
    """Return what says where crons or generators were cut, of which a server tells no count."""

    def cuts(session: Session) -> Iterable[Cut]:
        count = len(session.listings.of(listing))
        if count >= MAX_LISTED:
            yield Cut(f"the first {grouped(count)} {listing.name}, and perhaps more")
        if listing is GENERATORS and count > MAX_QUEUES:
            yield Cut(f"the queues of {MAX_QUEUES} of {grouped(count)} generators")

    return cuts


def workflow_rows(session: Session) -> dict[str, WorkflowLine]:
    """Return the lines of all workflows by id."""
    return {graph_id: workflow_line(session, graph) for graph_id, graph in session.graphs.rows.rows.items()}
