"""The screen that stands there while the console loads: names of profile and colony are shown, and are harmless."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.ui.opening_screen import OpeningScreen
from tests.hostile.contents import CONTENTS
from tests.hostile.screens import Looks
from tests.ui.console.driver import SMALL, console, profile_at


@pytest.mark.parametrize("name", CONTENTS)
async def test_names_are_harmless(tmp_path: Path, name: str) -> None:
    text = CONTENTS[name]
    profile = dataclasses.replace(profile_at(ServerAddress("127.0.0.1", 9, False), Keyring(), text), name=text)
    async with console(None, tmp_path, size=SMALL) as c:
        await c.app.push_screen(OpeningScreen(profile, "overview"))
        looks = Looks(c)
        await looks.look()
        assert looks.faults == {}
        assert c.shows("1 Overview")
        assert c.shows("connecting")
