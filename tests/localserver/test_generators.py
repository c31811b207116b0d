"""Generators on a clock that tests move: when packed arguments start workflows, and with which (§ Generators)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import NothingAssigned, Refused
from colonies_tui.protocol.messages.colony import AddUser, RemoveUser
from colonies_tui.protocol.messages.schedule import (
    AddGenerator,
    GetGenerator,
    GetGenerators,
    PackGenerator,
    RemoveGenerator,
    ResolveGenerator,
)
from colonies_tui.protocol.models.colony import User
from colonies_tui.protocol.models.schedule import Generator
from colonies_tui.protocol.models.workflow import WorkflowSpec
from tests.localserver.harness import COLONY, Harness, harness
from tests.localserver.workflow_world import a_generator, a_node, a_workflow

BEGIN = datetime(2027, 1, 15, 8, 0, tzinfo=UTC)
"""Where the standing clock stands at first."""


async def add(bench: Harness, key: PrivateKey | None = None, **changes: Any) -> str:
    """Add a generator and return its id."""
    generator = a_generator(changes.pop("name", "heap"), **changes)
    return (await bench.send(AddGenerator(generator=generator), key)).generatorid


async def get(bench: Harness, generatorid: str) -> Generator:
    return await bench.send(GetGenerator(generatorid=generatorid))


async def pack(bench: Harness, generatorid: str, *args: str) -> None:
    for arg in args:
        await bench.send(PackGenerator(generatorid=generatorid, arg=arg))


async def packed(bench: Harness, key: PrivateKey) -> list[tuple[Any, ...]]:
    """Take everything that waits and return its arguments."""
    found: list[tuple[Any, ...]] = []
    while True:
        try:
            process = await bench.assign(key)
        except NothingAssigned:
            return found
        found.append(process.spec.args)


async def test_enough_arguments_start_a_workflow(either: Harness) -> None:
    key = await either.register("worker")
    generatorid = await add(either, trigger=3)
    new = await get(either, generatorid)
    assert (new.queuesize, new.checkerperiod, new.firstpack, new.lastrun) == (0, 1000, None, None)
    await pack(either, generatorid, "1", "2")
    either.clock.advance(0.5)
    await pack(either, generatorid, "3")
    waiting = await get(either, generatorid)
    assert (waiting.queuesize, waiting.firstpack) == (3, BEGIN)
    assert await packed(either, key) == []
    await either.advance(0.5)
    assert await packed(either, key) == [("1", "2", "3")]
    after = await get(either, generatorid)
    assert (after.queuesize, after.firstpack, after.lastrun) == (0, BEGIN, BEGIN + timedelta(seconds=1))


async def test_too_few_arguments_wait_for_ever_without_a_timeout(either: Harness) -> None:
    key = await either.register("worker")
    generatorid = await add(either, trigger=3, timeout=-1)
    await pack(either, generatorid, "1", "2")
    await either.advance(3_000)
    assert (await get(either, generatorid)).queuesize == 2
    with pytest.raises(NothingAssigned):
        await either.assign(key)


async def test_many_arguments_start_many_workflows_and_the_rest_stays(either: Harness) -> None:
    key = await either.register("worker")
    generatorid = await add(either, trigger=2)
    await pack(either, generatorid, *"abcdefg")
    await either.advance(1)
    assert await packed(either, key) == [("a", "b"), ("c", "d"), ("e", "f")]
    assert (await get(either, generatorid)).queuesize == 1
    await pack(either, generatorid, "h")
    await either.advance(1)
    assert await packed(either, key) == [("g", "h")]


async def test_the_timeout_counts_from_the_first_argument_and_later_from_the_last_run(either: Harness) -> None:
    key = await either.register("worker")
    generatorid = await add(either, trigger=10, timeout=30)
    await either.advance(100)
    await pack(either, generatorid, "a")
    await either.advance(20)
    await pack(either, generatorid, "b")
    await either.advance(9)
    assert await packed(either, key) == []
    await either.advance(1)
    assert await packed(either, key) == [("a", "b")]
    await pack(either, generatorid, "c")
    await either.advance(29)
    assert await packed(either, key) == []
    await either.advance(1)
    assert await packed(either, key) == [("c",)]
    await either.advance(500)
    await pack(either, generatorid, "after a quiet time")
    await either.advance(1)
    assert await packed(either, key) == [("after a quiet time",)]


async def test_every_root_gets_the_arguments_instead_of_its_own(either: Harness) -> None:
    key = await either.register("worker")
    spec = a_workflow({"a": (), "b": (), "c": ("a", "b")}, args=["own"], kwargs={"own": 1})
    await pack(either, await add(either, spec=spec, trigger=1), "packed")
    await either.advance(1)
    for nodename, args, kwargs in (("a", ("packed",), {}), ("b", ("packed",), {}), ("c", ("own",), {"own": 1})):
        process = await either.assign(key)
        assert process.spec.nodename == nodename
        assert (process.spec.args, process.spec.kwargs) == (args, kwargs)
        assert process.initiatorname == "operator"
        await either.succeed(process, key)


async def test_what_cannot_start_keeps_its_arguments(either: Harness) -> None:
    key, executor = PrivateKey.new(), await either.register("worker")
    user = User(colonyname=COLONY, userid=key.identity, name="guest")
    await either.send(AddUser(user=user), either.colony_key)
    generatorid = await add(either, key, trigger=2)
    other = await add(either, name="other", trigger=1)
    await either.send(RemoveUser(colonyname=COLONY, name="guest"), either.colony_key)
    await pack(either, generatorid, "a", "b", "c")
    await pack(either, other, "x")
    await either.advance(5)
    assert await packed(either, executor) == [("x",)]
    stuck = await get(either, generatorid)
    assert (stuck.queuesize, stuck.lastrun) == (3, None)
    await either.send(AddUser(user=user), either.colony_key)
    await either.advance(1)
    assert await packed(either, executor) == [("a", "b")]


async def test_a_generator_is_found_by_its_name_and_in_the_list(either: Harness) -> None:
    ids = [await add(either, name=name) for name in "abc"]
    await pack(either, ids[1], "x")
    resolved = await either.send(ResolveGenerator(colonyname=COLONY, generatorname="b"))
    assert (resolved.generatorid, resolved.queuesize, resolved.checkerperiod) == (ids[1], 0, 0)
    listed = await either.send(GetGenerators(colonyname=COLONY, count=2))
    assert [(row.generatorid, row.queuesize) for row in listed] == [(ids[0], 0), (ids[1], 0)]
    assert await either.send(GetGenerators(colonyname=COLONY, count=0)) == ()
    with pytest.raises(Refused, match="generator is nil"):
        await either.send(ResolveGenerator(colonyname=COLONY, generatorname="z"))
    with pytest.raises(Refused, match="negative"):
        await either.send(GetGenerators(colonyname=COLONY, count=-1))


async def test_removing_a_generator_takes_its_queue(either: Harness) -> None:
    generatorid = await add(either)
    await pack(either, generatorid, "x")
    await either.send(RemoveGenerator(generatorid=generatorid))
    assert either.server.database.all("SELECT * FROM generatorargs") == []
    for request in (
        GetGenerator(generatorid=generatorid),
        RemoveGenerator(generatorid=generatorid),
        PackGenerator(generatorid=generatorid, arg="y"),
    ):
        with pytest.raises(Refused, match="generator is nil") as refusal:
            await either.send(request)
        assert refusal.value.status == 500


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"workflowspec": "{bad"}, "workflowspec"),
        ({"name": "taken"}, "Generator with name <taken> in Colony <dev> already exists"),
        (
            {"spec": WorkflowSpec(colonyname=COLONY, functionspecs=(a_node("a", "z"),))},
            "invalid dependencies",
        ),
    ],
)
async def test_what_is_no_generator(either: Harness, changes: dict[str, Any], words: str) -> None:
    await add(either, name="taken")
    generator = a_generator("new", **changes) if "spec" in changes else a_generator("new").model_copy(update=changes)
    with pytest.raises(Refused, match=words) as refusal:
        await either.send(AddGenerator(generator=generator))
    assert refusal.value.status == 400
    assert len(await either.send(GetGenerators(colonyname=COLONY, count=10))) == 1


@pytest.mark.parametrize("trigger", [0, -1])
async def test_a_trigger_that_never_fires(either: Harness, trigger: int) -> None:
    if not either.server.settings.real_quirks:
        with pytest.raises(Refused, match="at least 1") as refusal:
            await add(either, trigger=trigger)
        assert refusal.value.status == 400
        return
    # With 0 a real server ends at its next check; ours starts nothing.
    generatorid = await add(either, trigger=trigger, timeout=1)
    await pack(either, generatorid, "x")
    await either.advance(10)
    assert (await get(either, generatorid)).queuesize == 1


async def test_the_check_keeps_its_period() -> None:
    async with harness(generator_period=5000) as bench:
        key = await bench.register("worker")
        generatorid = await add(bench, trigger=1)
        assert (await get(bench, generatorid)).checkerperiod == 5000
        await pack(bench, generatorid, "x")
        await bench.advance(4.9)
        assert await packed(bench, key) == []
        await bench.advance(0.1)
        assert await packed(bench, key) == [("x",)]
