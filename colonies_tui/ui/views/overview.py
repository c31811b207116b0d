"""Overview: is all well? Counters with their short history, the queue of each executor type, the latest failures."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget

from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.plaintext import plain
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.cascade import first_with_error
from colonies_tui.store.executor_condition import ExecutorCondition, heard_at
from colonies_tui.store.queues import Queue
from colonies_tui.store.resource import Changes
from colonies_tui.store.session import process_feed
from colonies_tui.store.waiting_facts import head_of_queue
from colonies_tui.store.watch import Watch, WatchKind
from colonies_tui.ui.context import Context, Target
from colonies_tui.ui.filter import Fields
from colonies_tui.ui.format.durations import short_age
from colonies_tui.ui.format.numbers import grouped, per_minute
from colonies_tui.ui.locator import Locator
from colonies_tui.ui.row_diff import diff_rows
from colonies_tui.ui.tables.failures import failure_columns
from colonies_tui.ui.tables.processes import happened_at, process_fields
from colonies_tui.ui.tables.queues import queue_columns, queue_fields
from colonies_tui.ui.views import explain
from colonies_tui.ui.views.several_lists import SeveralLists
from colonies_tui.ui.views.view import Work, explain_table, touches
from colonies_tui.ui.watch_targets import process_watch, queue_watch
from colonies_tui.ui.watch_toggle import watch_bindings
from colonies_tui.ui.widgets.counter_board import Block, Counter, CounterBoard
from colonies_tui.ui.widgets.live_table import LiveTable
from colonies_tui.ui.widgets.rule import RulePiece, TitleRule
from colonies_tui.ui.widgets.sparkline import spark

SHOWN_FAILURES = 100
HISTORY_SECONDS = 180.0
HISTORY_POINTS = 9
FAILURE_SECONDS = 300.0

_EXECUTOR_ROWS = (
    ExecutorCondition.APPROVED,
    ExecutorCondition.PENDING,
    ExecutorCondition.STALE,
    ExecutorCondition.REJECTED,
    ExecutorCondition.GONE,
)


class OverviewView(SeveralLists):
    """Health at a glance; everything shown can be jumped to."""

    KEY = "overview"
    TITLE = "Overview"
    FEEDS = frozenset(
        {"statistics", "executors", "pause"}
        | {process_feed(s) for s in (ProcessState.WAITING, ProcessState.RUNNING, ProcessState.FAILED)}
    )
    WATCHED = {"queues": WatchKind.QUEUE, "failures": WatchKind.PROCESS}
    BINDINGS: ClassVar[list[BindingType]] = [
        *watch_bindings("overview"),
        Binding("a", "pending", "approve", id="overview.pending"),
        Binding("l", "logs", "logs", id="overview.logs"),
        Binding("X", "explain", "why", id="overview.explain"),
    ]

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._failures: dict[str, ProcessRow] = {}
        self._queues: dict[str, Queue] = {}
        self._first: dict[str, str] = {}
        """What failed first, by workflow."""

    def compose(self) -> ComposeResult:
        session, alphabet = self.session, self.context.alphabet
        yield CounterBoard(id="counters")
        yield TitleRule("Queues", id="queues-rule")
        yield LiveTable(queue_columns(alphabet), rests_at_top=True, clock=self.context.clock, id="queues")
        yield TitleRule("Latest failures", id="failures-rule")
        failures = failure_columns(session.executor_name, alphabet, lambda graph_id: self._first.get(graph_id, ""))
        yield LiveTable(failures, rests_at_top=True, clock=self.context.clock, id="failures")

    @property
    def queue_table(self) -> LiveTable[Queue]:
        """The queues."""
        return self.query_one("#queues", LiveTable)

    @property
    def failure_table(self) -> LiveTable[ProcessRow]:
        """The failures."""
        return self.query_one("#failures", LiveTable)

    def main_pane(self) -> Widget:
        return self.queue_table

    def apply(self, changes: Mapping[str, Changes] | None) -> None:
        if touches(changes, ("statistics", "executors", "processes")):
            self._show_counters()
        if touches(changes, ("processes", "executors", "pause", "statistics")):
            self._show_queues()
        if touches(changes, ("processes", "executors")):
            self._show_failures()

    def tick(self) -> None:
        self._show_counters()
        self._show_queues()
        self.failure_table.tick(self.now)

    # -- counters --------------------------------------------------------------------------------------------------

    def _show_counters(self) -> None:
        self.query_one(CounterBoard).show((self._process_block(), self._workflow_block(), self._executor_block()))

    def _process_block(self) -> Block:
        session, alphabet, now = self.session, self.context.alphabet, self.now
        history, counters = session.history, session.counters
        failures = history.change("failedprocesses", now, FAILURE_SECONDS)
        waiting_rate = history.change("waitingprocesses", now, 60.0)

        def line(word: str, name: str, *, gains: bool, note: str = "", note_role: str = "dim") -> Counter:
            points = HISTORY_POINTS
            values = (history.gains if gains else history.values)(name, now, HISTORY_SECONDS, points)
            return Counter(
                glyph=getattr(alphabet, word),
                word=word,
                role=word,
                number=grouped(None if counters is None else getattr(counters, name)),
                history=spark(values, points, alphabet) if len(values) > 1 else "",
                note=note,
                note_role=note_role,
                is_loud=word == "failed" and bool(failures),
            )

        grows = f"{waiting_rate:+.0f} in 1m" if waiting_rate else ""
        fails = f"+{failures:.0f} in 5m" if failures else ""
        done = history.per_minute("successfulprocesses", now)
        return Block(
            "Processes",
            (
                line("waiting", "waitingprocesses", gains=False, note=grows),
                line("running", "runningprocesses", gains=False),
                line("success", "successfulprocesses", gains=True, note=per_minute(done) if done else ""),
                line("failed", "failedprocesses", gains=True, note=fails, note_role="failed"),
                line("cancelled", "cancelledprocesses", gains=True),
            ),
        )

    def _workflow_block(self) -> Block:
        alphabet, counters = self.context.alphabet, self.session.counters
        names = {
            "waiting": "waitingworkflows",
            "running": "runningworkflows",
            "success": "successfulworkflows",
            "failed": "failedworkflows",
            "cancelled": "cancelledworkflows",
        }
        lines = (
            Counter(getattr(alphabet, word), word, word, grouped(None if counters is None else getattr(counters, name)))
            for word, name in names.items()
        )
        return Block("Workflows", tuple(lines))

    def _executor_block(self) -> Block:
        session, alphabet = self.session, self.context.alphabet
        counts = dict.fromkeys(_EXECUTOR_ROWS, 0)
        stalest: tuple[float, str] | None = None
        for executor in session.executors.rows.values():
            condition = session.executor_condition(executor)
            counts[condition] += 1
            at = heard_at(executor)
            if condition is ExecutorCondition.STALE and at is not None and (stalest is None or at < stalest[0]):
                stalest = (at, executor.executorname)
        known = session.executors.freshness.can_show_rows
        notes = {ExecutorCondition.PENDING: "approve: a"} if counts[ExecutorCondition.PENDING] else {}
        if stalest is not None:
            notes[ExecutorCondition.STALE] = f"{plain(stalest[1])}, {short_age(self.now - stalest[0])}"
        loud = (ExecutorCondition.PENDING, ExecutorCondition.STALE)
        lines = (
            Counter(
                getattr(alphabet, condition.value),
                condition.value,
                condition.value,
                grouped(counts[condition]) if known else alphabet.none,
                note=notes.get(condition, ""),
                note_role=condition.value,
                is_loud=condition in loud and counts[condition] > 0,
            )
            for condition in _EXECUTOR_ROWS
        )
        return Block("Executors", tuple(lines))

    # -- tables ----------------------------------------------------------------------------------------------------

    def _show_queues(self) -> None:
        rows = {queue.executortype: queue for queue in self.session.queues()}
        table = self.queue_table
        same_order = list(rows) == list(self._queues)
        table.update_rows(rows, diff_rows(self._queues, rows) if same_order else None, self.now)
        self._queues = rows
        explain_table(
            table,
            self.session.process_lists[ProcessState.WAITING],
            things="queues",
            hint="a queue appears with the first executor or process of a type",
            server=str(self.session.client.address),
            filter_text=self.filter_of("queues"),
        )
        blocked = sum(queue.is_blocked for queue in rows.values())
        pieces = [RulePiece.of(f"{blocked} blocked", "waiting")] if blocked else []
        self.query_one("#queues-rule", TitleRule).show("Queues", [*self.filter_pieces("queues"), *pieces])

    def _show_failures(self) -> None:
        session = self.session
        known = (session.processes.get(row_id) for row_id in session.book.in_state(ProcessState.FAILED))
        failed = [row for row in known if row is not None]
        newest = heapq.nlargest(SHOWN_FAILURES, failed, key=lambda row: happened_at(row) or 0.0)
        rows = {row.processid: row for row in newest}
        table = self.failure_table
        first = {graph_id: plain(row.nodename or row.funcname) for graph_id, row in first_with_error(failed).items()}
        is_same = list(rows) == list(self._failures) and first == self._first
        self._first = first
        table.update_rows(rows, diff_rows(self._failures, rows) if is_same else None, self.now)
        self._failures = rows
        explain_table(
            table,
            session.process_lists[ProcessState.FAILED],
            things="failures",
            hint="nothing has failed in this colony, as far as the server remembers",
            server=str(session.client.address),
            filter_text=self.filter_of("failures"),
        )
        self.query_one("#failures-rule", TitleRule).show("Latest failures", self.filter_pieces("failures"))

    def list_fields(self) -> Mapping[str, Fields[Any]]:
        return {"queues": queue_fields(), "failures": process_fields(self.session.executor_name)}

    def go_back(self) -> bool:
        return self.clear_filter()

    def here(self) -> Locator:
        colony = self.session.colony
        if self.queue_table.has_focus and self.queue_table.cursor_id:
            return Locator(colony, "processes", "type", self.queue_table.cursor_id)
        if self.failure_table.has_focus and self.failure_table.cursor_id:
            return Locator(colony, "processes", "process", self.failure_table.cursor_id)
        return Locator(colony, self.KEY)

    # -- keys ------------------------------------------------------------------------------------------------------

    def _to_explain(self) -> ProcessRow | None:
        """Return the failure under the cursor, or the first process of the queue under the cursor."""
        if self.failure_table.has_focus:
            return self.failure_table.cursor_row
        kind = self.queue_table.cursor_id
        return None if kind is None else head_of_queue(self.session, kind)

    def reason_against(self, action: str) -> str | None:
        if action != "explain":
            return None
        if self.failure_table.has_focus:
            return explain.reason_against(self.session, self.failure_table.cursor_row)
        queue = self.queue_table.cursor_row
        return None if queue is not None and queue.waiting else "nothing waits in this queue"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what cannot be done with the row under the cursor."""
        return None if action == "explain" and self.is_mounted and self.reason_against(action) else True

    def action_explain(self) -> None:
        """Explain the failure under the cursor, or why the first process of the queue under the cursor waits."""
        row = self._to_explain()
        if row is not None:
            work: Work = partial(explain.explain, self, row)
            self.run_worker(work, group="explain", exclusive=True)

    @on(LiveTable.CursorMoved)
    def _cursor_moved(self, event: LiveTable.CursorMoved) -> None:
        event.stop()
        self.refresh_bindings()

    @on(LiveTable.Opened)
    def _open(self, event: LiveTable.Opened) -> None:
        event.stop()
        table: LiveTable[Any] = event.table
        if table is self.queue_table:
            self.post_message(self.Go(Target("processes", "type", event.id)))
        else:
            self.post_message(self.Go(Target("processes", "process", event.id)))

    def watch_targets(self) -> Sequence[Watch]:
        if self.failure_table.has_focus:
            row = self.failure_table.cursor_row
            return [] if row is None else [process_watch(row)]
        queue = self.queue_table.cursor_row
        return [] if queue is None else [queue_watch(queue)]

    def action_pending(self) -> None:
        """Go to the executors that wait for approval."""
        self.post_message(self.Go(Target("executors", "pending")))

    def action_logs(self) -> None:
        """Go to the log of the failure under the cursor."""
        row_id = self.failure_table.cursor_id
        if row_id is not None:
            self.post_message(self.Go(Target("logs", "process", row_id)))
