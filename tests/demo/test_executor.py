"""An executor of the demo against a server in the same loop."""

from __future__ import annotations

import asyncio

import pytest

from colonies_tui.demo import executor
from colonies_tui.demo.cast import COLONY, Absence, Member
from colonies_tui.demo.colony import live
from colonies_tui.protocol.states import AttributeType, ExecutorState, ProcessState
from tests.demo.place import KEY, Place, enrol, until

HASHER = Member("hash-1", "hasher", ("hash_file", "hash_tree"))


async def test_work_is_done_and_told(place: Place) -> None:
    await enrol(place, HASHER)
    async with asyncio.TaskGroup() as tasks:
        working = tasks.create_task(live(HASHER, place.address, KEY, place.workplace))
        hashed = await place.ended(await place.submit("hash_tree", "json"))
        missing = await place.ended(await place.submit("hash_file", "json/yaml.py"))
        outside = await place.ended(await place.submit("hash_file", "../../../etc/passwd"))
        unknown = await place.ended(await place.submit("paint"))
        working.cancel()
    assert hashed.state is ProcessState.SUCCESS
    assert hashed.out[0]["folder"] == "json"
    out = {a.key: a.value for a in hashed.attributes if a.attributetype is AttributeType.OUT}
    assert out == {"sha256": hashed.out[0]["sha256"]}
    assert missing.errors[0].startswith("FileNotFoundError: ")
    assert outside.errors == ("OutsideCorpus: '../../../etc/passwd' is not below the standard library",)
    assert unknown.errors == ("hash-1 has no function 'paint'",)
    functions = await place.operator.get_functions(colonyname=COLONY, executorname="hash-1")
    assert {(function.funcname, function.counter) for function in functions} == {("hash_file", 0), ("hash_tree", 1)}


async def test_an_executor_comes_and_goes_with_its_approval(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executor, "APPROVAL_CHECK_SECONDS", 0.05)
    pending = Member("hash-1", "hasher", HASHER.functions, approved=False)
    await enrol(place, pending)
    async with asyncio.TaskGroup() as tasks:
        working = tasks.create_task(live(pending, place.address, KEY, place.workplace))
        first = await place.submit("hash_file", "abc.py")
        await place.operator.approve_executor(colonyname=COLONY, executorname="hash-1")
        assert (await place.ended(first)).state is ProcessState.SUCCESS
        await place.operator.reject_executor(colonyname=COLONY, executorname="hash-1")
        second = await place.submit("hash_file", "abc.py")
        await place.operator.approve_executor(colonyname=COLONY, executorname="hash-1")
        assert (await place.ended(second)).state is ProcessState.SUCCESS
        working.cancel()


async def test_an_executor_goes_away_without_notice_to_the_server(place: Place) -> None:
    leaving = Member("hash-1", "hasher", HASHER.functions, absence=Absence(after=0.5, lasting=3600))
    await enrol(place, leaving)
    async with asyncio.TaskGroup() as tasks:
        working = tasks.create_task(live(leaving, place.address, KEY, place.workplace))

        async def has_left() -> bool:
            return "going away for 3600 s" in await place.own_log("hash-1")

        await until(has_left, "the executor has left")
        working.cancel()
    (executor,) = await place.operator.get_executors(colonyname=COLONY)
    assert executor.state is ExecutorState.APPROVED


async def test_enrolment_leaves_decisions_alone_and_brings_back_the_unregistered(place: Place) -> None:
    async def state() -> ExecutorState:
        return (await place.operator.get_executors(colonyname=COLONY))[0].state

    await enrol(place, HASHER)
    assert await state() is ExecutorState.APPROVED
    await place.operator.reject_executor(colonyname=COLONY, executorname="hash-1")
    await enrol(place, HASHER)
    assert await state() is ExecutorState.REJECTED
    await place.operator.remove_executor(colonyname=COLONY, executorname="hash-1")
    assert await state() is ExecutorState.UNREGISTERED
    await enrol(place, HASHER)
    assert await state() is ExecutorState.APPROVED
