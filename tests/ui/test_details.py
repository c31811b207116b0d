"""Processes and executors in full: every value that the wire carries is there, cleaned, with its unit."""

from __future__ import annotations

import pytest

from colonies_tui.protocol.models.executor import (
    Allocations,
    Capabilities,
    Function,
    Gpu,
    Hardware,
    Project,
    Software,
)
from colonies_tui.protocol.models.process import Attribute, Conditions, Process
from colonies_tui.protocol.states import AttributeType, ProcessState
from colonies_tui.store.executor_condition import ExecutorCondition
from colonies_tui.ui.details.executor import executor_sections
from colonies_tui.ui.details.process import json_text, process_sections
from colonies_tui.ui.document import Field, Section
from colonies_tui.ui.format.glyphs import UNICODE
from colonies_tui.ui.tables.executors import ExecutorLine
from tests.ui.rows import EVIL, NOW, at, executor_line, name_of, process, text_of

WAITING, RUNNING = ProcessState.WAITING, ProcessState.RUNNING
SUCCESS, FAILED = ProcessState.SUCCESS, ProcessState.FAILED


def values(sections: list[Section]) -> dict[str, dict[str, str]]:
    """Return the texts of all fields by section and label; equal labels are joined by a bar."""
    found: dict[str, dict[str, str]] = {}
    for section in sections:
        fields = found.setdefault(section.title, {})
        for row in section.rows:
            for part in [row] if isinstance(row, Field) else row:
                text = text_of(part.value)
                fields[part.label] = f"{fields[part.label]} | {text}" if part.label in fields else text
    return found


def of_process(what: Process) -> dict[str, dict[str, str]]:
    return values(process_sections(what, NOW, name_of, UNICODE))


def of_executor(line: ExecutorLine, *functions: Function) -> dict[str, dict[str, str]]:
    return values(executor_sections(line, functions, NOW, UNICODE))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (WAITING, "◌ waiting for 1m40  ·  gpu"),
        (RUNNING, "▶ running for 1m00  ·  worker-1  ·  gpu"),
        (SUCCESS, "✔ success 20s ago after 40s  ·  worker-1  ·  gpu"),
        (FAILED, "✖ failed 20s ago after 40s  ·  worker-1  ·  gpu"),
    ],
)
def test_the_first_line_says_how_it_is(state: ProcessState, words: str) -> None:
    assert of_process(process(state))[""][""] == words


def test_one_that_waits_for_its_parents_says_so() -> None:
    found = of_process(process(waitforparents=True, parents=("c" * 64,), processgraphid="f" * 64))
    assert "for its parents" in found[""][""]
    assert found["Workflow"] == {"graph": "ffffffff", "parents": "cccccccc"}


def test_what_it_was_to_do_and_what_came_of_it() -> None:
    spec = {
        "args": ("a", {"b": [1]}),
        "kwargs": {"zoom": 12},
        "label": "tiles",
        "nodename": "n1",
        "env": {"LEVEL": "debug"},
    }
    found = of_process(process(SUCCESS, spec=spec, out=(3,), input=("in", 2)))
    assert found["Work"] == {
        "function": "render_tile",
        "node": "n1",
        "args": '["a", {"b": [1]}]',
        "kwargs": '{"zoom": 12}',
        "in": '["in", 2]',
        "out": "3",
        "label": "tiles",
    }
    assert found["Environment"] == {"LEVEL": "debug"}
    assert found["Identity"] == {"process": "ab" * 32}
    assert "Errors" not in found


def test_errors_keep_their_lines_and_none_is_explained() -> None:
    found = of_process(process(FAILED, errors=("boom\n  at x", "again")))
    assert found["Errors"][""] == "boom\n  at x\nagain"
    assert of_process(process(FAILED))["Errors"][""] == "no error was given"
    cut = process(FAILED, processgraphid="f" * 64, endtime=None)
    assert of_process(cut)["Errors"][""] == "failed by its workflow"


def test_limits_have_units_and_deadlines() -> None:
    none = of_process(process())["Limits"]
    assert none == {"wait": "none", "run": "none", "retries": "0 of 0", "priority": "0"}
    conditions = Conditions(executortype="gpu", cpu="2000m", mem="1Gi", storage="0Mi", gpu=Gpu(name="A100", count=2))
    spec = {
        "maxwaittime": 900,
        "maxexectime": 36000,
        "maxretries": -1,
        "priority": -5,
        "conditions": conditions,
    }
    found = of_process(process(RUNNING, spec=spec, retries=2, execdeadline=at(-60)))["Limits"]
    assert found["wait"] == "15m00"
    assert found["run"].startswith("10h00  until ")
    assert (found["retries"], found["priority"]) == ("2 of for ever", "-5")
    assert found["asks for"] == "cpu 2000m  mem 1Gi  gpu 2 × A100"


