"""A process in full, as it stands on the screen."""

from __future__ import annotations

from pathlib import Path

from colonies_tui.protocol.models.process import Attribute
from colonies_tui.protocol.states import AttributeType
from tests.ui.console.colony import Colony
from tests.ui.console.driver import LARGE, SMALL, console, profile_of


async def test_everything_that_a_process_holds_can_be_read(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    await colony.submit(
        "cli",
        "render_tile",
        args=("S2A_20260211", [1, 2]),
        kwargs={"zoom": 12},
        priority=3,
        maxwaittime=900,
        maxexectime=600,
        maxretries=3,
        label="tiles",
        env={"LEVEL": "debug"},
        conditions={"executornames": ("worker-1",), "locationname": "", "cpu": "2000m", "mem": "1Gi"},
    )
    process = await colony.assign("worker-1")
    worker = colony.workers["worker-1"].client
    await worker.add_attribute(
        attribute=Attribute(
            targetid=process.processid,
            targetcolonyname=colony.name,
            attributetype=AttributeType.OUT,
            key="tile_count",
            value="17",
        )
    )
    await colony.log("worker-1", process, "decoding band 8", "Killed")
    async with console(profile_of(colony), tmp_path, size=LARGE) as c:
        await c.until_known()
        await c.go("processes")
        await c.until_shows("▶ running for", "decoding band 8", "Killed", "tile_count")
        await c.press("enter")
        seen = c.lines
        await c.press("end")
        await c.until_shows("Identity")
        seen += c.lines
        for label, value in (
            (" args ", '["S2A_20260211", [1, 2]]'),
            (" kwargs ", '{"zoom": 12}'),
            (" label ", "tiles"),
            (" submitted ", "by operator"),
            (" wait ", "15m00"),
            (" run ", "10m00  until"),
            (" retries ", "0 of 3"),
            (" priority ", "3"),
            (" asks for ", "cpu 2000m  mem 1024Mi"),
            (" only by ", "worker-1"),
            (" tile_count ", "17  out"),
            (" LEVEL ", "debug"),
            (" process ", process.processid),
        ):
            lines = [line.partition(label)[2] for line in seen if label in line]
            assert any(value in line for line in lines), (label, value, lines)
        assert c.shows("Log · 2 messages", "follow")
        await colony.fail("worker-1", process, "exit 137", "Traceback (most recent call last):\n  boom()")
        await c.until_shows("✖ failed", "exit 137", "  boom()", "ended")
        await colony.submit("cli", "other")
        await c.until(lambda: c.processes.table.row_count == 2)
        assert c.shows("exit 137"), "what is open stays open"


async def test_over_the_list_where_there_is_no_room_beside_it(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    process = await colony.failed("worker-1", "boom", funcname="parse")
    async with console(profile_of(colony), tmp_path, size=SMALL) as c:
        await c.until_known()
        await c.go("processes")
        await c.until(lambda: c.processes.table.row_count == 1)
        assert process.processid not in c.session.open_processes.rows
        await c.press("enter")
        await c.until_shows("✖ failed", "boom", "Nothing logged yet")
        await c.pilot.resize_terminal(*LARGE)
        await c.until_shows("Processes · 1", "boom")
        assert "age" in c.text, "now the list stands beside it"
        await c.pilot.resize_terminal(*SMALL)
        await c.until_shows("✖ failed")
        await c.press("escape")
        await c.until(lambda: process.processid not in c.session.open_processes.rows)


async def test_a_process_that_is_removed_says_so(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    process = await colony.failed("worker-1", "boom", funcname="parse")
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("processes")
        await c.until(lambda: c.processes.table.row_count == 1)
        await c.press("enter")
        await c.until_shows("boom")
        await colony.operator.remove_process(processid=process.processid)
        c.session.refresh()
        await c.until_shows("the server does not know this process any more")
        await c.press("escape")
        await c.until(lambda: c.processes.table.row_count == 0)
