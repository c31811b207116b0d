"""Snapshots of labels (§ Snapshot, Snapshots)."""

from __future__ import annotations

from typing import Final

from colonies_tui.localserver.handlers.checks import check_stored_name
from colonies_tui.localserver.jsontext import EMPTY_OBJECT
from colonies_tui.localserver.records.file import SnapshotRecord, frozen_files, insert_snapshot, snapshots_where
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.localserver.registry import Call, by_colonyname, handles
from colonies_tui.localserver.server import LocalServer
from colonies_tui.protocol.crypto import random_id
from colonies_tui.protocol.messages.file import (
    CreateSnapshot,
    GetSnapshot,
    GetSnapshots,
    RemoveAllSnapshots,
    RemoveSnapshot,
)

_BY_ID: Final = "colonyname = ? AND snapshotid = ?"
_BY_NAME: Final = "colonyname = ? AND name = ?"

DOCUMENTED_REMOVE_ALL: Final = "removeallsnapshotsmsg"
"""How the older protocol document spells the removal of all snapshots; a real server does not know it."""


def _json(server: LocalServer, snapshot: SnapshotRecord) -> str:
    return snapshot.to_json(null_when_empty=server.settings.real_quirks)


@handles(CreateSnapshot, "create snapshot", locate=by_colonyname)
def create_snapshot(call: Call[CreateSnapshot, None]) -> str:
    request, server = call.request, call.server
    check_stored_name(server, request.name, "snapshot")
    if snapshots_where(server.database, _BY_NAME, (request.colonyname, request.name)):
        raise Refusal(500, f"Snapshot with name <{request.name}> in Colony <{request.colonyname}> already exists")
    label = request.label.removesuffix("/")
    snapshot = SnapshotRecord(
        snapshotid=random_id(),
        colonyname=request.colonyname,
        label=label,
        name=request.name,
        fileids=frozen_files(server.database, request.colonyname, label),
        added=server.stamps.next(),
    )
    insert_snapshot(server.database, snapshot)
    return _json(server, snapshot)


@handles(GetSnapshot, "get snapshot", locate=by_colonyname)
def get_snapshot(call: Call[GetSnapshot, None]) -> str:
    request, server = call.request, call.server
    if request.snapshotid:
        found = snapshots_where(server.database, _BY_ID, (request.colonyname, request.snapshotid))
        wanted = f"Id <{request.snapshotid}>"
    elif request.name:
        found = snapshots_where(server.database, _BY_NAME, (request.colonyname, request.name))
        wanted = f"name <{request.name}>"
    else:
        raise Refusal(500, "malformatted get snapshot msg")
    if not found:
        raise Refusal(500, f"Snapshot not found with {wanted} in Colony <{request.colonyname}> does not exists")
    return _json(server, found[0])


@handles(GetSnapshots, "get snapshots", locate=by_colonyname)
def get_snapshots(call: Call[GetSnapshots, None]) -> str:
    snapshots = snapshots_where(call.server.database, "colonyname = ?", (call.request.colonyname,))
    return call.server.rows([_json(call.server, snapshot) for snapshot in snapshots])


@handles(RemoveSnapshot, "remove snapshot", locate=by_colonyname)
def remove_snapshot(call: Call[RemoveSnapshot, None]) -> str:
    request, database = call.request, call.server.database
    if request.snapshotid:
        database.write(f"DELETE FROM snapshots WHERE {_BY_ID}", (request.colonyname, request.snapshotid))  # noqa: S608 - own text
    elif request.name:
        database.write(f"DELETE FROM snapshots WHERE {_BY_NAME}", (request.colonyname, request.name))  # noqa: S608 - own text
    else:
        raise Refusal(500, "malformatted remove snapshot msg")
    return EMPTY_OBJECT


@handles(RemoveAllSnapshots, "remove snapshot", locate=by_colonyname, also_spelled=DOCUMENTED_REMOVE_ALL)
def remove_all_snapshots(call: Call[RemoveAllSnapshots, None]) -> str:
    call.server.database.write("DELETE FROM snapshots WHERE colonyname = ?", (call.request.colonyname,))
    return EMPTY_OBJECT
