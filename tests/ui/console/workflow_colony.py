"""Workflows, crons, generators and files of a colony under test, and how their screens are reached and edited."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from textual.widgets import TextArea

from colonies_tui.protocol.models.file import File, Reference, S3Object
from colonies_tui.protocol.models.process import Conditions, FunctionSpec, Process
from colonies_tui.protocol.models.schedule import Cron, Generator
from colonies_tui.protocol.models.workflow import ProcessGraph, WorkflowSpec
from colonies_tui.ui.views.blueprints import BlueprintsView
from colonies_tui.ui.views.crons import CronsView
from colonies_tui.ui.views.files import FilesView
from colonies_tui.ui.views.functions import FunctionsView
from colonies_tui.ui.views.generators import GeneratorsView
from colonies_tui.ui.views.server import ServerView
from colonies_tui.ui.views.view import View
from colonies_tui.ui.views.workflows import WorkflowsView
from colonies_tui.ui.widgets.json_editor import JsonEditor
from tests.ui.console.colony import Colony
from tests.ui.console.driver import Console

DIAMOND: Mapping[str, Sequence[str]] = {"plan": (), "east": ("plan",), "west": ("plan",), "join": ("east", "west")}
"""Parents of each node."""

V = TypeVar("V", bound=View)


def a_node(colony: Colony, name: str, *parents: str, **changes: Any) -> FunctionSpec:
    """Return one function of a workflow."""
    where = Conditions(colonyname=colony.name, executortype="cli", dependencies=tuple(parents))
    fields: dict[str, Any] = {"nodename": name, "funcname": f"do_{name}", "maxexectime": 60, "maxwaittime": -1}
    return FunctionSpec(conditions=where, **{**fields, **changes})


def a_workflow(
    colony: Colony, parents: Mapping[str, Sequence[str]] = DIAMOND, **of_nodes: Mapping[str, Any]
) -> WorkflowSpec:
    """Return a workflow whose nodes wait for the given parents; further arguments change single nodes."""
    nodes = [a_node(colony, name, *names, **of_nodes.get(name, {})) for name, names in parents.items()]
    return WorkflowSpec(colonyname=colony.name, functionspecs=tuple(nodes))


async def start(
    colony: Colony, parents: Mapping[str, Sequence[str]] = DIAMOND, **of_nodes: Mapping[str, Any]
) -> ProcessGraph:
    """Start a workflow."""
    return await colony.operator.submit_workflow(spec=a_workflow(colony, parents, **of_nodes))


async def members(colony: Colony, graph: ProcessGraph) -> dict[str, Process]:
    """Return the processes of a workflow by node name."""
    whole = await colony.operator.get_process_graph(processgraphid=graph.processgraphid)
    found = [await colony.operator.get_process(processid=process_id) for process_id in whole.processids]
    return {process.spec.nodename: process for process in found}


async def run_next(colony: Colony, name: str, *messages: str) -> Process:
    """Let the executor take the next process, which has to be this one, and write into its log."""
    process = await colony.assign("worker-1")
    assert process.spec.nodename == name
    await colony.log("worker-1", process, *messages)
    return process


async def done(colony: Colony, name: str, *messages: str) -> Process:
    """Let the executor carry out the next process, which has to be this one."""
    process = await run_next(colony, name, *messages)
    await colony.succeed("worker-1", process)
    return process


async def a_cron(colony: Colony, name: str, **changes: Any) -> Cron:
    """Add a cron; at three in the night unless told otherwise."""
    fields: dict[str, Any] = {
        "cronexpression": "0 0 3 * * *",
        "interval": -1,
        "workflowspec": a_workflow(colony, {"nightly": ()}).model_dump_json(by_alias=True),
    }
    cron = Cron(name=name, colonyname=colony.name, **{**fields, **changes})
    return await colony.operator.add_cron(cron=cron)


async def a_generator(colony: Colony, name: str, **changes: Any) -> Generator:
    """Add a generator that runs with every two arguments unless told otherwise."""
    text = a_workflow(colony, {"batch": ()}).model_dump_json(by_alias=True)
    made = Generator(name=name, colonyname=colony.name, workflowspec=text, **{"trigger": 2, **changes})
    return await colony.operator.add_generator(generator=made)


async def a_file(colony: Colony, label: str, name: str, **changes: Any) -> File:
    """Record a revision of a file, with credentials in its reference."""
    place = S3Object(
        server="s3.example",
        bucket="tiles",
        object=f"{name}-object",
        accesskey="AKIA-ACCESS",
        secretkey="SECRET-KEY",
        encryptionkey="CRYPT-KEY",
    )
    fields: dict[str, Any] = {
        "size": 2048,
        "checksum": "ab" * 32,
        "checksumalg": "SHA256",
        "ref": Reference(protocol="s3", s3object=place),
    }
    file = File(colonyname=colony.name, label=label, name=name, **{**fields, **changes})
    return await colony.operator.add_file(file=file)


# The screens


def view_of(c: Console, kind: type[V]) -> V:
    """Return a view of the console."""
    return c.main.query_one(kind)


def workflows(c: Console) -> WorkflowsView:
    return view_of(c, WorkflowsView)


def crons(c: Console) -> CronsView:
    return view_of(c, CronsView)


def generators(c: Console) -> GeneratorsView:
    return view_of(c, GeneratorsView)


def files(c: Console) -> FilesView:
    return view_of(c, FilesView)


def functions(c: Console) -> FunctionsView:
    return view_of(c, FunctionsView)


def blueprints(c: Console) -> BlueprintsView:
    return view_of(c, BlueprintsView)


def server(c: Console) -> ServerView:
    return view_of(c, ServerView)


def editor_text(c: Console) -> str:
    """Return the text in the editor that is open."""
    return c.app.screen.query_one(TextArea).text


async def editor_opens(c: Console) -> None:
    """Wait for the editor."""
    await c.until(lambda: isinstance(c.app.screen, JsonEditor) and bool(c.app.screen.query(TextArea)))


async def select_in_editor(c: Console, old: str) -> None:
    """Select the only place of a text in the editor, as shift and the arrow keys do."""
    area = c.app.screen.query_one(TextArea)
    rows = area.text.split("\n")
    places = [(row, line.index(old)) for row, line in enumerate(rows) if old in line]
    assert len(places) == 1, places
    row, column = places[0]
    area.move_cursor((row, column))
    area.move_cursor((row, column + len(old)), select=True)
    await c.settle()


async def replace_in_editor(c: Console, old: str, new: str) -> None:
    """Type a text over another that stands once in the editor."""
    await select_in_editor(c, old)
    await c.press("backspace")
    await c.type(new)


async def write_in_editor(c: Console, value: dict[str, Any]) -> None:
    """Type a JSON value over everything that stands in the editor."""
    await c.press("f7")
    await c.type(json.dumps(value))
