"""Specifications as text to edit: what is read back is what was there, and what is wrong is told with its place."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.protocol.models.executor import Gpu
from colonies_tui.protocol.models.process import (
    Conditions,
    DirectoryMount,
    Filesystem,
    FunctionSpec,
    SnapshotMount,
)
from colonies_tui.protocol.models.schedule import Cron, Generator
from colonies_tui.protocol.models.workflow import WorkflowSpec
from colonies_tui.ui.views.editing import (
    cron_template,
    cron_text,
    difference,
    function_template,
    function_text,
    generator_template,
    read_cron,
    read_function,
    read_generator,
    read_workflow,
    workflow_template,
    workflow_text,
)

COLONY = "dev"

words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)
names = st.text("abcxyz-", min_size=1, max_size=6)
numbers = st.integers(-5, 5)
free_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)
gpus = st.builds(Gpu, name=words, mem=st.sampled_from(["", "8Gi"]), count=st.integers(0, 4))
filesystems = st.builds(
    Filesystem,
    mount=words,
    snapshots=st.lists(st.builds(SnapshotMount, label=words, keepfiles=st.booleans()), max_size=2).map(tuple),
    dirs=st.lists(st.builds(DirectoryMount, label=words, dir=words), max_size=2).map(tuple),
)


def conditions(dependencies: tuple[str, ...] = ()) -> st.SearchStrategy[Conditions]:
    return st.builds(
        Conditions,
        colonyname=st.just(COLONY),
        executortype=names,
        executornames=st.lists(names, max_size=2).map(tuple),
        locationname=st.none() | words,
        dependencies=st.just(dependencies),
        nodes=st.integers(0, 3),
        cpu=st.sampled_from(["", "1000m"]),
        mem=st.sampled_from(["", "10Gi"]),
        gpu=gpus,
        walltime=st.integers(0, 100),
    )


def functions(nodename: str = "", dependencies: tuple[str, ...] = ()) -> st.SearchStrategy[FunctionSpec]:
    return st.builds(
        FunctionSpec,
        nodename=st.just(nodename),
        funcname=words,
        args=st.lists(free_json, max_size=3).map(tuple),
        kwargs=st.dictionaries(words, free_json, max_size=3),
        priority=numbers,
        maxwaittime=st.sampled_from([-1, 0, 60]),
        maxexectime=st.sampled_from([-1, 1, 60]),
        maxretries=st.integers(0, 3),
        conditions=conditions(dependencies),
        label=words,
        fs=filesystems,
        env=st.dictionaries(words, words, max_size=2),
        channels=st.none() | st.lists(names, max_size=2).map(tuple),
    )


@st.composite
def workflows(draw: st.DrawFn) -> WorkflowSpec:
    nodes = [f"n{number}" for number in range(draw(st.integers(1, 4)))]
    specs = []
    for place, name in enumerate(nodes):
        before = draw(st.lists(st.sampled_from(nodes[:place]), unique=True)) if place else []
        specs.append(draw(functions(name, tuple(before))))
    return WorkflowSpec(colonyname=COLONY, functionspecs=tuple(specs))


@given(functions())
def test_a_function_reads_back_as_it_was(spec: FunctionSpec) -> None:
    assert read_function(function_text(spec)) == spec


@given(workflows())
def test_a_workflow_reads_back_as_it_was(spec: WorkflowSpec) -> None:
    assert read_workflow(COLONY)(workflow_text(spec)) == spec


@given(workflows(), st.booleans(), st.booleans())
def test_a_cron_reads_back_as_it_was(spec: WorkflowSpec, waits: bool, is_random: bool) -> None:
    cron = Cron(
        name="nightly",
        colonyname=COLONY,
        cronexpression="" if is_random else "0 0 3 * * *",
        interval=60 if is_random else -1,
        random=is_random,
        waitforprevprocessgraph=waits,
        workflowspec=spec.model_dump_json(by_alias=True),
    )
    again = read_cron(COLONY)(cron_text(cron))
    assert WorkflowSpec.model_validate_json(again.workflowspec) == spec
    assert again.model_copy(update={"workflowspec": cron.workflowspec}) == cron
    assert cron_text(again) == cron_text(cron), "so that only what was edited is shown as different"


def test_arguments_that_are_nothing_are_arguments() -> None:
    where = Conditions(colonyname=COLONY, executortype="cli")
    spec = FunctionSpec(
        funcname="f", args=(0, "", None, [], {}), kwargs={"n": 0, "s": ""}, env={"X": ""}, conditions=where
    )
    assert json.loads(function_text(spec))["kwargs"] == {"n": 0, "s": ""}
    assert read_function(function_text(spec)) == spec


def test_what_a_cron_carries_is_written_out_in_full() -> None:
    node = {"nodename": "a", "funcname": "f", "conditions": {"colonyname": COLONY, "executortype": "cli"}}
    text = json.dumps({"name": "c", "cronexpression": "0 0 3 * * *", "interval": -1, "workflowspec": [node]})
    carried = json.loads(read_cron(COLONY)(text).workflowspec)
    assert carried["colonyname"] == COLONY
    (function,) = carried["functionspecs"]
    assert (function["maxwaittime"], function["maxexectime"]) == (-1, -1), "a server takes what is missing for 0"


def test_a_carried_workflow_with_keys_of_somebody_else_is_shown_as_it_is() -> None:
    cron = Cron(name="c", interval=5, workflowspec='{"functionspecs": [], "theirs": 1}')
    assert json.loads(cron_text(cron))["workflowspec"] == {"functionspecs": [], "theirs": 1}
    broken = Cron(name="c", interval=5, workflowspec="{not json")
    assert json.loads(cron_text(broken))["workflowspec"] == "{not json"


def filled(text: str, **changes: Any) -> str:
    """Return a template with some keys changed, those of conditions and nodes included."""
    value = json.loads(text)
    value.update(changes)
    return json.dumps(value)


def test_templates_say_what_is_missing() -> None:
    for read, text in (
        (read_function, function_template(COLONY)),
        (read_workflow(COLONY), workflow_template(COLONY)),
        (read_cron(COLONY), cron_template(COLONY)),
        (read_generator(COLONY), generator_template(COLONY)),
    ):
        with pytest.raises(ValueError, match=r"executortype is missing|needs a name"):
            read(text)
    spec = read_function(function_template(COLONY, "f", "cli", [1]))
    assert (spec.funcname, spec.args, spec.maxexectime) == ("f", (1,), 60)


def test_a_generator_carries_its_workflow_too() -> None:
    node = {"nodename": "a", "funcname": "f", "conditions": {"colonyname": COLONY, "executortype": "cli"}}
    made = read_generator(COLONY)(filled(generator_template(COLONY), name="g", trigger=3, workflowspec=[node]))
    assert isinstance(made, Generator)
    assert (made.name, made.trigger, made.colonyname) == ("g", 3, COLONY)
    with pytest.raises(ValueError, match="trigger"):
        read_generator(COLONY)(filled(generator_template(COLONY), name="g", trigger=0, workflowspec=[node]))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1, column 1"),
        ('{\n  "funcname": "f",\n}', "line 3, column 1"),
        ("[" * 100_000, "nested too deeply"),
        ("[]", "this is to be an object"),
        ('"f"', "this is to be an object"),
        ('{"funcnam": "f"}', "funcnam: there is no such key"),
        ('{"conditions": {"executortyp": "cli"}}', "conditions.executortyp: there is no such key"),
        ('{"fs": {"dirs": [{}, {"lable": "x"}]}}', "fs.dirs.1.lable: there is no such key"),
        ('{"priority": "high"}', "priority: "),
        ('{"conditions": {"colonyname": "dev"}}', "conditions.executortype is missing"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        read_function(text)


@pytest.mark.parametrize(
    ("nodes", "words"),
    [
        ([], "at least one function"),
        ([("a", ["b"])], "a depends on b, which is not in the workflow"),
        ([("a", ["b"]), ("b", ["a"])], "goes in a circle"),
        ([("a", []), ("a", [])], "two functions of the workflow have the nodename a"),
    ],
)
def test_a_workflow_that_cannot_run_is_not_read(nodes: list[tuple[str, list[str]]], words: str) -> None:
    where = {"colonyname": COLONY, "executortype": "cli"}
    specs = [{"nodename": name, "conditions": {**where, "dependencies": after}} for name, after in nodes]
    for text in (json.dumps(specs), json.dumps({"colonyname": COLONY, "functionspecs": specs})):
        with pytest.raises(ValueError, match=re.escape(words)):
            read_workflow(COLONY)(text)


def test_keys_are_read_in_any_case_as_servers_read_them() -> None:
    spec = read_function('{"FuncName": "f", "Conditions": {"ColonyName": "dev", "ExecutorType": "cli"}, "label": null}')
    assert (spec.funcname, spec.conditions.executortype) == ("f", "cli")


def test_only_what_differs_is_shown() -> None:
    before = "\n".join(f"line {number}" for number in range(20))
    after = before.replace("line 3\n", "line three\n").replace("line 15", "")
    shown = ["".join(span.text for span in line) for line in difference(before, after)]
    assert shown == [" line 2", "-line 3", "+line three", " line 4", "…", " line 14", "-line 15", "+", " line 16"]
    roles = [line[0].role for line in difference(before, after)]
    assert roles[1:3] == ["failed", "success"]
    assert [line[0].text for line in difference(before, before)] == ["nothing is different"]


def test_amounts_of_nothing_are_left_out_but_not_those_among_the_arguments() -> None:
    where = Conditions(colonyname=COLONY, executortype="cli", cpu="0m", mem="512Mi", storage="0Mi", gpu=Gpu(mem="0Mi"))
    spec = FunctionSpec(funcname="f", args=("0m", {"mem": "0Mi"}), maxexectime=60, conditions=where)
    shown = json.loads(function_text(spec))
    assert shown["conditions"] == {"colonyname": COLONY, "executortype": "cli", "mem": "512Mi"}
    assert shown["args"] == ["0m", {"mem": "0Mi"}]
