"""Logs and channels put together from the pieces in which they were recorded, and handed out in any pieces. Pure."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any


class LogShelf:
    """The lines of one log that are known."""

    def __init__(self) -> None:
        self._lines: dict[str, int] = {}
        """How often each line stands in the log, by its JSON text."""
        self._sorted: list[tuple[int, int, str]] | None = []

    def add(self, page: bytes) -> None:
        """Add a page; a line that stands so often in one page stands at least so often in the log."""
        counted: Counter[str] = Counter(json.dumps(row, ensure_ascii=False) for row in json.loads(page) or ())
        for text, count in counted.items():
            if count > self._lines.get(text, 0):
                self._lines[text] = count
                self._sorted = None

    def page(self, *, since: int, latest: bool, count: int) -> str:
        """Return a page as JSON: the last ``count`` lines, or the first of those that are later than ``since``."""
        lines = self._in_order()
        later = [line for line in lines if line[0] > since]
        chosen = lines[max(0, len(lines) - count) :] if latest else later[:count]
        return f"[{','.join(text for _, _, text in chosen)}]"

    def _in_order(self) -> list[tuple[int, int, str]]:
        if self._sorted is None:
            placed = ((_stamp(text), place, text) for place, text in enumerate(self._lines))
            self._sorted = [line for line in sorted(placed) for _ in range(self._lines[line[2]])]
        return self._sorted


class ChannelShelf:
    """The entries of one channel that are known, by their place."""

    def __init__(self) -> None:
        self._entries: dict[int, Any] = {}

    def add_page(self, page: bytes, *, position: int) -> None:
        """Add entries that stand from a place on."""
        for place, entry in enumerate(json.loads(page) or (), position):
            self._entries[place] = entry

    def add(self, entry: bytes, *, position: int) -> None:
        """Add one entry."""
        self._entries[position] = json.loads(entry)

    def at(self, position: int) -> Any | None:
        """Return the entry at a place as JSON-ready values, if it is known."""
        return self._entries.get(position)

    def page(self, *, position: int, limit: int) -> str:
        """Return the entries from a place on as JSON; ``limit`` 0 for all."""
        places = [place for place in sorted(self._entries) if place >= position]
        return json.dumps([self._entries[place] for place in (places[:limit] if limit else places)])


def _stamp(text: str) -> int:
    stamp = json.loads(text).get("timestamp", 0)
    return stamp if isinstance(stamp, int) else 0
