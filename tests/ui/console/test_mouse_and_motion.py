"""The mouse can do what keys do, and with reduced motion nothing moves by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input, TextArea

from colonies_tui.config.settings import Settings
from colonies_tui.ui.widgets.detail import DetailPane
from colonies_tui.ui.widgets.footer_keys import FooterKeys
from colonies_tui.ui.widgets.rule import TitleRule
from colonies_tui.ui.widgets.tab_line import TabLine
from tests.ui.console.colony import Colony
from tests.ui.console.driver import Console, console, profile_of


async def click(c: Console, words: str, widget: type[TabLine | FooterKeys]) -> None:
    """Click on words of a widget."""
    (found,) = c.main.query(widget)
    line = c.lines[found.region.y]
    await c.pilot.click(found, offset=(line.index(words) - found.region.x, 0))
    await c.settle()


async def test_a_day_with_the_mouse_alone(colony: Colony, tmp_path: Path) -> None:
    for name in ("worker-1", "worker-2"):
        await colony.register(name, "cli")
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await click(c, "Executors", TabLine)
        assert c.view == "executors"
        await c.until_shows("worker-1", "worker-2")
        table = c.executors.table
        header = c.lines[table.region.y]
        await c.pilot.click(table, offset=(header.index("name") - table.region.x, 0))
        await c.settle()
        assert table.sort == ("name", False)
        await c.pilot.click(table, offset=(10, 2))
        await c.settle()
        assert table.cursor_id == "worker-2"
        await c.pilot.click(table, offset=(10, 2))
        await c.until(lambda: c.executors.has_class("-detail"))
        detail = c.executors.query_one(DetailPane)
        assert detail.has_focus
        rule = c.executors.query_one(".list--rule", TitleRule)
        await c.pilot.click(rule, offset=(3, 0))
        await c.settle()
        assert table.has_focus, "the list below the rule"
        await click(c, "filter", FooterKeys)
        assert isinstance(c.app.focused, Input)


@pytest.mark.parametrize("reduced", [True, False])
async def test_reduced_motion(colony: Colony, tmp_path: Path, *, reduced: bool) -> None:
    await colony.register("worker-1", "cli")
    settings = Settings(reduced_motion=reduced)
    async with console(profile_of(colony), tmp_path, settings=settings, size=(80, 24)) as c:
        await c.until_known()
        assert (c.app.animation_level == "none") is reduced
        await c.go("executors")
        await c.until_shows("worker-1")
        table = c.executors.table
        table.update_rows({**table.rows}, {"worker-1": frozenset({"condition"})}, 0.0)
        assert bool(table._glow) is not reduced, "a cell that has changed glows"
        await c.press("slash")
        field = c.app.focused
        assert isinstance(field, Input)
        assert field.cursor_blink is not reduced
        await c.press("escape")
        await c.go("processes")
        await c.press("n")
        await c.until(lambda: isinstance(c.app.focused, TextArea))
        assert isinstance(c.app.focused, TextArea)
        assert c.app.focused.cursor_blink is not reduced
        await c.press("escape")


async def test_with_reduced_motion_scrolling_is_at_once(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    async with console(profile_of(colony), tmp_path, size=(60, 14)) as c:
        await c.until_known()
        await c.go("executors")
        await c.until_shows("worker-1")
        await c.press("enter")
        pane = c.executors.query_one(DetailPane)
        await c.until(lambda: pane.max_scroll_y > 2)
        seen: list[float] = []
        c.app.watch(pane, "scroll_y", lambda y: seen.append(y), init=False)
        pane.action_scroll_down()
        await c.until(lambda: pane.scroll_y == 1)
        pane.action_scroll_end()
        await c.until(lambda: pane.scroll_y == pane.max_scroll_y)
        assert seen == [1, pane.max_scroll_y], "no step in between"
