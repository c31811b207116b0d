"""Writes the messages of a log to a file, as they were sent."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final

from colonies_tui.ui.log_buffer import LogLine

_NANOSECONDS: Final = 1_000_000_000


def write_log(
    path: Path,
    messages: Iterable[LogLine],
    *,
    stamps: bool,
    sources: bool,
    zone: tzinfo | None = None,
) -> int:
    """Write messages to ``path``, which appears whole or not at all, and return how many were written.

    Texts are the original ones; a character that UTF-8 cannot hold is written as a backslash escape. Gaps and notes are
    written too, in dashes, so that a reader of the file knows what is missing.

    Raises:
        OSError: the file cannot be written.
    """
    count = 0
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            for message in messages:
                file.write(_line(message, stamps=stamps, sources=sources, zone=zone))
                count += message.kind == "line"
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    return count


def _line(message: LogLine, *, stamps: bool, sources: bool, zone: tzinfo | None) -> str:
    text = message.text if message.text.endswith("\n") else message.text + "\n"
    if message.kind != "line":
        return f"-- {text}"
    source = f"{message.source}  " if sources and message.source else ""
    return f"{_stamp(message.timestamp_ns, zone)}{source}{text}" if stamps else f"{source}{text}"


def _stamp(nanoseconds: int, zone: tzinfo | None) -> str:
    if not nanoseconds:
        return ""
    whole, rest = divmod(nanoseconds, _NANOSECONDS)
    try:
        when = datetime.fromtimestamp(whole, zone).astimezone(zone)
    except (OverflowError, ValueError, OSError):
        return f"{nanoseconds}  "
    return f"{when:%Y-%m-%dT%H:%M:%S}.{rest:09d}{when:%z}  "
