"""Who gets which process, and when (§ Queue order and matching)."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import pytest

from colonies_tui.localserver.records.process import ProcessRecord
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import NotAllowed, NothingAssigned, Refused
from colonies_tui.protocol.messages.colony import GetPauseStatus, PauseAssignments, ResumeAssignments
from colonies_tui.protocol.messages.executor import ApproveExecutor, RejectExecutor
from colonies_tui.protocol.messages.process import CancelProcess
from colonies_tui.protocol.models.process import Process
from colonies_tui.protocol.states import ProcessState
from tests.localserver.harness import COLONY, Harness, until

DAY_NANOSECONDS = 24 * 3600 * 1_000_000_000


async def test_priority_first_then_age(bench: Harness) -> None:
    key = await bench.register("worker")
    labels = {"low": -1, "first": 0, "second": 0, "urgent": 2, "high": 1}
    for label, priority in labels.items():
        process = await bench.submit(label=label, priority=priority)
        assert process.submissiontime is not None
        assert process.prioritytime == pytest.approx(
            process.submissiontime.timestamp() * 1e9 - priority * DAY_NANOSECONDS, abs=1e4
        )
    assert [(await bench.assign(key)).spec.label for _ in labels] == ["urgent", "high", "first", "second", "low"]


async def test_a_step_of_priority_is_worth_a_day(bench: Harness) -> None:
    key = await bench.register("worker")
    await bench.submit(label="old")
    bench.clock.jump(25 * 3600)
    await bench.submit(label="new but urgent", priority=1)
    assert (await bench.assign(key)).spec.label == "old"


@pytest.mark.parametrize(
    ("conditions", "offer", "expected"),
    [
        ({}, {}, True),
        ({"executortype": "other"}, {}, False),
        ({"executornames": ["worker", "else"]}, {}, True),
        ({"executornames": ["else"]}, {}, False),
        ({"executornames": ["*"]}, {}, True),
        ({"cpu": "1000m"}, {}, True),
        ({"cpu": "1000m"}, {"availablecpu": "1000m"}, True),
        ({"cpu": "1001m"}, {"availablecpu": "1000m"}, False),
        ({"cpu": "1000m"}, {"availablecpu": "lots"}, False),
        ({"mem": "1Gi"}, {"availablemem": "1Gi"}, True),
        ({"mem": "1Gi"}, {"availablemem": "1000Mi"}, False),
        ({"storage": "1Gi"}, {}, True),
        ({"nodes": 127, "processes": 127, "processespernode": 127}, {}, True),
        ({"nodes": 128}, {}, False),
        ({"processes": 128}, {}, False),
        ({"processespernode": 128}, {}, False),
        ({"locationname": "RACK-2"}, {}, True),
        ({"locationname": "rack-3"}, {}, False),
        ({"walltime": 999999, "gpu": {"name": "g", "count": 9, "mem": "1Gi"}}, {}, True),
    ],
)
async def test_conditions(bench: Harness, conditions: dict[str, Any], offer: dict[str, Any], expected: bool) -> None:
    key = await bench.register("worker", locationname="rack-2")
    submitted = await bench.submit(conditions=conditions)
    if expected:
        assert (await bench.assign(key, **offer)).processid == submitted.processid
    else:
        with pytest.raises(NothingAssigned, match="No process available for assignment"):
            await bench.assign(key, **offer)


@pytest.mark.parametrize("conditions", [{"storage": "1Gi"}, {"executornames": ["*"]}])
async def test_what_a_real_server_never_assigns(quirky: Harness, conditions: dict[str, Any]) -> None:
    key = await quirky.register("worker")
    await quirky.submit(conditions=conditions)
    with pytest.raises(NothingAssigned):
        await quirky.assign(key)


async def test_the_first_that_fits_is_taken_even_if_another_stands_before_it(bench: Harness) -> None:
    key = await bench.register("small")
    await bench.submit(label="big", conditions={"mem": "8Gi"})
    await bench.submit(label="small", conditions={"mem": "1Gi"})
    assert (await bench.assign(key, availablemem="2Gi")).spec.label == "small"


async def test_sizes_are_read_back_normalised(bench: Harness) -> None:
    conditions = (await bench.submit(conditions={"cpu": "500m", "mem": "1Gi", "storage": "2048Ki"})).spec.conditions
    assert (conditions.cpu, conditions.mem, conditions.storage) == ("500m", "1024Mi", "2Mi")


@pytest.mark.parametrize("conditions", [{"mem": "lots"}, {"mem": "12"}, {"storage": "1Ti"}, {"cpu": "xm"}])
async def test_sizes_that_cannot_be_read_are_refused(bench: Harness, conditions: dict[str, str]) -> None:
    spec = {"conditions": {"colonyname": COLONY, "executortype": "cli", **conditions}}
    response = await bench.post("submitfuncspecmsg", {"msgtype": "submitfuncspecmsg", "spec": spec}, bench.user_key)
    assert response.status_code == 400


async def test_a_timeout_of_zero_is_refused(bench: Harness) -> None:
    key = await bench.register("worker")
    with pytest.raises(Refused, match="timeout cannot be zero"):
        await bench.assign(key, timeout=0)


async def test_a_long_poll_gets_what_comes_and_nothing_after_its_time(bench: Harness) -> None:
    key = await bench.register("worker")
    poll = await bench.polling(key, timeout=10)
    submitted = await bench.submit()
    assert (await poll).processid == submitted.processid
    poll = await bench.polling(key, timeout=10)
    bench.clock.advance(9.9)
    assert bench.server.queue.waiting_executors == 1
    bench.clock.advance(0.1)
    with pytest.raises(NothingAssigned):
        await poll
    assert bench.server.queue.waiting_executors == 0


async def test_the_executor_that_waited_longest_gets_it(bench: Harness) -> None:
    keys = [await bench.register(f"worker-{number}") for number in range(4)]
    polls = [await bench.polling(key) for key in keys]
    for key, poll in zip(keys, polls, strict=True):
        await bench.submit()
        assert (await poll).assignedexecutorid == key.identity


async def test_one_that_may_not_take_it_does_not_keep_it_from_others(bench: Harness) -> None:
    first, second = await bench.register("first"), await bench.register("second")
    first_poll, second_poll = await bench.polling(first), await bench.polling(second)
    only_second = await bench.submit(conditions={"executornames": ["second"]})
    assert (await second_poll).processid == only_second.processid
    for_anybody = await bench.submit()
    assert (await first_poll).processid == for_anybody.processid


async def test_a_process_that_comes_back_wakes_an_executor(bench: Harness) -> None:
    first, second = await bench.register("first"), await bench.register("second")
    submitted = await bench.submit(maxexectime=5, maxretries=1)
    await bench.assign(first)
    poll = await bench.polling(second)
    bench.clock.advance(6)
    taken = await poll
    assert (taken.processid, taken.retries) == (submitted.processid, 1)


async def test_an_executor_that_went_away_loses_nothing(bench: Harness) -> None:
    gone, there = await bench.register("gone"), await bench.register("there")
    poll = await bench.polling(gone)
    poll.cancel()
    with suppress(asyncio.CancelledError):
        await poll
    await until(lambda: bench.server.queue.waiting_executors == 0)
    submitted = await bench.submit()
    assert (await bench.process(submitted.processid)).state == ProcessState.WAITING
    assert (await bench.assign(there)).processid == submitted.processid


async def test_what_was_handed_to_an_executor_in_the_moment_it_left_goes_to_the_next(bench: Harness) -> None:
    leaving, there = await bench.register("leaving"), await bench.register("there")
    leaving_poll, poll = await bench.polling(leaving), await bench.polling(there)

    def leave(process: ProcessRecord) -> None:
        leaving_poll.cancel()

    # It leaves after the server has handed the process over, and before the poll itself has run again.
    bench.server.lifecycle.on_waiting.append(leave)
    submitted = await bench.submit()
    taken = await poll
    assert (taken.processid, taken.assignedexecutorid, taken.retries) == (submitted.processid, there.identity, 0)


async def test_an_executor_that_is_rejected_while_it_waits_is_refused(bench: Harness) -> None:
    key = await bench.register("worker")
    poll = await bench.polling(key, timeout=10)
    await bench.send(RejectExecutor(colonyname=COLONY, executorname="worker"), bench.colony_key)
    bench.clock.advance(10)
    with pytest.raises((NotAllowed, NothingAssigned)):
        await poll


async def test_nobody_who_may_not_work_is_handed_a_process_while_it_waits(bench: Harness) -> None:
    key = await bench.register("worker")
    poll = await bench.polling(key, timeout=10)
    await bench.send(RejectExecutor(colonyname=COLONY, executorname="worker"), bench.colony_key)
    submitted = await bench.submit()
    assert (await bench.process(submitted.processid)).state == ProcessState.WAITING
    bench.clock.advance(10)
    with pytest.raises(NotAllowed):
        await poll
    await bench.send(ApproveExecutor(colonyname=COLONY, executorname="worker"), bench.colony_key)
    assert (await bench.assign(key)).processid == submitted.processid


async def test_a_pause_holds_everything_back_and_a_resume_lets_it_go(bench: Harness) -> None:
    key = await bench.register("worker")
    await bench.send(PauseAssignments(colonyname=COLONY), bench.colony_key)
    assert (await bench.send(GetPauseStatus(colonyname=COLONY))).ispaused
    submitted = await bench.submit()
    with pytest.raises(NothingAssigned, match="503: No processes available: colony assignments are paused"):
        await bench.assign(key)
    poll = await bench.polling(key, timeout=10)
    bench.clock.advance(10)
    with pytest.raises(NothingAssigned, match="408: Assignment timeout: colony assignments are paused"):
        await poll
    poll = await bench.polling(key, timeout=10)
    await bench.send(ResumeAssignments(colonyname=COLONY), bench.colony_key)
    assert (await poll).processid == submitted.processid
    assert not (await bench.send(GetPauseStatus(colonyname=COLONY))).ispaused


async def test_a_pause_leaves_running_processes_alone(bench: Harness) -> None:
    key = await bench.register("worker")
    await bench.submit()
    running = await bench.assign(key)
    await bench.send(PauseAssignments(colonyname=COLONY), bench.colony_key)
    await bench.succeed(running, key)
    assert (await bench.process(running.processid)).state == ProcessState.SUCCESS


async def test_stopping_answers_everybody_who_waits(bench: Harness) -> None:
    polls = [await bench.polling(await bench.register(f"worker-{number}")) for number in range(3)]
    bench.server.release()
    for poll in polls:
        with pytest.raises(NothingAssigned):
            await poll


async def test_racing_executors_never_share_a_process(bench: Harness) -> None:
    """The whole race in one loop turn after another: every executor polls, cancels and dropped polls in between."""
    keys = [await bench.register(f"worker-{number}") for number in range(8)]
    taken: list[str] = []

    async def work(key: PrivateKey) -> None:
        with suppress(NothingAssigned):
            while True:
                process = await bench.assign(key, timeout=5)
                taken.append(process.processid)
                await bench.succeed(process, key)

    async with asyncio.TaskGroup() as tasks:
        for key in keys:
            tasks.create_task(work(key))
        submitted: list[Process] = [await bench.submit(priority=number % 3) for number in range(60)]
        for process in submitted[::10]:
            with suppress(Refused):
                await bench.send(CancelProcess(processid=process.processid))
        await until(lambda: bench.server.queue.waiting_executors == len(keys))
        bench.clock.advance(5)
    assert len(taken) == len(set(taken))
    states = [(await bench.process(process.processid)).state for process in submitted]
    assert set(states) <= {ProcessState.SUCCESS, ProcessState.CANCELLED}
    assert states.count(ProcessState.SUCCESS) <= len(taken)
