"""Actions on workflows, crons, generators, files, snapshots, users and colonies: what is sent, and how it is told."""

from __future__ import annotations

from typing import Any

from colonies_tui.protocol.messages.blueprint import ReconcileBlueprint, RemoveBlueprint
from colonies_tui.protocol.messages.colony import (
    AddColony,
    AddUser,
    PauseAssignments,
    RemoveColony,
    RemoveUser,
    ResumeAssignments,
)
from colonies_tui.protocol.messages.file import CreateSnapshot, RemoveFile, RemoveSnapshot
from colonies_tui.protocol.messages.location import AddLocation, RemoveLocation
from colonies_tui.protocol.messages.process import RemoveAllProcesses, SubmitProcess
from colonies_tui.protocol.messages.schedule import (
    AddCron,
    AddGenerator,
    PackGenerator,
    RemoveCron,
    RemoveGenerator,
    RunCron,
)
from colonies_tui.protocol.messages.workflow import CancelProcessGraph, RemoveProcessGraph, SubmitWorkflow
from colonies_tui.protocol.models.blueprint import Blueprint
from colonies_tui.protocol.models.colony import Colony, User
from colonies_tui.protocol.models.file import File, Snapshot
from colonies_tui.protocol.models.location import Location
from colonies_tui.protocol.models.process import FunctionSpec
from colonies_tui.protocol.models.schedule import Cron, Generator
from colonies_tui.protocol.models.workflow import WorkflowSpec
from colonies_tui.protocol.request import Request
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.actions import Action
from colonies_tui.store.graphs import GRAPH_FEEDS
from colonies_tui.store.session import PROCESS_FEEDS


def _action(verb: str, done: str, kind: str, name: str, object_id: str, request: Request[Any], *feeds: str) -> Action:
    return Action(
        verb=verb,
        done=done,
        object_name=name,
        request=request,
        target={"kind": kind, "name": name, "id": object_id},
        feeds=("statistics", *feeds),
    )


# Processes and workflows


def submit_process(spec: FunctionSpec) -> Action:
    """Put a process into its queue."""
    name = f"{spec.funcname or 'process'} for {spec.conditions.executortype}"
    return _action("submit", "submitted", "process", name, "", SubmitProcess(spec=spec), *PROCESS_FEEDS)


def remove_all_processes(colony: str, state: ProcessState | None) -> Action:
    """Remove every process in one state (``None``: in any) that is not part of a workflow."""
    number = -1 if state is None else int(state)
    word = "all" if state is None else state.name.lower()
    request = RemoveAllProcesses(colonyname=colony, state=number)
    return _action("remove", "removed", "processes", f"{word} processes of {colony}", "", request, *PROCESS_FEEDS)


def submit_workflow(spec: WorkflowSpec) -> Action:
    """Start a workflow."""
    name = f"workflow of {len(spec.functionspecs)}"
    return _action("submit", "submitted", "workflow", name, "", SubmitWorkflow(spec=spec), *GRAPH_FEEDS, *PROCESS_FEEDS)


def cancel_workflow(graph_id: str) -> Action:
    """Cancel the waiting and running members of a workflow."""
    request = CancelProcessGraph(processgraphid=graph_id)
    name = f"workflow {graph_id[:8]}"
    return _action("cancel", "cancelled", "workflow", name, graph_id, request, *GRAPH_FEEDS, f"graph {graph_id}")


def remove_workflow(graph_id: str) -> Action:
    """Remove a workflow that is not running, with its processes."""
    request = RemoveProcessGraph(processgraphid=graph_id)
    return _action(
        "remove", "removed", "workflow", f"workflow {graph_id[:8]}", graph_id, request, *GRAPH_FEEDS, *PROCESS_FEEDS
    )


# Crons and generators


def add_cron(cron: Cron) -> Action:
    """Add a cron."""
    return _action("add", "added", "cron", cron.name, "", AddCron(cron=cron), "crons")


def run_cron(cron: Cron) -> Action:
    """Start a cron now."""
    return _action("run", "started", "cron", cron.name, cron.cronid, RunCron(cronid=cron.cronid), "crons", *GRAPH_FEEDS)


def remove_cron(cron: Cron) -> Action:
    """Remove a cron; what it started goes on."""
    return _action("remove", "removed", "cron", cron.name, cron.cronid, RemoveCron(cronid=cron.cronid), "crons")


