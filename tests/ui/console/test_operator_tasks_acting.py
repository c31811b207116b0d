"""What operators do all day, second half: tasks that change something, and files. Each test counts its keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from colonies_tui.protocol.states import ProcessState
from colonies_tui.ui.views.bulk_screen import Phase
from colonies_tui.ui.views.failure_screen import FailureScreen
from tests.ui.console.colony import Colony
from tests.ui.console.driver import console, profile_of
from tests.ui.console.operator_tasks import Keys
from tests.ui.console.workflow_colony import a_cron, a_file, a_workflow, crons, done, files, run_next, start, workflows


def job(colony: Colony) -> dict[str, Any]:
    """A function specification as it is written by hand."""
    where = {"colonyname": colony.name, "executortype": "cli"}
    return {"funcname": "render", "args": ["tile-7"], "maxexectime": 60, "conditions": where}


async def test_7_a_job_is_submitted_and_followed(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    await colony.failed("worker-1", "boom")
    async with console(profile_of(colony), tmp_path) as c:
        keys = Keys(c, "7")
        await c.until_known()
        await keys.press("2")
        await c.until(lambda: c.processes.table.cursor_id is not None)
        await keys.press("n")
        await keys.write(job(colony))
        await keys.press("ctrl+s")
        await c.until(lambda: c.processes.table.row_count == 2)
        keys.next_part()
        await keys.press("g", "l")
        process = await colony.assign("worker-1")
        await colony.log("worker-1", process, "tile 7: 10 %")
        await c.until_shows("render", "running", "tile 7: 10 %")
        await colony.succeed("worker-1", process)
        await c.until_shows("ended: success")
        keys.done()


async def test_8_a_workflow_is_submitted_and_watched_to_its_end(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    await start(colony, {"before": ()})
    await done(colony, "before")
    async with console(profile_of(colony), tmp_path) as c:
        keys = Keys(c, "8")
        await c.until_known()
        await keys.press("3")
        await c.until(lambda: workflows(c).table.cursor_id is not None)
        await keys.press("n")
        await keys.write(a_workflow(colony, {"plan": (), "join": ("plan",)}).to_wire())
        await keys.press("ctrl+s")
        await c.until(lambda: workflows(c).table.row_count == 2)
        keys.next_part()
        await keys.press("g", "enter")
        await c.until_shows("plan", "join")
        pane = workflows(c).pane

        def states() -> set[ProcessState]:
            return set() if pane.graph is None else {member.state for member in pane.graph.members}

        await done(colony, "plan")
        await c.until(lambda: states() == {ProcessState.SUCCESS, ProcessState.WAITING})
        await done(colony, "join")
        await c.until(lambda: states() == {ProcessState.SUCCESS})
        keys.done()


async def test_15_a_failed_process_is_resubmitted_changed(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    await colony.submit("cli", "fetch", args=("tile-7",), maxexectime=60)
    await colony.fail("worker-1", await colony.assign("worker-1"), "no such tile")
    async with console(profile_of(colony), tmp_path) as c:
        keys = Keys(c, "15")
        await c.until_known()
        await c.until_shows("no such tile")
        await keys.press("tab", "X")
        await c.until(lambda: isinstance(c.app.screen, FailureScreen))
        await keys.press("R")
        await keys.change("tile-7", "tile-8")
        await keys.press("ctrl+s")
        await c.until(lambda: c.dialog is not None)
        assert c.asks("Submit fetch again?", '- "tile-7"', '+ "tile-8"')
        await keys.press("y")
        await c.until(lambda: "fetch for cli submitted" in c.notices)
        (row,) = await colony.operator.get_processes(colonyname=colony.name, count=9, state=ProcessState.WAITING)
        assert row.spec.args == ("tile-8",)
        keys.done()


async def test_16_a_failed_workflow_is_resubmitted(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    await start(colony)
    await colony.fail("worker-1", await run_next(colony, "plan"), "no plan")
    async with console(profile_of(colony), tmp_path) as c:
        keys = Keys(c, "16")
        await c.until_known()
        await keys.press("3")
        await c.until(lambda: workflows(c).table.row_count == 1)
        await keys.press("R")
        await c.until_shows("Resubmit", "valid")
        await keys.press("ctrl+s")
        await c.until(lambda: c.dialog is not None)
        assert c.asks("Submit 4 functions as a new workflow?")
        await keys.press("y")
        await c.until(lambda: workflows(c).table.row_count == 2)
        assert (await colony.counters()).waitingworkflows == 1
        keys.done()


async def test_17_a_stuck_workflow_is_cancelled_and_the_failed_ones_are_cleared(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    for name in ("one", "two", "three"):
        await start(colony, {name: ()})
        await colony.fail("worker-1", await run_next(colony, name), "boom")
    stuck = await start(colony, {"stuck": ()})
    async with console(profile_of(colony), tmp_path) as c:
        keys = Keys(c, "17")
        await c.until_known()
        await keys.press("3")
        await c.until(lambda: workflows(c).table.row_count == 4)
        assert workflows(c).table.cursor_id == stuck.processgraphid, "the newest is the first"
        await keys.press("C")
        assert c.asks("Cancel workflow stuck?")
        await keys.press("y")
        await c.until(lambda: workflows(c).table.rows[stuck.processgraphid].graph.state is ProcessState.CANCELLED)
        keys.next_part()
        await keys.press("shift+tab", "shift+tab")
        assert workflows(c).state_key() == "failed"
        await keys.press("space", "G", "v", "D")
        await c.until_shows("3 workflows", "one", "two", "three")
        assert c.bulk.phase is Phase.ASKING
        await keys.press("y")
        await c.until(lambda: c.bulk.phase is Phase.OVER)
        counters = await colony.counters()
        assert (counters.failedworkflows, counters.cancelledworkflows) == (0, 1)
        keys.done()


async def test_18_a_cron_is_added_fires_and_its_result_is_seen(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    async with console(profile_of(colony), tmp_path) as c:
        keys = Keys(c, "18")
        await c.until_known()
        await keys.press("6")
        await c.until_shows("No crons")
        await keys.press("n")
        workflow = a_workflow(colony, {"sweep": ()}).to_wire()
        await keys.write({"name": "hourly", "cronexpression": "0 5 * * * *", "workflowspec": workflow})
        await keys.press("ctrl+s")
        await c.until(lambda: crons(c).table.row_count == 1)
        keys.next_part()
        await keys.press("t")
        assert c.asks("Run hourly now?")
        await keys.press("y")
        await c.until(lambda: all(line.cron.prevprocessgraphid for line in crons(c).table.rows.values()))
        keys.next_part()
        await keys.press("o")
        assert workflows(c).is_open
        await done(colony, "sweep")
        await c.until_shows("sweep", "success")
        keys.done()


async def test_18b_the_schedule_of_a_cron_is_changed(colony: Colony, tmp_path: Path) -> None:
    await a_cron(colony, "nightly")
    async with console(profile_of(colony), tmp_path) as c:
        keys = Keys(c, "18b")
        await c.until_known()
        await keys.press("6")
        await c.until(lambda: crons(c).table.row_count == 1)
        await keys.press("e")
        await keys.change("0 0 3 * * *", "0 30 4 * * *")
        await keys.press("ctrl+s")
        await c.until(lambda: c.dialog is not None)
        await keys.press("y")
        await c.until(lambda: "nightly changed" in c.notices)
        (cron,) = await colony.operator.get_crons(colonyname=colony.name, count=9)
        assert cron.cronexpression == "0 30 4 * * *"
        keys.done()


async def test_19_files_their_revisions_and_what_a_snapshot_holds(colony: Colony, tmp_path: Path) -> None:
    for size in (10, 20):
        await a_file(colony, "/maps", "north.tif", size=size)
    await colony.operator.create_snapshot(colonyname=colony.name, label="/maps", name="before")
    async with console(profile_of(colony), tmp_path) as c:
        keys = Keys(c, "19")
        await c.until_known()
        await keys.press("8")
        await c.until(lambda: files(c).files.row_count == 1)
        await keys.press("enter")
        await c.until_shows("north.tif", "Revisions · 2", "20 B", "10 B", "s3.example")
        keys.next_part()
        await c.press("escape", "1")  # back on the overview
        await keys.press("8", "shift+tab")
        await c.until_shows("before", "Files · 1", "/maps/north.tif")
        keys.done()


async def test_20_a_colony_is_drained_and_goes_on(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    await colony.submit_many(2)
    running = await colony.assign("worker-1")
    async with console(profile_of(colony), tmp_path) as c:
        keys = Keys(c, "20")
        await c.until_known()
        await keys.press("9", "P")
        assert c.asks("Pause assignments of dev?", "What runs goes on.")
        await keys.press("y")
        await c.until_shows("assignments paused")
        keys.next_part()
        await keys.press("1")
        await c.until(lambda: c.line("▶ running").split()[2] == "1")
        await colony.succeed("worker-1", running)
        await c.until(lambda: c.line("▶ running").split()[2] == "0")
        assert c.line("◌ waiting").split()[2] == "1", "what waits is not handed out"
        keys.next_part()
        await keys.press("9", "P")
        await c.until(lambda: "assignments of dev resumed" in c.notices)
        assert not (await colony.operator.get_pause_status(colonyname=colony.name)).ispaused
        keys.done()
