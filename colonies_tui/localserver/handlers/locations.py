"""Locations (§ Location)."""

from __future__ import annotations

from colonies_tui.localserver.handlers.checks import check_stored_name
from colonies_tui.localserver.jsontext import EMPTY_OBJECT, compact
from colonies_tui.localserver.records.location import insert_location, location_by_name, locations_of
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.localserver.registry import Call, Located, by_colonyname, handles
from colonies_tui.localserver.server import LocalServer
from colonies_tui.protocol.messages.location import AddLocation, GetLocation, GetLocations, RemoveLocation


def _colony_of_location(server: LocalServer, request: AddLocation) -> Located[None]:
    return Located(request.location.colonyname, None)


@handles(
    AddLocation,
    "add location",
    locate=_colony_of_location,
    needs=("location", "Failed to add location, location is nil"),
    unknown_colony_status=400,
)
def add_location(call: Call[AddLocation, None]) -> str:
    location, database = call.request.location, call.server.database
    check_stored_name(call.server, location.name, "location")
    if location_by_name(database, location.colonyname, location.name) is not None:
        raise Refusal(
            400, f"A location with name <{location.name}> already exists in Colony with name <{location.colonyname}>"
        )
    insert_location(database, location)
    return compact(location.to_wire())


@handles(GetLocations, "get locations", locate=by_colonyname, unknown_colony_status=400)
def get_locations(call: Call[GetLocations, None]) -> str:
    locations = locations_of(call.server.database, call.request.colonyname)
    return call.server.rows([compact(location.to_wire()) for location in locations])


@handles(GetLocation, "get location", locate=by_colonyname)
def get_location(call: Call[GetLocation, None]) -> str:
    location = location_by_name(call.server.database, call.request.colonyname, call.request.name)
    if location is None:
        raise Refusal(404, "Failed to get location, location is nil")
    return compact(location.to_wire())


@handles(RemoveLocation, "remove location", locate=by_colonyname)
def remove_location(call: Call[RemoveLocation, None]) -> str:
    request = call.request
    if not call.server.database.write(
        "DELETE FROM locations WHERE colonyname = ? AND name = ?", (request.colonyname, request.name)
    ):
        raise Refusal(400, f"Location with name <{request.name}> not found")
    return EMPTY_OBJECT
