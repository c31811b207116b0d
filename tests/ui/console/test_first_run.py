"""First run: nothing is configured, and the form is checked as it is filled in."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from textual.widgets import Input

from colonies_tui.config.keys_file import load_profiles
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.ui import first_run
from colonies_tui.ui.exit_codes import DEMO_WANTED
from colonies_tui.ui.first_run import FirstRunScreen
from colonies_tui.ui.main_screen import MainScreen
from tests.ui.console.colony import Colony
from tests.ui.console.driver import Console, console

REASON = "There is no keys.toml [yet], and COLONIES_SERVER_HOST is not set."


@pytest.fixture(autouse=True)
def a_short_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was typed is checked soon after the last letter; what is typed here comes in one go."""
    monkeypatch.setattr(first_run, "_PAUSE", 0.05)


def form(c: Console, field: str) -> Input:
    return c.app.screen.query_one(f"#form-{field}", Input)


async def fill(c: Console, field: str, text: str) -> None:
    form(c, field).focus()
    await c.settle()
    form(c, field).value = ""
    await c.type(text)


async def test_it_says_why_and_offers_the_demo(tmp_path: Path) -> None:
    async with console(None, tmp_path, size=(80, 24), reason=REASON) as c:
        assert isinstance(c.app.screen, FirstRunScreen)
        assert c.shows("Nothing is configured yet", REASON, "opens the demo", "first run")
        assert c.lines[-1].startswith(" ctrl-d demo")
        await c.press("question_mark")
        assert form(c, "url").value == "?", "every letter belongs to the form"
        await c.press("ctrl+d")
        await c.until(lambda: c.app._exit)
    assert c.app.return_value == DEMO_WANTED


async def test_what_is_typed_is_checked_and_saved(colony: Colony, tmp_path: Path) -> None:
    keys = colony.keys
    assert keys.member is not None
    assert keys.colony is not None
    async with console(None, tmp_path, reason=REASON) as c:
        await fill(c, "url", "localhost")
        await c.until_shows("it begins with http:// or https://")
        await fill(c, "url", str(colony.running.address))
        await c.until_shows("✔ answers, version")
        await fill(c, "colony", "dev")
        await fill(c, "member", "abc")
        await c.until_shows("member key: ")
        assert "abc" not in c.text
        await fill(c, "member", PrivateKey.new().reveal())
        await c.until_shows("✖ is no user or approved executor of dev")
        await fill(c, "member", keys.member.reveal())
        await c.until_shows("✔ may read colony dev")
        await fill(c, "colony-key", keys.member.reveal())
        await c.until_shows("✖ is not the owner of colony dev")
        await fill(c, "colony-key", keys.colony.reveal())
        await c.until_shows("✔ owns colony dev")
        assert keys.member.reveal()[:8] not in c.text
        await fill(c, "name", "lab")
        await c.press("ctrl+s")
        await c.until(lambda: isinstance(c.app.screen, MainScreen))
        await c.until_known()
        assert "lab · dev" in c.lines[0]
        file = c.app.paths.keys_file
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        profile = load_profiles(file).entry("lab").resolve({})
        assert (profile.address, profile.colony, profile.keys.member) == (colony.running.address, "dev", keys.member)
        assert (profile.keys.colony, profile.keys.server) == (keys.colony, None)
        assert len(c.app.screen_stack) == 1


async def test_opening_saves_nothing_and_what_is_missing_is_said(colony: Colony, tmp_path: Path) -> None:
    keys = colony.keys
    assert keys.member is not None
    async with console(None, tmp_path, reason=REASON) as c:
        await c.press("ctrl+o")
        assert c.notices == ["type the server's address"]
        await fill(c, "url", str(colony.running.address))
        await c.press("ctrl+s")
        assert c.notices[-1] == "a colony and a member key are needed to see anything"
        await fill(c, "colony", "dev")
        await fill(c, "member", keys.member.reveal())
        await c.press("ctrl+o")
        await c.until(lambda: isinstance(c.app.screen, MainScreen))
        assert not c.app.paths.keys_file.exists()
