"""Every view at the smallest, a usual and a large terminal: nothing is broken, nothing that matters is cut."""

from __future__ import annotations

from pathlib import Path

from rich.cells import cell_len

from tests.ui.console.colony import Colony
from tests.ui.console.driver import LARGE, MIDDLE, SMALL, Console, console, profile_of
from tests.ui.console.views import VIEWS


def check_frame(c: Console, title: str, size: tuple[int, int]) -> None:
    """Check what stands on every screen."""
    width, height = size
    lines = c.lines
    assert len(lines) == height
    assert all(cell_len(strip.text) == width for strip in c.app.screen._compositor.render_strips())
    assert lines[0].startswith(" colonies   test · dev")
    assert "live" in lines[0] or "polling" in lines[0]
    assert "1 pending" in lines[0]
    assert title in lines[1]
    assert lines[-1].endswith("? help")


async def test_every_view_at_every_size(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    await colony.register("gpu-9", "gpu", approve=False)
    failed = await colony.failed("worker-1", "exit 137: out of memory (1.2 GiB of 1 GiB)", funcname="render_tile")
    await colony.submit_many(3, "gpu", "train")
    await colony.submit("cli", "hash")
    busy = await colony.assign("worker-1")
    await colony.log("worker-1", busy, "decoding band 8")
    wanted = {
        "overview": ("no approved", "exit 137: out of me", "render_tile", " gpu ", "✖ failed", "◌ pending"),
        "processes": ("render_tile", "train", "hash", "exit 137: out of", "✖"),
        "executors": ("gpu-9", "pending", "worker-1", "approved", "hash"),
        "logs": ("worker-1", "hash", "render_tile"),
        "colonies": ("dev", "operator"),
    }
    async with console(profile_of(colony), tmp_path, size=SMALL) as c:
        await c.until_known()
        await c.until_shows("render_tile")
        for size in (SMALL, MIDDLE, LARGE):
            await c.pilot.resize_terminal(*size)
            for view in VIEWS.values():
                await c.go(view.KEY)
                parts = wanted.get(view.KEY, ())
                if size == SMALL and view.KEY == "overview":
                    parts = parts[1:]  # why work waits has no room there; its colour and the pending ones tell
                await c.until_shows(*parts)
                check_frame(c, view.TITLE, size)
        await c.pilot.resize_terminal(*LARGE)
        await c.go("processes")
        assert c.processes.table.move_to(failed.processid)
        await c.until_shows("(1.2 GiB of 1 GiB)", "── Course", "Log · 0 messages")
        assert c.processes.table.has_focus, "the detail stands beside the list"
