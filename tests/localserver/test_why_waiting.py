"""The reasons why a process waits, against what the server really does (§ Queue order and matching)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.messages.colony import PauseAssignments, ResumeAssignments
from colonies_tui.protocol.messages.executor import ApproveExecutor, RejectExecutor, RemoveExecutor
from colonies_tui.protocol.states import ExecutorState
from colonies_tui.store.waiting import Outlook, StepKind
from colonies_tui.store.waiting_conditions import Condition
from tests.localserver.harness import COLONY, Harness, harness
from tests.localserver.waiting_world import Machine, is_handed_to, verdict_on
from tests.localserver.workflow_world import members, submit

SMALL = Machine(cores=4, gibibytes=8)


@dataclass
class Case:
    """How a colony is made in which something blocks, and how that is taken away again."""

    conditions: dict[str, Any] = field(default_factory=dict)
    executor: dict[str, Any] = field(default_factory=dict)
    prepare: Callable[[Harness], Awaitable[object]] | None = None
    certain: bool = True


async def _pause(bench: Harness) -> None:
    await bench.send(PauseAssignments(colonyname=COLONY), bench.colony_key)


BLOCKING: dict[Condition, Case] = {
    Condition.PAUSED: Case(prepare=_pause),
    Condition.BREADTH: Case(conditions={"nodes": 128}),
    Condition.TYPE: Case(conditions={"executortype": "gpu"}),
    Condition.NAME: Case(conditions={"executornames": ["somebody-else"]}),
    Condition.APPROVED: Case(executor={"approved": False}),
    Condition.LOCATION: Case(conditions={"locationname": "rack-9"}),
    Condition.CPU: Case(conditions={"cpu": "4001m"}, certain=False),
    Condition.MEM: Case(conditions={"mem": "9Gi"}, certain=False),
}
"""One colony for each condition; parents, silence and storage have tests of their own below."""


async def _colony(bench: Harness, *causes: Condition) -> tuple[str, PrivateKey]:
    conditions: dict[str, Any] = {}
    executor: dict[str, Any] = {"locationname": "rack-1", "capabilities": SMALL.capabilities}
    for cause in causes:
        conditions |= BLOCKING[cause].conditions
        executor |= BLOCKING[cause].executor
    key = await bench.register("worker", **executor)
    for cause in causes:
        prepare = BLOCKING[cause].prepare
        if prepare is not None:
            await prepare(bench)
    return (await bench.submit(conditions=conditions)).processid, key


@pytest.mark.parametrize("cause", BLOCKING, ids=lambda cause: cause.name.lower())
async def test_each_condition_alone_is_named_and_really_blocks(bench: Harness, cause: Condition) -> None:
    process_id, key = await _colony(bench, cause)
    verdict = await verdict_on(bench, process_id)
    assert verdict.causes == {cause}
    assert verdict.outlook is (Outlook.BLOCKED if BLOCKING[cause].certain else Outlook.DOUBTFUL)
    assert not await is_handed_to(bench, process_id, key, **SMALL.offer)


async def test_without_any_of_them_nothing_is_named_and_it_is_taken(bench: Harness) -> None:
    process_id, key = await _colony(bench)
    verdict = await verdict_on(bench, process_id)
    assert (verdict.outlook, verdict.causes, verdict.steps) == (Outlook.FREE, frozenset(), ())
    assert await is_handed_to(bench, process_id, key, **SMALL.offer)


@pytest.mark.parametrize(
    "conditions",
    [
        {"locationname": "RACK-1"},
        {"cpu": "4000m"},
        {"mem": "8Gi"},
        {"nodes": 127, "processes": 127, "processespernode": 127},
        {"executornames": ["somebody-else", "worker"]},
        {"executornames": ["*"]},
        {"walltime": 99999, "gpu": {"name": "g", "count": 9}},
    ],
    ids=lambda conditions: "+".join(conditions),
)
async def test_what_just_fits_is_not_named_and_is_taken(bench: Harness, conditions: dict[str, Any]) -> None:
    key = await bench.register("worker", locationname="rack-1", capabilities=SMALL.capabilities)
    process_id = (await bench.submit(conditions=conditions)).processid
    assert (await verdict_on(bench, process_id)).outlook is Outlook.FREE
    assert await is_handed_to(bench, process_id, key, **SMALL.offer)


@pytest.mark.parametrize(
    "causes",
    [
        (Condition.PAUSED, Condition.APPROVED, Condition.LOCATION),
        (Condition.NAME, Condition.LOCATION, Condition.CPU),
        (Condition.BREADTH, Condition.APPROVED, Condition.MEM),
        (Condition.TYPE, Condition.LOCATION, Condition.PAUSED),
        (Condition.APPROVED, Condition.CPU, Condition.MEM),
        (Condition.TYPE, Condition.NAME, Condition.BREADTH),
    ],
    ids=lambda causes: "+".join(cause.name.lower() for cause in causes),
)
async def test_of_three_all_three_are_named(bench: Harness, causes: tuple[Condition, ...]) -> None:
    process_id, key = await _colony(bench, *causes)
    verdict = await verdict_on(bench, process_id)
    assert verdict.causes == set(causes)
    assert verdict.outlook is Outlook.BLOCKED
    assert not await is_handed_to(bench, process_id, key, **SMALL.offer)


async def test_parents(bench: Harness) -> None:
    key = await bench.register("worker")
    graph = await submit(bench, {"a": (), "b": (), "c": ("a", "b")})
    nodes = await members(bench, graph.processgraphid)
    child = nodes["c"].processid
    verdict = await verdict_on(bench, child)
    assert verdict.outlook is Outlook.BLOCKED
    assert verdict.causes == {Condition.PARENTS}
    assert verdict.own[Condition.PARENTS].words == "2 of 2"
    first = await bench.assign(key)
    verdict = await verdict_on(bench, child)
    assert [(step.kind, step.target) for step in verdict.steps] == [(StepKind.PARENT, first.processid)]
    await bench.succeed(first, key)
    assert (await verdict_on(bench, child)).own[Condition.PARENTS].words == "1 of 2"
    assert not await is_handed_to(bench, child, key)
    second = nodes["b" if first.spec.nodename == "a" else "a"]
    await bench.succeed(second, key)
    assert (await verdict_on(bench, child)).outlook is Outlook.FREE
    assert await is_handed_to(bench, child, key)


@pytest.mark.parametrize("exclusive", [False, True])
async def test_storage_is_a_reason_only_where_a_server_may_assign_exclusively(exclusive: bool) -> None:
    async with harness(real_quirks=exclusive) as bench:
        key = await bench.register("worker")
        process_id = (await bench.submit(conditions={"storage": "1Gi"})).processid
        verdict = await verdict_on(bench, process_id)
        assert verdict.causes == ({Condition.STORAGE} if exclusive else set())
        assert verdict.outlook is (Outlook.DOUBTFUL if exclusive else Outlook.FREE)
        assert await is_handed_to(bench, process_id, key) is not exclusive


async def test_an_executor_that_has_gone_silent_is_a_doubt_and_no_block(bench: Harness) -> None:
    key = await bench.register("worker")
    assert not await is_handed_to(bench, "", key)
    process_id = (await bench.submit()).processid
    assert (await verdict_on(bench, process_id)).outlook is Outlook.FREE
    await bench.advance(121)
    verdict = await verdict_on(bench, process_id)
    assert verdict.outlook is Outlook.DOUBTFUL
    assert verdict.causes == {Condition.ALIVE}
    busy = await verdict_on(bench, process_id, runs_something=frozenset({"worker"}))
    assert busy.outlook is Outlook.FREE, "it does not ask while it works"
    assert await is_handed_to(bench, process_id, key)


async def test_one_that_never_asked_is_given_two_minutes(bench: Harness) -> None:
    await bench.register("worker")
    process_id = (await bench.submit()).processid
    assert (await verdict_on(bench, process_id)).outlook is Outlook.FREE
    await bench.advance(121)
    assert (await verdict_on(bench, process_id)).causes == {Condition.ALIVE}


async def test_each_way_out_leads_out(bench: Harness) -> None:
    process_id, key = await _colony(bench, Condition.PAUSED, Condition.APPROVED)
    steps = (await verdict_on(bench, process_id)).steps
    assert [step.kind for step in steps] == [StepKind.RESUME, StepKind.APPROVE]
    await bench.send(ResumeAssignments(colonyname=COLONY), bench.colony_key)
    verdict = await verdict_on(bench, process_id)
    assert [(step.kind, step.target) for step in verdict.steps] == [(StepKind.APPROVE, "worker")]
    await bench.send(ApproveExecutor(colonyname=COLONY, executorname="worker"), bench.colony_key)
    assert (await verdict_on(bench, process_id)).outlook is Outlook.FREE
    assert await is_handed_to(bench, process_id, key, **SMALL.offer)


async def test_approval_is_not_offered_where_it_would_not_help(bench: Harness) -> None:
    process_id, _ = await _colony(bench, Condition.APPROVED, Condition.LOCATION)
    assert [step.kind for step in (await verdict_on(bench, process_id)).steps] == [StepKind.EXECUTORS]


# -- random colonies ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RandomExecutor:
    kind: str
    location: str
    state: ExecutorState
    machine: Machine
    is_silent: bool


_machines = st.builds(Machine, cores=st.sampled_from([0, 2, 8]), gibibytes=st.sampled_from([0, 4, 32]))
_executors = st.builds(
    RandomExecutor,
    kind=st.sampled_from(["cli", "cli", "gpu"]),
    location=st.sampled_from(["", "rack-1", "Rack-2"]),
    state=st.sampled_from([ExecutorState.APPROVED] * 3 + list(ExecutorState)),
    machine=_machines,
    is_silent=st.booleans(),
)
_conditions = st.fixed_dictionaries(
    {"executortype": st.sampled_from(["cli", "cli", "gpu", "tpu"])},
    optional={
        "executornames": st.sampled_from([[], [], ["e0"], ["e1", "e2"], ["nobody"]]),
        "locationname": st.sampled_from(["", "", "rack-1", "RACK-2", "rack-3"]),
        "cpu": st.sampled_from(["0m", "2000m", "8000m", "9000m"]),
        "mem": st.sampled_from(["0Mi", "4Gi", "16Gi", "33Gi"]),
        "storage": st.sampled_from(["0Mi", "1Gi"]),
        "nodes": st.sampled_from([0, 0, 1, 127, 128]),
    },
)


async def _register(bench: Harness, name: str, wanted: RandomExecutor) -> PrivateKey:
    key = await bench.register(
        name,
        executortype=wanted.kind,
        approved=wanted.state is ExecutorState.APPROVED,
        locationname=wanted.location,
        capabilities=wanted.machine.capabilities,
    )
    decision = {ExecutorState.REJECTED: RejectExecutor, ExecutorState.UNREGISTERED: RemoveExecutor}.get(wanted.state)
    if decision is not None:
        await bench.send(decision(colonyname=COLONY, executorname=name), bench.colony_key)
    if wanted.is_silent:
        await is_handed_to(bench, "", key)
    return key


@given(
    executors=st.lists(_executors, max_size=3),
    conditions=_conditions,
    is_paused=st.sampled_from([False, False, False, True]),
    has_parent=st.sampled_from([False, False, False, True]),
    real_quirks=st.booleans(),
    is_honest=st.booleans(),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
async def test_whatever_a_colony_is_like_the_server_agrees(
    executors: list[RandomExecutor],
    conditions: dict[str, Any],
    is_paused: bool,
    has_parent: bool,
    real_quirks: bool,
    is_honest: bool,
) -> None:
    async with harness(real_quirks=real_quirks) as bench:
        keys = [await _register(bench, f"e{number}", wanted) for number, wanted in enumerate(executors)]
        if any(wanted.is_silent for wanted in executors):
            await bench.advance(200)
        if has_parent:
            parents = {"parent": (), "child": ("parent",)}
            graph = await submit(bench, parents, conditions={**conditions})
            process_id = (await members(bench, graph.processgraphid))["child"].processid
        else:
            process_id = (await bench.submit(conditions=conditions)).processid
        if is_paused:
            await _pause(bench)
        verdict = await verdict_on(bench, process_id)
        is_taken = False
        for wanted, key in zip(executors, keys, strict=True):
            offer = wanted.machine.offer if is_honest else {}
            is_taken = is_taken or await is_handed_to(bench, process_id, key, **offer)
        assert (verdict.outlook is Outlook.FREE) is not bool(verdict.causes)
        if verdict.outlook is Outlook.FREE:
            assert is_taken
        elif is_taken:  # only what cannot be seen from outside leaves a doubt about what can be taken
            assert verdict.outlook is Outlook.DOUBTFUL, verdict.causes
            assert verdict.causes & {Condition.ALIVE, Condition.CPU, Condition.MEM, Condition.STORAGE}
