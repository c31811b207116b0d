"""Blueprints: what should be, kept by reconcilers (§ Blueprint models)."""

from typing import Any

from pydantic import Field

from colonies_tui.protocol.model import Int, Model, Object, Optional
from colonies_tui.protocol.times import Time


class Metadata(Model):
    """Name, place and history of a blueprint or a definition."""

    name: str = ""
    colonyname: str = ""
    locationname: Optional[str] = None
    labels: Optional[dict[str, str]] = None
    annotations: Optional[dict[str, str]] = None
    generation: Optional[Int] = None
    created_at: Time = Field(default=None, alias="createdAt")
    updated_at: Time = Field(default=None, alias="updatedAt")
    last_reconciliation_process: Optional[str] = Field(default=None, alias="lastReconciliationProcess")
    last_reconciliation_time: Time = Field(default=None, alias="lastReconciliationTime")


class Blueprint(Model):
    """Something that should be: ``spec`` is wanted, ``status`` is reported by its reconciler."""

    blueprintid: str = ""
    kind: str = ""
    metadata: Metadata = Field(default_factory=Metadata)
    spec: Object[Any] = {}
    status: Optional[dict[str, Any]] = None


class DefinitionNames(Model):
    """What the things of a kind are called."""

    kind: str = ""
    list_kind: str = Field(default="", alias="listKind")
    singular: str = ""
    plural: str = ""
    short_names: Optional[tuple[str, ...]] = Field(default=None, alias="shortNames")


class Property(Model):
    """What a value of a spec may be."""

    type: str = ""
    description: Optional[str] = None
    enum: Optional[tuple[Any, ...]] = None
    default: Optional[Any] = None
    properties: Optional[dict[str, "Property"]] = None
    items: "Optional[Property]" = None


class Schema(Model):
    """What a spec may hold."""

    type: Optional[str] = None
    properties: Optional[dict[str, "Property"]] = None
    required: Optional[tuple[str, ...]] = None


class Handler(Model):
    """Who reconciles the things of a kind."""

    executor_type: str = Field(default="", alias="executorType")
    function_name: str = Field(default="", alias="functionName")
    reconcile_interval: Optional[Int] = Field(default=None, alias="reconcileInterval")


class DefinitionSpec(Model):
    """The kind that a definition defines."""

    group: str = ""
    version: str = ""
    names: DefinitionNames = Field(default_factory=DefinitionNames)
    scope: str = ""
    schema_: Optional[Schema] = Field(default=None, alias="schema")
    handler: Handler = Field(default_factory=Handler)


class BlueprintDefinition(Model):
    """A kind of blueprint, and who reconciles it."""

    blueprintdefinitionid: str = ""
    kind: str = ""
    metadata: Metadata = Field(default_factory=Metadata)
    spec: DefinitionSpec = Field(default_factory=DefinitionSpec)


class BlueprintHistory(Model):
    """A blueprint as it was at one generation."""

    historyid: str = ""
    blueprintid: str = ""
    kind: str = ""
    namespace: str = ""
    name: str = ""
    generation: Int = 0
    spec: Object[Any] = {}
    status: Optional[dict[str, Any]] = None
    timestamp: Time = None
    changedby: str = ""
    changetype: str = ""
