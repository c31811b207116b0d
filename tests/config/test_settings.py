"""``settings.toml``: defaults, and faults with their line."""

from __future__ import annotations

import dataclasses
import inspect
from pathlib import Path

import pytest

from colonies_tui.config import settings as settings_module
from colonies_tui.config.errors import ConfigError
from colonies_tui.config.settings import Settings, load_settings


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    return path


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "settings.toml") == Settings()


def test_what_is_set_is_used_and_the_rest_keeps_its_default(tmp_path: Path) -> None:
    path = write(tmp_path, 'theme = "colonies-light"\nascii = true\nvisible_seconds = 2\n')
    assert load_settings(path) == Settings(theme="colonies-light", ascii=True, visible_seconds=2.0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('\ntheem = "x"\n', ':2: there is no setting "theem"; did you mean "theme"?'),
        ("[colours]\n", ':1: there is no setting "colours"'),
        ("theme = 1\n", ":1: theme is a number; it should be a text"),
        ('theme = ""\n', ":1: theme is empty"),
        ("mouse = 1\n", ":1: mouse is a number; it should be true or false"),
        ("# a\nhidden_seconds = true\n", ":2: hidden_seconds is true or false; it should be a number"),
        ("requests_per_second = 0\n", ":1: requests_per_second is 0; it should be from 0.5 to 100"),
        ("unfocused_factor = nan\n", ":1: unfocused_factor is nan; it should be from 1 to 1000"),
        ('watch_terminal = "osc8"\n', ':1: watch_terminal is "osc8"; it should be auto, off, osc9 or osc777'),
        ('watch_command = "ring"\n', ":1: watch_command should be a list of texts, a program and its arguments"),
        ("watch_command = [1]\n", ":1: watch_command should be a list of texts, a program and its arguments"),
        ('watch_command = [""]\n', ":1: watch_command should be a list of texts, a program and its arguments"),
        ("theme = \n", ":1: is not valid TOML: invalid value"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_settings(path)
    assert str(caught.value) == f"{path}{words}"


def test_a_command_is_a_list_of_words(tmp_path: Path) -> None:
    path = write(tmp_path, 'watch_command = ["ring", "--loud"]\nwatch_terminal = "osc9"\n')
    assert load_settings(path) == Settings(watch_command=("ring", "--loud"), watch_terminal="osc9")


def test_a_directory_in_its_place(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: is a directory"):
        load_settings(tmp_path)


def test_every_setting_says_what_it_does() -> None:
    source = inspect.getsource(settings_module.Settings)
    for field in dataclasses.fields(Settings):
        _, _, after = source.partition(f"    {field.name}: ")
        assert after.split("\n")[1].strip().startswith('"""'), field.name
