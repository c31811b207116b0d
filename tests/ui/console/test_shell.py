"""What stands around the views: tabs, help, footer, palette, themes, the way back."""

from __future__ import annotations

from pathlib import Path

from textual.command import CommandPalette

from colonies_tui.config.settings import Settings
from colonies_tui.ui.help_screen import HelpScreen
from colonies_tui.ui.themes import THEMES
from tests.ui.console.colony import Colony
from tests.ui.console.driver import LARGE, SMALL, console, profile_of
from tests.ui.console.views import VIEWS


async def test_digits_minus_and_escape_go_from_view_to_view(colony: Colony, tmp_path: Path) -> None:
    async with console(profile_of(colony), tmp_path) as c:
        for digit, view in VIEWS.items():
            await c.press(digit)
            assert c.view == view.KEY
            assert f"{digit} {view.TITLE}" in c.lines[1]
        await c.go("executors")
        await c.go("logs")
        await c.press("minus")
        assert c.view == "executors"
        await c.press("minus")
        assert c.view == "logs"
        await c.press("escape")
        assert c.view == "executors"
        await c.pilot.click("TabLine", offset=(c.lines[1].index("Processes"), 0))
        await c.until(lambda: c.view == "processes")


async def test_help_is_about_the_pane_that_has_the_focus(colony: Colony, tmp_path: Path) -> None:
    await colony.register("gpu-9", "gpu", approve=False)
    async with console(profile_of(colony), tmp_path, size=(120, 80)) as c:
        await c.until_known()
        await c.go("processes")
        await c.press("question_mark")
        assert isinstance(c.app.screen, HelpScreen)
        assert c.asks("Help · Processes", "next state", "e executor")
        assert not c.asks("a approve")
        await c.press("end")
        await c.until(lambda: c.asks("Filter", "state=failed|cancelled", "executor, label", "✔ success"))
        await c.press("question_mark")
        await c.go("executors")
        await c.press("f1")
        assert c.asks("Help · Executors", "a approve", "ctrl-d half a page down")
        await c.press("end")
        await c.press("q")
        assert c.view == "executors"
        assert not c.app._exit
        await c.go("logs")
        await c.press("question_mark")
        assert c.asks("Help · Logs", "earlier lines no log is open")


async def test_the_footer_has_the_keys_of_the_pane_and_help_last(colony: Colony, tmp_path: Path) -> None:
    await colony.register("gpu-9", "gpu", approve=False)
    async with console(profile_of(colony), tmp_path, size=LARGE) as c:
        await c.until_known()
        await c.go("executors")
        await c.until(lambda: c.executors.table.row_count == 1)
        assert c.lines[-1].startswith(" enter open   a approve   r reject   l logs")
        assert c.lines[-1].endswith("? help")
        await c.press("enter")
        assert "mark" not in c.lines[-1], "a detail has nothing to mark"
        await c.press("escape", "slash")
        assert "clear" in c.lines[-1]
        assert "approve" not in c.lines[-1]
        await c.press("escape")
        await c.pilot.resize_terminal(*SMALL)
        await c.until(lambda: len(c.lines) == 24)
        assert c.lines[-1].startswith(" enter open   a approve   r reject")
        assert c.lines[-1].endswith("? help"), "help stays when the others have no room"


async def test_themes_change_with_a_key_and_by_the_palette(colony: Colony, tmp_path: Path) -> None:
    await colony.register("gpu-9", "gpu", approve=False)
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.until_shows(" gpu ")

        def ground() -> object:
            (strip, *_) = c.app.screen._compositor.render_strips()
            style = next(iter(strip)).style
            assert style is not None
            return style.bgcolor

        dark, text = ground(), c.text
        await c.press("T")
        assert c.app.theme == "colonies-light"
        assert ground() != dark
        assert c.lines[3:] == text.split("\n")[3:], "the same words in other colours"
        for _ in THEMES[1:]:
            await c.press("T")
        assert (c.app.theme, ground()) == ("colonies-dark", dark), "after the last the first again"
        for theme in ("textual-dark", "nord", "ansi-dark"):  # a theme that has none of our variables
            c.app.theme = theme
            await c.settle()
            assert "gpu" in c.text
    async with console(profile_of(colony), tmp_path, settings=Settings(theme="colonies-light", ascii=True)) as c:
        await c.until_known()
        await c.until_shows(" gpu ")
        assert c.app.theme == "colonies-light"
        for view in VIEWS.values():
            await c.go(view.KEY)
            assert c.text.isascii(), [line for line in c.lines if not line.isascii()]
        await c.go("executors")
        await c.press("a")
        assert c.dialog is not None
        assert c.text.isascii()
        await c.press("escape", "question_mark")
        assert isinstance(c.app.screen, HelpScreen)
        lines = [line for line in c.lines[1:-1] if not line.isascii()]
        assert all("waiting" in line or "pending" in line or "live" in line for line in lines)


async def test_the_palette_opens_and_leaves_without_a_trace(colony: Colony, tmp_path: Path) -> None:
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        for key in ("colon", "ctrl+p"):
            await c.press(key)
            assert isinstance(c.app.screen, CommandPalette)
            await c.press("escape")
            await c.until(lambda: c.app.screen is c.main)
        await c.palette("Processes failed")
        await c.until(lambda: c.view == "processes")
        await c.until(lambda: "▌✖ failed" in c.lines[3])
        await c.palette("Executors pending")
        await c.until(lambda: c.view == "executors")
        await c.palette("Functions")
        await c.until(lambda: c.view == "functions")


async def test_both_quit_keys_end_everything(colony: Colony, tmp_path: Path) -> None:
    for keys in (("q",), ("ctrl+q",), ("3", "question_mark", "ctrl+q"), ("slash", "x", "ctrl+q")):
        async with console(profile_of(colony), tmp_path) as c:
            await c.until_known()
            await c.press(*keys)
            await c.until(lambda: c.app._exit)
            session = c.session
        assert session.client._closed
        assert c.app.return_value == 0
