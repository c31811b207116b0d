"""Whatever a colony does, and however its events and answers arrive: after enough reads the book equals the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.process_book import AUDITED, ProcessBook
from colonies_tui.store.resource import Resource

from .rows import process_row

WAITING, RUNNING, SUCCESS, FAILED, CANCELLED = ProcessState
LIMIT = 3
MAX_RETRIES = 2


class ModelServer:
    """Processes and the events that a real server sends about them, stale content included."""

    def __init__(self) -> None:
        self.rows: dict[str, ProcessRow] = {}
        self.events: list[ProcessRow] = []
        self.is_silent_about_something = False
        self._time = 0.0
        self._number = 0

    def _now(self) -> float:
        self._time += 1.0
        return self._time

    def ids(self, *states: ProcessState) -> list[str]:
        return [row_id for row_id, row in self.rows.items() if row.state in states]

    def list(self, state: ProcessState) -> Sequence[ProcessRow]:
        rows = [row for row in self.rows.values() if row.state is state]
        if state is WAITING:
            rows.sort(key=lambda row: row.prioritytime)
        elif state is RUNNING:
            rows.sort(key=lambda row: row.starttime or 0.0)
        else:
            rows.sort(key=lambda row: -(row.endtime or 0.0))
        return rows[:LIMIT]

    def submit(self) -> None:
        self._number += 1
        row = process_row(f"p{self._number}", submitted=self._now(), kind="cli" if self._number % 2 else "gpu")
        self.rows[row.processid] = row
        self.events.append(row)

    def assign(self, row_id: str, executor: str) -> None:
        row = replace(self.rows[row_id], state=RUNNING, starttime=self._now(), assignedexecutorid=executor)
        self.rows[row_id] = row
        self.events.append(row)

    def end(self, row_id: str, state: ProcessState) -> None:
        before = self.rows[row_id]
        self.rows[row_id] = replace(before, state=state, endtime=self._now(), error="why" if state is FAILED else "")
        self.events.append(replace(before, state=state))

    def time_out(self, row_id: str) -> None:
        before = self.rows[row_id]
        if before.retries >= MAX_RETRIES:
            self.end(row_id, FAILED)
            return
        self.rows[row_id] = replace(
            before, state=WAITING, retries=before.retries + 1, assignedexecutorid="", endtime=self._now()
        )
        self.events.append(replace(before, state=WAITING))

    def remove_executor(self, executor: str) -> None:
        for row_id, row in self.rows.items():
            if row.state is RUNNING and row.assignedexecutorid == executor:
                self.rows[row_id] = replace(row, state=WAITING, starttime=None, endtime=None, assignedexecutorid="")
                self.is_silent_about_something = True

    def remove(self, row_id: str) -> None:
        del self.rows[row_id]
        self.is_silent_about_something = True


@dataclass
class Pending:
    """Something that was asked for: what the server saw when it answered, once it has."""

    asked: int
    state: ProcessState | None = None
    row_id: str = ""
    is_answered: bool = False
    listed: Sequence[ProcessRow] = ()
    row: ProcessRow | None = None

    def answer(self, server: ModelServer) -> None:
        if not self.is_answered:
            self.is_answered = True
            if self.state is not None:
                self.listed = server.list(self.state)
            else:
                self.row = server.rows.get(self.row_id)


@dataclass
class Console:
    """A book with the requests that are under way."""

    book: ProcessBook = field(default_factory=lambda: ProcessBook(Resource("processes", []), 10_000, list_limit=LIMIT))
    pending: list[Pending] = field(default_factory=list)

    def ask_list(self, state: ProcessState) -> Pending:
        self.pending.append(Pending(self.book.mark(), state=state))
        return self.pending[-1]

    def ask_one(self, row_id: str) -> Pending:
        self.pending.append(Pending(self.book.mark(), row_id=row_id))
        return self.pending[-1]

    def take(self, pending: Pending, server: ModelServer) -> None:
        self.pending.remove(pending)
        pending.answer(server)
        if pending.state is not None:
            self.book.take_list(pending.state, pending.listed, pending.asked, 0.0)
        elif pending.row is not None:
            self.book.take_read(pending.row, pending.asked)
        else:
            self.book.forget(pending.row_id)

    def read_strays(self, server: ModelServer) -> None:
        while self.book.strays:
            self.take(self.ask_one(self.book.strays[0]), server)


class BookMachine(RuleBasedStateMachine):
    """A colony that lives while a console watches it through a bad window."""

    def __init__(self) -> None:
        super().__init__()
        self.server = ModelServer()
        self.console = Console()
        self.events_were_lost = False

    # The colony ---------------------------------------------------------------------------------------------------

    @rule(count=st.integers(1, 4))
    def submit(self, count: int) -> None:
        for _ in range(count):
            self.server.submit()

    @precondition(lambda self: self.server.ids(WAITING))
    @rule(executor=st.sampled_from(["e1", "e2"]), data=st.data())
    def assign(self, executor: str, data: st.DataObject) -> None:
        self.server.assign(data.draw(st.sampled_from(self.server.ids(WAITING))), executor)

    @precondition(lambda self: self.server.ids(RUNNING))
    @rule(state=st.sampled_from([SUCCESS, SUCCESS, FAILED, CANCELLED]), data=st.data())
    def end(self, state: ProcessState, data: st.DataObject) -> None:
        self.server.end(data.draw(st.sampled_from(self.server.ids(RUNNING))), state)

    @precondition(lambda self: self.server.ids(WAITING))
    @rule(state=st.sampled_from([FAILED, CANCELLED]), data=st.data())
    def end_before_it_began(self, state: ProcessState, data: st.DataObject) -> None:
        self.server.end(data.draw(st.sampled_from(self.server.ids(WAITING))), state)

    @precondition(lambda self: self.server.ids(RUNNING))
    @rule(data=st.data())
    def time_out(self, data: st.DataObject) -> None:
        self.server.time_out(data.draw(st.sampled_from(self.server.ids(RUNNING))))

    @rule(executor=st.sampled_from(["e1", "e2"]))
    def remove_executor(self, executor: str) -> None:
        self.server.remove_executor(executor)

    @precondition(lambda self: self.server.ids(WAITING, SUCCESS, FAILED, CANCELLED))
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        self.server.remove(data.draw(st.sampled_from(self.server.ids(WAITING, SUCCESS, FAILED, CANCELLED))))

    # The window ---------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.server.events)
    @rule(again=st.booleans(), data=st.data())
    def event(self, again: bool, data: st.DataObject) -> None:
        event = data.draw(st.sampled_from(self.server.events))
        if not again:
            self.server.events.remove(event)
        self.console.book.take_event(event)

    @precondition(lambda self: self.server.events)
    @rule()
    def lose_event(self) -> None:
        self.server.events.pop(0)
        self.events_were_lost = True

    @rule(state=st.sampled_from(ProcessState))
    def ask_list(self, state: ProcessState) -> None:
        self.console.ask_list(state)

    @precondition(lambda self: self.console.book.strays)
    @rule(data=st.data())
    def ask_stray(self, data: st.DataObject) -> None:
        self.console.ask_one(data.draw(st.sampled_from(self.console.book.strays)))

    @precondition(lambda self: self.console.pending)
    @rule(data=st.data())
    def server_answers(self, data: st.DataObject) -> None:
        data.draw(st.sampled_from(self.console.pending)).answer(self.server)

    @precondition(lambda self: self.console.pending)
    @rule(data=st.data())
    def answer_arrives(self, data: st.DataObject) -> None:
        self.console.take(data.draw(st.sampled_from(self.console.pending)), self.server)

    # What holds ---------------------------------------------------------------------------------------------------

    @invariant()
    def the_book_agrees_with_itself(self) -> None:
        book = self.console.book
        rows = book.resource.rows
        for state in ProcessState:
            assert set(book.in_state(state)) == {row_id for row_id, row in rows.items() if row.state is state}
        for executor in ("e1", "e2"):
            mine = [row for row in rows.values() if row.assignedexecutorid == executor]
            tally = book.tally(executor)
            assert tally.running == {row.processid: row for row in mine if row.state is RUNNING}
            assert tally.succeeded == sum(row.state is SUCCESS for row in mine)
            assert tally.failed == sum(row.state is FAILED for row in mine)
        assert set(book.active_types) == {row.executortype for row in rows.values() if not row.state.is_final}

    def teardown(self) -> None:
        console, server = self.console, self.server
        if not self.events_were_lost and not server.is_silent_about_something:
            for event in server.events:
                console.book.take_event(event)
            self._finish()
            assert console.book.resource.snapshot() == server.rows, "events and single reads are enough"
        self._finish()
        for _ in range(2 + len(console.book.resource) // AUDITED + len(ProcessState)):
            for state in ProcessState:
                console.take(console.ask_list(state), server)
            console.read_strays(server)
        known = console.book.resource.snapshot()
        assert {row_id: server.rows.get(row_id) for row_id in known} == known
        for state in ProcessState:
            for row in server.list(state):
                assert row.processid in known

    def _finish(self) -> None:
        for pending in tuple(self.console.pending):
            self.console.take(pending, self.server)
        self.console.read_strays(self.server)


BookMachine.TestCase.settings = settings(
    max_examples=150, stateful_step_count=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


TestBookMachine = BookMachine.TestCase
