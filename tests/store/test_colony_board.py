"""How all colonies of a server stand: a few at a time, what is forbidden told from nothing, pending listed rarely."""

from __future__ import annotations

from typing import Any

from colonies_tui.protocol.errors import NotAllowed, NotFound
from colonies_tui.protocol.messages.colony import GetColonyStatistics
from colonies_tui.protocol.messages.executor import GetExecutors
from colonies_tui.protocol.models.colony import Colony, Statistics
from colonies_tui.protocol.models.executor import Executor
from colonies_tui.protocol.states import ExecutorState
from colonies_tui.store.colony_board import AGAIN_FORBIDDEN, AGAIN_PENDING, AT_ONCE, ColonyBoard, round_seconds
from colonies_tui.store.colony_standing import ColonyStanding, totals
from colonies_tui.store.colony_state import ColonyState
from colonies_tui.store.feed import Schedule
from colonies_tui.store.pace import Pace

from .fake_client import FakeClient
from .fake_clock import FakeClock


class Board:
    """A board over colonies of which a table says how they stand."""

    def __init__(self, *names: str) -> None:
        self.clock = FakeClock()
        self.client = FakeClient()
        self.state = ColonyState("home", self.clock, most_processes=10)
        self.state.colonies.replace({name: Colony(name=name) for name in ("home", *names)}, 0.0)
        self.board = ColonyBoard(self.state, self.client, Schedule(self.clock, Pace()))
        self.counts: dict[str, Any] = {}
        self.client.answers = {GetColonyStatistics: self._statistics, GetExecutors: self._executors}

    def _statistics(self, request: GetColonyStatistics) -> Statistics:
        found = self.counts.get(request.colonyname, Statistics())
        if isinstance(found, Exception):
            raise found
        assert isinstance(found, Statistics)
        return found

    def _executors(self, request: GetExecutors) -> tuple[Executor, ...]:
        return (
            Executor(executorname="a", state=ExecutorState.PENDING),
            Executor(executorname="b", state=ExecutorState.REJECTED),
            Executor(executorname="c", state=ExecutorState.APPROVED),
        )

    def asked(self) -> list[str]:
        """Return the colonies whose counters were asked for since the last call."""
        names = [request.colonyname for request in self.client.asked if isinstance(request, GetColonyStatistics)]
        self.client.asked.clear()
        return names


async def test_a_few_are_asked_at_a_time_and_all_have_their_turn() -> None:
    names = [f"c{number:02}" for number in range(2 * AT_ONCE + 3)]
    board = Board(*names)
    turns = []
    for _ in range(3):
        await board.board.read()
        await board.clock.advance(2.0)
        turns.append(board.asked())
    assert [len(turn) for turn in turns] == [AT_ONCE, AT_ONCE, AT_ONCE]
    assert set().union(*turns) == set(names), "the own colony is known already"
    assert turns[2][3:] == turns[0][: AT_ONCE - 3], "then it begins anew, with what was asked longest ago"
    assert round_seconds(len(names) + 1, Pace()) == 3 * Pace().colony_board.seen


async def test_forbidden_is_not_nothing_and_is_asked_again_only_much_later() -> None:
    board = Board("closed", "empty")
    board.counts["closed"] = NotAllowed(403, "no member")
    await board.board.read()
    assert board.state.colony_standings.get("closed") == ColonyStanding(is_forbidden=True)
    assert board.state.colony_standings.get("empty") == ColonyStanding(Statistics(), 0)
    board.asked()
    await board.clock.advance(10.0)
    await board.board.read()
    assert board.asked() == ["empty"]
    await board.clock.advance(AGAIN_FORBIDDEN)
    board.counts["closed"] = Statistics(waitingprocesses=3)
    await board.board.read()
    assert sorted(board.asked()) == ["closed", "empty"]
    assert board.state.colony_standings.get("closed") == ColonyStanding(Statistics(waitingprocesses=3), 0)


async def test_executors_are_listed_only_where_some_may_be_pending_and_rarely() -> None:
    board = Board("calm", "busy")
    board.counts["calm"] = Statistics(executors=4, activeexecutors=3, unregisteredexecutors=1)
    board.counts["busy"] = Statistics(executors=3, activeexecutors=1)
    await board.board.read()
    assert [request.colonyname for request in board.client.asked if isinstance(request, GetExecutors)] == ["busy"]
    standing = board.state.colony_standings.get("busy")
    assert standing is not None
    assert standing.pending == 1, "one is rejected"
    board.client.asked.clear()
    await board.clock.advance(2.0)
    await board.board.read()
    assert board.client.sent(GetExecutors) == 0, "nothing has moved"
    assert board.state.colony_standings.get("busy") == standing
    board.counts["busy"] = Statistics(executors=4, activeexecutors=1)
    await board.board.read()
    assert board.client.sent(GetExecutors) == 1
    await board.clock.advance(AGAIN_PENDING)
    await board.board.read()
    assert board.client.sent(GetExecutors) == 2


async def test_colonies_that_are_gone_leave_the_board() -> None:
    board = Board("a", "b")
    await board.board.read()
    assert set(board.state.colony_standings.rows) == {"a", "b"}
    board.state.colonies.replace({"home": Colony(name="home"), "b": Colony(name="b")}, 1.0)
    board.counts["b"] = NotFound(404, "gone")
    await board.board.read()
    assert board.state.colony_standings.snapshot() == {"b": ColonyStanding()}
    alone = Board()
    assert await alone.board.read() is False, "nothing was to ask"


def test_totals_add_what_is_known_and_count_what_is_not() -> None:
    known = Statistics(waitingprocesses=2, runningprocesses=3, failedprocesses=5)
    rows = [ColonyStanding(known, 1), ColonyStanding(known), ColonyStanding(is_forbidden=True), ColonyStanding()]
    found = totals(rows)
    assert (found.waiting, found.running, found.failed, found.pending) == (4, 6, 10, 1)
    assert (found.readable, found.forbidden) == (2, 1)
