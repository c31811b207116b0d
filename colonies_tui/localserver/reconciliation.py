"""What a change of a blueprint sets in motion: processes for its reconciler, and the cron that comes back to it.

The cron looks after all blueprints of a kind at one place, every minute, and goes with the last of them (§ Blueprints).
"""

from __future__ import annotations

from typing import Any, Final

from colonies_tui.localserver.access import Caller
from colonies_tui.localserver.jsontext import compact
from colonies_tui.localserver.records.cron import CronRecord, insert_cron
from colonies_tui.localserver.records.process import ProcessRecord
from colonies_tui.localserver.server import LocalServer
from colonies_tui.localserver.submission import submit
from colonies_tui.protocol.crypto import random_id
from colonies_tui.protocol.models.blueprint import Blueprint, BlueprintDefinition
from colonies_tui.protocol.models.process import NO_LIMIT, Conditions, FunctionSpec
from colonies_tui.protocol.models.workflow import WorkflowSpec

CRON_SECONDS: Final = 60
"""How often the cron of a kind runs, whatever its definition says (§ Blueprint models)."""

_RECONCILE: Final = "reconcile"
_CLEANUP: Final = "cleanup"


def cron_name(blueprint: Blueprint) -> str:
    """Return the name of the cron that looks after blueprints like this one."""
    place = blueprint.metadata.locationname
    return f"reconcile-{blueprint.kind}-{place}" if place else f"reconcile-{blueprint.kind}"


def has_reconciler(definition: BlueprintDefinition | None) -> bool:
    """Tell whether anybody reconciles the blueprints of a kind."""
    return definition is not None and bool(definition.spec.handler.executor_type)


def reconcile_now(
    server: LocalServer, blueprint: Blueprint, definition: BlueprintDefinition, caller: Caller, *, force: bool = False
) -> ProcessRecord:
    """Submit a process that has a blueprint looked at.

    Raises:
        Refusal: as a submission.
    """
    kwargs: dict[str, Any] = {"blueprintName": blueprint.metadata.name, "kind": blueprint.kind}
    if force:
        kwargs["force"] = True
    spec = _spec(blueprint, definition, definition.spec.handler.function_name or _RECONCILE, kwargs)
    return submit(server, spec, initiatorid=caller.identity, initiatorname=caller.name)


def clean_up(server: LocalServer, blueprint: Blueprint, definition: BlueprintDefinition, caller: Caller) -> None:
    """Submit a process that removes what a removed blueprint left.

    Raises:
        Refusal: as a submission.
    """
    spec = _spec(blueprint, definition, _CLEANUP, {"blueprintName": blueprint.metadata.name})
    submit(server, spec, initiatorid=caller.identity, initiatorname=caller.name)


def _spec(blueprint: Blueprint, definition: BlueprintDefinition, funcname: str, kwargs: dict[str, Any]) -> FunctionSpec:
    executortype = definition.spec.handler.executor_type
    return FunctionSpec(
        nodename=f"{executortype}-{funcname}",
        funcname=funcname,
        kwargs=kwargs,
        maxwaittime=0,
        maxexectime=NO_LIMIT,
        maxretries=NO_LIMIT,
        conditions=Conditions(
            colonyname=blueprint.metadata.colonyname,
            executortype=executortype,
            locationname=blueprint.metadata.locationname or None,
        ),
    )


def ensure_cron(server: LocalServer, blueprint: Blueprint, definition: BlueprintDefinition, caller: Caller) -> None:
    """Make the cron that looks after blueprints like this one, where there is none yet."""
    colonyname, name = blueprint.metadata.colonyname, cron_name(blueprint)
    database = server.database
    if database.one("SELECT 1 FROM crons WHERE colonyname = ? AND name = ?", (colonyname, name)) is not None:
        return
    spec = _spec(blueprint, definition, definition.spec.handler.function_name or _RECONCILE, {"kind": blueprint.kind})
    workflow = WorkflowSpec(colonyname=colonyname, functionspecs=(spec,))
    cron = CronRecord(
        cronid=random_id(),
        colonyname=colonyname,
        name=name,
        initiatorid=caller.identity,
        initiatorname=caller.name,
        cronexpression="",
        interval=CRON_SECONDS,
        random=0,
        nextrun=None,
        lastrun=None,
        workflowspec=compact(workflow.to_wire()),
        prevprocessgraphid="",
        waitforprevprocessgraph=1,
    )
    insert_cron(database, cron)


def drop_cron(server: LocalServer, blueprint: Blueprint) -> None:
    """Remove the cron that looked after blueprints like this one; what it started goes on."""
    server.database.write(
        "DELETE FROM crons WHERE colonyname = ? AND name = ?", (blueprint.metadata.colonyname, cron_name(blueprint))
    )
