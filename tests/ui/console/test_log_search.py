"""Search over all logs of a colony, and the way from a hit to its place in its own log."""

from __future__ import annotations

from pathlib import Path

import pytest

from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.models.process import Process
from colonies_tui.ui.views.log_search import LogSearch
from colonies_tui.ui.widgets.live_table import LiveTable
from tests.ui.console.colony import Colony
from tests.ui.console.driver import LARGE, SMALL, Console, console, profile_of


async def two_logs(colony: Colony) -> tuple[Process, Process]:
    await colony.register("worker-1", "cli")
    await colony.submit_many(2)
    first, second = await colony.assign("worker-1"), await colony.assign("worker-1")
    await colony.log("worker-1", first, "starting", "needle in the first", "bye")
    await colony.log("worker-1", second, "starting", "needle in the second", "needle again", "bye")
    client = colony.workers["worker-1"].client
    await client.add_executor_log(colonyname=colony.name, executorname="worker-1", message="needle of the worker")
    return first, second


async def search(c: Console, text: str) -> LogSearch:
    await c.until_known()
    await c.go("logs")
    await c.press("F")
    screen = c.app.screen
    assert isinstance(screen, LogSearch)
    assert c.shows("Nothing was searched for yet")
    await c.type(text)
    await c.press("enter")
    return screen


def is_there(c: Console, stamped: str) -> bool:
    """Whether the cursor of the log stands on the line with a text."""
    return any("▌" in line and stamped in line for line in c.lines)


async def test_hits_are_grouped_and_the_newest_come_first(colony: Colony, tmp_path: Path) -> None:
    first, second = await two_logs(colony)
    async with console(profile_of(colony), tmp_path, size=LARGE) as c:
        screen = await search(c, "needle")
        await c.until_shows("4 hits", "needle in the first", "needle again", "needle of the worker")
        lines = list(screen.query_one(LiveTable).rows.values())
        assert [line.log.message for line in lines] == [
            "needle of the worker",
            "needle again",
            "needle in the second",
            "needle in the first",
        ]
        assert [line.count for line in lines] == [1, 2, 2, 1]
        assert [line.is_first for line in lines] == [True, True, False, True]
        assert lines[0].source == "worker-1"
        assert second.processid[:8] in lines[1].source
        assert first.processid[:8] in lines[3].source


async def test_a_hit_opens_its_log_at_its_line(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    await colony.submit("cli", "render_tile")
    process = await colony.assign("worker-1")
    await colony.log_past(process, 900)
    async with console(profile_of(colony), tmp_path) as c:
        await search(c, "line 0017")
        await c.until_shows("1 hit")
        await c.press("enter")
        assert c.view == "logs"
        await c.until(lambda: is_there(c, "line 0017"))
        assert c.shows("line 0016", "line 0018")
        assert not c.logs.log_view.following
        await c.press("F")
        await c.type("line 0850")
        await c.press("enter")
        await c.until_shows("1 hit")
        await c.press("enter")
        await c.until(lambda: is_there(c, "line 0850"))


async def test_a_hit_far_above_in_the_log_that_is_open_is_fetched(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    await colony.submit("cli", "render_tile")
    process = await colony.assign("worker-1")
    await colony.log_past(process, 1200)
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("processes")
        await c.until(lambda: c.processes.table.move_to(process.processid))
        await c.press("l")
        await c.until_shows("line 1199")
        await search(c, "line 0003")
        await c.until_shows("1 hit")
        await c.press("enter")
        await c.until(lambda: is_there(c, "line 0003"))


async def test_nothing_found_says_what_was_searched(colony: Colony, tmp_path: Path) -> None:
    await two_logs(colony)
    async with console(profile_of(colony), tmp_path) as c:
        screen = await search(c, "Needle")
        await c.until_shows("Nothing was found", "30 days", "0 hits")
        await c.press("escape")
        assert c.app.screen is not screen


async def test_escape_goes_from_the_hits_to_the_text_and_then_away(colony: Colony, tmp_path: Path) -> None:
    await two_logs(colony)
    async with console(profile_of(colony), tmp_path) as c:
        screen = await search(c, "needle")
        await c.until_shows("4 hits")
        await c.press("escape")
        assert c.app.screen is screen
        await c.press("down", "escape", "escape")
        assert c.app.screen is not screen
        assert c.view == "logs"


async def test_without_a_members_key_it_says_so(colony: Colony, tmp_path: Path) -> None:
    async with console(profile_of(colony, keys=Keyring(colony=colony.keys.colony)), tmp_path) as c:
        await c.until(lambda: c.session.link.is_up)
        await c.go("logs")
        await c.press("F")
        await c.type("needle")
        await c.press("enter")
        await c.until(lambda: "member" in c.line("Search all logs of the colony"))
        assert "Nothing was found" not in c.text


@pytest.mark.parametrize("size", [SMALL, LARGE])  # the tests above are of the middle one
async def test_it_is_drawn_at_every_size(size: tuple[int, int], colony: Colony, tmp_path: Path) -> None:
    await two_logs(colony)
    async with console(profile_of(colony), tmp_path, size=size) as c:
        await search(c, "needle")
        await c.until_shows("4 hits", "needle again")


async def test_it_is_asked_from_any_screen_and_leaving_it_stays_there(colony: Colony, tmp_path: Path) -> None:
    await two_logs(colony)
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        for view in ("crons", "overview"):
            await c.go(view)
            await c.press("F")
            assert isinstance(c.app.screen, LogSearch)
            await c.press("escape")
            assert c.view == view
        await c.press("F")
        await c.type("needle of the worker")
        await c.press("enter")
        await c.until_shows("1 hit")
        await c.press("enter")
        await c.until(lambda: c.view == "logs" and is_there(c, "needle of the worker"))
        await c.press("left_square_bracket")
        assert c.view == "overview"
