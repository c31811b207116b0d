"""Search over all logs of a colony: what was found, grouped, and the way to a hit in its own log."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from colonies_tui.protocol.errors import ColoniesError
from colonies_tui.protocol.messages.log import MAX_SEARCH_COUNT, MAX_SEARCH_DAYS
from colonies_tui.protocol.models.log import Log
from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.reads import search_logs
from colonies_tui.ui.context import Context
from colonies_tui.ui.filter import FilterError, parse_filter
from colonies_tui.ui.filter_shelf import Filterable
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.format.numbers import counted, grouped
from colonies_tui.ui.tables.log_hits import HitLine, hit_columns, hit_fields, hit_lines
from colonies_tui.ui.tables.processes import process_title
from colonies_tui.ui.widgets.filter_bar import FilterBar
from colonies_tui.ui.widgets.live_table import LiveTable
from colonies_tui.ui.widgets.rule import RulePiece, TitleRule


class LogSearch(ModalScreen[tuple[Log, str] | None]):
    """Asks the server for a text in all logs; returns the chosen hit with the text, or ``None``."""

    DEFAULT_CSS = """
    LogSearch {
        align: center middle;
        background: $background 60%;
        & > Vertical { width: 96%; height: 86%; background: $background; border: solid $text-faint; padding: 0 1; }
        & #wanted { height: 1; border: none; padding: 0 1; background: $panel; margin-bottom: 1; }
        & LiveTable { height: 1fr; width: 1fr; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "leave", show=False, id="log-search.leave"),
        Binding("down", "hits", "hits", show=False, id="log-search.hits"),
        Binding("slash", "filter", "filter", key_display="/", id="log-search.filter"),
    ]

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.console_context = context
        self._text = ""
        self._lines: dict[str, HitLine] = {}
        self._filter = ""
        self._found = ""
        """What the server found, in words."""

    def compose(self) -> ComposeResult:
        with Vertical():
            yield TitleRule("Search all logs of the colony")
            yield Input(id="wanted", placeholder="text as it stands in the log; enter searches", compact=True)
            yield LiveTable(hit_columns(""), clock=self.console_context.clock, id="hits")
            yield FilterBar()

    def on_mount(self) -> None:
        """Begin with what to search for."""
        self.query_one("#wanted", Input).focus()
        words = "type a text and press enter"
        self.query_one("#hits", LiveTable).set_message("empty", "Nothing was searched for yet", words)

    @on(Input.Submitted, "#wanted")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        text = event.value
        if text:
            self.run_worker(self._search(text), group="log search", exclusive=True)

    async def _search(self, text: str) -> None:
        rule = self.query_one(TitleRule)
        rule.show("Search all logs of the colony", [RulePiece.of("searching")])
        session = self.console_context.session
        try:
            rows = await search_logs(session, text, MAX_SEARCH_DAYS)
        except ColoniesError as error:
            rule.show("Search all logs of the colony", [RulePiece.of(plain(str(error)), "failed")])
            return
        self._text = text
        self._lines = hit_lines(rows, text, self._process_name())
        table: LiveTable[HitLine] = LiveTable(
            hit_columns(text),
            clock=self.console_context.clock,
            copies=lambda line: line.log.processid or line.log.executorname,
        )
        await self.query_one(LiveTable).remove()
        await self.query_one(Vertical).mount(table, before=self.query_one(FilterBar))
        words = f"the last {MAX_SEARCH_DAYS} days were searched; upper and lower case differ"
        table.set_message("empty", "Nothing was found", words)
        table.update_rows(self._lines, None, self.console_context.clock())
        found = counted(len(rows), "hit")
        more = f"first {found}: there may be more" if len(rows) >= MAX_SEARCH_COUNT else found
        self._found, self._filter = more, ""
        self._show_title()
        if rows:
            table.focus()

    def _show_title(self) -> None:
        pieces = []
        if self._filter:
            hidden = f"{grouped(self.query_one(LiveTable).hidden_count)} hidden"
            pieces = [RulePiece.of(f"/ {plain(self._filter)}", "text"), RulePiece.of(hidden, rank=1)]
        title = f"Search all logs of the colony · {plain(self._text)}"
        self.query_one(TitleRule).show(title, [*pieces, RulePiece.of(self._found)])

    def _process_name(self) -> Callable[[str], str]:
        session = self.console_context.session

        def name(process_id: str) -> str:
            row = session.processes.get(process_id)
            return f"{process_title(row) if row is not None else 'process'} {short_id(process_id)}"

        return name

    @on(LiveTable.Opened)
    def _opened(self, event: LiveTable.Opened) -> None:
        event.stop()
        self.dismiss((self._lines[event.id].log, self._text))

    def action_filter(self) -> None:
        """Type a filter for the hits."""
        if self._lines:
            filterable = Filterable("hits", hit_fields(), self._lines.values())
            self.query_one(FilterBar).open(self._filter, filterable, self.console_context.shelf)

    @on(FilterBar.FilterChanged)
    def _filter_changed(self, event: FilterBar.FilterChanged) -> None:
        event.stop()
        event.bar.note(self._set_filter(event.text))

    @on(FilterBar.Closed)
    def _filter_closed(self, event: FilterBar.Closed) -> None:
        event.stop()
        self._set_filter(event.text)
        self.query_one(LiveTable).focus()

    def _set_filter(self, text: str) -> str:
        """Show only hits that a filter lets through; return what is wrong with it, if anything."""
        try:
            wanted = parse_filter(text, hit_fields(), self.console_context.clock)
        except FilterError as error:
            return str(error)
        table: LiveTable[HitLine] = self.query_one(LiveTable)
        table.set_filter(wanted)
        self._filter = text.strip()
        if self._filter:
            table.set_message("filtered", "No hits match", f"{table.hidden_count} are hidden; / changes the filter")
        self._show_title()
        return ""

    def action_hits(self) -> None:
        """Go to the hits."""
        self.query_one(LiveTable).focus()

    def action_leave(self) -> None:
        """Back to what is to be searched for, then away."""
        if self._filter:
            self._set_filter("")
        elif self.query_one(LiveTable).has_focus:
            self.query_one("#wanted", Input).focus()
        else:
            self.dismiss(None)
