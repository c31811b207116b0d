"""Messages about processes and their attributes (§ Process, Attribute)."""

from typing import Any

from colonies_tui.protocol.errors import UnsafeRequest
from colonies_tui.protocol.guards import check_cpu, check_size
from colonies_tui.protocol.model import List, Optional
from colonies_tui.protocol.models.process import NO_LIMIT, Attribute, FunctionSpec, Process
from colonies_tui.protocol.request import Empty, Request, Rows
from colonies_tui.protocol.roles import Role
from colonies_tui.protocol.states import ProcessState

MAX_COUNT = 100
"""Most rows that a process list returns."""

MAX_PRIORITY = 50_000
"""Largest priority; the smallest is its negative."""

ANY_STATE = -1
"""Every state, in the remove-all messages only."""


def check_spec(spec: FunctionSpec) -> None:
    """Refuse a specification that a real server would refuse, misread, or end at once.

    Raises:
        UnsafeRequest: with the reason in words.
    """
    conditions = spec.conditions
    if not conditions.executortype:
        raise UnsafeRequest("conditions.executortype is missing: nothing would ever take the process")
    if not -MAX_PRIORITY <= spec.priority <= MAX_PRIORITY:
        raise UnsafeRequest(f"priority is between -{MAX_PRIORITY} and {MAX_PRIORITY}")
    if spec.maxexectime != NO_LIMIT and spec.maxexectime < 1:
        raise UnsafeRequest("maxexectime is a number of seconds, or -1 for no limit: 0 would end the process at once")
    if spec.maxwaittime < NO_LIMIT:
        raise UnsafeRequest("maxwaittime is a number of seconds, or -1 for no limit")
    check_cpu(conditions.cpu)
    check_size(conditions.mem, "mem")
    check_size(conditions.storage, "storage")
    check_size(conditions.gpu.mem, "gpu.mem")


class SubmitProcess(Request[Process], msgtype="submitfuncspecmsg", role=Role.MEMBER, changes=True):
    """Put a process into the queue of its executor type."""

    spec: FunctionSpec

    def check(self) -> None:
        if not self.spec.conditions.colonyname:
            raise UnsafeRequest("conditions.colonyname is missing")
        check_spec(self.spec)


class AssignProcess(Request[Process], msgtype="assignprocessmsg", role=Role.EXECUTOR, changes=True):
    """Take the next process of the calling executor's type.

    ``timeout`` is seconds to wait for one; negative answers at once. No work is :class:`NothingAssigned`.
    """

    colonyname: str
    timeout: int
    availablecpu: Optional[str] = None
    availablemem: Optional[str] = None

    def check(self) -> None:
        if self.timeout == 0:
            raise UnsafeRequest("an assign's timeout is positive to wait, negative to answer at once; 0 is refused")


class GetProcess(Request[Process], msgtype="getprocessmsg", role=Role.MEMBER):
    """One process in full."""

    processid: str


class GetProcesses(Request[Rows[Process]], msgtype="getprocessesmsg", role=Role.MEMBER):
    """At most :data:`MAX_COUNT` processes in one state.

    Waiting ones come in queue order, running ones oldest first, others newest first.
    Only one filter applies: ``executortype``, else ``initiator`` (the name of a user), else ``label``.
    """

    colonyname: str
    count: int
    state: ProcessState
    executortype: str = ""
    label: str = ""
    initiator: str = ""

    def check(self) -> None:
        if not 0 <= self.count <= MAX_COUNT:
            raise UnsafeRequest(f"a process list holds at most {MAX_COUNT}")


class GetProcessHistory(Request[Rows[Process]], msgtype="getprocesshistmsg", role=Role.MEMBER):
    """Every process in one state submitted within the last ``seconds``, oldest first.

    The number of rows has no limit: keep the time short.
    A real server answers a refused caller with an empty body.
    """

    colonyname: str
    executorid: str = ""
    seconds: int
    state: ProcessState


class RemoveProcess(Request[Empty], msgtype="removeprocessmsg", role=Role.MEMBER, changes=True):
    """Remove a process that is neither running nor part of a workflow."""

    processid: str
    all: Optional[bool] = None


class RemoveAllProcesses(Request[Empty], msgtype="removeallprocessesmsg", role=Role.COLONY_OWNER, changes=True):
    """Remove all processes in one state, or in any with :data:`ANY_STATE` (running ones too, and every attribute)."""

    colonyname: str
    state: int

    def check(self) -> None:
        if self.state not in (ANY_STATE, 0, 2, 3, 4):
            raise UnsafeRequest(
                "the state to remove is 0, 2, 3, 4, or -1 for all; running ones alone cannot be removed"
            )


class CancelProcess(Request[Empty], msgtype="cancelprocessmsg", role=Role.MEMBER, changes=True):
    """Cancel a waiting or running process; its executor is not told."""

    processid: str


class SetOutput(Request[Empty], msgtype="setoutputmsg", role=Role.EXECUTOR, changes=True):
    """Replace the output of a process that the caller runs; an empty list changes nothing."""

    processid: str
    out: List[Any] = ()


class CloseSuccessful(Request[Empty], msgtype="closesuccessfulmsg", role=Role.EXECUTOR, changes=True):
    """End a process that the caller runs, as a success. A second close would count again and overwrite the output."""

    processid: str
    out: List[Any] = ()


class CloseFailed(Request[Empty], msgtype="closefailedmsg", role=Role.EXECUTOR, changes=True):
    """End a process that the caller runs, as failed; this is final."""

    processid: str
    errors: List[str] = ()


class AddAttribute(Request[Attribute], msgtype="addattributemsg", role=Role.EXECUTOR, changes=True):
    """Add an attribute to a process that the caller runs; there is no way to change one."""

    attribute: Attribute


class GetAttribute(Request[Attribute], msgtype="getattributemsg", role=Role.MEMBER):
    """One attribute."""

    attributeid: str
