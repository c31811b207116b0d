"""Executors: pending ones first, what each runs, and the decision about each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from colonies_tui.protocol.messages.executor import AddExecutor, ApproveExecutor, RejectExecutor, RemoveExecutor
from colonies_tui.protocol.models.executor import Executor
from colonies_tui.protocol.plaintext import plain
from colonies_tui.protocol.request import Request
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.actions import Action, approve_executor, reject_executor, remove_executor
from colonies_tui.store.executor_condition import ExecutorCondition
from colonies_tui.store.freshness import Freshness
from colonies_tui.store.session import Session, process_feed
from colonies_tui.store.watch import Watch, WatchKind
from colonies_tui.ui import questions
from colonies_tui.ui.context import Context, Target
from colonies_tui.ui.details.executor import executor_sections
from colonies_tui.ui.document import Section
from colonies_tui.ui.filter import Fields
from colonies_tui.ui.format.states import executor_face
from colonies_tui.ui.table_layout import Column
from colonies_tui.ui.tables.bulk import Candidate
from colonies_tui.ui.tables.executors import ExecutorLine, executor_columns, executor_fields, executor_line
from colonies_tui.ui.views.bulk import act_on_marked, reason_for_all
from colonies_tui.ui.views.list_view import ListView
from colonies_tui.ui.views.new_executor import register_new_executor
from colonies_tui.ui.views.view import Work
from colonies_tui.ui.watch_targets import executor_watch, list_watch
from colonies_tui.ui.watch_toggle import watch_bindings
from colonies_tui.ui.widgets.dialog import Question
from colonies_tui.ui.widgets.rule import RulePiece

_MAKERS: Mapping[str, Callable[[Executor], Action]] = {
    "approve": approve_executor,
    "reject": reject_executor,
    "remove": remove_executor,
}


_REQUESTS: Mapping[str, type[Request[Any]]] = {
    "approve": ApproveExecutor,
    "reject": RejectExecutor,
    "remove": RemoveExecutor,
}
_QUESTIONS: Mapping[str, Callable[[Session, ExecutorLine, float], Question]] = {
    "approve": questions.approval,
    "reject": questions.rejection,
    "remove": questions.removal,
}
_NOTES = {
    "approve": "They can take work, read files and logs of the colony, and submit work.",
    "reject": "They get no work, cannot read the colony, and cannot close what they run.",
    "remove": "They are unregistered, and what they run waits again.",
}


class ExecutorsView(ListView[ExecutorLine]):
    """All executors of the colony; those that wait for approval stand first."""

    KEY = "executors"
    TITLE = "Executors"
    KIND = "executor"
    THINGS = "executors"
    EMPTY_HINT = "n makes a key for one and registers it"
    FEEDS = frozenset(
        {"statistics", "executors", "functions", process_feed(ProcessState.WAITING), process_feed(ProcessState.RUNNING)}
    )
    RESOURCES = frozenset({"executors", "processes"})
    DETAIL_RESOURCES = frozenset({"functions"})
    SORT = ("state", False)
    TICKS = True
    WATCHED = {"executors-table": WatchKind.EXECUTOR}
    BINDINGS: ClassVar[list[BindingType]] = [
        *watch_bindings("executors", with_filter=True),
        Binding("a", "decide('approve')", "approve", id="executors.approve"),
        Binding("r", "decide('reject')", "reject", id="executors.reject"),
        Binding("l", "logs", "logs", id="executors.logs"),
        Binding("p", "processes", "processes", id="executors.processes"),
        Binding("n", "register", "new", id="executors.register"),
        Binding("D", "decide('remove')", "remove", id="executors.remove"),
        Binding("o", "toggle_gone", "gone ones", id="executors.gone"),
    ]

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._with_gone = False
        self._awaited = ""
        """Name of an executor that was registered here, until it is listed and gets the cursor."""

    # -- the list ----------------------------------------------------------------------------------------------------

    def make_columns(self) -> Sequence[Column[ExecutorLine]]:
        return executor_columns(self.context.alphabet)

    def make_rows(self) -> dict[str, ExecutorLine]:
        session = self.session
        return {name: executor_line(session, executor) for name, executor in session.executors.rows.items()}

    def show_rows(self) -> None:
        super().show_rows()
        if self._awaited and self.table.move_to(self._awaited):
            self._awaited = ""

    def freshness(self) -> Freshness:
        return self.session.executors.freshness

    def fields(self) -> Fields[ExecutorLine]:
        return executor_fields()

    def row_title(self, row: ExecutorLine) -> str:
        return f"{row.executor.executorname} · {row.executor.executortype}"

    def sections(self, row: ExecutorLine) -> Sequence[Section]:
        name = row.executor.executorname
        functions = [function for function in self.session.functions.rows.values() if function.executorname == name]
        taken = (
            one for one in self.session.processes.rows.values() if one.assignedexecutorid == row.executor.executorid
        )
        last = max(taken, key=lambda one: one.starttime or 0.0, default=None)
        return executor_sections(row, functions, self.now, self.context.alphabet, last)

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

    def watch_targets(self) -> Sequence[Watch]:
        marks = self.table.marks if not self.has_class("-detail") else frozenset()
        lines = [self._rows[name] for name in marks if name in self._rows] if marks else [self.chosen]
        return [executor_watch(line) for line in lines if line is not None]

    def filter_watch(self) -> Watch | None:
        return list_watch(self, self.filter_text)

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

    def reason_against(self, action: str) -> str | None:
        if action == "register":
            return self.session.actor.why_not(AddExecutor)
        if not action.startswith("decide"):
            return "there is no executor under the cursor" if self.chosen is None else None
        reason = self.session.actor.why_not(ApproveExecutor)
        if reason:
            return reason
        verb = action.removeprefix("decide ")
        if marked := self.marked:
            return reason_for_all(verb, self.THINGS, [self._condition_against(verb, one) for one in marked.values()])
        line = self.target
        if line is None:
            return "there is no executor under the cursor"
        against = self._condition_against(verb, line)
        return f"{plain(line.executor.executorname)} {against.removeprefix('it ')}" if against else None

    @staticmethod
    def _condition_against(verb: str, line: ExecutorLine) -> str | None:
        """Return why an executor's own condition speaks against a verb."""
        if verb == "approve" and line.condition in (ExecutorCondition.APPROVED, ExecutorCondition.STALE):
            return "it is approved already"
        if verb == "reject" and line.condition is ExecutorCondition.REJECTED:
            return "it is rejected already"
        return "it is no longer registered" if line.condition is ExecutorCondition.GONE else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what cannot be done with the executor under the cursor."""
        if action in ("decide", "register", "logs", "processes") and self.is_mounted:
            words = " ".join((action, *(str(parameter) for parameter in parameters)))
            return True if self.reason_against(words) is None else None
        return True

    def action_decide(self, verb: str) -> None:
        """Ask about the executor under the cursor, or about the marked ones, and do it."""
        if marked := self.marked:
            work: Work = partial(self._decide_many, verb, marked)
        elif (line := self.target) is not None:
            work = partial(self._decide, verb, line)
        else:
            return
        self.run_worker(work, group="decision", exclusive=True)

    async def _decide(self, verb: str, line: ExecutorLine) -> None:
        question = _QUESTIONS[verb](self.session, line, self.now)
        answer = await self.ask(question, _REQUESTS[verb])
        if answer == "reject" and verb == "approve" and self.grade_of(RejectExecutor) == "typed":
            verb, question = "reject", questions.rejection(self.session, line, self.now)
            answer = await self.ask(question, RejectExecutor)
        if answer in _MAKERS:
            await self.do(_MAKERS[answer](line.executor), at_least=question.grade)

    async def _decide_many(self, verb: str, lines: Mapping[str, ExecutorLine]) -> None:
        found = []
        for name, line in lines.items():
            reason = self._condition_against(verb, line)
            executor = line.executor
            action = None if reason else _MAKERS[verb](executor)
            grade = questions.removal_grade(line) if verb == "remove" else "calm"
            face = executor_face(
                executor.state, stale=line.condition is ExecutorCondition.STALE, alphabet=self.context.alphabet
            )
            found.append(
                Candidate(name, executor.executorname, action, reason or "", face, executor.executortype, grade)
            )
        await act_on_marked(self, self.table, found, ("executor", "executors"), _NOTES[verb])

    def action_register(self) -> None:
        """Make a key for a new executor and register it."""
        work: Work = self._register
        self.run_worker(work, group="decision", exclusive=True)

    async def _register(self) -> None:
        name = await register_new_executor(self)
        if name:
            self._awaited = name
            self.show_rows()

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
