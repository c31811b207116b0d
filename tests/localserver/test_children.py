"""Members that an executor adds to the graph of the process that it runs (§ Workflow, addchild)."""

from __future__ import annotations

from typing import Any

import pytest

from colonies_tui.protocol.crypto import PrivateKey, random_id
from colonies_tui.protocol.errors import NothingAssigned, Refused
from colonies_tui.protocol.messages.workflow import AddChild
from colonies_tui.protocol.models.process import Process
from colonies_tui.protocol.states import ProcessState
from tests.localserver.harness import COLONY, Harness, harness
from tests.localserver.workflow_world import DIAMOND, a_node, assign_named, graph, hear, members, run, submit


async def add(bench: Harness, key: PrivateKey, parent: Process, nodename: str, **more: Any) -> Process:
    request = {"processgraphid": parent.processgraphid, "parentprocessid": parent.processid, **more}
    return await bench.send(AddChild(spec=a_node(nodename), **request), key)


async def names_of(bench: Harness, processids: tuple[str, ...]) -> list[str]:
    return [(await bench.process(processid)).spec.nodename for processid in processids]


async def test_a_child_beside_the_others(either: Harness) -> None:
    key = await either.register("worker")
    graphid = (await submit(either, DIAMOND)).processgraphid
    a = await either.assign(key)
    heard = hear(either)
    added = await add(either, key, a, "e")
    assert (added.state, added.waitforparents, added.parents) == (ProcessState.WAITING, True, (a.processid,))
    assert (added.initiatorid, added.initiatorname, added.processgraphid) == ("", "", graphid)
    assert added.spec.conditions.colonyname == COLONY
    assert await names_of(either, (await either.process(a.processid)).children) == ["b", "c", "e"]
    assert await names_of(either, (await graph(either, graphid)).processids) == ["a", "b", "d", "c", "e"]
    assert heard == []
    await either.succeed(a, key, "from a")
    await run(either, key, "b", "c", "d")
    process = await assign_named(either, key, "e")
    assert process.input == ("from a",)
    await either.succeed(process, key)
    assert (await graph(either, graphid)).state is ProcessState.SUCCESS


async def test_a_node_that_takes_over_the_children(either: Harness) -> None:
    key = await either.register("worker")
    graphid = (await submit(either, DIAMOND)).processgraphid
    a = await either.assign(key)
    added = await add(either, key, a, "between", insert=True)
    named = await members(either, graphid)
    assert (await either.process(a.processid)).children == (added.processid,)
    assert added.children == (named["b"].processid, named["c"].processid)
    assert named["b"].parents == named["c"].parents == (added.processid,)
    assert await names_of(either, (await graph(either, graphid)).processids) == ["a", "between", "b", "d", "c"]
    await either.succeed(a, key)
    await run(either, key, "between", "b", "c")
    assert (await assign_named(either, key, "d")).input == ("b", "c")


async def test_a_child_for_which_another_waits_too(either: Harness) -> None:
    key = await either.register("worker")
    graphid = (await submit(either, DIAMOND)).processgraphid
    a = await either.assign(key)
    d = (await members(either, graphid))["d"]
    added = await add(either, key, a, "e", childprocessid=d.processid)
    assert added.children == (d.processid,)
    assert await names_of(either, (await either.process(d.processid)).parents) == ["b", "c", "e"]
    await either.succeed(a, key)
    await run(either, key, "b", "c", "e")
    assert (await assign_named(either, key, "d")).input == ("b", "c", "e")


async def test_what_could_start_waits_again_for_a_new_parent(either: Harness) -> None:
    key = await either.register("worker")
    graphid = (await submit(either, {"a": (), "other": ()})).processgraphid
    a = await either.assign(key)
    other = (await members(either, graphid))["other"]
    await add(either, key, a, "e", childprocessid=other.processid)
    with pytest.raises(NothingAssigned):
        await either.assign(key)
    await either.succeed(a, key)
    await run(either, key, "e")
    assert (await assign_named(either, key, "other")).input == ("e",)


