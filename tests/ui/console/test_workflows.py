"""Workflows: the list, the graph that is walked by keys, its other faces, and what is done with one."""

from __future__ import annotations

from pathlib import Path

import pytest

from colonies_tui.protocol.models.workflow import ProcessGraph
from colonies_tui.protocol.states import ProcessState
from colonies_tui.ui.widgets.graph_view import GraphView
from colonies_tui.ui.widgets.json_editor import JsonEditor
from colonies_tui.ui.widgets.live_table import LiveTable
from colonies_tui.ui.widgets.log_view import LogView
from colonies_tui.ui.widgets.timeline import Timeline
from tests.ui.console.colony import Colony
from tests.ui.console.driver import LARGE, SMALL, Console, console, profile_of
from tests.ui.console.workflow_colony import (
    done,
    editor_opens,
    editor_text,
    members,
    replace_in_editor,
    run_next,
    start,
    workflows,
)


async def listed(c: Console, count: int) -> None:
    await c.until_known()
    await c.go("workflows")
    await c.until(lambda: workflows(c).table.row_count == count)


async def opened(c: Console, graph: ProcessGraph) -> GraphView:
    """Open the graph of a workflow from the list."""
    await c.until_known()
    await c.go("workflows")
    await c.until(lambda: workflows(c).table.move_to(graph.processgraphid))
    await c.press("enter")
    pane = workflows(c).pane
    await c.until(lambda: pane.graph is not None and not pane.graph.unknown)
    view = pane.query_one(GraphView)
    await c.until(lambda: view.cursor_id is not None)
    return view


def states(c: Console) -> list[ProcessState]:
    graph = workflows(c).pane.graph
    return [] if graph is None else [member.state for member in graph.members]


async def failed_diamond(colony: Colony) -> ProcessGraph:
    """A diamond of which one branch failed by itself; what comes after it failed with it."""
    await colony.register("worker-1", "cli")
    graph = await start(colony)
    await done(colony, "plan", "planning")
    await done(colony, "east", "east is done")
    west = await run_next(colony, "west", "looking west", "ERROR: no such west")
    await colony.fail("worker-1", west, "no such west")
    return graph


# -- the list ----------------------------------------------------------------------------------------------------------


async def test_the_list_tells_progress_and_who_failed_by_itself(colony: Colony, tmp_path: Path) -> None:
    failed = await failed_diamond(colony)
    await start(colony, {"alone": ()})
    async with console(profile_of(colony), tmp_path, size=LARGE) as c:
        await listed(c, 2)
        await c.until_shows("Workflows · 2", "plan", "alone")
        line = workflows(c).table.rows[failed.processgraphid]
        assert (line.total, line.failed) == (4, 1), "the member that failed with the others does not count"
        assert line.graph.state is ProcessState.FAILED
        assert c.line("  plan").split()[:3] == ["✖", "failed", "plan"]
        await c.press("left")  # from all round to the last state
        await c.until(lambda: workflows(c).table.row_count == 0)
        await c.until_shows("No workflows")


async def test_the_tabs_have_the_counters_and_filter_the_list(colony: Colony, tmp_path: Path) -> None:
    await failed_diamond(colony)
    await start(colony, {"alone": ()})
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c, 2)
        view = workflows(c)
        await c.until(lambda: "1" in c.line("failed") and "2" in c.line("all"))
        await c.press("tab")
        assert [view.table.rows[row].name for row in view.table.visible_ids()] == ["alone"]
        await c.press("shift+tab")
        await c.filter("state=failed")
        assert [view.table.rows[row].name for row in view.table.visible_ids()] == ["plan"]
        await c.press("escape")
        assert view.table.row_count == 2


async def test_an_empty_colony_says_what_starts_one(colony: Colony, tmp_path: Path) -> None:
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("workflows")
        await c.until_shows("No workflows", "n submits one")


# -- the graph ---------------------------------------------------------------------------------------------------------


