"""Crons on a clock that tests move: when they run, in whose name, with what, and what holds them back (§ Crons)."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import NothingAssigned, Refused
from colonies_tui.protocol.messages.colony import AddColony, AddUser, RemoveUser
from colonies_tui.protocol.messages.schedule import AddCron, GetCron, GetCrons, RemoveCron, RunCron
from colonies_tui.protocol.messages.workflow import CancelProcessGraph, GetProcessGraphs, RemoveProcessGraph
from colonies_tui.protocol.models.colony import Colony, User
from colonies_tui.protocol.models.schedule import Cron
from colonies_tui.protocol.models.workflow import ProcessGraph, WorkflowSpec
from colonies_tui.protocol.states import ProcessState
from tests.localserver.harness import COLONY, Harness, harness
from tests.localserver.workflow_world import a_cron, a_node, a_workflow, graph

BEGIN = datetime(2027, 1, 15, 8, 0, tzinfo=UTC)
"""Where the standing clock stands at first."""


async def add(bench: Harness, key: PrivateKey | None = None, **changes: Any) -> str:
    """Add a cron and return its id."""
    return (await bench.send(AddCron(cron=a_cron(changes.pop("name", "tick"), **changes)), key)).cronid


async def get(bench: Harness, cronid: str) -> Cron:
    return await bench.send(GetCron(cronid=cronid))


async def started(bench: Harness, *states: ProcessState) -> list[ProcessGraph]:
    """Return all graphs, the oldest first."""
    found = [
        row
        for state in states or ProcessState
        for row in await bench.send(GetProcessGraphs(colonyname=COLONY, count=100, state=state))
    ]
    return sorted(found, key=lambda row: row.submissiontime or BEGIN)


async def finish(bench: Harness, key: PrivateKey, *out: Any) -> None:
    await bench.succeed(await bench.assign(key), key, *out)


async def test_the_next_run_is_known_from_the_first_check_on(either: Harness) -> None:
    cronid = await add(either, interval=-1, cronexpression="0 30 9 * * *")
    new = await get(either, cronid)
    assert (new.nextrun, new.lastrun, new.prevprocessgraphid, new.checkerperiod) == (None, None, "", 1000)
    assert (new.initiatorname, new.initiatorid) == ("operator", either.user_key.identity)
    await either.advance(1)
    assert (await get(either, cronid)).nextrun == datetime(2027, 1, 15, 9, 30, tzinfo=UTC)
    assert await started(either) == []


async def test_an_expression_runs_at_its_times(either: Harness) -> None:
    cronid = await add(either, interval=-1, cronexpression="*/20 * * * * *")
    await either.advance(19)
    assert await started(either) == []
    await either.advance(1)
    assert len(await started(either)) == 1
    after = await get(either, cronid)
    assert after.lastrun == BEGIN + timedelta(seconds=20)
    assert after.nextrun == BEGIN + timedelta(seconds=40)
    await either.advance(60)
    graphs = await started(either)
    assert len(graphs) == 4
    assert (await get(either, cronid)).prevprocessgraphid == graphs[-1].processgraphid
    assert {row.initiatorname for row in graphs} == {"operator"}


async def test_an_expression_counts_in_its_own_zone_and_else_in_utc(either: Harness) -> None:
    here = await add(either, name="here", interval=-1, cronexpression="0 0 12 * * *")
    there = await add(either, name="there", interval=-1, cronexpression="CRON_TZ=Europe/Stockholm 0 0 12 * * *")
    await either.advance(1)
    noon = datetime(2027, 1, 15, 12, tzinfo=UTC)
    assert [(await get(either, cronid)).nextrun for cronid in (here, there)] == [noon, noon - timedelta(hours=1)]


async def test_an_interval_counts_from_the_first_check_and_replaces_the_expression(either: Harness) -> None:
    cronid = await add(either, interval=10, cronexpression="not read", random=True)
    await either.advance(1)
    assert (await get(either, cronid)).nextrun == BEGIN + timedelta(seconds=11)
    await either.advance(9)
    assert await started(either) == []
    await either.advance(1)
    assert len(await started(either)) == 1
    assert (await get(either, cronid)).nextrun == BEGIN + timedelta(seconds=21)


async def test_what_was_missed_is_made_up_for_once(either: Harness) -> None:
    await add(either, interval=10)
    await either.advance(1)
    either.clock.jump(1000)
    assert len(await started(either)) == 1
    await either.advance(9)
    assert len(await started(either)) == 1
    await either.advance(1)
    assert len(await started(either)) == 2


async def test_the_check_keeps_its_period() -> None:
    async with harness(cron_period=5000) as bench:
        cronid = await add(bench, interval=1)
        assert (await get(bench, cronid)).checkerperiod == 5000
        await bench.advance(4.9)
        assert (await get(bench, cronid)).nextrun is None
        await bench.advance(25.1)
        assert len(await started(bench)) == 5


async def test_running_now_shows_the_cron_as_it_was_and_counts_from_now(either: Harness) -> None:
    cronid = await add(either, interval=3600)
    await either.advance(100)
    before = await get(either, cronid)
    shown = await either.send(RunCron(cronid=cronid))
    assert shown == before.model_copy(update={"checkerperiod": 0})
    after = await get(either, cronid)
    assert after.lastrun == BEGIN + timedelta(seconds=100)
    assert after.nextrun == after.lastrun + timedelta(hours=1)
    assert [row.processgraphid for row in await started(either)] == [after.prevprocessgraphid]


async def test_leaves_of_the_last_workflow_feed_the_roots_of_the_next(either: Harness) -> None:
    key = await either.register("worker")
    spec = a_workflow({"a": (), "b": (), "left": ("a",), "right": ("a", "b")})
    await add(either, spec=spec, interval=60)
    await either.advance(61)
    for _ in range(2):
        assert (await either.assign(key)).input == ()
    running = await started(either)
    for processid in running[0].processids:
        process = await either.process(processid)
        if not process.parents:
            await either.succeed(process, key, "not a leaf")
    for nodename in ("left", "right"):
        process = await either.assign(key)
        assert process.spec.nodename == nodename
        await either.succeed(process, key, f"from {nodename}", 1)
    await either.advance(60)
    for nodename in ("a", "b"):
        process = await either.assign(key)
        assert process.spec.nodename == nodename
        assert process.input == ("from left", 1, "from right", 1)
        await either.succeed(process, key)
    left = await either.assign(key)
    assert left.input == ()


async def test_waiting_for_the_workflow_before(either: Harness) -> None:
    key = await either.register("worker")
    cronid = await add(either, interval=10, waitforprevprocessgraph=True)
    await either.advance(11)
    assert len(await started(either)) == 1
    await either.advance(100)
    due = await get(either, cronid)
    assert due.nextrun == BEGIN + timedelta(seconds=21)
    assert await either.send(RunCron(cronid=cronid)) == due.model_copy(update={"checkerperiod": 0})
    assert len(await started(either)) == 1
    await finish(either, key, "out")
    await either.advance(1)
    assert len(await started(either)) == 2
    process = await either.assign(key)
    assert process.input == ("out",)
    await either.fail(process, key)
    await either.advance(10)
    assert len(await started(either)) == 3


async def test_without_waiting_workflows_overlap(either: Harness) -> None:
    await add(either, interval=10)
    await either.advance(31)
    assert len(await started(either, ProcessState.WAITING)) == 3


async def test_a_workflow_before_that_was_removed_does_not_hold_back(either: Harness) -> None:
    cronid = await add(either, interval=10, waitforprevprocessgraph=True)
    await either.advance(11)
    await either.send(RemoveProcessGraph(processgraphid=(await get(either, cronid)).prevprocessgraphid))
    await either.advance(10)
    assert len(await started(either)) == 1


async def test_a_cancelled_workflow_holds_a_real_server_back_for_good(either: Harness) -> None:
    cronid = await add(either, interval=10, waitforprevprocessgraph=True)
    await either.advance(11)
    first = (await get(either, cronid)).prevprocessgraphid
    await either.send(CancelProcessGraph(processgraphid=first))
    await either.advance(10)
    if not either.server.settings.real_quirks:
        assert (await get(either, cronid)).prevprocessgraphid != first
        return
    await either.advance(1000)
    await either.send(RunCron(cronid=cronid))
    assert [row.processgraphid for row in await started(either)] == [first]
    await either.send(RemoveProcessGraph(processgraphid=first))
    await either.advance(1)
    assert len(await started(either)) == 1
    assert (await get(either, cronid)).prevprocessgraphid != first


async def test_a_start_fails_and_is_tried_again_while_its_creator_is_no_member(
    either: Harness, caplog: pytest.LogCaptureFixture
) -> None:
    key = PrivateKey.new()
    user = User(colonyname=COLONY, userid=key.identity, name="guest")
    await either.send(AddUser(user=user), either.colony_key)
    cronid = await add(either, key, interval=10)
    other = await add(either, name="other", interval=10)
    await either.advance(1)
    await either.send(RemoveUser(colonyname=COLONY, name="guest"), either.colony_key)
    with caplog.at_level(logging.WARNING):
        await either.advance(20)
    assert {row.initiatorname for row in await started(either)} == {"operator"}
    overdue = await get(either, cronid)
    assert (overdue.nextrun, overdue.lastrun) == (BEGIN + timedelta(seconds=11), None)
    assert (await get(either, other)).lastrun is not None
    assert [record.getMessage() for record in caplog.records] == [
        "cron 'tick' does not start its workflow, and is tried again: guest is not a member of colony <dev> any more"
    ]
    with pytest.raises(Refused, match="not a member of colony <dev> any more"):
        await either.send(RunCron(cronid=cronid))
    await either.send(AddUser(user=user), either.colony_key)
    await either.advance(1)
    assert (await get(either, cronid)).lastrun == BEGIN + timedelta(seconds=22)


async def test_a_stranger_who_runs_a_cron_is_refused_and_on_a_real_server_has_run_it(either: Harness) -> None:
    key = await either.register("worker")
    cronid = await add(either, interval=3600)
    with pytest.raises(Refused, match="not a member") as refusal:
        await either.send(RunCron(cronid=cronid), either.outsider_key)
    assert refusal.value.status == 403
    if either.server.settings.real_quirks:
        assert (await either.assign(key)).initiatorname == "operator"
    else:
        with pytest.raises(NothingAssigned):
            await either.assign(key)


async def test_removing_a_cron_lets_go_on_what_it_started(either: Harness) -> None:
    key = await either.register("worker")
    cronid = await add(either, interval=10)
    await either.advance(11)
    await either.send(RemoveCron(cronid=cronid))
    await either.advance(100)
    (row,) = await started(either)
    await finish(either, key)
    assert (await graph(either, row.processgraphid)).state is ProcessState.SUCCESS
    for request in (GetCron(cronid=cronid), RemoveCron(cronid=cronid)):
        with pytest.raises(Refused, match="cron is nil"):
            await either.send(request)
    with pytest.raises(Refused, match="cron not found"):
        await either.send(RunCron(cronid=cronid))


async def test_the_list_of_crons_is_bounded_by_what_is_asked_for(either: Harness) -> None:
    for name in "abc":
        await add(either, name=name)
    for count, names in ((10, ["a", "b", "c"]), (2, ["a", "b"]), (0, [])):
        listed = await either.send(GetCrons(colonyname=COLONY, count=count))
        assert [cron.name for cron in listed] == names
        assert all(cron.checkerperiod == 0 for cron in listed)
    with pytest.raises(Refused, match="negative"):
        await either.send(GetCrons(colonyname=COLONY, count=-1))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"interval": 0}, "larger than 0"),
        ({"interval": -2}, "larger than 0"),
        ({"interval": -1, "cronexpression": "0 0 * * *"}, "6 fields|six fields"),
        ({"interval": -1, "cronexpression": "0 0 0 * * 8"}, "8"),
        ({"interval": -1, "cronexpression": ""}, "empty"),
        ({"interval": -1, "cronexpression": "0 0 0 * * *", "random": True}, "random"),
        ({"workflowspec": "{bad"}, "workflowspec"),
        ({"workflowspec": '{"functionspecs": 5}'}, "functionspecs"),
        ({"name": "taken"}, "Cron with name <taken> in Colony <dev> already exists"),
    ],
)
async def test_what_is_no_cron(either: Harness, changes: dict[str, Any], words: str) -> None:
    await add(either, name="taken")
    cron = a_cron("new").model_copy(update=changes)
    with pytest.raises(Refused, match=words) as refusal:
        await either.send(AddCron(cron=cron))
    assert refusal.value.status == 400
    assert len(await either.send(GetCrons(colonyname=COLONY, count=10))) == 1


async def test_a_workflow_that_cannot_run_is_found_out_at_once_or_never(either: Harness) -> None:
    spec = WorkflowSpec(colonyname=COLONY, functionspecs=(a_node("a", "z"),))
    if not either.server.settings.real_quirks:
        with pytest.raises(Refused, match="invalid dependencies"):
            await add(either, spec=spec)
        return
    cronid = await add(either, spec=spec, interval=1)
    await either.advance(10)
    assert await started(either) == []
    assert (await get(either, cronid)).lastrun is None


async def test_a_workflow_that_cannot_be_stored_does_not_hold_up_the_others(either: Harness) -> None:
    await add(either, name="stuck 0", spec=a_workflow({"a": ()}, priority=2**40), interval=1)
    text = a_cron("stuck").workflowspec
    huge, surrogate = text.replace('"maxretries":0', f'"maxretries":{2**70}'), text.replace("echo", r"\ud800")
    assert text not in (huge, surrogate)
    with pytest.raises(Refused, match="maxretries"):
        await either.send(AddCron(cron=a_cron("huge", interval=1).model_copy(update={"workflowspec": huge})))
    await either.send(AddCron(cron=a_cron("stuck 1", interval=1).model_copy(update={"workflowspec": surrogate})))
    await add(either, name="free", interval=1)
    await either.advance(2)
    ran = [cron.name for cron in await either.send(GetCrons(colonyname=COLONY, count=10)) if cron.lastrun]
    assert ran == ["free"]


async def test_a_workflow_without_a_colony_starts_in_that_of_its_cron(either: Harness) -> None:
    spec = a_workflow({"a": ()}).model_copy(update={"colonyname": ""})
    await add(either, spec=spec, interval=1)
    await either.advance(2)
    assert len(await started(either)) == (0 if either.server.settings.real_quirks else 1)


async def test_a_workflow_for_a_colony_of_others_does_not_start(either: Harness) -> None:
    other = Colony(colonyid=PrivateKey.new().identity, name="other")
    await either.send(AddColony(colony=other), either.server_key)
    cronid = await add(either, spec=a_workflow({"a": ()}).model_copy(update={"colonyname": "other"}), interval=1)
    await either.advance(5)
    assert (await get(either, cronid)).lastrun is None
    assert either.server.database.all("SELECT * FROM processgraphs") == []


async def test_the_colony_owner_may_have_asked_for_it(either: Harness) -> None:
    # As the crons of blueprints can have it, which the owner may add.
    cronid = await add(either, interval=1)
    with either.server.database.change():
        either.server.database.write("UPDATE crons SET initiatorid = ?", (either.colony_key.identity,))
    await either.advance(2)
    has_run = (await get(either, cronid)).lastrun is not None
    assert has_run is not either.server.settings.real_quirks
