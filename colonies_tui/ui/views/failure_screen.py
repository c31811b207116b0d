"""Why did it fail? One screen about a process or a workflow: errors, log, executor, workflow and last success."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import Screen

from colonies_tui.protocol.errors import ColoniesError
from colonies_tui.protocol.messages.process import SubmitProcess
from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.executor_comparison import compare_executor
from colonies_tui.store.failure_inquiry import Asked, FailureInquiry
from colonies_tui.store.failure_reads import read_first_there, read_last_log, successes_of
from colonies_tui.store.freshness import Condition, Freshness
from colonies_tui.store.resource import Changes
from colonies_tui.ui.bridge import Bridge
from colonies_tui.ui.context import Target
from colonies_tui.ui.details.failure import FOLD, Reading
from colonies_tui.ui.details.failure_page import Evidence, FailurePage
from colonies_tui.ui.details.failure_workflow import process_of
from colonies_tui.ui.every import every
from colonies_tui.ui.link_words import header_state
from colonies_tui.ui.notify import say
from colonies_tui.ui.views import process_actions
from colonies_tui.ui.views.view import WIDE, View, Work
from colonies_tui.ui.widgets.choice_pane import ChoicePane
from colonies_tui.ui.widgets.footer_keys import FooterKeys
from colonies_tui.ui.widgets.header_bar import HeaderBar
from colonies_tui.ui.widgets.rule import RulePiece, TitleRule

COUNT_AGAIN = 5
"""Seconds after which the runs of executors are counted again."""

FOOTER_ORDER = (
    "choice.open",
    "failure.unfold",
    "failure.logs",
    "failure.executor",
    "failure.workflow",
    "failure.resubmit",
    "failure.leave",
)


class FailureScreen(Screen[Target | None]):
    """Answers one question, live. Ends with where to go, or with nothing."""

    DEFAULT_CSS = """
    FailureScreen {
        background: $background;
        color: $foreground;
        & #failure-body { height: 1fr; width: 1fr; }
        & ChoicePane { height: 1fr; }
        & #failure-findings { width: 3fr; }
        & #failure-log { width: 2fr; display: none; margin-left: 1; }
        &.-beside #failure-log { display: block; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "back", key_display="esc", id="failure.leave"),
        Binding("plus,equals_sign", "unfold", "unfold", key_display="+", id="failure.unfold"),
        Binding("l", "logs", "logs", id="failure.logs"),
        Binding("e", "executor", "executor", id="failure.executor"),
        Binding("o", "workflow", "workflow", id="failure.workflow"),
        Binding("R", "resubmit", "resubmit", id="failure.resubmit"),
        Binding("tab", "app.focus_next", "next pane", show=False, id="failure.next-pane"),
        Binding("ctrl+r,f5", "refresh", "read again", show=False, id="failure.refresh"),
        Binding("question_mark,f1", "app.help", "help", key_display="?", id="app.help"),
    ]

    def __init__(self, view: View, asked: Asked) -> None:
        """
        Args:
            view: where the question was asked; its session is read, and its actions are used.
            asked: what about.
        """
        super().__init__()
        self._view = view
        self.inquiry = FailureInquiry(view.session, asked)
        self.evidence = Evidence()
        self._unfolded: set[str] = set()
        self._bridge: Bridge | None = None
        self._read_for = ""
        self._has_looked_for_success = False
        self._seconds = 0

    def compose(self) -> ComposeResult:
        yield HeaderBar()
        yield TitleRule("", id="failure-rule")
        with Horizontal(id="failure-body"):
            yield ChoicePane(id="failure-findings")
            yield ChoicePane(id="failure-log")
        yield FooterKeys(FOOTER_ORDER)

    @property
    def findings(self) -> ChoicePane:
        """The answer."""
        return self.query_one("#failure-findings", ChoicePane)

    @property
    def log_pane(self) -> ChoicePane:
        """The log, where it stands beside the answer."""
        return self.query_one("#failure-log", ChoicePane)

    def on_mount(self) -> None:
        """Begin to read and to follow the session."""
        self._bridge = Bridge(self.app, self._view.session, self._deliver)
        every(self, 1.0, self._tick)
        self.inquiry.open()
        self.findings.focus()
        self._update()

    def on_unmount(self) -> None:
        """Read and follow nothing more."""
        if self._bridge is not None:
            self._bridge.close()
        self.inquiry.close()

    def on_resize(self, event: events.Resize) -> None:
        """Put the log beside the answer, or into it."""
        is_beside = event.size.width >= WIDE
        self.set_class(is_beside, "-beside")
        if not is_beside and self.log_pane.has_focus:
            self.findings.focus()
        self._show()

    # -- what is known -----------------------------------------------------------------------------------------------

    def _deliver(self, changes: Mapping[str, Changes]) -> None:
        if changes.keys() & {"processes", "open processes", "open graphs", "executors", "link"}:
            self._update()

    def _tick(self) -> None:
        self._seconds += 1
        if self._seconds % COUNT_AGAIN == 0:
            self._count()
        self._show()

    def _update(self) -> None:
        self.inquiry.update()
        blamed = self.inquiry.blamed_id
        if blamed != self._read_for:
            self._read_for = blamed
            self._has_looked_for_success = False
            self.evidence = Evidence()
            self._unfolded.clear()
            if blamed:
                work: Work = partial(self._read_log, blamed)
                self.run_worker(work, group="failure-log", exclusive=True)
        self._look_for_success()
        self._show()
        self.refresh_bindings()

    def _look_for_success(self) -> None:
        """Count the runs and read the last good one, as soon as it is known what to compare."""
        session, row = self._view.session, self.inquiry.blamed_row
        list_condition = session.process_lists[ProcessState.SUCCESS].condition
        if row is None or self._has_looked_for_success or list_condition is Condition.LOADING:
            return
        self._has_looked_for_success = True
        self._count()
        work: Work = partial(self._read_success, row)
        self.run_worker(work, group="failure-success", exclusive=True)

    def _count(self) -> None:
        row = self.inquiry.blamed_row
        if row is not None:
            self.evidence.comparison = compare_executor(self._view.session.processes.rows.values(), row)

    async def _read_log(self, process_id: str) -> None:
        session = self._view.session
        try:
            rows = await read_last_log(session, process_id)
        except ColoniesError as error:
            self.evidence.log = Reading(None, Freshness().failed(error))
        else:
            self.evidence.log = Reading(rows, Freshness().succeeded(session.clock.now()))
        self._show()
        self.log_pane.scroll_end(animate=False)

    async def _read_success(self, row: ProcessRow) -> None:
        session = self._view.session
        rows = session.processes.rows
        self.evidence.known = len(rows)
        try:
            process = await read_first_there(session, successes_of(rows.values(), row))
        except ColoniesError as error:
            self.evidence.success = Reading(None, Freshness().failed(error))
        else:
            self.evidence.success = Reading(process, Freshness().succeeded(session.clock.now()))
        self._show()

    # -- showing -----------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        context = self._view.context
        page = FailurePage(self.inquiry, self.evidence, context.session.executor_name, context.alphabet, self._unfolded)
        is_beside = self.has_class("-beside")
        self.query_one(HeaderBar).show(header_state(context))
        pieces = [] if context.session.link.is_up else [RulePiece.of("as it was last read", "stale")]
        self.query_one("#failure-rule", TitleRule).show(page.title(), pieces)
        self.findings.show(page.findings(context.clock(), with_log=not is_beside))
        if is_beside:
            self.log_pane.show([page.log()])

    # -- keys --------------------------------------------------------------------------------------------------------

    @on(ChoicePane.Chosen)
    def _chosen(self, event: ChoicePane.Chosen) -> None:
        event.stop()
        if event.zone.startswith(FOLD):
            self._unfolded ^= {event.zone}
            self._show()
        else:
            self.dismiss(Target("processes", "process", process_of(event.zone)))

    def action_unfold(self) -> None:
        """Unfold the traceback under the cursor, or fold it again; elsewhere all of them."""
        pane = self.log_pane if self.log_pane.has_focus else self.findings
        folds = {zone for each in (self.findings, self.log_pane) for zone in each.zones if zone.startswith(FOLD)}
        if pane.zone in folds:
            self._unfolded ^= {pane.zone}
        else:
            self._unfolded = set() if self._unfolded else folds
        self._show()

    def reason_against(self, action: str) -> str | None:
        """Return why something cannot be done now, in words; ``None`` when it can."""
        row = self.inquiry.blamed_row
        if action == "resubmit":
            if not self.inquiry.graph_id and self.inquiry.row is None:
                return "the process is not read yet"
            return self._view.session.actor.why_not(SubmitProcess)
        if action == "workflow":
            return None if self.inquiry.graph_id else "it belongs to no workflow"
        if row is None:
            return "it is not known yet which process failed"
        if action == "executor" and not row.assignedexecutorid:
            return "no executor had it"
        return None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what cannot be done now."""
        if action == "workflow" and not self.inquiry.graph_id:
            return False
        if action in ("resubmit", "logs", "executor"):
            return None if self.reason_against(action) else True
        return True

    def on_key(self, event: events.Key) -> None:
        """A disabled key says why it does nothing."""
        active = self.active_bindings.get(event.key)
        if active is not None and not active.enabled and active.node is self:
            reason = self.reason_against(active.binding.action)
            if reason:
                event.stop()
                say(self.app, f"{active.binding.description}: {reason}", "warning")

    def action_leave(self) -> None:
        """Go back to where the question was asked."""
        self.dismiss(None)

    def action_refresh(self) -> None:
        """Read everything again."""
        self._view.session.refresh()
        self._read_for = ""
        self._update()

    def action_logs(self) -> None:
        """Go to the log of the process to blame."""
        self.dismiss(Target("logs", "process", self.inquiry.blamed_id))

    def action_executor(self) -> None:
        """Go to the executor that had it."""
        row = self.inquiry.blamed_row
        if row is not None:
            name = self._view.session.executor_name(row.assignedexecutorid)
            self.dismiss(Target("executors", "executor", name))

    def action_workflow(self) -> None:
        """Go to the graph of the workflow."""
        self.dismiss(Target("workflows", "workflow", self.inquiry.graph_id))

    def action_resubmit(self) -> None:
        """Submit the process again, edited or as it was; of a workflow the whole of it."""
        row = self.inquiry.row
        if self.inquiry.graph_id:
            self.dismiss(Target("workflows", "resubmit", self.inquiry.graph_id))
        elif row is not None:
            work: Work = partial(process_actions.resubmit, self._view, row)
            self.run_worker(work, group="failure-resubmit", exclusive=True)
