"""A session: everything that is known of one colony at one server, kept up to date.

Switching to another server or colony makes another session, so a reply that arrives late lands in one that nobody looks
at any more. A session is run as one task; ending that task ends every request, subscription and timer it had.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection

from colonies_tui.client.backoff import Backoff
from colonies_tui.client.client import ColoniesClient
from colonies_tui.protocol.errors import ColoniesError, NotFound, Refused
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
from colonies_tui.protocol.messages.process import MAX_COUNT, GetProcess, GetProcesses
from colonies_tui.protocol.models.colony import Colony, PauseStatus, ServerInfo, Statistics, User, Version
from colonies_tui.protocol.models.executor import Executor, Function
from colonies_tui.protocol.models.process import Process, ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.actions import Actor
from colonies_tui.store.clock import Clock, SystemClock
from colonies_tui.store.executor_condition import ExecutorCondition, condition_of
from colonies_tui.store.feed import Feed, Schedule
from colonies_tui.store.freshness import Freshness
from colonies_tui.store.history import CounterHistory
from colonies_tui.store.journal import Journal
from colonies_tui.store.link import Link, LinkCondition
from colonies_tui.store.log_tail import LogBatch, LogSource, LogTail
from colonies_tui.store.pace import Pace
from colonies_tui.store.process_book import ProcessBook
from colonies_tui.store.queues import Queue, queues
from colonies_tui.store.resource import Resource, Watcher
from colonies_tui.store.taps import Taps, wanted_taps

log = logging.getLogger(__name__)

READ_STRAYS = 10
"""Most processes that are read one by one in one pass."""

_COUNTERS = {
    ProcessState.WAITING: "waitingprocesses",
    ProcessState.RUNNING: "runningprocesses",
    ProcessState.SUCCESS: "successfulprocesses",
    ProcessState.FAILED: "failedprocesses",
    ProcessState.CANCELLED: "cancelledprocesses",
}


def process_feed(state: ProcessState) -> str:
    """Return the name of the feed that lists the processes in a state."""
    return f"processes {state.name.lower()}"


PROCESS_FEEDS = frozenset(process_feed(state) for state in ProcessState)
"""Names of the feeds that list processes."""


class Session:
    """One colony, live. Resources are read from its attributes; what changed comes through :meth:`watch`."""

    def __init__(
        self,
        client: ColoniesClient,
        colony: str,
        *,
        journal: Journal,
        profile_name: str = "",
        is_read_only: bool = False,
        clock: Clock | None = None,
        pace: Pace | None = None,
    ) -> None:
        """
        Args:
            client: the connection; the session closes it when it ends.
            colony: name of the colony.
            journal: where actions are written down.
            profile_name: for the journal.
            is_read_only: refuse every action.
            clock: time, for tests.
            pace: how often what is read.
        """
        self.client = client
        self.colony = colony
        self.profile_name = profile_name
        self.is_read_only = is_read_only
        self.clock = clock or SystemClock()
        self.pace = pace or Pace()
        self.link = Link(since=self.clock.now())
        self.history = CounterHistory()
        self._watchers: list[Watcher] = []
        self.statistics: Resource[Statistics] = Resource("statistics", self._watchers)
        self.executors: Resource[Executor] = Resource("executors", self._watchers)
        self.functions: Resource[Function] = Resource("functions", self._watchers)
        self.users: Resource[User] = Resource("users", self._watchers)
        self.colonies: Resource[Colony] = Resource("colonies", self._watchers)
        self.colony_statistics: Resource[Statistics] = Resource("colony statistics", self._watchers)
        self.pause: Resource[PauseStatus] = Resource("pause", self._watchers)
        self.server: Resource[ServerInfo] = Resource("server", self._watchers)
        self.version: Resource[Version] = Resource("version", self._watchers)
        self.processes: Resource[ProcessRow] = Resource("processes", self._watchers)
        self.open_processes: Resource[Process] = Resource("open processes", self._watchers)
        self.process_lists: dict[ProcessState, Freshness] = {state: Freshness() for state in ProcessState}
        """Freshness of the list of each state."""
        self.book = ProcessBook(self.processes, self.pace.most_processes)
        self.schedule = Schedule(self.clock, self.pace)
        self.schedule.on_answer = self._on_answer
        self.schedule.on_lost = self._on_lost
        self._backoff = Backoff(first=0.25, factor=2.0, most=self.pace.recovery)
        self._taps = Taps(client, colony, self.pace, on_event=self._on_event, on_change=self._on_taps_changed)
        self._executor_names: dict[str, str] = {}
        self._on_screen: tuple[str, ...] = ()
        self._openers: dict[str, tuple[Feed, int]] = {}
        self.actor = Actor(
            client,
            self.clock,
            journal,
            profile_name=profile_name,
            hint=self.schedule.hint,
            refusal=self._refusal,
        )
        self._add_feeds()

    # What a reader asks -----------------------------------------------------------------------------------------------

    def watch(self, wake: Callable[[], None]) -> Watcher:
        """Return a watcher that collects what changes from now on."""
        watcher = Watcher(wake)
        self._watchers.append(watcher)
        return watcher

    def unwatch(self, watcher: Watcher) -> None:
        """Stop collecting for a watcher."""
        self._watchers.remove(watcher)

    def look(self, viewer: object, feeds: Collection[str]) -> None:
        """Say which feeds a viewer (a screen) looks at; they are read more often. No feeds: it looks away."""
        self.schedule.look(viewer, set(feeds))

    def look_at_processes(self, ids: Collection[str]) -> None:
        """Say which processes are on the screen, so that they can be subscribed to where that is safe."""
        self._on_screen = tuple(ids)
        self._want_taps()

    def refresh(self) -> None:
        """Read everything that is looked at now."""
        self.schedule.hint(*(feed.name for feed in self.schedule.feeds.values() if feed.seen_by))

    def focus(self, is_focused: bool) -> None:
        """Say whether the terminal has the focus; without it everything is read less often."""
        self.schedule.is_focused = is_focused
        if is_focused:
            self.refresh()

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

    def total(self, state: ProcessState) -> int | None:
        """Return the server's count of processes in a state; ``None`` before it is known."""
        counters = self.counters
        return None if counters is None else getattr(counters, _COUNTERS[state])

    def executor_condition(self, executor: Executor) -> ExecutorCondition:
        """Return an executor's condition now."""
        running = self.book.tally(executor.executorid).running
        return condition_of(executor, now=self.clock.now(), runs_something=bool(running))

    def executor_name(self, executor_id: str) -> str:
        """Return the name of an executor, or the beginning of its id when it is not known; empty for no executor."""
        return self._executor_names.get(executor_id) or executor_id[:8]

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

    # Things that are open ---------------------------------------------------------------------------------------------

    def open_process(self, process_id: str) -> None:
        """Keep a process in full in :attr:`open_processes` until :meth:`close_process`; nests."""
        feed, count = self._openers.get(process_id, (None, 0))
        if feed is None:
            feed = self.schedule.add(self._process_reader(process_id))
        self._openers[process_id] = (feed, count + 1)
        self._want_taps()

    def close_process(self, process_id: str) -> None:
        """Undo one :meth:`open_process`."""
        opener = self._openers.get(process_id)
        if opener is None:
            return
        feed, count = opener
        if count > 1:
            self._openers[process_id] = (feed, count - 1)
            return
        del self._openers[process_id]
        self.schedule.remove(feed)
        self.open_processes.merge({}, [process_id])
        self._want_taps()

    def tail(
        self,
        *,
        processid: str = "",
        executorname: str = "",
        on_batch: Callable[[LogBatch], None],
        on_change: Callable[[], None] = lambda: None,
    ) -> LogTail:
        """Start following a log; :meth:`stop_tail` ends it."""

        def is_over() -> bool:
            row = self.processes.get(processid)
            return row is not None and row.state.is_final

        tail = LogTail(
            self.client,
            self.clock,
            self.pace,
            LogSource(self.colony, processid, executorname),
            on_batch=on_batch,
            on_change=on_change,
            is_over=is_over,
        )
        self.schedule.add(tail.feed).seen_by.add(tail)
        return tail

    def stop_tail(self, tail: LogTail) -> None:
        """Stop following a log."""
        self.schedule.remove(tail.feed)

    # Life -------------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Keep everything up to date for ever; ends only by cancellation, and then closes the connection."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.schedule.run(), name="schedule")
                group.create_task(self._taps.run(), name="taps")
        finally:
            await self.client.aclose()

    def _add_feeds(self) -> None:
        pace = self.pace
        heartbeat = Feed("statistics", self._read_statistics, pace.statistics, self.statistics.fail)
        self.schedule.heartbeat = self.schedule.add(heartbeat)
        self.schedule.add(Feed("server", self._read_server, pace.server, self.server.fail))
        self.schedule.add(Feed("executors", self._read_executors, pace.executors, self.executors.fail))
        for state in (
            ProcessState.RUNNING,
            ProcessState.WAITING,
            ProcessState.SUCCESS,
            ProcessState.FAILED,
            ProcessState.CANCELLED,
        ):
            self.schedule.add(self._process_lister(state))
        self.schedule.add(Feed("pause", self._read_pause, pace.pause, self.pause.fail))
        self.schedule.add(Feed("strays", self._read_strays, pace.strays))
        self.schedule.add(Feed("functions", self._read_functions, pace.functions, self.functions.fail))
        self.schedule.add(Feed("colonies", self._read_colonies, pace.colonies, self.colonies.fail))
        self.schedule.add(Feed("users", self._read_users, pace.users, self.users.fail))

    # Reads ------------------------------------------------------------------------------------------------------------

    async def _read_statistics(self) -> None:
        if self.client.keys.member is None:
            self.version.replace({"server": await self.client.send(GetVersion())}, self.clock.now())
        fresh = await self.client.send(GetColonyStatistics(colonyname=self.colony))
        before = self.counters
        now = self.clock.now()
        self.history.add(now, fresh)
        self.statistics.replace({self.colony: fresh}, now)
        if before is None:
            return
        moved = [s for s, counter in _COUNTERS.items() if getattr(before, counter) != getattr(fresh, counter)]
        self.schedule.hint(*(process_feed(state) for state in moved))
        if (before.executors, before.activeexecutors) != (fresh.executors, fresh.activeexecutors):
            self.schedule.hint("executors")

    async def _read_server(self) -> None:
        info = await self.client.send(GetServerInfo())
        self.version.replace({"server": await self.client.send(GetVersion())}, self.clock.now())
        self.server.replace({"server": info}, self.clock.now())
        self._want_taps()

    async def _read_executors(self) -> None:
        rows = await self.client.send(GetExecutors(colonyname=self.colony))
        self._executor_names = {row.executorid: row.executorname for row in rows}
        if self.executors.replace({row.executorname: row for row in rows}, self.clock.now()):
            self._want_taps()

    async def _read_pause(self) -> None:
        status = await self.client.send(GetPauseStatus(colonyname=self.colony))
        self.pause.replace({self.colony: status}, self.clock.now())

    async def _read_functions(self) -> None:
        rows = await self.client.send(GetFunctions(colonyname=self.colony))
        self.functions.replace({row.functionid: row for row in rows}, self.clock.now())

    async def _read_users(self) -> None:
        rows = await self.client.send(GetUsers(colonyname=self.colony))
        self.users.replace({row.name: row for row in rows}, self.clock.now())

    async def _read_colonies(self) -> None:
        if self.client.keys.server is not None:
            rows = await self.client.send(GetColonies())
        else:
            rows = (await self.client.send(GetColony(colonyname=self.colony)),)
        self.colonies.replace({row.name: row for row in rows}, self.clock.now())
        known: dict[str, Statistics] = {}
        for row in rows:
            try:
                known[row.name] = await self.client.send(GetColonyStatistics(colonyname=row.name))
            except Refused:
                continue  # not a member there: its counters stay unknown
        self.colony_statistics.replace(known, self.clock.now())

    def _process_lister(self, state: ProcessState) -> Feed:
        async def read() -> None:
            asked = self.book.mark()
            request = GetProcesses(colonyname=self.colony, count=MAX_COUNT, state=state)
            rows = await self.client.process_rows(request)
            now = self.clock.now()
            self.process_lists[state] = self.process_lists[state].succeeded(now)
            if self.book.take_list(state, rows, asked, now):
                self._want_taps()
            if self.book.strays:
                self.schedule.hint("strays")

        def failed(error: ColoniesError) -> None:
            self.process_lists[state] = self.process_lists[state].failed(error)
            self.processes.fail(error)

        return Feed(process_feed(state), read, self.pace.processes, failed)

    async def _read_strays(self) -> None:
        for process_id in self.book.strays[:READ_STRAYS]:
            await self._read_one(process_id)
        if self.book.strays:
            self.schedule.hint("strays")

    async def _read_one(self, process_id: str) -> Process | None:
        try:
            process = await self.client.send(GetProcess(processid=process_id))
        except NotFound:
            self.book.forget(process_id)
            return None
        self.book.take_read(ProcessRow.of(process))
        return process

    def _process_reader(self, process_id: str) -> Feed:
        async def read() -> None:
            process = await self._read_one(process_id)
            if process_id not in self._openers:
                return
            if process is None:
                self.open_processes.merge({}, [process_id], now=self.clock.now())
            else:
                self.open_processes.merge({process_id: process}, now=self.clock.now())
            is_final = process is None or process.state.is_final
            feed.interval = self.pace.server if is_final else self.pace.open_process

        feed = Feed(f"process {process_id}", read, self.pace.open_process, self.open_processes.fail)
        feed.seen_by.add(self)
        return feed

    # What comes by itself ---------------------------------------------------------------------------------------------

    def _on_event(self, process: Process) -> None:
        self._heard()
        row = ProcessRow.of(process)
        self.book.take_event(row)
        self.schedule.hint(process_feed(row.state), "statistics", "strays", f"process {row.processid}")

    def _on_answer(self) -> None:
        self._backoff.succeeded()
        self._heard()
        if self.schedule.is_lost:
            self.schedule.recovered()
        self._set_link(LinkCondition.LIVE if self._taps.are_general else LinkCondition.POLLING)

    def _on_lost(self, error: ColoniesError) -> float:
        """The heartbeat got no answer: return how long to wait before the next try."""
        pause = self._backoff.next_delay()
        now = self.clock.now()
        self.schedule.is_lost = True
        since = self.link.since if self.link.condition is LinkCondition.LOST else now
        self.link = Link(LinkCondition.LOST, since, self.link.heard_at, error, now + pause)
        self._tell_link()
        return pause

    def _on_taps_changed(self) -> None:
        if self.link.is_up:
            self._set_link(LinkCondition.LIVE if self._taps.are_general else LinkCondition.POLLING)

    def _heard(self) -> None:
        self.link = Link(self.link.condition, self.link.since, self.clock.now(), self.link.error, self.link.retry_at)

    def _set_link(self, condition: LinkCondition) -> None:
        if condition is not self.link.condition:
            self.link = Link(condition, self.clock.now(), self.link.heard_at)
            self._tell_link()

    def _tell_link(self) -> None:
        for watcher in self._watchers:
            watcher.tell("link", {}, True)

    def _want_taps(self) -> None:
        member = self.client.keys.member
        if member is None:
            return
        executors = self.executors.rows.values()
        types = {executor.executortype for executor in executors}
        types.update(row.executortype for row in self._active_rows())
        ids = dict.fromkeys((*self._openers, *self._on_screen))
        rows = [row for process_id in ids if (row := self.processes.get(process_id)) is not None]
        self._taps.want(
            wanted_taps(
                types=types,
                rows=rows,
                observers_apart=self.observers_apart,
                is_executor=any(executor.executorid == member.identity for executor in executors),
                most=self.pace.most_sockets,
            )
        )

    def _active_rows(self) -> list[ProcessRow]:
        ids = (*self.book.in_state(ProcessState.WAITING), *self.book.in_state(ProcessState.RUNNING))
        return [row for process_id in ids if (row := self.processes.get(process_id)) is not None]

    def _refusal(self) -> str | None:
        if self.is_read_only:
            return "this profile is read-only"
        if not self.link.is_up:
            return "the server does not answer"
        return None
