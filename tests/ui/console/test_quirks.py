"""At a server with all the quirks of a real one everything still works, by asking."""

from __future__ import annotations

from pathlib import Path

from tests.ui.console.colony import living_colony
from tests.ui.console.driver import console, profile_of


async def test_everything_moves_by_polling_alone(tmp_path: Path) -> None:
    async with living_colony(real_quirks=True) as colony:
        await colony.register("gpu-9", "gpu", approve=False)
        await colony.submit_many(2, "gpu", "train")
        async with console(profile_of(colony), tmp_path) as c:
            await c.until_shows("◐ polling", "no approved executor; 1 pending")
            await c.press("a", "a", "y")
            await c.until(lambda: "approved" in c.line(" gpu-9 "))
            process = await colony.assign("gpu-9")
            await c.until(lambda: "train" in c.line(" gpu-9 "))
            await c.go("processes")
            await c.until(lambda: "▶" in c.line(process.processid[:8]))
            assert c.processes.table.move_to(process.processid)
            await c.press("l")
            await colony.log("gpu-9", process, "epoch 1")
            await c.until_shows("epoch 1")
            await colony.fail("gpu-9", process, "out of memory")
            await c.until_shows("ended: failed after")
            await c.go("overview")
            await c.until_shows("out of memory")
            assert c.line(" gpu ").split()[1:4] == ["gpu", "1", "0"]
            assert "◐ polling" in c.lines[0]
            assert "live" not in c.lines[0]
