"""Logs: the tail of a process or an executor, beside the list of what can be tailed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from colonies_tui.protocol.errors import ColoniesError
from colonies_tui.protocol.models.log import Log
from colonies_tui.protocol.plaintext import plain
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.freshness import Condition
from colonies_tui.store.log_tail import LogBatch, LogTail
from colonies_tui.store.resource import Changes
from colonies_tui.store.session import process_feed
from colonies_tui.ui.context import Context, Target
from colonies_tui.ui.filter import FilterError, parse_filter
from colonies_tui.ui.filter_shelf import Filterable
from colonies_tui.ui.format.durations import duration, short_age
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.format.numbers import grouped
from colonies_tui.ui.format.states import process_face
from colonies_tui.ui.locator import Locator
from colonies_tui.ui.log_buffer import LogLine
from colonies_tui.ui.notify import say
from colonies_tui.ui.row_diff import diff_rows
from colonies_tui.ui.tables.log_sources import LogSourceLine, log_source_columns, log_source_fields, log_sources
from colonies_tui.ui.tables.processes import process_title, ran_seconds
from colonies_tui.ui.views.log_search import LogSearch
from colonies_tui.ui.views.view import View, Work, explain_table, touches
from colonies_tui.ui.widgets.live_table import LiveTable
from colonies_tui.ui.widgets.log_view import LogView
from colonies_tui.ui.widgets.rule import RulePiece, TitleRule

MAX_FETCHES = 12
"""How many times earlier lines are fetched to come to a line that a search found."""


class LogsView(View):
    """What can be tailed, and the tail of one."""

    KEY = "logs"
    TITLE = "Logs"
    FEEDS = frozenset({"statistics", "executors", process_feed(ProcessState.RUNNING)})
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("L", "earlier", "earlier lines", id="logs.earlier"),
        Binding("ctrl+s", "save", "save", id="logs.save"),
        Binding("d", "process", "process", id="logs.process"),
        Binding("F", "find", "search all logs", id="logs.find"),
    ]

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._rows: Mapping[str, LogSourceLine] = {}
        self._source = ""
        self._tail: LogTail | None = None
        self._said_end = False
        self._said_of_nothing = ("", "")
        self._filters_list = True
        """Whether what is typed filters the list, instead of searching the log."""
        self._wanted_stamp = 0
        """Time of the line to go to as soon as it is loaded, nanoseconds; 0 for none."""
        self._is_seeking = False

    def compose(self) -> ComposeResult:
        with Horizontal():
            with Vertical(id="sources-side"):
                yield TitleRule("Logs", id="sources-rule")
                columns = log_source_columns(self.context.alphabet)
                yield LiveTable(
                    columns,
                    rests_at_top=True,
                    clock=self.context.clock,
                    copies=lambda line: line.id.partition(" ")[2],
                    id="sources",
                )
            with Vertical(id="log-side"):
                yield TitleRule("", id="log-rule")
                yield LogView(id="log")

    @property
    def table(self) -> LiveTable[LogSourceLine]:
        """What can be tailed."""
        return self.query_one("#sources", LiveTable)

    @property
    def log_view(self) -> LogView:
        """The tail."""
        return self.query_one(LogView)

    def on_mount(self) -> None:
        """Nothing is open yet."""
        self.add_class("-list")

    def main_pane(self) -> Widget:
        return self.table if self.has_class("-list") else self.log_view

    def hidden(self) -> None:
        if self._tail is not None:
            self._tail.feed.seen_by.clear()

    def shown(self) -> None:
        if self._tail is not None:
            self._tail.feed.seen_by.add(self)

    def start_over(self) -> None:
        if source := self._source:
            self._stop()
            self._open(source)

    # -- showing ---------------------------------------------------------------------------------------------------

    def apply(self, changes: Mapping[str, Changes] | None) -> None:
        if touches(changes, ("processes", "executors")):
            rows = log_sources(self.session)
            same_order = list(rows) == list(self._rows)
            self.table.update_rows(rows, diff_rows(self._rows, rows) if same_order else None, self.now)
            self._rows = rows
            explain_table(
                self.table,
                self.session.executors.freshness,
                things="logs",
                hint="the first executor or process brings one",
                server=str(self.session.client.address),
                filter_text=self.filter_text,
            )
            pieces = []
            if self.filter_text:
                hidden = f"{grouped(self.table.hidden_count)} hidden"
                pieces = [RulePiece.of(f"/ {plain(self.filter_text)}", "text"), RulePiece.of(hidden, rank=1)]
            self.query_one("#sources-rule", TitleRule).show(f"Logs · {grouped(self.table.row_count)}", pieces)
        self._show_title()

    def tick(self) -> None:
        self.table.tick(self.now)
        self._show_title()

    def _show_title(self) -> None:
        rule = self.query_one("#log-rule", TitleRule)
        self._explain_log()
        if not self._source:
            rule.show("No log is open", [RulePiece.of("enter opens one")])
            return
        view, tail = self.log_view, self._tail
        pieces: list[RulePiece] = []
        if view.search_text:
            pieces.append(RulePiece.of(f"/ {plain(view.search_text)}  {view.search_status}", "text"))
        if view.is_filtered:
            pieces.append(RulePiece.of(f"{view.hidden_count} lines hidden"))
        if tail is not None:
            pieces.append(RulePiece.of(*self._tail_words(tail)))
        rule.show(self._title(), pieces)

    def _explain_log(self) -> None:
        """Say what stands where there are no lines: none is open, loading, forbidden and empty are four things."""
        freshness = None if self._tail is None else self._tail.freshness
        if freshness is None:
            said = ("No log is open", "enter opens the one under the cursor")
        elif freshness.condition is Condition.FORBIDDEN:
            said = ("Not allowed with this key: the log cannot be read", str(freshness.error))
        elif freshness.condition is Condition.FAILED:
            said = ("No answer yet", str(freshness.error))
        else:
            said = ("Loading" if freshness.loaded_at is None else "Nothing logged yet", "")
        if said != self._said_of_nothing:
            self._said_of_nothing = said
            self.log_view.set_message(*said)

    def _tail_words(self, tail: LogTail) -> tuple[str, str]:
        condition = tail.freshness.condition
        if tail.has_ended:
            return "ended", "dim"
        if condition is Condition.FORBIDDEN:
            return "not allowed with this key", "failed"
        if condition in (Condition.STALE, Condition.FAILED):
            return f"no answer: {plain(str(tail.freshness.error))}", "stale"
        if condition is Condition.LOADING:
            return "loading", "dim"
        if not self.log_view.following:
            return "paused", "waiting"
        age = self.now - (tail.freshness.loaded_at or self.now)
        return f"follow · {short_age(age)}", "dim"

    def _title(self) -> str:
        kind, _, object_id = self._source.partition(" ")
        if kind == "executor":
            return plain(object_id)
        row = self.session.processes.get(object_id)
        if row is None:
            return short_id(object_id)
        face = process_face(row.state, self.context.alphabet)
        ran = duration(ran_seconds(row, self.now))
        return f"{plain(process_title(row))} · {short_id(object_id)} · {face.text} {ran}"

    # -- opening ---------------------------------------------------------------------------------------------------

    def open_target(self, target: Target) -> None:
        self._open(f"{target.kind} {target.id}")

    @on(LiveTable.Opened)
    def _opened(self, event: LiveTable.Opened) -> None:
        event.stop()
        with self.moving():
            self._open(event.id)

    def at(self) -> tuple[str, str]:
        kind, _, object_id = (self.opened() or self.table.cursor_id or "").partition(" ")
        return kind, object_id

    def opened(self) -> str:
        return "" if self.has_class("-list") else self._source

    def reopen(self, object_id: str) -> None:
        if object_id:
            self._open(object_id)
        else:
            self.add_class("-list")

    def narrow(self, locator: Locator) -> str | None:
        self._filters_list = True
        return self.set_filter("" if locator.kind else locator.filter)

    def arrived(self, locator: Locator) -> None:
        self.log_view.search(locator.filter)

    def set_filters(self, texts: Mapping[str, str]) -> None:
        self._filters_list = True
        super().set_filters(texts)

    def _open(self, source: str) -> None:
        self.remove_class("-list")
        self.log_view.focus()
        if source == self._source:
            return
        self._stop()
        kind, _, object_id = source.partition(" ")
        self._source, self._said_end = source, False
        self.log_view.clear()
        self.log_view.show_sources = kind == "executor"
        self.log_view.action_end()
        process_id = object_id if kind == "process" else ""
        if process_id:
            self.session.open_process(process_id)
        self._tail = self.session.tail(
            processid=process_id,
            executorname=object_id if kind == "executor" else "",
            on_batch=self._take,
            on_change=self._tail_changed,
        )
        if source in self._rows:
            self.table.move_to(source)
        self._show_title()

    def _stop(self) -> None:
        if self._tail is not None:
            self.session.stop_tail(self._tail)
            self._tail = None
        kind, _, object_id = self._source.partition(" ")
        if kind == "process":
            self.session.close_process(object_id)
        self._source = ""

    def _take(self, batch: LogBatch) -> None:
        by_executor = self._source.startswith("executor ")
        lines = [
            LogLine(
                source=short_id(row.processid) if by_executor else "",
                timestamp_ns=row.timestamp,
                text=row.message,
            )
            for row in batch.rows
        ]
        gap = LogLine("", 0, "lines before these were not fetched: L fetches them", "gap")
        hole = LogLine("", 0, "some lines are missing here: the server cannot be asked for them", "gap")
        if batch.is_earlier:
            before, after = [gap] if batch.gap_before else [], [hole] if batch.gap_after else []
            self.log_view.prepend([*before, *lines, *after])
        elif batch.gap_before:
            self.log_view.append([hole if self.log_view.line_count else gap, *lines])
        else:
            self.log_view.append(lines)
        if self._wanted_stamp and not self._is_seeking:
            work: Work = self._go_to_wanted
            self.run_worker(work, group="wanted log line")

    async def _go_to_wanted(self) -> None:
        """Go to the line that a search found, fetching earlier lines until it is there."""
        if self._is_seeking:
            return
        self._is_seeking = True
        try:
            await self._seek()
        finally:
            self._is_seeking = False

    async def _seek(self) -> None:
        for _ in range(MAX_FETCHES):
            tail = self._tail
            if tail is None or tail.freshness.loaded_at is None:
                return  # another log was opened meanwhile: its first lines lead here again
            if self.log_view.go_to_stamp(self._wanted_stamp):
                break
            if not tail.has_earlier:
                say(self.app, "the line is not in this log any more", "warning")
                break
            try:
                await tail.load_earlier()
            except ColoniesError as error:
                say(self.app, f"earlier lines were not fetched: {error}", "error")
                break
        else:
            if not self.log_view.go_to_stamp(self._wanted_stamp):
                say(self.app, "the line is further up: L fetches more", "warning")
        self._wanted_stamp = 0

    def _tail_changed(self) -> None:
        tail = self._tail
        if tail is not None and tail.has_ended and not self._said_end:
            self._said_end = True
            row = self.session.processes.get(self._source.partition(" ")[2])
            if row is not None:
                face = process_face(row.state, self.context.alphabet)
                ran = duration(ran_seconds(row, self.now))
                self.log_view.append([LogLine("", 0, f"ended: {face.word} after {ran}", "note")])
        self._show_title()

    def go_back(self) -> bool:
        if self._source and not self.has_class("-list"):
            self.add_class("-list")
            self.table.focus()
            return True
        if self.filter_text:
            self._filters_list = True
            self.set_filter("")
            return True
        return False

    # -- keys ------------------------------------------------------------------------------------------------------

    def can_filter(self) -> bool:
        self._filters_list = self.table.has_focus
        return True

    def typed_filter(self) -> str:
        return self.filter_text if self._filters_list else self.log_view.search_text

    def set_filter(self, text: str) -> str | None:
        if not self._filters_list:
            self.log_view.search(text)
            return None
        try:
            self.table.set_filter(parse_filter(text, log_source_fields(), self.context.clock))
        except FilterError as error:
            return str(error)
        self.filter_text = text.strip()
        self.apply(None)
        return None

    def filterable(self) -> Filterable | None:
        return Filterable(self.KEY, log_source_fields(), self._rows.values()) if self._filters_list else None

    def filter_names(self) -> Sequence[str]:
        return log_source_fields().names

    @on(LogView.SearchChanged)
    def _search_changed(self) -> None:
        self._show_title()

    def reason_against(self, action: str) -> str | None:
        if action == "find":
            return None
        if not self._source:
            return "no log is open"
        if action == "earlier" and (self._tail is None or not self._tail.has_earlier):
            return "all earlier lines are here already"
        if action == "process" and not self._source.startswith("process "):
            return "this is the log of an executor, not of one process"
        return None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what cannot be done now."""
        if action in ("earlier", "save", "process"):
            return None if self.reason_against(action) else True
        return True

    def action_find(self) -> None:
        """Search all logs of the colony."""
        self.run_worker(self._find(), group="log search", exclusive=True)

    async def _find(self) -> None:
        found = await self.app.push_screen_wait(LogSearch(self.context))
        if found is not None:
            self.show_hit(*found)

    def show_hit(self, log: Log, text: str) -> None:
        """Open the log of a hit at its line, with the text searched for in it."""
        source = f"process {log.processid}" if log.processid else f"executor {log.executorname}"
        is_open = source == self._source
        with self.moving():
            self._open(source)
        self.log_view.search(text)
        self._wanted_stamp = log.timestamp
        if is_open:
            work: Work = self._go_to_wanted
            self.run_worker(work, group="wanted log line")

    def action_earlier(self) -> None:
        """Fetch lines that stand before those shown."""
        self.run_worker(self._load_earlier(), group="earlier log lines", exclusive=True)

    async def _load_earlier(self) -> None:
        if self._tail is None:
            return
        try:
            await self._tail.load_earlier()
        except ColoniesError as error:
            say(self.app, f"earlier lines were not fetched: {error}", "error")
        self.refresh_bindings()

    def action_process(self) -> None:
        """Go to the process whose log this is."""
        self.post_message(self.Go(Target("processes", "process", self._source.partition(" ")[2])))

    def action_save(self) -> None:
        """Write the log, as it was sent, to a file in the working directory."""
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", self._source.replace("process ", ""))[:40]
        stamp = datetime.fromtimestamp(self.now, UTC).astimezone().strftime("%Y%m%d-%H%M%S")
        path = Path.cwd() / f"{name}-{stamp}.log"
        try:
            count = self.log_view.save(path)
        except OSError as error:
            say(self.app, f"the log was not saved: {error.strerror}", "error")
        else:
            say(self.app, f"{count} messages saved to {path}", "information")
