"""Deadlines, retries, cancel, removal, stale executors and retention, on a clock that tests move."""

from __future__ import annotations

import pytest

from colonies_tui.protocol.errors import NotAllowed, NotFound, NothingAssigned, Refused
from colonies_tui.protocol.messages.executor import AddFunction, GetFunctions, RemoveExecutor
from colonies_tui.protocol.messages.log import AddExecutorLog, AddLog, GetLogs
from colonies_tui.protocol.messages.process import (
    AddAttribute,
    CancelProcess,
    CloseSuccessful,
    GetAttribute,
    GetProcesses,
    RemoveProcess,
    SetOutput,
)
from colonies_tui.protocol.models.executor import Function
from colonies_tui.protocol.models.process import Attribute
from colonies_tui.protocol.states import AttributeType, ExecutorState, ProcessState
from tests.localserver.harness import COLONY, Harness, harness


async def test_a_life_from_submission_to_success(bench: Harness) -> None:
    key = await bench.register("worker")
    submitted = await bench.submit(maxwaittime=100, maxexectime=10, env={"A": "b"}, args=["å", None, {"x": [1.5]}])
    assert (submitted.state, submitted.isassigned, submitted.starttime) == (ProcessState.WAITING, False, None)
    assert submitted.initiatorname == "operator"
    assert submitted.submissiontime is not None
    assert submitted.waitdeadline is not None
    assert (submitted.waitdeadline - submitted.submissiontime).total_seconds() == 100

    bench.clock.advance(3)
    running = await bench.assign(key)
    assert running.processid == submitted.processid
    assert (running.state, running.isassigned, running.assignedexecutorid) == (1, True, key.identity)
    assert running.starttime is not None
    assert running.execdeadline is not None
    assert (running.starttime - submitted.submissiontime).total_seconds() == pytest.approx(3, abs=1e-5)
    assert (running.execdeadline - running.starttime).total_seconds() == 10

    await bench.send(SetOutput(processid=running.processid, out=("half",)), key)
    bench.clock.advance(4)
    await bench.succeed(running, key, "whole", 1)
    ended = await bench.process(running.processid)
    assert (ended.state, ended.out, ended.errors) == (ProcessState.SUCCESS, ("whole", 1), ())
    assert ended.endtime is not None
    assert (ended.endtime - running.starttime).total_seconds() == 4
    assert ended.assignedexecutorid == key.identity
    assert ended.spec.args == ("å", None, {"x": [1.5]})
    assert [(a.key, a.value, a.attributetype, a.state) for a in ended.attributes] == [
        ("A", "b", AttributeType.ENV, ProcessState.SUCCESS)
    ]


async def test_closing_without_output_keeps_what_was_set(bench: Harness) -> None:
    key = await bench.register("worker")
    await bench.submit()
    running = await bench.assign(key)
    await bench.send(SetOutput(processid=running.processid, out=("kept",)), key)
    await bench.send(SetOutput(processid=running.processid, out=()), key)
    await bench.succeed(running, key)
    assert (await bench.process(running.processid)).out == ("kept",)


async def test_closing_a_success_again_overwrites_the_output(bench: Harness) -> None:
    key = await bench.register("worker")
    await bench.submit()
    running = await bench.assign(key)
    await bench.succeed(running, key, "first")
    await bench.succeed(running, key, "second")
    assert (await bench.process(running.processid)).out == ("second",)


async def test_a_failure_is_final(bench: Harness) -> None:
    key = await bench.register("worker")
    await bench.submit(maxretries=5)
    running = await bench.assign(key)
    await bench.fail(running, key, "it broke", "Traceback …")
    failed = await bench.process(running.processid)
    assert (failed.state, failed.errors, failed.retries) == (ProcessState.FAILED, ("it broke", "Traceback …"), 0)
    with pytest.raises(Refused, match="Tried to set failed process as successful"):
        await bench.succeed(running, key)
    with pytest.raises(NothingAssigned):
        await bench.assign(key)


