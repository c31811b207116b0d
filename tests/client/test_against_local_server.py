"""The client and the local server, which share nothing but the protocol, over a real connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from colonies_tui.client.client import ColoniesClient
from colonies_tui.client.exchange import Exchange, Outcome
from colonies_tui.client.time_limits import TimeLimits
from colonies_tui.localserver.embedded import RunningServer, running_server
from colonies_tui.localserver.settings import ServerSettings
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import PrivateKey, random_id
from colonies_tui.protocol.errors import ColoniesError, NotAllowed, NotFound, NothingAssigned, NotReached, Refused
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.messages.process import GetProcesses
from colonies_tui.protocol.messages.subscription import SubscribeProcess, SubscribeProcesses
from colonies_tui.protocol.models.colony import Version
from colonies_tui.protocol.models.executor import Capabilities, Executor, Software
from colonies_tui.protocol.models.process import Conditions, FunctionSpec, Process, ProcessRow
from colonies_tui.protocol.states import ExecutorState, ProcessState


@pytest.fixture(params=[False, True], ids=["better", "real quirks"])
async def server(request: pytest.FixtureRequest) -> AsyncIterator[RunningServer]:
    async with running_server(ServerSettings(real_quirks=request.param)) as running:
        yield running


@dataclass
class Colony:
    """An operator and an approved executor in one colony."""

    name: str
    operator: ColoniesClient
    executor: ColoniesClient

    async def submit(self, executortype: str = "cli", **changes: int) -> Process:
        conditions = Conditions(colonyname=self.name, executortype=executortype)
        spec = FunctionSpec(funcname="echo", args=("å\x1b[31m", None, {"a": [1.5]}), conditions=conditions)
        return await self.operator.submit_process(spec=spec.model_copy(update=changes))


@pytest.fixture
async def colony(server: RunningServer) -> AsyncIterator[Colony]:
    name = server.identities.colony_name
    key = PrivateKey.new()
    async with (
        ColoniesClient(server.address, server.identities.keyring) as operator,
        ColoniesClient(server.address, Keyring(member=key)) as executor,
    ):
        worker = Executor(colonyname=name, executorname="worker", executortype="cli", executorid=key.identity)
        await operator.add_executor(executor=worker)
        await operator.approve_executor(colonyname=name, executorname="worker")
        yield Colony(name, operator, executor)


async def test_a_process_from_its_submission_to_its_end(colony: Colony) -> None:
    submitted = await colony.submit()
    assert submitted.spec.args == ("å\x1b[31m", None, {"a": [1.5]})
    assert (submitted.state, submitted.starttime) == (ProcessState.WAITING, None)
    assigned = await colony.executor.assign_process(colonyname=colony.name, timeout=5)
    assert (assigned.processid, assigned.state) == (submitted.processid, ProcessState.RUNNING)
    await colony.executor.add_log(processid=assigned.processid, message="line\n")
    await colony.executor.close_successful(processid=assigned.processid, out=("done", None))
    ended = await colony.operator.get_process(processid=assigned.processid)
    assert (ended.state, ended.out, ended.errors) == (ProcessState.SUCCESS, ("done", None), ())
    assert ended.endtime is not None
    assert ended.starttime is not None
    assert ended.endtime >= ended.starttime
    (log,) = await colony.operator.get_logs(colonyname=colony.name, processid=assigned.processid, count=10)
    assert (log.message, log.executorname) == ("line\n", "worker")
    statistics = await colony.operator.get_colony_statistics(colonyname=colony.name)
    assert (statistics.successfulprocesses, statistics.waitingprocesses) == (1, 0)


async def test_rows_are_those_of_the_processes(colony: Colony) -> None:
    for _ in range(3):
        await colony.submit()
    request = GetProcesses(colonyname=colony.name, count=10, state=ProcessState.WAITING)
    processes = await colony.operator.send(request)
    assert len(processes) == 3
    assert await colony.operator.process_rows(request) == tuple(map(ProcessRow.of, processes))
    none = request.model_copy(update={"state": ProcessState.CANCELLED})
    assert await colony.operator.process_rows(none) == ()


async def test_approval_takes_the_colony_owner_and_evidence_is_kept(server: RunningServer) -> None:
    identities, key = server.identities, PrivateKey.new()
    software = Capabilities(software=(Software(name="[bold]x[/]", type="container", version="1"),))
    name = identities.colony_name
    async with ColoniesClient(server.address, identities.keyring) as operator:
        newcomer = Executor(
            colonyname=name, executorname="new", executortype="cli", executorid=key.identity, capabilities=software
        )
        assert (await operator.add_executor(executor=newcomer)).state is ExecutorState.PENDING
        as_user = Keyring(colony=identities.user_key)
        async with ColoniesClient(server.address, as_user) as user:
            with pytest.raises(NotAllowed):
                await user.approve_executor(colonyname=name, executorname="new")
        async with ColoniesClient(server.address, Keyring(member=key)) as pending:
            with pytest.raises(Refused):
                await pending.assign_process(colonyname=name, timeout=-1)
        await operator.approve_executor(colonyname=name, executorname="new")
        approved = await operator.get_executor(colonyname=name, executorname="new")
        assert (approved.state, approved.capabilities) == (ExecutorState.APPROVED, software)


async def test_no_work_and_unknown_processes_are_told_apart(colony: Colony) -> None:
    exchanges: list[Exchange] = []
    colony.executor.on_exchange = exchanges.append
    with pytest.raises(NothingAssigned):
        await colony.executor.assign_process(colonyname=colony.name, timeout=-1)
    with pytest.raises(NotFound):
        await colony.executor.get_process(processid=random_id())
    assert [exchange.outcome for exchange in exchanges] == [Outcome.NO_WORK, Outcome.REFUSED]


async def test_a_stranger_is_not_allowed_and_sees_no_empty_list(colony: Colony) -> None:
    stranger = Keyring(member=PrivateKey.new())
    async with ColoniesClient(colony.operator.address, stranger) as client:
        with pytest.raises(NotAllowed):
            await client.get_colony_statistics(colonyname=colony.name)
        with pytest.raises(NotAllowed):
            await client.get_process_history(colonyname=colony.name, seconds=60, state=ProcessState.WAITING)
        with pytest.raises(NotAllowed):
            await client.get_processes(colonyname=colony.name, count=1, state=ProcessState.WAITING)


async def test_an_idle_assign_wakes_up_when_work_comes(colony: Colony) -> None:
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(colony.executor.assign_process(colonyname=colony.name, timeout=30))
        submitted = await colony.submit()
    assert waiting.result().processid == submitted.processid


async def test_the_end_of_a_process_is_heard(colony: Colony) -> None:
    process = await colony.submit()
    await colony.executor.assign_process(colonyname=colony.name, timeout=5)
    up = asyncio.Event()
    request = SubscribeProcess(processid=process.processid, state=ProcessState.FAILED, timeout=60)
    async with colony.operator.subscribe(request, on_state=lambda is_up, _: up.set()) as subscription:
        async with asyncio.TaskGroup() as group:
            heard = group.create_task(anext(subscription))
            await up.wait()
            await colony.executor.close_failed(processid=process.processid, errors=("bad",))
        assert heard.result().process.processid == process.processid
        assert heard.result().process.state is ProcessState.FAILED


async def test_a_state_that_is_reached_already_is_heard_at_once_also_after_a_renewal(colony: Colony) -> None:
    process = await colony.submit()
    story: list[ColoniesError | None] = []
    request = SubscribeProcess(processid=process.processid, state=ProcessState.WAITING, timeout=1)
    async with colony.operator.subscribe(request, on_state=lambda _, error: story.append(error)) as subscription:
        for _ in range(2):
            assert (await anext(subscription)).process.processid == process.processid
    assert story == [None]


async def test_an_executor_hears_of_all_processes_of_a_type(colony: Colony) -> None:
    up = asyncio.Event()
    request = SubscribeProcesses(colonyname=colony.name, executortype="cli", state=ProcessState.CANCELLED, timeout=60)
    async with colony.executor.subscribe(request, on_state=lambda is_up, _: up.set()) as subscription:
        async with asyncio.TaskGroup() as group:
            heard = group.create_task(anext(subscription))
            await up.wait()
            cancelled = set()
            while not heard.done():  # nothing tells when the server has taken the subscription
                process = await colony.submit()
                await colony.operator.cancel_process(processid=process.processid)
                cancelled.add(process.processid)
        assert heard.result().process.processid in cancelled


async def test_a_subscription_to_an_unknown_process_is_refused(colony: Colony) -> None:
    request = SubscribeProcess(processid=random_id(), state=ProcessState.SUCCESS, timeout=60)
    async with colony.operator.subscribe(request) as subscription:
        with pytest.raises(NotAllowed):
            await anext(subscription)


async def test_a_server_that_stops_and_comes_back_needs_no_new_client() -> None:
    settings = ServerSettings()
    async with running_server(settings) as first:
        address: ServerAddress = first.address
        client = ColoniesClient(address, first.identities.keyring, limits=TimeLimits(connect=2.0))
        await client.get_version()
    async with client:
        with pytest.raises(NotReached, match="nothing listens"):
            await client.get_version()
        async with running_server(settings, port=address.port):
            assert isinstance(await client.get_version(), Version)


async def test_bursts_and_trickles_lose_no_request(colony: Colony) -> None:
    async def trickle() -> None:
        for _ in range(60):
            await colony.submit("trickle")

    for _ in range(3):
        await asyncio.gather(*(colony.submit("burst") for _ in range(80)), trickle())
    counters = await colony.operator.get_colony_statistics(colonyname=colony.name)
    assert counters.waitingprocesses == 3 * (80 + 60)
