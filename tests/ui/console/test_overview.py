"""The overview: numbers that are the server's own, and the way to everything it shows."""

from __future__ import annotations

from pathlib import Path

from tests.ui.console.colony import Colony
from tests.ui.console.driver import console, profile_of


async def fill(colony: Colony) -> None:
    """Two types of work: one that is done, one that waits for an executor which waits for approval."""
    await colony.register("worker-1", "cli")
    await colony.register("gpu-9", "gpu", approve=False)
    for number in range(3):
        await colony.submit("cli", "hash")
        process = await colony.assign("worker-1")
        if number < 2:
            await colony.succeed("worker-1", process, number)
        else:
            await colony.fail("worker-1", process, "exit 137: out of memory")
    for process in (await colony.submit_many(5, "gpu", "train"))[:1]:
        await colony.operator.cancel_process(processid=process.processid)
    await colony.submit("cli", "index")
    await colony.assign("worker-1")


async def test_counters_queues_and_failures_are_those_of_the_server(colony: Colony, tmp_path: Path) -> None:
    await fill(colony)
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.until_shows("exit 137: out of memory", "no approved executor; 1 pending", "1 blocked")
        counted = await colony.counters()
        for word, number in (
            ("waiting", counted.waitingprocesses),
            ("running", counted.runningprocesses),
            ("success", counted.successfulprocesses),
            ("failed", counted.failedprocesses),
            ("cancelled", counted.cancelledprocesses),
        ):
            assert c.line(f" {word} ").split()[:3][1:] == [word, str(number)]
        assert [line.split()[-4:] for line in c.lines if "pending" in line and "approve: a" in line] == [
            ["pending", "1", "approve:", "a"]
        ]
        assert c.line(" gpu ").split()[:4] == ["▌", "gpu", "4", "0"], "the blocked queue stands first, under the cursor"
        assert c.line("  cli ").split()[:3] == ["cli", "0", "1"]
        failure = c.line("out of memory")
        assert "hash" in failure
        assert "worker-1" in failure, "the executor is named, not numbered"
        await colony.submit_many(2, "gpu", "train")
        await c.until(lambda: c.line(" gpu ").split()[2:3] == ["6"])
        await c.until(lambda: c.line(" waiting ").split()[:3] == ["◌", "waiting", "6"])


async def test_everything_shown_can_be_jumped_to(colony: Colony, tmp_path: Path) -> None:
    await fill(colony)
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_shows("exit 137: out of memory", "no approved executor; 1 pending")
        await c.press("enter")  # the queue under the cursor
        assert c.view == "processes"
        await c.until_shows("/ type=gpu")
        table = c.processes.table
        assert {table.rows[id_].executortype for id_ in table.visible_ids()} == {"gpu"}
        assert c.processes.table.row_count == 4, "only what waits"
        await c.go("overview")
        await c.press("a")
        assert c.view == "executors"
        assert c.executors.table.cursor_id == "gpu-9"
        await c.go("overview")
        await c.press("tab")
        assert c.overview.failure_table.has_focus
        failed = c.overview.failure_table.cursor_id
        await c.press("l")
        assert c.view == "logs"
        assert not c.logs.has_class("-list")
        await c.go("overview")
        c.overview.failure_table.focus()
        await c.press("enter")
        assert c.view == "processes"
        await c.until(lambda: c.shows("exit 137: out of memory", "hash · "))
        assert c.processes.table.cursor_id == failed


async def test_an_executor_that_has_gone_silent_is_called_stale(colony: Colony, tmp_path: Path) -> None:
    await colony.register("silent", "gpu")
    await colony.failed("silent", "x", executortype="gpu")
    await colony.submit("gpu", "train")
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.until(lambda: c.line(" stale ").split()[-2:] == ["stale", "0"])
        c.clock.ahead = 400.0
        await c.until_shows("no executor is alive; 1 stale")
        assert "silent, 6m4" in c.line(" stale ")
        assert "6m4" in c.line(" gpu "), "how long the oldest has waited"
        await c.go("executors")
        await c.until(lambda: "stale" in c.line(" silent "))


async def test_a_pause_is_said_on_every_screen(colony: Colony, tmp_path: Path) -> None:
    await fill(colony)
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        assert "paused" not in c.text
        await colony.operator.pause_assignments(colonyname=colony.name)
        await c.until_shows("‖ assignments paused")
        assert c.shows("assignments are paused"), "the queues say why they wait"
        for view in ("processes", "executors", "logs", "colonies"):
            await c.go(view)
            assert "assignments paused" in c.lines[0]
        await colony.operator.resume_assignments(colonyname=colony.name)
        await c.until(lambda: "paused" not in c.lines[0])


async def test_an_empty_colony_says_so_and_lives(colony: Colony, tmp_path: Path) -> None:
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.until_shows("No queues", "No failures")
        await colony.register("first", "cli")
        await c.until(lambda: c.line("  cli ") != "" or c.line("▌ cli") != "")
        await c.until_shows("● live")
