"""Blueprints: what should be, and the reports of how it is (§ Blueprints)."""

from __future__ import annotations

from typing import Any

from colonies_tui.localserver.blueprint_schema import violation
from colonies_tui.localserver.handlers.checks import check_stored_name
from colonies_tui.localserver.jsontext import EMPTY_OBJECT, compact
from colonies_tui.localserver.reconciliation import clean_up, drop_cron, ensure_cron, has_reconciler, reconcile_now
from colonies_tui.localserver.records.blueprint import (
    blueprint_by_id,
    blueprint_by_name,
    blueprint_documents,
    count_blueprints,
    definition_of_kind,
    delete_blueprint,
    history_documents,
    insert_history,
    store_blueprint,
)
from colonies_tui.localserver.records.location import insert_location, location_by_name
from colonies_tui.localserver.records.process import process_json
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.localserver.registry import Call, Located, by_colonyname, handles
from colonies_tui.localserver.server import LocalServer
from colonies_tui.protocol.crypto import random_id
from colonies_tui.protocol.messages.blueprint import (
    AddBlueprint,
    GetBlueprint,
    GetBlueprintHistory,
    GetBlueprints,
    ReconcileBlueprint,
    RemoveBlueprint,
    UpdateBlueprint,
    UpdateBlueprintStatus,
)
from colonies_tui.protocol.models.blueprint import Blueprint, BlueprintDefinition
from colonies_tui.protocol.models.location import Location


def _colony_of_blueprint(server: LocalServer, request: AddBlueprint | UpdateBlueprint) -> Located[None]:
    return Located(request.blueprint.metadata.colonyname, None)


def _namespace(server: LocalServer, request: Any) -> Located[None]:
    return Located(request.namespace, None)


def _by_id(server: LocalServer, request: GetBlueprintHistory) -> Located[Blueprint]:
    blueprint = blueprint_by_id(server.database, request.blueprintid)
    if blueprint is None:
        raise Refusal(404, "Blueprint not found")
    return Located(blueprint.metadata.colonyname, blueprint)


def _required(server: LocalServer, colonyname: str, name: str) -> Blueprint:
    blueprint = blueprint_by_name(server.database, colonyname, name)
    if blueprint is None:
        raise Refusal(404, "Blueprint not found")
    return blueprint


def _definition_for(server: LocalServer, blueprint: Blueprint) -> BlueprintDefinition:
    """Return the definition of a blueprint's kind, when its specification fits.

    Raises:
        Refusal: no kind, no such kind, or it does not fit.
    """
    colonyname = blueprint.metadata.colonyname
    if not blueprint.kind:
        raise Refusal(400, "blueprint kind is required")
    definition = definition_of_kind(server.database, colonyname, blueprint.kind)
    if definition is None:
        raise Refusal(400, f"BlueprintDefinition for kind '{blueprint.kind}' not found in namespace '{colonyname}'")
    words = None if definition.spec.schema_ is None else violation(blueprint.spec, definition.spec.schema_)
    if words is not None:
        raise Refusal(400, f"blueprint validation failed: {words}")
    return definition


def _with(blueprint: Blueprint, *, generation: int | None, **changes: Any) -> Blueprint:
    """Return a blueprint of another generation; what is empty is left out, as it is on the wire."""
    metadata = blueprint.metadata
    emptied = {name: None for name in ("labels", "annotations", "locationname") if not getattr(metadata, name)}
    kept = metadata.model_copy(update={**emptied, "generation": generation or None})
    return blueprint.model_copy(update={"status": blueprint.status or None, **changes, "metadata": kept})


def _keep_place(server: LocalServer, blueprint: Blueprint) -> None:
    """Make the location of a blueprint where there is none of that name."""
    metadata = blueprint.metadata
    if not metadata.locationname:
        return
    check_stored_name(server, metadata.locationname, "location")
    if location_by_name(server.database, metadata.colonyname, metadata.locationname) is None:
        location = Location(
            locationid=random_id(),
            name=metadata.locationname,
            colonyname=metadata.colonyname,
            description=f"Made for the blueprint {metadata.name}",
        )
        insert_location(server.database, location)


@handles(
    AddBlueprint,
    "add blueprint",
    locate=_colony_of_blueprint,
    needs=("blueprint", "Failed to add blueprint, blueprint is nil"),
)
def add_blueprint(call: Call[AddBlueprint, None]) -> str:
    server, sent = call.server, call.request.blueprint
    definition = _definition_for(server, sent)
    name, colonyname = sent.metadata.name, sent.metadata.colonyname
    if blueprint_by_name(server.database, colonyname, name) is not None:
        raise Refusal(409, f"blueprint with name '{name}' already exists in colony '{colonyname}'")
    blueprintid = sent.blueprintid or random_id()
    if blueprint_by_id(server.database, blueprintid) is not None:
        raise Refusal(500, f"a blueprint with Id <{blueprintid}> exists")
    blueprint = _with(sent, generation=sent.metadata.generation, blueprintid=blueprintid)
    _keep_place(server, blueprint)
    store_blueprint(server.database, blueprint)
    _write_history(call, blueprint, "create")
    if has_reconciler(definition):
        ensure_cron(server, blueprint, definition, call.caller)
        reconcile_now(server, blueprint, definition, call.caller)
    return compact(blueprint.to_wire())


