"""Lists with their limits, orders and filters; logs with their paging; counters (§ Process, Log, Statistics)."""

from __future__ import annotations

import pytest

from colonies_tui.protocol.crypto import PrivateKey, random_id
from colonies_tui.protocol.envelope import open_reply
from colonies_tui.protocol.errors import NotAllowed, Refused
from colonies_tui.protocol.messages.colony import (
    AddColony,
    AddUser,
    GetColonies,
    GetColonyStatistics,
    GetServerStatistics,
    GetUser,
    GetUsers,
    RemoveColony,
    RemoveUser,
)
from colonies_tui.protocol.messages.executor import AddExecutor, GetExecutors, RejectExecutor, RemoveExecutor
from colonies_tui.protocol.messages.log import AddExecutorLog, AddLog, GetLogs, SearchLogs
from colonies_tui.protocol.messages.process import (
    CancelProcess,
    GetProcesses,
    GetProcessHistory,
    RemoveAllProcesses,
    SubmitProcess,
)
from colonies_tui.protocol.models.colony import Colony, User
from colonies_tui.protocol.models.executor import Executor
from colonies_tui.protocol.models.log import Log
from colonies_tui.protocol.models.process import Process
from colonies_tui.protocol.states import ProcessState
from tests.localserver.harness import COLONY, Harness, a_spec, harness


async def list_labels(bench: Harness, state: ProcessState, count: int = 100, **filters: str) -> list[str]:
    request = GetProcesses(colonyname=COLONY, count=count, state=state, **filters)
    return [process.spec.label for process in await bench.send(request)]


async def test_orders_of_the_lists(bench: Harness) -> None:
    key = await bench.register("worker")
    for label in "abc":
        await bench.submit(label=label, priority=1 if label == "b" else 0)
        bench.clock.advance(1)
    assert await list_labels(bench, ProcessState.WAITING) == ["b", "a", "c"]
    assert await list_labels(bench, ProcessState.WAITING, count=2) == ["b", "a"]
    running: list[Process] = []
    for _ in "abc":
        running.append(await bench.assign(key))
        bench.clock.advance(1)
    assert await list_labels(bench, ProcessState.RUNNING) == ["b", "a", "c"]
    for process in (running[2], running[0], running[1]):
        await bench.succeed(process, key)
        bench.clock.advance(1)
    assert await list_labels(bench, ProcessState.SUCCESS) == ["a", "b", "c"]


async def test_limits_of_the_lists(bench: Harness) -> None:
    for _ in range(103):
        await bench.submit()
    payload = {"msgtype": "getprocessesmsg", "colonyname": COLONY, "state": 0}
    for count, status in ((100, 200), (0, 200), (101, 400), (-1, 400)):
        response = await bench.post("getprocessesmsg", {**payload, "count": count}, bench.user_key)
        assert response.status_code == status, count
    assert len(await list_labels(bench, ProcessState.WAITING)) == 100
    assert await list_labels(bench, ProcessState.WAITING, count=0) == []
    response = await bench.post("getprocessesmsg", {**payload, "count": 1, "state": 5}, bench.user_key)
    assert response.status_code == 400


async def test_one_filter_applies_the_type_before_the_initiator_before_the_label(bench: Harness) -> None:
    key = await bench.register("worker")
    await bench.submit(label="by user", conditions={"executortype": "x"})
    await bench.send(SubmitProcess(spec=a_spec(label="by executor")), key)
    everything = ["by user", "by executor"]
    assert await list_labels(bench, ProcessState.WAITING) == everything
    assert await list_labels(bench, ProcessState.WAITING, executortype="x", label="by executor") == ["by user"]
    assert await list_labels(bench, ProcessState.WAITING, initiator="operator", label="nothing") == ["by user"]
    assert await list_labels(bench, ProcessState.WAITING, label="by executor") == ["by executor"]
    with pytest.raises(Refused, match="User <worker> does not exist"):
        await list_labels(bench, ProcessState.WAITING, initiator="worker")


