"""What a session makes of answers: late ones, ones that say nothing new, and ones that cannot be read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

from colonies_tui.protocol.errors import NotDecodable, NotFound, NotReached, OutcomeUnknown
from colonies_tui.protocol.messages.colony import (
    GetColony,
    GetColonyStatistics,
    GetPauseStatus,
    GetServerInfo,
    GetUsers,
    GetVersion,
)
from colonies_tui.protocol.messages.executor import ApproveExecutor, GetExecutors, GetFunctions
from colonies_tui.protocol.messages.process import GetProcess, GetProcesses, GetProcessHistory
from colonies_tui.protocol.messages.schedule import GetCrons
from colonies_tui.protocol.models.colony import Colony, PauseStatus, ServerInfo, Statistics, Version
from colonies_tui.protocol.models.process import Conditions, FunctionSpec, Process, ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.freshness import Condition
from colonies_tui.store.journal import MemoryJournal
from colonies_tui.store.link import LinkCondition
from colonies_tui.store.session import PROCESS_FEEDS, Session, process_feed

from .fake_client import FakeClient
from .fake_clock import FakeClock
from .rows import COLONY, executor, process_row

WAITING, RUNNING, SUCCESS, FAILED, CANCELLED = ProcessState


class Server(FakeClient):
    """Answers everything that a session asks of a colony."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, ProcessRow] = {}
        self.counters = Statistics()
        self.answers = {
            GetColonyStatistics: lambda request: self.counters,
            GetVersion: lambda request: Version(buildversion="1"),
            GetServerInfo: lambda request: ServerInfo(),
            GetExecutors: lambda request: (executor("worker"),),
            GetPauseStatus: lambda request: PauseStatus(),
            GetFunctions: lambda request: (),
            GetUsers: lambda request: (),
            GetCrons: lambda request: (),
            GetColony: lambda request: Colony(name=COLONY),
            GetProcess: self._process,
            GetProcesses: lambda request: tuple(row for row in self.rows.values() if row.state is request.state),
        }

    async def process_rows(self, request: GetProcesses | GetProcessHistory) -> tuple[ProcessRow, ...]:
        return cast("tuple[ProcessRow, ...]", await self.send(cast("Any", request)))

    def _process(self, request: GetProcess) -> Process:
        row = self.rows.get(request.processid)
        if row is None:
            raise NotFound(404, "no such process")
        conditions = Conditions(colonyname=COLONY, executortype=row.executortype)
        return Process(
            processid=row.processid,
            state=row.state,
            prioritytime=row.prioritytime,
            spec=FunctionSpec(funcname=row.funcname, conditions=conditions),
        )

    def hold(self, kind: type[Any]) -> Callable[[], None]:
        """Answer a type of request as it is now, but only once the returned function was called."""
        answer, go_on = self.answers[kind], asyncio.Event()

        async def late(request: Any) -> Any:
            result = answer(request)
            await go_on.wait()
            return result

        self.answers[kind] = late
        return go_on.set

    def lists(self, state: ProcessState) -> int:
        """Return how often the list of a state was asked for."""
        return sum(isinstance(request, GetProcesses) and request.state is state for request in self.asked)


def link(session: Session) -> LinkCondition:
    return session.link.condition


@asynccontextmanager
async def session_of(server: Server) -> AsyncIterator[tuple[Session, FakeClock]]:
    clock = FakeClock()
    session = Session(server, COLONY, journal=MemoryJournal(), clock=clock)
    task = asyncio.create_task(session.run())
    try:
        yield session, clock
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def fail_all(server: Server, kinds: Iterable[type[Any]]) -> None:
    def answer(request: Any) -> Any:
        raise NotReached("nobody there")

    for kind in kinds:
        server.answers[kind] = answer


async def test_an_answer_that_comes_after_the_session_ended_changes_nothing() -> None:
    server = Server()
    async with session_of(server) as (session, clock):
        await clock.advance(1.0)
        release = server.hold(GetExecutors)
        session.schedule.urge("executors")
        await clock.advance(0.1)
        server.answers[GetExecutors] = lambda request: ()
        watcher = session.watch(lambda: None)
    release()
    await clock.settle()
    assert set(session.executors.rows) == {"worker"}
    assert watcher.take() == {}


async def test_an_answer_about_a_process_that_was_closed_meanwhile_is_dropped() -> None:
    server = Server()
    server.rows["a"] = process_row("a")
    async with session_of(server) as (session, clock):
        await clock.advance(1.0)
        release = server.hold(GetProcess)
        session.open_process("a")
        await clock.advance(0.1)
        session.close_process("a")
        release()
        await clock.advance(0.1)
        assert dict(session.open_processes.rows) == {}


async def test_an_open_process_that_is_removed_is_gone_everywhere() -> None:
    server = Server()
    server.rows["a"] = process_row("a")
    async with session_of(server) as (session, clock):
        session.open_process("a")
        await clock.advance(1.0)
        assert set(session.open_processes.rows) == {"a"}
        del server.rows["a"]
        await clock.advance(5.0)
        assert dict(session.open_processes.rows) == {}
        assert dict(session.processes.rows) == {}


async def test_a_list_without_rows_is_told_too() -> None:
    server = Server()
    async with session_of(server) as (session, clock):
        release = server.hold(GetProcesses)
        watcher = session.watch(lambda: None)
        await clock.advance(1.0)
        assert session.process_lists[CANCELLED].condition is Condition.LOADING
        watcher.take()
        release()
        await clock.settle()
        assert session.process_lists[CANCELLED].condition is Condition.FRESH
        assert watcher.take()["processes"].freshness
        await clock.advance(120.0)
        assert "processes" not in watcher.take()


