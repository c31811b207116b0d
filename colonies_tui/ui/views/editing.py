"""Specifications as JSON to edit: what stands there at first, how the text is read, and what changed."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import ValidationError
from textual.app import App

from colonies_tui.protocol.messages.process import SubmitProcess
from colonies_tui.protocol.messages.schedule import AddCron, AddGenerator
from colonies_tui.protocol.messages.workflow import SubmitWorkflow
from colonies_tui.protocol.model import Model, as_declared, unknown_key
from colonies_tui.protocol.models.process import FunctionSpec
from colonies_tui.protocol.models.schedule import Cron, Generator
from colonies_tui.protocol.models.workflow import WorkflowSpec
from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.spans import Line, Span
from colonies_tui.ui.widgets.json_editor import JsonEditor

T = TypeVar("T")
M = TypeVar("M", bound=Model)


async def edit_json(
    app: App[Any], title: str, text: str, read: Callable[[str], T], *, accept: str = "send"
) -> T | None:
    """Let a text be edited until it reads as what is wanted; ``None`` when it was left. Runs in a worker."""
    return await app.push_screen_wait(JsonEditor(title, text, read, accept=accept))


def pretty(value: Any) -> str:
    """Return JSON for people. What a terminal cannot draw as it is stands there escaped, and reads back as it was."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    if all(plain(line) == line for line in text.split("\n")):
        return text
    return "".join(
        character if character == "\n" or plain(character) == character else json.dumps(character)[1:-1]
        for character in text
    )


def short(spec: Model) -> dict[str, Any]:
    """Return a specification without what it would be anyway, so that it is short enough to edit."""
    value = spec.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for function in (value, *value.get("functionspecs", ())):
        if "conditions" in function:
            function["conditions"] = _asked_for(function["conditions"])
    return value


_NO_AMOUNT = frozenset({"0m", "0Mi"})


def _asked_for(conditions: dict[str, Any]) -> dict[str, Any]:
    """Leave out amounts of nothing: a server fills them in where none was asked for."""
    kept = {}
    for key, value in conditions.items():
        if isinstance(value, dict):
            value = _asked_for(value)
            if not value:
                continue
        if not (isinstance(value, str) and value in _NO_AMOUNT):
            kept[key] = value
    return kept


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _model(kind: type[M], value: Any) -> M:
    if not isinstance(value, dict):
        raise ValueError("line 1: this is to be an object, in braces")
    unknown = unknown_key(kind, value)
    if unknown:
        raise ValueError(f"{unknown}: there is no such key")
    try:
        return kind.model_validate(as_declared(kind, value))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"{where}: {first['msg']}" if where else first["msg"]) from None


# Functions and workflows


def function_template(colony: str, funcname: str = "", executortype: str = "", args: list[Any] | None = None) -> str:
    """Return a function specification to fill in."""
    return pretty(
        {
            "funcname": funcname,
            "args": args or [],
            "kwargs": {},
            "maxwaittime": -1,
            "maxexectime": 60,
            "maxretries": 0,
            "priority": 0,
            "label": "",
            "conditions": {"colonyname": colony, "executortype": executortype},
            "env": {},
        }
    )


def function_text(spec: FunctionSpec) -> str:
    """Return a function specification to edit: keys that say nothing are left out."""
    return pretty({**short(spec), "maxwaittime": spec.maxwaittime, "maxexectime": spec.maxexectime})


def read_function(text: str) -> FunctionSpec:
    """Return the function that a text specifies.

    Raises:
        ValueError: with what is wrong, and where.
    """
    spec = _model(FunctionSpec, _parsed(text))
    SubmitProcess(spec=spec).check()
    return spec


def workflow_template(colony: str) -> str:
    """Return a workflow to fill in."""

    def node(name: str, *after: str) -> dict[str, Any]:
        return {
            "nodename": name,
            "funcname": "",
            "args": [],
            "maxwaittime": -1,
            "maxexectime": 60,
            "maxretries": 0,
            "conditions": {"colonyname": colony, "executortype": "", "dependencies": list(after)},
        }

    return pretty({"colonyname": colony, "functionspecs": [node("first"), node("second", "first")]})


