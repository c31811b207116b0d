"""Workflows: who may start when, what goes from parents to children, who fails with whom, cancel and removal."""

from __future__ import annotations

import pytest

from colonies_tui.protocol.errors import NothingAssigned, Refused
from colonies_tui.protocol.messages.colony import GetColonyStatistics, GetServerStatistics
from colonies_tui.protocol.messages.process import CancelProcess, RemoveProcess
from colonies_tui.protocol.messages.workflow import CancelProcessGraph, GetProcessGraphs
from colonies_tui.protocol.states import ProcessState
from tests.localserver.harness import COLONY, Harness
from tests.localserver.workflow_world import DIAMOND, assign_named, graph, hear, members, run, submit

WAITING, RUNNING, SUCCESS, FAILED, CANCELLED = ProcessState


async def states(bench: Harness, processgraphid: str) -> dict[str, ProcessState]:
    return {name: process.state for name, process in (await members(bench, processgraphid)).items()}


async def test_the_reply_of_a_submission_knows_no_times_nodes_and_edges(either: Harness) -> None:
    reply = await submit(either, DIAMOND)
    named = [(await either.process(processid)).spec.nodename for processid in reply.processids]
    assert named == ["a", "b", "c", "d"]
    assert reply.rootprocessids == reply.processids[:1]
    assert (reply.state, reply.colonyname, reply.initiatorname) == (WAITING, COLONY, "operator")
    assert (reply.submissiontime, reply.starttime, reply.endtime) == (None, None, None)
    assert (reply.nodes, reply.edges) == ((), ())
    assert (await graph(either, reply.processgraphid)).submissiontime is not None


async def test_members_know_their_parents_and_children_and_wait_for_the_parents(either: Harness) -> None:
    submitted = await submit(either, DIAMOND)
    named = await members(either, submitted.processgraphid)
    a, b, c, d = (named[name] for name in "abcd")
    assert [process.waitforparents for process in (a, b, c, d)] == [False, True, True, True]
    assert (a.parents, a.children) == ((), (b.processid, c.processid))
    assert (b.parents, b.children) == ((a.processid,), (d.processid,))
    assert (d.parents, d.children) == ((b.processid, c.processid), ())
    assert {process.processgraphid for process in (a, b, c, d)} == {submitted.processgraphid}
    assert {process.initiatorname for process in (a, b, c, d)} == {"operator"}
    assert {process.spec.conditions.colonyname for process in (a, b, c, d)} == {COLONY}


async def test_a_diamond_from_end_to_end(either: Harness) -> None:
    key = await either.register("worker")
    submitted = await submit(either, DIAMOND)
    graphid = submitted.processgraphid

    either.clock.advance(1)
    a = await assign_named(either, key, "a")
    assert a.input == ()
    begun = await graph(either, graphid)
    assert begun.state is RUNNING
    assert begun.submissiontime is not None
    assert begun.starttime is not None
    assert (begun.starttime - begun.submissiontime).total_seconds() == pytest.approx(1, abs=1e-5)
    with pytest.raises(NothingAssigned):
        await either.assign(key)

    await either.succeed(a, key, "from a", 1)
    b, c = await assign_named(either, key, "b"), await assign_named(either, key, "c")
    assert b.input == c.input == ("from a", 1)
    assert not b.waitforparents
    await either.succeed(c, key, {"from": "c"})
    with pytest.raises(NothingAssigned):
        await either.assign(key)
    await either.succeed(b, key, "from b", None)

    d = await assign_named(either, key, "d")
    assert d.input == ("from b", None, {"from": "c"})
    either.clock.advance(5)
    assert (await graph(either, graphid)).endtime is None
    await either.succeed(d, key)
    ended = await graph(either, graphid)
    assert ended.state is SUCCESS
    assert ended.starttime == begun.starttime
    assert ended.endtime is not None
    assert ended.starttime is not None
    assert (ended.endtime - ended.starttime).total_seconds() == 5


async def test_an_idle_executor_gets_a_child_as_soon_as_its_parents_are_done(either: Harness) -> None:
    key, other = await either.register("worker"), await either.register("other")
    await submit(either, {"a": (), "b": ("a",)})
    a = await either.assign(key)
    poll = await either.polling(other)
    await either.succeed(a, key, "x")
    b = await poll
    assert (b.spec.nodename, b.input) == ("b", ("x",))


async def test_a_wide_fan_out_and_in_joins_outputs_in_the_order_of_the_parents(either: Harness) -> None:
    key = await either.register("worker")
    branches = [f"w{number:02}" for number in range(40)]
    graphid = (await submit(either, {"a": (), **dict.fromkeys(branches, ("a",)), "z": branches})).processgraphid
    await run(either, key, "a")
    running = [await either.assign(key) for _ in branches]
    assert sorted(process.spec.nodename for process in running) == branches
    for process in reversed(running):
        await either.succeed(process, key, process.spec.nodename)
    last = await assign_named(either, key, "z")
    assert list(last.input) == branches
    await either.succeed(last, key)
    assert (await graph(either, graphid)).state is SUCCESS


