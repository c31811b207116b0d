"""Crons: when each runs and why one does not, and run, add, edit and remove by keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from colonies_tui.ui.widgets.json_editor import JsonEditor
from tests.ui.console.colony import Colony
from tests.ui.console.driver import LARGE, SMALL, Console, console, profile_of
from tests.ui.console.workflow_colony import a_cron, crons, editor_opens, replace_in_editor, workflows, write_in_editor


async def listed(c: Console, count: int) -> None:
    await c.until_known()
    await c.go("crons")
    await c.until(lambda: crons(c).table.row_count == count)
    await c.until(lambda: crons(c).freshness().can_show_rows)


async def names(colony: Colony) -> dict[str, str]:
    """Return the expressions of all crons by name."""
    rows = await colony.operator.get_crons(colonyname=colony.name, count=10)
    return {row.name: row.cronexpression for row in rows}


async def test_each_says_when_it_runs_in_words(colony: Colony, tmp_path: Path) -> None:
    await a_cron(colony, "nightly")
    await a_cron(colony, "often", cronexpression="", interval=90)
    async with console(profile_of(colony), tmp_path, size=LARGE) as c:
        await listed(c, 2)
        await c.until_shows("nightly", "0 0 3 * * *", "never", "every 90 s", "at 03:00:00 every day")
        assert c.shows("Next runs", "it has not run yet", "Starts · 1", "do_nightly")
        lines = [line for line in c.lines if "  then " in line]
        assert len(lines) == 4, "five runs are told"


async def test_one_is_run_now_and_leads_to_its_workflow(colony: Colony, tmp_path: Path) -> None:
    await a_cron(colony, "nightly")
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c, 1)
        await c.press("o")
        assert c.notices == ["last workflow: it has not started a workflow yet"]
        await c.press("t")
        assert c.asks("Run nightly now?")
        await c.press("escape")
        assert (await colony.counters()).waitingworkflows == 0
        await c.press("t", "y")
        await c.until(lambda: "nightly started" in c.notices)
        await c.until(lambda: all(line.cron.prevprocessgraphid for line in crons(c).table.rows.values()))
        await c.press("o")
        assert c.view == "workflows"
        assert workflows(c).is_open
        await c.until_shows("nightly", "waits for an executor cli")


async def test_one_is_edited(colony: Colony, tmp_path: Path) -> None:
    cron = await a_cron(colony, "nightly")
    await a_cron(colony, "weekly")
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c, 2)
        await c.press("e")
        await editor_opens(c)
        assert c.shows("do_nightly"), "its workflow stands there unfolded"
        await replace_in_editor(c, "0 0 3 * * *", "0 30 4 * * *")
        await c.press("ctrl+s")
        await c.until(lambda: c.dialog is not None)
        assert c.asks("Change nightly?", '- "cronexpression": "0 0 3 * * *"', '+ "cronexpression": "0 30 4 * * *"')
        assert c.asks("it is removed and added again, with a new id")
        unchanged = {"nightly": "0 0 3 * * *", "weekly": "0 0 3 * * *"}
        assert await names(colony) == unchanged
        await c.press("y")
        await c.until(lambda: "nightly changed" in c.notices)
        expressions = {"nightly": "0 30 4 * * *", "weekly": "0 0 3 * * *"}
        await c.until(
            lambda: {row.cron.name: row.cron.cronexpression for row in crons(c).table.rows.values()} == expressions
        )
        assert await names(colony) == expressions
        assert cron.cronid not in crons(c).table.rows
        chosen = crons(c).chosen
        assert chosen is not None
        assert chosen.cron.name == "nightly", "the cursor stays on it"
        assert len(c.notices) == 1, "one thing was done, and one thing is said"


async def test_what_is_wrong_is_told_and_not_sent(colony: Colony, tmp_path: Path) -> None:
    await a_cron(colony, "nightly")
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c, 1)
        await c.press("e")
        await editor_opens(c)
        await replace_in_editor(c, "0 0 3 * * *", "0 0 3 * *")
        await c.press("ctrl+s")
        assert isinstance(c.app.screen, JsonEditor)
        await c.until_shows("six fields")
        await replace_in_editor(c, '"0 0 3 * *",', '"0 0 3 * * *"')
        await c.press("ctrl+s")
        assert isinstance(c.app.screen, JsonEditor)
        await c.until_shows("line 4, column 3")
        await c.press("escape")
        assert await names(colony) == {"nightly": "0 0 3 * * *"}


async def test_a_refused_change_leaves_it_as_it_was(colony: Colony, tmp_path: Path) -> None:
    await a_cron(colony, "nightly")
    await a_cron(colony, "other")
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c, 2)
        assert crons(c).table.cursor_row is not None
        await c.press("e")
        await editor_opens(c)
        await replace_in_editor(c, '"name": "nightly"', '"name": "other"')
        await c.press("ctrl+s")
        await c.until(lambda: c.dialog is not None)
        await c.press("y")
        await c.until(lambda: any("it is back as it was" in notice for notice in c.notices))
        assert await names(colony) == {"nightly": "0 0 3 * * *", "other": "0 0 3 * * *"}


async def test_one_is_added_and_removed(colony: Colony, tmp_path: Path) -> None:
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c, 0)
        await c.until_shows("No crons", "n adds one")
        await c.press("n")
        await editor_opens(c)
        await replace_in_editor(c, '"name": ""', '"name": "hourly"')
        await c.press("ctrl+s")
        assert isinstance(c.app.screen, JsonEditor)
        await c.until_shows("workflowspec:")
        node = {
            "nodename": "sweep",
            "funcname": "do_sweep",
            "maxexectime": 60,
            "conditions": {"colonyname": colony.name, "executortype": "cli"},
        }
        workflow = {"colonyname": colony.name, "functionspecs": [node]}
        made = {"name": "hourly", "cronexpression": "0 5 * * * *", "workflowspec": workflow}
        await write_in_editor(c, made)
        await c.press("ctrl+s")
        await c.until(lambda: "hourly added" in c.notices)
        await c.until(lambda: crons(c).table.row_count == 1)
        await c.until_shows("hourly", "0 5 * * * *")
        assert await names(colony) == {"hourly": "0 5 * * * *"}
        await c.press("D")
        assert c.asks("Remove cron hourly?", "Workflows that it started go on.")
        await c.press("y")
        await c.until(lambda: crons(c).table.row_count == 0)
        assert await names(colony) == {}


async def test_one_whose_workflow_was_cancelled_says_that_it_is_blocked(colony: Colony, tmp_path: Path) -> None:
    cron = await a_cron(colony, "nightly", waitforprevprocessgraph=True)
    await colony.operator.run_cron(cronid=cron.cronid)
    async with console(profile_of(colony), tmp_path, size=LARGE) as c:
        await listed(c, 1)
        await c.until_shows("waits for the one before")
        started = (await colony.operator.get_cron(cronid=cron.cronid)).prevprocessgraphid
        await colony.operator.cancel_process_graph(processgraphid=started)
        await c.until_shows("blocked: the workflow before was cancelled; remove that one")


@pytest.mark.parametrize("size", [SMALL, LARGE])  # the tests above are of the middle one
async def test_it_is_drawn_at_every_size(size: tuple[int, int], colony: Colony, tmp_path: Path) -> None:
    await a_cron(colony, "nightly [/b] \x1b[31m")
    async with console(profile_of(colony), tmp_path, size=size) as c:
        await listed(c, 1)
        await c.until_shows("nightly [/b]")
        await c.press("enter")
        await c.until_shows("Next runs", "Starts · 1")
        await c.press("escape", "e")
        await editor_opens(c)
        await c.until_shows("Edit nightly [/b]", "valid")
