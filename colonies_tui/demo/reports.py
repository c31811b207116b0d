"""The reports that the demo's work leaves in the data directory: JSON objects that grow and are rewritten whole."""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path
from typing import Any, Final

REPORTS: Final = "reports"
"""Name of the directory of reports in the data directory."""

_NAME: Final = re.compile(r"[a-z]+(-[a-z]+)*\Z")


class Reports:
    """A directory of reports. May be used from several threads."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._lock = threading.Lock()

    def rewrite(self, name: str, key: str, value: Any) -> Path:
        """Set one key of a report and return the file.

        Raises:
            ValueError: the name is not of small letters and dashes, or the report on disk is none.
            OSError: it cannot be read or written.
        """
        if not _NAME.match(name):
            raise ValueError(f"a report's name is small letters and dashes, not {name!r}")
        path = self.directory / f"{name}.json"
        with self._lock:
            self.directory.mkdir(exist_ok=True)
            content = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
            content[key] = value
            partial = path.with_suffix(".new")
            partial.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
            partial.replace(path)
        return path

    def stamps(self) -> dict[str, tuple[int, int]]:
        """Return size in bytes and time of change in nanoseconds of each report, by file name."""
        found = {}
        for path in sorted(self.directory.glob("*.json")):
            state = path.stat()
            found[path.name] = (state.st_size, state.st_mtime_ns)
        return found
