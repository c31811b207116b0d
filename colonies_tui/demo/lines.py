"""What the demo's child process says on its standard output: one JSON object a line, never a key."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Ready:
    """The server answers; executors are about to begin."""

    port: int
    keys: str
    """The file, readable by its owner only, that holds the keys."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The demo is over by itself, before it was told to end."""

    reason: str


Line = Ready | Ended

_KINDS: dict[str, type[Ready] | type[Ended]] = {"ready": Ready, "ended": Ended}


def write_line(line: Line) -> str:
    """Return a line without its line end."""
    kind = next(name for name, known in _KINDS.items() if isinstance(line, known))
    return json.dumps({"event": kind, **asdict(line)})


def read_line(text: str) -> Line | None:
    """Read a line; ``None`` for one that is none of ours."""
    try:
        fields = json.loads(text)
        return _KINDS[fields.pop("event")](**fields)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
