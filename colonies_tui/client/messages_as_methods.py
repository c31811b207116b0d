"""One typed method per message that goes over HTTP. A new message costs one line here.

The parameters of a method are the fields of its message, by keyword, and its result is the message's reply type.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.messages import colony, executor, log, process
from colonies_tui.protocol.request import Request

P = ParamSpec("P")
R = TypeVar("R")


class Sends(Protocol):
    """What a method needs of the client that it belongs to."""

    async def send(self, request: Request[R], *, key: PrivateKey | None = None) -> R:
        """Send a request and return its decoded reply."""


def message(kind: Callable[P, Request[R]]) -> Callable[Concatenate[Sends, P], Coroutine[Any, Any, R]]:
    """Return a method that builds a message from its arguments and sends it."""

    async def method(self: Sends, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await self.send(kind(*args, **kwargs))

    method.__doc__ = kind.__doc__
    method.__qualname__ = method.__name__ = getattr(kind, "__name__", "message")
    return method


class MessagesAsMethods:
    """The methods, for a class that has :meth:`Sends.send`."""

    get_version = message(colony.GetVersion)
    get_server_info = message(colony.GetServerInfo)
    get_server_statistics = message(colony.GetServerStatistics)
    get_cluster = message(colony.GetCluster)
    add_colony = message(colony.AddColony)
    remove_colony = message(colony.RemoveColony)
    get_colonies = message(colony.GetColonies)
    get_colony = message(colony.GetColony)
    get_colony_statistics = message(colony.GetColonyStatistics)
    change_colony_id = message(colony.ChangeColonyId)
    change_server_id = message(colony.ChangeServerId)
    add_user = message(colony.AddUser)
    get_user = message(colony.GetUser)
    get_user_by_id = message(colony.GetUserById)
    get_users = message(colony.GetUsers)
    remove_user = message(colony.RemoveUser)
    change_user_id = message(colony.ChangeUserId)
    pause_assignments = message(colony.PauseAssignments)
    resume_assignments = message(colony.ResumeAssignments)
    get_pause_status = message(colony.GetPauseStatus)

    add_executor = message(executor.AddExecutor)
    get_executors = message(executor.GetExecutors)
    get_executor = message(executor.GetExecutor)
    get_executor_by_id = message(executor.GetExecutorById)
    approve_executor = message(executor.ApproveExecutor)
    reject_executor = message(executor.RejectExecutor)
    remove_executor = message(executor.RemoveExecutor)
    update_executor = message(executor.UpdateExecutor)
    report_allocation = message(executor.ReportAllocation)
    change_executor_id = message(executor.ChangeExecutorId)
    add_function = message(executor.AddFunction)
    get_functions = message(executor.GetFunctions)
    remove_function = message(executor.RemoveFunction)

    submit_process = message(process.SubmitProcess)
    assign_process = message(process.AssignProcess)
    get_process = message(process.GetProcess)
    get_processes = message(process.GetProcesses)
    get_process_history = message(process.GetProcessHistory)
    remove_process = message(process.RemoveProcess)
    remove_all_processes = message(process.RemoveAllProcesses)
    cancel_process = message(process.CancelProcess)
    set_output = message(process.SetOutput)
    close_successful = message(process.CloseSuccessful)
    close_failed = message(process.CloseFailed)
    add_attribute = message(process.AddAttribute)
    get_attribute = message(process.GetAttribute)

    add_log = message(log.AddLog)
    add_executor_log = message(log.AddExecutorLog)
    get_logs = message(log.GetLogs)
    search_logs = message(log.SearchLogs)
