"""Generators: one is packed to its trigger, added and removed by keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.console.colony import Colony
from tests.ui.console.driver import LARGE, SMALL, Console, console, profile_of
from tests.ui.console.workflow_colony import (
    a_generator,
    editor_opens,
    generators,
    members,
    replace_in_editor,
    select_in_editor,
    workflows,
    write_in_editor,
)


async def listed(c: Console, count: int) -> None:
    await c.until_known()
    await c.go("generators")
    await c.until(lambda: generators(c).table.row_count == count)


async def pack(c: Console, text: str) -> None:
    await c.press("p")
    await c.until_shows("Pack an argument for")
    await c.type(text)
    await c.press("enter")


async def test_one_is_packed_to_its_trigger(colony: Colony, tmp_path: Path) -> None:
    await a_generator(colony, "batches")
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c, 1)
        await c.until_shows("0 of 2", "never")
        await c.press("p", "escape")
        assert c.view == "generators"
        await pack(c, "tile-1")
        await c.until_shows("1 of 2")
        assert "batches packed" in c.notices
        assert (await colony.counters()).waitingworkflows == 0
        await pack(c, "tile-2")
        await c.until(lambda: "0 of 2" in c.text and "never" not in c.text)
        await c.go("workflows")
        await c.until(lambda: workflows(c).table.row_count == 1)
        graph = next(iter(workflows(c).table.rows.values())).graph
        whole = await colony.operator.get_process_graph(processgraphid=graph.processgraphid)
        batch = (await members(colony, whole))["batch"]
        assert batch.spec.args == ("tile-1", "tile-2")


async def test_one_is_added_and_removed(colony: Colony, tmp_path: Path) -> None:
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c, 0)
        await c.until_shows("No generators", "n adds one")
        await c.press("p")
        assert c.notices == ["pack: there is no generator under the cursor"]
        await c.press("n")
        await editor_opens(c)
        await replace_in_editor(c, '"name": ""', '"name": "batches"')
        await replace_in_editor(c, '"trigger": 10', '"trigger": 0')
        await c.until_shows("trigger")
        await c.press("ctrl+s")
        await editor_opens(c)
        await select_in_editor(c, '"trigger": 0')
        node = {
            "nodename": "batch",
            "funcname": "do_batch",
            "maxexectime": 60,
            "conditions": {"colonyname": colony.name, "executortype": "cli"},
        }
        workflow = {"colonyname": colony.name, "functionspecs": [node]}
        made = {"name": "batches", "trigger": 7, "timeout": 60, "workflowspec": workflow}
        await write_in_editor(c, made)
        await c.press("ctrl+s")
        await c.until(lambda: "batches added" in c.notices)
        await c.until_shows("batches", "0 of 7")
        await pack(c, "one")
        await c.until_shows("1 of 7")
        await c.press("D")
        assert c.asks("Remove generator batches?", "Its queue of 1 packed argument is lost")
        await c.press("y")
        await c.until(lambda: generators(c).table.row_count == 0)
        assert not await colony.operator.get_generators(colonyname=colony.name, count=10)


@pytest.mark.parametrize("size", [SMALL, LARGE])  # the tests above are of the middle one
async def test_it_is_drawn_at_every_size(size: tuple[int, int], colony: Colony, tmp_path: Path) -> None:
    await a_generator(colony, "batches", trigger=3, timeout=60)
    async with console(profile_of(colony), tmp_path, size=size) as c:
        await listed(c, 1)
        await c.until_shows("batches", "0 of 3")
        await c.press("enter")
        await c.until_shows("packed arguments make a run", "Starts · 1", "do_batch")
