"""Every key of every view: none confirms the question that it opens, and a read-only profile does nothing with any."""

from __future__ import annotations

import asyncio
from pathlib import Path

from textual.binding import Binding
from textual.screen import Screen

from colonies_tui.ui.views.bulk_screen import BulkScreen, Phase
from colonies_tui.ui.views.view import View
from colonies_tui.ui.widgets.dialog import Dialog
from colonies_tui.ui.widgets.live_table import LiveTable
from tests.ui.console.colony import Colony
from tests.ui.console.driver import Console, console, profile_of
from tests.ui.console.test_keys import go
from tests.ui.console.test_server_and_more import with_blueprint, with_function
from tests.ui.console.views import MORE_VIEWS, VIEWS
from tests.ui.console.workflow_colony import a_cron, a_file, a_generator, start

LOOKS = frozenset(
    {
        "logs", "state", "executor", "channels", "processes", "toggle_gone", "face", "merged_log", "pending",
        "earlier", "save", "process", "find", "pane", "workflow", "copy_official", "copy_call", "object",
        "explain",
        "beside", "older", "copy", "watch", "watch_filter", "end", "limit",
    }
)  # fmt: skip
"""Actions of views that only look. Every other one changes something."""


def bindings_of(view: type[View]) -> list[Binding]:
    return [binding for binding in view.BINDINGS if isinstance(binding, Binding)]


def changing(view: type[View]) -> list[Binding]:
    return [binding for binding in bindings_of(view) if binding.action.split("(")[0] not in LOOKS]


ALL_VIEWS = (*VIEWS.values(), *MORE_VIEWS)


async def filled(colony: Colony) -> None:
    """Two of everything that can be acted on."""
    await with_function(colony)
    await colony.operator.reject_executor(colonyname=colony.name, executorname="worker-1")
    for number in "23":
        await colony.register(f"worker-{number}", approve=False)
    await colony.submit_many(2)
    for number in "12":
        await start(colony)
        await a_cron(colony, f"nightly-{number}")
        await a_generator(colony, f"batches-{number}")
        await a_file(colony, "/maps", f"{number}.tif")
    await with_blueprint(colony)


async def wait_for_rows(c: Console) -> None:
    tables = c.main.active_view.query(LiveTable)
    await c.until(lambda: not tables or any(table.row_count for table in tables))


def asking(screen: Screen[object]) -> bool:
    return isinstance(screen, Dialog) or (isinstance(screen, BulkScreen) and screen.phase is Phase.ASKING)


async def test_a_read_only_profile_does_nothing_with_any_key(colony: Colony, tmp_path: Path) -> None:
    await filled(colony)
    async with console(profile_of(colony, read_only=True), tmp_path) as c:
        await c.until_known()
        pressed = 0
        for view in ALL_VIEWS:
            if not changing(view):
                continue
            await go(c, view.KEY)
            await wait_for_rows(c)
            for binding in changing(view):
                c.app.clear_notifications()
                await c.press(binding.key)
                assert c.app.screen is c.main, (view.KEY, binding.key)
                said = f"{binding.description}: this profile is read-only"
                assert c.notices == [said], (view.KEY, binding.key)
                pressed += 1
        assert pressed >= 20
        assert c.journal.entries == []


async def test_no_key_confirms_what_it_asked(colony: Colony, tmp_path: Path) -> None:
    await filled(colony)
    before = await colony.counters()
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        asked = set()
        for view in (kind for kind in ALL_VIEWS if changing(kind)):
            await go(c, view.KEY)
            await wait_for_rows(c)
            for marked in (False, True):
                for binding in changing(view):
                    if marked and view.KEY not in ("processes", "workflows", "executors", "crons", "generators"):
                        continue
                    if marked:
                        await c.press("g", "space", "j", "space")
                    await c.press(*[binding.key] * 4)  # as when it is held down
                    await asyncio.sleep(0)
                    screen = c.app.screen
                    if asking(screen):
                        asked.add((view.KEY, binding.key, marked))
                    while c.app.screen is not c.main:
                        await c.press("escape")
                    c.main.active_view.main_pane().focus()
                    await c.settle()
                    for table in c.main.active_view.query(LiveTable):
                        table.clear_marks()
                    await c.settle()
        assert c.journal.entries == []
        assert len(asked) >= 14, asked
        assert {("executors", "a", False), ("executors", "r", True), ("processes", "C", True)} <= asked
    after = await colony.counters()  # crons and blueprints may have started something meanwhile
    assert (after.activeexecutors, after.cancelledprocesses) == (before.activeexecutors, before.cancelledprocesses)


def test_nothing_that_changes_something_is_on_a_key_that_scrolls_or_deletes_elsewhere() -> None:
    for view in ALL_VIEWS:
        for binding in changing(view):
            assert not {"ctrl+d", "ctrl+k", "enter", "space"}.intersection(binding.key.split(",")), binding
