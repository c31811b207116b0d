"""A session over a recording. Going on, it hears everything in its order, each when its time comes; nothing else makes
it read, so what it knows at a time depends on that time alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from colonies_tui.store.history import CounterHistory
from colonies_tui.store.journal import MemoryJournal
from colonies_tui.store.link import Link
from colonies_tui.store.log_tail import LogBatch, LogTail
from colonies_tui.store.pace import Pace
from colonies_tui.store.process_feeds import STRAYS, open_feed
from colonies_tui.store.recording.entries import Answer, Failure, Heard, LinkChange, Note, Recording
from colonies_tui.store.replay.client import ReplayClient
from colonies_tui.store.replay.clock import ReplayClock
from colonies_tui.store.replay.topics import ONE_PROCESS
from colonies_tui.store.session import Session

if TYPE_CHECKING:
    from colonies_tui.store.replay.player import Player

READ_ONLY_WORDS: Final = "this is a recording"
"""Why nothing can be changed."""

_QUIET_TURNS: Final = 12
"""So many turns of the event loop in which nobody asks, hears or waits show that everything has come to rest."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something of a recording that happens at a time: a request goes out, or an entry."""

    at: int
    entry: Answer | Failure | Heard | LinkChange
    is_asked: bool = False


def moments_of(recording: Recording) -> list[Moment]:
    """Return everything that happens in a recording, in its order."""
    placed: list[tuple[int, int, bool, Moment]] = []
    for place, entry in enumerate(recording.entries):
        if isinstance(entry, Note):
            continue
        if isinstance(entry, Answer | Failure):
            asked = max(0, entry.asked)
            placed.append((asked, place, False, Moment(asked, entry, is_asked=True)))
        placed.append((entry.at, place, True, Moment(entry.at, entry)))
    return [moment for _, _, _, moment in sorted(placed, key=lambda item: item[:3])]


class ReplaySession(Session):
    """One colony as it was."""

    is_replay = True

    def __init__(self, recording: Recording, *, is_read_only: bool = True) -> None:
        """
        Args:
            recording: what is heard.
            is_read_only: say that nothing can be changed; otherwise everything looks as it did while it was recorded.

        Raises:
            RecordingError: the recording cannot be replayed.
        """
        clock = ReplayClock(recording.header.began)
        self._replay_clock = clock
        self._replay_client = ReplayClient(recording, clock)
        super().__init__(
            self._replay_client,
            recording.header.colony,
            journal=MemoryJournal(),
            profile_name=recording.header.profile,
            is_read_only=is_read_only,
            read_only_words=READ_ONLY_WORDS,
            clock=clock,
            pace=Pace(polls=False),
        )
        clock.on_turn = self._replay_client.on_turn = self._turn
        self._moments = moments_of(recording)
        self._next = 0
        self._turns = 0
        self._is_alive = asyncio.Event()
        self._life: asyncio.Task[None] | None = None
        self._must_go_back = False
        self.has_ended = False
        """Whether it was run and that has ended."""
        self.player: Player | None = None
        """Who moves it."""

    @property
    def position(self) -> float:
        """Seconds since the beginning of the recording."""
        return self._replay_clock.position

    def tail(
        self,
        *,
        processid: str = "",
        executorname: str = "",
        on_batch: Callable[[LogBatch], None],
        on_change: Callable[[], None] = lambda: None,
    ) -> LogTail:
        """As of :class:`Session`. After lines it is read once more, which shows whether there are any others: nothing
        else would make it read again, and the end of a log be found.
        """

        def take(batch: LogBatch) -> None:
            on_batch(batch)
            self.schedule.urge(tail.feed.name)

        tail = super().tail(processid=processid, executorname=executorname, on_batch=take, on_change=on_change)
        return tail

    # Life -------------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """As of :class:`Session`; lives once more after each return to the beginning."""
        try:
            while True:
                self._life = asyncio.create_task(self._live(), name="replayed session")
                self._is_alive.set()
                try:
                    await asyncio.wait((self._life,))
                except asyncio.CancelledError:
                    self._life.cancel()
                    await asyncio.wait((self._life,))
                    raise
                if not self._must_go_back:
                    return self._life.result()
                self._must_go_back = False
                self._forget()
        finally:
            self.has_ended = True
            await self.client.aclose()

    async def go_to(self, position: float) -> None:
        """Go on to a position, or back to the beginning and on from there. Watchers are told when it is reached."""
        for watcher in self._watchers:
            watcher.hold()
        try:
            if position < self.position:
                await self._go_back()
            await self._go_on(position)
        finally:
            for watcher in self._watchers:
                watcher.release()

    async def settle(self) -> None:
        """Wait until everything has come to rest that can without the time going on."""
        await self._is_alive.wait()
        quiet = 0
        while quiet < _QUIET_TURNS:
            before = self._turns
            await asyncio.sleep(0)
            quiet = quiet + 1 if before == self._turns else 0

    async def _go_on(self, position: float) -> None:
        await self.settle()
        clock = self._replay_clock
        while True:
            moment = self._moments[self._next] if self._next < len(self._moments) else None
            at = position if moment is None else moment.at / 1000
            waiter = clock.next_waiter()
            if waiter is not None and waiter <= min(at, position):
                if clock.set_on(waiter):
                    await self.settle()
            elif moment is not None and at <= position:
                clock.set_on(at)
                self._next += 1
                if self._happens(moment):
                    await self.settle()
            else:
                break
        if clock.set_on(position):
            await self.settle()

    async def _go_back(self) -> None:
        await self._is_alive.wait()
        if self._life is None or self._life.done():
            return self._forget()
        self._must_go_back = True
        self._is_alive.clear()
        self._life.cancel()
        await self._is_alive.wait()
        return None

    def _turn(self) -> None:
        self._turns += 1

    # What happens -----------------------------------------------------------------------------------------------------

    def _happens(self, moment: Moment) -> bool:
        """Let something happen; return whether it can have brought anything about."""
        client, entry = self._replay_client, moment.entry
        if moment.is_asked:
            client.known.ask(entry.request)
            return self._urge(self._readers_of(entry.request))
        if isinstance(entry, LinkChange):
            return client.link(entry)
        changed, has_told = client.hear(entry) if isinstance(entry, Heard) else client.take(entry)
        return self._urge({open_feed(name) for name in changed}) or has_told

    def _readers_of(self, request: int) -> set[str]:
        topic = self._replay_client.known.topic(request)
        readers = set(self._replay_client.readers.get(topic, ()))
        if topic.startswith(ONE_PROCESS) and self.book.strays:
            readers.add(STRAYS)
        return readers

    def _urge(self, names: set[str]) -> bool:
        # One that is being read waits for this very answer already.
        ready = [name for name in names if (feed := self.schedule.feeds.get(name)) is not None and not feed.is_reading]
        if ready:
            self.schedule.urge(*sorted(ready))
        return bool(ready)

    def _forget(self) -> None:
        """Know nothing, as in the beginning. What is open stays open and is read again."""
        self._replay_clock.go_back()
        self._replay_client.go_back()
        self._next = 0
        for resource in self.resources:
            resource.clear()
        self.book.clear()
        self.graphs.clear()
        self.clear()
        self.history = CounterHistory()
        self.link = Link(since=self.clock.now())
        self._backoff.succeeded()
        self._taps.clear()
        self.schedule.begin_anew()
        self._tell_link()
