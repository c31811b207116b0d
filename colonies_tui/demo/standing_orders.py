"""What stands in the demo's colony from the start: places, blueprints, crons, a generator. Pure."""

from __future__ import annotations

from typing import Any, Final

from colonies_tui.demo import workflows
from colonies_tui.demo.cast import COLONY, HERE, RECONCILER
from colonies_tui.protocol.models.blueprint import (
    Blueprint,
    BlueprintDefinition,
    DefinitionNames,
    DefinitionSpec,
    Handler,
    Metadata,
    Property,
    Schema,
)
from colonies_tui.protocol.models.location import Location
from colonies_tui.protocol.models.schedule import BY_EXPRESSION, Cron, Generator
from colonies_tui.protocol.models.workflow import WorkflowSpec

KIND: Final = "Index"
"""The kind of blueprint: an index of the identifiers of a package."""

DEEP_INDEX: Final = "deep-index"
"""The blueprint that is changed now and then, and takes its time to become true."""

TRIGGER: Final = 5
"""Names that make the generator start its workflow."""

CHANGED_FILES: Final = "changed-files"
"""Name of the generator."""

WATCH_SECONDS: Final = 25
_WATCH_EVERY: Final = 20
"""Shorter than the watch itself: a run that is due waits for the one before."""

LOCATIONS: Final = (
    Location(name=HERE, colonyname=COLONY, description="where the demo runs"),
    Location(
        name="amsterdam",
        colonyname=COLONY,
        description="CWI, where Python began; nobody works there today",
        longitude=4.951,
        lat=52.356,
    ),
)

DEFINITION: Final = BlueprintDefinition(
    kind="BlueprintDefinition",
    metadata=Metadata(name="index", colonyname=COLONY),
    spec=DefinitionSpec(
        group="stdlib.demo",
        version="v1",
        names=DefinitionNames(
            kind=KIND, list_kind=f"{KIND}List", singular="index", plural="indexes", short_names=("idx",)
        ),
        scope="Namespaced",
        schema_=Schema(
            type="object",
            properties={
                "package": Property(type="string", description="directory below the standard library"),
                "depth": Property(type="integer", description="levels of directories that are indexed"),
            },
            required=("package", "depth"),
        ),
        handler=Handler(executor_type=RECONCILER, function_name="reconcile", reconcile_interval=60),
    ),
)


def index_blueprint(name: str, spec: dict[str, Any]) -> Blueprint:
    """Return a blueprint of an index."""
    metadata = Metadata(name=name, colonyname=COLONY, locationname=HERE, generation=1)
    return Blueprint(kind=KIND, metadata=metadata, spec=spec)


BLUEPRINTS: Final = (
    index_blueprint("json-index", {"package": "json", "depth": 1}),
    index_blueprint(DEEP_INDEX, {"package": "importlib", "depth": 2}),
)


def _cron(name: str, workflow: WorkflowSpec, *, expression: str = "", interval: int = BY_EXPRESSION) -> Cron:
    return Cron(
        colonyname=COLONY,
        name=name,
        cronexpression=expression,
        interval=interval,
        workflowspec=workflow.model_dump_json(by_alias=True),
        waitforprevprocessgraph=interval != BY_EXPRESSION,
    )


CRONS: Final = (
    _cron("json-stock", workflows.stock("json"), expression="*/30 * * * * *"),
    _cron("nightly-survey", workflows.nightly(), expression="0 30 2 * * MON-FRI"),
    _cron("watch-reports", workflows.watch(WATCH_SECONDS), interval=_WATCH_EVERY),
)

GENERATOR: Final = Generator(
    colonyname=COLONY,
    name=CHANGED_FILES,
    workflowspec=workflows.changed_files().model_dump_json(by_alias=True),
    trigger=TRIGGER,
    timeout=180,
)
