"""Which source of a profile wins, and that it says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from colonies_tui.config.choose import NothingConfigured, choose_profile
from colonies_tui.config.errors import ConfigError
from colonies_tui.config.paths import Paths, paths_from_environment
from colonies_tui.config.profile import Profile

FILE = """default = "lab"
[profiles.lab]
url = "http://lab"
colony = "dev"
[profiles.prod]
url = "https://prod"
colony = "factory"
"""
VARIABLES = {"COLONIES_SERVER_HOST": "shell", "COLONIES_COLONY_NAME": "dev"}


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return paths_from_environment({"COLONIES_TUI_CONFIG_DIR": str(tmp_path)})


def write(path: Path, text: str = FILE) -> Path:
    path.write_text(text)
    path.chmod(0o600)
    return path


def chosen(*arguments: object, **named: object) -> Profile:
    profile = choose_profile(*arguments, **named)  # type: ignore[arg-type]  # forwarded as they are
    assert isinstance(profile, Profile)
    return profile


def test_a_name_on_the_command_line_wins_over_everything(paths: Paths) -> None:
    write(paths.keys_file)
    profile = chosen("prod", {**VARIABLES, "COLONIES_TUI_PROFILE": "lab"}, paths)
    assert profile.name == "prod"
    assert profile.source == f"{paths.keys_file} (named with --profile)"


def test_a_name_in_the_environment_wins_over_the_official_variables(paths: Paths) -> None:
    write(paths.keys_file)
    profile = chosen(None, {**VARIABLES, "COLONIES_TUI_PROFILE": "prod"}, paths)
    assert profile.name == "prod"
    assert profile.source == f"{paths.keys_file} (named by COLONIES_TUI_PROFILE)"


def test_the_official_variables_win_over_the_default_profile(paths: Paths) -> None:
    write(paths.keys_file)
    profile = chosen(None, VARIABLES, paths)
    assert profile.address.host == "shell"
    assert profile.source == "the environment variables COLONIES_…"


def test_a_file_on_the_command_line_wins_over_the_official_variables(paths: Paths, tmp_path: Path) -> None:
    other = write(tmp_path / "other.toml", '[profiles.x]\nurl = "http://x"\ncolony = "c"\n')
    profile = chosen(None, VARIABLES, paths, keys_file=other)
    assert profile.name == "x"
    assert profile.source == f"{other} (its only profile)"


def test_the_default_profile_is_used_when_nothing_else_is_said(paths: Paths) -> None:
    write(paths.keys_file)
    profile = chosen(None, {}, paths)
    assert profile.name == "lab"
    assert profile.source == f"{paths.keys_file} (its default profile)"


def test_nothing_at_all(paths: Paths) -> None:
    nothing = choose_profile(None, {}, paths)
    assert isinstance(nothing, NothingConfigured)
    assert nothing.words == f"no profile in {paths.keys_file}, and COLONIES_SERVER_HOST is not set"


def test_a_file_without_profiles_is_nothing(paths: Paths) -> None:
    write(paths.keys_file, "# none yet\n")
    assert isinstance(choose_profile(None, {}, paths), NothingConfigured)


def test_a_named_profile_without_a_file(paths: Paths) -> None:
    with pytest.raises(ConfigError, match='the profile "lab" is named with --profile, but there is no such file'):
        choose_profile("lab", VARIABLES, paths)


def test_a_named_file_that_is_not_there(paths: Paths, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: no such file or directory"):
        choose_profile(None, VARIABLES, paths, keys_file=tmp_path / "absent.toml")


def test_several_profiles_and_no_default(paths: Paths) -> None:
    write(paths.keys_file, FILE.partition("\n")[2])
    with pytest.raises(ConfigError, match=r"which profile\? .* one of: lab, prod"):
        choose_profile(None, {}, paths)


def test_directories_come_from_the_platform_or_from_variables(tmp_path: Path) -> None:
    usual = paths_from_environment({})
    assert usual.config_dir.name == "colonies-tui"
    assert usual.settings_file == usual.config_dir / "settings.toml"
    moved = paths_from_environment(
        {f"COLONIES_TUI_{name}_DIR": str(tmp_path / name) for name in ("STATE", "DATA", "CACHE")}
    )
    assert (moved.state_dir, moved.data_dir, moved.cache_dir) == (
        tmp_path / "STATE",
        tmp_path / "DATA",
        tmp_path / "CACHE",
    )
    assert moved.config_dir == usual.config_dir
