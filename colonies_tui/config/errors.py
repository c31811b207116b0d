"""The one error of configuration, and the rule that no key is ever part of its words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

_KEY_LIKE: Final = re.compile(r"[0-9A-Fa-f]{20,}|[0-9A-Za-z+]{32,}")


def redacted(text: str) -> str:
    """Return ``text`` with everything that could be a key, or most of one, replaced by its length.

    Values reach an error message from settings where a key does not belong, too: a key put where the name of an
    environment variable is expected is still a key.
    """
    return _KEY_LIKE.sub(lambda match: f"({len(match.group())} characters, not shown)", text)


def with_home(path: Path) -> str:
    """Return a path with the home directory written as ``~``."""
    try:
        return f"~/{path.relative_to(Path.home())}"
    except (ValueError, RuntimeError):  # elsewhere, or there is no home directory
        return str(path)


class ConfigError(Exception):
    """Something in the configuration is wrong; ``str`` is one line: where, and what.

    Attributes:
        path: the file, ``None`` for environment variables and command line options.
        line: line in the file, from 1, where it is known.
        reason: what is wrong and, where there is one, the way out. Never holds a key.
    """

    def __init__(self, path: Path | None, line: int | None, reason: str) -> None:
        self.path = path
        self.line = line
        self.reason = redacted(reason)
        super().__init__(str(self))

    def __str__(self) -> str:
        if self.path is None:
            return self.reason
        where = with_home(self.path)
        return f"{where}:{self.line}: {self.reason}" if self.line is not None else f"{where}: {self.reason}"