async def test_roots_are_independent(either: Harness) -> None:
    key = await either.register("worker")
    submitted = await submit(either, {"a": (), "b": (), "c": ("a",), "d": ("a", "b", "a")})
    assert len(submitted.rootprocessids) == 2
    await run(either, key, "a", "b", "c")
    assert (await assign_named(either, key, "d")).input == ("a", "b")


async def test_what_is_told_of_a_success(either: Harness) -> None:
    key = await either.register("worker")
    heard = hear(either)
    await submit(either, DIAMOND)
    await either.server.database.settled()
    assert heard == [("a", WAITING)]
    await run(either, key, "a")
    assert heard[1:] == [("a", RUNNING), ("a", SUCCESS), ("b", WAITING), ("c", WAITING)]
    del heard[:]
    await run(either, key, "b")
    assert heard == [("b", RUNNING), ("b", SUCCESS), ("d", WAITING)]  # although d still waits for c
    assert (await either.process((await either.assign(key)).processid)).spec.nodename == "c"


async def test_a_failure_fails_every_other_member(either: Harness) -> None:
    key = await either.register("worker")
    parents = {"a": (), "b": ("a",), "c": ("b",), "apart": (), "below": ("apart",), "done": ()}
    graphid = (await submit(either, parents)).processgraphid
    a, apart, done = [await either.assign(key) for _ in range(3)]
    await either.succeed(done, key, "kept")
    await either.succeed(a, key)
    before = await members(either, graphid)
    b = await assign_named(either, key, "b")
    heard = hear(either)
    either.clock.advance(3)
    await either.fail(b, key, "it broke")

    after = await members(either, graphid)
    assert {process.state for process in after.values()} == {FAILED}
    assert after["b"].errors == ("it broke",)
    assert after["b"].endtime is not None
    for name, process in after.items():
        if name != "b":
            assert (process.errors, process.endtime) == ((), before[name].endtime)
    assert after["done"].out == ("kept",)
    assert (after["apart"].isassigned, after["c"].waitforparents) == (True, True)
    assert heard == [("b", FAILED)]
    failed = await graph(either, graphid)
    assert failed.state is FAILED
    assert failed.endtime == after["b"].endtime
    with pytest.raises(Refused, match="Tried to set failed process as successful"):
        await either.succeed(apart, key)
    with pytest.raises(NothingAssigned):
        await either.assign(key)


async def test_the_failure_of_a_leaf_leaves_other_branches_alone(either: Harness) -> None:
    key = await either.register("worker")
    graphid = (await submit(either, {"a": (), "leaf": ("a",), "b": ("a",), "c": ("b",)})).processgraphid
    await run(either, key, "a")
    leaf, b = await either.assign(key), await either.assign(key)
    await either.fail(leaf, key, "only I")
    failed = await graph(either, graphid)
    assert failed.state is FAILED
    assert await states(either, graphid) == {"a": SUCCESS, "leaf": FAILED, "b": RUNNING, "c": WAITING}
    either.clock.advance(7)
    await either.succeed(b, key)
    await run(either, key, "c")
    assert await states(either, graphid) == {"a": SUCCESS, "leaf": FAILED, "b": SUCCESS, "c": SUCCESS}
    ended = await graph(either, graphid)
    assert (ended.state, ended.endtime) == (FAILED, failed.endtime)


async def test_waiting_too_long_for_parents_fails_the_workflow(either: Harness) -> None:
    key = await either.register("worker")
    graphid = (await submit(either, DIAMOND, maxwaittime=10)).processgraphid
    a = await either.assign(key)
    await either.advance(12)
    after = await members(either, graphid)
    assert {process.state for process in after.values()} == {FAILED}
    # One of those whose time was over is the reason; the others go with it and say nothing.
    assert sorted(process.errors for process in after.values()) == [
        (),
        (),
        (),
        ("Maximum waiting time limit exceeded",),
    ]
    assert after["a"].errors == ()
    with pytest.raises(Refused, match="failed"):
        await either.succeed(a, key)


async def test_a_member_that_times_out_comes_back_with_its_input_until_its_retries_are_used_up(either: Harness) -> None:
    key = await either.register("worker")
    parents = {"a": (), "b": ("a",), "c": ("b",)}
    graphid = (await submit(either, parents, maxexectime=5, maxretries=1)).processgraphid
    await run(either, key, "a")
    for retries in range(2):
        b = await assign_named(either, key, "b")
        assert (b.retries, b.input) == (retries, ("a",))
        await either.advance(7)
        assert (await graph(either, graphid)).state is (FAILED if retries else RUNNING)
    assert set((await states(either, graphid)).values()) == {FAILED}


