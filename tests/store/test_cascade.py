"""Who failed by itself and who was failed by its workflow, from what a server shows afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.messages.process import GetProcesses
from colonies_tui.protocol.messages.workflow import GetProcessGraph
from colonies_tui.protocol.models.process import Process, ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.cascade import Part, WorkflowFailure, cut_part, explain_graph
from colonies_tui.store.graphs import GraphRow, Member, OpenGraph, open_graph
from tests.localserver.harness import COLONY, Harness, harness
from tests.localserver.random_workflows import Parents, workflows
from tests.localserver.workflow_world import DIAMOND, submit

WAITING, RUNNING, SUCCESS, FAILED, CANCELLED = ProcessState
RUN_SECONDS = 100


@dataclass
class Course:
    """A workflow on a real server, led step by step, with what each member was when the workflow failed."""

    bench: Harness
    key: PrivateKey
    parents: Parents
    graph_id: str
    running: dict[str, Process] = field(default_factory=dict)
    truth: dict[str, Part] = field(default_factory=dict)
    succeeded: set[str] = field(default_factory=set)
    again: set[str] = field(default_factory=set)

    def is_inner(self, name: str) -> bool:
        return any(name in parents for parents in self.parents.values())

    async def assign(self) -> str | None:
        """Let the executor take what comes next; ``None`` when there is nothing."""
        ready = [
            name
            for name, parents in self.parents.items()
            if name not in self.running
            and name not in self.succeeded
            and name not in self.truth
            and self.succeeded.issuperset(parents)
        ]
        if not ready:
            return None
        process = await self.bench.assign(self.key)
        self.running[process.spec.nodename] = process
        self.again.discard(process.spec.nodename)
        return process.spec.nodename

    async def succeed(self, name: str) -> None:
        await self.bench.succeed(self.running.pop(name), self.key)
        self.succeeded.add(name)

    async def fail(self, name: str, *errors: str) -> None:
        await self.bench.fail(self.running.pop(name), self.key, *errors)
        self._failed(name)

    async def time_out(self) -> None:
        """Let so much time pass that whatever runs is past its deadline for the first time, and waits again."""
        await self.bench.advance(RUN_SECONDS + 1)
        with self.bench.server.database.change():
            self.bench.server.lifecycle.expire()
        self.again |= self.running.keys()
        self.running.clear()

    def _failed(self, name: str) -> None:
        self.truth[name] = Part.CULPRIT
        if not self.is_inner(name):
            return
        for other in self.parents:
            if other in self.running:
                self.truth[other] = Part.WAS_RUNNING
            elif other in self.again:
                self.truth[other] = Part.WAITED_AGAIN
            elif other in self.succeeded:
                self.truth[other] = Part.HAD_SUCCEEDED
            else:
                self.truth.setdefault(other, Part.HAD_NOT_RUN)
        self.running.clear()

    async def look(self) -> OpenGraph:
        """Return what a console would know, in full."""
        rows: dict[str, ProcessRow] = {}
        for state in ProcessState:
            listed = await self.bench.send(GetProcesses(colonyname=COLONY, count=100, state=state))
            rows.update((process.processid, ProcessRow.of(process)) for process in listed)
        graph = await self.bench.send(GetProcessGraph(processgraphid=self.graph_id))
        return open_graph(graph, rows.get)

    async def judged(self) -> tuple[dict[str, Part], WorkflowFailure]:
        """Return what is said of the members by name."""
        graph = await self.look()
        failure = explain_graph(graph)
        names = {member.processid: member.label for member in graph.members}
        return {names[process_id]: part for process_id, part in failure.parts.items()}, failure

    async def name_of(self, process_id: str) -> str:
        graph = await self.look()
        return next((member.label for member in graph.members if member.processid == process_id), "")


async def course(bench: Harness, parents: Parents, **changes: object) -> Course:
    key = await bench.register("worker")
    graph = await submit(bench, parents, maxexectime=RUN_SECONDS, maxretries=-1, **changes)
    return Course(bench, key, parents, graph.processgraphid)


DIAMOND_PARENTS: Parents = {name: tuple(parents) for name, parents in DIAMOND.items()}


async def test_a_diamond_whose_one_side_fails_while_the_other_runs() -> None:
    async with harness() as bench:
        way = await course(bench, DIAMOND_PARENTS)
        await way.assign()
        await way.succeed("a")
        await way.assign()
        await way.assign()
        await way.fail("b", "broken")
        parts, failure = await way.judged()
        assert parts == {
            "a": Part.HAD_SUCCEEDED,
            "b": Part.CULPRIT,
            "c": Part.WAS_RUNNING,
            "d": Part.HAD_NOT_RUN,
        }
        assert await way.name_of(failure.first) == await way.name_of(failure.origin) == "b"
        assert [await way.name_of(step) for step in failure.path] == ["a", "b"]
        assert len(failure.cascaded) == 3


async def test_a_diamond_whose_one_side_had_succeeded() -> None:
    async with harness() as bench:
        way = await course(bench, DIAMOND_PARENTS)
        await way.assign()
        await way.succeed("a")
        await way.assign()
        await way.assign()
        bench.clock.advance(1)
        await way.succeed("b")
        bench.clock.advance(1)
        await way.fail("c", "broken")
        parts, _ = await way.judged()
        assert parts == {
            "a": Part.HAD_SUCCEEDED,
            "b": Part.HAD_SUCCEEDED,  # although none of its children ever started
            "c": Part.CULPRIT,
            "d": Part.HAD_NOT_RUN,
        }


async def test_a_leaf_takes_nobody_along() -> None:
    async with harness() as bench:
        way = await course(bench, DIAMOND_PARENTS | {"leaf": ("a",)})
        await way.assign()
        await way.succeed("a")
        names = {await way.assign() for _ in range(3)}
        assert names == {"b", "c", "leaf"}
        await way.fail("leaf", "no room")
        parts, failure = await way.judged()
        assert parts == {"leaf": Part.CULPRIT}
        assert (failure.origin, failure.cascaded) == ("", ())


async def test_two_that_fail_by_themselves_a_leaf_first() -> None:
    async with harness() as bench:
        way = await course(bench, DIAMOND_PARENTS | {"leaf": ("a",)})
        await way.assign()
        bench.clock.advance(1)
        await way.succeed("a")
        for _ in range(3):
            await way.assign()
        bench.clock.advance(1)
        await way.fail("leaf", "no room")
        bench.clock.advance(1)
        await way.fail("c", "broken")
        parts, failure = await way.judged()
        assert parts == {
            "leaf": Part.CULPRIT,
            "c": Part.CULPRIT,
            "a": Part.HAD_SUCCEEDED,
            "b": Part.WAS_RUNNING,
            "d": Part.HAD_NOT_RUN,
        }
        assert [await way.name_of(name) for name in failure.culprits] == ["leaf", "c"]
        assert await way.name_of(failure.origin) == "c", "the leaf failed first, but took nobody along"
        assert [await way.name_of(step) for step in failure.path] == ["a", "leaf"]


async def test_one_that_fails_without_a_word_is_found_all_the_same() -> None:
    async with harness() as bench:
        way = await course(bench, DIAMOND_PARENTS)
        await way.assign()
        bench.clock.advance(1)
        await way.succeed("a")
        await way.assign()
        await way.assign()
        bench.clock.advance(1)
        await way.succeed("b")
        bench.clock.advance(1)
        await way.fail("c")
        parts, failure = await way.judged()
        assert parts["c"] is Part.CULPRIT
        assert parts["b"] is parts["a"] is Part.HAD_SUCCEEDED
        assert await way.name_of(failure.origin) == "c"


async def test_a_leaf_without_a_word_where_nothing_else_failed() -> None:
    async with harness() as bench:
        way = await course(bench, {"a": (), "b": ("a",), "c": ("a",)})
        await way.assign()
        await way.succeed("a")
        await way.assign()
        await way.assign()
        await way.fail("b")
        parts, _ = await way.judged()
        assert parts == {"b": Part.CULPRIT}


async def test_a_leaf_of_which_nothing_tells_is_not_called_anything() -> None:
    """It ended without an error after the workflow had failed, and before everybody was taken along."""
    async with harness() as bench:
        way = await course(bench, {"a": (), "b": ("a",), "c": ("a",), "d": ("a",), "e": ("d",)})
        await way.assign()
        await way.succeed("a")
        for _ in range(3):
            await way.assign()
        for name in ("b", "c", "d"):
            bench.clock.advance(1)
            await (way.succeed(name) if name == "c" else way.fail(name, "broken"))
        parts, failure = await way.judged()
        assert parts["c"] is Part.UNCLEAR
        assert failure.is_apart(failure.those(Part.UNCLEAR)[0])
        assert {name for name, part in parts.items() if part is Part.CULPRIT} == {"b", "d"}


async def test_a_leaf_without_a_word_before_an_inner_failure() -> None:
    """The graph says that it failed before the one with an error did: by the member that had ended just then."""
    async with harness() as bench:
        way = await course(bench, {"a": (), "b": ("a",), "c": ("a",), "d": ("a",), "e": ("d",)})
        await way.assign()
        await way.succeed("a")
        for _ in range(3):
            await way.assign()
        bench.clock.advance(1)
        await way.succeed("b")
        bench.clock.advance(1)
        await way.fail("c")
        bench.clock.advance(1)
        await way.fail("d", "broken")
        parts, failure = await way.judged()
        assert (parts["b"], parts["c"], parts["d"]) == (Part.HAD_SUCCEEDED, Part.CULPRIT, Part.CULPRIT)
        assert await way.name_of(failure.first) == "c"
        assert await way.name_of(failure.origin) == "d"


async def test_one_that_waits_for_another_try() -> None:
    async with harness() as bench:
        way = await course(bench, {"a": (), "b": (), "c": ("a", "b")})
        await way.assign()
        await way.assign()
        await way.time_out()
        bench.clock.advance(1)
        assert await way.assign() == "a"
        bench.clock.advance(1)
        await way.fail("a", "broken")
        parts, _ = await way.judged()
        assert parts == {"a": Part.CULPRIT, "b": Part.WAITED_AGAIN, "c": Part.HAD_NOT_RUN}


async def test_one_in_its_second_try_was_running() -> None:
    async with harness() as bench:
        way = await course(bench, {"a": (), "b": (), "c": ("a", "b")})
        await way.assign()
        await way.assign()
        await way.time_out()
        bench.clock.advance(1)
        await way.assign()
        await way.assign()
        bench.clock.advance(1)
        await way.fail("a", "broken")
        parts, _ = await way.judged()
        assert parts == {"a": Part.CULPRIT, "b": Part.WAS_RUNNING, "c": Part.HAD_NOT_RUN}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["assign"] * 5 + ["succeed"] * 5 + ["fail", "fail", "fail silently", "time out"]),
        st.integers(0, 9),
    ),
    max_size=40,
)


@given(workflows(), STEPS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
async def test_nothing_false_is_said_of_a_random_workflow(parents: Parents, steps: list[tuple[str, int]]) -> None:
    async with harness() as bench:
        way = await course(bench, parents)
        has_silent = False
        for step, choice in [("assign", 0), *steps]:
            bench.clock.advance(1)
            names = list(way.running)
            name = names[choice % len(names)] if names else ""
            if step == "assign" or not names:
                await way.assign()
            elif step == "succeed":
                await way.succeed(name)
            elif step == "time out":
                await way.time_out()
            else:
                has_silent |= step == "fail silently"
                await way.fail(name, *([] if step == "fail silently" else ["broken"]))
            if len(way.truth) == len(parents):
                break
        parts, failure = await way.judged()
        assert parts.keys() == way.truth.keys(), "every failed member, and no other"
        for name, part in parts.items():
            assert part in (way.truth[name], Part.UNCLEAR), name
        culprits = [name for name, part in way.truth.items() if part is Part.CULPRIT]
        found = {await way.name_of(process_id) for process_id in failure.culprits}
        assert found <= set(culprits)
        if not has_silent:
            assert found == set(culprits), "who gives an error is always found"
            unclear = {name for name, part in parts.items() if part is Part.UNCLEAR}
            assert not any(way.is_inner(name) for name in unclear)
            assert len(culprits) > 1 or not unclear
        if failure.origin:
            assert way.is_inner(await way.name_of(failure.origin))


# -- what is not read, or not there ------------------------------------------------------------------------------------


def member(name: str, *parents: str, state: ProcessState = FAILED, **row: Any) -> Member:
    fields: dict[str, Any] = {"starttime": 1.0, "endtime": 2.0, "assignedexecutorid": "e", "processgraphid": "g", **row}
    return Member(name, name, state, parents, ProcessRow(name, state, **fields))


def graph(*members: Member, ended: float | None = None, state: ProcessState = FAILED) -> OpenGraph:
    row = GraphRow("g", state, "", 0.0, 0.0, ended, tuple(each.processid for each in members), ())
    return OpenGraph(row, members)


def test_without_failures_nothing_is_said() -> None:
    assert explain_graph(graph(member("a", state=SUCCESS), state=SUCCESS)) == WorkflowFailure()


def test_nobody_is_accused_while_a_member_is_not_read() -> None:
    unread = Member("b", "b", FAILED, (), None)
    failure = explain_graph(graph(member("a"), unread, member("c", "a", "b", starttime=None, endtime=None)))
    assert failure.parts == {"a": Part.UNCLEAR, "b": Part.UNREAD, "c": Part.HAD_NOT_RUN}
    assert failure.culprits == ()
    old = Member("b", "b", FAILED, (), ProcessRow("b", RUNNING, starttime=1.0))
    assert explain_graph(graph(old)).parts == {"b": Part.UNREAD}


def test_a_member_whose_child_has_started_had_succeeded_even_if_the_culprit_is_gone() -> None:
    failure = explain_graph(graph(member("a"), member("b", "a", endtime=None)))
    assert failure.parts == {"a": Part.HAD_SUCCEEDED, "b": Part.WAS_RUNNING}
    assert failure.first == failure.origin == ""


def test_a_row_alone_proves_only_what_it_can() -> None:
    def part(**row: Any) -> Part | None:
        own = member("a", **row).row
        assert own is not None
        return cut_part(own)

    assert part(starttime=None, endtime=None, assignedexecutorid="") is Part.HAD_NOT_RUN
    assert part(endtime=None) is Part.WAS_RUNNING
    assert part(endtime=0.5) is Part.WAS_RUNNING, "the end of the try before"
    assert part(assignedexecutorid="") is Part.WAITED_AGAIN
    assert part() is None, "it ended: well, or without a word"
    assert part(error="broken", endtime=None) is None
    assert part(processgraphid="", endtime=None) is None
    assert part(state=SUCCESS) is None


def test_a_path_ends_where_a_server_draws_a_circle() -> None:
    loop = graph(member("a", "b", error="broken"), member("b", "a", starttime=None))
    assert explain_graph(loop).path == ("b", "a")
