"""One typed method per message that goes over HTTP. A new message costs one line here.

The parameters of a method are the fields of its message, by keyword, and its result is the message's reply type.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from importlib import import_module
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar

from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.request import Request

if TYPE_CHECKING:
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
else:

    class _Subject:
        """A subject of messages, loaded when one of them is sent first: a console needs half of them to begin."""

        def __init__(self, name):
            self._name = name

        def __getattr__(self, message):
            return getattr(import_module(f"colonies_tui.protocol.messages.{self._name}"), message)

    blueprint, channel, colony, executor, file = map(_Subject, ("blueprint", "channel", "colony", "executor", "file"))
    location, log, process, schedule = map(_Subject, ("location", "log", "process", "schedule"))
    workflow = _Subject("workflow")

P = ParamSpec("P")
R = TypeVar("R")


class Sends(Protocol):
    """What a method needs of the client that it belongs to."""

    async def send(self, request: Request[R], *, key: PrivateKey | None = None) -> R:
        """Send a request and return its decoded reply."""


def message(
    kind: Callable[[], Callable[P, Request[R]]],
) -> Callable[Concatenate[Sends, P], Coroutine[Any, Any, R]]:
    """Return a method that builds a message from its arguments and sends it.

    Args:
        kind: names the message.
    """

    async def method(self: Sends, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await self.send(kind()(*args, **kwargs))

    return method


class MessagesAsMethods:
    """The methods, for a class that has :meth:`Sends.send`."""

    get_version = message(lambda: colony.GetVersion)
    get_server_info = message(lambda: colony.GetServerInfo)
    get_server_statistics = message(lambda: colony.GetServerStatistics)
    get_cluster = message(lambda: colony.GetCluster)
    add_colony = message(lambda: colony.AddColony)
    remove_colony = message(lambda: colony.RemoveColony)
    get_colonies = message(lambda: colony.GetColonies)
    get_colony = message(lambda: colony.GetColony)
    get_colony_statistics = message(lambda: colony.GetColonyStatistics)
    change_colony_id = message(lambda: colony.ChangeColonyId)
    change_server_id = message(lambda: colony.ChangeServerId)
    add_user = message(lambda: colony.AddUser)
    get_user = message(lambda: colony.GetUser)
    get_user_by_id = message(lambda: colony.GetUserById)
    get_users = message(lambda: colony.GetUsers)
    remove_user = message(lambda: colony.RemoveUser)
    change_user_id = message(lambda: colony.ChangeUserId)
    pause_assignments = message(lambda: colony.PauseAssignments)
    resume_assignments = message(lambda: colony.ResumeAssignments)
    get_pause_status = message(lambda: colony.GetPauseStatus)

    add_executor = message(lambda: executor.AddExecutor)
    get_executors = message(lambda: executor.GetExecutors)
    get_executor = message(lambda: executor.GetExecutor)
    get_executor_by_id = message(lambda: executor.GetExecutorById)
    approve_executor = message(lambda: executor.ApproveExecutor)
    reject_executor = message(lambda: executor.RejectExecutor)
    remove_executor = message(lambda: executor.RemoveExecutor)
    update_executor = message(lambda: executor.UpdateExecutor)
    report_allocation = message(lambda: executor.ReportAllocation)
    change_executor_id = message(lambda: executor.ChangeExecutorId)
    add_function = message(lambda: executor.AddFunction)
    get_functions = message(lambda: executor.GetFunctions)
    remove_function = message(lambda: executor.RemoveFunction)

    submit_process = message(lambda: process.SubmitProcess)
    assign_process = message(lambda: process.AssignProcess)
    get_process = message(lambda: process.GetProcess)
    get_processes = message(lambda: process.GetProcesses)
    get_process_history = message(lambda: process.GetProcessHistory)
    remove_process = message(lambda: process.RemoveProcess)
    remove_all_processes = message(lambda: process.RemoveAllProcesses)
    cancel_process = message(lambda: process.CancelProcess)
    set_output = message(lambda: process.SetOutput)
    close_successful = message(lambda: process.CloseSuccessful)
    close_failed = message(lambda: process.CloseFailed)
    add_attribute = message(lambda: process.AddAttribute)
    get_attribute = message(lambda: process.GetAttribute)

    submit_workflow = message(lambda: workflow.SubmitWorkflow)
    get_process_graph = message(lambda: workflow.GetProcessGraph)
    get_process_graphs = message(lambda: workflow.GetProcessGraphs)
    remove_process_graph = message(lambda: workflow.RemoveProcessGraph)
    remove_all_process_graphs = message(lambda: workflow.RemoveAllProcessGraphs)
    cancel_process_graph = message(lambda: workflow.CancelProcessGraph)
    add_child = message(lambda: workflow.AddChild)

    add_cron = message(lambda: schedule.AddCron)
    get_cron = message(lambda: schedule.GetCron)
    get_crons = message(lambda: schedule.GetCrons)
    run_cron = message(lambda: schedule.RunCron)
    remove_cron = message(lambda: schedule.RemoveCron)
    add_generator = message(lambda: schedule.AddGenerator)
    get_generator = message(lambda: schedule.GetGenerator)
    resolve_generator = message(lambda: schedule.ResolveGenerator)
    get_generators = message(lambda: schedule.GetGenerators)
    pack_generator = message(lambda: schedule.PackGenerator)
    remove_generator = message(lambda: schedule.RemoveGenerator)

    add_log = message(lambda: log.AddLog)
    add_executor_log = message(lambda: log.AddExecutorLog)
    get_logs = message(lambda: log.GetLogs)
    search_logs = message(lambda: log.SearchLogs)

    add_file = message(lambda: file.AddFile)
    get_file = message(lambda: file.GetFile)
    get_files = message(lambda: file.GetFiles)
    get_file_labels = message(lambda: file.GetFileLabels)
    remove_file = message(lambda: file.RemoveFile)
    create_snapshot = message(lambda: file.CreateSnapshot)
    get_snapshot = message(lambda: file.GetSnapshot)
    get_snapshots = message(lambda: file.GetSnapshots)
    remove_snapshot = message(lambda: file.RemoveSnapshot)
    remove_all_snapshots = message(lambda: file.RemoveAllSnapshots)

    add_location = message(lambda: location.AddLocation)
    get_locations = message(lambda: location.GetLocations)
    get_location = message(lambda: location.GetLocation)
    remove_location = message(lambda: location.RemoveLocation)

    append_to_channel = message(lambda: channel.AppendToChannel)
    read_channel = message(lambda: channel.ReadChannel)

    add_blueprint_definition = message(lambda: blueprint.AddBlueprintDefinition)
    get_blueprint_definition = message(lambda: blueprint.GetBlueprintDefinition)
    get_blueprint_definitions = message(lambda: blueprint.GetBlueprintDefinitions)
    remove_blueprint_definition = message(lambda: blueprint.RemoveBlueprintDefinition)
    add_blueprint = message(lambda: blueprint.AddBlueprint)
    get_blueprint = message(lambda: blueprint.GetBlueprint)
    get_blueprints = message(lambda: blueprint.GetBlueprints)
    update_blueprint = message(lambda: blueprint.UpdateBlueprint)
    update_blueprint_status = message(lambda: blueprint.UpdateBlueprintStatus)
    remove_blueprint = message(lambda: blueprint.RemoveBlueprint)
    reconcile_blueprint = message(lambda: blueprint.ReconcileBlueprint)
    get_blueprint_history = message(lambda: blueprint.GetBlueprintHistory)
