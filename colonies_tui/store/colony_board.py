"""Reads how every colony stands that a profile can see: a few at a time in turn, and only while somebody looks."""

from __future__ import annotations

import math
from typing import Final

from colonies_tui.client.client import ColoniesClient
from colonies_tui.protocol.errors import KeyMissing, NotAllowed, Refused
from colonies_tui.protocol.messages.colony import GetColonyStatistics
from colonies_tui.protocol.messages.executor import GetExecutors
from colonies_tui.protocol.models.colony import Statistics
from colonies_tui.protocol.states import ExecutorState
from colonies_tui.store.colony_standing import ColonyStanding, may_have_pending
from colonies_tui.store.colony_state import ColonyState
from colonies_tui.store.feed import Feed, Schedule
from colonies_tui.store.pace import Pace

BOARD = "colony board"
"""Name of the feed and of its resource."""

AT_ONCE: Final = 8
"""Most colonies that one read asks about."""

AGAIN_FORBIDDEN: Final = 60.0
"""Seconds before a colony is asked about again that the key may not read: membership can be given meanwhile."""

AGAIN_PENDING: Final = 20.0
"""Seconds before the executors of a colony are listed again whose counts have not moved."""


def round_seconds(colonies: int, pace: Pace) -> float:
    """Return how old what is shown of a colony can be at the most, seconds, while all of them answer quickly."""
    return -(-max(colonies - 1, 1) // AT_ONCE) * pace.colony_board.seen


class ColonyBoard:
    """Keeps :attr:`ColonyState.colony_standings`, for every colony but the own one."""

    def __init__(self, state: ColonyState, client: ColoniesClient, schedule: Schedule) -> None:
        self._state = state
        self._client = client
        self._schedule = schedule
        self._asked_at: dict[str, float] = {}
        self._listed_at: dict[str, tuple[float, int, int]] = {}
        """When the executors of a colony were listed, and its counts then."""

    def feed(self, pace: Pace) -> Feed:
        """Return the feed that keeps it up to date."""
        return Feed(BOARD, self.read, pace.colony_board, self._state.colony_standings.fail, is_lazy=True)

    async def read(self) -> bool:
        """Ask about those colonies whose turn it is; the own one is known already.

        Returns:
            ``False`` where nothing was asked.
        """
        state = self._state
        known = state.colony_standings
        names = [name for name in state.colonies.rows if name != state.colony]
        gone = [name for name in known.rows if name not in state.colonies.rows]
        for name in gone:
            self._asked_at.pop(name, None)
            self._listed_at.pop(name, None)
        known.merge({}, gone, now=state.clock.now() if not names else None)
        names.sort(key=lambda name: self._asked_at.get(name, -math.inf))
        turn = [name for name in names if self._is_due(name)]
        for number, name in enumerate(turn[:AT_ONCE]):
            self._schedule.spend(1 if number else 0)
            standing = await self._ask(name)
            self._asked_at[name] = state.clock.monotonic()
            if name in state.colonies.rows:
                known.merge({name: standing}, now=state.clock.now())
        return bool(turn)

    def _is_due(self, name: str) -> bool:
        standing = self._state.colony_standings.get(name)
        if standing is None or not standing.is_forbidden:
            return True
        return self._state.clock.monotonic() - self._asked_at.get(name, -math.inf) >= AGAIN_FORBIDDEN

    async def _ask(self, name: str) -> ColonyStanding:
        try:
            counts = await self._client.send(GetColonyStatistics(colonyname=name))
        except (NotAllowed, KeyMissing):
            return ColonyStanding(is_forbidden=True)
        except Refused:
            return ColonyStanding()  # it was removed meanwhile, or the server could not count
        pending = await self._pending(name, counts) if may_have_pending(counts) else 0
        return ColonyStanding(counts, pending)

    async def _pending(self, name: str, counts: Statistics) -> int | None:
        now = self._state.clock.monotonic()
        before = self._state.colony_standings.get(name)
        at, *then = self._listed_at.get(name, (0.0, -1, -1))
        if before is not None and then == [counts.executors, counts.activeexecutors] and now - at < AGAIN_PENDING:
            return before.pending
        self._schedule.spend(1)
        try:
            rows = await self._client.send(GetExecutors(colonyname=name))
        except (Refused, KeyMissing):
            return None
        self._listed_at[name] = (now, counts.executors, counts.activeexecutors)
        return sum(row.state is ExecutorState.PENDING for row in rows)
