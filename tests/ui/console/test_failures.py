"""Why did it fail: the key, the screen it opens, and where one goes from there."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from colonies_tui.protocol.models.process import Process
from colonies_tui.protocol.models.workflow import ProcessGraph
from colonies_tui.ui.views.failure_screen import FailureScreen
from colonies_tui.ui.widgets.graph_view import GraphView
from colonies_tui.ui.widgets.json_editor import JsonEditor
from tests.ui.console.colony import Colony
from tests.ui.console.driver import LARGE, SMALL, Console, console, profile_of
from tests.ui.console.workflow_colony import (
    a_cron,
    crons,
    done,
    editor_opens,
    members,
    run_next,
    start,
    workflows,
)

TRACEBACK = """Traceback (most recent call last):
  File "/app/tile.py", line 3, in render
    raise ValueError("no such tile")
ValueError: no such tile"""


async def run_out(colony: Colony, limit: Literal["exec_due", "wait_due"]) -> None:
    """Let the deadlines of everything that runs or waits be now, and the server look at them."""
    server = colony.running.server
    with server.database.change():
        server.database.write(f"UPDATE processes SET {limit} = ? WHERE state IN (0, 1)", (server.clock.now(),))
        server.lifecycle.expire()
    await server.database.settled()


async def ask_about(c: Console, process: Process) -> FailureScreen:
    """Press X on a process in the list."""
    await c.until_known()
    await c.go("processes")
    table = c.processes.table
    await c.until(lambda: process.processid in table.rows and table.rows[process.processid].state.is_final)
    assert table.move_to(process.processid)
    await c.press("X")
    return await answered(c)


async def answered(c: Console) -> FailureScreen:
    """Wait for the screen with all that it reads."""
    await c.until(lambda: isinstance(c.app.screen, FailureScreen))
    screen = c.app.screen
    assert isinstance(screen, FailureScreen)
    await c.until(
        lambda: (
            screen.inquiry.blamed is not None
            and screen.evidence.log.value is not None
            and screen.evidence.success.freshness.can_show_rows
        )
    )
    await c.settle()
    return screen


def words(c: Console) -> str:
    """Return the text on the screen with its line ends and indents as single blanks."""
    return " ".join(c.text.split())


async def says(c: Console, *parts: str) -> str:
    """Wait until all texts stand on the screen, however their lines are broken; return the words on it."""
    await c.until(lambda: all(part in words(c) for part in parts))
    return words(c)


# -- processes ---------------------------------------------------------------------------------------------------------


async def test_its_own_error_its_log_its_executor_and_what_was_different(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    await colony.register("worker-2")
    for number in range(5):
        await colony.submit(args=[f"tile-{number}"], kwargs={"zoom": 12}, maxexectime=60)
        await colony.succeed("worker-2", await colony.assign("worker-2"))
    await colony.submit(args=["tile-4"], kwargs={"zoom": 99}, maxexectime=60, maxretries=3)
    process = await colony.assign("worker-1")
    await colony.log("worker-1", process, "rendering", *TRACEBACK.split("\n"), "giving up")
    await colony.fail("worker-1", process, TRACEBACK)
    async with console(profile_of(colony), tmp_path) as c:
        screen = await ask_about(c, process)
        text = await says(
            c,
            "✖ render_tile failed",
            " on worker-1 after ",
            ": ValueError: no such tile",
            "Error ─",
            "rendering",
            "giving up",
            "tries 1 of 4",
            "worker-1 1 of 1 failed",
            "1 other 0 of 5 failed",
            "Too few runs are known to compare.",
            "kwargs.zoom - 12 + 99 maxretries - 0 + 3",
        )
        assert text.count("ValueError: no such tile +3 lines") == 2, "in the error and in the log, folded"
        assert "/app/tile.py" not in text
        assert "tile-4" not in text, "what is the same is not told"

        assert screen.findings.zone == "fold:error0:0"
        await c.press("enter")
        assert words(c).count("/app/tile.py") == 1
        await c.press("plus")
        assert "/app/tile.py" not in words(c)
        await c.press("j", "plus")
        assert screen.findings.zone == "fold:log:1"
        assert words(c).count("/app/tile.py") == 1

        await c.press("escape")
        assert c.view == "processes"
        assert c.processes.table.cursor_id == process.processid


async def test_the_log_stands_beside_where_there_is_room(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    process = await colony.failed("worker-1", "boom")
    async with console(profile_of(colony), tmp_path, size=LARGE) as c:
        await ask_about(c, process)
        row = next(line for line in c.lines if "── Log" in line)
        assert row.index("── Log") > 100
        assert "It wrote nothing into its log" in c.text
        assert "Error ─" not in c.text, "the sentence has said it"
        await c.pilot.resize_terminal(*SMALL)
        await c.until(lambda: any(line.startswith("── Log") for line in c.lines))


async def test_a_deadline_without_retries(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    await colony.submit(maxexectime=60)
    process = await colony.assign("worker-1")
    await run_out(colony, "exec_due")
    async with console(profile_of(colony), tmp_path) as c:
        await ask_about(c, process)
        await says(
            c,
            "it ran longer than the 1m00 that it may run",
            "maxexectime 60 s, no retries are allowed",
            "tries 1 of 1",
            "it ended there",
        )


async def test_retries_that_are_used_up(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    await colony.submit(maxexectime=60, maxretries=1)
    await colony.assign("worker-1")
    await run_out(colony, "exec_due")
    process = await colony.assign("worker-1")
    await run_out(colony, "exec_due")
    async with console(profile_of(colony), tmp_path) as c:
        await ask_about(c, process)
        await says(c, "each of its 2 tries ran longer than the 1m00 that it may run", "tries 2 of 2")


async def test_one_that_nothing_took(colony: Colony, tmp_path: Path) -> None:
    process = await colony.submit("gpu", maxexectime=60, maxwaittime=90)
    await run_out(colony, "wait_due")
    async with console(profile_of(colony), tmp_path) as c:
        await ask_about(c, process)
        await says(c, "no executor took it within 1m30", "an executor of type gpu", "No executor had it.")
        await c.press("e")
        assert c.notices == ["executor: no executor had it"]


async def test_a_cancelled_one_says_so_and_a_waiting_one_is_not_asked_about(colony: Colony, tmp_path: Path) -> None:
    cancelled = await colony.submit(maxexectime=60)
    await colony.operator.cancel_process(processid=cancelled.processid)
    async with console(profile_of(colony), tmp_path) as c:
        await ask_about(c, cancelled)
        assert c.shows("Why was it cancelled · render_tile", "⊘ render_tile was cancelled")


async def test_from_here_to_the_log_the_executor_and_the_editor(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    process = await colony.failed("worker-1", "boom")
    async with console(profile_of(colony), tmp_path) as c:
        await ask_about(c, process)
        await c.press("R")
        await editor_opens(c)
        await c.press("escape")
        await c.until(lambda: isinstance(c.app.screen, FailureScreen))
        assert (await colony.counters()).waitingprocesses == 0
        await c.press("l")
        await c.until(lambda: c.view == "logs")
        await c.go("processes")
        await c.press("X")
        await answered(c)
        await c.press("e")
        await c.until(lambda: c.view == "executors")
        assert c.executors.table.cursor_id == "worker-1"


async def test_a_read_only_profile_can_ask_but_not_submit(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    process = await colony.failed("worker-1", "boom")
    async with console(profile_of(colony, read_only=True), tmp_path) as c:
        await ask_about(c, process)
        await c.press("R")
        assert c.notices == ["resubmit: this profile is read-only"]
        assert not isinstance(c.app.screen, JsonEditor)


async def test_one_that_is_removed_meanwhile_is_said_to_be_gone(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    process = await colony.failed("worker-1", "boom")
    async with console(profile_of(colony), tmp_path) as c:
        await ask_about(c, process)
        await colony.operator.remove_process(processid=process.processid)
        await c.press("ctrl+r")
        await c.until_shows("The server does not know it any more")


async def test_the_latest_failures_lead_here(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    await colony.failed("worker-1", "boom")
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.until(lambda: c.overview.failure_table.cursor_id is not None)
        c.overview.failure_table.focus()
        await c.settle()
        await c.press("X")
        await answered(c)
        assert c.shows("Why did it fail · fetch", "boom")


# -- workflows ---------------------------------------------------------------------------------------------------------

WITH_A_LEAF = {"plan": (), "east": ("plan",), "leaf": ("plan",), "west": ("plan",), "join": ("east", "west")}


async def two_failures(colony: Colony) -> tuple[ProcessGraph, dict[str, Process]]:
    """A diamond with a leaf: the leaf fails first, then one side of the diamond while the other runs."""
    await colony.register("worker-1")
    graph = await start(colony, WITH_A_LEAF)
    await done(colony, "plan")
    east = await run_next(colony, "east")
    leaf = await run_next(colony, "leaf", "no room for a leaf")
    west = await run_next(colony, "west", "looking west")
    await colony.fail("worker-1", leaf, "no room")
    await colony.fail("worker-1", west, "no such west")
    assert east.processid
    return graph, await members(colony, graph)


def group(c: Console, label: str) -> list[str]:
    """Return the words after a label."""
    return c.line(f" {label} ").replace(label, "").split()


async def test_a_workflow_tells_its_first_failure_the_way_to_it_and_whom_it_took_along(
    colony: Colony, tmp_path: Path
) -> None:
    graph, by_name = await two_failures(colony)
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("workflows")
        await c.until(lambda: workflows(c).table.move_to(graph.processgraphid))
        await c.press("X")
        screen = await answered(c)
        await c.until(lambda: len(screen.inquiry.failure.culprits) == 2)
        text = await says(c, "The workflow failed", "leaf failed first of 2 on worker-1")
        assert c.line("first failure").split()[2:4] == ["✖", "leaf"]
        assert c.line("then failed").split()[2:4] == ["✖", "west"]
        assert "took the others along" in c.line("then failed")
        assert "plan → leaf" in c.line("came by")
        assert "3 other members were failed by west, not by themselves." in text
        assert group(c, "was running") == ["1", "east"]
        assert group(c, "had not run") == ["1", "join"]
        assert group(c, "had succeeded") == ["1", "plan"]
        assert "no room for a leaf" in text, "the log is that of the first failure"
        assert screen.findings.zone == f"process:{by_name['leaf'].processid}"
        await c.press("enter")
        await c.until(lambda: c.view == "processes")
        await c.until_shows("do_leaf", by_name["leaf"].processid[:8])


async def test_a_member_that_its_workflow_failed_is_told_from_the_culprit(colony: Colony, tmp_path: Path) -> None:
    graph, by_name = await two_failures(colony)
    async with console(profile_of(colony), tmp_path) as c:
        screen = await ask_about(c, by_name["join"])
        await c.until(lambda: screen.inquiry.blamed_id == by_name["west"].processid)
        await answered(c)
        await says(
            c,
            "do_join / join was failed by its workflow: west failed first; it had not run",
            "Log of do_west / west",
            "looking west",
        )
        await c.press("o")
        await c.until(lambda: c.view == "workflows")
        assert workflows(c).pane.graph_id == graph.processgraphid
        pane = workflows(c).pane
        await c.until(lambda: pane.graph is not None and not pane.graph.unknown)
        view = pane.query_one(GraphView)
        assert {node.label: (node.cascaded, node.was) for node in pane.graph_members} == {
            "plan": (True, "had succeeded"),
            "east": (True, "was running"),
            "leaf": (False, ""),
            "west": (False, ""),
            "join": (True, "had not run"),
        }
        view.move_to(by_name["west"].processid)
        await c.until(lambda: pane.member_id == by_name["west"].processid)
        await c.press("X")
        await answered(c)
        assert c.shows("Why did it fail · do_west / west", "no such west")


async def test_the_whole_workflow_is_submitted_again(colony: Colony, tmp_path: Path) -> None:
    _, by_name = await two_failures(colony)
    async with console(profile_of(colony), tmp_path) as c:
        await ask_about(c, by_name["west"])
        await c.press("R")
        await editor_opens(c)
        assert c.shows('"nodename": "plan"')
        await c.press("escape")
        assert c.view == "workflows"


async def test_a_cron_is_asked_about_its_last_workflow(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    cron = await a_cron(colony, "nightly")
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("crons")
        await c.until(lambda: crons(c).table.row_count == 1)
        await c.press("X")
        assert c.notices == ["why: no workflow that it was seen to start has failed"]
        await colony.operator.run_cron(cronid=cron.cronid)
        process = await colony.assign("worker-1")
        await colony.fail("worker-1", process, "no night")

        def has_failed() -> bool:
            return crons(c).reason_against("explain") is None

        await c.until(has_failed)
        await c.press("X")
        await answered(c)
        assert c.shows("Why did it fail · workflow nightly", "nightly failed on worker-1", "no night")
