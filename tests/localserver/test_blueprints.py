"""Blueprints, their definitions, and what a change of them sets in motion (§ Blueprints)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from colonies_tui.protocol.crypto import random_id
from colonies_tui.protocol.errors import NotFound, Refused
from colonies_tui.protocol.messages.blueprint import (
    AddBlueprint,
    GetBlueprint,
    GetBlueprintDefinition,
    GetBlueprintDefinitions,
    GetBlueprintHistory,
    GetBlueprints,
    ReconcileBlueprint,
    RemoveBlueprint,
    RemoveBlueprintDefinition,
    UpdateBlueprint,
    UpdateBlueprintStatus,
)
from colonies_tui.protocol.messages.colony import AddColony, RemoveColony
from colonies_tui.protocol.messages.location import AddLocation, GetLocation, GetLocations, RemoveLocation
from colonies_tui.protocol.messages.process import GetProcesses
from colonies_tui.protocol.messages.schedule import GetCrons
from colonies_tui.protocol.models.blueprint import Blueprint
from colonies_tui.protocol.models.colony import Colony
from colonies_tui.protocol.models.location import Location
from colonies_tui.protocol.models.process import NO_LIMIT, Process
from colonies_tui.protocol.models.schedule import Cron
from colonies_tui.protocol.states import ProcessState
from tests.localserver.file_world import KIND, RECONCILER, a_blueprint, a_definition, add_blueprint, define
from tests.localserver.harness import COLONY, Harness

UNRECONCILED: dict[str, Any] = {"handler": {"executorType": "", "functionName": ""}}


async def submitted(bench: Harness) -> list[Process]:
    """Return the processes that wait, oldest first."""
    return list(await bench.send(GetProcesses(colonyname=COLONY, count=100, state=ProcessState.WAITING)))


async def calls(bench: Harness) -> list[tuple[str, dict[str, Any]]]:
    return [(process.spec.funcname, process.spec.kwargs) for process in await submitted(bench)]


async def crons(bench: Harness) -> dict[str, Cron]:
    return {cron.name: cron for cron in await bench.send(GetCrons(colonyname=COLONY, count=100))}


async def blueprint(bench: Harness, name: str = "web") -> Blueprint:
    return await bench.send(GetBlueprint(namespace=COLONY, name=name))


async def history(bench: Harness, one: Blueprint, limit: int | None = None) -> list[tuple[int, str, str]]:
    rows = await bench.send(GetBlueprintHistory(blueprintid=one.blueprintid, limit=limit))
    return [(row.generation, row.changetype, row.spec["image"]) for row in rows]


async def update(bench: Harness, one: Blueprint, *, force: bool = False) -> Blueprint:
    return await bench.send(UpdateBlueprint(blueprint=one, forcegeneration=force))


async def test_definitions_are_listed_by_name_and_their_names_are_unique(bench: Harness) -> None:
    second, first = await define(bench, a_definition("Zed")), await define(bench, a_definition("Alpha"))
    assert len(first.blueprintdefinitionid) == 64
    assert await bench.send(GetBlueprintDefinitions(colonyname=COLONY)) == (first, second)
    assert await bench.send(GetBlueprintDefinition(colonyname=COLONY, name="zed")) == second
    with pytest.raises(NotFound):
        await bench.send(GetBlueprintDefinition(colonyname=COLONY, name="Zed"))
    with pytest.raises(Refused) as twice:
        await define(bench, a_definition("Zed"))
    assert twice.value.status == 500
    identity = random_id()
    named = await define(bench, a_definition("Own").model_copy(update={"blueprintdefinitionid": identity}))
    assert named.blueprintdefinitionid == identity


async def test_a_definition_goes_only_when_nothing_of_its_kind_is_left(bench: Harness) -> None:
    await define(bench, a_definition())
    await add_blueprint(bench, a_blueprint())
    remove = RemoveBlueprintDefinition(namespace=COLONY, name="depl")
    with pytest.raises(Refused, match="1 blueprint") as in_use:
        await bench.send(remove, bench.colony_key)
    assert in_use.value.status == 409
    await bench.send(RemoveBlueprint(namespace=COLONY, name="web"))
    await bench.send(remove, bench.colony_key)
    with pytest.raises(NotFound):
        await bench.send(remove, bench.colony_key)


async def test_adding_a_blueprint_keeps_it_and_has_it_reconciled(bench: Harness) -> None:
    await define(bench, a_definition())
    added = await add_blueprint(bench, a_blueprint(locationname="rack", labels={"a": "b"}))
    assert await blueprint(bench) == added
    assert (added.kind, added.spec, added.status) == (KIND, {"image": "nginx"}, None)
    assert added.metadata.generation is None
    assert await history(bench, added) == [(0, "create", "nginx")]
    (process,) = await submitted(bench)
    assert process.initiatorname == "operator"
    assert process.spec.funcname == "reconcile"
    assert process.spec.kwargs == {"kind": KIND, "blueprintName": "web"}
    conditions = process.spec.conditions
    assert (conditions.executortype, conditions.locationname) == (RECONCILER, "rack")
    assert (process.spec.maxexectime, process.spec.maxretries) == (NO_LIMIT, NO_LIMIT)


async def test_the_cron_of_a_kind_at_a_place_comes_back_every_minute(bench: Harness) -> None:
    await define(bench, a_definition())
    await add_blueprint(bench, a_blueprint("one"))
    await add_blueprint(bench, a_blueprint("two"))
    await add_blueprint(bench, a_blueprint("three", locationname="rack"))
    found = await crons(bench)
    assert found.keys() == {f"reconcile-{KIND}", f"reconcile-{KIND}-rack"}
    cron = found[f"reconcile-{KIND}-rack"]
    assert (cron.interval, cron.waitforprevprocessgraph, cron.initiatorname) == (60, True, "operator")
    (function,) = json.loads(cron.workflowspec)["functionspecs"]
    assert (function["funcname"], function["kwargs"]) == ("reconcile", {"kind": KIND})
    assert function["conditions"]["locationname"] == "rack"
    before = len(await submitted(bench))
    await bench.advance(62)
    assert (await calls(bench))[before:] == [("reconcile", {"kind": KIND})] * 2


async def test_the_cron_goes_with_the_last_of_its_kind_at_its_place(bench: Harness) -> None:
    await define(bench, a_definition())
    for name, place in (("one", None), ("two", None), ("three", "rack")):
        await add_blueprint(bench, a_blueprint(name, locationname=place))
    for name, left in (
        ("one", {f"reconcile-{KIND}", f"reconcile-{KIND}-rack"}),
        ("three", {f"reconcile-{KIND}"}),
        ("two", set()),
    ):
        await bench.send(RemoveBlueprint(namespace=COLONY, name=name))
        assert (await crons(bench)).keys() == left
    assert (await calls(bench))[-3:] == [("cleanup", {"blueprintName": name}) for name in ("one", "three", "two")]


async def test_a_removed_blueprint_is_gone_with_its_history(bench: Harness) -> None:
    await define(bench, a_definition())
    added = await add_blueprint(bench, a_blueprint())
    await bench.send(RemoveBlueprint(namespace=COLONY, name="web"))
    for request in (
        GetBlueprint(namespace=COLONY, name="web"),
        RemoveBlueprint(namespace=COLONY, name="web"),
        ReconcileBlueprint(namespace=COLONY, name="web"),
        GetBlueprintHistory(blueprintid=added.blueprintid),
        UpdateBlueprintStatus(colonyname=COLONY, blueprintname="web"),
        UpdateBlueprint(blueprint=added),
    ):
        with pytest.raises(NotFound):
            await bench.send(request)
    assert (await add_blueprint(bench, a_blueprint())).blueprintid != added.blueprintid


async def test_a_place_that_does_not_exist_is_made(bench: Harness) -> None:
    await define(bench, a_definition())
    known = Location(colonyname=COLONY, name="known", longitude=1.5)
    await bench.send(AddLocation(location=known), bench.colony_key)
    for name, place in (("one", "known"), ("two", "new"), ("three", "new")):
        await add_blueprint(bench, a_blueprint(name, locationname=place))
    places = await bench.send(GetLocations(colonyname=COLONY))
    assert [(place.name, place.longitude) for place in places] == [("known", 1.5), ("new", 0.0)]
    with pytest.raises(Refused, match="colon"):
        await add_blueprint(bench, a_blueprint("four", locationname="a:b"))


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"kind": ""}, 400, "blueprint kind is required"),
        ({"kind": "Nosuch"}, 400, "BlueprintDefinition for kind 'Nosuch' not found"),
        ({"spec": {}}, 400, "required field 'image' is missing"),
        ({"spec": {"image": 5}}, 400, "field 'image' must be a string"),
        ({"spec": {"image": "x", "replicas": "2"}}, 400, "field 'replicas' must be a number"),
        ({"name": "taken"}, 409, "blueprint with name 'taken' already exists in colony 'dev'"),
    ],
)
async def test_what_does_not_fit_is_refused_and_changes_nothing(
    bench: Harness, changes: dict[str, Any], status: int, words: str
) -> None:
    await define(bench, a_definition())
    await add_blueprint(bench, a_blueprint("taken"))
    before = len(await submitted(bench))
    sent = a_blueprint(**{"name": "web", "locationname": "rack", **changes})
    payload = {"msgtype": AddBlueprint.msgtype, "blueprint": sent.to_wire()}
    response = await bench.post(AddBlueprint.msgtype, payload, bench.user_key)
    assert response.status_code == status
    with pytest.raises(Refused, match=words):
        await bench.send(_Unchecked(blueprint=sent))
    assert await bench.send(GetLocations(colonyname=COLONY)) == ()
    assert len(await submitted(bench)) == before


class _Unchecked(AddBlueprint):
    """As sent by somebody else: our own client would not send some of it."""

    def check(self) -> None:
        pass


async def test_a_kind_without_a_reconciler_sets_nothing_in_motion(bench: Harness) -> None:
    await define(bench, a_definition(**UNRECONCILED))
    added = await add_blueprint(bench, a_blueprint())
    await update(bench, added.model_copy(update={"spec": {"image": "other"}}))
    with pytest.raises(Refused, match="no handler") as refused:
        await bench.send(ReconcileBlueprint(namespace=COLONY, name="web"))
    assert refused.value.status == 400
    await bench.send(RemoveBlueprint(namespace=COLONY, name="web"))
    assert await submitted(bench) == []
    assert await crons(bench) == {}


async def test_another_spec_or_force_makes_a_new_generation_and_the_same_does_not(bench: Harness) -> None:
    await define(bench, a_definition())
    added = await add_blueprint(bench, a_blueprint())
    same = await update(bench, a_blueprint(labels={"x": "y"}))
    assert (same.blueprintid, same.metadata.generation, same.metadata.labels) == (added.blueprintid, None, {"x": "y"})
    changed = await update(bench, a_blueprint(spec={"image": "other"}))
    assert (changed.metadata.generation, changed.metadata.labels) == (1, None)
    forced = await update(bench, a_blueprint(spec={"image": "other"}), force=True)
    assert forced.metadata.generation == 2
    assert await blueprint(bench) == forced
    assert await history(bench, added) == [(2, "update", "other"), (1, "update", "other"), (0, "create", "nginx")]
    assert await history(bench, added, 2) == [(2, "update", "other"), (1, "update", "other")]
    assert await calls(bench) == [("reconcile", {"kind": KIND, "blueprintName": "web"})] * 3


async def test_status_is_reported_beside_the_spec_and_stays_when_the_spec_changes(bench: Harness) -> None:
    await define(bench, a_definition())
    added = await add_blueprint(bench, a_blueprint())
    await bench.send(UpdateBlueprintStatus(colonyname=COLONY, blueprintname="web", status={"ready": 1}))
    assert await blueprint(bench) == added.model_copy(update={"status": {"ready": 1}})
    await update(bench, a_blueprint(spec={"image": "other"}))
    assert (await blueprint(bench)).status == {"ready": 1}
    assert len(await submitted(bench)) == 2
    await bench.send(UpdateBlueprintStatus(colonyname=COLONY, blueprintname="web"))
    assert (await blueprint(bench)).status is None


async def test_reconciling_submits_a_process_and_force_makes_a_new_generation(bench: Harness) -> None:
    await define(bench, a_definition())
    await add_blueprint(bench, a_blueprint())
    process = await bench.send(ReconcileBlueprint(namespace=COLONY, name="web"))
    assert process.spec.kwargs == {"kind": KIND, "blueprintName": "web"}
    assert (await blueprint(bench)).metadata.generation is None
    forced = await bench.send(ReconcileBlueprint(namespace=COLONY, name="web", force=True))
    assert forced.spec.kwargs == {"kind": KIND, "blueprintName": "web", "force": True}
    assert (await blueprint(bench)).metadata.generation == 1
    assert (await bench.process(forced.processid)).state is ProcessState.WAITING


async def test_blueprints_are_listed_by_name_kind_and_place(bench: Harness) -> None:
    for kind in (KIND, "Other"):
        await define(bench, a_definition(kind))
    for name, kind, place in (("b", KIND, "rack"), ("a", KIND, None), ("c", "Other", "rack")):
        await add_blueprint(bench, a_blueprint(name, kind=kind, locationname=place))

    async def names(kind: str = "", place: str = "") -> list[str]:
        found = await bench.send(GetBlueprints(namespace=COLONY, kind=kind, locationname=place))
        return [one.metadata.name for one in found]

    assert await names() == ["a", "b", "c"]
    assert await names(KIND) == ["a", "b"]
    assert await names(KIND, "rack") == ["b"]
    assert await names("", "rack") == ["a", "b", "c"]
    assert await names("Nosuch") == []


@pytest.mark.parametrize("real_quirks", [False, True])
async def test_the_colony_owner_may_add_and_has_no_name(bench: Harness, quirky: Harness, real_quirks: bool) -> None:
    server = quirky if real_quirks else bench
    await define(server, a_definition())
    added = await add_blueprint(server, a_blueprint(), server.colony_key)
    changed = added.model_copy(update={"spec": {"image": "other"}})
    await server.send(UpdateBlueprint(blueprint=changed), server.colony_key)
    processes = await submitted(server)
    assert [process.initiatorname for process in processes] == [""] * (1 if real_quirks else 2)
    assert {process.initiatorid for process in processes} == {server.colony_key.identity}
    before = len(processes)
    await server.advance(62)
    # The cron belongs to the owner, in whose name a real server starts nothing.
    assert len(await submitted(server)) == before + (0 if real_quirks else 1)


@pytest.mark.parametrize("real_quirks", [False, True])
async def test_a_removed_colony_takes_its_blueprints_along(bench: Harness, quirky: Harness, real_quirks: bool) -> None:
    server = quirky if real_quirks else bench
    await define(server, a_definition())
    await add_blueprint(server, a_blueprint(locationname="rack"))
    await server.send(RemoveColony(colonyname=COLONY), server.server_key)
    colony = Colony(colonyid=server.colony_key.identity, name=COLONY)
    await server.send(AddColony(colony=colony), server.server_key)
    blueprints = await server.send(GetBlueprints(namespace=COLONY), server.colony_key)
    assert len(blueprints) == (1 if real_quirks else 0)


async def test_places_are_unique_and_removed_by_name(bench: Harness, quirky: Harness) -> None:
    location = Location(locationid="own", colonyname=COLONY, name="rack", description="d", longitude=-1.5, lat=60.25)
    assert await bench.send(AddLocation(location=location), bench.colony_key) == location
    assert await bench.send(GetLocation(colonyname=COLONY, name="rack")) == location
    with pytest.raises(Refused, match="already exists") as twice:
        await bench.send(AddLocation(location=location), bench.colony_key)
    assert twice.value.status == 400
    remove = RemoveLocation(colonyname=COLONY, name="rack")
    await bench.send(remove, bench.colony_key)
    with pytest.raises(Refused) as unknown:
        await bench.send(remove, bench.colony_key)
    assert unknown.value.status == 400
    with pytest.raises(NotFound):
        await bench.send(GetLocation(colonyname=COLONY, name="rack"))
    payload = {"msgtype": "addlocationmsg", "location": {"colonyname": COLONY, "name": "a:b"}}
    assert (await bench.post("addlocationmsg", payload, bench.colony_key)).status_code == 400
    assert (await quirky.post("addlocationmsg", payload, quirky.colony_key)).status_code == 200
