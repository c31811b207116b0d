"""``colonies-tui settings``: what is set, and everything that can have other keys."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

from colonies_tui.config.errors import with_home
from colonies_tui.config.paths import paths_from_environment
from colonies_tui.config.settings import Settings, load_settings
from colonies_tui.config.toml_text import toml_value


def show() -> int:
    """Print every setting with its value, as the file could say it; returns the exit code.

    Raises:
        ConfigError: the file is wrong.
    """
    path = paths_from_environment(os.environ).settings_file
    settings, usual = load_settings(path), Settings()
    print(f"# {with_home(path)}{_absent(path)}")
    for field in dataclasses.fields(Settings):
        if field.name == "keys":
            continue
        value = getattr(settings, field.name)
        note = "" if value == getattr(usual, field.name) else "  # usually " + _toml(getattr(usual, field.name))
        print(f"{field.name} = {_toml(value)}{note}")
    if settings.keys.keys:
        print("\n[keys]")
        for action_id, keys in settings.keys.keys.items():
            print(f"{toml_value(action_id)} = {toml_value(','.join(keys))}")
    return 0


def show_keys() -> int:
    """Print everything that can have other keys: its id, its keys and what it does; returns the exit code.

    Raises:
        ConfigError: the file is wrong.
    """
    path = paths_from_environment(os.environ).settings_file
    key_map = load_settings(path).keys

    from colonies_tui.ui.key_table import examine_keys, known_keys

    in_use, _ = examine_keys(key_map)
    entries = known_keys()
    rows = [
        (
            toml_value(entry.id),
            toml_value(in_use.get(entry.id, ",".join(entry.keys))),
            entry.words + (f" (usually {','.join(entry.keys)})" if entry.id in in_use else ""),
        )
        for entry in sorted(entries.values(), key=lambda entry: entry.id)
    ]
    widths = [min(max(len(row[column]) for row in rows), 26) for column in range(2)]
    print(f"# for the table [keys] of {with_home(path)}{_absent(path)}")
    for action_id, keys, words in rows:
        print(f"{action_id.ljust(widths[0])} = {keys.ljust(widths[1])}  # {words}")
    return 0


def _absent(path: Path) -> str:
    return "" if path.exists() else ", which is not there"


def _toml(value: str | bool | float) -> str:
    return f"{value:g}" if isinstance(value, float) else toml_value(value)
