"""One typed method per message that goes over HTTP. A new message costs one line here.

The parameters of a method are the fields of its message, by keyword, and its result is the message's reply type.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.messages import (
    blueprint,
    channel,
    colony,
    executor,
    file,
    location,
    log,
    process,
    schedule,
    workflow,
)
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

    submit_workflow = message(workflow.SubmitWorkflow)
    get_process_graph = message(workflow.GetProcessGraph)
    get_process_graphs = message(workflow.GetProcessGraphs)
    remove_process_graph = message(workflow.RemoveProcessGraph)
    remove_all_process_graphs = message(workflow.RemoveAllProcessGraphs)
    cancel_process_graph = message(workflow.CancelProcessGraph)
    add_child = message(workflow.AddChild)

    add_cron = message(schedule.AddCron)
    get_cron = message(schedule.GetCron)
    get_crons = message(schedule.GetCrons)
    run_cron = message(schedule.RunCron)
    remove_cron = message(schedule.RemoveCron)
    add_generator = message(schedule.AddGenerator)
    get_generator = message(schedule.GetGenerator)
    resolve_generator = message(schedule.ResolveGenerator)
    get_generators = message(schedule.GetGenerators)
    pack_generator = message(schedule.PackGenerator)
    remove_generator = message(schedule.RemoveGenerator)

    add_log = message(log.AddLog)
    add_executor_log = message(log.AddExecutorLog)
    get_logs = message(log.GetLogs)
    search_logs = message(log.SearchLogs)

    add_file = message(file.AddFile)
    get_file = message(file.GetFile)
    get_files = message(file.GetFiles)
    get_file_labels = message(file.GetFileLabels)
    remove_file = message(file.RemoveFile)
    create_snapshot = message(file.CreateSnapshot)
    get_snapshot = message(file.GetSnapshot)
    get_snapshots = message(file.GetSnapshots)
    remove_snapshot = message(file.RemoveSnapshot)
    remove_all_snapshots = message(file.RemoveAllSnapshots)

    add_location = message(location.AddLocation)
    get_locations = message(location.GetLocations)
    get_location = message(location.GetLocation)
    remove_location = message(location.RemoveLocation)

    append_to_channel = message(channel.AppendToChannel)
    read_channel = message(channel.ReadChannel)

    add_blueprint_definition = message(blueprint.AddBlueprintDefinition)
    get_blueprint_definition = message(blueprint.GetBlueprintDefinition)
    get_blueprint_definitions = message(blueprint.GetBlueprintDefinitions)
    remove_blueprint_definition = message(blueprint.RemoveBlueprintDefinition)
    add_blueprint = message(blueprint.AddBlueprint)
    get_blueprint = message(blueprint.GetBlueprint)
    get_blueprints = message(blueprint.GetBlueprints)
    update_blueprint = message(blueprint.UpdateBlueprint)
    update_blueprint_status = message(blueprint.UpdateBlueprintStatus)
    remove_blueprint = message(blueprint.RemoveBlueprint)
    reconcile_blueprint = message(blueprint.ReconcileBlueprint)
    get_blueprint_history = message(blueprint.GetBlueprintHistory)
