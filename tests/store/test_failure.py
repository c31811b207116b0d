"""What ended a process, how its executor does beside others, and what is different from the last good run."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.localserver.lifecycle import EXECUTION_TIMEOUT, WAIT_TIMEOUT
from colonies_tui.protocol.errors import NotAllowed, NotFound
from colonies_tui.protocol.messages.log import GetLogs
from colonies_tui.protocol.messages.process import GetProcess
from colonies_tui.protocol.models.process import Conditions, FunctionSpec, Process, ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.cascade import Part
from colonies_tui.store.executor_comparison import Comparison, Runs, Verdict, chance_of_as_many, compare_executor
from colonies_tui.store.failure import RUN_LIMIT_WORDS, WAIT_LIMIT_WORDS, Ending, ending_of
from colonies_tui.store.failure_reads import LAST_ROWS, read_first_there, read_last_log, successes_of
from colonies_tui.store.journal import MemoryJournal
from colonies_tui.store.session import Session
from colonies_tui.store.spec_difference import Difference, spec_difference
from tests.store.fake_client import FakeClient
from tests.store.rows import COLONY, log_row, process_row

WAITING, RUNNING, SUCCESS, FAILED, CANCELLED = ProcessState


def failed(error: str = "", **changes: Any) -> ProcessRow:
    row = process_row("p", FAILED, submitted=0.0, started=10.0, ended=70.0, executor="e")
    return dataclasses.replace(row, error=error, **changes)


# -- what ended it -----------------------------------------------------------------------------------------------------


def test_the_words_are_those_of_a_server() -> None:
    assert (RUN_LIMIT_WORDS, WAIT_LIMIT_WORDS) == (EXECUTION_TIMEOUT, WAIT_TIMEOUT)


def test_what_ended_it_is_told_by_words_and_times() -> None:
    assert ending_of(failed("boom")) is Ending.OWN_ERROR
    assert ending_of(failed()) is Ending.NO_WORDS
    assert ending_of(failed(RUN_LIMIT_WORDS, execdeadline=70.0)) is Ending.RUN_LIMIT
    assert ending_of(failed(RUN_LIMIT_WORDS, execdeadline=70.4)) is Ending.RUN_LIMIT, "whole seconds are compared"
    assert ending_of(failed(RUN_LIMIT_WORDS, execdeadline=60.0, retries=3)) is Ending.RETRIES_USED_UP
    assert ending_of(failed(RUN_LIMIT_WORDS)) is Ending.RUN_LIMIT, "a limit of 0 leaves no deadline"
    assert ending_of(failed(RUN_LIMIT_WORDS, execdeadline=500.0)) is Ending.OWN_ERROR, "an executor wrote the words"
    assert ending_of(failed(WAIT_LIMIT_WORDS, waitdeadline=69.0, starttime=None)) is Ending.WAIT_LIMIT
    assert ending_of(failed(WAIT_LIMIT_WORDS, waitdeadline=500.0)) is Ending.OWN_ERROR
    for state, ending in ((WAITING, Ending.NOT_ENDED), (RUNNING, Ending.NOT_ENDED), (SUCCESS, Ending.SUCCESS)):
        assert ending_of(failed(state=state)) is ending
    assert ending_of(failed(state=CANCELLED)) is Ending.CANCELLED


def test_a_member_of_a_workflow_is_judged_by_its_part() -> None:
    member = failed(processgraphid="g")
    assert ending_of(member, Part.HAD_SUCCEEDED) is Ending.CASCADE
    assert ending_of(member, Part.CULPRIT) is Ending.NO_WORDS
    assert ending_of(member, Part.UNCLEAR) is ending_of(member) is Ending.UNCLEAR
    assert ending_of(failed("boom", processgraphid="g"), Part.CULPRIT) is Ending.OWN_ERROR
    never_ran = failed(processgraphid="g", starttime=None, endtime=None)
    assert ending_of(never_ran) is ending_of(never_ran, Part.UNREAD) is Ending.CASCADE, "its own row proves it"


# -- executors ---------------------------------------------------------------------------------------------------------


def runs(executor: str, good: int, bad: int, **changes: Any) -> list[ProcessRow]:
    rows = [process_row(f"{executor}{n}", SUCCESS, executor=executor) for n in range(good)]
    rows += [dataclasses.replace(failed("boom"), processid=f"{executor}-{n}") for n in range(bad)]
    return [dataclasses.replace(row, **{"assignedexecutorid": executor, **changes}) for row in rows]


def compared(*rows: list[ProcessRow]) -> Comparison:
    return compare_executor([row for some in rows for row in some], failed("boom"))


def test_one_of_one_is_no_trend() -> None:
    found = compared(runs("e", 0, 1), runs("f", 40, 0))
    assert (found.own, found.others, found.other_executors) == (Runs(1, 1), Runs(0, 40), 1)
    assert found.verdict is Verdict.TOO_FEW
    assert compared(runs("e", 10, 10)).verdict is Verdict.ALONE
    assert compare_executor([], failed("boom", assignedexecutorid="")).verdict is Verdict.NO_EXECUTOR


def test_who_fails_more_often_is_told_and_who_fails_like_all_is_not_accused() -> None:
    assert compared(runs("e", 2, 8), runs("f", 20, 1), runs("g", 19, 0)).verdict is Verdict.MORE
    assert compared(runs("e", 2, 8), runs("f", 4, 16)).verdict is Verdict.ALIKE
    assert compared(runs("e", 20, 1), runs("f", 2, 8)).verdict is Verdict.LESS
    assert compared(runs("e", 3, 1), runs("f", 7, 1)).verdict is Verdict.ALIKE, "more, but that can be chance"


def test_only_runs_of_the_same_function_and_type_that_tell_something_count() -> None:
    found = compared(
        runs("e", 1, 1),
        runs("e", 5, 5, funcname="other"),
        runs("e", 5, 5, executortype="gpu"),
        runs("f", 0, 7, error="", processgraphid="g"),
        runs("f", 7, 0, state=RUNNING),
        runs("", 3, 3),
    )
    assert (found.own, found.others) == (Runs(1, 2), Runs())


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12), st.integers(0, 12))
def test_a_verdict_never_contradicts_the_counts(good: int, bad: int, others_good: int, others_bad: int) -> None:
    found = compared(runs("e", good, bad), runs("f", others_good, others_bad))
    assert (found.own, found.others) == (Runs(bad, good + bad), Runs(others_bad, others_good + others_bad))
    chance = chance_of_as_many(found.own, found.others)
    assert 0 < chance <= 1
    if found.verdict is Verdict.MORE:
        assert found.own.share > found.others.share
        assert chance <= 0.05
    if found.verdict is Verdict.LESS:
        assert found.own.share < found.others.share


# -- the last good run -------------------------------------------------------------------------------------------------


def test_the_latest_runs_of_the_same_function_that_went_well() -> None:
    rows = [process_row(f"s{n}", SUCCESS, ended=float(n)) for n in range(5)]
    rows += [
        process_row("other kind", SUCCESS, kind="gpu", ended=9.0),
        dataclasses.replace(process_row("other function", SUCCESS, ended=9.0), funcname="other"),
        process_row("p", SUCCESS, ended=9.0),
        failed("boom"),
    ]
    assert [row.processid for row in successes_of(rows, failed("boom"))] == ["s4", "s3", "s2"]


def process(inputs: tuple[Any, ...] = (), **spec: Any) -> Process:
    where = Conditions(colonyname=COLONY, executortype="cli", **spec.pop("conditions", {}))
    return Process(processid="p", spec=FunctionSpec(funcname="work", conditions=where, **spec), input=inputs)


def test_what_differs_is_told_key_by_key() -> None:
    before = process(args=("a", {"zoom": 12}), env={"LEVEL": "info"}, kwargs={"x": 1}, nodename="n1")
    after = process(("in",), args=("a", {"zoom": 14}), env={}, kwargs={"x": 1, "y": None}, maxexectime=5)
    assert spec_difference(before, after) == [
        Difference("args[1].zoom", "12", "14"),
        Difference("maxexectime", "-1", "5"),
        Difference("in[0]", None, '"in"'),
        Difference("env.LEVEL", '"info"', None),
    ]
    assert spec_difference(before, before) == []
    placed = process(nodename="n2", conditions={"dependencies": ("n0",)})
    assert spec_difference(process(), placed) == [], "where it stands in a workflow is no difference"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(JSON, JSON)
def test_equal_values_have_no_difference_and_a_difference_has_two_sides(one: Any, other: Any) -> None:
    same = spec_difference(process(kwargs={"k": one}), process(kwargs={"k": one}))
    assert same == []
    forth = spec_difference(process(kwargs={"k": one}), process(kwargs={"k": other}))
    back = spec_difference(process(kwargs={"k": other}), process(kwargs={"k": one}))
    assert {(d.key, d.before, d.after) for d in forth} == {(d.key, d.after, d.before) for d in back}
    assert all(d.before != d.after for d in forth)


def session(client: FakeClient) -> Session:
    return Session(client, COLONY, journal=MemoryJournal())


async def test_the_last_log_lines_are_read_in_order() -> None:
    client = FakeClient()
    client.answers[GetLogs] = lambda request: (log_row(3, "c"), log_row(1, "a"))
    rows = await read_last_log(session(client), "p")
    assert [row.message for row in rows] == ["a", "c"]
    assert client.asked == [GetLogs(colonyname=COLONY, processid="p", count=LAST_ROWS, latest=True)]


async def test_a_good_run_that_was_removed_is_passed_over() -> None:
    client = FakeClient()

    def answer(request: GetProcess) -> Process:
        if request.processid == "gone":
            raise NotFound(404, "no such process")
        if request.processid == "forbidden":
            raise NotAllowed(403, "no")
        return Process(processid=request.processid)

    client.answers[GetProcess] = answer
    there = await read_first_there(session(client), [process_row("gone"), process_row("s")])
    assert there is not None
    assert there.processid == "s"
    assert await read_first_there(session(client), [process_row("gone")]) is None
    with pytest.raises(NotAllowed):
        await read_first_there(session(client), [process_row("forbidden")])
