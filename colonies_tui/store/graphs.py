"""Process graphs: the lists by state, and single graphs that are open with the states of all their members.

A graph's reply holds no process states, only colours that stand for them; members are read one by one where the colours
say that something changed and no list has shown it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from colonies_tui.client.client import ColoniesClient
from colonies_tui.protocol.errors import ColoniesError, NotAllowed, Refused
from colonies_tui.protocol.messages.process import MAX_COUNT, GetProcess
from colonies_tui.protocol.messages.workflow import GetProcessGraph, GetProcessGraphs
from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.models.workflow import ProcessGraph
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.clock import Clock
from colonies_tui.store.feed import Feed, Schedule
from colonies_tui.store.freshness import Condition, Freshness
from colonies_tui.store.pace import Interval
from colonies_tui.store.process_book import ProcessBook
from colonies_tui.store.resource import Resource, Watcher

STATE_OF_COLOUR: Final[Mapping[str, ProcessState]] = {
    "#eee8d8": ProcessState.WAITING,
    "#4689cd": ProcessState.RUNNING,
    "#92d050": ProcessState.SUCCESS,
    "#cb4239": ProcessState.FAILED,
    "#f5a623": ProcessState.CANCELLED,
}
"""Background colours of nodes (§ ProcessGraph)."""


@dataclass(frozen=True, slots=True)
class GraphRow:
    """A graph as a list shows it. Times are seconds since 1970."""

    processgraphid: str
    state: ProcessState
    initiatorname: str
    submitted: float | None
    started: float | None
    ended: float | None
    processids: tuple[str, ...]
    rootprocessids: tuple[str, ...]

    @classmethod
    def of(cls, graph: ProcessGraph) -> GraphRow:
        """Return the row of a graph."""

        def unix(moment: object) -> float | None:
            stamp = getattr(moment, "timestamp", None)
            return None if stamp is None else float(stamp())

        return cls(
            graph.processgraphid,
            graph.state,
            graph.initiatorname,
            unix(graph.submissiontime),
            unix(graph.starttime),
            unix(graph.endtime),
            graph.processids,
            graph.rootprocessids,
        )


@dataclass(frozen=True, slots=True)
class Member:
    """One process of an open graph.

    ``row`` is what is known of the process; it may be behind ``state``, which comes from the graph itself.
    """

    processid: str
    label: str
    state: ProcessState
    parents: tuple[str, ...]
    row: ProcessRow | None


@dataclass(frozen=True, slots=True)
class OpenGraph:
    """A graph with all its members."""

    row: GraphRow
    members: tuple[Member, ...]

    @property
    def unknown(self) -> tuple[str, ...]:
        """Ids of members of which nothing, or something older than the graph says, is known."""
        return tuple(m.processid for m in self.members if m.row is None or m.row.state is not m.state)


def open_graph(graph: ProcessGraph, process: Callable[[str], ProcessRow | None]) -> OpenGraph:
    """Put a graph's reply and what is known of its members together.

    Args:
        graph: the reply for one graph, nodes and edges included.
        process: returns what is known of a process.
    """
    parents: dict[str, list[str]] = {}
    for edge in graph.edges:
        parents.setdefault(edge.target, []).append(edge.source)
    order = {process_id: place for place, process_id in enumerate(graph.processids)}
    nodes = sorted(graph.nodes, key=lambda node: order.get(node.id, len(order)))
    members = []
    for node in nodes:
        row = process(node.id)
        drawn = STATE_OF_COLOUR.get(node.style.background.lower())
        state = drawn if drawn is not None else row.state if row is not None else ProcessState.WAITING
        members.append(Member(node.id, node.data.label, state, tuple(parents.get(node.id, ())), row))
    return OpenGraph(GraphRow.of(graph), tuple(members))


LIST_INTERVAL = Interval(seen=3.0, unseen=60.0, gap=1.0)
"""Lists of graphs are dear: a real server makes a query for each node of each graph."""

OPEN_INTERVAL = Interval(seen=1.5, unseen=10.0, gap=0.3)
READ_MEMBERS = 12
"""Most members of an open graph, or graphs that left a list, that are read one by one in one pass."""


def graph_feed(state: ProcessState) -> str:
    """Return the name of the feed that lists the graphs in a state."""
    return f"graphs {state.name.lower()}"


GRAPH_FEEDS = frozenset(graph_feed(state) for state in ProcessState)
"""Names of the feeds that list graphs."""


class Graphs:
    """The graphs of one session: lists by state in :attr:`rows`, and those that are open in :attr:`opened`."""

    def __init__(
        self,
        client: ColoniesClient,
        colony: str,
        schedule: Schedule,
        watchers: list[Watcher],
        clock: Clock,
        book: ProcessBook,
    ) -> None:
        self._client = client
        self._colony = colony
        self._schedule = schedule
        self._clock = clock
        self._book = book
        self.rows: Resource[GraphRow] = Resource("graphs", watchers)
        self.opened: Resource[OpenGraph] = Resource("open graphs", watchers)
        self.lists: dict[ProcessState, Freshness] = {state: Freshness() for state in ProcessState}
        """Freshness of the list of each state."""
        self._feeds: dict[str, Feed] = {}
        self._openers: Counter[str] = Counter()
        for state in ProcessState:
            schedule.add(self._lister(state))

    def _lister(self, state: ProcessState) -> Feed:
        async def read() -> None:
            request = GetProcessGraphs(colonyname=self._colony, count=MAX_COUNT, state=state)
            graphs = await self._client.send(request)
            listed = {graph.processgraphid: GraphRow.of(graph) for graph in graphs}
            is_whole = len(graphs) < MAX_COUNT
            oldest = min((row.submitted or 0.0 for row in listed.values()), default=0.0)
            gone = [
                row_id
                for row_id, row in self.rows.rows.items()
                if row.state is state and row_id not in listed and (is_whole or (row.submitted or 0.0) > oldest)
            ]
            moved = await self._look_after(gone[:READ_MEMBERS])
            self._set_list(state, self.lists[state].succeeded(self._clock.now()))
            self.rows.merge({**moved, **listed}, set(gone) - moved.keys(), now=self._clock.now())

        def failed(error: ColoniesError) -> None:
            self._set_list(state, self.lists[state].failed(error))
            self.rows.fail(error)

        return Feed(graph_feed(state), read, LIST_INTERVAL, failed, is_lazy=True)

    async def _look_after(self, graph_ids: Sequence[str]) -> dict[str, GraphRow]:
        """Return those of some graphs that left a list and still exist: they moved to another state."""
        found: dict[str, GraphRow] = {}
        for graph_id in graph_ids:
            self._schedule.spend(1)
            try:
                found[graph_id] = GraphRow.of(await self._client.send(GetProcessGraph(processgraphid=graph_id)))
            except Refused:
                continue
        return found

    def _set_list(self, state: ProcessState, freshness: Freshness) -> None:
        """Note how sure a list is; readers know it under the name of the rows, which may not change by it."""
        turned = freshness.differs_from(self.lists[state])
        self.lists[state] = freshness
        if turned:
            self.rows.tell({}, True)

    @property
    def freshness(self) -> Freshness:
        """How sure all lists together are: as sure as the least sure of them."""
        rank = (Condition.FORBIDDEN, Condition.FAILED, Condition.LOADING, Condition.STALE, Condition.FRESH)
        return min(self.lists.values(), key=lambda freshness: rank.index(freshness.condition))

    def clear(self) -> None:
        """Know nothing of the lists, as before the first answer; the resources are cleared by themselves."""
        self.lists = {state: Freshness() for state in ProcessState}

    def fail(self, error: ColoniesError) -> None:
        """Note that the server does not answer: every list is as old as it is."""
        self.lists = {state: freshness.failed(error) for state, freshness in self.lists.items()}

    def open(self, graph_id: str) -> None:
        """Keep a graph with all its members in :attr:`opened` until :meth:`close`; nests."""
        self._openers[graph_id] += 1
        if graph_id in self._feeds:
            return

        async def read() -> None:
            try:
                whole = await self.read(graph_id)
            except Refused as error:
                if not isinstance(error, NotAllowed):  # a server does not tell an unknown graph from a broken one
                    self.opened.merge({}, [graph_id])
                raise
            if graph_id in self._feeds:
                self.opened.merge({graph_id: whole}, now=self._clock.now())
                if whole.unknown:
                    self._schedule.hint(feed.name)

        feed = Feed(f"graph {graph_id}", read, OPEN_INTERVAL, self.opened.fail)
        feed.seen_by.add(self)
        self._feeds[graph_id] = self._schedule.add(feed)

    async def read(self, graph_id: str) -> OpenGraph:
        """Read one graph with its members, of which those are read that no list has shown as they are now.

        Raises:
            ColoniesError: it cannot be read.
        """
        graph = await self._client.send(GetProcessGraph(processgraphid=graph_id))
        found = open_graph(graph, self._book.resource.get)
        for process_id in found.unknown[:READ_MEMBERS]:
            asked = self._book.mark()
            self._schedule.spend(1)
            try:
                process = await self._client.send(GetProcess(processid=process_id))
            except Refused:
                continue
            self._book.take_read(ProcessRow.of(process), asked)
        whole = open_graph(graph, self._book.resource.get)
        self.rows.merge({graph_id: whole.row})
        return whole

    def close(self, graph_id: str) -> None:
        """Undo one :meth:`open`."""
        self._openers[graph_id] -= 1
        if self._openers[graph_id] > 0:
            return
        del self._openers[graph_id]
        feed = self._feeds.pop(graph_id, None)
        if feed is not None:
            self._schedule.remove(feed)
            self.opened.merge({}, [graph_id])

    def hint(self, process: ProcessRow) -> None:
        """A member changed: its graph, if it is open, is due."""
        if process.processgraphid in self._feeds:
            self._schedule.hint(f"graph {process.processgraphid}")
