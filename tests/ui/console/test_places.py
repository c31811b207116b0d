"""The history in the console: back, forward and the last place, with cursor, filter and scroll as they were."""

from __future__ import annotations

from pathlib import Path

from colonies_tui.ui.views.workflows import WorkflowsView
from tests.ui.console.colony import Colony
from tests.ui.console.driver import SMALL, Console, console, profile_of
from tests.ui.console.workflow_colony import start


async def on_processes(c: Console, count: int) -> None:
    await c.until_known()
    await c.go("processes")
    await c.until(lambda: c.processes.table.row_count == count)


async def test_cursor_filter_and_scroll_come_back_as_they_were(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    await colony.submit_many(40, "gpu", "train")
    await colony.submit_many(3, "cli", "hash")
    async with console(profile_of(colony), tmp_path, size=SMALL) as c:
        await on_processes(c, 43)
        await c.filter("function=train")
        assert c.processes.table.row_count == 40
        await c.press("G", "k", "k")
        stood = c.processes.table.stand
        assert stood.top_id != c.processes.table.visible_ids()[0]
        await c.press("enter")
        opened = c.processes.opened()
        assert opened == stood.cursor_id
        await c.go("executors")
        await c.go("processes")
        await c.press("escape", "escape")
        assert (c.processes.filter_text, c.processes.opened()) == ("", "")
        await c.press("g")
        await c.press("left_square_bracket")
        assert (c.processes.filter_text, c.processes.opened()) == ("function=train", "")
        assert c.processes.table.stand == stood
        await c.press("left_square_bracket")
        assert (c.view, c.processes.opened()) == ("processes", opened)
        await c.press("left_square_bracket")
        assert c.view == "executors"
        await c.press("left_square_bracket")
        assert (c.view, c.processes.opened(), c.processes.detail.has_focus) == ("processes", opened, True)
        await c.press("left_square_bracket")
        assert (c.processes.opened(), c.processes.table.stand) == ("", stood)
        await c.press("left_square_bracket")
        assert (c.processes.filter_text, c.processes.table.row_count) == ("", 43)
        await c.press("left_square_bracket", "left_square_bracket")
        assert c.view == "overview"
        assert c.notices == ["there is no place before this one"]
        await c.press(*["right_square_bracket"] * 4)
        assert c.view == "executors"


async def test_minus_goes_to_the_last_place_and_back(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    failed = await colony.failed("worker-1", "ValueError: bad tile")
    async with console(profile_of(colony), tmp_path) as c:
        await on_processes(c, 1)
        await c.press("enter")
        await c.press("l")
        assert (c.view, c.logs.opened()) == ("logs", f"process {failed.processid}")
        for _ in range(3):
            await c.press("minus")
            assert (c.view, c.processes.opened()) == ("processes", failed.processid)
            await c.press("minus")
            assert c.view == "logs"
        await c.press("escape", "escape")
        assert (c.view, c.processes.opened()) == ("processes", failed.processid), "esc leaves the log, then the view"


async def test_the_graph_keeps_its_own_minus_and_comes_back_open(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    graph = await start(colony)
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("workflows")
        view = c.main.query_one(WorkflowsView)
        await c.until(lambda: view.table.row_count == 1)
        await c.press("enter")
        await c.until(lambda: view.pane.member_id != "")
        await c.press("enter")
        await c.until(lambda: c.view == "processes")
        await c.press("left_square_bracket")
        assert (c.view, view.opened(), view.is_open) == ("workflows", graph.processgraphid, True)
        await c.press("escape")
        assert view.opened() == ""
        await c.press("right_square_bracket")
        assert view.opened() == graph.processgraphid
        await c.press("minus")
        assert view.opened() == graph.processgraphid, "here it folds, also where there is nothing to fold"


async def test_in_the_filter_bar_the_keys_are_typed(colony: Colony, tmp_path: Path) -> None:
    async with console(profile_of(colony), tmp_path) as c:
        await on_processes(c, 0)
        await c.go("executors")
        await c.press("slash")
        await c.type("[Y]-")
        assert c.executors.filter_text == "[Y]-"
        await c.press("escape")
        assert c.view == "executors"
        assert c.main.history.before[-1].view == "processes", "a filter that was given up is no place"


async def test_a_row_that_is_gone_leaves_the_cursor_near(colony: Colony, tmp_path: Path) -> None:
    made = await colony.submit_many(3, "gpu", "train")
    async with console(profile_of(colony), tmp_path) as c:
        await on_processes(c, 3)
        gone = c.processes.table.cursor_id
        assert gone in {process.processid for process in made}
        await c.go("executors")
        await colony.operator.remove_process(processid=gone)
        await c.until(lambda: len(c.session.processes) == 2)
        await c.press("left_square_bracket")
        assert c.view == "processes"
        assert c.processes.table.cursor_id in c.processes.table.visible_ids()
