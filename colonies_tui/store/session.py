"""A session: everything that is known of one colony at one server, kept up to date.

Switching to another server or colony makes another session, so a reply that arrives late lands in one that nobody looks
at any more. A session is run as one task; ending that task ends every request, subscription and timer it had.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from colonies_tui.client.backoff import Backoff
from colonies_tui.client.client import ColoniesClient
from colonies_tui.client.exchange import Exchange
from colonies_tui.protocol.errors import ColoniesError
from colonies_tui.protocol.models.process import Process, ProcessRow
from colonies_tui.store.actions import Action, Actor
from colonies_tui.store.clock import Clock, SystemClock
from colonies_tui.store.colony_feeds import ColonyFeeds
from colonies_tui.store.colony_state import ColonyState
from colonies_tui.store.feed import Schedule, reading_feed
from colonies_tui.store.graphs import Graphs
from colonies_tui.store.journal import Journal
from colonies_tui.store.link import Link, LinkCondition
from colonies_tui.store.listings import Listings
from colonies_tui.store.log_tail import LogBatch, LogSource, LogTail
from colonies_tui.store.pace import Pace
from colonies_tui.store.process_feeds import PROCESS_FEEDS, ProcessFeeds, open_feed, process_feed
from colonies_tui.store.quiet import Stirs
from colonies_tui.store.resource import Resource
from colonies_tui.store.taps import Taps, wanted_taps
from colonies_tui.store.traffic import Traffic
from colonies_tui.store.watch_feed import WatchFeed
from colonies_tui.store.watch_file import WatchKeeper
from colonies_tui.store.watching import Watches

if TYPE_CHECKING:
    from colonies_tui.store.recording.recorder import Recorder

__all__ = ["PROCESS_FEEDS", "Session", "process_feed"]


class Session(ColonyState):
    """One colony, live. Resources are read from its attributes; what changed comes through :meth:`watch`."""

    is_replay: ClassVar[bool] = False
    """Whether it shows a recording: how the colony was."""

    def __init__(
        self,
        client: ColoniesClient,
        colony: str,
        *,
        journal: Journal,
        profile_name: str = "",
        is_read_only: bool = False,
        read_only_words: str = "this profile is read-only",
        clock: Clock | None = None,
        pace: Pace | None = None,
        watch_keeper: WatchKeeper | None = None,
    ) -> None:
        """
        Args:
            client: the connection; the session closes it when it ends.
            colony: name of the colony.
            journal: where actions are written down.
            profile_name: for the journal.
            is_read_only: refuse every action.
            read_only_words: why.
            clock: time, for tests.
            pace: how often what is read.
            watch_keeper: where watches outlast the program.
        """
        self.pace = pace or Pace()
        super().__init__(colony, clock or SystemClock(), most_processes=self.pace.most_processes)
        self.client = client
        self.profile_name = profile_name
        self.journal = journal
        self.is_read_only = is_read_only
        self.read_only_words = read_only_words
        self.link = Link(since=self.clock.now())
        self.schedule = Schedule(self.clock, self.pace)
        self.schedule.on_answer = self._on_answer
        self.schedule.on_lost = self._on_lost
        self.traffic = Traffic(self.clock.monotonic)
        client.on_exchange = self._on_exchange
        # Where nothing is tried by itself, no server can be met by many at once, and the pauses are only told.
        spread = random.random if self.pace.polls else lambda: 1.0
        self._backoff = Backoff(first=0.25, factor=2.0, most=self.pace.recovery, spread=spread)
        self._taps = Taps(
            client, colony, self.clock, self.pace, on_event=self._on_event, on_change=self._on_taps_changed
        )
        self._watchers.append(Stirs(self.schedule.stir))
        self._tails: set[LogTail] = set()
        self.recorder: Recorder | None = None
        """Records; ``None`` while nothing does."""
        self._on_recording_end: Callable[[], None] = lambda: None
        self._wake_recording = asyncio.Event()
        self._on_screen: tuple[str, ...] = ()
        self.actor = Actor(
            client,
            self.clock,
            journal,
            profile_name=profile_name,
            look_again=self._look_again,
            refusal=self._refusal,
        )
        feeds = ColonyFeeds(self, client, self.schedule, self.pace, on_subscribable=self._want_taps)
        self._process_feeds = ProcessFeeds(self, client, self.schedule, self.pace, on_subscribable=self._want_taps)
        self.schedule.heartbeat = feeds.heartbeat()
        for feed in (self.schedule.heartbeat, *feeds.feeds()[:2], *self._process_feeds.feeds(), *feeds.feeds()[2:]):
            self.schedule.add(feed)
        self.listings = Listings(client, colony, self.schedule, self._watchers, self.clock)
        self.graphs = Graphs(client, colony, self.schedule, self._watchers, self.clock, self.book)
        self._watch_feed = WatchFeed(client, self.book, self.graphs, self.schedule, self.pace)
        self.watches = Watches(
            self,
            self.graphs,
            self._watch_feed,
            link=lambda: self.link,
            rows=Resource("watches", self._watchers),
            look=self.look,
            on_change=self._want_taps,
            keeper=watch_keeper,
            place=f"{profile_name} {client.address} {colony}",
        )
        self.watches.restore()

    @property
    def resources(self) -> tuple[Resource[Any], ...]:
        """All resources."""
        return (*super().resources, *self.listings.resources, self.graphs.rows, self.graphs.opened)

    # What is looked at ------------------------------------------------------------------------------------------------

    def look(self, viewer: object, feeds: Collection[str]) -> None:
        """Say which feeds a viewer (a screen) looks at; they are read more often. No feeds: it looks away."""
        self.schedule.look(viewer, set(feeds))

    def look_at_processes(self, ids: Collection[str]) -> None:
        """Say which processes are on the screen, so that they can be subscribed to where that is safe."""
        self._on_screen = tuple(ids)
        self._want_taps()

    def refresh(self) -> None:
        """Read everything that is looked at now."""
        self.schedule.stir()
        self.schedule.hint(*(feed.name for feed in self.schedule.feeds.values() if feed.seen_by))

    def focus(self, is_focused: bool) -> None:
        """Say whether the terminal has the focus; without it everything is read less often."""
        self.schedule.focus(is_focused)
        if is_focused:
            self.refresh()

    def show(self, is_shown: bool, *, requests_per_second: float | None = None) -> None:
        """Say whether this session is on the screen; without that it is read slowly and keeps few subscriptions.

        Args:
            is_shown: whether it is.
            requests_per_second: its bound from now on; the pace's own if not given.
        """
        has_turned = is_shown is not self.schedule.is_shown
        self.schedule.show(is_shown, requests_per_second=requests_per_second or self.pace.requests_per_second)
        if has_turned:
            self._want_taps()

    # Things that are open ---------------------------------------------------------------------------------------------

    def open_process(self, process_id: str) -> None:
        """Keep a process in full in :attr:`open_processes` until :meth:`close_process`; nests."""
        self._process_feeds.open(process_id)
        self._want_taps()

    def close_process(self, process_id: str) -> None:
        """Undo one :meth:`open_process`."""
        self._process_feeds.close(process_id)
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
            spend=self.schedule.spend,
        )
        self._tails.add(tail)
        self.schedule.add(tail.feed).seen_by.add(tail)
        return tail

    def stop_tail(self, tail: LogTail) -> None:
        """Stop following a log; nothing more is told of it."""
        tail.close()
        self._tails.discard(tail)
        self.schedule.remove(tail.feed)

    # Recording --------------------------------------------------------------------------------------------------------

    def record(
        self,
        path: Path,
        *,
        on_end: Callable[[], None] = lambda: None,
        rewrite: Callable[[str], str] | None = None,
    ) -> Recorder:
        """Begin to record into a new file. Everything is read once, so that the recording is whole from its beginning.

        Args:
            path: a file that does not exist.
            on_end: told when it has ended, for whatever reason.
            rewrite: changes every text that is written.

        Raises:
            RecordingError: the file exists or cannot be created.
        """
        from colonies_tui.store.recording.recorder import Recorder

        self.stop_recording()
        recorder = Recorder(path, self.client, self.colony, self.clock, profile_name=self.profile_name, rewrite=rewrite)
        self.recorder, self._on_recording_end = recorder, on_end
        self._wake_recording.set()
        self.schedule.urge(*self.schedule.feeds)
        self._tell_link()
        return recorder

    def stop_recording(self) -> None:
        """Write the rest and close the file."""
        if self.recorder is not None:
            self.recorder.stop()
            self.recorder = None
            self._on_recording_end()
            self._tell_link()  # which stands where the recording does

    async def _record(self) -> None:
        """Let recordings be written, one after the other, for ever."""
        while True:
            await self._wake_recording.wait()
            self._wake_recording.clear()
            recorder = self.recorder
            if recorder is None:
                continue
            for tail in tuple(self._tails):  # one that is open goes on from its last line: let the recording have more
                with suppress(ColoniesError):
                    await self.client.send(tail.source.request(latest=True))
            await recorder.run()
            if self.recorder is recorder:
                self.stop_recording()

    # Life -------------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Keep everything up to date for ever; ends only by cancellation, and then closes the connection."""
        try:
            await self._live()
        finally:
            self.stop_recording()
            await self.client.aclose()

    async def close(self) -> None:
        """Close the connection of a session that was never run; nothing to do for one whose run has ended."""
        await self.client.aclose()

    async def _live(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self.schedule.run(), name="schedule")
            group.create_task(self._taps.run(), name="taps")
            group.create_task(self._record(), name="recording")
            group.create_task(self.watches.run(), name="watches")

    # What comes by itself ---------------------------------------------------------------------------------------------

    def _on_exchange(self, exchange: Exchange) -> None:
        feed = reading_feed.get()
        self.traffic.note(feed, exchange)
        if not feed:  # what the operator asks for is not held back, but the feeds make room for it
            self.schedule.spend(1)

    def _on_event(self, process: Process) -> None:
        self._heard()
        self.schedule.stir()
        row = ProcessRow.of(process)
        if self.book.take_event(row):
            self._want_taps()
        self.schedule.hint(process_feed(row.state), "statistics", "strays", open_feed(row.processid))
        if row.processgraphid:
            self.graphs.hint(row)
            self._watch_feed.hint(row)

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
        was_lost, self.schedule.is_lost = self.schedule.is_lost, True
        since = self.link.since if self.link.condition is LinkCondition.LOST else now
        self.link = Link(LinkCondition.LOST, since, self.link.heard_at, error, now + pause)
        if not was_lost:  # nothing else is tried until the server is back, so nothing else would notice
            for resource in self.resources:
                resource.fail(error)
            for feed in tuple(self.schedule.feeds.values()):
                feed.failed(error)
        self._tell_link()
        return pause

    def _on_taps_changed(self) -> None:
        self.schedule.hear_events(self._taps.are_general)
        if self.link.is_up:
            self._set_link(LinkCondition.LIVE if self._taps.are_general else LinkCondition.POLLING)

    def _heard(self) -> None:
        self.link = Link(self.link.condition, self.link.since, self.clock.now(), self.link.error, self.link.retry_at)

    def _set_link(self, condition: LinkCondition) -> None:
        if condition is not self.link.condition:
            self.link = Link(condition, self.clock.now(), self.link.heard_at)
            self._tell_link()

    def _tell_link(self) -> None:
        for watcher in tuple(self._watchers):
            watcher.tell("link", {}, True)

    def _want_taps(self) -> None:
        member = self.client.keys.member
        if member is None:
            return
        executors = self.executors.rows.values()
        is_shown = self.schedule.is_shown
        on_screen = self._on_screen if is_shown else ()
        ids = dict.fromkeys((*self._process_feeds.open_ids, *self.watches.processes, *on_screen))
        self._taps.want(
            wanted_taps(
                types={*(executor.executortype for executor in executors), *self.book.active_types},
                rows=[row for process_id in ids if (row := self.processes.get(process_id)) is not None],
                observers_apart=self.observers_apart,
                is_executor=any(executor.executorid == member.identity for executor in executors),
                most=self.pace.most_sockets if is_shown else min(self.pace.most_sockets, self.pace.background_sockets),
            )
        )

    def _look_again(self, action: Action) -> None:
        self.schedule.urge(*action.feeds)
        if action.target["kind"] == "process" and action.target["id"]:
            self._process_feeds.look_again(action.target["id"])

    def _refusal(self) -> str | None:
        if self.is_read_only:
            return self.read_only_words
        if self.link.condition is LinkCondition.CONNECTING:
            return "the server has not answered yet"
        if not self.link.is_up:
            return "the server does not answer"
        return None
