"""Messages about executors and their functions (§ Executor, Function)."""

from typing import Any

from colonies_tui.protocol.guards import check_id, check_name
from colonies_tui.protocol.models.executor import Allocations, Capabilities, Executor, Function
from colonies_tui.protocol.request import Empty, Request, Rows
from colonies_tui.protocol.roles import Role


class AddExecutor(Request[Executor], msgtype="addexecutormsg", role=Role.COLONY_OWNER, changes=True):
    """Register an executor; it is pending until it is approved, whatever state is sent."""

    executor: Executor

    def check(self) -> None:
        check_name(self.executor.executorname, "executor")
        check_id(self.executor.executorid, "executor id")


class GetExecutors(Request[Rows[Executor]], msgtype="getexecutorsmsg", role=Role.REGISTERED):
    """All executors of a colony, unregistered ones too, in no order."""

    colonyname: str


class GetExecutor(Request[Executor], msgtype="getexecutormsg", role=Role.MEMBER):
    """One executor by name."""

    colonyname: str
    executorname: str


class GetExecutorById(Request[Executor], msgtype="getexecutorbyidmsg", role=Role.MEMBER):
    """One executor by the identity of its key."""

    colonyname: str
    executorid: str


class ApproveExecutor(Request[Empty], msgtype="approveexecutormsg", role=Role.COLONY_OWNER, changes=True):
    """Let an executor take processes; allowed from any state."""

    colonyname: str
    executorname: str


class RejectExecutor(Request[Empty], msgtype="rejectexecutormsg", role=Role.COLONY_OWNER, changes=True):
    """Refuse an executor; allowed from any state."""

    colonyname: str
    executorname: str


class RemoveExecutor(Request[Empty], msgtype="removeexecutormsg", role=Role.COLONY_OWNER, changes=True):
    """Unregister an executor: its functions are deleted, its running processes wait again."""

    colonyname: str
    executorname: str


class UpdateExecutor(Request[Empty], msgtype="updateexecutormsg", role=Role.REGISTERED_EXECUTOR, changes=True):
    """Replace the caller's own capabilities."""

    colonyname: str
    executorname: str
    capabilities: Capabilities


class ReportAllocation(Request[Empty], msgtype="reportallocationmsg", role=Role.REGISTERED_EXECUTOR, changes=True):
    """Replace the caller's own allocations."""

    colonyname: str
    executorname: str
    allocations: Allocations


class ChangeExecutorId(Request[Any], msgtype="changeexecutoridmsg", role=Role.REGISTERED_EXECUTOR, changes=True):
    """Give the calling executor another key; its running processes keep the old id."""

    colonyname: str
    executorid: str

    def check(self) -> None:
        check_id(self.executorid, "executor id")


class AddFunction(Request[Function], msgtype="addfunctionmsg", role=Role.EXECUTOR, changes=True):
    """Register a function of the calling executor."""

    fun: Function

    def check(self) -> None:
        check_name(self.fun.executorname, "executor")


class GetFunctions(Request[Rows[Function]], msgtype="getfunctionsmsg", role=Role.MEMBER):
    """The functions of one executor, or of the whole colony when no executor is named."""

    colonyname: str
    executorname: str = ""


class RemoveFunction(Request[Empty], msgtype="removefunctionmsg", role=Role.EXECUTOR, changes=True):
    """Remove a function of the calling executor."""

    functionid: str