def test_who_may_take_it() -> None:
    conditions = Conditions(executortype="gpu", executornames=("a", "b"), locationname="rack-2", dependencies=("n0",))
    found = of_process(process(spec={"conditions": conditions}))
    assert found["Conditions"] == {"type": "gpu", "only by": "a, b", "location": "rack-2"}
    assert found["Workflow"] == {"depends on": "n0"}


def test_attributes_but_not_the_environment_twice() -> None:
    attributes = (
        Attribute(key="k", value="v\nw", attributetype=AttributeType.OUT),
        Attribute(key="E", value="1", attributetype=AttributeType.ENV),
    )
    assert of_process(process(attributes=attributes))["Attributes"] == {"k": "v\nw  out"}


def test_short_values_stay_on_one_line_and_long_ones_do_not() -> None:
    assert json_text({"å": [1, None]}) == '{"å": [1, null]}'
    assert json_text(list(range(60))).count("\n") == 61


def test_an_executor_who_it_is_and_what_it_says_of_itself() -> None:
    found = of_executor(executor_line(ExecutorCondition.PENDING, lastheardfromtime=None, blueprintid="b" * 64))
    assert found[""][""] == "◌ pending  waits for approval"
    who = found["Who"]
    assert who["type"] == "gpu"
    assert who["identity"] == "eeee eeee … eeee"
    assert who["registered"].startswith("1h ago")
    assert (who["heard"], who["location"], who["blueprint"]) == ("never asked for work", "rack-1", "bbbbbbbb")
    assert found["Says of itself"] == {
        "hardware": "2 × A100 40Gi · 32 cores · 256Gi",
        "software": "runner 1.4  container",
    }
    assert found["Work"] == {"runs": "nothing"}


def test_an_executor_without_claims_says_nothing() -> None:
    found = of_executor(executor_line(capabilities=Capabilities(), commissiontime=None, locationname=None))
    assert found["Says of itself"] == {"": "nothing"}
    assert found["Who"]["registered"] == "not known"
    assert "location" not in found["Who"]


def test_an_executor_at_work_its_functions_and_allocations() -> None:
    line = executor_line(
        running=(("train", NOW - 241),),
        succeeded=9,
        failed=1,
        allocations=Allocations(projects={"p1": Project(usedcpu=1, allocatedcpu=4)}),
    )
    function = Function(funcname="train", counter=1200, avgexectime=42, avgwaittime=0.5, description="a model")
    found = of_executor(line, function, Function())
    assert found["Work"] == {"runs": "train  4m01", "seen": "9 ok, 1 failed  10 % failed"}
    assert found["Functions · 2"] == {
        "train": "1 200 calls  run 42s  wait 0.5s on average  a model",
        "–": "0 calls",
    }
    assert found["Allocations"] == {"p1": "cpu 1/4  gpu 0/0  storage 0/0"}


def test_every_text_is_cleaned() -> None:
    conditions = Conditions(
        executortype=EVIL, executornames=(EVIL,), locationname=EVIL, dependencies=(EVIL,), cpu=EVIL, mem=EVIL
    )
    spec = {
        "funcname": EVIL,
        "nodename": EVIL,
        "args": (EVIL,),
        "kwargs": {EVIL: EVIL},
        "label": EVIL,
        "env": {EVIL: EVIL},
        "conditions": conditions,
    }
    attribute = Attribute(key=EVIL, value=EVIL)
    whole = process(
        FAILED, spec=spec, errors=(EVIL,), out=(EVIL,), input=(EVIL,), attributes=(attribute,), initiatorname=EVIL
    )
    machine = Hardware(cpu=EVIL, mem=EVIL, storage=EVIL, platform=EVIL, model=EVIL, network=(EVIL,), gpu=Gpu(name=EVIL))
    line = executor_line(
        running=((EVIL, NOW),),
        executortype=EVIL,
        locationname=EVIL,
        capabilities=Capabilities(hardware=(machine,), software=(Software(name=EVIL, type=EVIL, version=EVIL),)),
        allocations=Allocations(projects={EVIL: Project()}),
    )
    sections = [
        *process_sections(whole, NOW, lambda _: EVIL, UNICODE),
        *executor_sections(line, [Function(funcname=EVIL, description=EVIL)], NOW, UNICODE),
    ]
    found = values(sections)
    for fields in found.values():
        for label, text in fields.items():
            assert label.isprintable()
            assert text.replace("\n", "").isprintable(), text
    assert "[/red]" in found["Work"]["function"]
