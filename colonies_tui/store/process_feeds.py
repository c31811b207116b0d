"""The feeds that read processes: a list for each state, strays one by one, and those that are open in full."""

from __future__ import annotations

from collections.abc import Callable, Collection

from colonies_tui.client.client import ColoniesClient
from colonies_tui.protocol.errors import ColoniesError, NotDecodable, NotFound, Refused
from colonies_tui.protocol.messages.process import MAX_COUNT, GetProcess, GetProcesses
from colonies_tui.protocol.models.process import Process, ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.colony_state import ColonyState
from colonies_tui.store.feed import Feed, Schedule
from colonies_tui.store.pace import Pace

STRAYS = "strays"
"""Name of the feed that reads single processes whose whereabouts are unknown."""

READ_STRAYS = 10
"""Most processes that are read one by one in one pass."""


def process_feed(state: ProcessState) -> str:
    """Return the name of the feed that lists the processes in a state."""
    return f"processes {state.name.lower()}"


PROCESS_FEEDS = frozenset(process_feed(state) for state in ProcessState)
"""Names of the feeds that list processes."""


def open_feed(process_id: str) -> str:
    """Return the name of the feed that reads an open process."""
    return f"process {process_id}"


class ProcessFeeds:
    """Reads into the book and the open processes of a :class:`ColonyState`."""

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
        self._openers: dict[str, tuple[Feed, int]] = {}

    def feeds(self) -> list[Feed]:
        """Return the feeds that are always there, the most wanted first."""
        strays = Feed(STRAYS, self._read_strays, self._pace.strays)
        strays.seen_by.add(self)
        return [
            *(
                self._lister(state)
                for state in (
                    ProcessState.RUNNING,
                    ProcessState.WAITING,
                    ProcessState.SUCCESS,
                    ProcessState.FAILED,
                    ProcessState.CANCELLED,
                )
            ),
            strays,
        ]

    @property
    def open_ids(self) -> Collection[str]:
        """The processes that are open."""
        return self._openers.keys()

    def open(self, process_id: str) -> None:
        """Keep a process in full until :meth:`close`; nests."""
        feed, count = self._openers.get(process_id, (None, 0))
        if feed is None:
            feed = self._schedule.add(self._reader(process_id))
        self._openers[process_id] = (feed, count + 1)

    def close(self, process_id: str) -> None:
        """Undo one :meth:`open`."""
        feed, count = self._openers.get(process_id, (None, 0))
        if feed is None:
            return
        if count > 1:
            self._openers[process_id] = (feed, count - 1)
            return
        del self._openers[process_id]
        self._schedule.remove(feed)
        self._state.open_processes.merge({}, [process_id])

    def look_again(self, process_id: str) -> None:
        """Have a process read at once."""
        self._state.book.suspect(process_id)
        self._schedule.urge("strays", open_feed(process_id))

    def _lister(self, state: ProcessState) -> Feed:
        known = self._state

        async def read() -> None:
            asked = known.book.mark()
            request = GetProcesses(colonyname=known.colony, count=MAX_COUNT, state=state)
            rows = await self._client.process_rows(request)
            now = known.clock.now()
            known.set_list(state, known.process_lists[state].succeeded(now))
            if known.book.take_list(state, rows, asked, now):
                self._on_subscribable()
            if known.book.strays:
                self._schedule.hint("strays")

        def failed(error: ColoniesError) -> None:
            known.set_list(state, known.process_lists[state].failed(error))
            known.processes.fail(error)

        return Feed(process_feed(state), read, self._pace.processes, failed)

    async def _read_strays(self) -> bool:
        book = self._state.book
        if not book.strays:
            return False
        for count, process_id in enumerate(book.strays[:READ_STRAYS]):
            if count:
                self._schedule.spend(1)
            try:
                await self._read_one(process_id)
            except (Refused, NotDecodable):
                book.leave(process_id)  # one that cannot be read must not keep the others from being read
        if book.strays:
            self._schedule.hint("strays")
        return True

    async def _read_one(self, process_id: str) -> Process | None:
        book = self._state.book
        asked = book.mark()
        try:
            process = await self._client.send(GetProcess(processid=process_id))
        except NotFound:
            book.forget(process_id)
            return None
        if book.take_read(ProcessRow.of(process), asked):
            self._on_subscribable()
        return process

    def _reader(self, process_id: str) -> Feed:
        opened = self._state.open_processes

        async def read() -> None:
            process = await self._read_one(process_id)
            if self._openers.get(process_id, (None, 0))[0] is not feed:
                return  # closed meanwhile
            if process is None:
                opened.merge({}, [process_id], now=self._state.clock.now())
            else:
                opened.merge({process_id: process}, now=self._state.clock.now())
            is_final = process is None or process.state.is_final
            feed.interval = self._pace.server if is_final else self._pace.open_process

        feed = Feed(open_feed(process_id), read, self._pace.open_process, opened.fail)
        feed.seen_by.add(self)
        return feed
