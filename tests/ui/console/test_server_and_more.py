"""Functions, blueprints and the server itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.events import AppBlur

from colonies_tui.protocol.messages.blueprint import AddBlueprintDefinition, UpdateBlueprintStatus
from colonies_tui.protocol.models.blueprint import Blueprint, BlueprintDefinition
from colonies_tui.protocol.models.executor import Function, FunctionArgument
from colonies_tui.protocol.states import ProcessState
from colonies_tui.ui.widgets.json_editor import JsonEditor
from tests.ui.console.colony import Colony
from tests.ui.console.driver import LARGE, SMALL, Console, console, profile_of
from tests.ui.console.workflow_colony import blueprints, editor_opens, editor_text, functions, replace_in_editor

ARGUMENTS = (
    FunctionArgument(name="tile", type="string", required=True, description="which [tile]"),
    FunctionArgument(name="zoom", type="int", required=False),
    FunctionArgument(name="format", type="string", required=False, enum=("png", "tif")),
)


async def with_function(colony: Colony) -> None:
    worker = await colony.register("worker-1", "cli")
    function = Function(
        executorname="worker-1",
        executortype="cli",
        colonyname=colony.name,
        funcname="render_tile",
        description="Renders one tile",
        args=ARGUMENTS,
    )
    await worker.client.add_function(fun=function)


async def with_blueprint(colony: Colony) -> Blueprint:
    definition = BlueprintDefinition.model_validate(
        {
            "metadata": {"name": "deployment", "colonyname": colony.name},
            "spec": {
                "names": {"kind": "Deployment"},
                "handler": {"executorType": "keeper", "functionName": "reconcile"},
            },
        }
    )
    await colony.operator.send(AddBlueprintDefinition(blueprintdefinition=definition))
    made: dict[str, Any] = {
        "kind": "Deployment",
        "metadata": {"name": "web", "colonyname": colony.name},
        "spec": {"image": "nginx", "replicas": 3},
    }
    return await colony.operator.add_blueprint(blueprint=Blueprint.model_validate(made))


async def waiting(colony: Colony) -> list[str]:
    rows = await colony.operator.get_processes(colonyname=colony.name, count=100, state=ProcessState.WAITING)
    return [row.spec.funcname for row in rows]


async def go_to(c: Console, view: str) -> None:
    await c.until_known()
    await c.palette(view)
    assert c.view == view


# -- functions ---------------------------------------------------------------------------------------------------------


async def test_a_function_is_called_from_its_form(colony: Colony, tmp_path: Path) -> None:
    await with_function(colony)
    async with console(profile_of(colony), tmp_path, size=LARGE) as c:
        await go_to(c, "functions")
        await c.until_shows("render_tile", "tile, zoom?", "which [tile]", "one of png, tif", "required")
        await c.press("n")
        await editor_opens(c)
        assert '"executortype": "cli"' in editor_text(c)
        assert '"png"' in editor_text(c)
        await replace_in_editor(c, '    "",', '"t-7",')
        await c.until_shows("valid")
        await c.press("ctrl+s")
        await c.until(lambda: "render_tile for cli submitted" in c.notices)
        assert await waiting(colony) == ["render_tile"]
        process = await colony.assign("worker-1")
        assert process.spec.args == ("t-7", 0, "png")


async def test_the_form_is_not_sent_while_it_is_wrong(colony: Colony, tmp_path: Path) -> None:
    await with_function(colony)
    async with console(profile_of(colony), tmp_path) as c:
        await go_to(c, "functions")
        await c.until(lambda: functions(c).table.row_count == 1)
        await c.press("n")
        await editor_opens(c)
        await replace_in_editor(c, '"executortype": "cli"', '"executortype": "cli')
        await c.press("ctrl+s")
        assert isinstance(c.app.screen, JsonEditor)
        await c.until_shows("line 16, column 25")
        await c.press("escape")
        assert await waiting(colony) == []


async def test_statistics_of_calls_are_told(colony: Colony, tmp_path: Path) -> None:
    await with_function(colony)
    async with console(profile_of(colony), tmp_path, size=LARGE) as c:
        await go_to(c, "functions")
        await c.until(lambda: functions(c).table.row_count == 1)
        for _ in range(2):
            await colony.submit("cli", "render_tile")
            await colony.succeed("worker-1", await colony.assign("worker-1"))
        await c.until(lambda: [row.counter for row in functions(c).table.rows.values()] == [2])
        await c.until_shows("2  that succeeded", "the average weights recent calls")


# -- blueprints --------------------------------------------------------------------------------------------------------


async def test_a_blueprint_shows_what_should_be_and_what_is(colony: Colony, tmp_path: Path) -> None:
    made = await with_blueprint(colony)
    async with console(profile_of(colony), tmp_path, size=LARGE) as c:
        await go_to(c, "blueprints")
        await c.until_shows("web", "Deployment", "nothing reported", "keeper", "nginx", "Should be", "History")
        report = UpdateBlueprintStatus(
            colonyname=colony.name, blueprintname="web", status={"replicas": 1, "ready": True}
        )
        await colony.operator.send(report)
        await c.press("ctrl+r")
        await c.until_shows("differs in replicas", "is 1", "ready")
        assert made.blueprintid


async def test_a_blueprint_is_reconciled_and_removed(colony: Colony, tmp_path: Path) -> None:
    await with_blueprint(colony)
    before = len(await waiting(colony))
    async with console(profile_of(colony), tmp_path) as c:
        await go_to(c, "blueprints")
        await c.until(lambda: [line.handler for line in blueprints(c).table.rows.values()] == ["keeper"])
        await c.press("t")
        assert c.asks("Reconcile web?", "keeper", "A process is submitted to its reconciler.")
        await c.press("escape")
        assert len(await waiting(colony)) == before
        await c.press("t", "y")
        await c.until(lambda: "web handed to its reconciler" in c.notices)
        assert len(await waiting(colony)) == before + 1
        await c.press("D")
        assert c.asks("Remove blueprint web?")
        await c.type("web")
        await c.press("enter", "y")
        await c.until(lambda: blueprints(c).table.row_count == 0)
        assert not await colony.operator.get_blueprints(namespace=colony.name)


# -- server ------------------------------------------------------------------------------------------------------------


async def test_the_server_tells_what_it_is(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    await colony.submit_many(3)
    async with console(profile_of(colony), tmp_path, size=LARGE) as c:
        await c.until_known()
        await c.go("server")
        await c.until_shows("Whole server", "3 waiting", "Cluster", "leader", "What this console reads")
        assert c.shows(str(colony.running.address), "Keys of this profile", "encrypted")
        for key in (colony.keys.member, colony.keys.colony, colony.keys.server):
            assert key is not None
            assert key.identity[:16] in c.text


async def test_the_server_view_tells_what_the_console_asks_for(colony: Colony, tmp_path: Path) -> None:
    async with console(profile_of(colony), tmp_path, size=LARGE) as c:
        await c.until_known()
        await c.go("server")
        await c.until(lambda: "a second  of at most 40" in c.line("requests"))
        asked = c.session.traffic.by_feed()["statistics"]

        def shown() -> int:
            words = next(line.split() for line in c.lines if line.split()[:1] == ["statistics"])
            return int(words[1].removesuffix("/min"))

        await c.until(lambda: shown() > asked)
        await c.session.client.get_version()
        await c.until_shows("asked for by you", "1/min")
        assert "focus" not in c.line("requests")
        c.app.post_message(AppBlur())
        await c.until(lambda: "slower while the terminal is not in focus" in c.line("requests"))


@pytest.mark.parametrize("size", [SMALL, LARGE])  # the tests above are of the middle one
async def test_they_are_drawn_at_every_size(size: tuple[int, int], colony: Colony, tmp_path: Path) -> None:
    await with_function(colony)
    await with_blueprint(colony)
    async with console(profile_of(colony), tmp_path, size=size) as c:
        await go_to(c, "functions")
        await c.until_shows("render_tile")
        await c.press("enter")
        await c.until_shows("Renders one tile", "Arguments")
        await c.press("escape")
        await go_to(c, "blueprints")
        await c.until_shows("web")
        await c.press("enter")
        await c.until_shows("Should be", "nginx")
        await c.press("escape")
        await c.go("server")
        await c.until_shows("address")
