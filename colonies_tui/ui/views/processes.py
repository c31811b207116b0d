"""Processes: one table over all states, with the process under the cursor in full beside it or over it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.plaintext import plain
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.freshness import Freshness
from colonies_tui.store.resource import Changes
from colonies_tui.store.session import PROCESS_FEEDS
from colonies_tui.store.waits_for import WaitsFor
from colonies_tui.store.watch import Watch, WatchKind
from colonies_tui.ui.context import Context, Target
from colonies_tui.ui.details.process import process_sections
from colonies_tui.ui.document import Section
from colonies_tui.ui.filter import FilterError, exactly, parse_filter
from colonies_tui.ui.filter_shelf import Filterable
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.format.numbers import grouped, of_total
from colonies_tui.ui.format.states import StateFace, process_face
from colonies_tui.ui.rest import Rest
from colonies_tui.ui.spans import Span
from colonies_tui.ui.tables.processes import process_columns, process_fields, process_title
from colonies_tui.ui.views import explain, process_actions
from colonies_tui.ui.views.bulk import marked_rows, reason_for_all, row_to_act_on
from colonies_tui.ui.views.log_preview import LogPreview
from colonies_tui.ui.views.view import WIDE, View, Work, explain_table, touches
from colonies_tui.ui.watch_targets import list_watch, process_watch
from colonies_tui.ui.watch_toggle import watch_bindings
from colonies_tui.ui.widgets.detail import DetailPane
from colonies_tui.ui.widgets.live_table import LiveTable
from colonies_tui.ui.widgets.rule import RulePiece, TitleRule
from colonies_tui.ui.widgets.tabs_states import StateTab, StateTabs

ALL = "all"
MAX_SUBSCRIBED = 12
"""Most processes on the screen that are subscribed to one by one, where nothing better is safe."""


class ProcessesView(View):
    """Every process that is known, by state, with its detail and its log."""

    KEY = "processes"
    TITLE = "Processes"
    FEEDS = frozenset({"statistics", "executors", "pause", "strays"} | PROCESS_FEEDS)
    WATCHED = {"processes": WatchKind.PROCESS}
    BINDINGS: ClassVar[list[BindingType]] = [
        *watch_bindings("processes", with_filter=True),
        Binding("l", "logs", "logs", id="processes.logs"),
        Binding("tab", "state(1)", "next state", id="processes.next-state"),
        Binding("shift+tab", "state(-1)", "previous state", id="processes.previous-state", show=False),
        Binding("right", "state(1)", "next state", id="processes.right", show=False),
        Binding("left", "state(-1)", "previous state", id="processes.left", show=False),
        Binding("X", "explain", "why", id="processes.explain"),
        Binding("e", "executor", "executor", id="processes.executor"),
        Binding("c", "channels", "channels", id="processes.channels", show=False),
        Binding("n", "submit", "new", id="processes.submit"),
        Binding("R", "resubmit", "resubmit", id="processes.resubmit"),
        Binding("C", "cancel", "cancel", id="processes.cancel"),
        Binding("D", "remove", "remove", id="processes.remove"),
        Binding("ctrl+x", "remove_all", "remove all", show=False, id="processes.remove-all"),
    ]

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._state: ProcessState | None = None
        self._shown_id = ""
        self._fields = process_fields(self.session.executor_name)
        self._filter: Callable[[ProcessRow], bool] | None = None
        self._waits_for: WaitsFor | None = None
        self._rest = Rest(self, self._follow_cursor)

    def compose(self) -> ComposeResult:
        yield StateTabs(self._tabs(), active=ALL)
        with Horizontal():
            with Vertical(id="process-list"):
                yield TitleRule("Processes", id="processes-rule")
                yield LiveTable(
                    process_columns(self.session.executor_name, self.context.alphabet, self._what_it_waits_for),
                    sort=("age", False),
                    clock=self.context.clock,
                    id="processes",
                )
            with Vertical(id="process-side"):
                yield TitleRule("", id="process-rule")
                yield DetailPane(id="process-detail")
                yield LogPreview(self.session, id="process-log")

    @property
    def table(self) -> LiveTable[ProcessRow]:
        """The list."""
        return self.query_one("#processes", LiveTable)

    @property
    def detail(self) -> DetailPane:
        """The process in full."""
        return self.query_one("#process-detail", DetailPane)

    def main_pane(self) -> Widget:
        return self.detail if self.has_class("-detail") else self.table

    # -- showing ---------------------------------------------------------------------------------------------------

    def _what_it_waits_for(self, row: ProcessRow) -> str:
        return "" if self._waits_for is None else self._waits_for.words(row)

    def apply(self, changes: Mapping[str, Changes] | None) -> None:
        session = self.session
        if touches(changes, ("executors", "pause")):
            self._waits_for = WaitsFor.of(session)
        if touches(changes, ("statistics", "processes")):
            self.query_one(StateTabs).show(self._tabs())
        if changes is None or "executors" in changes:
            self.table.update_rows(session.processes.snapshot(), None, self.now)
        elif "processes" in changes:
            self.table.update_rows(session.processes.snapshot(), changes["processes"].rows, self.now)
        self._explain()
        self._show_title()
        if touches(changes, ("open processes", "executors")):
            self._show_detail()
        if touches(changes, ("processes",)):
            self._tell_what_is_on_screen()

    def tick(self) -> None:
        self._waits_for = WaitsFor.of(self.session)
        self.table.tick(self.now)
        self._show_title()
        if self._shown_id:
            self._show_detail()

    def _freshness(self) -> Freshness:
        lists = self.session.process_lists
        return lists[self._state if self._state is not None else ProcessState.RUNNING]

    def _explain(self) -> None:
        word = "" if self._state is None else process_face(self._state).word + " "
        explain_table(
            self.table,
            self._freshness(),
            things=f"{word}processes",
            hint="they appear here as soon as the server has some",
            server=str(self.session.client.address),
            filter_text=self.filter_text,
        )

    def _tabs(self) -> list[StateTab]:
        session = self.session
        counts = {state: session.total(state) for state in ProcessState}
        known = [count for count in counts.values() if count is not None]
        tabs = [StateTab(ALL, StateFace("∗", "all", "text"), sum(known) if known else None)]
        tabs.extend(
            StateTab(state.name.lower(), process_face(state, self.context.alphabet), counts[state])
            for state in ProcessState
        )
        return tabs

    def _total(self) -> int | None:
        if self._state is not None:
            return self.session.total(self._state)
        counts = [self.session.total(state) for state in ProcessState]
        return None if any(count is None for count in counts) else sum(count or 0 for count in counts)

    def _show_title(self) -> None:
        table = self.table
        word = "Processes" if self._state is None else process_face(self._state, self.context.alphabet).word
        known = table.row_count
        pieces = []
        if self.filter_text:
            pieces.append(RulePiece.of(f"/ {plain(self.filter_text)}", "text"))
            pieces.append(RulePiece.of(f"{grouped(self._hidden_by_filter())} hidden", rank=1))
            title = f"{word} · {grouped(known)} shown"
        else:
            title = f"{word} · {of_total(known, self._total())}"
        if table.marks:
            pieces.append(RulePiece.of(f"{len(table.marks)} marked", "text"))
        self.query_one("#processes-rule", TitleRule).show(title, pieces)

    def _hidden_by_filter(self) -> int:
        session = self.session
        known = len(session.processes) if self._state is None else len(tuple(session.book.in_state(self._state)))
        return known - self.table.row_count

    def _tell_what_is_on_screen(self) -> None:
        ids = self.table.visible_ids()
        first = int(self.table.scroll_offset.y)
        self.session.look_at_processes(ids[first : first + MAX_SUBSCRIBED])

    # -- state tabs and filter -------------------------------------------------------------------------------------

    @on(StateTabs.Chosen)
    def _state_chosen(self, event: StateTabs.Chosen) -> None:
        event.stop()
        self._show_state(self.query_one(StateTabs).active)

    def _show_state(self, key: str) -> None:
        self.query_one(StateTabs).choose(key)
        state = None if key == ALL else ProcessState[key.upper()]
        if state is not self._state:
            self._state = state
            self._apply_filter()

    def action_state(self, step: int) -> None:
        """Show the next state."""
        self.query_one(StateTabs).move(step)

    def can_filter(self) -> bool:
        return True

    def filterable(self) -> Filterable:
        return Filterable(self.KEY, self._fields, self.table.rows.values())

    def filter_names(self) -> Sequence[str]:
        return self._fields.names

    def set_filter(self, text: str) -> str | None:
        try:
            self._filter = parse_filter(text, self._fields, self.context.clock)
        except FilterError as error:
            return str(error)
        self.filter_text = text.strip()
        self._apply_filter()
        return None

    def _apply_filter(self) -> None:
        state, wanted = self._state, self._filter
        if state is None:
            self.table.set_filter(wanted)
        elif wanted is None:
            self.table.set_filter(lambda row: row.state is state)
        else:
            self.table.set_filter(lambda row: row.state is state and wanted(row))
        self._explain()
        self._show_title()

    # -- detail ----------------------------------------------------------------------------------------------------

    def open_target(self, target: Target) -> None:
        if target.kind == "process":
            self._show_state(ALL)
            if not self.table.move_to(target.id) and self.filter_text:
                self.set_filter("")
                self.table.move_to(target.id)
            self._show_process(target.id)
            self._enter_detail()
        elif target.kind == "type":
            self.set_filter(exactly("type", target.id))
            self._show_state("waiting")
        elif target.kind == "executor":
            self.set_filter(exactly("executor", target.id))
            self._show_state(ALL)
        elif target.kind == "state":
            self._show_state(target.id)

    @on(LiveTable.CursorMoved)
    def _cursor_moved(self, event: LiveTable.CursorMoved) -> None:
        event.stop()
        if self.is_wide and not self._shown_id:
            self._follow_cursor()
        else:
            self._rest.moved()

    @on(LiveTable.MarksChanged)
    def _marks_changed(self, event: LiveTable.MarksChanged) -> None:
        event.stop()
        self._show_title()
        self.refresh_bindings()

    def _follow_cursor(self) -> None:
        """Show the process under the cursor beside the list, and what can be done with it."""
        if self.is_wide and not self.has_class("-detail"):
            self._show_process(self.table.cursor_id or "")
        self.refresh_bindings()

    @on(LiveTable.Opened)
    def _opened(self, event: LiveTable.Opened) -> None:
        event.stop()
        with self.moving():
            self._show_process(event.id)
            self._enter_detail()

    @property
    def is_wide(self) -> bool:
        """Whether the detail stands beside the list."""
        return self.size.width >= WIDE

    def on_resize(self, event: events.Resize) -> None:
        """Put the detail beside the list, or over it."""
        self.set_class(self.is_wide, "-wide")
        if self.is_wide and not self._shown_id:
            self._show_process(self.table.cursor_id or "")
        elif not self.is_wide and not self.has_class("-detail"):
            self._show_process("")

    def start_over(self) -> None:
        self.query_one(LogPreview).start_over()

    def _enter_detail(self) -> None:
        self.add_class("-detail")
        self.detail.focus()

    def _show_process(self, process_id: str) -> None:
        if process_id == self._shown_id:
            return
        if self._shown_id:
            self.session.close_process(self._shown_id)
        self._shown_id = process_id
        if process_id:
            self.session.open_process(process_id)
        self.query_one(LogPreview).follow(process_id)
        self._show_detail(from_top=True)

    def _show_detail(self, *, from_top: bool = False) -> None:
        rule = self.query_one("#process-rule", TitleRule)
        process = self.session.open_processes.get(self._shown_id)
        row = self.session.processes.get(self._shown_id)
        if not self._shown_id:
            rule.show("No process")
            self.detail.show([])
            return
        rule.show(f"{plain(process_title(row)) if row else 'process'} · {short_id(self._shown_id)}")
        if process is None:
            words = "loading" if row is not None else "the server does not know this process any more"
            self.detail.show([Section("", (), ((self._span(words),),))], from_top=from_top)
            return
        sections = process_sections(process, self.now, self.session.executor_name, self.context.alphabet)
        self.detail.show(sections, from_top=from_top)

    @staticmethod
    def _span(words: str) -> Span:
        return Span(words, "dim")

    def at(self) -> tuple[str, str]:
        return "process", (self._shown_id if self.has_class("-detail") else self.table.cursor_id) or ""

    def opened(self) -> str:
        return self._shown_id if self.has_class("-detail") else ""

    def reopen(self, object_id: str) -> None:
        if object_id or not self.is_wide:
            self._show_process(object_id)
        self.set_class(bool(object_id), "-detail")

    def state_key(self) -> str:
        return "" if self._state is None else self._state.name.lower()

    def show_state(self, key: str) -> None:
        self._show_state(key or ALL)

    def go_back(self) -> bool:
        if self.has_class("-detail"):
            self.remove_class("-detail")
            if not self.is_wide:
                self._show_process("")
            self.table.focus()
            return True
        if self.filter_text:
            self.set_filter("")
            return True
        return False

    def hidden(self) -> None:
        self.session.look_at_processes(())

    def copied(self) -> str:
        return self._shown_id if self.has_class("-detail") else self.table.copied

    # -- keys ------------------------------------------------------------------------------------------------------

    def _chosen(self) -> ProcessRow | None:
        if self.has_class("-detail"):
            return self.session.processes.get(self._shown_id)
        return self.table.cursor_row

    def _marked(self) -> list[ProcessRow]:
        """Return the marked processes, when there are several and the list is what one looks at."""
        if self.has_class("-detail"):
            return []
        return list(marked_rows(self.table).values())

    def _target(self) -> ProcessRow | None:
        """Return the only marked process, or the one under the cursor."""
        return self._chosen() if self.has_class("-detail") else row_to_act_on(self.table)

    def watch_targets(self) -> Sequence[Watch]:
        if self.table.marks and not self.has_class("-detail"):
            rows = [row for row_id in self.table.marks if (row := self.session.processes.get(row_id)) is not None]
        else:
            rows = [row for row in (self._chosen(),) if row is not None]
        return [process_watch(row) for row in rows]

    def filter_watch(self) -> Watch | None:
        words = [self.filter_text] if self.filter_text else []
        if self._state is not None:
            words.append(exactly("state", process_face(self._state).word))
        return list_watch(self, " ".join(words))

    def reason_against(self, action: str) -> str | None:
        row = self._chosen()
        if action in process_actions.VERBS:
            if action in ("cancel", "remove"):
                if marked := self._marked():
                    reasons = [process_actions.reason_against(self.session, action, one) for one in marked]
                    return reason_for_all(action, "processes", reasons)
                row = self._target()
            return process_actions.reason_against(self.session, action, row)
        if action == "explain":
            return explain.reason_against(self.session, row)
        if row is None and not (action == "watch" and self.table.marks):
            return "there is no process under the cursor"
        if action == "executor" and row is not None and not row.assignedexecutorid:
            return "no executor has taken this process"
        return None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what cannot be done with the process under the cursor."""
        if action in ("logs", "explain", "executor", "channels", "watch", *process_actions.VERBS):
            return None if self.is_mounted and self.reason_against(action) else True
        return True

    def action_submit(self) -> None:
        """Write a process and submit it."""
        self.run_worker(process_actions.submit(self), group="process", exclusive=True)

    def action_resubmit(self) -> None:
        """Submit the process under the cursor again, edited or as it was."""
        row = self._chosen()
        if row is not None:
            self.run_worker(process_actions.resubmit(self, row), group="process", exclusive=True)

    def action_cancel(self) -> None:
        """Cancel the process under the cursor, or the marked ones."""
        self._end("cancel", process_actions.cancel)

    def action_remove(self) -> None:
        """Remove the process under the cursor, or the marked ones."""
        self._end("remove", process_actions.remove)

    def _end(self, verb: str, one: Callable[[View, ProcessRow], Coroutine[None, None, None]]) -> None:
        if marked := self._marked():
            work: Work = partial(process_actions.act_on_many, self, self.table, verb, marked)
        elif (row := self._target()) is not None:
            work = partial(one, self, row)
        else:
            return
        self.run_worker(work, group="process", exclusive=True)

    def action_remove_all(self) -> None:
        """Remove every process in the state that is shown."""
        self.run_worker(process_actions.remove_all(self, self._state), group="process", exclusive=True)

    def action_logs(self) -> None:
        """Go to the log of the process."""
        row = self._chosen()
        if row is not None:
            self.post_message(self.Go(Target("logs", "process", row.processid)))

    def action_explain(self) -> None:
        """Explain why the process is in its state."""
        row = self._chosen()
        if row is not None:
            work: Work = partial(explain.explain, self, row)
            self.run_worker(work, group="explain", exclusive=True)

    def action_channels(self) -> None:
        """Read and write the channels of the process."""
        row = self._chosen()
        if row is not None:
            self.run_worker(process_actions.open_channels(self, row), group="process", exclusive=True)

    def action_executor(self) -> None:
        """Go to the executor that has the process."""
        row = self._chosen()
        if row is not None:
            name = self.session.executor_name(row.assignedexecutorid)
            self.post_message(self.Go(Target("executors", "executor", name)))
