"""What can be watched on the screen: rows as watches, and filters as they are applied for who watches them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, TypeVar

from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.freshness import Condition
from colonies_tui.store.queues import Queue
from colonies_tui.store.watch import Watch, WatchKind
from colonies_tui.store.watch_sight import FilterRows, ReadFilter
from colonies_tui.ui.context import Context
from colonies_tui.ui.filter import Fields, FilterError, parse_filter
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.tables.executors import ExecutorLine, executor_fields, executor_line
from colonies_tui.ui.tables.processes import process_fields, process_title
from colonies_tui.ui.tables.workflows import WorkflowLine, workflow_fields, workflow_line

if TYPE_CHECKING:
    from colonies_tui.ui.views.view import View

RowT = TypeVar("RowT")

FILTERED_LISTS: Final[Mapping[str, str]] = {
    "processes": "Processes",
    "workflows": "Workflows",
    "executors": "Executors",
}
"""Lists of which a filter can be watched, by the key of their view."""


def process_watch(row: ProcessRow) -> Watch:
    """Return the watch on a process."""
    return Watch(WatchKind.PROCESS, row.processid, process_title(row))


def workflow_watch(line: WorkflowLine) -> Watch:
    """Return the watch on a workflow."""
    return Watch(WatchKind.WORKFLOW, line.graph.processgraphid, line.name)


def executor_watch(line: ExecutorLine) -> Watch:
    """Return the watch on an executor."""
    return Watch(WatchKind.EXECUTOR, line.executor.executorname, line.executor.executorname)


def queue_watch(queue: Queue) -> Watch:
    """Return the watch on a queue."""
    return Watch(WatchKind.QUEUE, queue.executortype, queue.executortype or "(no type)")


def list_watch(view: View, text: str) -> Watch | None:
    """Return the watch on what a filter of a view lets through; ``None`` without a filter."""
    words = text.strip()
    if not words or view.KEY not in FILTERED_LISTS:
        return None
    return Watch(WatchKind.FILTER, view.KEY, f"{FILTERED_LISTS[view.KEY]} / {words}", filter_text=words)


def filter_reader(context: Context) -> ReadFilter:
    """Return what applies filters to the lists of a session, for who watches them."""
    session = context.session

    def apply(
        text: str, rows: Mapping[str, RowT], fields: Fields[RowT], name: Callable[[RowT], str]
    ) -> FilterRows | None:
        try:
            wanted = parse_filter(text, fields, context.clock)
        except FilterError:
            return None
        shown = {row_id: name(row) for row_id, row in rows.items() if wanted is None or wanted(row)}
        return FilterRows(shown, rows.keys())

    def read(key: str, text: str) -> FilterRows | None:
        if key == "processes":
            if any(each.condition is not Condition.FRESH for each in session.process_lists.values()):
                return None
            return apply(text, session.processes.rows, process_fields(session.executor_name), process_title)
        if session.executors.freshness.condition is not Condition.FRESH:
            return None
        if key == "executors":
            lines = {name: executor_line(session, row) for name, row in session.executors.rows.items()}
            return apply(text, lines, executor_fields(), lambda line: line.executor.executorname)
        if key != "workflows" or session.graphs.freshness.condition is not Condition.FRESH:
            return None
        graphs = {graph_id: workflow_line(session, row) for graph_id, row in session.graphs.rows.rows.items()}
        return apply(text, graphs, workflow_fields(), _workflow_name)

    return read


def _workflow_name(line: WorkflowLine) -> str:
    name, beginning = line.name, short_id(line.graph.processgraphid)
    return name if plain(name) == beginning else f"{name} {beginning}"
