"""Several colonies at once: each tab is as it was left, whatever happens in the others."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from colonies_tui.client.client import ColoniesClient
from colonies_tui.store.link import LinkCondition
from colonies_tui.store.session import Session
from colonies_tui.ui.tab_chooser import TabChooser
from colonies_tui.ui.views.view import Work
from colonies_tui.ui.views.waiting_screen import WaitingScreen
from colonies_tui.ui.widgets.colony_tab_line import ColonyTabLine
from tests.ui.console.colony import Colony, living_colony
from tests.ui.console.driver import HASTE, SMALL, Console, console, profile_of
from tests.ui.console.test_colonies import second_colony


@pytest.fixture
async def other() -> AsyncIterator[Colony]:
    """A colony at another server."""
    async with living_colony() as other:
        yield other


def still(lines: list[str]) -> list[str]:
    """Return a screen without what grows older by itself: the age of the link, and ages in lists."""
    words = [" ".join(word for word in line.split() if not _is_age(word)) for line in lines]
    return [line for number, line in enumerate(words) if number > 1]


def _is_age(word: str) -> bool:
    return word[:-1].replace(".", "").isdigit() and word[-1] in "smh"


class Requests:
    """Counts what a session asks its server."""

    def __init__(self, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        self.kinds: list[str] = []
        client = session.client
        ask = client._send

        async def counted(request: Any, *rest: Any) -> Any:
            self.kinds.append(request.msgtype)
            return await ask(request, *rest)

        monkeypatch.setattr(client, "_send", counted)


async def two_tabs(c: Console, other: Colony) -> None:
    """Open the other colony beside the one that is there."""
    await c.until_known()
    c.app.open_beside(profile_of(other, name="other"))
    await c.until(lambda: len(c.sessions) == 2 and c.session is c.sessions[1])
    await c.until_known()


async def test_going_to_another_tab_and_back_loses_nothing(colony: Colony, other: Colony, tmp_path: Path) -> None:
    await colony.submit_many(70)
    await other.register("worker-1")
    failed = await other.failed("worker-1", "exit 137: out of memory")
    await other.log_past(failed, 300)
    await other.submit_many(5, funcname="hash_file")
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        assert not c.main.query_one(ColonyTabLine).display, "one tab alone is no news"
        await c.go("processes")
        await c.filter("render")
        await c.until(lambda: c.processes.table.row_count == 70)
        await c.press(*["j"] * 50, *["k"] * 10)
        await two_tabs(c, other)
        await c.go("processes")
        await c.filter("state=failed")
        await c.press("enter")
        await c.until_shows("exit 137: out of memory", "line 0299", "ended ──")
        second = still(c.lines)

        await c.press("left_curly_bracket")
        assert c.session is c.sessions[0]
        await c.until_shows("/ render", "▌● test · dev", "● other · dev")
        table = c.processes.table
        place = (table.cursor_id, table.scroll_offset, c.main.focused)
        first = still(c.lines)
        assert any(line.startswith("▌ ◌ render_tile") for line in first)

        await c.press("right_curly_bracket")
        await c.until(lambda: still(c.lines) == second)
        assert c.session is c.sessions[1]
        await c.press("right_curly_bracket")
        await c.until(lambda: still(c.lines) == first)
        assert (table.cursor_id, table.scroll_offset, c.main.focused) == place
        await c.press("k")
        assert c.processes.table is table, "it is the very screen that was left"
        assert table.cursor_id != place[0]


async def test_a_log_stays_at_the_line_where_it_was_read(colony: Colony, other: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    await colony.submit()
    process = await colony.assign("worker-1")
    await colony.log_past(process, 400)
    async with console(profile_of(colony), tmp_path) as c:
        await two_tabs(c, other)
        await c.press("left_curly_bracket")
        await c.go("processes")
        await c.until(lambda: c.processes.table.row_count == 1)
        await c.press("l")
        await c.until_shows("line 0399")
        await c.press("pageup", "pageup")
        await c.until(lambda: not c.shows("line 0399"))
        read = [line[:50] for line in c.lines if "line 0" in line]
        await c.press("right_curly_bracket")
        await colony.log("worker-1", process, "late one")
        await c.press("left_curly_bracket")
        await c.until_shows("+1 new")
        assert [line[:50] for line in c.lines if "line 0" in line] == read
        assert c.view == "logs"


async def test_closing_a_tab_ends_its_requests_and_its_sockets(
    colony: Colony, other: Colony, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await other.register("worker-1")
    pubsub = other.running.server.pubsub
    async with console(profile_of(colony), tmp_path) as c:
        await two_tabs(c, other)
        session = c.sessions[1]
        await c.until(
            lambda: session.link.condition is LinkCondition.LIVE and pubsub.listener_count > pubsub.gone_count
        )
        asked = Requests(session, monkeypatch)
        screen = c.main
        await c.press("ctrl+w")
        await c.until(lambda: len(c.app.workspace.tabs) == 1 and not screen.is_running)
        assert session.client._closed
        assert c.session is c.sessions[0]
        count = len(asked.kinds)
        await c.until(lambda: pubsub.listener_count == pubsub.gone_count)
        heard = c.session.link.heard_at or 0.0
        await c.until(lambda: (c.session.link.heard_at or 0.0) > heard)
        assert len(asked.kinds) == count, "nothing is asked any more"
        assert not c.main.query_one(ColonyTabLine).display
        await c.press("ctrl+w")
        await c.until(lambda: "this is the last tab; q leaves the console" in c.notices)
        assert len(c.app.workspace.tabs) == 1


async def test_a_tab_in_the_background_asks_little(
    colony: Colony, other: Colony, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("crons")
        await two_tabs(c, other)
        first, second = c.sessions
        assert (first.schedule.is_shown, second.schedule.is_shown) == (False, True)
        assert first.schedule._rate + second.schedule._rate <= HASTE.requests_per_second, "all share one bound"
        back, front = Requests(first, monkeypatch), Requests(second, monkeypatch)
        await c.go("crons")
        await c.until(lambda: front.kinds.count("getcronsmsg") >= 2 and "getcolonystatsmsg" in back.kinds)
        assert "getcronsmsg" not in back.kinds, "nobody looks at its crons"
        await c.press("left_curly_bracket")
        assert (first.schedule.is_shown, second.schedule.is_shown) == (True, False)
        await c.until(lambda: "getcronsmsg" in back.kinds)


async def test_the_line_of_tabs_calls_for_what_waits_in_another_one(
    colony: Colony, other: Colony, tmp_path: Path
) -> None:
    async with console(profile_of(colony), tmp_path, size=SMALL) as c:
        await two_tabs(c, other)
        await colony.register("gpu-9", "gpu", approve=False)
        await c.until(lambda: "● test · dev 1 pending" in c.lines[0])
        assert "pending" not in c.lines[1], "the header speaks of the colony on the screen"
        assert c.lines[0].count("▌") == 1
        await c.pilot.click(ColonyTabLine, offset=(c.lines[0].index("test"), 0))
        await c.until(lambda: c.session is c.sessions[0])
        await c.until(lambda: "1 pending" in c.lines[1] and "pending" not in c.lines[0])


async def test_a_dead_server_in_one_tab_does_not_hurt_the_other(colony: Colony, tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        other = await stack.enter_async_context(living_colony())
        await other.submit_many(3, funcname="hash_file")
        async with console(profile_of(colony), tmp_path) as c:
            await two_tabs(c, other)
            await c.go("processes")
            await c.until_shows("hash_file")
            await c.press("left_curly_bracket")
            await stack.aclose()
            await c.until(lambda: "○ other · dev no answer" in c.lines[0])
            await colony.submit_many(2)
            await c.go("processes")
            await c.until(lambda: c.processes.table.row_count == 2)
            assert c.session.link.is_up
            await c.press("right_curly_bracket")
            await c.until(lambda: "stale since" in c.lines[1])
            assert c.shows("hash_file"), "what was known stays"


async def test_a_question_waits_in_the_tab_that_asked_it(colony: Colony, other: Colony, tmp_path: Path) -> None:
    await colony.register("gpu-9", "gpu", approve=False)
    gate = asyncio.Event()
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("executors")
        await c.until_shows(" gpu-9 ")
        view = c.executors
        first = c.main
        await two_tabs(c, other)

        async def later() -> None:
            await gate.wait()
            view.action_decide("approve")

        work: Work = later
        view.run_worker(work)
        gate.set()
        await c.until(lambda: "asks" in c.lines[0])
        assert not c.asks("Approve gpu-9?"), "no question of another colony stands over this one"
        await c.press("left_curly_bracket")
        await c.until(lambda: c.dialog is not None and c.asks("Approve gpu-9?"))
        await c.press("right_curly_bracket")
        assert c.dialog is not None, "keys belong to the question"
        await c.press("y")
        await c.until(lambda: c.app.screen is first)
        await c.until(lambda: view.table.rows["gpu-9"].condition.value == "approved")


async def test_a_new_tab_is_asked_for_and_typing_narrows_the_list(colony: Colony, tmp_path: Path) -> None:
    await second_colony(colony)
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.until(lambda: len(c.session.colonies) == 2)
        await c.press("ctrl+t")
        assert isinstance(c.app.screen, TabChooser)
        rows = [line for line in c.lines if "http://" in line]
        assert "dev" in rows[0], "the current colony is the first"
        assert "this tab" in rows[0]
        assert "lab" in rows[1]
        await c.type("lab")
        assert len([line for line in c.lines if "http://" in line]) == 1
        await c.press("enter")
        await c.until(lambda: len(c.sessions) == 2 and c.session is c.sessions[1])
        await c.until_known()
        assert c.session.colony == "lab"
        assert c.view == "overview"
        await c.palette("Tab: test · dev")
        await c.until(lambda: c.session is c.sessions[0])
        await c.go("colonies")
        await c.until_shows("Colonies · 2")
        assert c.colonies.table.move_to("lab")
        await c.press("o")
        await c.until(lambda: len(c.sessions) == 3 and c.session is c.sessions[2])
        assert [tab.session.colony for tab in c.app.workspace.tabs] == ["dev", "lab", "lab"]
        await c.palette("Tab: close")
        await c.until(lambda: len(c.app.workspace.tabs) == 2)


async def test_a_screen_over_the_main_one_stays_there_too(colony: Colony, other: Colony, tmp_path: Path) -> None:
    await colony.submit()
    async with console(profile_of(colony), tmp_path) as c:
        await two_tabs(c, other)
        await c.press("left_curly_bracket")
        await c.go("processes")
        await c.until(lambda: c.processes.table.row_count == 1)
        await c.press("X")
        await c.until(lambda: isinstance(c.app.screen, WaitingScreen))
        reasons = c.app.screen
        await c.press("right_curly_bracket")
        assert c.app.screen is c.main
        assert c.session is c.sessions[1]
        await c.until_shows("▌● other · dev")
        assert "asks" not in c.lines[0], "it is no question"
        await c.press("left_curly_bracket")
        assert c.app.screen is reasons
        await c.press("escape")
        await c.until(lambda: c.app.screen is c.main and c.view == "processes")


async def test_switching_the_colony_of_a_tab_leaves_the_others(colony: Colony, other: Colony, tmp_path: Path) -> None:
    await second_colony(colony)
    async with console(profile_of(colony), tmp_path) as c:
        await two_tabs(c, other)
        await c.press("left_curly_bracket")
        await c.go("colonies")
        await c.until_shows("Colonies · 2")
        assert c.colonies.table.move_to("lab")
        await c.press("enter")
        await c.until(lambda: len(c.sessions) == 3 and c.session is c.sessions[2])
        assert [tab.session for tab in c.app.workspace.tabs] == [c.sessions[2], c.sessions[1]]
        assert c.sessions[0].client._closed
        assert not c.sessions[1].client._closed


async def test_quitting_ends_all_tabs_and_leaves_no_task(colony: Colony, other: Colony, tmp_path: Path) -> None:
    await second_colony(colony)
    await other.register("worker-1")
    before = asyncio.all_tasks()
    async with console(profile_of(colony), tmp_path) as c:
        await two_tabs(c, other)
        c.app.open_beside(dataclasses.replace(profile_of(colony), colony="lab"))
        await c.until(lambda: len(c.app.workspace.tabs) == 3)
        await c.press("ctrl+q")
        await c.until(lambda: c.app._exit)
    assert all(session.client._closed for session in c.sessions)
    left = [task for task in asyncio.all_tasks() - before if not task.done()]
    ours = [task for task in left if task.get_name().startswith(("feed", "tap", "schedule", "session"))]
    assert not ours
    assert isinstance(c.sessions[0].client, ColoniesClient)


async def test_there_is_an_end_to_tabs_and_letters_stay_letters(
    colony: Colony, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("colonies_tui.ui.workspace.MAX_TABS", 2)
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.press("right_curly_bracket")
        assert c.notices[-1] == "there is only this tab; ctrl-t opens another"
        await c.press("ctrl+t", "enter")
        await c.until(lambda: len(c.app.workspace.tabs) == 2)
        await c.until_known()
        await c.press("ctrl+t", "enter")
        await c.until(lambda: "tabs are open already; ctrl-w closes one" in c.notices[-1])
        assert len(c.sessions) == 2, "nothing was begun"
        await c.go("processes")
        await c.press("slash")
        await c.type("a b{}")
        await c.press("ctrl+w")
        assert len(c.app.workspace.tabs) == 2
        assert c.session is c.sessions[1]
        await c.press("escape", "question_mark")
        await c.pilot.resize_terminal(120, 90)
        await c.until(lambda: c.asks("ctrl-t new tab", "ctrl-w close tab", "{ previous tab", "} next tab"))
