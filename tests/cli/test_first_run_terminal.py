"""From the first-run screen to the demo in a terminal, with the keys that an operator presses."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.cli.terminal import terminal


async def test_in_a_terminal(environment: dict[str, str], home: Path) -> None:
    def operate() -> int:
        with terminal(environment) as console_in_terminal:
            console_in_terminal.wait_for(lambda text: "Nothing is configured yet" in text)
            console_in_terminal.press(b"\x04")
            console_in_terminal.wait_for(lambda text: "Overview" in text and "first run" not in text)
            console_in_terminal.press(b"\x11")
            return console_in_terminal.wait()

    assert await asyncio.to_thread(operate) == 0
    assert not (home / "config" / "keys.toml").exists()