async def test_execution_timeouts_requeue_until_the_retries_are_used_up(bench: Harness) -> None:
    key = await bench.register("worker")
    submitted = await bench.submit(maxexectime=10, maxretries=2)
    for retry in range(3):
        running = await bench.assign(key)
        assert running.retries == retry
        await bench.advance(9)
        assert (await bench.process(running.processid)).state == ProcessState.RUNNING
        await bench.advance(2)
        after = await bench.process(running.processid)
        if retry < 2:
            assert (after.state, after.isassigned, after.assignedexecutorid) == (ProcessState.WAITING, False, "")
            assert after.prioritytime == submitted.prioritytime
            assert after.submissiontime == submitted.submissiontime
            assert after.starttime == running.starttime
            assert after.endtime is not None
            assert after.execdeadline is None
    assert (after.state, after.retries) == (ProcessState.FAILED, 2)
    assert after.errors == ("Maximum execution time limit exceeded",)
    assert after.isassigned


async def test_unlimited_retries_requeue_for_ever(bench: Harness) -> None:
    key = await bench.register("worker")
    await bench.submit(maxexectime=1, maxretries=-1)
    for retry in range(20):
        running = await bench.assign(key)
        assert running.retries == retry
        await bench.advance(2)


async def test_a_close_after_a_requeue_is_refused(bench: Harness) -> None:
    key = await bench.register("worker")
    await bench.submit(maxexectime=1, maxretries=1)
    running = await bench.assign(key)
    await bench.advance(2)
    with pytest.raises(NotAllowed, match="process is not assigned"):
        await bench.succeed(running, key)
    with pytest.raises(NotAllowed, match="not running"):
        await bench.send(AddLog(processid=running.processid, message="late"), key)


async def test_waiting_too_long_fails(bench: Harness) -> None:
    short = await bench.submit(maxwaittime=5)
    patient = await bench.submit(maxwaittime=-1)
    await bench.advance(4)
    assert (await bench.process(short.processid)).state == ProcessState.WAITING
    await bench.advance(2)
    failed = await bench.process(short.processid)
    assert (failed.state, failed.errors) == (ProcessState.FAILED, ("Maximum waiting time limit exceeded",))
    assert failed.endtime is not None
    bench.clock.jump(100_000)
    assert (await bench.process(patient.processid)).state == ProcessState.WAITING


async def test_a_requeue_renews_the_wait_deadline(bench: Harness) -> None:
    key = await bench.register("worker")
    await bench.submit(maxwaittime=10, maxexectime=5, maxretries=1)
    await bench.advance(8)
    running = await bench.assign(key)
    await bench.advance(6)
    requeued = await bench.process(running.processid)
    assert requeued.state == ProcessState.WAITING
    await bench.advance(8)
    assert (await bench.process(running.processid)).state == ProcessState.WAITING
    await bench.advance(3)
    assert (await bench.process(running.processid)).state == ProcessState.FAILED


@pytest.mark.parametrize("sent", [{"maxexectime": 0}, {}, {"maxexectime": -7}], ids=["0", "missing", "-7"])
async def test_no_execution_limit_where_none_was_meant(bench: Harness, sent: dict[str, int]) -> None:
    await _submit_raw(bench, **sent)
    running = await bench.assign(await bench.register("worker"))
    assert running.spec.maxexectime == -1
    await bench.advance(500)
    assert (await bench.process(running.processid)).state == ProcessState.RUNNING


@pytest.mark.parametrize("sent", [{"maxexectime": 0}, {}, {"maxexectime": -7}], ids=["0", "missing", "-7"])
async def test_a_real_server_times_those_out_at_once(quirky: Harness, sent: dict[str, int]) -> None:
    await _submit_raw(quirky, **sent)
    running = await quirky.assign(await quirky.register("worker"))
    assert running.spec.maxexectime == sent.get("maxexectime", 0)
    await quirky.advance(1)
    assert (await quirky.process(running.processid)).state == ProcessState.FAILED


async def _submit_raw(bench: Harness, **spec: int) -> None:
    conditions = {"colonyname": COLONY, "executortype": "cli"}
    payload = {"msgtype": "submitfuncspecmsg", "spec": {**spec, "funcname": "f", "conditions": conditions}}
    assert (await bench.post("submitfuncspecmsg", payload, bench.user_key)).status_code == 200


