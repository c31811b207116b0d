"""Messages about workflows and process graphs (§ Workflow)."""

from colonies_tui.protocol.errors import UnsafeRequest
from colonies_tui.protocol.guards import check_id
from colonies_tui.protocol.messages.process import ANY_STATE, MAX_COUNT, check_spec
from colonies_tui.protocol.model import Optional
from colonies_tui.protocol.models.process import FunctionSpec, Process
from colonies_tui.protocol.models.workflow import ProcessGraph, WorkflowSpec
from colonies_tui.protocol.request import Empty, Request, Rows
from colonies_tui.protocol.roles import Role
from colonies_tui.protocol.states import ProcessState
from colonies_tui.protocol.workflow_check import check_workflow


class SubmitWorkflow(Request[ProcessGraph], msgtype="submitworkflowspecmsg", role=Role.MEMBER, changes=True):
    """Start a workflow. The reply has no nodes, no edges and no times."""

    spec: WorkflowSpec

    def check(self) -> None:
        if not self.spec.colonyname:
            raise UnsafeRequest("colonyname is missing")
        check_workflow(self.spec.functionspecs)


class GetProcessGraph(Request[ProcessGraph], msgtype="getprocessgraphmsg", role=Role.MEMBER):
    """One graph with nodes and edges."""

    processgraphid: str


class GetProcessGraphs(Request[Rows[ProcessGraph]], msgtype="getprocessgraphsmsg", role=Role.MEMBER):
    """At most :data:`MAX_COUNT` graphs in one state, newest first, without nodes and edges. Dear on a real server."""

    colonyname: str
    count: int
    state: ProcessState

    def check(self) -> None:
        if not 0 <= self.count <= MAX_COUNT:
            raise UnsafeRequest(f"a list of process graphs holds at most {MAX_COUNT}")


class RemoveProcessGraph(Request[Empty], msgtype="removeprocessgraphmsg", role=Role.MEMBER, changes=True):
    """Remove a graph that is not running, with its processes."""

    processgraphid: str
    all: Optional[bool] = None


class RemoveAllProcessGraphs(Request[Empty], msgtype="removeallprocessgraphsmsg", role=Role.COLONY_OWNER, changes=True):
    """Remove all graphs in one state, and every workflow process in that state, those of other graphs too.

    With state failed a real server crashes when a removed graph still has members at work.
    """

    colonyname: str
    state: int

    def check(self) -> None:
        if self.state not in (ANY_STATE, 0, 2, 3, 4):
            raise UnsafeRequest(
                "the state to remove is 0, 2, 3, 4, or -1 for all; running ones alone cannot be removed"
            )


class CancelProcessGraph(Request[Empty], msgtype="cancelprocessgraphmsg", role=Role.MEMBER, changes=True):
    """Cancel the waiting and running members of a graph; one that has ended is relabelled as cancelled."""

    processgraphid: str


class AddChild(Request[Process], msgtype="addchildmsg", role=Role.EXECUTOR, changes=True):
    """Add a process to the graph of the process that the caller runs.

    An unknown parent, child or graph ends a real server: never send an id that was not just read.
    """

    processgraphid: str
    parentprocessid: str
    childprocessid: str = ""
    spec: FunctionSpec
    insert: bool = False

    def check(self) -> None:
        check_id(self.processgraphid, "process graph id")
        check_id(self.parentprocessid, "parent process id")
        if self.childprocessid:
            check_id(self.childprocessid, "child process id")
        if not self.spec.nodename:
            raise UnsafeRequest("the function needs a nodename")
        check_spec(self.spec)
