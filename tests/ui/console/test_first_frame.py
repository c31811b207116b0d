"""The first frame: what it says, what is loaded after it, and what happens to keys that are pressed meanwhile."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from textual import events

from colonies_tui.config.saved_tabs import RestoredTabs, SavedTab
from colonies_tui.ui.app import ConsoleApp
from colonies_tui.ui.locator import Locator
from colonies_tui.ui.main_screen import MainScreen
from colonies_tui.ui.opening_screen import OpeningScreen, opening_for
from tests.ui.console.colony import Colony
from tests.ui.console.driver import console, profile_of, screen_lines

HEAVY = ("pydantic", "httpx", "websockets", "colonies_tui.store.session", "colonies_tui.ui.main_screen")


def test_it_needs_neither_models_nor_the_network() -> None:
    script = f"import sys, colonies_tui.ui.run; print(*(name for name in {HEAVY} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == []


async def test_it_is_painted_before_a_session_begins(
    colony: Colony, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    begin = ConsoleApp._begin

    async def begin_noting_the_screen(app: ConsoleApp) -> None:
        seen.append(screen_lines(app))
        assert app._workspace is None
        await begin(app)

    monkeypatch.setattr(ConsoleApp, "_begin", begin_noting_the_screen)
    async with console(profile_of(colony), tmp_path, greets=True) as c:
        await c.until(lambda: isinstance(c.app.screen, MainScreen))
        await c.until_known()
        (lines,) = seen
        assert "connecting" in lines[0]
        assert colony.name in lines[0]
        assert lines[1:3] == c.lines[1:3], "the names of the views stay where they are"
        assert not any(isinstance(screen, OpeningScreen) for screen in c.app.screen_stack)


async def test_keys_that_are_pressed_meanwhile_are_not_lost(
    colony: Colony, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = ConsoleApp._begin

    async def begin_while_somebody_types(app: ConsoleApp) -> None:
        opening = app.screen
        assert isinstance(opening, OpeningScreen)
        for key in "24":
            opening.on_key(events.Key(key, key))
        await begin(app)

    monkeypatch.setattr(ConsoleApp, "_begin", begin_while_somebody_types)
    async with console(profile_of(colony), tmp_path, greets=True) as c:
        await c.until(lambda: isinstance(c.app.screen, MainScreen) and c.view == "executors")
        await c.press("minus")
        await c.until(lambda: c.view == "processes")


@pytest.mark.parametrize(
    ("start", "restored", "view"),
    [("", "", "overview"), ("crons", "", "crons"), ("", "files", "files"), ("", "nonsense", "overview")],
)
def test_it_names_the_view_that_comes(start: str, restored: str, view: str, colony: Colony) -> None:
    profile = profile_of(colony)
    tabs = ((profile, SavedTab(profile.name, profile.colony, restored)),) if restored else ()
    place = Locator(profile.colony, start) if start else None
    opening = opening_for(None if restored else profile, place, RestoredTabs(tabs))
    assert opening is not None
    assert opening.view == view


def test_where_nothing_is_opened_nothing_is_said() -> None:
    assert opening_for(None, None, RestoredTabs()) is None
