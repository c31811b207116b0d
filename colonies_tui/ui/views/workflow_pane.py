"""One workflow: its graph, the list of its members by level, their course in time, and their logs as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget

from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.plaintext import plain
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.graphs import OpenGraph
from colonies_tui.store.merged_log import MergedBatch, MergedLog
from colonies_tui.ui.context import Context
from colonies_tui.ui.details.graph_nodes import graph_nodes, member_name
from colonies_tui.ui.format.durations import duration
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.format.numbers import counted
from colonies_tui.ui.format.states import process_face
from colonies_tui.ui.graph.model import GraphNode
from colonies_tui.ui.graph.times import NodeTimes
from colonies_tui.ui.log_buffer import LogLine
from colonies_tui.ui.row_diff import diff_rows
from colonies_tui.ui.tables.graph_levels import level_columns, level_rows
from colonies_tui.ui.widgets.graph_view import GraphView
from colonies_tui.ui.widgets.live_table import LiveTable
from colonies_tui.ui.widgets.log_view import LogView
from colonies_tui.ui.widgets.node_messages import NodeCursorMoved, NodeOpened
from colonies_tui.ui.widgets.rule import RulePiece, TitleRule
from colonies_tui.ui.widgets.timeline import Timeline

FACES: Final = ("graph", "list", "timeline", "log")
"""The ways to look at a workflow, in the order in which tab goes through them."""


class WorkflowPane(Vertical):
    """Shows one workflow at a time. The cursor is on the same member in every face."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "face(1)", "graph, list, timeline, log", id="workflow.next-face"),
        Binding("shift+tab", "face(-1)", "previous face", show=False, id="workflow.previous-face"),
        Binding("M", "merged_log", "merged log", id="workflow.merged-log"),
    ]

    class MemberOpened(Message):
        """A member was opened."""

        def __init__(self, process_id: str) -> None:
            super().__init__()
            self.process_id = process_id

    def __init__(self, context: Context, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.context = context
        self._graph_id = ""
        self._graph: OpenGraph | None = None
        self.graph_members: list[GraphNode] = []
        self._is_gone = False
        self._member = ""
        self._face = "graph"
        self._members: dict[str, NodeTimes] = {}
        self._log: MergedLog | None = None
        self._lines: dict[tuple[int, str], str] = {}
        """Process of a log line by stamp and source, so that a line leads back to its node."""

    def compose(self) -> ComposeResult:
        yield TitleRule("", id="workflow-rule")
        yield GraphView(id="workflow-graph")
        yield LiveTable(level_columns(self.context.alphabet), clock=self.context.clock, id="workflow-list")
        yield Timeline(clock=self.context.clock, id="workflow-timeline")
        yield LogView(id="workflow-log")

    def on_mount(self) -> None:
        """Begin with the graph."""
        self._show_face()

    @property
    def graph_id(self) -> str:
        """Id of the workflow that is shown; empty for none."""
        return self._graph_id

    @property
    def graph(self) -> OpenGraph | None:
        """The workflow with its members; ``None`` while it is loading."""
        return self._graph

    @property
    def member_id(self) -> str:
        """Id of the process under the cursor; empty for none."""
        return self._member

    def focused_pane(self) -> Widget:
        """Return the face that is shown."""
        return self.query_one(f"#workflow-{self._face}")

    # -- what is shown -----------------------------------------------------------------------------------------------

    def open(self, graph_id: str) -> None:
        """Show a workflow, its graph first."""
        if graph_id == self._graph_id:
            return
        self.close()
        self._graph_id = graph_id
        self._face = "graph"
        self._show_face()
        self.context.session.graphs.open(graph_id)
        self.update_graph()

    def _open_log(self) -> None:
        self._log = MergedLog(self.context.session, self._graph_id, on_batch=self._take_log)
        if self._graph is not None:
            self._log.set_members({member.processid: member.state for member in self._graph.members})

    def start_over(self) -> None:
        """Read the log anew."""
        if self._log is not None:
            self._log.close()
            self.query_one(LogView).clear()
            self._lines.clear()
            self._open_log()

    def close(self) -> None:
        """Show none, and stop reading about it."""
        if self._graph_id:
            self.context.session.graphs.close(self._graph_id)
        if self._log is not None:
            self._log.close()
            self._log = None
            self.query_one(LogView).clear()
        self._graph_id, self._graph, self.graph_members, self._member = "", None, [], ""
        self._is_gone = False
        self._lines.clear()

    def update_graph(self) -> None:
        """Bring the face that is shown up to date."""
        session = self.context.session
        before, self._graph = self._graph, session.graphs.opened.get(self._graph_id)
        self._is_gone = self._graph is None and (self._is_gone or before is not None)
        if self._graph is not None:
            self.graph_members = graph_nodes(self._graph, session.executor_name)
            if self._log is not None:
                self._log.set_members({member.processid: member.state for member in self._graph.members})
        self._fill()
        self._show_title()

    def tick(self) -> None:
        """A second has passed."""
        if self._face == "list":
            self.query_one("#workflow-list", LiveTable).tick(self.context.clock())
        self._show_title()

    def _fill(self) -> None:
        now = self.context.clock()
        pane = self.focused_pane()
        if isinstance(pane, GraphView | Timeline):
            pane.show(self.graph_members)
            if not self.graph_members and self._graph is None:
                pane.set_message("loading", "Loading the workflow")
        elif self._face == "list":
            rows = level_rows(self.graph_members)
            same = list(rows) == list(self._members)
            table: LiveTable[NodeTimes] = self.query_one("#workflow-list", LiveTable)
            table.update_rows(rows, diff_rows(self._members, rows) if same else None, now)
            self._members = rows

    def _show_title(self) -> None:
        rule, alphabet, now = self.query_one("#workflow-rule", TitleRule), self.context.alphabet, self.context.clock()
        graph = self._graph
        if graph is None:
            rule.show(short_id(self._graph_id), [self._why_nothing()])
            return
        face = process_face(graph.row.state, alphabet)
        done = sum(member.state.is_final for member in graph.members)
        failed = sum(node.failed_itself for node in self.graph_members)
        start = graph.row.started if graph.row.started is not None else graph.row.submitted
        end = graph.row.ended if graph.row.state.is_final else now
        took = "" if start is None or end is None else f" {duration(end - start)}"
        pieces = [RulePiece.of(f"{face.text}{took}", face.role)]
        pieces.append(RulePiece.of(f"{done} of {len(graph.members)} done", rank=1))
        if failed:
            pieces.append(RulePiece.of(f"{failed} failed", "failed"))
        words = [("text" if name == self._face else "faint", name) for name in FACES]
        pieces.extend(RulePiece.of(name, role, rank=2) for role, name in words if role == "text")
        roots = [node.label for node in self.graph_members if not node.parents]
        name = ", ".join(roots[:2]) or "workflow"
        rule.show(f"{name} · {short_id(self._graph_id)}", pieces)

    def _why_nothing(self) -> RulePiece:
        error = self.context.session.graphs.opened.freshness.error
        if self._is_gone:
            return RulePiece.of(f"no longer there: {plain(str(error or 'removed'))}", "warning")
        return RulePiece.of("loading") if error is None else RulePiece.of(plain(str(error)), "failed")

    # -- faces -------------------------------------------------------------------------------------------------------

    def action_face(self, step: int) -> None:
        """Look at the workflow in the next way."""
        self.show_face(FACES[(FACES.index(self._face) + step) % len(FACES)])

    def action_merged_log(self) -> None:
        """Show the log of all members as one."""
        self.show_face("log")

    def show_face(self, face: str) -> None:
        """Look at the workflow in one way."""
        self._face = face
        self._show_face()
        if face == "log" and self._log is None and self._graph_id:
            self._open_log()
        self._fill()
        self._show_title()
        self._move_to(self._member)
        self.focused_pane().focus()

    def _show_face(self) -> None:
        for name in FACES:
            self.query_one(f"#workflow-{name}").display = name == self._face

    def _move_to(self, process_id: str) -> None:
        if not process_id:
            return
        if self._face == "graph":
            self.query_one(GraphView).move_to(process_id)
        elif self._face == "timeline":
            self.query_one(Timeline).move_to(process_id)
        elif self._face == "list":
            self.query_one("#workflow-list", LiveTable).move_to(process_id)

    def _take_log(self, batch: MergedBatch) -> None:
        graph = self._graph
        names: Mapping[str, str] = {}
        if graph is not None:
            names = {member.processid: member_name(member) for member in graph.members}
        lines = []
        for row in batch.rows:
            name = names.get(row.processid) or short_id(row.processid)
            lines.append(LogLine(name, row.timestamp, row.message))
            self._lines[row.timestamp, name] = row.processid
        if batch.skipped:
            lines.append(LogLine("", 0, f"the logs of {counted(batch.skipped, 'more member')} are not read", "gap"))
        self.query_one(LogView).append(lines)

    # -- the member under the cursor ---------------------------------------------------------------------------------

    def _set_member(self, process_id: str) -> None:
        if process_id != self._member:
            self._member = process_id
            self.refresh_bindings()

    @on(NodeCursorMoved)
    def _node_moved(self, event: NodeCursorMoved) -> None:
        event.stop()
        if event.members:
            self._set_member(event.members[0])

    @on(NodeOpened)
    def _node_opened(self, event: NodeOpened) -> None:
        event.stop()
        if event.members:
            self.post_message(self.MemberOpened(event.members[0]))

    @on(LiveTable.CursorMoved)
    def _list_moved(self, event: LiveTable.CursorMoved) -> None:
        event.stop()
        self._set_member(event.id or "")

    @on(LiveTable.Opened)
    def _list_opened(self, event: LiveTable.Opened) -> None:
        event.stop()
        self.post_message(self.MemberOpened(event.id))

    @on(LogView.LineOpened)
    def _line_opened(self, event: LogView.LineOpened) -> None:
        """From a line of the merged log to its node."""
        event.stop()
        process_id = self._lines.get((event.timestamp_ns, event.source))
        if process_id:
            self._member = process_id
            self.show_face("graph")

    def member_row(self) -> ProcessRow | None:
        """Return what is known of the process under the cursor."""
        return self.context.session.processes.get(self._member)

    def failed_first(self) -> Sequence[str]:
        """Return the ids of members that failed by themselves, the earliest first."""
        failed = [node for node in self.graph_members if node.failed_itself]
        failed.sort(key=lambda node: node.ended if node.ended is not None else float("inf"))
        return [node.id for node in failed]

    @property
    def is_finished(self) -> bool:
        """Whether the workflow has come to an end."""
        return self._graph is not None and self._graph.row.state.is_final

    @property
    def title_words(self) -> str:
        """What the workflow is called in a question."""
        roots = [node.label for node in self.graph_members if not node.parents]
        return plain(", ".join(roots[:3])) or short_id(self._graph_id)

    @property
    def counts(self) -> Mapping[ProcessState, int]:
        """How many members are in each state."""
        counts = dict.fromkeys(ProcessState, 0)
        for node in self.graph_members:
            counts[node.state] += 1
        return counts
