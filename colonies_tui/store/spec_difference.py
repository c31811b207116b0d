"""What is different between two runs of the same function: specification and input, key by key. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from colonies_tui.protocol.models.process import Process

_PLACE_ONLY: Final = frozenset({"nodename", "conditions.dependencies", "conditions.colonyname"})
"""Says where a function stands in a workflow, not what it does."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A key that is not the same. Values are JSON, not cleaned; ``None`` where there is none."""

    key: str
    """Where it stands: ``kwargs.zoom``, ``args[0]``."""
    before: str | None
    after: str | None


def spec_difference(before: Process, after: Process) -> list[Difference]:
    """Return the keys that differ between the specifications and inputs of two processes, in the order of the keys."""
    old, new = dict(_flat("", _compared(before))), dict(_flat("", _compared(after)))
    keys = dict.fromkeys([*new, *old])
    return [
        Difference(key, old.get(key), new.get(key))
        for key in keys
        if key not in _PLACE_ONLY and old.get(key) != new.get(key)
    ]


def _compared(process: Process) -> dict[str, Any]:
    return {**process.spec.model_dump(mode="json", by_alias=True), "in": list(process.input)}


def _flat(key: str, value: Any) -> Iterator[tuple[str, str]]:
    if key in _PLACE_ONLY:
        return
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from _flat(f"{key}.{name}" if key else str(name), inner)
    elif isinstance(value, list) and value:
        for place, inner in enumerate(value):
            yield from _flat(f"{key}[{place}]", inner)
    elif value not in ({}, [], None):
        yield key, json.dumps(value, ensure_ascii=False)
