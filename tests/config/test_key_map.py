"""The table of keys in ``settings.toml``: both spellings of an id, and faults with their line."""

from __future__ import annotations

from pathlib import Path

import pytest

from colonies_tui.config.errors import ConfigError
from colonies_tui.config.settings import Settings, load_settings


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    return path


def test_ids_may_be_quoted_or_not_and_keep_their_lines(tmp_path: Path) -> None:
    path = write(tmp_path, '[keys]\n"processes.cancel" = "ctrl+k, K"\nlog.follow = "x"\n')
    keys = load_settings(path).keys
    assert keys.keys == {"processes.cancel": ("ctrl+k", "K"), "log.follow": ("x",)}
    assert str(keys.fault("log.follow", "is wrong")) == f"{path}:3: is wrong"


def test_without_the_table_no_key_is_another(tmp_path: Path) -> None:
    assert load_settings(write(tmp_path, "ascii = true\n")) == Settings(ascii=True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("keys = 1\n", ":1: keys is a number; it should be a table"),
        ("[keys]\nlog.follow = 1\n", ':2: keys for "log.follow" are a number; they should be a text'),
        ('[keys]\nlog.follow = ["x"]\n', ':2: keys for "log.follow" are a list; they should be a text'),
        ('[keys]\n"log.follow" = ""\n', ':2: "log.follow" names no key'),
        ('[keys]\n"log.follow" = "x,"\n', ':2: "log.follow" has an empty name; the key "," is written comma'),
        ('[keys]\n"log.follow" = "x"\nlog.follow = "y"\n', ':3: "log.follow" stands there twice'),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_settings(path)
    assert str(caught.value) == f"{path}{words}"
