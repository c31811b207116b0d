"""From the first-run screen to the demo: the console ends, and the demo begins in the same terminal."""

from __future__ import annotations

import os
from typing import Any

import pytest

from colonies_tui.cli import console, demo
from colonies_tui.ui.exit_codes import DEMO_WANTED


@pytest.mark.parametrize(("code", "wants_demo"), [(DEMO_WANTED, True), (0, False)])
def test_the_demo_begins_when_it_was_asked_for(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, code: int, wants_demo: bool
) -> None:
    started: list[dict[str, Any]] = []

    def start(**arguments: Any) -> int:
        started.append(arguments)
        return 5

    for name in [name for name in os.environ if name.startswith("COLONIES_")]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(console, "has_terminal", lambda: True)
    monkeypatch.setattr("colonies_tui.ui.run.run_console", lambda *arguments, **more: code)
    monkeypatch.setattr(demo, "run", start)
    assert console.run(profile=None, keys_file=None, read_only=True, theme=None) == (5 if wants_demo else 0)
    asked = {"data": None, "seed": demo.USUAL_SEED, "read_only": True, "theme": None}
    assert started == ([asked] if wants_demo else [])
