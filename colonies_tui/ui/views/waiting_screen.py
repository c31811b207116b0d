"""Why a process waits: the reasons in words, every executor against every condition, and the next step by one key."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from colonies_tui.protocol.messages.colony import ResumeAssignments
from colonies_tui.protocol.messages.executor import ApproveExecutor, RejectExecutor
from colonies_tui.protocol.models.executor import Executor
from colonies_tui.protocol.models.process import Process, ProcessRow
from colonies_tui.protocol.plaintext import plain
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.actions import Action, approve_executor, reject_executor
from colonies_tui.store.colony_actions import resume_assignments
from colonies_tui.store.resource import Changes
from colonies_tui.store.session import process_feed
from colonies_tui.store.waiting import ExecutorVerdict, StepKind, Verdict, explain_waiting, nearest_parent, to_approve
from colonies_tui.store.waiting_conditions import Condition
from colonies_tui.store.waiting_facts import waiting_facts
from colonies_tui.ui import acting, questions
from colonies_tui.ui.bridge import Bridge
from colonies_tui.ui.context import Context, Target
from colonies_tui.ui.details.waiting import advice_sections, head_section, over_section
from colonies_tui.ui.details.waiting_sentences import OUTLOOKS
from colonies_tui.ui.document import Field, Section
from colonies_tui.ui.every import every
from colonies_tui.ui.format.durations import duration
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.format.numbers import counted
from colonies_tui.ui.format.states import process_face
from colonies_tui.ui.link_words import header_state
from colonies_tui.ui.notify import say
from colonies_tui.ui.row_diff import diff_rows
from colonies_tui.ui.tables.executors import executor_line
from colonies_tui.ui.tables.processes import process_title, waited_seconds
from colonies_tui.ui.tables.waiting import verdict_columns
from colonies_tui.ui.views.view import Work
from colonies_tui.ui.widgets.detail import DetailPane
from colonies_tui.ui.widgets.footer_keys import FooterKeys
from colonies_tui.ui.widgets.header_bar import HeaderBar
from colonies_tui.ui.widgets.live_table import LiveTable
from colonies_tui.ui.widgets.rule import RulePiece, TitleRule
from colonies_tui.ui.widgets.table_canvas import HEADER_LINES

REST = 9
"""After a look the next change waits so many times as long as the look took: with very many rows looking is dear."""

LEAST_LINES = 3
"""Lines of the list of executors when it has fewer rows; what follows stands right below it."""

CHROME_LINES = 4
"""Lines of the header, the two rules and the footer."""

LOW = 30
"""On a screen with fewer lines the space between the parts is left out."""

MOST_PARENTS = 8
"""Most parents that are read one by one when no list shows them."""

FEEDS = frozenset(
    {"statistics", "executors", "pause", "functions", "strays"}
    | {process_feed(state) for state in (ProcessState.WAITING, ProcessState.RUNNING, ProcessState.SUCCESS)}
)

_BINDING_OF = {
    StepKind.APPROVE: "waiting.approve",
    StepKind.RESUME: "waiting.resume",
    StepKind.PARENT: "waiting.parent",
    StepKind.EXECUTORS: "waiting.executors",
}


class WaitingScreen(Screen[Target | None]):
    """Explains one waiting process, live. Returns where the operator wants to go, if anywhere."""

    DEFAULT_CSS = """
    WaitingScreen {
        background: $background;
        color: $foreground;
        overflow: hidden;
        & DetailPane { scrollbar-size-horizontal: 0; }
        & #waiting-why { height: auto; max-height: 45%; margin: 1 0; }
        & #waiting-executors { height: 1fr; min-height: 4; }
        & #waiting-advice { height: auto; margin-top: 1; }
        & FooterKeys { dock: bottom; }
        &.-low #waiting-why { margin: 0; max-height: 10; }
        &.-low #waiting-advice { margin: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "approve", "approve", id="waiting.approve"),
        Binding("P", "resume", "resume", id="waiting.resume"),
        Binding("p", "parent", "parent", id="waiting.parent"),
        Binding("e", "executors", "executors", id="waiting.executors"),
        Binding("escape,q", "leave", "back", id="waiting.leave", key_display="esc"),
        Binding("question_mark,f1", "app.help", "help", key_display="?", id="app.help"),
    ]

    def __init__(self, context: Context, row: ProcessRow) -> None:
        """
        Args:
            context: the session and how it is shown.
            row: the process that waits.
        """
        super().__init__()
        self.console_context = context
        self._process_id = row.processid
        self._title = process_title(row)
        self._verdict: Verdict | None = None
        self._rows: dict[str, ExecutorVerdict] = {}
        self._columns: tuple[tuple[str, str, int], ...] = ()
        self._opened: set[str] = set()
        self._bridge: Bridge | None = None
        self._rest_until = 0.0

    def compose(self) -> ComposeResult:
        yield HeaderBar()
        yield TitleRule("", id="waiting-rule")
        yield DetailPane(id="waiting-why")
        yield TitleRule("Executors", id="waiting-executors-rule")
        yield LiveTable[ExecutorVerdict]((), clock=self.console_context.clock, id="waiting-executors")
        yield DetailPane(id="waiting-advice")
        yield FooterKeys((*_BINDING_OF.values(), "waiting.leave", "table.open"))

    def on_mount(self) -> None:
        """Begin to follow the process and what it waits for."""
        session = self.console_context.session
        self._bridge = Bridge(self.app, session, self._deliver)
        session.look(self, FEEDS)
        self._open(self._process_id)
        every(self, 1.0, self._show)
        self.query_one(LiveTable).focus()
        self._show()

    def on_resize(self, event: events.Resize) -> None:
        """Leave space out where there is little."""
        self.set_class(event.size.height < LOW, "-low")

    def on_unmount(self) -> None:
        """Stop following."""
        if self._bridge is not None:
            self._bridge.close()
        session = self.console_context.session
        session.look(self, ())
        for process_id in self._opened:
            session.close_process(process_id)
        self._opened.clear()

    def _open(self, process_id: str) -> None:
        if process_id not in self._opened:
            self._opened.add(process_id)
            self.console_context.session.open_process(process_id)

    # -- showing -----------------------------------------------------------------------------------------------------

    @property
    def verdict(self) -> Verdict | None:
        """What is said of the process now; ``None`` while it is not known or no longer waits."""
        return self._verdict

    def _deliver(self, changes: Mapping[str, Changes]) -> None:
        if time.monotonic() >= self._rest_until:  # else the next second shows it
            self._show()

    def _show(self) -> None:
        began = time.monotonic()
        self._show_all()
        ended = time.monotonic()
        self._rest_until = ended + REST * (ended - began)

    def _show_all(self) -> None:
        context = self.console_context
        session, now = context.session, context.clock()
        self.query_one(HeaderBar).show(header_state(context))
        process, row = session.open_processes.get(self._process_id), session.processes.get(self._process_id)
        why = self.query_one("#waiting-why", DetailPane)
        self._verdict = None
        if process is None or row is None:
            words = "The server does not know this process any more." if row is None else "Reading what it asks for"
            why.show([Section("", [Field.of("why", words, "dim")])])
            self._show_title(row, now)
        elif row.state is not ProcessState.WAITING:
            executor = session.executor_name(row.assignedexecutorid)
            why.show([over_section(process, row, executor, now, context.alphabet)])
            self._show_title(row, now)
            self._show_executors(None, now)
        else:
            self._verdict = verdict = self._judge(process, row)
            why.show([head_section(verdict, self._step_keys(), now, context.alphabet)])
            self._show_title(row, now)
            self._show_executors(verdict, now)
        self.refresh_bindings()

    def _judge(self, process: Process, row: ProcessRow) -> Verdict:
        session = self.console_context.session
        known = process.model_copy(update={"waitforparents": row.waitforparents, "state": row.state})
        verdict = explain_waiting(waiting_facts(session, known))
        if known.waitforparents:
            for parent in known.parents[:MOST_PARENTS]:
                if session.processes.get(parent) is None:
                    self._open(parent)
        return verdict

    def _step_keys(self) -> dict[StepKind, str]:
        keys = {active.binding.id: self.app.get_key_display(active.binding) for active in self.active_bindings.values()}
        return {kind: keys.get(name, "") for kind, name in _BINDING_OF.items()}

    def _show_title(self, row: ProcessRow | None, now: float) -> None:
        pieces = []
        if row is not None:
            face = process_face(row.state, self.console_context.alphabet)
            waits = row.state is ProcessState.WAITING
            for_how_long = f" {duration(waited_seconds(row, now))}" if waits else ""
            pieces.append(RulePiece.of(f"{face.text}{for_how_long}", face.role, rank=1))
            pieces.append(RulePiece.of(plain(row.executortype) or "no type", rank=2))
        if self._verdict is not None:
            pieces.append(RulePiece.of(*OUTLOOKS[self._verdict.outlook]))
        title = f"Why {plain(self._title)} waits · {short_id(self._process_id)}"
        self.query_one("#waiting-rule", TitleRule).show(title, pieces)

    def _show_executors(self, verdict: Verdict | None, now: float) -> None:
        table: LiveTable[ExecutorVerdict] = self.query_one("#waiting-executors", LiveTable)
        rule, advice = (
            self.query_one("#waiting-executors-rule", TitleRule),
            self.query_one("#waiting-advice", DetailPane),
        )
        sections = [] if verdict is None else advice_sections(verdict)
        advice.display = bool(sections)
        advice.show(sections)
        listed = () if verdict is None else verdict.listed
        if verdict is not None:
            columns = verdict_columns(verdict, self.console_context.alphabet)
            looks = tuple((column.key, column.title, column.rank) for column in columns)
            if looks != self._columns:
                self._columns = looks
                table.set_columns(columns)
            table.set_message("empty", "No executor is registered in this colony", "e goes to the executors")
        else:
            table.set_message("empty", "It waits for no executor", "esc goes back")
        rows = {each.executor.executorname: each for each in listed}
        same_order = list(rows) == list(self._rows)
        table.update_rows(rows, diff_rows(self._rows, rows) if same_order else None, now)
        self._rows = rows
        table.styles.max_height = max(len(rows), LEAST_LINES) + HEADER_LINES
        reasons = min(self.query_one("#waiting-why", DetailPane).virtual_size.height, self.size.height * 45 // 100)
        taken = CHROME_LINES + reasons + LEAST_LINES + HEADER_LINES
        advice.styles.max_height = max(LEAST_LINES, self.size.height - taken)
        if verdict is None:
            rule.show("Executors")
            return
        kind = plain(verdict.process.spec.conditions.executortype) or "none"
        of_type = len(verdict.of_type)
        rule.show(f"Executors of type {kind} · {of_type}", self._others(verdict))

    @staticmethod
    def _others(verdict: Verdict) -> list[RulePiece]:
        pieces = []
        others = sum(not each.is_of_type and not each.is_gone for each in verdict.executors)
        gone = sum(each.is_gone and each.is_of_type for each in verdict.executors)
        if others:
            words = (
                f"{others} of other types" if verdict.of_type else f"{counted(others, 'executor')} of other types below"
            )
            pieces.append(RulePiece.of(words, rank=1))
        if gone:
            pieces.append(RulePiece.of(f"{gone} gone", rank=2))
        return pieces

    # -- keys --------------------------------------------------------------------------------------------------------

    def reason_against(self, action: str) -> str | None:
        """Return why an action cannot be done now, in words; ``None`` when it can."""
        verdict = self._verdict
        if action in ("leave", "executors"):
            return None
        if verdict is None:
            return "it no longer waits, or is not known yet"
        actor = self.console_context.session.actor
        if action == "approve":
            if to_approve(verdict) is None:
                return "no executor lacks only approval"
            return actor.why_not(ApproveExecutor)
        if action == "resume":
            if verdict.facts.is_paused is not True:
                return "assignments are not paused"
            return actor.why_not(ResumeAssignments)
        if action == "parent" and Condition.PARENTS not in verdict.causes:
            return "it waits for no parents"
        return None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what cannot be done now."""
        if action in ("approve", "resume", "parent") and self.is_mounted:
            return None if self.reason_against(action) else True
        return True

    def on_key(self, event: events.Key) -> None:
        """A disabled key says why it does nothing."""
        active = self.active_bindings.get(event.key)
        if active is None or active.enabled or active.node is not self:
            return
        reason = self.reason_against(active.binding.action)
        if reason:
            event.stop()
            say(self.app, f"{active.binding.description}: {reason}", "warning")

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss(None)

    def action_approve(self) -> None:
        """Ask about the executor whose approval would help."""
        each = None if self._verdict is None else to_approve(self._verdict)
        if each is not None:
            work: Work = partial(self._decide, each.executor)
            self.run_worker(work, group="decision", exclusive=True)

    async def _decide(self, executor: Executor) -> None:
        context = self.console_context
        question = questions.approval(context.session, executor_line(context.session, executor), context.clock())
        answer = await acting.ask(self.app, context, question, ApproveExecutor)
        if answer == "reject" and acting.grade_in(context, RejectExecutor) == "typed":
            question = questions.rejection(context.session, executor_line(context.session, executor), context.clock())
            answer = await acting.ask(self.app, context, question, RejectExecutor)
        if answer == "approve":
            await acting.carry_out(context, approve_executor(executor))
        elif answer == "reject":
            await acting.carry_out(context, reject_executor(executor))

    def action_resume(self) -> None:
        """Let processes be handed out again."""
        context = self.console_context
        work: Work = partial(self._resume, resume_assignments(context.session.colony))
        self.run_worker(work, group="decision", exclusive=True)

    async def _resume(self, action: Action) -> None:
        await acting.propose(self.app, self.console_context, action)

    def action_parent(self) -> None:
        """Go to the parent that it waits for."""
        parent = "" if self._verdict is None else nearest_parent(self._verdict.facts)
        if parent:
            self.dismiss(Target("processes", "process", parent))

    def action_executors(self) -> None:
        """Go to the executors, to the one under the cursor."""
        name = self.query_one(LiveTable).cursor_id
        self.dismiss(Target("executors", "executor", name) if name else Target("executors"))

    @on(LiveTable.Opened)
    def _executor_opened(self, event: LiveTable.Opened) -> None:
        event.stop()
        self.dismiss(Target("executors", "executor", event.id))
