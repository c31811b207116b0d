"""Reads the watched processes and workflows in turn, a few at a time: lists are cut, and workflows have no events."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

from colonies_tui.client.client import ColoniesClient
from colonies_tui.protocol.errors import KeyMissing, NotAllowed, NotDecodable, NotFound, Refused
from colonies_tui.protocol.messages.process import GetProcess
from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.feed import Feed, Schedule
from colonies_tui.store.graphs import Graphs, OpenGraph
from colonies_tui.store.pace import Pace
from colonies_tui.store.process_book import ProcessBook

READ_WATCHED: Final = 4
"""Most watched processes and workflows that are read in one pass."""

MOST_PASSES: Final = 3
"""How often the members of a workflow that failed are read on in search of the one that failed by itself."""

WATCH_FEED: Final = "watched"
"""Name of the feed."""


class WatchFeed:
    """What is read for the sake of watching, and what the answers said beyond what the resources hold."""

    def __init__(
        self, client: ColoniesClient, book: ProcessBook, graphs: Graphs, schedule: Schedule, pace: Pace
    ) -> None:
        self._client = client
        self._book = book
        self._graphs = graphs
        self._schedule = schedule
        self._turns: dict[str, bool] = {}
        """Ids that are read, the next one first; whether each is a workflow's."""
        self._urgent: dict[str, None] = {}
        self.graphs: dict[str, OpenGraph] = {}
        """The watched workflows as last read, with their members."""
        self.gone: set[str] = set()
        """Ids that the server does not know any more."""
        self.seen: set[str] = set()
        """Ids that were read since :meth:`lose_sight`."""
        self.on_read: Callable[[], None] = lambda: None
        """Told after each pass."""
        self.feed = schedule.add(Feed(WATCH_FEED, self._read, pace.watched, is_lazy=True))

    @property
    def processes(self) -> Collection[str]:
        """The processes that are read."""
        return [object_id for object_id, is_workflow in self._turns.items() if not is_workflow]

    def follow(self, object_id: str, *, is_workflow: bool) -> None:
        """Read a process or workflow from now on."""
        if object_id not in self._turns:
            self._turns[object_id] = is_workflow
            self._urgent[object_id] = None
            self.feed.seen_by.add(self)
            self._schedule.hint(WATCH_FEED)

    def leave(self, object_id: str) -> None:
        """Read something no more."""
        self._turns.pop(object_id, None)
        self._urgent.pop(object_id, None)
        self.graphs.pop(object_id, None)
        if not self._turns:
            self.feed.seen_by.discard(self)

    def urge(self, object_id: str) -> None:
        """Read something before the others: it has changed."""
        if object_id in self._turns and object_id not in self._urgent:
            self._urgent[object_id] = None
            self._schedule.hint(WATCH_FEED)

    def hint(self, process: ProcessRow) -> None:
        """A process changed: its workflow, if it is followed, is due."""
        self.urge(process.processgraphid)

    def lose_sight(self) -> None:
        """The link is down: everything has to be seen again."""
        self.seen.clear()

    def _next(self) -> str | None:
        """Return whose turn it is, and put it last."""
        unseen = (object_id for object_id in self._turns if object_id not in self.seen)
        chosen = next(iter(self._urgent), None) or next(unseen, None) or next(iter(self._turns), None)
        if chosen is not None:
            self._urgent.pop(chosen, None)
            self._turns[chosen] = self._turns.pop(chosen)
        return chosen

    async def _read(self) -> bool:
        read: set[str] = set()
        try:
            while len(read) < READ_WATCHED and (object_id := self._next()) is not None and object_id not in read:
                if read:
                    self._schedule.spend(1)
                read.add(object_id)
                await (self._read_graph if self._turns[object_id] else self._read_process)(object_id)
        finally:
            self.on_read()
        if self._urgent or self._turns.keys() - self.seen:
            self._schedule.hint(WATCH_FEED)
        return bool(read)

    async def _read_process(self, process_id: str) -> None:
        asked = self._book.mark()
        try:
            process = await self._client.send(GetProcess(processid=process_id))
        except NotFound:
            self._book.forget(process_id)
            self._missing(process_id)
        except (Refused, NotDecodable, KeyMissing):
            self.seen.add(process_id)  # this one cannot be read: the others go on
        else:
            self._book.take_read(ProcessRow.of(process), asked)
            self.seen.add(process_id)

    async def _read_graph(self, graph_id: str) -> None:
        try:
            found = await self._graphs.read(graph_id)
            for _ in range(MOST_PASSES):
                if not _hides_failure(found):
                    break
                self._schedule.spend(1)
                found = await self._graphs.read(graph_id)
        except (NotAllowed, NotDecodable, KeyMissing):
            self.seen.add(graph_id)
        except Refused:  # a server does not tell an unknown graph from a broken one
            self._missing(graph_id)
        else:
            if graph_id in self._turns:
                self.graphs[graph_id] = found
                self.seen.add(graph_id)

    def _missing(self, object_id: str) -> None:
        if object_id in self._turns:
            self.gone.add(object_id)
            self.seen.add(object_id)


def _hides_failure(graph: OpenGraph) -> bool:
    """Whether members failed, and which of them by itself is not known yet: some have not been read."""
    failed = [member for member in graph.members if member.state is ProcessState.FAILED]
    read = [member.row for member in failed if member.row is not None and member.row.state is member.state]
    return len(read) < len(failed) and not any(row.error for row in read)
