"""Watching: told when something changes, whatever is on the screen, and afterwards when the link was down meanwhile.

What a watch knows is compared with what the session knows now; differences by id are news. A change that was seen first
after the link came back, or after the console was started again, is told as one that happened meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from colonies_tui.store import watch_rules as rules
from colonies_tui.store.colony_state import ColonyState
from colonies_tui.store.graphs import GRAPH_FEEDS, Graphs
from colonies_tui.store.link import Link, LinkCondition
from colonies_tui.store.queues import Queue
from colonies_tui.store.resource import Resource
from colonies_tui.store.watch import (
    GONE,
    MAX_NEWS,
    MAX_WATCHES,
    Absence,
    News,
    Standing,
    Watch,
    Watched,
    WatchKind,
)
from colonies_tui.store.watch_feed import WatchFeed
from colonies_tui.store.watch_file import MemoryKeeper, SavedWatch, SavedWatches, WatchKeeper, bounded
from colonies_tui.store.watch_sight import ReadFilter, Sight

log = logging.getLogger(__name__)

LOOK_GAP: Final = 0.1
"""Shortest time between two looks, seconds."""

TURN: Final = 1.0
"""How often executors, queues and filters are looked at: time alone changes them, seconds."""

REST: Final = 10.0
"""How long a queue or a filter about which there was news is left alone, seconds: then it is told how it stands."""

KEPT_ROWS: Final = 500
"""Most rows of one filter that are kept over the end of the program."""

KEEP_SECONDS: Final = 60.0
"""How often it is written down when the watches were last looked after."""


@dataclass(slots=True)
class _Entry:
    watch: Watch
    standing: Standing
    absence: Absence | None = None
    rests_until: float = 0.0
    latest: News | None = None


class Watches:
    """The watches of one session, and their news. Changes are told under the name of :attr:`rows`."""

    def __init__(
        self,
        state: ColonyState,
        graphs: Graphs,
        feed: WatchFeed,
        *,
        link: Callable[[], Link],
        rows: Resource[Watched],
        look: Callable[[object, Collection[str]], None],
        on_change: Callable[[], None],
        keeper: WatchKeeper | None = None,
        place: str = "",
    ) -> None:
        """
        Args:
            state: what is known of the colony.
            graphs: its workflows.
            feed: reads what is watched.
            link: returns the connection as it is.
            rows: the watches by key are put into it, the oldest first.
            look: told which feeds the watches need besides.
            on_change: told when other things are watched.
            keeper: where watches outlast the program.
            place: whose they are, in words, for the keeper.
        """
        self._state = state
        self._sight = Sight(state, graphs, feed, link)
        self._feed = feed
        self._link = link
        self._look_at = look
        self._on_change = on_change
        self._keeper = keeper or MemoryKeeper()
        self._place = place
        self._entries: dict[str, _Entry] = {}
        self._news: deque[News] = deque(maxlen=MAX_NEWS)
        self._number = 0
        self._read_up_to = 0
        self._is_lost = False
        self._is_dirty = False
        self._kept_at = 0.0
        self._turned_at = float("-inf")
        self._wake = asyncio.Event()
        self._untold: list[News] = []
        self._tell: Callable[[Sequence[News]], None] | None = None
        self.rows = rows
        self.problem = ""
        """What is wrong with the file of watches, in words."""
        feed.on_read = self._wake.set

    # -- what is watched -------------------------------------------------------------------------------------------

    @property
    def processes(self) -> Collection[str]:
        """Ids of the watched processes that have not ended."""
        return self._feed.processes

    def ids(self, kind: WatchKind) -> frozenset[str]:
        """Return the ids of everything of one kind that is watched."""
        return frozenset(e.watch.id for e in self._entries.values() if e.watch.kind is kind)

    def filter_by(self, read_filter: ReadFilter) -> None:
        """Say how filters are read; without it none is watched."""
        self._sight.read_filter = read_filter
        self._wake.set()

    def has(self, key: str) -> bool:
        """Whether a watch is there."""
        return key in self._entries

    def add(self, watch: Watch) -> str | None:
        """Watch something from now on; return why not, in words."""
        if watch.key in self._entries:
            return "it is watched already"
        if len(self._entries) >= MAX_WATCHES:
            ended = next((k for k, e in self._entries.items() if e.standing.is_over_with), None)
            if ended is None:
                return f"{MAX_WATCHES} things are watched already: end a watch first"
            self.remove(ended)
        entry = _Entry(replace(watch, since=self._state.clock.now()), Standing())
        if self._is_lost:
            entry.absence = Absence("link", self._link().heard_at or self._link().since)
        self._entries[watch.key] = entry
        queues = self._sight.queues((watch,))
        entry.standing = self._sight.standing(entry.watch, entry.standing, queues) or Standing()
        self._follow(entry)
        self._changed([watch.key])
        return None

    def remove(self, key: str) -> None:
        """Watch something no more; its news stay."""
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._feed.leave(entry.watch.id)
            self._feed.gone.discard(entry.watch.id)
            self._changed([key])

    def set_limit(self, key: str, limit: int | None) -> None:
        """Tell when a watched queue gets deeper than ``limit``; ``None`` for no limit. What it is now is no news."""
        entry = self._entries.get(key)
        if entry is not None:
            entry.watch = replace(entry.watch, limit=limit)
            entry.standing = replace(entry.standing, is_over=limit is not None and entry.standing.count > limit)
            self._changed([key])

    def _follow(self, entry: _Entry) -> None:
        watch = entry.watch
        if watch.kind not in (WatchKind.PROCESS, WatchKind.WORKFLOW) or entry.standing.word == GONE:
            return
        if not entry.standing.is_over_with or entry.absence is not None:
            self._feed.follow(watch.id, is_workflow=watch.kind is WatchKind.WORKFLOW)

    def _show(self, keys: Collection[str]) -> None:
        now = {key: self._row(self._entries[key]) for key in keys if key in self._entries}
        self.rows.merge(now, [key for key in keys if key not in self._entries])

    def _changed(self, keys: Collection[str]) -> None:
        self._show(keys)
        filters = {e.watch.id for e in self._entries.values() if e.watch.kind is WatchKind.FILTER}
        self._look_at(self, GRAPH_FEEDS if "workflows" in filters else ())
        self._is_dirty = True
        self._wake.set()
        self._on_change()

    @staticmethod
    def _row(entry: _Entry) -> Watched:
        return Watched(entry.watch, entry.standing, entry.latest, entry.absence is not None)

    # -- news ------------------------------------------------------------------------------------------------------

    @property
    def news(self) -> Sequence[News]:
        """The latest news, the oldest first."""
        return tuple(self._news)

    @property
    def read_up_to(self) -> int:
        """Number of the latest news that were read."""
        return self._read_up_to

    @property
    def unread(self) -> int:
        """How many news have not been read."""
        return sum(news.number > self._read_up_to for news in self._news)

    def mark_read(self) -> None:
        """All news have been read."""
        if self.unread:
            self._read_up_to = self._number
            self._is_dirty = True
            self.rows.tell({}, True)
            self._wake.set()

    def tell(self, tell: Callable[[Sequence[News]], None] | None) -> None:
        """Say who is told of news from now on; what came before is handed over at once."""
        self._tell = tell
        self._hand_over()

    def _hand_over(self) -> None:
        if self._tell is not None and self._untold:
            untold, self._untold = self._untold, []
            self._tell(untold)

    # -- looking ---------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Look whenever something changed, for ever; ends only by cancellation, and then keeps what is known."""
        watcher = self._state.watch(self._wake.set)
        clock = self._state.clock
        try:
            while True:
                await clock.wait(self._wake, TURN if self._entries else KEEP_SECONDS)
                self._wake.clear()
                watcher.take()
                if self._entries or self._is_dirty:
                    self._look_safely()
                    await clock.wait(asyncio.Event(), LOOK_GAP)
        finally:
            self._state.unwatch(watcher)
            if self._entries or self._is_dirty:
                self._keep()

    def _look_safely(self) -> None:
        try:
            self.look()
        except Exception:  # a defect of ours must not end the console: it is logged, and watching goes on
            log.exception("looking at what is watched failed")

    def look(self) -> None:
        """Compare everything that is watched with what is known now."""
        self._note_link()
        clock = self._state.clock
        is_turn = clock.monotonic() - self._turned_at >= TURN
        if is_turn:
            self._turned_at = clock.monotonic()
        queues = self._sight.queues(e.watch for e in self._entries.values()) if is_turn else None
        changed: list[str] = []
        for key, entry in self._entries.items():
            before = self._row(entry)
            if entry.watch.kind in (WatchKind.PROCESS, WatchKind.WORKFLOW) or is_turn:
                self._compare(entry, queues)
            if self._row(entry) != before:
                changed.append(key)
        self._show(changed)
        if self._untold:
            self._on_change()
        self._hand_over()
        if self._is_dirty or (self._entries and clock.now() - self._kept_at > KEEP_SECONDS):
            self._keep()

    def _compare(self, entry: _Entry, queues: Mapping[str, Queue] | None) -> None:
        clock, watch = self._state.clock, entry.watch
        if clock.monotonic() < entry.rests_until:
            return
        seen, still_there = self._sight.standing(entry.watch, entry.standing, queues), None
        if seen is None:
            return
        if watch.kind is WatchKind.FILTER and entry.absence is not None and entry.absence.what == "console":
            found = self._sight.read_filter(watch.id, watch.filter_text)  # what ended long ago is not listed any more
            still_there = found.known if found is not None else ()
        entry.standing, changes = rules.step(watch, entry.standing, seen, still_there=still_there)
        for change in changes:
            self._add_news(entry, change)
        if changes and watch.kind in (WatchKind.QUEUE, WatchKind.FILTER):
            entry.rests_until = clock.monotonic() + REST
        if entry.absence is not None and self._sight.is_settled(entry.watch):
            entry.absence = None
        if entry.absence is None and _is_done(entry):
            self._feed.leave(watch.id)

    def _add_news(self, entry: _Entry, change: rules.Change) -> None:
        now, watch = self._state.clock.now(), entry.watch
        away, seconds = entry.absence.words(now) if entry.absence is not None else ("", 0.0)
        self._number += 1
        entry.latest = News(
            self._number, watch.key, watch.kind, watch.id, watch.subject, change.event, change.words, now, away, seconds
        )
        self._news.append(entry.latest)
        self._untold.append(entry.latest)
        del self._untold[:-MAX_NEWS]
        self._is_dirty = True

    def _note_link(self) -> None:
        link, now = self._link(), self._state.clock.now()
        if link.condition is LinkCondition.LOST and not self._is_lost:
            self._is_lost = True
            self._feed.lose_sight()
            for entry in (e for e in self._entries.values() if not _is_done(e)):
                since = link.heard_at or link.since
                entry.absence = replace(entry.absence, until=None) if entry.absence else Absence("link", since)
        elif link.is_up:
            for entry in self._entries.values():
                if entry.absence is not None and entry.absence.until is None:
                    entry.absence = replace(entry.absence, until=now)
                    self._follow(entry)
            self._is_lost = False

    # -- keeping ---------------------------------------------------------------------------------------------------

    def restore(self) -> None:
        """Watch again what was watched the last time; what happened meanwhile is told when it is seen."""
        try:
            saved = bounded(self._keeper.load())
        except (OSError, ValueError) as error:
            self.problem = f"the watches of the last time cannot be read: {error}"
            log.warning("%s", self.problem)
            return
        self._news.extend(saved.news)
        self._read_up_to = saved.read_up_to
        self._number = max([saved.read_up_to, *(news.number for news in saved.news)])
        latest = {news.key: news for news in saved.news}
        closed = Absence("console", saved.saved_at)
        for kept in saved.watches:
            watch = kept.watch
            entry = _Entry(watch, kept.standing, closed, latest=latest.get(watch.key))
            if kept.standing.word == GONE and _is_done(entry):  # it was said
                entry.absence = None
            self._entries[watch.key] = entry
            self._follow(entry)
        if self._entries:
            self._changed(tuple(self._entries))

    def _keep(self) -> None:
        now = self._state.clock.now()
        watches = tuple(SavedWatch(e.watch, _saved(e.standing)) for e in self._entries.values())
        try:
            self._keeper.save(
                SavedWatches(
                    place=self._place,
                    saved_at=now,
                    read_up_to=self._read_up_to,
                    watches=watches,
                    news=tuple(self._news),
                )
            )
        except OSError as error:
            self.problem = f"the watches cannot be kept: {error}"
            log.warning("%s", self.problem)
        self._is_dirty = False
        self._kept_at = now


def _is_done(entry: _Entry) -> bool:
    """Whether a process or workflow has come to its end: nothing more is asked about it."""
    return entry.watch.kind in (WatchKind.PROCESS, WatchKind.WORKFLOW) and entry.standing.is_over_with


def _saved(standing: Standing) -> Standing:
    """Return what is kept of a standing: where a filter lets through very many rows, only how many."""
    return standing if len(standing.rows) <= KEPT_ROWS else replace(standing, rows={})
