"""Filters that the operator gave names, by the list that they are for: ``filters.json`` in the state directory."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from colonies_tui.config.errors import ConfigError
from colonies_tui.config.private_file import reason_of, write_private_file

NAME: Final = re.compile(r"[\w.-]{1,30}\Z")
"""What a filter can be called."""

MAX_TEXT: Final = 4096
"""Most characters of a filter."""

MAX_BYTES: Final = 1 << 20
"""A larger file is not one of ours, bytes."""

Filters = Mapping[str, Mapping[str, str]]
"""Filter texts by list and name."""


def load_filters(path: Path) -> dict[str, dict[str, str]]:
    """Return all saved filters; none where there is no file.

    Raises:
        ConfigError: it cannot be read, or is not such a file.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError(path, None, f"cannot be read: {reason_of(error)}") from None
    try:
        found: Any = json.loads(content) if len(content) <= MAX_BYTES else None
    except (ValueError, RecursionError):
        found = None
    if not _is_right(found):
        raise ConfigError(path, None, "is no file of saved filters; move it away to begin anew")
    return {str(name): dict(filters) for name, filters in found.items()}


def save_filter(path: Path, of_list: str, name: str, text: str) -> dict[str, dict[str, str]]:
    """Save one filter, over one of the same name, and return all; what another console saved meanwhile stays.

    Raises:
        ConfigError: the file cannot be read or written.
        ValueError: the name or the text cannot be a filter's.
    """
    if not NAME.match(name):
        raise ValueError("a name has up to 30 letters, digits, . _ and -")
    if not text.strip() or len(text) > MAX_TEXT:
        raise ValueError(f"a filter has 1 to {MAX_TEXT} characters")
    filters = load_filters(path)
    filters.setdefault(of_list, {})[name] = text
    _write(path, filters)
    return filters


def forget_filter(path: Path, of_list: str, name: str) -> dict[str, dict[str, str]]:
    """Remove one filter, if it is there, and return the others.

    Raises:
        ConfigError: the file cannot be read or written.
    """
    filters = load_filters(path)
    if name in filters.get(of_list, {}):
        del filters[of_list][name]
        _write(path, filters)
    return filters


def _write(path: Path, filters: Filters) -> None:
    kept = {of_list: named for of_list, named in sorted(filters.items()) if named}
    write_private_file(path, (json.dumps(kept, indent=1) + "\n").encode())


def _is_right(found: Any) -> bool:
    return isinstance(found, dict) and all(
        isinstance(named, dict) and all(NAME.match(name) and isinstance(text, str) for name, text in named.items())
        for named in found.values()
    )
