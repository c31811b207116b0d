"""How watched things stand, as far as the session knows it at the moment, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from colonies_tui.protocol.messages.process import MAX_COUNT
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store import watch_rules as rules
from colonies_tui.store.colony_state import ColonyState
from colonies_tui.store.freshness import Condition
from colonies_tui.store.graphs import Graphs, Member, OpenGraph
from colonies_tui.store.link import Link
from colonies_tui.store.queues import Queue
from colonies_tui.store.watch import Standing, Watch, WatchKind
from colonies_tui.store.watch_feed import WatchFeed


@dataclass(frozen=True, slots=True)
class FilterRows:
    """What a filter lets through."""

    shown: Mapping[str, str]
    """Names by id, not cleaned."""
    known: Collection[str]
    """Ids of all rows of the list."""


ReadFilter = Callable[[str, str], FilterRows | None]
"""Applies a filter text to a list (by its key); ``None`` while that is not known, or where it cannot be understood."""


class Sight:
    """Reads standings out of what is known of a colony."""

    def __init__(self, state: ColonyState, graphs: Graphs, feed: WatchFeed, link: Callable[[], Link]) -> None:
        self._state = state
        self._graphs = graphs
        self._feed = feed
        self._link = link
        self.read_filter: ReadFilter = lambda list_key, text: None
        """Set by who knows the filter language."""

    def queues(self, watches: Iterable[Watch]) -> Mapping[str, Queue] | None:
        """Return the queues by type where some are watched and everything that they follow from is fresh."""
        if not any(watch.kind is WatchKind.QUEUE for watch in watches) or not self._sees_executors():
            return None
        if any(not self._is_fresh(s) for s in (ProcessState.WAITING, ProcessState.RUNNING)):
            return None
        return {queue.executortype: queue for queue in self._state.queues()}

    def standing(self, watch: Watch, before: Standing, queues: Mapping[str, Queue] | None) -> Standing | None:
        """Return how a watched thing stands; ``None`` when nothing sure can be said now.

        Args:
            watch: what is watched.
            before: what was known of it.
            queues: by type, where they can be known now.
        """
        state = self._state
        now = state.clock.now()
        if watch.kind is WatchKind.PROCESS:
            row = state.processes.get(watch.id)
            if row is not None:
                return rules.process_standing(row)
            return rules.gone() if watch.id in self._feed.gone else None
        if watch.kind is WatchKind.WORKFLOW:
            return self._workflow(watch.id, before)
        if watch.kind is WatchKind.EXECUTOR:
            return self._executor(watch.id)
        if watch.kind is WatchKind.QUEUE:
            return None if queues is None else rules.queue_standing(queues.get(watch.id), watch.limit, now)
        found = self.read_filter(watch.id, watch.filter_text) if self._link().is_up else None
        return None if found is None else rules.filter_standing(found.shown, now)

    def is_settled(self, watch: Watch) -> bool:
        """Whether something whose standing is known was seen since nothing could be seen: what happens from now on,
        happens now.
        """
        if not self._link().is_up:
            return False
        if watch.kind not in (WatchKind.PROCESS, WatchKind.WORKFLOW) or watch.id in self._feed.seen:
            return True
        row = self._state.processes.get(watch.id) if watch.kind is WatchKind.PROCESS else None
        if row is None or row.state.is_final or not self._is_fresh(row.state):
            return False
        book = self._state.book
        return watch.id not in book.strays and len(tuple(book.in_state(row.state))) < MAX_COUNT

    def _sees_executors(self) -> bool:
        return self._link().is_up and self._state.executors.freshness.condition is Condition.FRESH

    def _is_fresh(self, state: ProcessState) -> bool:
        return self._state.process_lists[state].condition is Condition.FRESH

    def _executor(self, name: str) -> Standing | None:
        """Return how an executor stood when it was read last: what it did later is not known."""
        state = self._state
        if not self._sees_executors():
            return None
        executor, read_at = state.executors.get(name), state.executors.freshness.loaded_at or state.clock.now()
        runs = executor is not None and bool(state.book.tally(executor.executorid).running)
        return rules.executor_standing(executor, heard_until=read_at, runs_something=runs)

    def _workflow(self, graph_id: str, before: Standing) -> Standing | None:
        if graph_id in self._feed.gone:
            return rules.gone()
        graph = self._feed.graphs.get(graph_id)
        row = self._graphs.rows.get(graph_id)
        if graph is not None:
            if row is not None and row.state is not graph.row.state:
                self._feed.urge(graph_id)
            return rules.workflow_standing(graph)
        if row is None or before.is_known:
            return None
        known = (self._state.processes.get(process_id) for process_id in row.processids)
        members = tuple(Member(process.processid, "", process.state, (), process) for process in known if process)
        return rules.workflow_standing(OpenGraph(row, members))