async def test_cancel_reaches_waiting_and_running_but_not_finished(bench: Harness) -> None:
    key = await bench.register("worker")
    waiting, other = await bench.submit(priority=-1), await bench.submit()
    running = await bench.assign(key)
    assert running.processid == other.processid
    for process in (waiting, running):
        await bench.send(CancelProcess(processid=process.processid))
        cancelled = await bench.process(process.processid)
        assert cancelled.state == ProcessState.CANCELLED
        assert cancelled.endtime is not None
    assert (await bench.process(running.processid)).assignedexecutorid == key.identity
    with pytest.raises(Refused, match="already cancelled"):
        await bench.send(CancelProcess(processid=waiting.processid))
    with pytest.raises(Refused, match="Tried to set cancelled process as successful"):
        await bench.succeed(running, key)
    with pytest.raises(NothingAssigned):
        await bench.assign(key)


async def test_removing_an_executor_requeues_its_work_and_deletes_its_functions(bench: Harness) -> None:
    key = await bench.register("worker")
    other = await bench.register("other")
    await bench.send(AddFunction(fun=Function(executorname="worker", colonyname=COLONY, funcname="echo")), key)
    await bench.submit(maxretries=3)
    running = await bench.assign(key)
    poll = await bench.polling(other)
    await bench.send(RemoveExecutor(colonyname=COLONY, executorname="worker"), bench.colony_key)
    taken = await poll
    assert (taken.processid, taken.assignedexecutorid, taken.retries) == (running.processid, other.identity, 0)
    assert (await bench.executor("worker")).state == ExecutorState.UNREGISTERED
    assert await bench.send(GetFunctions(colonyname=COLONY)) == ()
    with pytest.raises(NotAllowed):
        await bench.assign(key)
    with pytest.raises(NotAllowed):
        await bench.send(CloseSuccessful(processid=running.processid), key)


async def test_on_a_real_server_idle_executors_hear_of_a_removal_at_their_next_poll(quirky: Harness) -> None:
    key, other = await quirky.register("worker"), await quirky.register("other")
    await quirky.submit(maxexectime=-1)
    running = await quirky.assign(key)
    poll = await quirky.polling(other, timeout=10)
    await quirky.send(RemoveExecutor(colonyname=COLONY, executorname="worker"), quirky.colony_key)
    requeued = await quirky.process(running.processid)
    assert (requeued.state, requeued.starttime, requeued.endtime) == (ProcessState.WAITING, None, None)
    assert not poll.done()
    quirky.clock.advance(10)
    assert (await poll).processid == running.processid


async def test_an_executor_that_asks_for_nothing_is_unregistered(bench: Harness) -> None:
    busy, idle = await bench.register("busy"), await bench.register("idle")
    await bench.register("never heard of")
    await bench.submit()
    running = await bench.assign(busy)
    for _ in range(10):
        await bench.advance(60)
        with pytest.raises(NothingAssigned):
            await bench.assign(idle)
    assert (await bench.executor("busy")).state == ExecutorState.APPROVED
    await bench.advance(60)
    assert (await bench.executor("busy")).state == ExecutorState.UNREGISTERED
    assert (await bench.executor("idle")).state == ExecutorState.APPROVED
    assert (await bench.executor("never heard of")).state == ExecutorState.APPROVED
    assert (await bench.assign(idle)).processid == running.processid


async def test_only_asking_counts_as_being_heard(bench: Harness) -> None:
    key = await bench.register("worker")
    assert (await bench.executor("worker")).lastheardfromtime is None
    await bench.submit()
    running = await bench.assign(key)
    heard = (await bench.executor("worker")).lastheardfromtime
    assert heard is not None
    bench.clock.advance(5)
    await bench.send(AddLog(processid=running.processid, message="at work"), key)
    await bench.send(AddExecutorLog(colonyname=COLONY, executorname="worker", message="alive"), key)
    await bench.succeed(running, key)
    assert (await bench.executor("worker")).lastheardfromtime == heard