def _write_history(call: Call[Any, None], blueprint: Blueprint, changetype: str) -> None:
    server = call.server
    insert_history(
        server.database,
        blueprint,
        changedby=call.caller.identity,
        changetype=changetype,
        stamp=server.stamps.next(),
    )


@handles(GetBlueprint, "get blueprint", locate=_namespace)
def get_blueprint(call: Call[GetBlueprint, None]) -> str:
    return compact(_required(call.server, call.request.namespace, call.request.name).to_wire())


@handles(GetBlueprints, "get blueprints", locate=_namespace)
def get_blueprints(call: Call[GetBlueprints, None]) -> str:
    request = call.request
    return call.server.rows(
        blueprint_documents(call.server.database, request.namespace, request.kind, request.locationname)
    )


@handles(
    UpdateBlueprint,
    "update blueprint",
    locate=_colony_of_blueprint,
    needs=("blueprint", "Failed to update blueprint, blueprint is nil"),
)
def update_blueprint(call: Call[UpdateBlueprint, None]) -> str:
    server, sent = call.server, call.request.blueprint
    name, colonyname = sent.metadata.name, sent.metadata.colonyname
    before = blueprint_by_name(server.database, colonyname, name)
    if before is None:
        raise Refusal(404, f"blueprint '{name}' not found in namespace '{colonyname}'")
    definition = _definition_for(server, sent)
    is_new_generation = sent.spec != before.spec or call.request.forcegeneration
    blueprint = _with(
        sent,
        generation=(before.metadata.generation or 0) + is_new_generation,
        blueprintid=before.blueprintid,
        status=sent.status or before.status,
    )
    _keep_place(server, blueprint)
    store_blueprint(server.database, blueprint)
    if is_new_generation:
        _write_history(call, blueprint, "update")
        # A real server submits nothing for a caller that has no name in the colony: its owner.
        if has_reconciler(definition) and (call.caller.name or not server.settings.real_quirks):
            reconcile_now(server, blueprint, definition, call.caller)
    return compact(blueprint.to_wire())


@handles(UpdateBlueprintStatus, "update blueprint status", locate=by_colonyname)
def update_blueprint_status(call: Call[UpdateBlueprintStatus, None]) -> str:
    request = call.request
    blueprint = _required(call.server, request.colonyname, request.blueprintname)
    store_blueprint(call.server.database, blueprint.model_copy(update={"status": request.status or None}))
    return EMPTY_OBJECT


@handles(RemoveBlueprint, "remove blueprint", locate=_namespace)
def remove_blueprint(call: Call[RemoveBlueprint, None]) -> str:
    server = call.server
    blueprint = _required(server, call.request.namespace, call.request.name)
    metadata = blueprint.metadata
    delete_blueprint(server.database, blueprint)
    if not count_blueprints(server.database, metadata.colonyname, blueprint.kind, metadata.locationname or ""):
        drop_cron(server, blueprint)
    definition = definition_of_kind(server.database, metadata.colonyname, blueprint.kind)
    if definition is not None and has_reconciler(definition):
        clean_up(server, blueprint, definition, call.caller)
    return EMPTY_OBJECT


@handles(ReconcileBlueprint, "reconcile blueprint", locate=_namespace)
def reconcile_blueprint(call: Call[ReconcileBlueprint, None]) -> str:
    server, request = call.server, call.request
    blueprint = _required(server, request.namespace, request.name)
    definition = definition_of_kind(server.database, request.namespace, blueprint.kind)
    if definition is None or not has_reconciler(definition):
        raise Refusal(400, "Blueprint has no handler with executor type defined")
    if request.force:
        blueprint = _with(blueprint, generation=(blueprint.metadata.generation or 0) + 1)
        store_blueprint(server.database, blueprint)
    process = reconcile_now(server, blueprint, definition, call.caller, force=request.force)
    return process_json(server.database, process)


@handles(GetBlueprintHistory, "get blueprint history", locate=_by_id)
def get_blueprint_history(call: Call[GetBlueprintHistory, Blueprint]) -> str:
    return call.server.rows(history_documents(call.server.database, call.found.blueprintid, call.request.limit or 0))
