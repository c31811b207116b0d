"""Keys of the operator's own: they work, the old ones do not, footer and help show them, faults are said."""

from __future__ import annotations

from pathlib import Path

from textual.dom import DOMNode

from colonies_tui.config.key_map import KeyMap
from colonies_tui.config.settings import Settings
from colonies_tui.ui.app import ConsoleApp
from colonies_tui.ui.context import Target
from colonies_tui.ui.help_screen import HelpScreen
from colonies_tui.ui.key_table import can_meet
from tests.ui.console.colony import Colony
from tests.ui.console.driver import console, profile_of
from tests.ui.console.views import MORE_VIEWS, VIEWS


def settings(**keys: str) -> Settings:
    """Return settings with keys; ``__`` stands for the dot of an id."""
    named = {name.replace("__", "."): tuple(text.split(",")) for name, text in keys.items()}
    return Settings(reduced_motion=True, keys=KeyMap(Path("settings.toml"), named, dict.fromkeys(named, 3)))


async def test_other_keys_work_and_are_shown(colony: Colony, tmp_path: Path) -> None:
    chosen = settings(main__processes="ctrl+g,Q", processes__logs="ctrl+n", main__filter="?", app__help="f1")
    async with console(profile_of(colony), tmp_path, settings=chosen) as c:
        await c.until_known()
        await c.press("2")
        assert c.view == "overview", "the key it had is free"
        await c.press("Q")
        assert c.main.active_view is c.processes
        await c.press("1", "ctrl+g")
        assert c.main.active_view is c.processes
        assert "^n logs" in c.lines[-1]
        assert "? filter" in c.lines[-1]
        await c.press("f1")
        assert isinstance(c.app.screen, HelpScreen)
        assert c.line("ctrl-n").split()[1:3] == ["ctrl-n", "logs"]
        await c.press("escape", "question_mark")
        assert [type(screen) for screen in c.app.screen_stack].count(HelpScreen) == 0
        await c.type("x")
        assert c.line("x"), "typed into the filter"
        assert c.notices == []


async def test_two_keys_change_places(colony: Colony, tmp_path: Path) -> None:
    await colony.submit()
    chosen = settings(processes__cancel="D", processes__remove="C")
    async with console(profile_of(colony), tmp_path, settings=chosen) as c:
        await c.until_known()
        await c.go("processes")
        await c.until(lambda: c.processes.table.cursor_id is not None)
        await c.press("D")
        await c.until(lambda: c.dialog is not None)
        assert "Cancel" in c.text
        await c.press("escape", "C")
        await c.until(lambda: c.dialog is not None)
        assert "Remove" in c.text


async def test_what_is_wrong_is_said_at_the_start_and_the_rest_works(colony: Colony, tmp_path: Path) -> None:
    chosen = settings(
        processes__cancl="x", processes__cancel="slash", log__follow="foo", log__wrap="bar", log__open="z1"
    )
    async with console(profile_of(colony), tmp_path, settings=chosen) as c:
        await c.until_known()
        assert c.notices == [
            'settings.toml:3: nothing is called "processes.cancl"; did you mean "processes.cancel"?',
            'settings.toml:3: "log.follow": "foo" is no key',
            'settings.toml:3: "log.wrap": "bar" is no key',
            "2 more: colonies-tui doctor says them all",
        ]


async def test_an_unknown_theme_is_said(colony: Colony, tmp_path: Path) -> None:
    async with console(profile_of(colony), tmp_path, settings=Settings(theme="colonies-drak")) as c:
        await c.until_known()
        assert c.notices == ['there is no theme "colonies-drak"; did you mean "colonies-dark"?; this is colonies-dark']


async def test_what_stands_in_what_is_as_the_search_for_clashes_takes_it(colony: Colony, tmp_path: Path) -> None:
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        for view in (*VIEWS.values(), *MORE_VIEWS):
            await c.main.go(Target(view.KEY))
            pane = c.main.active_view
            for widget in pane.query("*"):
                if not widget.can_focus:
                    continue
                chain = [node for node in widget.ancestors_with_self if "BINDINGS" in type(node).__dict__]
                ours: list[type[DOMNode]] = [type(n) for n in chain if type(n).__module__.startswith("colonies_tui.")]
                for place, inner in enumerate(ours):
                    assert all(can_meet(inner, outer) for outer in ours[place:]), (view.KEY, ours)
                assert type(c.app) is ConsoleApp
