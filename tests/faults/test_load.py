"""A colony with a hundred thousand processes: what the console asks for stays small."""

from __future__ import annotations

from pathlib import Path

from colonies_tui.localserver.records.process import COLUMNS
from colonies_tui.protocol.states import ProcessState
from tests.faults.conftest import LoopWatch, World
from tests.ui.console.colony import Colony
from tests.ui.console.driver import console, profile_of
from tests.ui.console.views import VIEWS

PROCESSES = 100_000
MOST_BYTES = 2_000_000
SECOND = 1_000_000_000


async def multiply(colony: Colony, count: int) -> None:
    """Put so many processes into the database, in all states, as copies of one."""
    kwargs = {"scene": "harbour [at] night", "tiles": list(range(40)), "note": "x" * 500}
    pattern = await colony.submit("cli", "render_tile", kwargs=kwargs)
    server = colony.running.server
    state = "CASE n.i % 5 WHEN 0 THEN 0 WHEN 1 THEN 1 WHEN 2 THEN 3 WHEN 3 THEN 4 ELSE 2 END"
    own = {
        "processid": "printf('%064x', n.i)",
        "state": state,
        "submitted": f"submitted - n.i * {SECOND}",
        "prioritytime": f"prioritytime - n.i * {SECOND}",
        "started": f"CASE WHEN n.i % 5 > 0 THEN submitted - n.i * {SECOND} + 5 END",
        "ended": f"CASE WHEN n.i % 5 > 1 THEN submitted - n.i * {SECOND} + {SECOND} END",
    }
    values = ", ".join(own.get(name, name) for name in COLUMNS.split(", "))
    with server.database.change():
        server.database.write(
            f"INSERT INTO processes ({COLUMNS}) WITH RECURSIVE n(i) AS "
            f"(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
            f"SELECT {values} FROM processes, n WHERE processid = ?",
            (count, pattern.processid),
        )
    await server.database.settled()


async def test_no_answer_is_large(world: World, loop_watch: LoopWatch, tmp_path: Path) -> None:
    colony, proxy = world.colony, world.proxy
    await multiply(colony, PROCESSES)
    async with console(profile_of(colony, address=proxy.address), tmp_path) as c:
        await c.until_known()
        await c.until(lambda: c.session.total(ProcessState.FAILED) == PROCESSES // 5 + 1)
        for view in VIEWS.values():
            await c.go(view.KEY)
            feeds = [feed for feed in c.session.schedule.feeds.values() if feed.seen_by]
            await c.until(lambda feeds=feeds: all(feed.last_end is not None for feed in feeds))  # type: ignore[misc] # bound now
        await c.go("processes")
        await c.until(lambda: c.processes.table.row_count > 100)
        await c.press("enter")
        await c.until(lambda: proxy.count("getprocessmsg") > 0)
    assert proxy.count("getprocessesmsg") >= 5
    assert max(proxy.largest.values()) < MOST_BYTES, proxy.largest
    assert loop_watch.errors == []