async def test_a_graph_grows_at_its_leaf_without_end(either: Harness) -> None:
    key = await either.register("worker")
    graphid = (await submit(either, {"n0": ()})).processgraphid
    for number in range(5):
        process = await assign_named(either, key, f"n{number}")
        if number < 4:
            await add(either, key, process, f"n{number + 1}")
        await either.succeed(process, key)
    assert (await graph(either, graphid)).state is ProcessState.SUCCESS
    assert await names_of(either, (await graph(either, graphid)).processids) == [f"n{number}" for number in range(5)]


async def test_only_who_runs_the_parent_may_add_and_only_while_it_runs(either: Harness) -> None:
    key, other = await either.register("worker"), await either.register("other")
    graphid = (await submit(either, DIAMOND)).processgraphid
    b = (await members(either, graphid))["b"]
    a = await either.assign(key)
    for sender, parent, words in (
        (other, a, f"Process with Id {a.processid} is not assigned to executor with Id {other.identity}"),
        (either.user_key, a, "is not assigned"),
        (key, b, "is not assigned"),
    ):
        with pytest.raises(Refused, match=words) as refusal:
            await add(either, sender, parent, "e")
        assert refusal.value.status == 400
    await either.succeed(a, key)
    with pytest.raises(Refused, match="is not running"):
        await add(either, key, a, "e")
    await either.submit(priority=1)
    alone = await either.assign(key)
    with pytest.raises(Refused, match="not part of a processgraph"):
        await add(either, key, alone, "e", processgraphid=graphid)


async def test_what_would_end_a_real_server_is_refused(either: Harness) -> None:
    key = await either.register("worker")
    await submit(either, DIAMOND)
    a = await either.assign(key)
    for ids in ({"parentprocessid": random_id()}, {"childprocessid": random_id()}):
        with pytest.raises(Refused, match="does not exist") as refusal:
            await add(either, key, a, "e", **ids)
        assert refusal.value.status == 400
    assert (await either.process(a.processid)).children == a.children


async def test_a_child_must_be_a_member_that_waits(bench: Harness) -> None:
    key = await bench.register("worker")
    graphid = (await submit(bench, {"a": (), "b": ("a",), "r": ()})).processgraphid
    stranger = (await submit(bench, {"x": ()}, priority=-1)).processids[0]
    a, r = await bench.assign(key), await bench.assign(key)
    for childprocessid, words in (
        (stranger, "not part of the same processgraph"),
        (a.processid, "is not waiting"),
        (r.processid, "is not waiting"),
    ):
        with pytest.raises(Refused, match=words):
            await add(bench, key, a, "e", childprocessid=childprocessid)
    with pytest.raises(Refused, match="is not part of processgraph"):
        await add(bench, key, a, "e", processgraphid=random_id())
    assert set(await members(bench, graphid)) == {"a", "b", "r"}


async def test_a_real_server_takes_any_graph_id_and_ours_goes_on_where_it_ends(quirky: Harness) -> None:
    key = await quirky.register("worker")
    graphid = (await submit(quirky, {"a": ()})).processgraphid
    a = await quirky.assign(key)
    elsewhere = random_id()
    added = await add(quirky, key, a, "e", processgraphid=elsewhere)
    assert added.processgraphid == elsewhere
    await quirky.succeed(a, key, "x")
    running = await assign_named(quirky, key, "e")
    assert running.input == ("x",)
    await quirky.succeed(running, key)
    assert (await quirky.process(running.processid)).state is ProcessState.SUCCESS
    assert (await graph(quirky, graphid)).state is ProcessState.SUCCESS


@pytest.mark.parametrize("real_quirks", [False, True])
async def test_no_execution_time_means_at_once_for_a_child_on_a_real_server(real_quirks: bool) -> None:
    async with harness(real_quirks=real_quirks) as bench:
        key = await bench.register("worker")
        await submit(bench, {"a": ()})
        a = await bench.assign(key)
        node = a_node("e", maxexectime=0)
        request = AddChild(processgraphid=a.processgraphid, parentprocessid=a.processid, spec=node)
        assert (await bench.send(request, key)).spec.maxexectime == (0 if real_quirks else -1)
