"""Keys that come while what they are for is still being made."""

from __future__ import annotations

import json
from typing import Any

from textual.events import Key

from colonies_tui.ui.themed_app import ThemedApp
from colonies_tui.ui.widgets.json_editor import JsonEditor


async def test_a_key_pressed_before_its_screen_stands_does_what_it_does_later() -> None:
    app, answers = ThemedApp[None](), list[Any]()
    async with app.run_test() as pilot:
        app.push_screen(JsonEditor("Cron", '{"a": 1}', read=json.loads, accept="go on"), answers.append)
        assert not app.screen.is_mounted
        app.post_message(Key("ctrl+s", None))
        await pilot.pause()
        assert answers == [{"a": 1}]
