"""Files, snapshots, locations, channels and blueprints for the tests of the local server: one of everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.messages.blueprint import AddBlueprint, AddBlueprintDefinition
from colonies_tui.protocol.messages.file import AddFile, CreateSnapshot
from colonies_tui.protocol.messages.location import AddLocation
from colonies_tui.protocol.models.blueprint import Blueprint, BlueprintDefinition
from colonies_tui.protocol.models.file import File, Snapshot
from colonies_tui.protocol.models.location import Location
from tests.localserver.harness import COLONY, Harness

KIND = "Depl"
RECONCILER = "reconciler"
"""Executor type of who looks after blueprints of :data:`KIND`."""


async def add_file(bench: Harness, label: str, name: str = "f", **more: Any) -> File:
    """Add a revision of a file as the user."""
    return await bench.send(AddFile(file=File(colonyname=COLONY, label=label, name=name, **more)))


async def create_snapshot(bench: Harness, label: str, name: str = "snapshot") -> Snapshot:
    return await bench.send(CreateSnapshot(colonyname=COLONY, label=label, name=name))


def a_definition(kind: str = KIND, **spec: Any) -> BlueprintDefinition:
    """Return the definition of a kind whose blueprints are reconciled and need an ``image``."""
    described = {
        "names": {"kind": kind},
        "handler": {"executorType": RECONCILER, "functionName": "reconcile"},
        "schema": {
            "properties": {"image": {"type": "string"}, "replicas": {"type": "number"}},
            "required": ["image"],
        },
        **spec,
    }
    return BlueprintDefinition.model_validate(
        {"metadata": {"name": kind.lower(), "colonyname": COLONY}, "spec": described}
    )


def a_blueprint(
    name: str = "web", *, kind: str = KIND, spec: dict[str, Any] | None = None, **metadata: Any
) -> Blueprint:
    return Blueprint.model_validate(
        {
            "kind": kind,
            "metadata": {"name": name, "colonyname": COLONY, **metadata},
            "spec": {"image": "nginx"} if spec is None else spec,
        }
    )


async def define(bench: Harness, definition: BlueprintDefinition) -> BlueprintDefinition:
    return await bench.send(AddBlueprintDefinition(blueprintdefinition=definition), bench.colony_key)


async def add_blueprint(bench: Harness, blueprint: Blueprint, key: PrivateKey | None = None) -> Blueprint:
    return await bench.send(AddBlueprint(blueprint=blueprint), key)


@dataclass(frozen=True)
class FileWorld:
    """Ids of one of everything."""

    file: str
    snapshot: str
    blueprint: str
    process: str
    """A process with the channel ``c``, run by the executor of the world."""


async def make_file_world(bench: Harness, approved: PrivateKey) -> FileWorld:
    """Make it; nothing else may wait for the executor."""
    file = await add_file(bench, "/lab")
    snapshot = await create_snapshot(bench, "/lab")
    await bench.send(AddLocation(location=Location(colonyname=COLONY, name="rack")), bench.colony_key)
    await define(bench, a_definition())
    await define(bench, a_definition("Unused"))
    blueprint = await add_blueprint(bench, a_blueprint())
    process = await bench.submit(channels=["c"])
    assert (await bench.assign(approved)).processid == process.processid
    return FileWorld(file.fileid, snapshot.snapshotid, blueprint.blueprintid, process.processid)


def file_requests(world: FileWorld) -> dict[str, dict[str, Any]]:
    """Return the keys and values of a request of each message, which succeeds when the role allows it."""
    colony, namespace = {"colonyname": COLONY}, {"namespace": COLONY}
    channel = {"processid": world.process, "name": "c"}
    file = {**colony, "fileid": world.file}
    snapshot = {**colony, "snapshotid": world.snapshot}
    return {
        "addfilemsg": {"file": {**colony, "label": "/lab", "name": "another"}},
        "getfilemsg": file,
        "getfilesmsg": {**colony, "label": "/lab"},
        "removefilemsg": file,
        "createsnapshotmsg": {**colony, "label": "/lab", "name": "another"},
        "getsnapshotmsg": snapshot,
        "removesnapshotmsg": snapshot,
        "addlocationmsg": {"location": {**colony, "name": "another"}},
        "getlocationmsg": {**colony, "name": "rack"},
        "removelocationmsg": {**colony, "name": "rack"},
        "channelappendmsg": {**channel, "sequence": 1, "payload": "aGk="},
        "channelreadmsg": channel,
        "addblueprintdefinitionmsg": {"blueprintdefinition": a_definition("Another").to_wire()},
        "getblueprintdefinitionmsg": {**colony, "name": "depl"},
        "removeblueprintdefinitionmsg": {**namespace, "name": "unused"},
        "addblueprintmsg": {"blueprint": a_blueprint("another").to_wire()},
        "getblueprintmsg": {**namespace, "name": "web"},
        "getblueprintsmsg": namespace,
        "updateblueprintmsg": {"blueprint": a_blueprint(spec={"image": "other"}).to_wire()},
        "updateblueprintstatusmsg": {**colony, "blueprintname": "web", "status": {"ready": 1}},
        "removeblueprintmsg": {**namespace, "name": "web"},
        "reconcileblueprintmsg": {**namespace, "name": "web"},
        "getblueprinthistorymsg": {"blueprintid": world.blueprint},
    }
