"""Colonies (§ Colony)."""

from __future__ import annotations

from typing import Final

from colonies_tui.localserver.handlers.checks import check_id_length, check_stored_name
from colonies_tui.localserver.jsontext import EMPTY_OBJECT, compact
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.localserver.registry import Call, by_colonyname, handles, nowhere
from colonies_tui.protocol.messages.colony import AddColony, ChangeColonyId, GetColonies, GetColony, RemoveColony

OF_A_COLONY: Final = (
    "users",
    "executors",
    "functions",
    "processes",
    "attributes",
    "logs",
    "processgraphs",
    "crons",
    "generators",
    "generatorargs",
    "files",
    "snapshots",
    "locations",
)
"""Tables whose rows go with their colony."""

OF_A_COLONY_HERE: Final = ("blueprint_definitions", "blueprints", "blueprint_history")
"""Tables whose rows stay behind on a real server, and show up in the next colony of that name."""


@handles(AddColony, "add colony", locate=nowhere, needs=("colony", "Failed to add colony, colony is <nil>"))
def add_colony(call: Call[AddColony, None]) -> str:
    colony = call.request.colony
    check_id_length(colony.colonyid, "Failed to add colony, invalid colony Id length")
    check_stored_name(call.server, colony.name, "colony")
    database = call.server.database
    if database.one("SELECT 1 FROM colonies WHERE name = ?", (colony.name,)) is not None:
        raise Refusal(400, f"A Colony with name <{colony.name}> already exists")
    database.write("INSERT INTO colonies (name, colonyid) VALUES (?, ?)", (colony.name, colony.colonyid))
    return compact(colony.to_wire())


@handles(RemoveColony, "remove colony", locate=nowhere)
def remove_colony(call: Call[RemoveColony, None]) -> str:
    name = call.request.colonyname
    database = call.server.database
    if not database.write("DELETE FROM colonies WHERE name = ?", (name,)):
        raise Refusal(400, f"Colony with name <{name}> not found")
    for table in OF_A_COLONY if call.server.settings.real_quirks else (*OF_A_COLONY, *OF_A_COLONY_HERE):
        database.write(f"DELETE FROM {table} WHERE colonyname = ?", (name,))  # noqa: S608 - own tables
    database.after_commit(lambda: call.server.queue.wake_colony(name))
    return EMPTY_OBJECT


@handles(GetColonies, "get colonies", locate=nowhere)
def get_colonies(call: Call[GetColonies, None]) -> str:
    rows = call.server.database.all("SELECT colonyid, name FROM colonies ORDER BY rowid")
    return call.server.rows([compact({"colonyid": colonyid, "name": name}) for colonyid, name in rows])


@handles(GetColony, "get colony", locate=by_colonyname)
def get_colony(call: Call[GetColony, None]) -> str:
    name = call.request.colonyname
    row = call.server.database.one("SELECT colonyid FROM colonies WHERE name = ?", (name,))
    return compact({"colonyid": row[0] if row else "", "name": name})


@handles(ChangeColonyId, "change colony Id", locate=by_colonyname)
def change_colony_id(call: Call[ChangeColonyId, None]) -> str:
    request = call.request
    check_id_length(request.colonyid, "Failed to change colony Id, new colony Id is not 64 characters")
    call.server.database.write(
        "UPDATE colonies SET colonyid = ? WHERE name = ?", (request.colonyid, request.colonyname)
    )
    return compact(call.payload)
