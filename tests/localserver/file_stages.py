"""The situations of the recorded requests about files, snapshots, locations, channels and blueprints."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from colonies_tui.protocol.messages.blueprint import AddBlueprint, AddBlueprintDefinition, UpdateBlueprint
from colonies_tui.protocol.messages.channel import AppendToChannel
from colonies_tui.protocol.messages.file import CreateSnapshot, RemoveAllSnapshots
from colonies_tui.protocol.messages.location import AddLocation
from colonies_tui.protocol.messages.process import AssignProcess
from tests.localserver.file_world import add_file, create_snapshot
from tests.localserver.harness import COLONY, Harness
from tests.localserver.stages import Case, Stage, base, recorded_request


@dataclass
class FileStage(Stage):
    """A stage with files and blueprints."""

    fileid: str = ""
    snapshotid: str = ""
    blueprintid: str = ""

    def request(self, recording: Case) -> Any:
        request = super().request(recording)
        if recording.case == "unknown channel":
            request["processid"] = self.process.processid
        if not isinstance(request, dict) or recording.case.startswith("unknown"):
            return request
        blueprint = request.get("blueprint") if recording.msgtype == UpdateBlueprint.msgtype else None
        for holder in (request, blueprint or {}):
            for key in ("fileid", "snapshotid", "blueprintid"):
                if holder.get(key):
                    holder[key] = getattr(self, key)
        return request


async def nothing(stage: FileStage) -> None:
    """Leave it as it is."""


async def with_files(stage: FileStage) -> None:
    recorded = recorded_request("addfilemsg")["file"]
    more = {key: value for key, value in recorded.items() if key not in ("colonyname", "label", "name")}
    for label in ("/doc", "/lab", "/lab", "/lab/sub", "/lab/sub/deep", "/labother", "plain"):
        file = await add_file(stage.bench, label, "example.txt", **more)
        if label == "/lab":
            stage.fileid = file.fileid


async def with_snapshots(stage: FileStage) -> None:
    await with_files(stage)
    stage.snapshotid = (await create_snapshot(stage.bench, "/lab", "snap1")).snapshotid
    await create_snapshot(stage.bench, "/none", "snap4")


async def without_snapshots(stage: FileStage) -> None:
    await with_snapshots(stage)
    await stage.bench.send(RemoveAllSnapshots(colonyname=COLONY))


async def with_duplicate_snapshot(stage: FileStage) -> None:
    await stage.bench.send(CreateSnapshot(colonyname=COLONY, label="/lab", name="snap1"))


async def with_location(stage: FileStage) -> None:
    await stage.bench.send(AddLocation.read(recorded_request("addlocationmsg")), stage.keys["colony"])


async def with_channel(stage: FileStage) -> None:
    stage.process = await stage.bench.submit(channels=["c1"], conditions={"executortype": "lab"})
    executor = stage.keys["executor2"]
    for request, key in (
        (AssignProcess(colonyname=COLONY, timeout=-1), executor),
        (a_message(stage, 1, "aGk="), None),
        (a_message(stage, 1, "cmVwbHk=", inreplyto=1), executor),
        (a_message(stage, 2, "", payloadtype="end"), executor),
    ):
        await stage.bench.send(request, key)


def a_message(stage: FileStage, sequence: int, content: str, **more: Any) -> AppendToChannel:
    return AppendToChannel(processid=stage.process.processid, name="c1", sequence=sequence, content=content, **more)


async def with_closed_channel(stage: FileStage) -> None:
    await with_channel(stage)
    await stage.bench.succeed(stage.process, stage.keys["executor2"])


async def with_definition(stage: FileStage) -> None:
    request = AddBlueprintDefinition.read(recorded_request("addblueprintdefinitionmsg"))
    await stage.bench.send(request, stage.keys["colony"])


async def with_blueprint(stage: FileStage) -> None:
    await with_definition(stage)
    added = await stage.bench.send(AddBlueprint.read(recorded_request("addblueprintmsg")), stage.keys["executor"])
    stage.blueprintid = added.blueprintid


async def with_changed_blueprint(stage: FileStage) -> None:
    await with_blueprint(stage)
    await stage.bench.send(UpdateBlueprint.read(recorded_request("updateblueprintmsg")), stage.keys["executor"])


Prepare = Callable[[FileStage], Awaitable[None]]

FILE_STAGES: dict[str, Prepare] = {
    "addfilemsg": nothing,
    "getfilemsg": with_files,
    "getfilesmsg": with_files,
    "getfilelabelsmsg": with_files,
    "removefilemsg": with_files,
    "createsnapshotmsg": with_files,
    "getsnapshotmsg": with_snapshots,
    "getsnapshotsmsg": with_snapshots,
    "removesnapshotmsg": with_snapshots,
    "removeallsnapshotmsg": with_snapshots,
    "addlocationmsg": nothing,
    "getlocationmsg": with_location,
    "getlocationsmsg": with_location,
    "removelocationmsg": with_location,
    "channelappendmsg": with_channel,
    "channelreadmsg": with_channel,
    "addblueprintdefinitionmsg": nothing,
    "getblueprintdefinitionmsg": with_definition,
    "getblueprintdefinitionsmsg": with_definition,
    "removeblueprintdefinitionmsg": with_definition,
    "addblueprintmsg": with_definition,
    "getblueprintmsg": with_blueprint,
    "getblueprintsmsg": with_blueprint,
    "updateblueprintmsg": with_blueprint,
    "updateblueprintstatusmsg": with_blueprint,
    "removeblueprintmsg": with_blueprint,
    "reconcileblueprintmsg": with_blueprint,
    "getblueprinthistorymsg": with_changed_blueprint,
}
"""The situation in which most requests of a message were sent."""

_PARTICULAR: dict[tuple[str, str], Prepare] = {
    ("createsnapshotmsg", "duplicate name"): with_duplicate_snapshot,
    ("getsnapshotsmsg", "after remove all -> null"): without_snapshots,
    ("addlocationmsg", "duplicate"): with_location,
    ("channelreadmsg", "after the process closed"): with_closed_channel,
    ("addblueprintdefinitionmsg", "duplicate"): with_definition,
    ("removeblueprintdefinitionmsg", "still in use"): with_blueprint,
    ("addblueprintmsg", "duplicate"): with_blueprint,
}


async def prepare_files(recording: Case, bench: Harness) -> FileStage:
    """Bring a server into the situation of a recording of one of :data:`FILE_STAGES`."""
    common = await base(bench)
    stage = FileStage(common.bench, common.keys)
    prepare = _PARTICULAR.get((recording.msgtype, recording.case), FILE_STAGES[recording.msgtype])
    await prepare(stage)
    return stage