async def test_cancelling_ends_what_waits_and_runs_and_leaves_the_rest(either: Harness) -> None:
    key = await either.register("worker")
    graphid = (await submit(either, DIAMOND)).processgraphid
    await run(either, key, "a")
    b = await assign_named(either, key, "b")
    heard = hear(either)
    either.clock.advance(2)
    await either.send(CancelProcessGraph(processgraphid=graphid))
    assert await states(either, graphid) == {"a": SUCCESS, "b": CANCELLED, "c": CANCELLED, "d": CANCELLED}
    cancelled, member = await graph(either, graphid), await either.process(b.processid)
    assert cancelled.state is CANCELLED
    assert cancelled.endtime == member.endtime
    assert member.assignedexecutorid == key.identity
    assert heard == []
    with pytest.raises(Refused, match="cancelled"):
        await either.succeed(b, key)
    with pytest.raises(NothingAssigned):
        await either.assign(key)


async def test_who_is_ended_without_a_word_is_forgotten_all_the_same(either: Harness) -> None:
    key = await either.register("worker")
    ended: list[str] = []
    either.server.lifecycle.on_ended.append(ended.append)
    for end in ("cancel", "fail"):
        graphid = (await submit(either, DIAMOND)).processgraphid
        a = await either.assign(key)
        if end == "cancel":
            await either.send(CancelProcessGraph(processgraphid=graphid))
        else:
            await either.fail(a, key)
        processids = [process.processid for process in (await members(either, graphid)).values()]
        assert sorted(ended) == sorted(processids)
        ended.clear()


async def test_cancelling_a_workflow_that_is_over_relabels_it(either: Harness) -> None:
    key = await either.register("worker")
    graphid = (await submit(either, {"a": ()})).processgraphid
    await run(either, key, "a")
    await either.send(CancelProcessGraph(processgraphid=graphid))
    assert (await graph(either, graphid)).state is CANCELLED
    assert await states(either, graphid) == {"a": SUCCESS}


async def test_members_are_neither_cancelled_nor_removed_alone(either: Harness) -> None:
    submitted = await submit(either, DIAMOND)
    for processid in submitted.processids:
        with pytest.raises(Refused, match="cancel the entire workflow instead"):
            await either.send(CancelProcess(processid=processid))
        with pytest.raises(Refused, match="delete the entire workflow instead"):
            await either.send(RemoveProcess(processid=processid))


async def test_the_list_has_the_newest_first(either: Harness) -> None:
    submitted = [(await submit(either, {"a": ()})).processgraphid for _ in range(5)]
    listed = await either.send(GetProcessGraphs(colonyname=COLONY, count=3, state=WAITING))
    assert [row.processgraphid for row in listed] == submitted[:-4:-1]
    assert all(row.submissiontime is not None and row.nodes == () == row.edges for row in listed)
    assert await either.send(GetProcessGraphs(colonyname=COLONY, count=0, state=WAITING)) == ()
    assert await either.send(GetProcessGraphs(colonyname=COLONY, count=3, state=FAILED)) == ()


async def test_the_drawing_of_a_graph(either: Harness) -> None:
    key = await either.register("worker")
    graphid = (await submit(either, {**DIAMOND, "e": ("a", "d"), "alone": ()})).processgraphid
    await either.assign(key)
    drawn = await graph(either, graphid)
    names = {node.id: node.data.label for node in drawn.nodes}
    assert [names[processid] for processid in drawn.processids] == ["a", "b", "d", "e", "c", "alone"]
    assert {
        node.data.label: (node.position.x, node.position.y, node.type, node.style.background) for node in drawn.nodes
    } == {
        "a": (0, 0, "input", "#4689cd"),
        "alone": (200, 0, "input", "#eee8d8"),
        "b": (0, 80, "", "#eee8d8"),
        "c": (200, 80, "", "#eee8d8"),
        "d": (100, 160, "", "#eee8d8"),
        "e": (100, 240, "output", "#eee8d8"),
    }
    assert [(names[edge.source] + names[edge.target], edge.animated) for edge in drawn.edges] == [
        ("ab", True),
        ("ac", True),
        ("ae", True),
        ("bd", False),
        ("de", False),
        ("cd", False),
    ]
    assert all(edge.id == f"{edge.source}-{edge.target}" for edge in drawn.edges)


async def test_workflows_are_counted(either: Harness) -> None:
    key = await either.register("worker")
    for end in ("cancel", "succeed", "fail", "run", "wait"):
        submitted = await submit(either, {"a": ()})
        if end == "cancel":
            await either.send(CancelProcessGraph(processgraphid=submitted.processgraphid))
        elif end != "wait":
            process = await either.assign(key)
            if end != "run":
                await (either.succeed if end == "succeed" else either.fail)(process, key)
    counted = await either.send(GetColonyStatistics(colonyname=COLONY))
    fields = [name for name in type(counted).model_fields if name.endswith("workflows")]
    assert [getattr(counted, name) for name in fields] == [1, 1, 1, 1, 1]
    whole = await either.send(GetServerStatistics(), either.server_key)
    expected = 0 if either.server.settings.real_quirks else 1  # a real server leaves them out
    assert [getattr(whole, name) for name in fields] == [expected] * 5
