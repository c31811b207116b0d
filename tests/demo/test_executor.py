"""An executor of the demo against a server in the same loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from colonies_tui.client.client import ColoniesClient
from colonies_tui.demo import executor
from colonies_tui.demo.assignment import Workplace
from colonies_tui.demo.cast import COLONY, Absence, Member
from colonies_tui.demo.colony import live
from colonies_tui.demo.corpus import Corpus
from colonies_tui.demo.enrolment import enrol_executors
from colonies_tui.demo.index_shelf import IndexShelf
from colonies_tui.demo.quota import ProcessorQuota
from colonies_tui.demo.reports import Reports
from colonies_tui.localserver.embedded import running_server
from colonies_tui.localserver.settings import FirstIdentities, ServerSettings
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.models.process import Conditions, FunctionSpec, Process
from colonies_tui.protocol.states import AttributeType, ExecutorState, ProcessState

HASHER = Member("hash-1", "hasher", ("hash_file", "hash_tree"))
KEY = PrivateKey.new()


@dataclass(frozen=True, slots=True)
class Place:
    address: ServerAddress
    operator: ColoniesClient
    workplace: Workplace
    directory: Path

    async def submit(self, funcname: str, *args: str) -> str:
        spec = FunctionSpec(
            funcname=funcname, args=args, conditions=Conditions(colonyname=COLONY, executortype="hasher")
        )
        return (await self.operator.submit_process(spec=spec)).processid

    async def ended(self, processid: str) -> Process:
        process = await self.operator.get_process(processid=processid)

        async def is_final() -> bool:
            nonlocal process
            process = await self.operator.get_process(processid=processid)
            return process.state.is_final

        await until(is_final, "the process has ended")
        return process

    async def own_log(self, name: str) -> list[str]:
        rows = await self.operator.get_logs(colonyname=COLONY, executorname=name, count=100)
        return [row.message for row in rows if not row.processid]


async def until(condition: Callable[[], Awaitable[bool]], what: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not await condition():
        if time.monotonic() > deadline:
            pytest.fail(f"not within {seconds} s: {what}")
        await asyncio.sleep(0.05)


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    corpus = Corpus.open(tmp_path / "inputs")
    settings = ServerSettings(allow_reregister=True, identities=FirstIdentities(colony_name=COLONY))
    with ThreadPoolExecutor(1) as pool:
        async with AsyncExitStack() as stack:
            server = await stack.enter_async_context(running_server(settings))
            operator = await stack.enter_async_context(ColoniesClient(server.address, server.identities.keyring))
            workplace = Workplace(
                corpus, Reports(tmp_path / "reports"), IndexShelf(tmp_path / "indexes"), ProcessorQuota(1, 1), pool
            )
            yield Place(server.address, operator, workplace, tmp_path)


async def enrol(place: Place, member: Member) -> None:
    await enrol_executors(place.operator, [member], {member.name: KEY}, place.directory)


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
