"""Definitions: the kinds of blueprints, and who reconciles them (§ Blueprints)."""

from __future__ import annotations

from colonies_tui.localserver.jsontext import EMPTY_OBJECT, array, compact
from colonies_tui.localserver.records.blueprint import (
    count_blueprints,
    definition_by_name,
    definition_documents,
    has_definition,
    insert_definition,
)
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.localserver.registry import Call, Located, by_colonyname, handles
from colonies_tui.localserver.server import LocalServer
from colonies_tui.protocol.crypto import random_id
from colonies_tui.protocol.messages.blueprint import (
    AddBlueprintDefinition,
    GetBlueprintDefinition,
    GetBlueprintDefinitions,
    RemoveBlueprintDefinition,
)


def _colony_of_definition(server: LocalServer, request: AddBlueprintDefinition) -> Located[None]:
    return Located(request.blueprintdefinition.metadata.colonyname, None)


def _namespace(server: LocalServer, request: RemoveBlueprintDefinition) -> Located[None]:
    return Located(request.namespace, None)


@handles(
    AddBlueprintDefinition,
    "add blueprint definition",
    locate=_colony_of_definition,
    needs=("blueprintdefinition", "Failed to add blueprint definition, blueprint definition is nil"),
)
def add_definition(call: Call[AddBlueprintDefinition, None]) -> str:
    database, definition = call.server.database, call.request.blueprintdefinition
    metadata = definition.metadata
    if definition_by_name(database, metadata.colonyname, metadata.name) is not None:
        raise Refusal(500, f"BlueprintDefinition '{metadata.name}' already exists in namespace '{metadata.colonyname}'")
    if not definition.blueprintdefinitionid:
        definition = definition.model_copy(update={"blueprintdefinitionid": random_id()})
    elif has_definition(database, definition.blueprintdefinitionid):
        raise Refusal(500, f"a blueprint definition with Id <{definition.blueprintdefinitionid}> exists")
    insert_definition(database, definition)
    return compact(definition.to_wire())


@handles(GetBlueprintDefinition, "get blueprint definition", locate=by_colonyname)
def get_definition(call: Call[GetBlueprintDefinition, None]) -> str:
    definition = definition_by_name(call.server.database, call.request.colonyname, call.request.name)
    if definition is None:
        raise Refusal(404, "Blueprint definition not found")
    return compact(definition.to_wire())


@handles(GetBlueprintDefinitions, "get blueprint definitions", locate=by_colonyname)
def get_definitions(call: Call[GetBlueprintDefinitions, None]) -> str:
    return array(definition_documents(call.server.database, call.request.colonyname), null_when_empty=False)


@handles(RemoveBlueprintDefinition, "remove blueprint definition", locate=_namespace)
def remove_definition(call: Call[RemoveBlueprintDefinition, None]) -> str:
    request, database = call.request, call.server.database
    definition = definition_by_name(database, request.namespace, request.name)
    if definition is None:
        raise Refusal(404, f"BlueprintDefinition '{request.name}' not found in namespace '{request.namespace}'")
    kind = definition.spec.names.kind
    count = count_blueprints(database, request.namespace, kind)
    if count:
        raise Refusal(
            409,
            f"cannot remove BlueprintDefinition '{request.name}': {count} blueprint(s) of kind '{kind}' still exist",
        )
    database.write(
        "DELETE FROM blueprint_definitions WHERE colonyname = ? AND name = ?", (request.namespace, request.name)
    )
    return EMPTY_OBJECT
