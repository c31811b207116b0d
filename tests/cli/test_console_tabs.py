"""Which tabs the console opens with: the last ones, unless something was asked for by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from colonies_tui.cli import console
from colonies_tui.config.paths import Paths
from colonies_tui.config.saved_tabs import SavedTab, SavedTabs, save_tabs
from colonies_tui.protocol.crypto import PrivateKey


class Started:
    """What the screen would be started with."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, directory: Path) -> None:
        self.asked: dict[str, Any] = {}
        self.paths = Paths(directory / "config", directory / "state", directory / "data", directory / "cache")
        self.paths.config_dir.mkdir()
        self.paths.keys_file.write_text(
            'default = "lab"\n'
            + "".join(
                f'[profiles.{name}]\nurl = "http://{name}.example"\ncolony = "dev"\n'
                f'member_key = "{PrivateKey.new().reveal()}"\n'
                for name in ("lab", "prod")
            )
        )
        self.paths.keys_file.chmod(0o600)
        for kind in ("config", "state", "data", "cache"):
            monkeypatch.setenv(f"COLONIES_TUI_{kind.upper()}_DIR", str(directory / kind))
        monkeypatch.delenv("COLONIES_SERVER_HOST", raising=False)
        monkeypatch.delenv("COLONIES_TUI_PROFILE", raising=False)
        monkeypatch.setattr(console, "has_terminal", lambda: True)
        monkeypatch.setattr("colonies_tui.ui.run.run_console", self._run)
        save_tabs(self.paths.tabs_file, SavedTabs((SavedTab("prod", "tiger", "crons"), SavedTab("gone", "x")), 0))

    def _run(self, profile: Any, **rest: Any) -> int:
        self.asked = {"profile": profile, **rest}
        return 0

    def run(self, **changes: Any) -> dict[str, Any]:
        """Start the console; return what the screen is given."""
        assert console.run(**{"profile": None, "keys_file": None, "read_only": False, "theme": None, **changes}) == 0
        return self.asked


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Started:
    return Started(monkeypatch, tmp_path)


def test_the_last_tabs_come_back(started: Started) -> None:
    asked = started.run(read_only=True)
    ((profile, tab),) = asked["restored"].tabs
    assert (profile.name, profile.colony, profile.read_only, tab.view) == ("prod", "tiger", True, "crons")
    assert len(asked["restored"].skipped) == 1
    assert asked["keeps_tabs"]
    assert asked["read_only"]


def test_what_is_asked_for_by_name_is_opened_alone(started: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    for changes in ({"profile": "lab"}, {"keys_file": started.paths.keys_file}):
        asked = started.run(**changes)
        assert (asked["profile"].name, asked["restored"], asked["keeps_tabs"]) == ("lab", None, False)
    monkeypatch.setenv("COLONIES_TUI_PROFILE", "prod")
    asked = started.run()
    assert (asked["profile"].name, asked["restored"], asked["keeps_tabs"]) == ("prod", None, False)


def test_a_setting_turns_it_off(started: Started) -> None:
    started.paths.settings_file.write_text("restore_tabs = false\n")
    asked = started.run()
    assert (asked["profile"].name, asked["restored"], asked["keeps_tabs"]) == ("lab", None, False)


def test_a_damaged_file_is_said_and_the_console_opens(started: Started) -> None:
    started.paths.tabs_file.write_text("{")
    asked = started.run()
    assert not asked["restored"].tabs
    assert "does not hold tabs" in asked["restored"].skipped[0]
    assert asked["profile"].name == "lab"
