"""The reconciler of the demo: it builds the indexes that blueprints ask for, and reports what there is."""

from __future__ import annotations

from datetime import UTC, datetime

from colonies_tui.client.client import ColoniesClient
from colonies_tui.demo.assignment import Assignment, Ending
from colonies_tui.demo.cast import COLONY
from colonies_tui.demo.index_shelf import IndexNotWanted, IndexWish, bring_closer
from colonies_tui.demo.process_run import Done, Failed
from colonies_tui.demo.progress import Progress
from colonies_tui.demo.work import Result
from colonies_tui.protocol.errors import NotFound
from colonies_tui.protocol.models.blueprint import Blueprint


async def reconcile(assignment: Assignment) -> Ending:
    """Bring indexes closer to their blueprints: the named one, or all of a kind at one place."""
    try:
        blueprints = await _meant(assignment)
    except NotFound:
        return Failed(f"there is no blueprint {assignment.process.spec.kwargs['blueprintName']!r} any more")
    conditions: dict[str, str] = {}
    for blueprint in blueprints:
        ending = await _bring_closer(assignment, blueprint)
        match ending:
            case Done(result):
                is_right = all(result.get(key) == value for key, value in blueprint.spec.items())
                conditions[blueprint.metadata.name] = "as it should be" if is_right else "on its way"
                await _report(assignment, blueprint, result)
            case Failed(error):
                await _report(assignment, blueprint, {"package": None, "problem": error})
                return ending
            case _:
                return ending
    return Done({"blueprints": conditions})


async def _meant(assignment: Assignment) -> tuple[Blueprint, ...]:
    spec = assignment.process.spec
    name = spec.kwargs.get("blueprintName")
    if name:
        return (await assignment.client.get_blueprint(namespace=COLONY, name=str(name)),)
    return await assignment.client.get_blueprints(
        namespace=COLONY, kind=str(spec.kwargs.get("kind", "")), locationname=spec.conditions.locationname or ""
    )


async def _bring_closer(assignment: Assignment, blueprint: Blueprint) -> Ending:
    corpus, shelf = assignment.workplace.corpus, assignment.workplace.shelf
    name = blueprint.metadata.name
    anew = bool(assignment.process.spec.kwargs.get("force"))

    def work(progress: Progress) -> Result:
        return bring_closer(progress, corpus, shelf, name, IndexWish.of(blueprint.spec), anew=anew)

    return await assignment.work(work)


async def _report(assignment: Assignment, blueprint: Blueprint, status: Result) -> None:
    client, name = assignment.client, blueprint.metadata.name
    try:
        now = await client.get_blueprint(namespace=COLONY, name=name)
        await note_reconciliation(client, now, assignment.process.processid)
        await client.update_blueprint_status(colonyname=COLONY, blueprintname=name, status=status)
    except NotFound:
        await assignment.say(f"{name} was removed meanwhile")


async def note_reconciliation(client: ColoniesClient, blueprint: Blueprint, processid: str) -> None:
    """Write into a blueprint, as it was just read, who reconciled it last.

    That cannot be written alone: what somebody else changes between the read and the write is overwritten. It shows in
    the generation, and then their change is made again.

    Raises:
        ColoniesError: the server refused or was not reached; :class:`NotFound` when the blueprint is gone.
    """
    noted = blueprint.metadata.model_copy(
        update={"last_reconciliation_process": processid, "last_reconciliation_time": datetime.now(UTC)}
    )
    written = await client.update_blueprint(blueprint=blueprint.model_copy(update={"metadata": noted}))
    if written.metadata.generation != blueprint.metadata.generation:
        _, theirs = await client.get_blueprint_history(blueprintid=blueprint.blueprintid, limit=2)
        await client.update_blueprint(blueprint=written.model_copy(update={"spec": theirs.spec}))


async def clean_up(assignment: Assignment) -> Ending:
    """Remove the index of a blueprint that is gone."""
    name = str(assignment.process.spec.kwargs.get("blueprintName", ""))
    try:
        removed = assignment.workplace.shelf.remove(name)
    except IndexNotWanted as error:
        return Failed(str(error))
    await assignment.say(f"{name}: {'its index is removed' if removed else 'there was no index'}")
    return Done({"removed": removed})
