"""The file of open tabs: comes back as it was written, never stops the console, and never opens the wrong server."""

from __future__ import annotations

import json
import stat
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.config.errors import ConfigError
from colonies_tui.config.profile import Profile
from colonies_tui.config.saved_tabs import (
    MAX_SAVED,
    SavedTab,
    SavedTabs,
    can_be_saved,
    load_saved_tabs,
    restore_tabs,
    save_tabs,
)
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.keyring import Keyring

NAME = st.text(min_size=1, max_size=30)
TEXT = st.text(max_size=60)
TAB = st.builds(SavedTab, profile=NAME, colony=NAME, view=TEXT, filter=TEXT, row=TEXT)


@given(st.lists(TAB, max_size=MAX_SAVED), st.integers(0, MAX_SAVED))
def test_what_is_saved_comes_back(tmp_path_factory: pytest.TempPathFactory, tabs: list[SavedTab], current: int) -> None:
    path = tmp_path_factory.mktemp("state") / "tabs.json"
    save_tabs(path, SavedTabs(tuple(tabs), current))
    found = load_saved_tabs(path)
    assert found.tabs == tuple(tabs)
    assert found.current == (current if current < len(tabs) else 0)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_missing_file_is_no_tabs(tmp_path: Path) -> None:
    assert load_saved_tabs(tmp_path / "tabs.json") == SavedTabs()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"tabs": 1, "current": 0}',
        '{"tabs": [1], "current": 0}',
        '{"tabs": [{"profile": 1, "colony": "dev"}], "current": 0}',
        '{"tabs": [{"profile": "", "colony": "dev"}], "current": 0}',
        '{"tabs": [], "current": true}',
        json.dumps({"tabs": [{"profile": "a", "colony": "b", "filter": "x" * 5000}], "current": 0}),
        "[" * 100_000,
        "\x00\xff",
    ],
)
def test_a_file_that_is_not_ours_is_said(content: str, tmp_path: Path) -> None:
    path = tmp_path / "tabs.json"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(ConfigError, match="does not hold tabs"):
        load_saved_tabs(path)


class World:
    """A keys file with two profiles, and what the environment says."""

    def __init__(self, directory: Path) -> None:
        self.keys_file = directory / "keys.toml"
        self.key = PrivateKey.new()
        self.keys_file.write_text(
            "".join(
                f'[profiles.{name}]\nurl = "http://{name}.example"\ncolony = "dev"\n'
                f'member_key = "{self.key.reveal()}"\n'
                for name in ("lab", "prod")
            )
        )
        self.keys_file.chmod(0o600)

    def environment(self) -> Mapping[str, str]:
        return {
            "COLONIES_SERVER_HOST": "shell.example",
            "COLONIES_COLONY_NAME": "dev",
            "COLONIES_PRVKEY": self.key.reveal(),
        }


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def saved(*names: tuple[str, str], current: int = 0) -> SavedTabs:
    return SavedTabs(tuple(SavedTab(profile, colony, "processes", "x", "r") for profile, colony in names), current)


def test_tabs_come_back_with_the_colony_that_was_open(world: World) -> None:
    tabs = saved(("prod", "tiger"), ("lab", "dev"), ("prod", "dev"), current=2)
    found = restore_tabs(tabs, None, {}, world.keys_file)
    assert [(profile.name, profile.colony) for profile, _ in found.tabs] == [
        ("prod", "tiger"),
        ("lab", "dev"),
        ("prod", "dev"),
    ]
    assert found.current == 2
    assert not found.skipped
    first, third = found.tabs[0][0], found.tabs[2][0]
    assert first.keys is third.keys, "the keys of a profile are fetched once"
    assert not first.read_only
    assert restore_tabs(tabs, None, {}, world.keys_file, read_only=True).tabs[0][0].read_only


def test_a_profile_that_is_gone_is_said_and_the_others_come_back(world: World) -> None:
    tabs = saved(("gone", "x"), ("environment", "y"), ("lab", "dev"), current=2)
    found = restore_tabs(tabs, None, {}, world.keys_file)
    assert [profile.name for profile, _ in found.tabs] == ["lab"]
    assert found.current == 0, "it is still the one that was shown"
    assert "gone · x" in found.skipped[0]
    assert "there is no profile" in found.skipped[0]
    assert "environment · y" in found.skipped[1]
    assert world.key.reveal() not in "".join(found.skipped)


def test_the_environment_of_this_shell_is_shown_whatever_was_shown_last(world: World) -> None:
    env = world.environment()
    address = ServerAddress("shell.example", 443, tls=True)
    chosen = Profile("environment", address, "dev", Keyring(member=world.key))
    found = restore_tabs(saved(("lab", "dev")), chosen, env, world.keys_file)
    assert [profile.name for profile, _ in found.tabs] == ["environment", "lab"]
    assert found.current == 0
    found = restore_tabs(saved(("lab", "dev"), ("environment", "dev")), chosen, env, world.keys_file)
    assert [profile.name for profile, _ in found.tabs] == ["lab", "environment"]
    assert found.current == 1
    assert not restore_tabs(SavedTabs(), chosen, env, world.keys_file).tabs, "without tabs it opens as ever"


def test_only_what_can_be_found_again_by_name_is_saved(world: World) -> None:
    profile = Profile("demo", ServerAddress("127.0.0.1", 1, tls=False), "dev", Keyring())
    assert not can_be_saved(profile, world.keys_file), "the demo"
    assert can_be_saved(replace(profile, name="environment"), world.keys_file)
    assert can_be_saved(replace(profile, name="lab", file=world.keys_file), world.keys_file)
    assert not can_be_saved(replace(profile, name="lab", file=world.keys_file.parent / "other"), world.keys_file)
