"""The first frame comes before the first request, which loads the network library."""

from __future__ import annotations

from pathlib import Path

import pytest

from colonies_tui.store.session import Session
from colonies_tui.ui.app import ConsoleApp
from colonies_tui.ui.main_screen import MainScreen
from colonies_tui.ui.widgets.header_bar import HeaderBar
from tests.ui.console.colony import Colony
from tests.ui.console.driver import console, profile_of


async def test_a_session_begins_when_its_screen_stands(
    colony: Colony, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    widths: list[int] = []
    run = Session.run

    async def run_noting_the_screen(session: Session) -> None:
        screen = apps[0].screen
        widths.append(screen.query_one(HeaderBar).region.width if isinstance(screen, MainScreen) else 0)
        await run(session)

    apps: list[ConsoleApp] = []
    init = ConsoleApp.on_mount

    async def mount(app: ConsoleApp) -> None:
        apps.append(app)
        await init(app)

    monkeypatch.setattr(Session, "run", run_noting_the_screen)
    monkeypatch.setattr(ConsoleApp, "on_mount", mount)
    async with console(profile_of(colony), tmp_path) as at:
        await at.until_known()
        assert widths == [at.app.size.width]
