"""What is known of one colony: its resources, and what follows from them. Nothing here asks a server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from colonies_tui.protocol.models.colony import Colony, PauseStatus, ServerInfo, Statistics, User, Version
from colonies_tui.protocol.models.executor import Executor, Function
from colonies_tui.protocol.models.process import Process, ProcessRow
from colonies_tui.protocol.states import ExecutorState, ProcessState
from colonies_tui.store.clock import Clock
from colonies_tui.store.colony_standing import ColonyStanding
from colonies_tui.store.executor_condition import ExecutorCondition, condition_of
from colonies_tui.store.freshness import Condition, Freshness
from colonies_tui.store.history import CounterHistory
from colonies_tui.store.process_book import ProcessBook
from colonies_tui.store.queues import Queue, queues
from colonies_tui.store.resource import Resource, Watcher

COUNTERS = {
    ProcessState.WAITING: "waitingprocesses",
    ProcessState.RUNNING: "runningprocesses",
    ProcessState.SUCCESS: "successfulprocesses",
    ProcessState.FAILED: "failedprocesses",
    ProcessState.CANCELLED: "cancelledprocesses",
}
"""Names of the counters of processes by state."""


class ColonyState:
    """Rows with their freshness, by kind. What changed comes through :meth:`watch`."""

    def __init__(self, colony: str, clock: Clock, *, most_processes: int) -> None:
        """
        Args:
            colony: name of the colony.
            clock: stamps and ages.
            most_processes: how many processes are remembered.
        """
        self.colony = colony
        self.clock = clock
        self.history = CounterHistory()
        self._watchers: list[Watcher] = []
        self.statistics: Resource[Statistics] = Resource("statistics", self._watchers)
        self.executors: Resource[Executor] = Resource("executors", self._watchers)
        self.functions: Resource[Function] = Resource("functions", self._watchers)
        self.users: Resource[User] = Resource("users", self._watchers)
        self.colonies: Resource[Colony] = Resource("colonies", self._watchers)
        self.colony_standings: Resource[ColonyStanding] = Resource("colony board", self._watchers)
        """The other colonies of the server; this one is :attr:`standing`."""
        self.pause: Resource[PauseStatus] = Resource("pause", self._watchers)
        self.server: Resource[ServerInfo] = Resource("server", self._watchers)
        self.version: Resource[Version] = Resource("version", self._watchers)
        self.processes: Resource[ProcessRow] = Resource("processes", self._watchers)
        self.open_processes: Resource[Process] = Resource("open processes", self._watchers)
        self.process_lists: dict[ProcessState, Freshness] = {state: Freshness() for state in ProcessState}
        """Freshness of the list of each state."""
        self.book = ProcessBook(self.processes, most_processes)
        self._executor_names: dict[str, str] = {}

    @property
    def resources(self) -> tuple[Resource[Any], ...]:
        """All resources."""
        return tuple(value for value in vars(self).values() if isinstance(value, Resource))

    def watch(self, wake: Callable[[], None]) -> Watcher:
        """Return a watcher that collects what changes from now on."""
        watcher = Watcher(wake)
        self._watchers.append(watcher)
        return watcher

    def unwatch(self, watcher: Watcher) -> None:
        """Stop collecting for a watcher."""
        self._watchers.remove(watcher)

    def set_list(self, state: ProcessState, freshness: Freshness) -> None:
        """Note how sure the list of a state is; readers of the processes are told."""
        turned = freshness.differs_from(self.process_lists[state])
        self.process_lists[state] = freshness
        if turned:
            self.processes.tell({}, True)

    def clear(self) -> None:
        """Know nothing beside the resources, which are cleared by themselves."""
        self.process_lists = {state: Freshness() for state in ProcessState}
        self._executor_names = {}

    # What follows -----------------------------------------------------------------------------------------------------

    @property
    def is_paused(self) -> bool:
        """Whether assignments are paused in the colony, as far as known."""
        status = self.pause.get(self.colony)
        return status is not None and status.ispaused

    @property
    def observers_apart(self) -> bool:
        """Whether the server says that observers take no wake-ups from executors."""
        info = self.server.get("server")
        return info is not None and info.observersapart is True

    @property
    def counters(self) -> Statistics | None:
        """The colony's counters."""
        return self.statistics.get(self.colony)

    @property
    def standing(self) -> ColonyStanding:
        """How this colony stands."""
        pending = None
        if self.executors.freshness.can_show_rows:
            pending = sum(row.state is ExecutorState.PENDING for row in self.executors.rows.values())
        is_forbidden = self.statistics.freshness.condition is Condition.FORBIDDEN
        return ColonyStanding(self.counters, pending, is_forbidden)

    def total(self, state: ProcessState) -> int | None:
        """Return the server's count of processes in a state; ``None`` before it is known."""
        counters = self.counters
        return None if counters is None else getattr(counters, COUNTERS[state])

    def executor_condition(self, executor: Executor) -> ExecutorCondition:
        """Return an executor's condition now."""
        running = self.book.tally(executor.executorid).running
        return condition_of(executor, now=self.clock.now(), runs_something=bool(running))

    def executor_name(self, executor_id: str) -> str:
        """Return the name of an executor, or the beginning of its id when it is not known; empty for no executor."""
        return self._executor_names.get(executor_id) or executor_id[:8]

    def set_executors(self, rows: tuple[Executor, ...]) -> bool:
        """Take the colony's executors; return whether anything differs."""
        self._executor_names = {row.executorid: row.executorname for row in rows}
        return self.executors.replace({row.executorname: row for row in rows}, self.clock.now())

    def queues(self) -> list[Queue]:
        """Return the queues by executor type, those with a problem first."""
        executors = [(executor, self.executor_condition(executor)) for executor in self.executors.rows.values()]
        return queues(
            self.processes.rows.values(),
            executors,
            now=self.clock.now(),
            is_paused=self.is_paused,
            waiting_total=self.total(ProcessState.WAITING),
        )