async def test_history_is_by_time_of_submission_without_a_limit(bench: Harness) -> None:
    key = await bench.register("worker")
    await bench.submit(label="old")
    bench.clock.advance(100)
    for number in range(120):
        await bench.submit(label=str(number))
    request = GetProcessHistory(colonyname=COLONY, seconds=50, state=ProcessState.WAITING)
    assert [process.spec.label for process in await bench.send(request)] == [str(number) for number in range(120)]
    taken = await bench.assign(key)
    assert taken.spec.label == "old"
    request = GetProcessHistory(colonyname=COLONY, seconds=1000, state=ProcessState.RUNNING, executorid=key.identity)
    assert [process.processid for process in await bench.send(request)] == [taken.processid]
    stranger = request.model_copy(update={"executorid": random_id()})
    assert await bench.send(stranger) == ()


async def test_counters_follow_every_state(bench: Harness) -> None:
    key = await bench.register("worker")
    await bench.register("pending", approved=False)
    await bench.register("removed")
    await bench.send(RemoveExecutor(colonyname=COLONY, executorname="removed"), bench.colony_key)
    for _ in range(7):
        await bench.submit()
    await bench.succeed(await bench.assign(key), key)
    await bench.fail(await bench.assign(key), key)
    await bench.send(CancelProcess(processid=(await bench.assign(key)).processid))
    await bench.assign(key)
    for statistics in (
        await bench.send(GetColonyStatistics(colonyname=COLONY)),
        await bench.send(GetServerStatistics(), bench.server_key),
    ):
        assert (statistics.colonies, statistics.executors, statistics.activeexecutors) == (1, 3, 1)
        assert statistics.unregisteredexecutors == 1
        assert statistics.waitingprocesses == 3
        assert statistics.runningprocesses == 1
        assert (statistics.successfulprocesses, statistics.failedprocesses, statistics.cancelledprocesses) == (1, 1, 1)


async def test_a_real_server_fills_only_some_counters_of_the_whole_server(quirky: Harness) -> None:
    await quirky.register("worker")
    waiting = await quirky.submit()
    await quirky.submit()
    await quirky.send(CancelProcess(processid=waiting.processid))
    statistics = await quirky.send(GetServerStatistics(), quirky.server_key)
    assert (statistics.executors, statistics.activeexecutors) == (1, 0)
    assert (statistics.waitingprocesses, statistics.cancelledprocesses) == (1, 0)


async def test_remove_all_takes_one_state_or_any(bench: Harness) -> None:
    key = await bench.register("worker")
    for close in (bench.succeed, bench.fail):
        await bench.submit()
        await close(await bench.assign(key), key)
    await bench.submit()
    await bench.assign(key)
    await bench.submit()

    async def counts() -> tuple[int, ...]:
        statistics = await bench.send(GetColonyStatistics(colonyname=COLONY))
        return (
            statistics.waitingprocesses,
            statistics.runningprocesses,
            statistics.successfulprocesses,
            statistics.failedprocesses,
        )

    assert await counts() == (1, 1, 1, 1)
    await bench.send(RemoveAllProcesses(colonyname=COLONY, state=ProcessState.SUCCESS), bench.colony_key)
    assert await counts() == (1, 1, 0, 1)
    missing = {"msgtype": "removeallprocessesmsg", "colonyname": COLONY}
    assert (await bench.post("removeallprocessesmsg", missing, bench.colony_key)).status_code == 200
    assert await counts() == (0, 1, 0, 1)
    for state in (1, 5, -2):
        refused = {**missing, "state": state}
        assert (await bench.post("removeallprocessesmsg", refused, bench.colony_key)).status_code == 400
    await bench.send(RemoveAllProcesses(colonyname=COLONY, state=-1), bench.colony_key)
    assert await counts() == (0, 0, 0, 0)


@pytest.mark.parametrize(("real_quirks", "nothing"), [(False, b"[]"), (True, b"null")])
async def test_how_an_empty_list_is_written(real_quirks: bool, nothing: bytes) -> None:
    async with harness(real_quirks=real_quirks) as bench:
        for msgtype, more in (
            ("getexecutorsmsg", {}),
            ("getfunctionsmsg", {}),
            ("getprocessesmsg", {"count": 5, "state": 2}),
            ("getprocesshistmsg", {"seconds": 5, "state": 2}),
            ("searchlogsmsg", {"text": "x", "count": 5, "days": 1}),
        ):
            payload = {"msgtype": msgtype, "colonyname": COLONY, **more}
            response = await bench.post(msgtype, payload, bench.user_key)
            assert open_reply(response.content).payload == nothing, msgtype


