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
from colonies_tui.protocol.model import Model
from colonies_tui.protocol.models.process import FunctionSpec
from colonies_tui.protocol.models.schedule import Cron, Generator
from colonies_tui.protocol.models.workflow import WorkflowSpec
from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.spans import Line, Span
from colonies_tui.ui.widgets.json_editor import JsonEditor

T = TypeVar("T")
M = TypeVar("M", bound=Model)

_EMPTY: tuple[Any, ...] = ("", 0, None, [], {}, False)


async def edit_json(
    app: App[Any], title: str, text: str, read: Callable[[str], T], *, accept: str = "send"
) -> T | None:
    """Let a text be edited until it reads as what is wanted; ``None`` when it was left. Runs in a worker."""
    return await app.push_screen_wait(JsonEditor(title, text, read, accept=accept))


def pretty(value: Any) -> str:
    """Return JSON for people."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def pruned(value: Any) -> Any:
    """Return JSON without keys that say nothing, so that a specification is short enough to edit."""
    if isinstance(value, dict):
        kept = {key: pruned(inner) for key, inner in value.items()}
        return {key: inner for key, inner in kept.items() if inner not in _EMPTY}
    if isinstance(value, list):
        return [pruned(inner) for inner in value]
    return value


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _model(kind: type[M], value: Any) -> M:
    unknown = sorted(set(value) - set(kind.model_fields)) if isinstance(value, dict) else []
    if unknown:
        raise ValueError(f"{unknown[0]}: there is no such key")
    try:
        return kind.model_validate(value)
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
    short = pruned(spec.to_wire())
    return pretty({"maxwaittime": spec.maxwaittime, "maxexectime": spec.maxexectime, **short})


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
    return pretty(pruned(spec.to_wire()))


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
    """Return a workflow given as an object, as a list or as text, as the text that a cron carries."""
    if isinstance(spec, str):
        return spec
    if isinstance(spec, list):
        spec = {"colonyname": colony, "functionspecs": spec}
    return json.dumps(spec, ensure_ascii=False)


def _unfolded(text: str) -> Any:
    try:
        return pruned(json.loads(text))
    except ValueError:
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
            "workflowspec": _unfolded(cron.workflowspec),
        }
    )


def read_cron(colony: str) -> Callable[[str], Cron]:
    """Return what reads a cron, its workflow as object, list or text."""

    def read(text: str) -> Cron:
        value = _parsed(text)
        if isinstance(value, dict):
            value = {**value, "colonyname": colony, "workflowspec": _embedded(value.get("workflowspec", ""), colony)}
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
