"""The feeds that read everything of a colony but its processes: one method reads one resource."""

from __future__ import annotations

from collections.abc import Callable

from colonies_tui.client.client import ColoniesClient
from colonies_tui.protocol.messages.colony import (
    GetColonies,
    GetColony,
    GetColonyStatistics,
    GetPauseStatus,
    GetServerInfo,
    GetUsers,
    GetVersion,
)
from colonies_tui.protocol.messages.executor import GetExecutors, GetFunctions
from colonies_tui.protocol.models.colony import Statistics
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.colony_board import BOARD, ColonyBoard
from colonies_tui.store.colony_state import COUNTERS, ColonyState
from colonies_tui.store.feed import Feed, Schedule
from colonies_tui.store.graphs import GRAPH_FEEDS
from colonies_tui.store.pace import Pace
from colonies_tui.store.process_feeds import process_feed
from colonies_tui.store.watch_feed import WATCH_FEED

WORKFLOW_COUNTERS = tuple(name for name in Statistics.model_fields if name.endswith("workflows"))
"""Names of the counters of workflows."""


class ColonyFeeds:
    """Reads into a :class:`ColonyState`."""

    def __init__(
        self,
        state: ColonyState,
        client: ColoniesClient,
        schedule: Schedule,
        pace: Pace,
        *,
        on_subscribable: Callable[[], None],
    ) -> None:
        """
        Args:
            state: where answers go.
            client: asks.
            schedule: says when.
            pace: how often what is read.
            on_subscribable: told when what can be subscribed to may have changed.
        """
        self._state = state
        self._client = client
        self._schedule = schedule
        self._pace = pace
        self._on_subscribable = on_subscribable

    def heartbeat(self) -> Feed:
        """Return the feed of the counters, by which the connection is judged."""
        return Feed("statistics", self._read_statistics, self._pace.statistics, self._state.statistics.fail)

    def feeds(self) -> list[Feed]:
        """Return the other feeds, the most wanted first."""
        state, pace = self._state, self._pace
        return [
            Feed("server", self._read_server, pace.server, state.server.fail),
            Feed("executors", self._read_executors, pace.executors, state.executors.fail),
            Feed("pause", self._read_pause, pace.pause, state.pause.fail),
            Feed("functions", self._read_functions, pace.functions, state.functions.fail),
            Feed("colonies", self._read_colonies, pace.colonies, state.colonies.fail),
            Feed("users", self._read_users, pace.users, state.users.fail),
            ColonyBoard(state, self._client, self._schedule).feed(pace),
        ]

    async def _read_statistics(self) -> None:
        state = self._state
        if self._client.keys.member is None:  # so that the server is asked at all
            state.version.replace({"server": await self._client.send(GetVersion())}, state.clock.now())
        fresh = await self._client.send(GetColonyStatistics(colonyname=state.colony))
        before = state.counters
        now = state.clock.now()
        state.history.add(now, fresh)
        state.statistics.replace({state.colony: fresh}, now)
        for process_state in ProcessState:
            state.book.take_total(process_state, getattr(fresh, COUNTERS[process_state]))
        if before is None:
            return
        moved = {s for s, counter in COUNTERS.items() if getattr(before, counter) != getattr(fresh, counter)}
        if moved:  # what came into one state has left another, whose count may be what it was
            moved |= {ProcessState.WAITING, ProcessState.RUNNING}
            self._schedule.hint(*(process_feed(s) for s in moved), WATCH_FEED)
        if any(getattr(before, name) != getattr(fresh, name) for name in WORKFLOW_COUNTERS):
            self._schedule.hint(*GRAPH_FEEDS)
        if (before.executors, before.activeexecutors) != (fresh.executors, fresh.activeexecutors):
            self._schedule.hint("executors")

    async def _read_server(self) -> None:
        state = self._state
        state.version.replace({"server": await self._client.send(GetVersion())}, state.clock.now())
        self._schedule.spend(1)
        info = await self._client.send(GetServerInfo())
        if state.server.replace({"server": info}, state.clock.now()):
            self._on_subscribable()

    async def _read_executors(self) -> None:
        if self._state.set_executors(await self._client.send(GetExecutors(colonyname=self._state.colony))):
            self._on_subscribable()

    async def _read_pause(self) -> None:
        state = self._state
        status = await self._client.send(GetPauseStatus(colonyname=state.colony))
        state.pause.replace({state.colony: status}, state.clock.now())

    async def _read_functions(self) -> None:
        state = self._state
        rows = await self._client.send(GetFunctions(colonyname=state.colony))
        state.functions.replace({row.functionid: row for row in rows}, state.clock.now())

    async def _read_users(self) -> None:
        state = self._state
        rows = await self._client.send(GetUsers(colonyname=state.colony))
        state.users.replace({row.name: row for row in rows}, state.clock.now())

    async def _read_colonies(self) -> None:
        state = self._state
        if self._client.keys.server is not None:
            rows = await self._client.send(GetColonies())
        else:
            rows = (await self._client.send(GetColony(colonyname=state.colony)),)
        if state.colonies.replace({row.name: row for row in rows}, state.clock.now()):
            self._schedule.hint(BOARD)