async def test_counters_that_move_have_the_lists_read() -> None:
    server = Server()
    async with session_of(server) as (session, clock):
        session.look("screen", {*PROCESS_FEEDS, "statistics"})
        await clock.advance(1.5)
        server.asked.clear()
        server.counters = Statistics(successfulprocesses=1)
        await clock.advance(2.0)
        assert {state: server.lists(state) for state in ProcessState} == {
            WAITING: 1,
            RUNNING: 1,
            SUCCESS: 1,
            FAILED: 0,
            CANCELLED: 0,
        }
        assert session.history.latest == server.counters


async def test_a_process_that_cannot_be_read_does_not_keep_others_from_being_read() -> None:
    server = Server()
    server.rows = {name: process_row(name) for name in ("poison", "sound")}
    async with session_of(server) as (session, clock):
        await clock.advance(1.0)
        answer = server.answers[GetProcess]

        def read(request: GetProcess) -> Process:
            if request.processid == "poison":
                raise NotDecodable("a time that is none")
            result: Process = answer(request)
            return result

        server.answers[GetProcess] = read
        server.rows["sound"] = process_row("sound", RUNNING)
        session.book.suspect("poison")
        session.book.suspect("sound")
        session.schedule.hint("strays")
        await clock.advance(1.0)
        sound = session.processes.get("sound")
        assert sound is not None
        assert sound.state is RUNNING
        assert session.book.strays == ()


async def test_a_lost_server_makes_everything_stale_and_nothing_else_is_asked() -> None:
    server = Server()
    server.rows["a"] = process_row("a")
    async with session_of(server) as (session, clock):
        session.open_process("a")
        await clock.advance(1.0)
        answers = dict(server.answers)
        fail_all(server, server.answers)
        await clock.advance(4.0)
        assert link(session) is LinkCondition.LOST
        loaded = [resource for resource in session.resources if resource.freshness.loaded_at is not None]
        assert len(loaded) >= 9
        assert all(resource.freshness.condition is Condition.STALE for resource in loaded)
        assert {freshness.condition for freshness in session.process_lists.values()} == {Condition.STALE}
        assert set(session.processes.rows) == {"a"}
        assert session.actor.why_not(ApproveExecutor) == "the server does not answer"
        server.asked.clear()
        await clock.advance(30.0)
        assert {type(request) for request in server.asked} == {GetColonyStatistics}
        assert len(server.asked) >= 15
        server.answers = answers
        await clock.advance(3.0)
        assert link(session) is LinkCondition.POLLING
        assert all(resource.freshness.condition is Condition.FRESH for resource in loaded)
        assert session.actor.why_not(ApproveExecutor) is None


async def test_one_list_without_an_answer_is_no_lost_server() -> None:
    server = Server()
    async with session_of(server) as (session, clock):
        await clock.advance(1.0)

        def late(request: GetExecutors) -> None:
            raise OutcomeUnknown("no answer")

        server.answers[GetExecutors] = late
        await clock.advance(10.0)
        assert link(session) is LinkCondition.POLLING
        assert session.executors.freshness.condition is Condition.STALE
        assert session.statistics.freshness.condition is Condition.FRESH


async def test_before_the_first_answer_nothing_can_be_changed() -> None:
    server = Server()
    release = [server.hold(kind) for kind in tuple(server.answers)]
    async with session_of(server) as (session, clock):
        await clock.advance(1.0)
        assert link(session) is LinkCondition.CONNECTING
        assert session.actor.why_not(ApproveExecutor) == "the server has not answered yet"
        for go_on in release:
            go_on()
        await clock.settle()
        assert session.actor.why_not(ApproveExecutor) is None


async def test_the_focus_makes_it_look_again() -> None:
    server = Server()
    async with session_of(server) as (session, clock):
        session.look("screen", {process_feed(RUNNING)})
        await clock.advance(1.0)
        session.focus(False)
        await clock.advance(18.0)
        server.asked.clear()
        session.focus(True)
        await clock.advance(0.1)
        assert server.lists(RUNNING) == 1


async def test_a_session_that_is_not_shown_asks_a_fraction_and_catches_up_when_it_is_shown() -> None:
    server = Server()
    async with session_of(server) as (session, clock):
        session.look("screen", {"statistics", "executors", process_feed(RUNNING), "crons"})
        await clock.advance(10.0)
        server.asked.clear()
        await clock.advance(60.0)
        shown = len(server.asked)
        session.show(False, requests_per_second=5.0)
        await clock.advance(10.0)
        server.asked.clear()
        await clock.advance(60.0)
        hidden = len(server.asked)
        assert hidden * 3 < shown
        assert server.sent(GetColonyStatistics) >= 5, "what calls for attention is still looked for"
        assert server.sent(GetExecutors) >= 4
        assert server.sent(GetCrons) == 0
        await clock.advance(20.0)
        server.asked.clear()
        session.show(True)
        await clock.advance(0.1)
        assert server.lists(RUNNING) == 1
        assert server.sent(GetCrons) == 1


async def test_a_session_that_is_not_shown_keeps_no_sockets_for_what_was_on_the_screen() -> None:
    server = Server()
    async with session_of(server) as (session, clock):
        server.rows = {"a": process_row("a", RUNNING)}
        await clock.advance(1.0)
        session.look_at_processes(["a"])
        shown = session._taps.wanted
        assert any(tap.processid for tap in shown)
        session.show(False, requests_per_second=5.0)
        assert not any(tap.processid for tap in session._taps.wanted)
        session.show(True)
        assert session._taps.wanted == shown
