"""Workflows that are refused, removed, forgotten; and what a real server makes of those that it should refuse."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from colonies_tui.protocol.errors import NotFound, NothingAssigned, Refused
from colonies_tui.protocol.messages.process import GetAttribute, GetProcesses, RemoveAllProcesses
from colonies_tui.protocol.messages.workflow import (
    GetProcessGraph,
    GetProcessGraphs,
    RemoveAllProcessGraphs,
    RemoveProcessGraph,
    SubmitWorkflow,
)
from colonies_tui.protocol.models.workflow import WorkflowSpec
from colonies_tui.protocol.states import ProcessState
from tests.localserver.harness import COLONY, Harness, harness
from tests.localserver.workflow_world import DIAMOND, a_node, graph, members, submit

NODE = {"nodename": "a", "funcname": "f", "conditions": {"executortype": "cli"}}

BAD: dict[str, tuple[list[dict[str, Any]], int, str]] = {
    "no name": ([{**NODE, "nodename": ""}], 500, "nodename is missing"),
    "the same name twice": ([NODE, NODE], 500, "Duplicate nodename: a"),
    "an unknown dependency": ([{**NODE, "conditions": {"dependencies": ["z"]}}], 500, "invalid dependencies"),
    "a cpu text that is none": ([{**NODE, "conditions": {"cpu": "xm"}}], 500, "CPU"),
    "a size that is none": ([{**NODE, "conditions": {"mem": "much"}}], 500, "memory"),
}
"""Functions that no server takes, with status and words."""

RUNS_NEVER: dict[str, tuple[list[dict[str, Any]], str]] = {
    "nothing": ([], "no functionspecs"),
    "itself": ([{**NODE, "conditions": {"dependencies": ["a"]}}], "a → a"),
    "a circle": (
        [
            {**NODE, "conditions": {"dependencies": ["b"]}},
            {**NODE, "nodename": "b", "conditions": {"dependencies": ["a"]}},
        ],
        "goes in a circle",
    ),
}
"""Functions that a real server takes although they never run, and what ours says of them."""


async def post(bench: Harness, functions: list[dict[str, Any]]) -> tuple[int, str]:
    """Submit functions as they are; return status and words of the error, if it is one."""
    payload = {"msgtype": SubmitWorkflow.msgtype, "spec": {"colonyname": COLONY, "functionspecs": functions}}
    response = await bench.post(SubmitWorkflow.msgtype, payload, bench.user_key)
    return response.status_code, _words(response.content)


def _words(body: bytes) -> str:
    return str(json.loads(base64.b64decode(json.loads(body)["payload"])).get("message", ""))


async def listed(bench: Harness, state: ProcessState = ProcessState.WAITING) -> list[str]:
    rows = await bench.send(GetProcessGraphs(colonyname=COLONY, count=100, state=state))
    return [row.processgraphid for row in rows]


@pytest.mark.parametrize("real_quirks", [False, True])
@pytest.mark.parametrize("name", BAD)
async def test_what_no_server_takes(name: str, real_quirks: bool) -> None:
    functions, status, words = BAD[name]
    async with harness(real_quirks=real_quirks) as bench:
        answered = await post(bench, functions)
        assert answered[0] == status
        assert words in answered[1]
        waiting = await bench.send(GetProcesses(colonyname=COLONY, count=10, state=ProcessState.WAITING))
        assert waiting == ()


@pytest.mark.parametrize("name", BAD)
async def test_nothing_is_stored_of_a_refused_workflow(bench: Harness, name: str) -> None:
    await post(bench, BAD[name][0])
    assert await listed(bench) == []


@pytest.mark.parametrize("name", RUNS_NEVER)
async def test_what_would_never_run_is_refused(bench: Harness, name: str) -> None:
    functions, words = RUNS_NEVER[name]
    status, said = await post(bench, functions)
    assert (status, words in said) == (400, True)
    assert await listed(bench) == []


@pytest.mark.parametrize("name", RUNS_NEVER)
async def test_a_real_server_stores_what_never_runs(quirky: Harness, name: str) -> None:
    key = await quirky.register("worker")
    assert (await post(quirky, RUNS_NEVER[name][0]))[0] == 200
    (graphid,) = await listed(quirky)
    shown = await graph(quirky, graphid)
    assert (shown.rootprocessids, shown.processids, shown.nodes) == ((), (), ())
    with pytest.raises(NothingAssigned):
        await quirky.assign(key)
    await quirky.send(RemoveProcessGraph(processgraphid=graphid))
    assert await listed(quirky) == []


async def test_a_circle_behind_a_root_is_drawn_on_a_real_server(quirky: Harness) -> None:
    functions = [
        NODE,
        {**NODE, "nodename": "b", "conditions": {"dependencies": ["a", "c"]}},
        {**NODE, "nodename": "c", "conditions": {"dependencies": ["b"]}},
    ]
    assert (await post(quirky, functions))[0] == 200
    (graphid,) = await listed(quirky)
    assert [node.data.label for node in (await graph(quirky, graphid)).nodes] == ["a", "b", "c"]


async def test_an_unknown_dependency_breaks_the_list_of_a_real_server_until_all_is_removed(quirky: Harness) -> None:
    whole = await submit(quirky, {"a": ()})
    await post(quirky, [NODE, {**NODE, "nodename": "b", "conditions": {"dependencies": ["z"]}}])
    with pytest.raises(Refused, match="not found"):
        await listed(quirky)
    (broken,) = quirky.server.database.all(
        "SELECT processgraphid FROM processgraphs WHERE processgraphid <> ?", (whole.processgraphid,)
    )
    for request in (GetProcessGraph(processgraphid=broken[0]), RemoveProcessGraph(processgraphid=broken[0])):
        with pytest.raises(Refused, match="not found") as refusal:
            await quirky.send(request)
        assert refusal.value.status == 400
    assert (await graph(quirky, whole.processgraphid)).state is ProcessState.WAITING
    await quirky.send(RemoveAllProcessGraphs(colonyname=COLONY, state=0), quirky.colony_key)
    assert await listed(quirky) == []


@pytest.mark.parametrize("real_quirks", [False, True])
async def test_in_a_workflow_no_execution_time_is_no_limit_and_any_priority_is_taken(real_quirks: bool) -> None:
    async with harness(real_quirks=real_quirks) as bench:
        key = await bench.register("worker")
        functions = [{**NODE, "priority": 70_000}, {**NODE, "nodename": "b", "maxexectime": 0, "priority": -70_000}]
        assert (await post(bench, functions))[0] == 200
        for nodename in "ab":
            running = await bench.assign(key)
            assert (running.spec.nodename, running.spec.maxexectime) == (nodename, -1)
        await bench.advance(100)
        assert (await bench.process(running.processid)).state is ProcessState.RUNNING


async def test_the_colony_of_a_workflow_counts_and_not_that_of_a_function(bench: Harness) -> None:
    node = a_node("a", conditions={"colonyname": "elsewhere"})
    submitted = await bench.send(SubmitWorkflow(spec=WorkflowSpec(colonyname=COLONY, functionspecs=(node,))))
    assert (await bench.process(submitted.processids[0])).spec.conditions.colonyname == COLONY


@pytest.mark.parametrize("real_quirks", [False, True])
async def test_removing_a_graph_takes_its_processes_and_attributes(real_quirks: bool) -> None:
    async with harness(real_quirks=real_quirks) as bench:
        key = await bench.register("worker")
        graphid = (await submit(bench, DIAMOND, env={"K": "v"})).processgraphid
        other = (await submit(bench, {"a": ()})).processgraphid
        a = await bench.assign(key)
        with pytest.raises(Refused, match="cannot remove a running processgraph"):
            await bench.send(RemoveProcessGraph(processgraphid=graphid))
        await bench.fail(a, key)
        processes = (await members(bench, graphid)).values()
        await bench.send(RemoveProcessGraph(processgraphid=graphid))
        with pytest.raises(Refused, match="graph is nil"):
            await graph(bench, graphid)
        for process in processes:
            with pytest.raises(NotFound):
                await bench.process(process.processid)
            with pytest.raises(Refused, match="Attribute does not exists"):
                await bench.send(GetAttribute(attributeid=process.attributes[0].attributeid))
        assert await listed(bench) == [other]


async def _failed_leaf_and_running_graph(bench: Harness, key: Any) -> tuple[str, str, Any]:
    """Make a graph that failed by a leaf while a member runs, and one that runs with a failed member: return ids."""
    failed = (await submit(bench, {"leaf": (), "b": (), "c": ("b",)})).processgraphid
    leaf, b = await bench.assign(key), await bench.assign(key)
    await bench.fail(leaf, key)
    running = (await submit(bench, {"a": (), "b": ("a",)})).processgraphid
    a = await bench.assign(key)
    await bench.succeed(a, key)
    return failed, running, b


async def test_removing_all_of_a_state_leaves_other_graphs_whole(bench: Harness) -> None:
    key = await bench.register("worker")
    _, running, b = await _failed_leaf_and_running_graph(bench, key)
    await bench.send(RemoveAllProcessGraphs(colonyname=COLONY, state=2), bench.colony_key)
    assert len(await members(bench, running)) == 2
    await bench.send(RemoveAllProcessGraphs(colonyname=COLONY, state=3), bench.colony_key)
    assert await listed(bench, ProcessState.FAILED) == []
    with pytest.raises(NotFound):
        await bench.process(b.processid)
    assert await listed(bench, ProcessState.RUNNING) == [running]
    assert (await bench.assign(key)).processgraphid == running


async def test_removing_all_of_a_state_breaks_living_graphs_of_a_real_server(quirky: Harness) -> None:
    key = await quirky.register("worker")
    failed, running, b = await _failed_leaf_and_running_graph(quirky, key)
    await quirky.send(RemoveAllProcessGraphs(colonyname=COLONY, state=2), quirky.colony_key)
    with pytest.raises(Refused, match="not found"):
        await graph(quirky, running)
    with pytest.raises(Refused, match="not found"):
        await listed(quirky, ProcessState.RUNNING)
    # Members of a removed graph stay at work. A real server ends when such a member closes; ours does not.
    await quirky.send(RemoveAllProcessGraphs(colonyname=COLONY, state=3), quirky.colony_key)
    with pytest.raises(Refused, match="graph is nil"):
        await graph(quirky, failed)
    await quirky.succeed(b, key)
    assert (await quirky.process(b.processid)).state is ProcessState.SUCCESS


@pytest.mark.parametrize("real_quirks", [False, True])
async def test_removing_all_removes_running_workflows_too(real_quirks: bool) -> None:
    async with harness(real_quirks=real_quirks) as bench:
        key = await bench.register("worker")
        await _failed_leaf_and_running_graph(bench, key)
        alone = await bench.submit()
        with pytest.raises(Refused, match="not possible to remove running"):
            await _remove_all(bench, 1)
        with pytest.raises(Refused, match="invalid state"):
            await _remove_all(bench, 7)
        await _remove_all(bench, -1)
        for state in ProcessState:
            assert await listed(bench, state) == []
            left = await bench.send(GetProcesses(colonyname=COLONY, count=100, state=state))
            assert [process.processid for process in left] == ([alone.processid] if state == 0 else [])


async def _remove_all(bench: Harness, state: int) -> None:
    await bench.send(RemoveAllProcessGraphs(colonyname=COLONY, state=state), bench.colony_key)


@pytest.mark.parametrize("real_quirks", [False, True])
async def test_removing_all_processes_leaves_workflows(real_quirks: bool) -> None:
    async with harness(real_quirks=real_quirks) as bench:
        submitted = await submit(bench, DIAMOND, env={"K": "v"})
        await bench.submit(env={"K": "v"})
        await bench.send(RemoveAllProcesses(colonyname=COLONY, state=0), bench.colony_key)
        left = await bench.send(GetProcesses(colonyname=COLONY, count=100, state=ProcessState.WAITING))
        assert {process.processid for process in left} == set(submitted.processids)
        assert {process.spec.env["K"] for process in left} == {"v"}
        await bench.send(RemoveAllProcesses(colonyname=COLONY, state=-1), bench.colony_key)
        for process in (await members(bench, submitted.processgraphid)).values():
            # With "all", a real server deletes the environment of what it leaves.
            assert process.spec.env == ({} if real_quirks else {"K": "v"})
            assert len(process.attributes) == (0 if real_quirks else 1)


@pytest.mark.parametrize("real_quirks", [False, True])
async def test_retention_and_workflows(real_quirks: bool) -> None:
    async with harness(
        real_quirks=real_quirks, retention=True, retention_seconds=1000, stale_executor_seconds=1e6
    ) as bench:
        key = await bench.register("worker")
        done = (await submit(bench, {"a": (), "b": ("a",)})).processgraphid
        for _ in range(2):
            await bench.succeed(await bench.assign(key), key)
        failed = (await submit(bench, {"a": ()})).processgraphid
        await bench.fail(await bench.assign(key), key)
        living = (await submit(bench, {"a": (), "b": ("a",)})).processgraphid
        await bench.succeed(await bench.assign(key), key)
        await bench.advance(1100)
        with pytest.raises(Refused, match="graph is nil"):
            await graph(bench, done)
        assert (await graph(bench, failed)).state is ProcessState.FAILED
        left = await bench.send(GetProcesses(colonyname=COLONY, count=100, state=ProcessState.SUCCESS))
        if real_quirks:
            assert left == ()
            with pytest.raises(Refused, match="not found"):
                await graph(bench, living)
        else:
            assert [process.processgraphid for process in left] == [living]
            await bench.succeed(await bench.assign(key), key)
            assert (await graph(bench, living)).state is ProcessState.SUCCESS
            await bench.advance(120)
            with pytest.raises(Refused, match="graph is nil"):
                await graph(bench, living)
            assert await bench.send(GetProcesses(colonyname=COLONY, count=100, state=ProcessState.SUCCESS)) == ()


@pytest.mark.parametrize("real_quirks", [False, True])
async def test_a_list_that_is_too_long_is_refused(real_quirks: bool) -> None:
    async with harness(real_quirks=real_quirks) as bench:
        for count in (101, -1):
            payload = {"msgtype": "getprocessgraphsmsg", "colonyname": COLONY, "count": count, "state": 0}
            assert (await bench.post("getprocessgraphsmsg", payload, bench.user_key)).status_code == 400
