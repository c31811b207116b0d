"""The journal: every request that changes something, as JSON lines in a file that only grows. No key is ever in it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

ROTATE_BYTES = 5 * 1024 * 1024
"""A journal larger than this is renamed to ``journal.1.jsonl`` (the older one is dropped) before the next entry."""


class Journal(Protocol):
    """Where actions are written down."""

    def write(self, at: float, entry: Mapping[str, Any]) -> None:
        """Write one entry; ``at`` is seconds since 1970.

        Raises:
            OSError: it could not be written.
        """


class FileJournal:
    """A journal in a file with mode 0600, written through to the disk."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, at: float, entry: Mapping[str, Any]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._rotate()
        stamp = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = json.dumps({"time": stamp, **entry}, ensure_ascii=True, separators=(",", ":")) + "\n"
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.fchmod(file, 0o600)  # the mode above is for a new file only
            left = memoryview(line.encode())
            while left:
                left = left[os.write(file, left) :]
            os.fsync(file)
        finally:
            os.close(file)

    def _rotate(self) -> None:
        try:
            if self.path.stat().st_size < ROTATE_BYTES:
                return
        except FileNotFoundError:
            return
        self.path.replace(self.path.with_suffix(".1.jsonl"))


class MemoryJournal:
    """A journal that is kept only while the program runs."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []

    def write(self, at: float, entry: Mapping[str, Any]) -> None:
        self.entries.append({"time": at, **entry})
