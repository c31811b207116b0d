"""Taps: the subscriptions that are kept open, and how their set follows what is known and looked at.

Events only say "look now"; polling with diffs is the truth. Which subscriptions are safe depends on the server:

* it says that it keeps observers apart from executors: every state of every executor type;
* it does not, and our member key is an executor's: states 1 to 4 of every type. Never the waiting ones: such an
  observer would take wake-ups away from executors;
* otherwise: only single processes that are open or on the screen and not finished (every listener is told of those).

One subscription per socket, since a real server does not serialise what it writes to one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from colonies_tui.client.backoff import Backoff
from colonies_tui.client.client import ColoniesClient
from colonies_tui.protocol.errors import ColoniesError, NotDecodable
from colonies_tui.protocol.messages.subscription import SubscribeProcess, SubscribeProcesses
from colonies_tui.protocol.models.process import Process, ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.clock import Clock
from colonies_tui.store.pace import Pace

log = logging.getLogger(__name__)

_AFTER_WAITING = (ProcessState.RUNNING, ProcessState.SUCCESS, ProcessState.FAILED, ProcessState.CANCELLED)
_AFTER_RUNNING = (ProcessState.SUCCESS, ProcessState.FAILED, ProcessState.CANCELLED, ProcessState.WAITING)


@dataclass(frozen=True, slots=True)
class Tap:
    """One subscription: to a process, or to all of an executor type, entering one state."""

    state: ProcessState
    executortype: str
    processid: str = ""

    def request(self, colony: str, seconds: int) -> SubscribeProcess | SubscribeProcesses:
        """Return the message that opens it."""
        if self.processid:
            return SubscribeProcess(
                colonyname=colony,
                processid=self.processid,
                executortype=self.executortype,
                state=self.state,
                timeout=seconds,
            )
        return SubscribeProcesses(colonyname=colony, executortype=self.executortype, state=self.state, timeout=seconds)


def wanted_taps(
    *,
    types: Iterable[str],
    rows: Iterable[ProcessRow],
    observers_apart: bool,
    is_executor: bool,
    most: int,
) -> list[Tap]:
    """Return the subscriptions that should be open, the most useful first, at most ``most``.

    Args:
        types: executor types that are known.
        rows: processes that are open or on the screen, the most important first.
        observers_apart: the server says that observers take no wake-ups from executors.
        is_executor: the member key is an executor's.
        most: bound on sockets.
    """
    taps: list[Tap] = []
    if observers_apart or is_executor:
        states = tuple(ProcessState) if observers_apart else _AFTER_WAITING
        taps.extend(Tap(state, kind) for kind in sorted(set(types)) for state in states)
        if len(taps) <= most:
            return taps
        taps.clear()
    for row in rows:
        if row.state.is_final:
            continue
        states = _AFTER_WAITING if row.state is ProcessState.WAITING else _AFTER_RUNNING
        if len(taps) + len(states) > most:
            break
        taps.extend(Tap(state, row.executortype, row.processid) for state in states)
    return taps


class Taps:
    """Keeps the wanted subscriptions open, each in a task of one group."""

    def __init__(
        self,
        client: ColoniesClient,
        colony: str,
        clock: Clock,
        pace: Pace,
        *,
        on_event: Callable[[Process], None],
        on_change: Callable[[], None],
    ) -> None:
        """
        Args:
            client: opens the subscriptions.
            colony: name of the colony; events of others are dropped.
            clock: waits.
            pace: bounds and times.
            on_event: told every event of this colony.
            on_change: told when a subscription connected or was lost.
        """
        self._client = client
        self._colony = colony
        self._clock = clock
        self._pace = pace
        self._on_event = on_event
        self._on_change = on_change
        self._wanted: frozenset[Tap] = frozenset()
        self._tasks: dict[Tap, asyncio.Task[None]] = {}
        self._connected: set[Tap] = set()
        self._wake = asyncio.Event()

    @property
    def are_general(self) -> bool:
        """Whether whole executor types are subscribed to and all of it is connected."""
        return bool(self._wanted) and self._wanted <= self._connected and not any(t.processid for t in self._wanted)

    @property
    def wanted(self) -> frozenset[Tap]:
        """The subscriptions that should be open."""
        return self._wanted

    @property
    def open_count(self) -> int:
        """How many subscriptions are connected."""
        return len(self._connected)

    def want(self, taps: Iterable[Tap]) -> None:
        """Make these the subscriptions that should be open."""
        wanted = frozenset(taps)
        if wanted != self._wanted:
            self._wanted = wanted
            self._wake.set()

    def clear(self) -> None:
        """Want nothing; for one that does not run."""
        self._wanted = frozenset()
        self._tasks.clear()
        self._connected.clear()

    async def run(self) -> None:
        """Open and close subscriptions as wanted, for ever; ends only by cancellation."""
        async with asyncio.TaskGroup() as group:
            while True:
                self._wake.clear()
                for tap in self._tasks.keys() - self._wanted:
                    self._tasks.pop(tap).cancel()
                    self._connected.discard(tap)
                for tap in self._wanted - self._tasks.keys():
                    self._tasks[tap] = group.create_task(self._listen(tap), name=f"tap {tap.state.name}")
                await self._wake.wait()

    async def _listen(self, tap: Tap) -> None:
        """Keep one subscription open until cancelled. One that the server refuses is tried again when it would have
        been renewed; one whose events cannot be read is, with growing pauses, sooner.
        """
        me = asyncio.current_task()

        def on_state(is_connected: bool, error: ColoniesError | None) -> None:
            if self._tasks.get(tap) is not me:
                return  # another task has taken over while this one closes its socket
            (self._connected.add if is_connected else self._connected.discard)(tap)
            self._on_change()

        renewal = self._pace.subscription_seconds
        request = tap.request(self._colony, renewal)
        backoff = Backoff(first=self._pace.recovery, most=renewal)
        try:
            while True:
                pause: float = renewal
                try:
                    async with self._client.subscribe(request, on_state=on_state) as events:
                        async for event in events:
                            backoff.succeeded()
                            if event.process.spec.conditions.colonyname == self._colony:
                                self._on_event(event.process)
                except ColoniesError as error:
                    log.info("subscription to %s of %s ended: %s", tap.state.name, tap.executortype, error)
                    on_state(False, error)
                    if isinstance(error, NotDecodable):
                        pause = backoff.next_delay()
                except Exception:  # a defect of ours must not end the console: it is logged, and polling goes on
                    log.exception("subscription to %s of %s failed", tap.state.name, tap.executortype)
                    on_state(False, None)
                await self._clock.wait(asyncio.Event(), pause)
        finally:
            if self._tasks.get(tap) is me:
                del self._tasks[tap]
                self._connected.discard(tap)
                self._on_change()
