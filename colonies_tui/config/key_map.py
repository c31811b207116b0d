"""The table ``[keys]`` of ``settings.toml``: other keys for what the console does, by the ids of its actions.

Which ids and which keys there are is known to the console alone: here is checked what needs no knowledge of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from colonies_tui.config.errors import ConfigError
from colonies_tui.config.toml_text import TablePath, kind_of


@dataclass(frozen=True, slots=True)
class KeyMap:
    """Keys by the id of what they do, as the operator wrote them."""

    path: Path = Path("settings.toml")
    """Where they stand."""
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Each id's keys; at least one, none of them empty."""
    lines: Mapping[str, int | None] = field(default_factory=dict)
    """Line of each id."""

    def fault(self, action_id: str, reason: str) -> ConfigError:
        """Return the error for one entry."""
        return ConfigError(self.path, self.lines.get(action_id), reason)


def read_key_map(path: Path, table: Any, lines: Mapping[TablePath, int]) -> KeyMap:
    """Read the table; ``"processes.cancel" = "x"`` and ``processes.cancel = "x"`` are the same.

    Raises:
        ConfigError: it is no table, or what stands for an id is no text or names no key.
    """
    if not isinstance(table, dict):
        raise ConfigError(path, lines.get(("keys",)), f"keys is {kind_of(table)}; it should be a table")
    keys: dict[str, tuple[str, ...]] = {}
    places: dict[str, int | None] = {}
    for where, value in _leaves(("keys",), table):
        action_id, line = ".".join(where[1:]), lines.get(where)
        if not isinstance(value, str):
            raise ConfigError(path, line, f'keys for "{action_id}" are {kind_of(value)}; they should be a text')
        names = tuple(name.strip() for name in value.split(","))
        if not all(names):
            reason = "names no key" if not value.strip() else 'has an empty name; the key "," is written comma'
            raise ConfigError(path, line, f'"{action_id}" {reason}')
        if action_id in keys:
            raise ConfigError(path, line, f'"{action_id}" stands there twice')
        keys[action_id], places[action_id] = names, line
    return KeyMap(path, keys, places)


def _leaves(above: TablePath, table: Mapping[str, Any]) -> Iterator[tuple[TablePath, Any]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _leaves((*above, name), value)
        else:
            yield (*above, name), value
