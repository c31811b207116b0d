"""What is concluded about a waiting process beside the conditions themselves: who is told, its place, advice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.protocol.models.executor import (
    Allocations,
    Capabilities,
    Executor,
    Function,
    Gpu,
    Hardware,
    Project,
)
from colonies_tui.protocol.models.process import Conditions, FunctionSpec, Process, ProcessRow
from colonies_tui.protocol.states import ExecutorState, ProcessState
from colonies_tui.store.executor_condition import ExecutorCondition
from colonies_tui.store.queue_place import queue_place
from colonies_tui.store.waiting import Outlook, StepKind, Verdict, WaitingFacts, explain_waiting
from colonies_tui.store.waiting_advice import AdviceKind, waiting_advice
from colonies_tui.store.waiting_conditions import Condition, Mark, claimed_cpu, claimed_mem
from colonies_tui.store.waits_for import WaitsFor

from .rows import executor, process_row

NOW = 1_000_000.0
PENDING, APPROVED, REJECTED, GONE = ExecutorState


def a_process(funcname: str = "work", *, submitted: float = NOW - 60, **conditions: Any) -> Process:
    where = Conditions(colonyname="dev", **{"executortype": "cli", **conditions})
    return Process(
        processid="p",
        submissiontime=datetime.fromtimestamp(submitted, UTC),
        prioritytime=int(submitted * 1e9),
        spec=FunctionSpec(funcname=funcname, conditions=where),
    )


def judge(process: Process, *executors: Executor, busy: tuple[str, ...] = (), **facts: Any) -> Verdict:
    pairs = [(each, each.executorname in busy) for each in executors]
    return explain_waiting(WaitingFacts(process=process, executors=pairs, now=NOW, **facts))


def with_hardware(name: str, *machines: Hardware, **more: Any) -> Executor:
    return executor(name, **more).model_copy(update={"capabilities": Capabilities(hardware=machines)})


# -- who is named ------------------------------------------------------------------------------------------------------


def test_only_what_keeps_the_nearest_executors_is_a_reason() -> None:
    far = executor("far", PENDING).model_copy(update={"locationname": "rack-1"})
    near = executor("near").model_copy(update={"locationname": "rack-1"})
    verdict = judge(a_process(locationname="rack-2"), far, near)
    assert verdict.causes == {Condition.LOCATION}
    assert [each.executor.executorname for each in verdict.executors] == ["near", "far"]
    assert [each.executor.executorname for each in verdict.blockers[0].executors] == ["near"]


def test_of_several_ways_all_are_reasons() -> None:
    here = executor("here", PENDING).model_copy(update={"locationname": "rack-2"})
    there = executor("there").model_copy(update={"locationname": "rack-1"})
    verdict = judge(a_process(locationname="rack-2"), here, there)
    assert verdict.causes == {Condition.APPROVED, Condition.LOCATION}
    assert verdict.steps[0].kind is StepKind.APPROVE
    assert verdict.steps[0].target == "here"


def test_others_of_the_type_say_nothing_where_the_named_one_is_there() -> None:
    verdict = judge(a_process(executornames=("one",)), executor("one", PENDING), executor("two"))
    assert verdict.causes == {Condition.APPROVED}


def test_it_is_no_reason_that_one_who_is_not_meant_is_pending_or_silent() -> None:
    others = (executor("two", PENDING), executor("three", heard=NOW - 900))
    assert judge(a_process(executornames=("one",)), *others).causes == {Condition.NAME}
    assert judge(a_process(executortype="gpu"), *others).causes == {Condition.TYPE}


def test_gone_ones_are_no_reason_beside_others() -> None:
    assert judge(a_process(), executor("old", GONE), executor("new", PENDING)).causes == {Condition.APPROVED}
    assert judge(a_process(), executor("old", GONE)).causes == {Condition.TYPE}
    assert judge(a_process(), executor("old", GONE)).approvable == ()


def test_a_rejected_one_is_offered_only_after_those_that_wait() -> None:
    verdict = judge(a_process(), executor("a", REJECTED), executor("b", PENDING))
    assert [each.executor.executorname for each in verdict.approvable] == ["b", "a"]


def test_without_knowledge_of_executors_nothing_is_claimed_of_them() -> None:
    verdict = judge(a_process(), executors_known=False)
    assert (verdict.outlook, verdict.causes) == (Outlook.UNKNOWN, frozenset())
    assert judge(a_process(), executors_known=False, is_paused=True).outlook is Outlook.BLOCKED


def test_a_pause_that_is_not_known_blocks_nothing() -> None:
    verdict = judge(a_process(), executor("e"), is_paused=None)
    assert verdict.outlook is Outlook.FREE
    assert verdict.own[Condition.PAUSED].mark is Mark.UNKNOWN


def test_the_parent_to_look_at_is_the_one_that_went_wrong() -> None:
    rows = {
        "a": process_row("a", ProcessState.RUNNING),
        "b": process_row("b", ProcessState.FAILED),
        "c": process_row("c", ProcessState.SUCCESS),
    }
    process = a_process().model_copy(update={"waitforparents": True, "parents": ("a", "b", "c", "d")})
    verdict = judge(process, executor("e"), parents=rows)
    assert verdict.steps[0].target == "b"
    assert verdict.own[Condition.PARENTS].words == "3 of 4"
    del rows["b"]
    assert judge(process, executor("e"), parents=rows).steps[0].target == "a"


# -- what executors say of themselves ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("machines", "cpu", "mem"),
    [
        ((), (0, False), (0, False)),
        ((Hardware(cores=4, mem="8Gi"),), (4000, True), (8192, True)),
        ((Hardware(cores=4, mem="8Gi", nodes=3),), (12000, True), (24576, True)),
        ((Hardware(cpu="1500m", mem="512 MiB"),), (1500, True), (512, True)),
        ((Hardware(cpu="AMD EPYC", mem="plenty"),), (0, False), (0, False)),
        ((Hardware(cores=4, mem="1.5Gi"), Hardware(cpu="fast")), (4000, False), (1536, False)),
        ((Hardware(cores=-4, mem="-8Gi"),), (0, False), (0, False)),
        ((Hardware(mem="1TB"),), (0, False), (953674, True)),
    ],
)
def test_claims(machines: tuple[Hardware, ...], cpu: tuple[int, bool], mem: tuple[int, bool]) -> None:
    claims = with_hardware("e", *machines)
    assert (claimed_cpu(claims), claimed_mem(claims)) == (cpu, mem)


_NUMBERS = st.integers(-(2**63), 2**63 - 1)


@given(st.text(max_size=20), st.text(max_size=20), _NUMBERS, _NUMBERS)
def test_whatever_an_executor_says_is_read(cpu: str, mem: str, cores: int, nodes: int) -> None:
    claims = with_hardware("e", Hardware(cpu=cpu, mem=mem, cores=cores, nodes=nodes))
    for amount, is_whole in (claimed_cpu(claims), claimed_mem(claims)):
        assert amount >= 0
        assert not (is_whole and cores <= 0 and not cpu and not mem)


def test_what_is_not_said_is_not_held_against_anybody() -> None:
    process = a_process(cpu="9000m", mem="9Gi")
    silent, small = executor("silent"), with_hardware("small", Hardware(cores=4, mem="8Gi"))
    verdict = judge(process, silent)
    assert verdict.outlook is Outlook.FREE
    assert verdict.executors[0].findings[Condition.CPU].mark is Mark.UNKNOWN
    assert judge(process, small).causes == {Condition.CPU, Condition.MEM}


# -- the place in the queue --------------------------------------------------------------------------------------------


def row(name: str, at: float, **more: Any) -> ProcessRow:
    return process_row(name, submitted=at, **more)


def test_only_those_before_it_that_can_run_are_ahead() -> None:
    waiting = [
        row("p", NOW - 60),
        row("before", NOW - 61),
        row("after", NOW - 59),
        row("other type", NOW - 70, kind="gpu"),
        replace(row("child", NOW - 80), waitforparents=True),
        replace(row("urgent", NOW - 1), prioritytime=0),
    ]
    place = queue_place(a_process(), waiting=waiting, started=(), waiting_total=6, now=NOW)
    assert (place.ahead, place.is_at_least, place.estimated_seconds) == (2, False, None)


def test_a_cut_list_matters_only_beyond_its_end() -> None:
    listed = [row(f"w{number}", NOW - 1000 + number) for number in range(100)]
    early = a_process(submitted=NOW - 990.5)
    late = a_process(submitted=NOW)
    for process, expected in ((early, (10, False)), (late, (100, True))):
        place = queue_place(process, waiting=listed, started=(), waiting_total=4000, now=NOW)
        assert (place.ahead, place.is_at_least) == expected
    assert queue_place(late, waiting=listed, started=(), waiting_total=100, now=NOW).is_at_least is False


def test_the_estimate_follows_recent_starts_of_the_type() -> None:
    def started(count: int, kind: str = "cli", first: float = NOW - 100) -> list[ProcessRow]:
        return [row(f"{kind}{n}", 0.0, kind=kind, state=ProcessState.RUNNING, started=first + n) for n in range(count)]

    waiting = [row("p", NOW - 60), *(row(f"w{n}", NOW - 100) for n in range(4))]

    def seconds(rows: list[ProcessRow]) -> float | None:
        return queue_place(a_process(), waiting=waiting, started=rows, waiting_total=5, now=NOW).estimated_seconds

    assert seconds(started(10)) == pytest.approx(50.0)  # ten in 100 s, five to go
    assert seconds(started(2)) is None
    assert seconds(started(5, first=NOW - 5)) is None
    assert seconds(started(10, kind="gpu")) is None
    assert seconds(started(10, first=NOW - 9000)) is None


# -- advice ------------------------------------------------------------------------------------------------------------


def kinds(verdict: Verdict) -> set[AdviceKind]:
    return {advice.kind for advice in waiting_advice(verdict)}


def test_what_a_server_does_not_compare_is_advice_and_no_reason() -> None:
    function = Function(executorname="e", executortype="cli", funcname="other")
    process = a_process("render", gpu=Gpu(name="A100", count=4), walltime=60)
    verdict = judge(process, executor("e"), functions=(function,))
    assert verdict.outlook is Outlook.FREE
    assert kinds(verdict) == {AdviceKind.FUNCTION, AdviceKind.GPU, AdviceKind.WALLTIME}
    gpu = next(advice for advice in waiting_advice(verdict) if advice.kind is AdviceKind.GPU)
    assert gpu.words == "It asks for 4 × A100, and no executor of type cli says that it has one."
    assert kinds(judge(a_process("other"), executor("e"), functions=(function,))) == set()


def test_executors_that_register_no_function_are_not_blamed_for_it() -> None:
    elsewhere = Function(executorname="x", executortype="gpu", funcname="other")
    assert kinds(judge(a_process(), executor("e"), executor("x", kind="gpu"), functions=(elsewhere,))) == set()


def test_used_up_allocations() -> None:
    projects = {"p1": Project(allocatedcpu=10, usedcpu=10, allocatedgpu=4, usedgpu=3), "p2": Project()}
    spent = executor("e").model_copy(update={"allocations": Allocations(projects=projects)})
    (advice,) = waiting_advice(judge(a_process(), spent))
    assert advice.words == "e has used up the cpu of its project p1: 10 of 10."


def test_one_more_that_waits_for_approval_is_worth_knowing() -> None:
    verdict = judge(a_process(), executor("e"), executor("new", PENDING))
    assert (verdict.outlook, kinds(verdict)) == (Outlook.FREE, {AdviceKind.MORE_HANDS})


def test_an_idle_executor_that_asked_and_got_nothing_is_a_riddle() -> None:
    asked = executor("e", heard=NOW - 10)
    assert kinds(judge(a_process(), asked)) == {AdviceKind.RIDDLE}
    assert kinds(judge(a_process(), asked, busy=("e",))) == set()
    assert kinds(judge(a_process(submitted=NOW - 12), asked)) == set(), "it may have been answered already"
    assert kinds(judge(a_process(), executor("e", heard=NOW - 90))) == set()


# -- the words of a list -----------------------------------------------------------------------------------------------

_CONDITIONS = {
    ExecutorState.PENDING: ExecutorCondition.PENDING,
    ExecutorState.APPROVED: ExecutorCondition.APPROVED,
    ExecutorState.REJECTED: ExecutorCondition.REJECTED,
    ExecutorState.UNREGISTERED: ExecutorCondition.GONE,
}


@pytest.mark.parametrize(
    ("changes", "states", "words"),
    [
        ({}, [APPROVED], "queue"),
        ({}, [APPROVED, PENDING], "queue"),
        ({}, [PENDING, REJECTED], "executor: approval"),
        ({}, [REJECTED], "executor: rejected"),
        ({}, [GONE], "executor: none"),
        ({"executortype": "gpu"}, [APPROVED], "executor: none"),
        ({"executornames": ("e0",)}, [APPROVED], "queue"),
        ({"executornames": ("*",)}, [APPROVED], "queue"),
        ({"executornames": ("x", "y")}, [APPROVED], "executor x +1"),
        ({"locationname": "RACK-1"}, [APPROVED], "queue"),
        ({"locationname": "rack-2"}, [APPROVED], "location rack-2"),
        ({"waitforparents": True}, [PENDING], "parents"),
        ({"state": ProcessState.RUNNING}, [PENDING], ""),
    ],
)
def test_what_a_row_waits_for(changes: dict[str, Any], states: list[ExecutorState], words: str) -> None:
    executors = [executor(f"e{n}", s).model_copy(update={"locationname": "rack-1"}) for n, s in enumerate(states)]
    waits_for = WaitsFor(((each, _CONDITIONS[each.state]) for each in executors), is_paused=False)
    assert waits_for.words(replace(process_row("p"), **changes)) == words


def test_a_stale_executor_and_a_pause() -> None:
    stale = [(executor("e"), ExecutorCondition.STALE)]
    assert WaitsFor(stale, is_paused=False).words(process_row("p")) == "executor: stale"
    assert WaitsFor(stale, is_paused=True).words(process_row("p")) == "paused"


_names = st.sampled_from([(), ("e0",), ("e9",)])
_places = st.sampled_from(["", "rack-1", "rack-2"])


@given(st.lists(st.tuples(st.sampled_from(list(ExecutorState)), _places), max_size=3), _names, _places, st.booleans())
def test_a_list_says_queue_for_just_those_that_nothing_it_knows_of_blocks(
    made: list[tuple[ExecutorState, str]], names: tuple[str, ...], location: str, is_paused: bool
) -> None:
    executors = [
        executor(f"e{n}", state).model_copy(update={"locationname": place}) for n, (state, place) in enumerate(made)
    ]
    process = a_process(executornames=names, locationname=location)
    words = WaitsFor(((each, _CONDITIONS[each.state]) for each in executors), is_paused=is_paused).words(
        ProcessRow.of(process)
    )
    assert (words == "queue") is (judge(process, *executors, is_paused=is_paused).outlook is Outlook.FREE)
