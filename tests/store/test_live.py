"""A session on the local server, over real connections."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from colonies_tui.client.exchange import Exchange
from colonies_tui.localserver.embedded import RunningServer, running_server
from colonies_tui.localserver.settings import ServerSettings
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import KeyMissing, NotAllowed
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.messages.executor import ApproveExecutor
from colonies_tui.protocol.models.log import Log
from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.states import ExecutorState, ProcessState
from colonies_tui.store.actions import Outcome, approve_executor, cancel_process, reject_executor, remove_process
from colonies_tui.store.executor_condition import ExecutorCondition
from colonies_tui.store.freshness import Condition
from colonies_tui.store.link import LinkCondition
from colonies_tui.store.log_tail import LogBatch
from colonies_tui.store.session import Session

from .live import SLOW, Colony, colony_at, watched

WAITING, RUNNING, SUCCESS, FAILED, CANCELLED = ProcessState


@pytest.fixture
async def server() -> AsyncIterator[RunningServer]:
    async with running_server(ServerSettings()) as running:
        yield running


@pytest.fixture
async def colony(server: RunningServer) -> AsyncIterator[Colony]:
    async with colony_at(server) as colony:
        await colony.register("worker")
        yield colony


async def test_everything_is_loaded_at_once(colony: Colony) -> None:
    await colony.register("newcomer", approve=False)
    await colony.submit()
    await colony.submit()
    running = await colony.assign()
    async with watched(colony.server.address, colony.name, colony.keys, pace=SLOW) as console:
        session = console.session
        await console.until_loaded()
        others = (session.users, session.colonies, session.pause, session.version)
        await console.until(lambda: all(resource.freshness.can_show_rows for resource in others))
        assert session.processes.snapshot() == await colony.rows()
        assert set(session.executors.rows) == {"worker", "newcomer"}
        assert set(session.users.rows) == {"operator"}
        assert set(session.colonies.rows) == {colony.name}
        assert (session.total(WAITING), session.total(RUNNING), session.total(SUCCESS)) == (1, 1, 0)
        assert not session.is_paused
        assert session.observers_apart
        assert session.executor_name(running.assignedexecutorid) == "worker"
        assert [session.executor_condition(row) for _, row in sorted(session.executors.rows.items())] == [
            ExecutorCondition.PENDING,
            ExecutorCondition.APPROVED,
        ]
        (queue,) = session.queues()
        assert (queue.executortype, queue.waiting, queue.running, queue.is_cut) == ("cli", 1, 1, False)
        await console.until_live()


@pytest.mark.parametrize("approves", [True, False], ids=["approve", "reject"])
async def test_a_decision_about_an_executor_shows_within_a_second(colony: Colony, approves: bool) -> None:
    names = [f"newcomer {number}" for number in range(5)]
    for name in names:
        await colony.register(name, approve=False)
    async with watched(colony.server.address, colony.name, colony.keys, pace=SLOW) as console:
        await console.until_loaded()
        session = console.session
        decided = ExecutorState.APPROVED if approves else ExecutorState.REJECTED
        took: list[float] = []
        for name in names:
            pending = session.executors.rows[name]
            assert pending.state is ExecutorState.PENDING
            start = time.monotonic()
            result = await session.actor.carry_out((approve_executor if approves else reject_executor)(pending))
            assert result.outcome is Outcome.DONE
            await console.until(partial(_is_in_state, session, name, decided))
            took.append(time.monotonic() - start)
        assert [entry["outcome"] for entry in console.journal.entries] == ["asked", "done"] * len(names)
        assert min(took) < 1.0  # the machine may be busy with other tests; the interval is a minute


def _is_in_state(session: Session, name: str, state: ExecutorState) -> bool:
    return session.executors.rows[name].state is state


async def test_an_executor_registered_anew_under_the_name_is_not_approved() -> None:
    async with (
        running_server(ServerSettings(allow_reregister=True)) as server,
        colony_at(server) as colony,
        watched(server.address, colony.name, colony.keys, pace=SLOW) as console,
    ):
        await console.until_loaded()
        session = console.session
        await colony.register("newcomer", approve=False)
        session.schedule.urge("executors")
        await console.until(lambda: "newcomer" in session.executors.rows)
        seen = session.executors.rows["newcomer"]
        await colony.executors["newcomer"].aclose()
        await colony.register("newcomer", approve=False)
        result = await session.actor.carry_out(approve_executor(seen))
        assert result.outcome is Outcome.REFUSED
        await console.until(lambda: session.executors.rows["newcomer"].executorid != seen.executorid)
        assert session.executors.rows["newcomer"].state is ExecutorState.PENDING


async def test_actions_on_processes_show_at_once(colony: Colony) -> None:
    process = await colony.submit()
    async with watched(colony.server.address, colony.name, colony.keys, pace=SLOW) as console:
        await console.until_loaded()
        session = console.session
        result = await session.actor.carry_out(cancel_process(console.row(process)))
        assert result.outcome is Outcome.DONE
        await console.until(lambda: console.row(process).state is CANCELLED)
        await session.actor.carry_out(remove_process(console.row(process)))
        await console.until(lambda: process.processid not in session.processes.rows)
        again = await session.actor.carry_out(remove_process(ProcessRow.of(process)))
        assert again.outcome is Outcome.REFUSED
        assert "the server says" in again.words


async def test_every_change_of_state_arrives_over_the_websocket_while_polling_sleeps(colony: Colony) -> None:
    async with watched(colony.server.address, colony.name, colony.keys, pace=SLOW) as console:
        await console.until_loaded()
        await console.until_live()

        succeeds = await colony.submit()
        await console.until_state(succeeds, WAITING)
        await colony.assign()
        row = await console.until_state(succeeds, RUNNING)
        assert console.session.executor_name(row.assignedexecutorid) == "worker"
        await colony.executors["worker"].close_successful(processid=succeeds.processid, out=(1,))
        await console.until_state(succeeds, SUCCESS)
        await console.until(lambda: console.row(succeeds).endtime is not None)

        fails = await colony.submit()
        await colony.assign()
        await console.until_state(fails, RUNNING)
        await colony.executors["worker"].close_failed(processid=fails.processid, errors=("it broke",))
        await console.until_state(fails, FAILED)
        await console.until(lambda: console.row(fails).error == "it broke")

        is_cancelled = await colony.submit()
        await console.until_state(is_cancelled, WAITING)
        await colony.operator.cancel_process(processid=is_cancelled.processid)
        await console.until_state(is_cancelled, CANCELLED)

        is_stopped = await colony.submit()
        await colony.assign()
        await console.until_state(is_stopped, RUNNING)
        await colony.operator.cancel_process(processid=is_stopped.processid)
        await console.until_state(is_stopped, CANCELLED)

        times_out = await colony.submit(maxexectime=1, maxretries=1)
        await colony.assign()
        await console.until_state(times_out, RUNNING)
        await console.until_state(times_out, WAITING, retries=1)
        await colony.assign()
        await console.until_state(times_out, RUNNING, retries=1)
        await console.until_state(times_out, FAILED, retries=1)

        theirs = await colony.rows()
        await console.until(lambda: console.session.processes.snapshot() == theirs)


async def test_an_open_process_is_kept_in_full(colony: Colony) -> None:
    process = await colony.submit()
    async with watched(colony.server.address, colony.name, colony.keys, pace=SLOW) as console:
        session = console.session
        await console.until_live()
        session.open_process(process.processid)
        session.open_process(process.processid)
        await console.until(lambda: process.processid in session.open_processes.rows)
        await colony.assign()
        await colony.executors["worker"].close_successful(processid=process.processid, out=("result",))
        await console.until(lambda: session.open_processes.rows[process.processid].out == ("result",))
        session.close_process(process.processid)
        assert process.processid in session.open_processes.rows
        session.close_process(process.processid)
        assert process.processid not in session.open_processes.rows


async def test_a_log_is_followed_to_its_end(colony: Colony) -> None:
    process = await colony.submit()
    await colony.assign()
    worker = colony.executors["worker"]
    lines: list[Log] = []
    ended = asyncio.Event()
    heard = asyncio.Event()

    def on_batch(batch: LogBatch) -> None:
        lines.extend(batch.rows)
        heard.set()

    def on_change() -> None:
        if tail.has_ended:
            ended.set()

    async with watched(colony.server.address, colony.name, colony.keys) as console:
        await console.until_live()
        tail = console.session.tail(processid=process.processid, on_batch=on_batch, on_change=on_change)
        for number in range(3):
            heard.clear()
            await worker.add_log(processid=process.processid, message=f"line {number}")
            async with asyncio.timeout(10):
                await heard.wait()
        await worker.close_successful(processid=process.processid)
        async with asyncio.timeout(10):
            await ended.wait()
        assert [row.message for row in lines] == ["line 0", "line 1", "line 2"]
        console.session.stop_tail(tail)
        assert tail.feed.name not in console.session.schedule.feeds


async def test_a_server_that_goes_and_comes_back(tmp_path: Path) -> None:
    settings = ServerSettings(data=str(tmp_path / "data"))
    pace = replace(SLOW, statistics=replace(SLOW.statistics, unseen=0.2, seen=0.2))
    async with AsyncExitStack() as life, AsyncExitStack() as next_life:  # the session ends before the second server
        server = await life.enter_async_context(running_server(settings))
        async with colony_at(server) as colony:
            await colony.register("worker")
            stays, goes = await colony.submit(), await colony.submit()
        async with watched(server.address, colony.name, colony.keys, pace=pace) as console:
            session = console.session
            await console.until_loaded()
            await console.until_live()
            before = session.processes.snapshot()
            await life.aclose()
            await console.until(lambda: session.link.condition is LinkCondition.LOST)
            assert session.processes.snapshot() == before
            assert session.processes.freshness.condition is Condition.STALE
            assert session.executors.freshness.condition is Condition.STALE
            assert all(freshness.condition is Condition.STALE for freshness in session.process_lists.values())
            assert session.link.error is not None
            assert session.link.retry_at is not None
            assert session.actor.why_not(ApproveExecutor) == "the server does not answer"

            again = await next_life.enter_async_context(running_server(settings, port=server.address.port))
            async with colony_at(again) as colony:
                await colony.operator.cancel_process(processid=goes.processid)
                comes = await colony.submit()
                await console.until(lambda: session.link.is_up)
                await console.until_state(goes, CANCELLED)
                await console.until_state(comes, WAITING)
                await console.until_state(stays, WAITING)
                theirs = await colony.rows()
                await console.until(lambda: session.processes.snapshot() == theirs)
                await console.until(lambda: session.executors.freshness.condition is Condition.FRESH)
                assert session.actor.why_not(ApproveExecutor) is None
                await console.until_live()
                later = await colony.submit()
                await console.until_state(later, WAITING)


async def test_a_console_that_starts_before_the_server(tmp_path: Path) -> None:
    settings = ServerSettings(data=str(tmp_path / "data"))
    async with running_server(settings) as server:
        address, identities = server.address, server.identities
    async with AsyncExitStack() as life, watched(address, identities.colony_name, identities.keyring) as console:
        session = console.session
        await console.until(lambda: session.link.condition is LinkCondition.LOST)
        assert session.statistics.freshness.condition is Condition.FAILED
        assert session.processes.freshness.condition is Condition.FAILED
        await life.enter_async_context(running_server(settings, port=address.port))
        await console.until_loaded()
        assert session.link.is_up


async def test_a_wrong_key_is_forbidden_and_not_empty(colony: Colony) -> None:
    await colony.submit()
    async with watched(colony.server.address, colony.name, Keyring(member=PrivateKey.new())) as console:
        session = console.session
        resources = (session.statistics, session.executors, session.processes, session.functions, session.pause)
        await console.until(lambda: all(r.freshness.condition is Condition.FORBIDDEN for r in resources))
        await console.until(lambda: all(f.condition is Condition.FORBIDDEN for f in session.process_lists.values()))
        assert all(isinstance(resource.freshness.error, NotAllowed) for resource in resources)
        assert all(len(resource) == 0 for resource in resources)
        await console.until(lambda: session.version.freshness.condition is Condition.FRESH)
        assert session.link.condition is LinkCondition.POLLING


async def test_without_a_member_key_the_server_is_known_to_answer_and_all_else_is_forbidden(colony: Colony) -> None:
    keys = Keyring(server=colony.keys.server)
    async with watched(colony.server.address, colony.name, keys) as console:
        session = console.session
        await console.until(lambda: session.link.condition is LinkCondition.POLLING)
        await console.until(lambda: session.executors.freshness.condition is Condition.FORBIDDEN)
        assert isinstance(session.executors.freshness.error, KeyMissing)
        await console.until(lambda: session.colonies.freshness.condition is Condition.FRESH)
        assert set(session.colonies.rows) == {colony.name}


async def test_without_a_member_key_a_dead_server_is_lost() -> None:
    async with running_server(ServerSettings()) as server:
        keys = Keyring(colony=server.identities.colony_key)
    async with watched(server.address, server.identities.colony_name, keys) as console:
        ups: list[LinkCondition] = []

        def is_lost() -> bool:
            ups.append(console.session.link.condition)
            return console.session.link.condition is LinkCondition.LOST

        await console.until(is_lost)
        assert not {LinkCondition.LIVE, LinkCondition.POLLING} & set(ups)


async def test_a_read_only_session_changes_nothing(colony: Colony) -> None:
    process = await colony.submit()
    async with watched(colony.server.address, colony.name, colony.keys, pace=SLOW, is_read_only=True) as console:
        await console.until_loaded()
        sent: list[Exchange] = []
        console.session.client.on_exchange = sent.append
        result = await console.session.actor.carry_out(cancel_process(console.row(process)))
        assert result.outcome is Outcome.REFUSED
        assert "read-only" in result.words
        assert "cancelprocessmsg" not in {exchange.msgtype for exchange in sent}
        assert (await colony.operator.get_process(processid=process.processid)).state is WAITING


async def test_a_closed_session_leaves_no_task_and_no_connection_behind(colony: Colony) -> None:
    process = await colony.submit()
    before = asyncio.all_tasks()
    async with watched(colony.server.address, colony.name, colony.keys) as console:
        await console.until_live()
        session = console.session
        session.open_process(process.processid)
        session.tail(processid=process.processid, on_batch=lambda batch: None)
        await console.until(lambda: process.processid in session.open_processes.rows)
        assert {task.get_name() for task in asyncio.all_tasks()} >= {"schedule", "taps"}
    left = asyncio.all_tasks() - before
    if left:  # the server's side of the connections ends a moment later
        _, left = await asyncio.wait(left, timeout=10)
    assert left == set()
    assert not session.actor.why_not(ApproveExecutor)
    result = await session.actor.carry_out(cancel_process(console.row(process)))
    assert result.outcome is Outcome.NOT_SENT


async def test_requests_stay_within_the_bound(colony: Colony) -> None:
    async with watched(colony.server.address, colony.name, colony.keys) as console:
        sent: list[float] = []
        console.session.client.on_exchange = lambda exchange: sent.append(time.monotonic())
        await console.until_live()
        for _ in range(30):
            process = await colony.submit()
        await console.until_state(process, WAITING)
        await console.until(lambda: console.session.total(WAITING) == 30)
        bound = console.session.pace.requests_per_second
        for start in sent:
            # A full bucket may be spent at once, and a read that is under way may overdraw it by its own requests.
            assert sum(start <= at < start + 1 for at in sent) <= 2 * bound + 10