async def test_retention_deletes_old_successes_and_logs_only() -> None:
    async with harness(retention=True, retention_seconds=1000, stale_executor_seconds=1e6) as bench:
        key = await bench.register("worker")
        for close in (bench.succeed, bench.fail):
            await bench.submit(env={"K": "v"})
            running = await bench.assign(key)
            await bench.send(AddLog(processid=running.processid, message="line"), key)
            await close(running, key)
        waiting = await bench.submit()
        succeeded, failed = [
            (await bench.send(GetProcesses(colonyname=COLONY, count=10, state=state)))[0]
            for state in (ProcessState.SUCCESS, ProcessState.FAILED)
        ]
        await bench.advance(990)
        assert (await bench.process(succeeded.processid)).state == ProcessState.SUCCESS
        await bench.advance(120)
        with pytest.raises(NotFound):
            await bench.process(succeeded.processid)
        with pytest.raises(Refused, match="Attribute does not exists"):
            await bench.send(GetAttribute(attributeid=succeeded.attributes[0].attributeid))
        assert (await bench.process(failed.processid)).attributes
        assert (await bench.process(waiting.processid)).state == ProcessState.WAITING
        assert await bench.send(GetLogs(colonyname=COLONY, executorname="worker", count=10)) == ()


async def test_without_retention_nothing_is_deleted() -> None:
    async with harness(stale_executor_seconds=1e9) as bench:
        key = await bench.register("worker")
        await bench.submit()
        running = await bench.assign(key)
        await bench.succeed(running, key)
        await bench.advance(1000)
        bench.clock.advance(100)
        assert (await bench.process(running.processid)).state == ProcessState.SUCCESS


async def test_attributes_belong_to_the_executor_that_runs_the_process(bench: Harness) -> None:
    key, other = await bench.register("worker"), await bench.register("other")
    waiting = await bench.submit()
    attribute = Attribute(targetid=waiting.processid, attributetype=AttributeType.OUT, key="k", value="v")
    with pytest.raises(NotAllowed, match="not running"):
        await bench.send(AddAttribute(attribute=attribute), key)
    await bench.assign(key)
    with pytest.raises(NotAllowed, match=key.identity):
        await bench.send(AddAttribute(attribute=attribute), other)
    added = await bench.send(AddAttribute(attribute=attribute), key)
    assert (added.targetcolonyname, added.state) == (COLONY, ProcessState.RUNNING)
    assert await bench.send(GetAttribute(attributeid=added.attributeid)) == added
    assert (await bench.process(waiting.processid)).attributes == (added,)
    with pytest.raises(Refused, match="already"):
        await bench.send(AddAttribute(attribute=attribute), key)


async def test_removing_a_process_takes_its_attributes_but_never_a_running_one(bench: Harness) -> None:
    key = await bench.register("worker")
    submitted = await bench.submit(env={"K": "v"})
    await bench.assign(key)
    with pytest.raises(Refused, match="cannot remove a running process"):
        await bench.send(RemoveProcess(processid=submitted.processid))
    await bench.succeed(submitted, key)
    await bench.send(RemoveProcess(processid=submitted.processid))
    with pytest.raises(NotFound):
        await bench.process(submitted.processid)
    with pytest.raises(Refused, match="Attribute does not exists"):
        await bench.send(GetAttribute(attributeid=submitted.attributes[0].attributeid))


async def test_function_statistics_count_successes_of_the_executor_that_registered_it(bench: Harness) -> None:
    key, other = await bench.register("worker"), await bench.register("other")
    await bench.send(AddFunction(fun=Function(executorname="worker", colonyname=COLONY, funcname="echo")), key)
    for executor, waited, worked in ((key, 2, 4), (key, 6, 1), (other, 50, 50)):
        await bench.submit()
        bench.clock.advance(waited)
        running = await bench.assign(executor)
        bench.clock.advance(worked)
        await bench.succeed(running, executor)
    await bench.submit()
    await bench.fail(await bench.assign(key), key)
    (function,) = await bench.send(GetFunctions(colonyname=COLONY, executorname="worker"))
    assert function.counter == 2
    assert (function.minwaittime, function.maxwaittime, function.avgwaittime) == pytest.approx((2, 6, 4))
    assert (function.minexectime, function.maxexectime, function.avgexectime) == pytest.approx((1, 4, 2.5))
