"""Workflows: the list by state, and one of them in full."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget

from colonies_tui.protocol.errors import ColoniesError
from colonies_tui.protocol.messages.workflow import CancelProcessGraph, RemoveProcessGraph, SubmitWorkflow
from colonies_tui.protocol.models.workflow import WorkflowSpec
from colonies_tui.protocol.plaintext import plain
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.actions import Outcome
from colonies_tui.store.cascade import cut_part
from colonies_tui.store.colony_actions import cancel_workflow, remove_workflow, submit_workflow
from colonies_tui.store.freshness import Freshness
from colonies_tui.store.graphs import GRAPH_FEEDS
from colonies_tui.store.reads import read_workflow as read_workflow_of
from colonies_tui.store.resource import Changes
from colonies_tui.store.watch import Watch, WatchKind
from colonies_tui.ui.context import Context, Target
from colonies_tui.ui.details.graph_nodes import BY_ITS_WORKFLOW
from colonies_tui.ui.document import Field, Section
from colonies_tui.ui.equivalents import as_commands
from colonies_tui.ui.filter import Fields, exactly
from colonies_tui.ui.format.durations import duration, moment
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.format.states import StateFace, process_face
from colonies_tui.ui.notify import say
from colonies_tui.ui.spans import Span
from colonies_tui.ui.table_layout import Column
from colonies_tui.ui.tables.bulk import Candidate
from colonies_tui.ui.tables.workflows import (
    WorkflowLine,
    workflow_columns,
    workflow_fields,
    workflow_line,
    workflow_time,
)
from colonies_tui.ui.views import explain
from colonies_tui.ui.views.bulk import act_on_marked, reason_for_all
from colonies_tui.ui.views.editing import difference, edit_json, read_workflow, workflow_template, workflow_text
from colonies_tui.ui.views.failure_questions import explain_failed_workflow, has_failed
from colonies_tui.ui.views.list_view import ListView
from colonies_tui.ui.views.view import Work
from colonies_tui.ui.views.workflow_pane import WorkflowPane
from colonies_tui.ui.watch_targets import list_watch, process_watch, workflow_watch
from colonies_tui.ui.watch_toggle import watch_bindings
from colonies_tui.ui.widgets.dialog import Choice, Question
from colonies_tui.ui.widgets.tabs_states import StateTab, StateTabs

ALL = "all"
SHOWN_CHANGES = 24

_NOTES = {
    "cancel": "Members that wait or run become cancelled; executors that run one are not told.",
    "remove": "They are removed with all their processes, whose logs can then only be found by executor or search.",
}

_COUNTERS = {
    ProcessState.WAITING: "waitingworkflows",
    ProcessState.RUNNING: "runningworkflows",
    ProcessState.SUCCESS: "successfulworkflows",
    ProcessState.FAILED: "failedworkflows",
    ProcessState.CANCELLED: "cancelledworkflows",
}


class WorkflowsView(ListView[WorkflowLine]):
    """Graphs of processes."""

    KEY = "workflows"
    TITLE = "Workflows"
    KIND = "workflow"
    THINGS = "workflows"
    EMPTY_HINT = "n submits one; crons and generators start them, too"
    FEEDS = frozenset({"statistics", "executors"} | GRAPH_FEEDS)
    RESOURCES = frozenset({"graphs", "processes"})
    DETAIL_RESOURCES = frozenset({"open graphs"})
    SORT = ("age", False)
    BELOW_WHEN_TALL = False
    WATCHED = {"workflows-table": WatchKind.WORKFLOW, "workflow-list": WatchKind.PROCESS}
    BINDINGS: ClassVar[list[BindingType]] = [
        *watch_bindings("workflows", with_filter=True),
        Binding("l", "logs", "logs", id="workflows.logs"),
        Binding("X", "explain", "why", id="workflows.explain"),
        Binding("n", "submit", "new", id="workflows.submit"),
        Binding("R", "resubmit", "resubmit", id="workflows.resubmit"),
        Binding("C", "cancel", "cancel", id="workflows.cancel"),
        Binding("D", "remove", "remove", id="workflows.remove"),
        Binding("right", "state(1)", "next state", show=False, id="workflows.next-state"),
        Binding("left", "state(-1)", "previous state", show=False, id="workflows.previous-state"),
        Binding("tab", "state(1)", "next state", id="workflows.tab"),
        Binding("shift+tab", "state(-1)", "previous state", show=False, id="workflows.shift-tab"),
    ]

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._state: ProcessState | None = None

    def compose_top(self) -> ComposeResult:
        yield StateTabs(self._tabs(), active=ALL)

    def compose(self) -> ComposeResult:
        yield from super().compose()
        yield WorkflowPane(self.context, id="workflow-pane")

    @property
    def pane(self) -> WorkflowPane:
        """The workflow in full."""
        return self.query_one(WorkflowPane)

    @property
    def is_open(self) -> bool:
        """Whether a workflow is shown in full."""
        return self.has_class("-graph")

    def start_over(self) -> None:
        self.pane.start_over()

    def main_pane(self) -> Widget:
        return self.pane.focused_pane() if self.is_open else super().main_pane()

    # -- the list ----------------------------------------------------------------------------------------------------

    def make_columns(self) -> Sequence[Column[WorkflowLine]]:
        return workflow_columns(self.context.alphabet)

    def make_rows(self) -> dict[str, WorkflowLine]:
        session = self.session
        return {graph_id: workflow_line(session, graph) for graph_id, graph in session.graphs.rows.rows.items()}

    def freshness(self) -> Freshness:
        graphs = self.session.graphs
        return graphs.freshness if self._state is None else graphs.lists[self._state]

    def fields(self) -> Fields[WorkflowLine]:
        return workflow_fields()

    def row_title(self, row: WorkflowLine) -> str:
        return f"{row.name} · {short_id(row.graph.processgraphid)}"

    def is_shown(self, row: WorkflowLine) -> bool:
        return self._state is None or row.graph.state is self._state

    def sections(self, row: WorkflowLine) -> Sequence[Section]:
        graph = row.graph
        face = process_face(graph.state, self.context.alphabet)
        took = duration(workflow_time(row, self.now))
        head = [
            Field("", [Span(face.text, face.role), Span(f"  {took}"), Span("  enter opens its graph", "dim")]),
            Field(
                "members",
                [
                    Span(f"{row.done} of {row.total} done"),
                    Span(f"  {row.failed} failed", "failed" if row.failed else "dim"),
                ],
            ),
        ]
        times = [
            Field(
                "submitted",
                [Span(moment(graph.submitted, self.now)), Span(f"  by {plain(graph.initiatorname)}", "dim")],
            ),
            Field("started", [Span(moment(graph.started, self.now))]),
            Field("ended", [Span(moment(graph.ended, self.now))]),
        ]
        members = []
        for process_id in graph.processids[:40]:
            known = self.session.processes.get(process_id)
            if known is not None:
                look = process_face(known.state, self.context.alphabet)
                is_quiet = known.state is ProcessState.FAILED and not known.error.strip()
                spans = [Span(f"{look.glyph} ", "dim" if is_quiet else look.role)]
                spans.append(Span(plain(known.nodename or known.funcname)))
                if cut_part(known) is not None:
                    spans.append(Span(f"  {BY_ITS_WORKFLOW}", "dim"))
                members.append(Field("", spans))
        return [
            Section("", head),
            Section("Course", times),
            Section(f"Members · {row.total}", members),
            Section("Identity", [Field("graph", [Span(graph.processgraphid, "dim")])]),
        ]

    def _tabs(self) -> list[StateTab]:
        counters = self.session.counters
        counts = {s: None if counters is None else int(getattr(counters, name)) for s, name in _COUNTERS.items()}
        known = [count for count in counts.values() if count is not None]
        tabs = [StateTab(ALL, StateFace("∗", "all", "text"), sum(known) if known else None)]
        tabs.extend(
            StateTab(state.name.lower(), process_face(state, self.context.alphabet), counts[state])
            for state in ProcessState
        )
        return tabs

    def apply(self, changes: Mapping[str, Changes] | None) -> None:
        if changes is None or "statistics" in changes:
            self.query_one(StateTabs).show(self._tabs())
        if self.is_open:
            if changes is None or changes.keys() & {"open graphs", "processes", "executors"}:
                self.pane.update_graph()
            if changes is not None:
                return
        super().apply(changes)

    def tick(self) -> None:
        if self.is_open:
            self.pane.tick()
        else:
            super().tick()

    @on(StateTabs.Chosen)
    def _state_chosen(self, event: StateTabs.Chosen) -> None:
        event.stop()
        self.show_state(self.query_one(StateTabs).active)

    def state_key(self) -> str:
        return "" if self._state is None else self._state.name.lower()

    def show_state(self, key: str) -> None:
        self.query_one(StateTabs).choose(key or ALL)
        state = None if key in ("", ALL) else ProcessState[key.upper()]
        if state is not self._state:
            self._state = state
            self.apply_filter()

    def action_state(self, step: int) -> None:
        """Show the next state."""
        self.query_one(StateTabs).move(step)

    # -- one workflow ------------------------------------------------------------------------------------------------

    def open_row(self, row_id: str) -> None:
        self.add_class("-graph")
        self.pane.open(row_id)
        self.pane.focused_pane().focus()

    def open_target(self, target: Target) -> None:
        if target.kind == "state":
            self.show_state(target.id)
        elif target.kind == "resubmit":
            self.table.move_to(target.id)
            self.run_worker(self._resubmit(target.id), group="workflow", exclusive=True)
        elif target.id:
            self.table.move_to(target.id)
            self.open_row(target.id)

    def at(self) -> tuple[str, str]:
        return (self.KIND, self.pane.graph_id) if self.is_open else super().at()

    def opened(self) -> str:
        return self.pane.graph_id if self.is_open else super().opened()

    def reopen(self, object_id: str) -> None:
        if object_id:
            self.open_row(object_id)
        else:
            self._close_graph()

    def _close_graph(self) -> None:
        if self.is_open:
            self.remove_class("-graph")
            self.pane.close()
            super().apply(None)

    def go_back(self) -> bool:
        if self.is_open:
            self._close_graph()
            self.table.focus()
            return True
        return super().go_back()

    def can_filter(self) -> bool:
        return not self.is_open

    @on(WorkflowPane.MemberOpened)
    def _member_opened(self, event: WorkflowPane.MemberOpened) -> None:
        event.stop()
        self.post_message(self.Go(Target("processes", "process", event.process_id)))

    # -- keys --------------------------------------------------------------------------------------------------------

    def watch_targets(self) -> Sequence[Watch]:
        """The workflow; where it is shown in full, the member under the cursor."""
        if self.is_open and (member := self.pane.member_row()) is not None:
            return [process_watch(member)]
        if self.table.marks and not self.is_open:
            rows = self._rows
            return [workflow_watch(rows[row_id]) for row_id in self.table.marks if row_id in rows]
        graph = self.session.graphs.rows.get(self._target_id())
        return [] if graph is None else [workflow_watch(workflow_line(self.session, graph))]

    def filter_watch(self) -> Watch | None:
        words = [self.filter_text] if self.filter_text else []
        if self._state is not None:
            words.append(exactly("state", process_face(self._state).word))
        return None if self.is_open else list_watch(self, " ".join(words))

    def _target_id(self) -> str:
        if self.is_open:
            return self.pane.graph_id
        row = self.chosen
        return row.graph.processgraphid if row is not None else ""

    def _end_id(self) -> str:
        """Return the id of the workflow that cancel and remove are about when it is one."""
        row = None if self.is_open else self.target
        return row.graph.processgraphid if row is not None else self._target_id()

    def copied(self) -> str:
        return self.pane.member_id or self.pane.graph_id if self.is_open else super().copied()

    def _target_state(self) -> ProcessState | None:
        graph = self.session.graphs.rows.get(self._target_id())
        return graph.state if graph is not None else None

    @staticmethod
    def _state_against(verb: str, state: ProcessState | None) -> str | None:
        """Return why the state of a workflow speaks against a verb."""
        if verb == "cancel" and state is not None and state.is_final:
            return "it has ended: a server would only relabel it as cancelled"
        if verb == "remove" and state is ProcessState.RUNNING:
            return "it is running: cancel it first"
        return None

    def reason_against(self, action: str) -> str | None:
        if action.startswith("submit"):
            return self.session.actor.why_not(SubmitWorkflow)
        if action.startswith("explain"):
            return self._reason_against_explaining()
        if action.startswith("watch"):
            return None if self.watch_targets() else "there is no workflow under the cursor"
        only_looks = action.startswith("logs")
        reason = None if only_looks else self.session.actor.why_not(CancelProcessGraph)
        if reason:
            return reason
        if not self._target_id():
            return "there is no workflow under the cursor"
        if only_looks:
            return None if not self.is_open or self.pane.member_id else "there is no member under the cursor"
        if action not in _NOTES:
            return None
        if marked := self._marked():
            reasons = [self._state_against(action, line.graph.state) for line in marked.values()]
            return reason_for_all(action, self.THINGS, reasons)
        graph = self.session.graphs.rows.get(self._end_id())
        return self._state_against(action, graph.state if graph is not None else None)

    def _marked(self) -> dict[str, WorkflowLine]:
        return {} if self.is_open else self.marked

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what cannot be done now."""
        if action == "state":
            return not self.is_open
        if action in ("submit", "resubmit", "cancel", "remove", "logs", "explain", "watch") and self.is_mounted:
            return None if self.reason_against(action) else True
        return True

    def action_logs(self) -> None:
        """Go to the log of the member under the cursor; from the list, to the merged log of the workflow."""
        if self.is_open:
            self.post_message(self.Go(Target("logs", "process", self.pane.member_id)))
        elif self._target_id():
            with self.moving():
                self.open_row(self._target_id())
                self.pane.show_face("log")

    def _reason_against_explaining(self) -> str | None:
        if not self._target_id():
            return "there is no workflow under the cursor"
        if has_failed(self._target_state()):
            return None
        if not self.is_open:
            return "it has not failed: open it and choose one of its members"
        return explain.reason_against(self.session, self.pane.member_row())

    def action_explain(self) -> None:
        """Explain the member under the cursor; where there is nothing to explain, why the workflow failed."""
        member = self.pane.member_row() if self.is_open else None
        if member is not None and explain.reason_against(self.session, member) is None:
            of_member: Work = partial(explain.explain, self, member)
            self.run_worker(of_member, group="explain", exclusive=True)
        elif has_failed(self._target_state()):
            of_graph: Work = partial(explain_failed_workflow, self, self._target_id())
            self.run_worker(of_graph, group="explain", exclusive=True)

    def action_submit(self) -> None:
        """Write a workflow and submit it."""
        self.run_worker(self._submit(), group="workflow", exclusive=True)

    async def _submit(self) -> None:
        colony = self.session.colony
        spec = await edit_json(
            self.app, "New workflow", workflow_template(colony), read_workflow(colony), accept="submit"
        )
        if spec is not None:
            await self.propose(submit_workflow(spec))

    def action_resubmit(self) -> None:
        """Submit the workflow again, edited or as it was."""
        graph_id = self._target_id()
        if graph_id:
            self.run_worker(self._resubmit(graph_id), group="workflow", exclusive=True)

    def _name_of(self, graph_id: str) -> str:
        graph = self.session.graphs.rows.get(graph_id)
        return "a workflow" if graph is None else workflow_line(self.session, graph).name

    async def _resubmit(self, graph_id: str) -> None:
        try:
            spec: WorkflowSpec = await read_workflow_of(self.session, graph_id)
        except ColoniesError as error:
            say(self.app, f"the workflow cannot be put together again: {error}", "error")
            return
        before = workflow_text(spec)
        title = f"Resubmit {self._name_of(graph_id)} {short_id(graph_id)}"
        edited = await edit_json(self.app, title, before, read_workflow(self.session.colony), accept="compare")
        if edited is None:
            return
        question = Question(
            title=f"Submit {len(edited.functionspecs)} functions as a new workflow?",
            commands=as_commands(self.session, submit_workflow(edited)),
            choices=[Choice("keep", "escape", "leave", acts=False), Choice("submit", "y", "submit", "success")],
            fields=[Field.of("made from", short_id(graph_id))],
            paragraphs=difference(before, workflow_text(edited))[:SHOWN_CHANGES],
            name_to_type=short_id(graph_id),
        )
        if await self.ask(question, SubmitWorkflow) == "submit":
            await self.do(submit_workflow(edited))

    def action_cancel(self) -> None:
        """Cancel the workflow, or the marked ones."""
        self._end_them("cancel")

    def action_remove(self) -> None:
        """Remove the workflow, or the marked ones."""
        self._end_them("remove")

    def _end_them(self, verb: str) -> None:
        if marked := self._marked():
            self.work(partial(self._end_many, marked, verb), "workflow")
        elif graph_id := self._end_id():
            self.work(partial(self._end, graph_id, verb), "workflow")

    async def _end_many(self, lines: Mapping[str, WorkflowLine], verb: str) -> None:
        make = cancel_workflow if verb == "cancel" else remove_workflow
        found = []
        for graph_id, line in lines.items():
            reason = self._state_against(verb, line.graph.state)
            face = process_face(line.graph.state, self.context.alphabet)
            found.append(Candidate(graph_id, line.name, None if reason else make(graph_id), reason or "", face))
        await act_on_marked(self, self.table, found, ("workflow", "workflows"), _NOTES[verb])

    async def _end(self, graph_id: str, verb: str) -> None:
        graph = self.session.graphs.rows.get(graph_id)
        if graph is None:
            return
        line = workflow_line(self.session, graph)
        words = {
            "cancel": "Members that wait or run become cancelled; executors that run one are not told.",
            "remove": "It is removed with all its processes. Their logs can then only be found by executor or search.",
        }[verb]
        action = cancel_workflow(graph_id) if verb == "cancel" else remove_workflow(graph_id)
        question = Question(
            title=f"{verb.capitalize()} workflow {line.name}?",
            commands=as_commands(self.session, action),
            choices=[Choice("keep", "escape", "leave as it is", acts=False), Choice(verb, "y", verb, "failed")],
            fields=[
                Field.of("graph", short_id(graph_id)),
                Field.of("members", f"{line.done} of {line.total} done, {line.failed} failed"),
            ],
            paragraphs=((Span(words),),),
            name_to_type=short_id(graph_id),
        )
        if await self.ask(question, CancelProcessGraph if verb == "cancel" else RemoveProcessGraph) != verb:
            return
        result = await self.do(action)
        if verb == "remove" and result.outcome is Outcome.DONE and self.pane.graph_id == graph_id:
            self.go_back()