async def test_the_graph_is_walked_and_enter_opens_the_process(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    graph = await start(colony)
    by_name = {name: process.processid for name, process in (await members(colony, graph)).items()}
    async with console(profile_of(colony), tmp_path) as c:
        view = await opened(c, graph)
        await c.until_shows("plan", "east", "west", "join", "waits for plan")
        assert view.cursor_id == by_name["plan"]
        await c.press("down")
        first = view.cursor_id
        assert first in (by_name["east"], by_name["west"])
        await c.press("right" if first == by_name["east"] else "left")
        await c.press("left", "right")
        assert {view.cursor_id} <= {by_name["east"], by_name["west"]}
        await c.press("down")
        assert view.cursor_id == by_name["join"]
        await c.press("down")
        assert view.cursor_id == by_name["join"], "there is nothing below"
        await c.press("up", "up")
        assert view.cursor_id == by_name["plan"]
        await c.press("G")
        assert workflows(c).pane.member_id == by_name["join"]
        await c.press("enter")
        assert c.view == "processes"
        await c.until_shows("do_join", by_name["join"][:8])
        await c.press("escape", "escape")
        assert c.view == "workflows"
        assert workflows(c).is_open
        assert view.cursor_id == by_name["join"], "and the cursor is where it was"


async def test_the_graph_is_live(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    graph = await start(colony, {"one": (), "two": ("one",)})
    async with console(profile_of(colony), tmp_path) as c:
        await opened(c, graph)
        assert states(c) == [ProcessState.WAITING, ProcessState.WAITING]
        process = await run_next(colony, "one")
        await c.until(lambda: states(c) == [ProcessState.RUNNING, ProcessState.WAITING])
        await c.until_shows("worker-1")
        await colony.succeed("worker-1", process)
        await done(colony, "two")
        await c.until(lambda: states(c) == [ProcessState.SUCCESS, ProcessState.SUCCESS])
        await c.until_shows("2 of 2 done")
        assert workflows(c).pane.is_finished


async def test_f_finds_the_first_failure_and_l_its_log(colony: Colony, tmp_path: Path) -> None:
    graph = await failed_diamond(colony)
    by_name = {name: process.processid for name, process in (await members(colony, graph)).items()}
    async with console(profile_of(colony), tmp_path) as c:
        view = await opened(c, graph)
        await c.until_shows("1 failed", "by workflow")
        await c.press("f")
        assert view.cursor_id == by_name["west"]
        await c.press("l")
        assert c.view == "logs"
        await c.until_shows("looking west", "ERROR: no such west")
        assert "planning" not in c.text
        await c.press("escape", "escape")
        assert c.view == "workflows"


async def test_siblings_fold_and_unfold(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    fan = {f"tile-{number}": ("root",) for number in range(12)}
    graph = await start(colony, {"root": (), **fan}, **{name: {"funcname": "render_tile"} for name in fan})
    async with console(profile_of(colony), tmp_path) as c:
        view = await opened(c, graph)
        await c.press("down")
        assert len(view.cursor_members) == 12
        await c.until_shows("12")
        await c.press("enter")
        assert c.view == "workflows", "enter unfolds"
        assert len(view.cursor_members) == 1
        await c.press("minus")
        assert len(view.cursor_members) == 12
        await c.press("tab", "shift+tab")
        assert len(view.cursor_members) == 12


# -- faces -------------------------------------------------------------------------------------------------------------


async def test_faces_keep_the_member_under_the_cursor(colony: Colony, tmp_path: Path) -> None:
    graph = await failed_diamond(colony)
    by_name = {name: process.processid for name, process in (await members(colony, graph)).items()}
    async with console(profile_of(colony), tmp_path) as c:
        view = await opened(c, graph)
        pane = workflows(c).pane
        table = pane.query_one("#workflow-list", LiveTable)
        timeline = pane.query_one(Timeline)
        await c.press("f", "tab")
        assert table.has_focus
        assert (table.cursor_id, pane.member_id) == (by_name["west"], by_name["west"])
        assert c.shows("level", "no such west", "had not run; by workflow")
        assert next(row.node.label for row in table.rows.values()) == "plan"
        await c.press("tab")
        assert timeline.has_focus
        assert (timeline.cursor_id, pane.member_id) == (by_name["west"], by_name["west"])
        await c.press("g")
        assert pane.member_id == by_name["plan"]
        await c.press("tab")
        assert pane.query_one(LogView).has_focus
        await c.press("tab")
        assert view.has_focus
        assert view.cursor_id == by_name["plan"]
        await c.press("shift+tab", "shift+tab", "enter")
        assert c.view == "processes"
        await c.until_shows(by_name["plan"][:8])


async def test_the_merged_log_interleaves_and_a_line_leads_to_its_node(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    await colony.register("worker-2", "cli")
    graph = await start(colony)
    await done(colony, "plan", "planning")
    east = await run_next(colony, "east", "east 1")
    west = await colony.assign("worker-2")
    await colony.log("worker-2", west, "west 1")
    await colony.log("worker-1", east, "east 2")
    async with console(profile_of(colony), tmp_path) as c:
        view = await opened(c, graph)
        await c.press("M")
        log = workflows(c).pane.query_one(LogView)
        await c.until_shows("planning", "east 1", "west 1", "east 2")
        order = [part for line in c.lines for part in ("planning", "east 1", "west 1", "east 2") if part in line]
        assert order == ["planning", "east 1", "west 1", "east 2"]
        assert "west" in c.line("west 1").replace("west 1", "")
        await colony.log("worker-2", west, "west 2")
        await c.until_shows("west 2")
        await colony.succeed("worker-1", east)
        await colony.succeed("worker-2", west)
        await done(colony, "join", "joining")  # it starts later, and is followed all the same
        await c.until_shows("joining")
        assert log.has_focus
        await c.press("G", "k", "enter")
        assert view.has_focus
        assert view.cursor_id == west.processid
        await c.press("M")
        assert c.shows("joining")


async def test_another_workflow_begins_anew(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    first = await start(colony, {"one": ()})
    await done(colony, "one", "words of one")
    second = await start(colony, {"two": ()})
    await done(colony, "two", "words of two")
    async with console(profile_of(colony), tmp_path) as c:
        await opened(c, first)
        await c.press("M")
        await c.until_shows("words of one")
        await c.press("escape")
        assert not workflows(c).is_open
        assert workflows(c).table.move_to(second.processgraphid)
        await c.press("l")
        await c.until_shows("words of two")
        assert "words of one" not in c.text
        await c.press("escape")
        assert workflows(c).table.move_to(first.processgraphid)
        await c.press("enter")
        assert workflows(c).pane.query_one(GraphView).has_focus
        await c.until(lambda: workflows(c).pane.graph is not None)
        await c.press("M")
        await c.until_shows("words of one")


# -- what is done with one ---------------------------------------------------------------------------------------------


async def test_one_is_resubmitted_with_one_argument_changed(colony: Colony, tmp_path: Path) -> None:
    graph = await start(colony, east={"args": ("tile-7",)})
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c, 1)
        await c.press("R")
        await editor_opens(c)
        await replace_in_editor(c, "tile-7", "tile-8")
        await c.press("ctrl+s")
        await c.until(lambda: c.dialog is not None)
        assert c.asks("Submit 4 functions as a new workflow?", graph.processgraphid[:8])
        assert c.asks('- "tile-7"', '+ "tile-8"')
        assert '"plan"' not in c.text, "what is the same is not shown"
        assert (
            len(await colony.operator.get_processes(colonyname=colony.name, count=100, state=ProcessState.WAITING)) == 4
        )
        await c.press("y")
        await c.until(lambda: workflows(c).table.row_count == 2)
        assert "workflow of 4 submitted" in c.notices
        new = next(row for row in workflows(c).table.rows if row != graph.processgraphid)
        made = (await colony.operator.get_process_graph(processgraphid=new)).processids
        processes = [await colony.operator.get_process(processid=row) for row in made]
        again = {process.spec.nodename: process.spec for process in processes}
        assert again["east"].args == ("tile-8",)
        before = {name: process.spec for name, process in (await members(colony, graph)).items()}
        assert all(again[name] == before[name] for name in ("plan", "west", "join"))


async def test_one_is_written_and_what_is_wrong_is_told_with_its_line(colony: Colony, tmp_path: Path) -> None:
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c, 0)
        await c.press("n")
        await editor_opens(c)
        await c.press("ctrl+s")
        assert isinstance(c.app.screen, JsonEditor), "a template without a type cannot be sent"
        await c.press("ctrl+home")
        await c.type("{")
        await c.press("ctrl+s")
        assert isinstance(c.app.screen, JsonEditor)
        assert c.shows("line 1, column 2")
        await c.press("backspace", "escape")
        assert c.view == "workflows"
        assert not await colony.operator.get_process_graphs(
            colonyname=colony.name, count=10, state=ProcessState.WAITING
        )


async def test_cancel_and_remove(colony: Colony, tmp_path: Path) -> None:
    graph = await start(colony)
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c, 1)
        await c.until_shows("plan")
        await c.press("C")
        assert c.asks("Cancel workflow plan?", graph.processgraphid[:8], "0 of 4 done")
        await c.press("escape")
        assert (await members(colony, graph))["plan"].state is ProcessState.WAITING
        seen = []
        workflows(c).session.watch(lambda: seen.append(workflows(c).session.graphs.rows.get(graph.processgraphid)))
        await c.press("C", "y")
        await c.until(lambda: workflows(c).table.rows[graph.processgraphid].graph.state is ProcessState.CANCELLED)
        assert None not in seen, "it is never away on its way from one state's list to another's"
        assert {process.state for process in (await members(colony, graph)).values()} == {ProcessState.CANCELLED}
        await c.press("C")
        assert c.dialog is None
        assert c.notices[-1] == "cancel: it has ended: a server would only relabel it as cancelled"
        await c.press("D")
        assert c.asks("Remove workflow plan?", "with all its processes")
        await c.press("y")
        await c.until(lambda: workflows(c).table.row_count == 0)
        assert (await colony.counters()).cancelledprocesses == 0


async def test_a_running_one_is_not_removed(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    graph = await start(colony)
    await run_next(colony, "plan")
    async with console(profile_of(colony), tmp_path) as c:
        await opened(c, graph)
        await c.until(lambda: c.session.graphs.rows.rows[graph.processgraphid].state is ProcessState.RUNNING)
        await c.press("D")
        assert c.dialog is None
        assert c.notices == ["remove: it is running: cancel it first"]
        await c.press("C", "y")
        await c.until(lambda: ProcessState.CANCELLED in states(c))


async def test_an_open_one_that_is_removed_does_not_stay_on_the_screen(colony: Colony, tmp_path: Path) -> None:
    graph = await start(colony, {"one": ()})
    other = await start(colony, {"two": ()})
    async with console(profile_of(colony), tmp_path) as c:
        await opened(c, graph)
        await c.press("D", "y")
        await c.until(lambda: not workflows(c).is_open)
        await c.until(lambda: list(workflows(c).table.visible_ids()) == [other.processgraphid])


async def test_one_that_somebody_else_removes_says_so(colony: Colony, tmp_path: Path) -> None:
    graph = await start(colony, {"one": ()})
    async with console(profile_of(colony), tmp_path) as c:
        await opened(c, graph)
        await colony.operator.remove_process_graph(processgraphid=graph.processgraphid)
        await c.until_shows("no longer there:", "one")
        await c.press("escape")
        await c.until_shows("No workflows")


@pytest.mark.parametrize("size", [SMALL, LARGE])  # the tests above are of the middle one
async def test_every_face_is_drawn_at_every_size(size: tuple[int, int], colony: Colony, tmp_path: Path) -> None:
    graph = await failed_diamond(colony)
    async with console(profile_of(colony), tmp_path, size=size) as c:
        await listed(c, 1)
        await c.until_shows("plan", "1")
        await opened(c, graph)
        await c.until_shows("plan", "west", "join")
        await c.press("tab")
        assert c.shows("plan", "west", "failed")
        await c.press("tab")
        assert c.shows("plan", "west")
        await c.press("tab")
        await c.until_shows("no such west", "planning")


async def test_the_editor_begins_with_what_can_be_filled_in(colony: Colony, tmp_path: Path) -> None:
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c, 0)
        await c.press("n")
        await editor_opens(c)
        assert f'"colonyname": "{colony.name}"' in editor_text(c)
