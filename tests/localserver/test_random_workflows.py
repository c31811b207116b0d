"""Random workflows, led at random, against a model of the rules that knows nothing of the server (§ Workflows)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from colonies_tui.localserver.records.process import ProcessRecord, select_processes
from colonies_tui.localserver.records.processgraph import graph_by_id
from colonies_tui.protocol.messages.workflow import CancelProcessGraph
from colonies_tui.protocol.models.process import Process
from colonies_tui.protocol.states import ProcessState
from tests.localserver.harness import Harness, harness
from tests.localserver.random_workflows import Parents, workflows
from tests.localserver.workflow_world import submit

WAITING, RUNNING, SUCCESS, FAILED, CANCELLED = ProcessState


@dataclass
class Model:
    """The rules, written down a second time."""

    parents: Parents
    states: dict[str, ProcessState] = field(default_factory=dict)
    is_cancelled: bool = False

    def __post_init__(self) -> None:
        self.states = dict.fromkeys(self.parents, WAITING)

    def is_ready(self, name: str) -> bool:
        return all(self.states[parent] is SUCCESS for parent in self.parents[name])

    def in_state(self, state: ProcessState) -> list[str]:
        return [name for name in self.parents if self.states[name] is state]

    @property
    def assignable(self) -> list[str]:
        return [name for name in self.in_state(WAITING) if self.is_ready(name)]

    def fail(self, name: str) -> None:
        self.states[name] = FAILED
        if any(name in parents for parents in self.parents.values()):
            self.states = dict.fromkeys(self.parents, FAILED)

    def cancel(self) -> None:
        self.is_cancelled = True
        for name in self.in_state(WAITING) + self.in_state(RUNNING):
            self.states[name] = CANCELLED

    @property
    def state(self) -> ProcessState:
        if self.is_cancelled:
            return CANCELLED
        present = set(self.states.values())
        for state in (FAILED, CANCELLED):
            if state in present:
                return state
        if present == {SUCCESS}:
            return SUCCESS
        return RUNNING if present & {SUCCESS, RUNNING} else WAITING


def processes_of(bench: Harness, graphid: str) -> dict[str, ProcessRecord]:
    """Return the members of a graph by node name, read where no request is needed for each."""
    rows = select_processes(bench.server.database, "WHERE processgraphid = ?", (graphid,))
    return {json.loads(process.spec)["nodename"]: process for process in rows}


def compare(bench: Harness, graphid: str, model: Model) -> None:
    processes = processes_of(bench, graphid)
    assert {name: process.state for name, process in processes.items()} == model.states
    shown = graph_by_id(bench.server.database, graphid)
    assert shown is not None
    assert shown.state == model.state
    assert (shown.started is not None) == any(process.started for process in processes.values())
    assert (shown.ended is not None) == model.state.is_final
    for name, process in processes.items():
        if process.state == WAITING:
            assert bool(process.waits_for_parents) is not model.is_ready(name)


@given(workflows(), st.lists(st.tuples(st.sampled_from(["succeed"] * 5 + ["fail", "cancel"]), st.integers(0, 9))))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
async def test_a_random_workflow_led_at_random(parents: Parents, steps: list[tuple[str, int]]) -> None:
    async with harness() as bench:
        key = await bench.register("worker")
        graphid = (await submit(bench, parents)).processgraphid
        model = Model(parents)
        running_now: dict[str, Process] = {}
        compare(bench, graphid, model)
        for step, choice in [*steps, *[("succeed", 0)] * len(parents)]:
            for name in model.assignable:
                process = await bench.assign(key)
                assert process.spec.nodename == name  # ready ones in the order of their submission
                assert list(process.input) == [parent for one in parents[name] for parent in (one, len(one))]
                model.states[name] = RUNNING
                running_now[name] = process
            running = model.in_state(RUNNING)
            if step == "cancel" and choice == 0:
                await bench.send(CancelProcessGraph(processgraphid=graphid))
                model.cancel()
                break
            if not running:
                break
            name = running[choice % len(running)]
            process = running_now[name]
            if step == "fail":
                await bench.fail(process, key, "broken")
                model.fail(name)
            else:
                await bench.succeed(process, key, name, len(name))
                model.states[name] = SUCCESS
            compare(bench, graphid, model)
        compare(bench, graphid, model)
        assert model.state.is_final