def workflow_text(spec: WorkflowSpec) -> str:
    """Return a workflow to edit: keys that say nothing are left out."""
    return pretty(short(spec))


def read_workflow(colony: str) -> Callable[[str], WorkflowSpec]:
    """Return what reads a workflow: an object with ``functionspecs``, or the list of them alone."""

    def read(text: str) -> WorkflowSpec:
        value = _parsed(text)
        if isinstance(value, list):
            value = {"colonyname": colony, "functionspecs": value}
        spec = _model(WorkflowSpec, value)
        SubmitWorkflow(spec=spec).check()
        return spec

    return read


# Crons and generators


def _embedded(spec: Any, colony: str) -> str:
    """Return a workflow given as an object, as a list or as text, as the text that a cron carries.

    Every key is written out: a server that reads the text takes what is missing for 0, and 0 seconds for the end.
    """
    if isinstance(spec, str):
        return spec
    if isinstance(spec, list):
        spec = {"colonyname": colony, "functionspecs": spec}
    try:
        return json.dumps(_model(WorkflowSpec, spec).to_wire(), ensure_ascii=False)
    except ValueError as error:
        raise ValueError(f"workflowspec: {error}") from None


def _unfolded(text: str) -> Any:
    """Return a carried workflow to edit; as it is when it holds something that would be lost."""
    try:
        value = json.loads(text)
        is_known = isinstance(value, dict) and not unknown_key(WorkflowSpec, value)
        return short(WorkflowSpec.model_validate(as_declared(WorkflowSpec, value))) if is_known else value
    except (ValueError, RecursionError):
        return text


def cron_template(colony: str) -> str:
    """Return a cron to fill in; its workflow stands there as an object."""
    return pretty(
        {
            "name": "",
            "cronexpression": "0 0 3 * * *",
            "interval": -1,
            "waitforprevprocessgraph": True,
            "workflowspec": json.loads(workflow_template(colony)),
        }
    )


def cron_text(cron: Cron) -> str:
    """Return a cron to edit, its workflow unfolded."""
    return pretty(
        {
            "name": cron.name,
            "cronexpression": cron.cronexpression,
            "interval": cron.interval,
            "waitforprevprocessgraph": cron.waitforprevprocessgraph,
            **({"random": True} if cron.random else {}),
            "workflowspec": _unfolded(cron.workflowspec),
        }
    )


def read_cron(colony: str) -> Callable[[str], Cron]:
    """Return what reads a cron, its workflow as object, list or text; with no interval it goes by its expression."""

    def read(text: str) -> Cron:
        value = _parsed(text)
        if isinstance(value, dict):
            value = {"interval": -1, **value, "colonyname": colony}
            value["workflowspec"] = _embedded(value.get("workflowspec", ""), colony)
        cron = _model(Cron, value)
        AddCron(cron=cron).check()
        return cron

    return read


def generator_template(colony: str) -> str:
    """Return a generator to fill in; its workflow stands there as an object."""
    return pretty({"name": "", "trigger": 10, "timeout": -1, "workflowspec": json.loads(workflow_template(colony))})


def read_generator(colony: str) -> Callable[[str], Generator]:
    """Return what reads a generator, its workflow as object, list or text."""

    def read(text: str) -> Generator:
        value = _parsed(text)
        if isinstance(value, dict):
            value = {**value, "colonyname": colony, "workflowspec": _embedded(value.get("workflowspec", ""), colony)}
        generator = _model(Generator, value)
        AddGenerator(generator=generator).check()
        return generator

    return read


# What changed


def difference(before: str, after: str) -> list[Line]:
    """Return the lines that differ between two texts, with one line around each; a sentence when none do."""
    lines: list[Line] = []
    for line in difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1):
        if line.startswith(("---", "+++")):
            continue
        if line.startswith("@@"):
            if lines:
                lines.append((Span("…", "dim"),))
            continue
        role = {"+": "success", "-": "failed"}.get(line[:1], "dim")
        lines.append((Span(plain(line), role),))
    return lines or [(Span("nothing is different", "dim"),)]