async def test_log_paging_by_the_last_stamp_loses_nothing_even_when_time_stands_still(bench: Harness) -> None:
    key = await bench.register("worker")
    await bench.submit()
    running = await bench.assign(key)
    for number in range(57):
        await bench.send(AddLog(processid=running.processid, message=f"line {number}"), key)
        if number % 10 == 0:
            bench.clock.advance(0.001)
    rows: list[Log] = []
    while page := await bench.send(
        GetLogs(colonyname=COLONY, processid=running.processid, count=5, since=rows[-1].timestamp if rows else 0)
    ):
        rows += page
    assert [row.message for row in rows] == [f"line {number}" for number in range(57)]
    assert [row.timestamp for row in rows] == sorted({row.timestamp for row in rows})
    newest = await bench.send(GetLogs(colonyname=COLONY, processid=running.processid, count=3, latest=True, since=1))
    assert newest == tuple(rows[-3:])


async def test_log_limits(bench: Harness) -> None:
    await bench.register("worker")
    payload = {"msgtype": "getlogsmsg", "colonyname": COLONY, "executorname": "worker"}
    for count, status in ((500, 200), (501, 403), (-1, 400)):
        response = await bench.post("getlogsmsg", {**payload, "count": count}, bench.user_key)
        assert response.status_code == status, count
    search = {"msgtype": "searchlogsmsg", "colonyname": COLONY, "text": "x"}
    for count, days, status in ((100, 30, 200), (101, 30, 400), (100, 31, 400), (-1, 1, 400)):
        response = await bench.post("searchlogsmsg", {**search, "count": count, "days": days}, bench.user_key)
        assert response.status_code == status, (count, days)


async def test_logs_of_an_executor_hold_its_processes_and_its_own_lines(bench: Harness) -> None:
    key = await bench.register("worker")
    await bench.submit()
    running = await bench.assign(key)
    await bench.send(AddExecutorLog(colonyname=COLONY, executorname="worker", message="I am up"), key)
    await bench.send(AddLog(processid=running.processid, message="å\n\x1b[31m<&>\u2028"), key)
    by_executor = await bench.send(GetLogs(colonyname=COLONY, executorname="worker", count=10))
    assert [(row.processid, row.message) for row in by_executor] == [
        ("", "I am up"),
        (running.processid, "å\n\x1b[31m<&>\u2028"),
    ]
    both = GetLogs(colonyname=COLONY, executorname="worker", processid=running.processid, count=10)
    assert await bench.send(both) == by_executor
    by_process = await bench.send(GetLogs(colonyname=COLONY, processid=running.processid, count=10))
    assert by_process == by_executor[1:]
    for request in (
        GetLogs(colonyname=COLONY, executorname="nobody", count=10),
        GetLogs(colonyname=COLONY, processid=random_id(), count=10),
        GetLogs(colonyname=COLONY, count=10),
    ):
        with pytest.raises(Refused, match=r"500: .* does not exist"):
            await bench.send(request)
    with pytest.raises(NotAllowed, match="executor name mismatch"):
        await bench.send(AddExecutorLog(colonyname=COLONY, executorname="other", message="x"), key)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("error", ["an error here", "100% error"]),
        ("Error", ["Error"]),
        ("100%", ["100% error", "1005"]),
        ("100\\%", ["100% error"]),
        ("e_r", ["an error here", "100% error"]),
        ("[x]", ["a[x]*?"]),
        ("*?", ["a[x]*?"]),
        ("", ["an error here", "Error", "100% error", "1005", "a[x]*?"]),
        ("nothing", []),
    ],
)
async def test_search(bench: Harness, text: str, found: list[str]) -> None:
    key = await bench.register("worker")
    await bench.send(AddExecutorLog(colonyname=COLONY, executorname="worker", message="an old error"), key)
    bench.clock.jump(2 * 24 * 3600)
    for message in ("an error here", "Error", "100% error", "1005", "a[x]*?"):
        await bench.send(AddExecutorLog(colonyname=COLONY, executorname="worker", message=message), key)
    rows = await bench.send(SearchLogs(colonyname=COLONY, text=text, days=1, count=100))
    assert [row.message for row in rows] == found


