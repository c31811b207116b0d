"""Executors: pending ones first, what each runs, and the decision about each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from colonies_tui.protocol.messages.executor import ApproveExecutor
from colonies_tui.protocol.models.executor import Executor
from colonies_tui.protocol.plaintext import plain
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.actions import Action, Outcome, approve_executor, reject_executor, remove_executor
from colonies_tui.store.executor_condition import ExecutorCondition
from colonies_tui.store.freshness import Freshness
from colonies_tui.store.session import process_feed
from colonies_tui.ui import questions
from colonies_tui.ui.context import Context, Target
from colonies_tui.ui.details.executor import executor_sections
from colonies_tui.ui.document import Section
from colonies_tui.ui.filter import Fields
from colonies_tui.ui.notify import say
from colonies_tui.ui.table_layout import Column
from colonies_tui.ui.tables.executors import ExecutorLine, executor_columns, executor_fields, executor_line
from colonies_tui.ui.views.list_view import ListView
from colonies_tui.ui.widgets.dialog import Question
from colonies_tui.ui.widgets.rule import RulePiece

_MAKERS: Mapping[str, Callable[[Executor], Action]] = {
    "approve": approve_executor,
    "reject": reject_executor,
    "remove": remove_executor,
}


class ExecutorsView(ListView[ExecutorLine]):
    """All executors of the colony; those that wait for approval stand first."""

    KEY = "executors"
    TITLE = "Executors"
    KIND = "executor"
    THINGS = "executors"
    EMPTY_HINT = "an executor appears here as soon as the colony owner has registered it"
    FEEDS = frozenset(
        {"statistics", "executors", "functions", process_feed(ProcessState.WAITING), process_feed(ProcessState.RUNNING)}
    )
    RESOURCES = frozenset({"executors", "processes"})
    DETAIL_RESOURCES = frozenset({"functions"})
    SORT = ("state", False)
    TICKS = True
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
        self._with_gone = False

    # -- the list ----------------------------------------------------------------------------------------------------

    def make_columns(self) -> Sequence[Column[ExecutorLine]]:
        return executor_columns(self.context.alphabet)

    def make_rows(self) -> dict[str, ExecutorLine]:
        session = self.session
        return {name: executor_line(session, executor) for name, executor in session.executors.rows.items()}

    def freshness(self) -> Freshness:
        return self.session.executors.freshness

    def fields(self) -> Fields[ExecutorLine]:
        return executor_fields()

    def row_title(self, row: ExecutorLine) -> str:
        return f"{row.executor.executorname} · {row.executor.executortype}"

    def sections(self, row: ExecutorLine) -> Sequence[Section]:
        name = row.executor.executorname
        functions = [function for function in self.session.functions.rows.values() if function.executorname == name]
        return executor_sections(row, functions, self.now, self.context.alphabet)

    def is_shown(self, row: ExecutorLine) -> bool:
        with_gone = self._with_gone or "gone" in self.filter_text
        return with_gone or row.condition is not ExecutorCondition.GONE

    def hidden_words(self) -> str:
        return "hidden" if self.filter_text or self._with_gone else "gone"

    def reason_for_nothing(self) -> str:
        return self.filter_text or ("" if self._with_gone else "o shows those that are gone")

    def title_pieces(self) -> list[RulePiece]:
        pending = sum(line.condition is ExecutorCondition.PENDING for line in self._rows.values())
        return [RulePiece.of(f"{pending} pending", "pending")] if pending else []

    def action_toggle_gone(self) -> None:
        """Show executors that are no longer registered, or hide them."""
        self._with_gone = not self._with_gone
        self.apply_filter()

    def open_target(self, target: Target) -> None:
        if target.kind == "pending":
            self.set_filter("")
            pending = [name for name in self.table.visible_ids() if self._is_pending(name)]
            if pending:
                self.table.move_to(pending[0])
            return
        if target.id in self._rows and self._rows[target.id].condition is ExecutorCondition.GONE:
            self._with_gone = True
            self.apply_filter()
        super().open_target(target)

    def _is_pending(self, name: str) -> bool:
        return self._rows[name].condition is ExecutorCondition.PENDING

    # -- decisions -------------------------------------------------------------------------------------------------

    def _marked(self) -> list[ExecutorLine]:
        if self.has_class("-detail") or not self.table.marks:
            return []
        return [line for name, line in self._rows.items() if name in self.table.marks]

    def reason_against(self, action: str) -> str | None:
        line = self.chosen
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
        lines = self._marked() or [line for line in (self.chosen,) if line is not None]
        if lines:
            self.run_worker(self._decide(verb, lines), group="decision", exclusive=True)

    async def _decide(self, verb: str, lines: Sequence[ExecutorLine]) -> None:
        make = _MAKERS.get(await self.ask(self._question(verb, lines)))
        if make is None:
            return
        done = 0
        for line in lines:
            result = await self.do(make(line.executor), quietly=len(lines) > 1)
            done += result.outcome is Outcome.DONE
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
        line = self.chosen
        if line is not None:
            self.post_message(self.Go(Target("logs", "executor", line.executor.executorname)))

    def action_processes(self) -> None:
        """Go to the executor's processes."""
        line = self.chosen
        if line is not None:
            self.post_message(self.Go(Target("processes", "executor", line.executor.executorname)))
