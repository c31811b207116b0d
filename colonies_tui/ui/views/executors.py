"""Executors: pending ones first, what each runs, and the decision about each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from colonies_tui.protocol.messages.executor import ApproveExecutor
from colonies_tui.protocol.models.executor import Executor
from colonies_tui.protocol.plaintext import plain
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.actions import Action, Outcome, approve_executor, reject_executor, remove_executor
from colonies_tui.store.executor_condition import ExecutorCondition
from colonies_tui.store.resource import Changes
from colonies_tui.store.session import process_feed
from colonies_tui.ui import questions
from colonies_tui.ui.context import Context, Target
from colonies_tui.ui.details.executor import executor_sections
from colonies_tui.ui.filter import FilterError, parse_filter
from colonies_tui.ui.format.numbers import grouped
from colonies_tui.ui.notify import Severity, say
from colonies_tui.ui.row_diff import diff_rows
from colonies_tui.ui.tables.executors import ExecutorLine, executor_columns, executor_fields, executor_line
from colonies_tui.ui.views.view import WIDE, View, explain_table, touches
from colonies_tui.ui.widgets.detail import DetailPane
from colonies_tui.ui.widgets.dialog import Dialog, Question
from colonies_tui.ui.widgets.live_table import LiveTable
from colonies_tui.ui.widgets.rule import RulePiece, TitleRule

TALL = 28
"""From so many lines on, a detail that has no room beside its list stands below it."""

_MAKERS: Mapping[str, Callable[[Executor], Action]] = {
    "approve": approve_executor,
    "reject": reject_executor,
    "remove": remove_executor,
}

_SEVERITY: Mapping[Outcome, Severity] = {
    Outcome.DONE: "information",
    Outcome.REFUSED: "error",
    Outcome.NOT_SENT: "error",
    Outcome.UNKNOWN: "warning",
}


class ExecutorsView(View):
    """All executors of the colony; those that wait for approval stand first."""

    KEY = "executors"
    TITLE = "Executors"
    FEEDS = frozenset(
        {"statistics", "executors", "functions", process_feed(ProcessState.WAITING), process_feed(ProcessState.RUNNING)}
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "decide('approve')", "approve", id="executors.approve"),
        Binding("r", "decide('reject')", "reject", id="executors.reject"),
        Binding("l", "logs", "logs", id="executors.logs"),
        Binding("p", "processes", "processes", id="executors.processes"),
        Binding("D", "decide('remove')", "remove", id="executors.remove"),
        Binding("o", "toggle_gone", "gone ones", id="executors.gone"),
    ]

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._lines: dict[str, ExecutorLine] = {}
        self._shown = ""
        self._with_gone = False
        self._filter: Callable[[ExecutorLine], bool] | None = None

    def compose(self) -> ComposeResult:
        with Horizontal():
            with Vertical(id="executor-list"):
                yield TitleRule("Executors", id="executors-rule")
                yield LiveTable(
                    executor_columns(self.context.alphabet),
                    sort=("state", False),
                    clock=self.context.clock,
                    id="executors",
                )
            with Vertical(id="executor-side"):
                yield TitleRule("", id="executor-rule")
                yield DetailPane(id="executor-detail")

    def on_mount(self) -> None:
        """Executors that are gone are not shown at first."""
        self._apply_filter()

    @property
    def table(self) -> LiveTable[ExecutorLine]:
        """The list."""
        return self.query_one("#executors", LiveTable)

    @property
    def detail(self) -> DetailPane:
        """The executor in full."""
        return self.query_one("#executor-detail", DetailPane)

    def main_pane(self) -> Widget:
        return self.detail if self.has_class("-detail") else self.table

    # -- showing ---------------------------------------------------------------------------------------------------

    def apply(self, changes: Mapping[str, Changes] | None) -> None:
        if touches(changes, ("executors", "processes")):
            self._show_lines()
        if touches(changes, ("executors", "processes", "functions")):
            self._show_detail()
        self.refresh_bindings()

    def tick(self) -> None:
        self._show_lines()
        self.table.tick(self.now)
        self._show_detail()

    def _show_lines(self) -> None:
        session = self.session
        lines = {name: executor_line(session, executor) for name, executor in session.executors.rows.items()}
        self.table.update_rows(lines, diff_rows(self._lines, lines), self.now)
        self._lines = lines
        explain_table(
            self.table,
            session.executors.freshness,
            things="executors",
            hint="an executor appears here as soon as the colony owner has registered it",
            server=str(session.client.address),
            filter_text=self.filter_text or ("o shows those that are gone" if not self._with_gone else ""),
        )
        self._show_title()

    def _show_title(self) -> None:
        counts: dict[ExecutorCondition, int] = {}
        for line in self._lines.values():
            counts[line.condition] = counts.get(line.condition, 0) + 1
        pieces = []
        if self.filter_text:
            pieces.append(RulePiece.of(f"/ {plain(self.filter_text)}", "text"))
        if self.table.hidden_count:
            gone = counts.get(ExecutorCondition.GONE, 0)
            words = "gone" if not self.filter_text and not self._with_gone and gone else "hidden"
            pieces.append(RulePiece.of(f"{grouped(self.table.hidden_count)} {words}", rank=1))
        pending = counts.get(ExecutorCondition.PENDING, 0)
        if pending:
            pieces.append(RulePiece.of(f"{pending} pending", "pending"))
        if self.table.marks:
            pieces.append(RulePiece.of(f"{len(self.table.marks)} marked", "text"))
        self.query_one("#executors-rule", TitleRule).show(f"Executors · {grouped(self.table.row_count)}", pieces)

    # -- filter ----------------------------------------------------------------------------------------------------

    def can_filter(self) -> bool:
        return True

    def filter_names(self) -> Sequence[str]:
        return executor_fields().names

    def set_filter(self, text: str) -> str | None:
        try:
            self._filter = parse_filter(text, executor_fields(), self.context.clock)
        except FilterError as error:
            return str(error)
        self.filter_text = text.strip()
        self._apply_filter()
        return None

    def _apply_filter(self) -> None:
        wanted, with_gone = self._filter, self._with_gone or "gone" in self.filter_text

        def shown(line: ExecutorLine) -> bool:
            return (with_gone or line.condition is not ExecutorCondition.GONE) and (wanted is None or wanted(line))

        self.table.set_filter(shown)
        self._show_title()

    def action_toggle_gone(self) -> None:
        """Show executors that are no longer registered, or hide them."""
        self._with_gone = not self._with_gone
        self._apply_filter()

    # -- detail ----------------------------------------------------------------------------------------------------

    def open_target(self, target: Target) -> None:
        if target.kind == "executor":
            if not self.table.move_to(target.id):
                self.set_filter("")
                self._with_gone = True
                self._apply_filter()
                self.table.move_to(target.id)
            self._show(target.id)
            if not self.is_wide and not self.is_tall:
                self._enter_detail()
        elif target.kind == "pending":
            self.set_filter("")
            pending = [name for name in self.table.visible_ids() if self._is_pending(name)]
            if pending:
                self.table.move_to(pending[0])

    def _is_pending(self, name: str) -> bool:
        return self._lines[name].condition is ExecutorCondition.PENDING

    @property
    def is_wide(self) -> bool:
        """Whether the detail stands beside the list."""
        return self.size.width >= WIDE

    @property
    def is_tall(self) -> bool:
        """Whether the detail stands below the list."""
        return not self.is_wide and self.size.height >= TALL

    def on_resize(self, event: events.Resize) -> None:
        """Put the detail beside the list, or over it."""
        self.set_class(self.is_wide, "-wide")
        self.set_class(self.is_tall, "-tall")
        if self.is_wide or self.is_tall:
            self._show(self._shown or self.table.cursor_id or "")

    @on(LiveTable.CursorMoved)
    def _cursor_moved(self, event: LiveTable.CursorMoved) -> None:
        event.stop()
        if not self.has_class("-detail"):
            self._show(event.id or "")
        self.refresh_bindings()

    @on(LiveTable.MarksChanged)
    def _marks_changed(self, event: LiveTable.MarksChanged) -> None:
        event.stop()
        self._show_title()

    @on(LiveTable.Opened)
    def _opened(self, event: LiveTable.Opened) -> None:
        event.stop()
        self._show(event.id)
        self._enter_detail()

    def _enter_detail(self) -> None:
        self.add_class("-detail")
        self.detail.focus()

    def _show(self, name: str) -> None:
        changed = name != self._shown
        self._shown = name
        if changed:
            self._show_detail(from_top=True)

    def _show_detail(self, *, from_top: bool = False) -> None:
        line = self._lines.get(self._shown)
        rule = self.query_one("#executor-rule", TitleRule)
        if line is None:
            rule.show("No executor")
            self.detail.show([])
            return
        rule.show(f"{plain(line.executor.executorname)} · {plain(line.executor.executortype)}")
        functions = [f for f in self.session.functions.rows.values() if f.executorname == self._shown]
        self.detail.show(executor_sections(line, functions, self.now, self.context.alphabet), from_top=from_top)

    def go_back(self) -> bool:
        if self.has_class("-detail"):
            self.remove_class("-detail")
            self.table.focus()
            return True
        if self.filter_text:
            self.set_filter("")
            return True
        return False

    # -- decisions -------------------------------------------------------------------------------------------------

    def _chosen(self) -> ExecutorLine | None:
        if self.has_class("-detail"):
            return self._lines.get(self._shown)
        return self.table.cursor_row

    def _marked(self) -> list[ExecutorLine]:
        if self.has_class("-detail") or not self.table.marks:
            return []
        return [line for name, line in self._lines.items() if name in self.table.marks]

    def reason_against(self, action: str) -> str | None:
        line = self._chosen()
        if line is None:
            return "there is no executor under the cursor"
        if not action.startswith("decide"):
            return None
        reason = self.session.actor.why_not(ApproveExecutor)
        if reason:
            return reason
        if "approve" in action and line.condition in (ExecutorCondition.APPROVED, ExecutorCondition.STALE):
            return f"{plain(line.executor.executorname)} is approved already"
        if "reject" in action and line.condition is ExecutorCondition.REJECTED:
            return f"{plain(line.executor.executorname)} is rejected already"
        if line.condition is ExecutorCondition.GONE:
            return f"{plain(line.executor.executorname)} is no longer registered"
        return None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what cannot be done with the executor under the cursor."""
        if action in ("decide", "logs", "processes") and self.is_mounted:
            words = " ".join((action, *(str(parameter) for parameter in parameters)))
            marked = action == "decide" and self._marked() and not self.session.actor.why_not(ApproveExecutor)
            return True if marked or self.reason_against(words) is None else None
        return True

    def action_decide(self, verb: str) -> None:
        """Ask about the executor under the cursor, or about the marked ones, and do it."""
        lines = self._marked() or [line for line in (self._chosen(),) if line is not None]
        if lines:
            self.run_worker(self._decide(verb, lines), group="decision", exclusive=True)

    async def _decide(self, verb: str, lines: Sequence[ExecutorLine]) -> None:
        answer = await self.app.push_screen_wait(Dialog(self._question(verb, lines)))
        make = _MAKERS.get(answer)
        if make is None:
            return
        done = 0
        for line in lines:
            result = await self.session.actor.carry_out(make(line.executor))
            done += result.outcome is Outcome.DONE
            if len(lines) == 1 or result.outcome is not Outcome.DONE:
                say(self.app, result.words, _SEVERITY[result.outcome])
        if len(lines) > 1:
            say(self.app, f"{done} of {len(lines)} executors: {verb} done")
            self.table.clear_marks()

    def _question(self, verb: str, lines: Sequence[ExecutorLine]) -> Question:
        if len(lines) > 1:
            return questions.several(self.session, [_MAKERS[verb](line.executor) for line in lines])
        line = lines[0]
        if verb == "approve":
            return questions.approval(self.session, line, self.now)
        if verb == "reject":
            return questions.rejection(self.session, line, self.now)
        return questions.removal(self.session, line, self.now)

    def action_logs(self) -> None:
        """Go to the executor's log."""
        line = self._chosen()
        if line is not None:
            self.post_message(self.Go(Target("logs", "executor", line.executor.executorname)))

    def action_processes(self) -> None:
        """Go to the executor's processes."""
        line = self._chosen()
        if line is not None:
            self.post_message(self.Go(Target("processes", "executor", line.executor.executorname)))