async def test_logs_of_namesakes_in_another_colony_stay_there(bench: Harness) -> None:
    owner, namesake = PrivateKey.new(), PrivateKey.new()
    key = await bench.register("worker")
    await bench.send(AddColony(colony=Colony(colonyid=owner.identity, name="other")), bench.server_key)
    executor = Executor(executorid=namesake.identity, executorname="worker", executortype="x", colonyname="other")
    await bench.send(AddExecutor(executor=executor), owner)
    approve = {"msgtype": "approveexecutormsg", "colonyname": "other", "executorname": "worker"}
    assert (await bench.post("approveexecutormsg", approve, owner)).status_code == 200
    await bench.send(AddExecutorLog(colonyname=COLONY, executorname="worker", message="ours"), key)
    await bench.send(AddExecutorLog(colonyname="other", executorname="worker", message="theirs"), namesake)
    rows = await bench.send(GetLogs(colonyname=COLONY, executorname="worker", count=10))
    assert [row.message for row in rows] == ["ours"]


async def test_removing_a_colony_takes_everything_in_it(bench: Harness) -> None:
    owner, member = PrivateKey.new(), PrivateKey.new()
    await bench.send(AddColony(colony=Colony(colonyid=owner.identity, name="short")), bench.server_key)
    await bench.send(AddUser(user=User(userid=member.identity, name="m", colonyname="short")), owner)
    submitted = await bench.send(SubmitProcess(spec=a_spec(conditions={"colonyname": "short"}, env={"a": "b"})), member)
    await bench.send(RemoveColony(colonyname="short"), bench.server_key)
    assert [colony.name for colony in await bench.send(GetColonies(), bench.server_key)] == [COLONY]
    with pytest.raises(Refused, match="not found"):
        await bench.process(submitted.processid)
    with pytest.raises(NotAllowed, match="does not exists"):
        await bench.send(GetProcesses(colonyname="short", count=1, state=ProcessState.WAITING), member)
    await bench.send(AddColony(colony=Colony(colonyid=owner.identity, name="short")), bench.server_key)
    with pytest.raises(NotAllowed, match="not a member"):
        await bench.send(GetUsers(colonyname="short"), member)


async def test_users_come_and_go(bench: Harness) -> None:
    user = User(userid=random_id(), name="john", colonyname=COLONY, email="j@example.com", phone="+1")
    assert await bench.send(AddUser(user=user), bench.colony_key) == user
    with pytest.raises(Refused, match="already exists"):
        await bench.send(AddUser(user=user), bench.colony_key)
    assert await bench.send(GetUser(colonyname=COLONY, name="john")) == user
    await bench.send(RemoveUser(colonyname=COLONY, name="john"), bench.colony_key)
    assert [found.name for found in await bench.send(GetUsers(colonyname=COLONY))] == ["operator"]


async def test_names_with_a_colon_are_not_stored(bench: Harness) -> None:
    named = {"userid": random_id(), "name": "a:b", "colonyname": COLONY}
    response = await bench.post("addusermsg", {"msgtype": "addusermsg", "user": named}, bench.colony_key)
    assert response.status_code == 400
    assert len(await bench.send(GetUsers(colonyname=COLONY))) == 1


async def test_a_taken_name_stays_taken_unless_registering_again_is_allowed(bench: Harness) -> None:
    await bench.register("worker")
    await bench.send(RemoveExecutor(colonyname=COLONY, executorname="worker"), bench.colony_key)
    with pytest.raises(Refused, match="already exists"):
        await bench.register("worker")


async def test_registering_again_starts_over_under_the_same_name() -> None:
    async with harness(allow_reregister=True) as bench:
        old = await bench.register("worker")
        await bench.register("bystander")
        submitted = await bench.submit()
        await bench.assign(old)
        new = await bench.register("worker", executortype="other", approved=False)
        executors = await bench.send(GetExecutors(colonyname=COLONY))
        assert {executor.executorname: executor.executorid for executor in executors}["worker"] == new.identity
        assert (await bench.executor("worker")).state == 0
        assert (await bench.process(submitted.processid)).state == ProcessState.WAITING
        await bench.send(RejectExecutor(colonyname=COLONY, executorname="worker"), bench.colony_key)
        assert (await bench.executor("worker")).state == 2
