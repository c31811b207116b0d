"""Locations as the database holds them."""

from __future__ import annotations

from typing import Any

from colonies_tui.localserver.database import Database
from colonies_tui.protocol.models.location import Location

_SELECT = "SELECT locationid, name, colonyname, description, longitude, latitude FROM locations WHERE colonyname = ?"


def _location(row: tuple[Any, ...]) -> Location:
    locationid, name, colonyname, description, longitude, latitude = row
    return Location(
        locationid=locationid,
        name=name,
        colonyname=colonyname,
        description=description,
        longitude=longitude,
        lat=latitude,
    )


def insert_location(database: Database, location: Location) -> None:
    """Store a new location of a name that is free."""
    database.write(
        "INSERT INTO locations (locationid, colonyname, name, description, longitude, latitude)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            location.locationid,
            location.colonyname,
            location.name,
            location.description,
            location.longitude,
            location.lat,
        ),
    )


def location_by_name(database: Database, colonyname: str, name: str) -> Location | None:
    """Return one location of a colony."""
    row = database.one(f"{_SELECT} AND name = ?", (colonyname, name))
    return None if row is None else _location(row)


def locations_of(database: Database, colonyname: str) -> list[Location]:
    """Return all locations of a colony in the order of their arrival."""
    return [_location(row) for row in database.all(f"{_SELECT} ORDER BY rowid", (colonyname,))]