def add_generator(generator: Generator) -> Action:
    """Add a generator."""
    request = AddGenerator(generator=generator)
    return _action("add", "added", "generator", generator.name, "", request, "generators")


def pack_generator(generator: Generator, argument: str) -> Action:
    """Append an argument to a generator's queue."""
    request = PackGenerator(generatorid=generator.generatorid, arg=argument)
    return _action(
        "pack", "packed", "generator", generator.name, generator.generatorid, request, "generators", *GRAPH_FEEDS
    )


def remove_generator(generator: Generator) -> Action:
    """Remove a generator with its queue."""
    request = RemoveGenerator(generatorid=generator.generatorid)
    return _action("remove", "removed", "generator", generator.name, generator.generatorid, request, "generators")


# Files and snapshots


def remove_revision(file: File) -> Action:
    """Remove one revision of a file."""
    name = f"{file.label}/{file.name} nr {file.sequencenr}"
    request = RemoveFile(colonyname=file.colonyname, fileid=file.fileid)
    return _action("remove", "removed", "file", name, file.fileid, request, "labels", f"files {file.label}")


def remove_file(colony: str, label: str, name: str) -> Action:
    """Remove all revisions of a file."""
    request = RemoveFile(colonyname=colony, label=label, name=name)
    return _action("remove", "removed", "file", f"{label}/{name}", "", request, "labels", f"files {label}")


def create_snapshot(colony: str, label: str, name: str) -> Action:
    """Freeze the newest revisions of the files under a label."""
    request = CreateSnapshot(colonyname=colony, label=label, name=name)
    return _action("take", "taken", "snapshot", name, "", request, "snapshots")


def remove_snapshot(snapshot: Snapshot) -> Action:
    """Remove a snapshot; its files stay."""
    request = RemoveSnapshot(colonyname=snapshot.colonyname, snapshotid=snapshot.snapshotid)
    return _action("remove", "removed", "snapshot", snapshot.name, snapshot.snapshotid, request, "snapshots")


# Colonies and users


def add_user(user: User) -> Action:
    """Add a user."""
    return _action("add", "added", "user", user.name, user.userid, AddUser(user=user), "users")


def remove_user(user: User) -> Action:
    """Remove a user."""
    request = RemoveUser(colonyname=user.colonyname, name=user.name)
    return _action("remove", "removed", "user", user.name, user.userid, request, "users")


def add_location(location: Location) -> Action:
    """Add a location."""
    request = AddLocation(location=location)
    return _action("add", "added", "location", location.name, location.locationid, request, "locations")


def remove_location(location: Location) -> Action:
    """Remove a location; what names it is unchanged."""
    request = RemoveLocation(colonyname=location.colonyname, name=location.name)
    return _action("remove", "removed", "location", location.name, location.locationid, request, "locations")


def add_colony(colony: Colony) -> Action:
    """Add a colony."""
    return _action("add", "added", "colony", colony.name, colony.colonyid, AddColony(colony=colony), "colonies")


def remove_colony(colony: Colony) -> Action:
    """Remove a colony with everything in it."""
    request = RemoveColony(colonyname=colony.name)
    return _action("remove", "removed", "colony", colony.name, colony.colonyid, request, "colonies")


def pause_assignments(colony: str) -> Action:
    """Stop handing out processes."""
    request = PauseAssignments(colonyname=colony)
    return _action("pause", "paused", "colony", f"assignments of {colony}", "", request, "pause")


def resume_assignments(colony: str) -> Action:
    """Hand out processes again."""
    request = ResumeAssignments(colonyname=colony)
    return _action("resume", "resumed", "colony", f"assignments of {colony}", "", request, "pause")


def reconcile_blueprint(blueprint: Blueprint, *, force: bool = False) -> Action:
    """Ask a blueprint's reconciler to look now."""
    name = blueprint.metadata.name
    request = ReconcileBlueprint(namespace=blueprint.metadata.colonyname, name=name, force=force)
    feeds = ("blueprints", *PROCESS_FEEDS)
    return _action("reconcile", "handed to its reconciler", "blueprint", name, blueprint.blueprintid, request, *feeds)


def remove_blueprint(blueprint: Blueprint) -> Action:
    """Remove a blueprint; its reconciler cleans up."""
    name = blueprint.metadata.name
    request = RemoveBlueprint(namespace=blueprint.metadata.colonyname, name=name)
    return _action("remove", "removed", "blueprint", name, blueprint.blueprintid, request, "blueprints")
