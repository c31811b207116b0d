"""The question why a process or a workflow failed: keeps read what answers it, and says which process is to blame.

For a process that failed by itself that is the process; for one that its workflow failed it is the member that took the
others along; for a workflow it is the member that failed first. That one is read in full.
"""

from __future__ import annotations

from dataclasses import dataclass

from colonies_tui.protocol.models.process import Process, ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.cascade import Part, WorkflowFailure, explain_graph
from colonies_tui.store.failure import Ending, ending_of
from colonies_tui.store.freshness import Condition, Freshness
from colonies_tui.store.graphs import OpenGraph
from colonies_tui.store.session import Session, process_feed


@dataclass(frozen=True, slots=True)
class Asked:
    """What the question is about: a process, or a workflow as a whole."""

    process_id: str = ""
    graph_id: str = ""


class FailureInquiry:
    """Follows one question from :meth:`open` to :meth:`close`; :meth:`update` after whatever changed."""

    def __init__(self, session: Session, asked: Asked) -> None:
        self._session = session
        self.asked = asked
        self.graph_id = asked.graph_id
        """The workflow in question; empty for a process that belongs to none."""
        self.graph: OpenGraph | None = None
        self.failure = WorkflowFailure()
        self.blamed_id = asked.process_id
        """The process that is to blame, as far as known; empty while a workflow is being read."""
        self._opened: list[str] = []
        self._opened_at = 0.0

    def open(self) -> None:
        """Begin to read."""
        self._opened_at = self._session.clock.now()
        wanted = {process_feed(state) for state in (ProcessState.SUCCESS, ProcessState.FAILED)}
        self._session.look(self, {"executors", *wanted})
        if self.asked.process_id:
            self._open_process(self.asked.process_id)
        if self.graph_id:
            self._session.graphs.open(self.graph_id)
        self.update()

    def close(self) -> None:
        """Read nothing more."""
        self._session.look(self, ())
        for process_id in self._opened:
            self._session.close_process(process_id)
        self._opened.clear()
        if self.graph_id:
            self._session.graphs.close(self.graph_id)
            self.graph_id = ""

    def update(self) -> bool:
        """Draw conclusions from what is known now; return whether another process is to blame than before."""
        row = self.row
        if row is not None and row.processgraphid and not self.graph_id:
            self.graph_id = row.processgraphid
            self._session.graphs.open(self.graph_id)
        self.graph = self._session.graphs.opened.get(self.graph_id) if self.graph_id else None
        self.failure = WorkflowFailure() if self.graph is None else explain_graph(self.graph)
        before, self.blamed_id = self.blamed_id, self._to_blame()
        if self.blamed_id and self.blamed_id not in self._opened:
            self._open_process(self.blamed_id)
        return self.blamed_id != before

    def _to_blame(self) -> str:
        if not self.asked.process_id:
            return self.failure.first
        if self.ending is Ending.CASCADE:
            return self.failure.origin or self.failure.first or self.asked.process_id
        return self.asked.process_id

    def _open_process(self, process_id: str) -> None:
        self._opened.append(process_id)
        self._session.open_process(process_id)

    # What is known ----------------------------------------------------------------------------------------------------

    @property
    def row(self) -> ProcessRow | None:
        """What is known of the process that was asked about."""
        return self._row(self.asked.process_id)

    @property
    def part(self) -> Part | None:
        """What the process that was asked about was when its workflow failed."""
        return self.failure.parts.get(self.asked.process_id)

    @property
    def ending(self) -> Ending | None:
        """What ended the process that was asked about; ``None`` before it is known, and for a workflow."""
        row = self.row
        return None if row is None else ending_of(row, self.part)

    @property
    def blamed_row(self) -> ProcessRow | None:
        """What is known of the process to blame."""
        return self._row(self.blamed_id)

    @property
    def blamed(self) -> Process | None:
        """The process to blame in full."""
        return self._session.open_processes.get(self.blamed_id) if self.blamed_id else None

    @property
    def blamed_ending(self) -> Ending | None:
        """What ended the process to blame."""
        row = self.blamed_row
        return None if row is None else ending_of(row, self.failure.parts.get(self.blamed_id))

    @property
    def freshness(self) -> Freshness:
        """How sure what was asked about is."""
        session = self._session
        return session.open_processes.freshness if self.asked.process_id else session.graphs.opened.freshness

    @property
    def is_gone(self) -> bool:
        """Whether the server has answered and does not know what was asked about."""
        known = self.row is not None if self.asked.process_id else self.graph is not None
        freshness = self.freshness
        if known or freshness.condition not in (Condition.FRESH, Condition.STALE):
            return False
        return (freshness.loaded_at or 0.0) >= self._opened_at

    def _row(self, process_id: str) -> ProcessRow | None:
        if not process_id:
            return None
        row = self._session.processes.get(process_id)
        if row is not None:
            return row
        process = self._session.open_processes.get(process_id)
        return None if process is None else ProcessRow.of(process)
