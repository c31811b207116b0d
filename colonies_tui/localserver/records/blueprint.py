"""Blueprints, their definitions and their history as the database holds them (§ Blueprint models)."""

from __future__ import annotations

import uuid
from typing import Any, TypeVar

from colonies_tui.localserver.clock import wire_time
from colonies_tui.localserver.database import Database
from colonies_tui.localserver.jsontext import compact
from colonies_tui.protocol.model import Model
from colonies_tui.protocol.models.blueprint import Blueprint, BlueprintDefinition

M = TypeVar("M", bound=Model)

_DEFINITION = "SELECT document FROM blueprint_definitions WHERE colonyname = ?"
_BLUEPRINT = "SELECT document FROM blueprints WHERE"


def _read(kind: type[M], row: tuple[Any, ...] | None) -> M | None:
    return None if row is None else kind.model_validate_json(row[0])


def has_definition(database: Database, definitionid: str) -> bool:
    """Tell whether an id is taken, in whatever colony."""
    found = database.one("SELECT 1 FROM blueprint_definitions WHERE definitionid = ?", (definitionid,))
    return found is not None


def insert_definition(database: Database, definition: BlueprintDefinition) -> None:
    """Store a new definition of a name that is free."""
    database.write(
        "INSERT INTO blueprint_definitions (definitionid, colonyname, name, kind, document) VALUES (?, ?, ?, ?, ?)",
        (
            definition.blueprintdefinitionid,
            definition.metadata.colonyname,
            definition.metadata.name,
            definition.spec.names.kind,
            compact(definition.to_wire()),
        ),
    )


def definition_by_name(database: Database, colonyname: str, name: str) -> BlueprintDefinition | None:
    """Return one definition of a colony."""
    return _read(BlueprintDefinition, database.one(f"{_DEFINITION} AND name = ?", (colonyname, name)))


def definition_of_kind(database: Database, colonyname: str, kind: str) -> BlueprintDefinition | None:
    """Return what defines a kind in a colony."""
    return _read(
        BlueprintDefinition, database.one(f"{_DEFINITION} AND kind = ? ORDER BY name LIMIT 1", (colonyname, kind))
    )


def definition_documents(database: Database, colonyname: str) -> list[str]:
    """Return all definitions of a colony as they go over the wire, by name."""
    return [document for (document,) in database.all(f"{_DEFINITION} ORDER BY name", (colonyname,))]


def store_blueprint(database: Database, blueprint: Blueprint) -> None:
    """Store a blueprint, in the place of the one with its id if there is one."""
    metadata = blueprint.metadata
    database.write(
        "INSERT OR REPLACE INTO blueprints (blueprintid, colonyname, name, kind, locationname, document)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            blueprint.blueprintid,
            metadata.colonyname,
            metadata.name,
            blueprint.kind,
            metadata.locationname or "",
            compact(blueprint.to_wire()),
        ),
    )


def blueprint_by_name(database: Database, colonyname: str, name: str) -> Blueprint | None:
    """Return one blueprint of a colony."""
    return _read(Blueprint, database.one(f"{_BLUEPRINT} colonyname = ? AND name = ?", (colonyname, name)))


def blueprint_by_id(database: Database, blueprintid: str) -> Blueprint | None:
    """Return one blueprint."""
    return _read(Blueprint, database.one(f"{_BLUEPRINT} blueprintid = ?", (blueprintid,)))


def blueprint_documents(database: Database, colonyname: str, kind: str, locationname: str) -> list[str]:
    """Return blueprints as they go over the wire, by name: of one kind if given, at one place if both are given."""
    sql, parameters = f"{_BLUEPRINT} colonyname = ?", [colonyname]
    if kind:
        sql, parameters = f"{sql} AND kind = ?", [*parameters, kind]
    if kind and locationname:
        sql, parameters = f"{sql} AND locationname = ?", [*parameters, locationname]
    return [document for (document,) in database.all(f"{sql} ORDER BY name", parameters)]


def count_blueprints(database: Database, colonyname: str, kind: str, locationname: str | None = None) -> int:
    """Return how many blueprints of a kind a colony has; at one place, the empty one too, if that is given."""
    row = database.one(
        "SELECT count(*) FROM blueprints WHERE colonyname = ? AND kind = ? AND (? IS NULL OR locationname = ?)",
        (colonyname, kind, locationname, locationname),
    )
    return 0 if row is None else int(row[0])


def delete_blueprint(database: Database, blueprint: Blueprint) -> None:
    """Delete a blueprint and its history."""
    database.write("DELETE FROM blueprint_history WHERE blueprintid = ?", (blueprint.blueprintid,))
    database.write("DELETE FROM blueprints WHERE blueprintid = ?", (blueprint.blueprintid,))


def insert_history(database: Database, blueprint: Blueprint, *, changedby: str, changetype: str, stamp: int) -> None:
    """Keep a blueprint as it is now in its history."""
    metadata = blueprint.metadata
    document = {
        "historyid": str(uuid.uuid4()),
        "blueprintid": blueprint.blueprintid,
        "kind": blueprint.kind,
        "namespace": metadata.colonyname,
        "name": metadata.name,
        "generation": metadata.generation or 0,
        "spec": blueprint.spec,
        **({"status": blueprint.status} if blueprint.status else {}),
        "timestamp": wire_time(stamp),
        "changedby": changedby,
        "changetype": changetype,
    }
    database.write(
        "INSERT INTO blueprint_history (historyid, blueprintid, colonyname, stamp, document) VALUES (?, ?, ?, ?, ?)",
        (document["historyid"], blueprint.blueprintid, metadata.colonyname, stamp, compact(document)),
    )


def history_documents(database: Database, blueprintid: str, limit: int) -> list[str]:
    """Return the history of a blueprint as it goes over the wire, newest first; ``limit`` 0 for all."""
    rows = database.all(
        "SELECT document FROM blueprint_history WHERE blueprintid = ? ORDER BY stamp DESC LIMIT ?",
        (blueprintid, limit if limit > 0 else -1),
    )
    return [document for (document,) in rows]
