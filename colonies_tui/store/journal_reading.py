"""Reading the journal: the newest actions of the current and the older file, backwards, so that little is held at once.

An action is the line ``asked`` together with the line that says how it ended. Where the second is missing, the program
was ended before it knew: whether the server did it is unknown, unless the program still runs and asked just now. Lines
that are no entries (torn by a kill, or written by somebody else) are counted and left out.
"""

from __future__ import annotations

import json
import math
import os
import platform
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

NEWEST: Final = 1_000
"""How many actions are read at first."""

UNDER_WAY: Final = "under way"
"""Outcome of an action that was asked for just now by a program that still runs."""

UNKNOWN_WORDS: Final = (
    "asked, no outcome was written: the program ended before it knew; look at the object before trying again"
)

UNDER_WAY_SECONDS: Final = 240.0
"""How long an action can be under way: looking again, then sending, each within the limits of the client."""

_ASKED: Final = "asked"
_OUTCOMES: Final = frozenset({"done", "refused", "not sent", "unknown"})
_CHUNK: Final = 64 * 1024
_TRIES: Final = 5

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class JournalAction:
    """One request that changed, or was to change, something. All texts are as they were written: not cleaned."""

    id: str
    """Unique among the actions of a page, the same at each reading."""
    at: float | None
    """When it was asked for, in seconds since 1970; ``None`` where the stamp cannot be read."""
    outcome: str
    """``done``, ``refused``, ``not sent``, ``unknown``, or :data:`UNDER_WAY`."""
    words: str
    """How it ended, in a sentence; empty while it is under way."""
    seconds: float | None
    """How long it took."""
    profile: str
    server: str
    role: str
    key: str
    """Name of the key slot that signed; empty in entries of earlier versions."""
    signer: str
    """Identity of the key that signed."""
    verb: str
    target: Mapping[str, str]
    request: Mapping[str, Any]
    """The payload, without secrets."""

    @property
    def msgtype(self) -> str:
        """Type of the message."""
        return _text(self.request, "msgtype")

    @property
    def object_name(self) -> str:
        """What it was done to: a name, else an id."""
        return self.target.get("name") or self.target.get("id") or self.target.get("kind") or self.msgtype


@dataclass(frozen=True, slots=True)
class JournalPage:
    """The newest actions, the oldest of them first."""

    actions: tuple[JournalAction, ...] = ()
    has_older: bool = False
    """Whether there is more than was asked for."""
    skipped: int = 0
    """Lines that are no entries."""


def version_of(path: Path) -> object:
    """Return something that differs when a journal has another entry; ``None`` where there is no journal."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


def read_journal(path: Path, count: int, now: float) -> JournalPage:
    """Return the newest ``count`` actions of a journal and its older file.

    Args:
        path: the current file; it need not be there.
        count: most actions.
        now: seconds since 1970.

    Raises:
        OSError: a file is there and cannot be read.
    """
    with ExitStack() as opened:
        files = _open(path, opened)
        return page_of((_entry(line) for file in files for line in _lines_backwards(file)), count, now)


def page_of(entries: Iterable[Entry | None], count: int, now: float) -> JournalPage:
    """Return the newest ``count`` actions of entries that come newest first; ``None`` stands for what is no entry."""
    ends: dict[str, list[Entry]] = defaultdict(list)
    pairs: list[tuple[Entry, Entry | None]] = []
    skipped = 0
    has_older = False
    for entry in entries:
        if len(pairs) >= count:
            has_older = True
            break
        if entry is None:
            skipped += 1
        elif entry["outcome"] == _ASKED:
            known = ends.get(_key(entry))
            pairs.append((entry, known.pop() if known else None))
        else:
            ends[_key(entry)].append(entry)
    if not has_older:  # their beginnings were in a file that is gone
        lost = sorted((end for known in ends.values() for end in known), key=lambda end: _began(end) or 0.0)
        pairs += [(end, end) for end in reversed(lost)]
    seen: dict[str, int] = {}
    actions = [_action(begin, end, now, seen) for begin, end in pairs]
    return JournalPage(tuple(reversed(actions)), has_older, skipped)


def _open(path: Path, opened: ExitStack) -> list[BinaryIO]:
    """Open the current file and the older one as they are at one moment: a rotation in between must lose nothing."""
    for _ in range(_TRIES):
        files: list[BinaryIO] = []
        for name in (path, path.with_suffix(".1.jsonl")):
            try:
                files.append(opened.enter_context(name.open("rb")))
            except FileNotFoundError:
                continue
        numbers = [os.fstat(file.fileno()).st_ino for file in files]
        if len(set(numbers)) == len(numbers):
            return files
    return files[:1]


def _lines_backwards(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a file, the last one first, empty ones left out."""
    rest = b""
    place = file.seek(0, os.SEEK_END)
    while place > 0:
        size = min(_CHUNK, place)
        place -= size
        file.seek(place)
        first, *whole = (file.read(size) + rest).split(b"\n")
        yield from (line for line in reversed(whole) if line)
        rest = first
    if rest:
        yield rest


def _entry(line: bytes) -> Entry | None:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    outcome = entry.get("outcome") if isinstance(entry, dict) else None
    return entry if isinstance(outcome, str) and outcome in (_ASKED, *_OUTCOMES) else None


def _key(entry: Entry) -> str:
    """Return what the lines of one action share; earlier versions gave them no id."""
    own = _text(entry, "id")
    shared = ("profile", "server", "verb", "signer", "target", "request")
    return own or json.dumps([entry.get(name) for name in shared], sort_keys=True)


def _action(begin: Entry, end: Entry | None, now: float, seen: dict[str, int]) -> JournalAction:
    at = _began(end) if begin is end and end is not None else _time(begin)
    name = _text(begin, "id") or str(begin.get("time", ""))
    seen[name] = seen.get(name, 0) + 1
    outcome, words, seconds = "unknown", UNKNOWN_WORDS, None
    if end is not None:
        outcome, words, seconds = end["outcome"], _text(end, "words"), _number(end, "seconds")
    elif _is_under_way(begin, at, now):
        outcome, words = UNDER_WAY, ""
    target, request = begin.get("target"), begin.get("request")
    return JournalAction(
        id=name if seen[name] == 1 else f"{name} {seen[name]}",
        at=at,
        outcome=outcome,
        words=words,
        seconds=seconds,
        profile=_text(begin, "profile"),
        server=_text(begin, "server"),
        role=_text(begin, "role"),
        key=_text(begin, "key"),
        signer=_text(begin, "signer"),
        verb=_text(begin, "verb"),
        target={key: value for key, value in target.items() if isinstance(value, str)}
        if isinstance(target, dict)
        else {},
        request=request if isinstance(request, dict) else {},
    )


def _text(entry: Entry, name: str) -> str:
    value = entry.get(name)
    return value if isinstance(value, str) else ""


def _number(entry: Entry, name: str) -> float | None:
    value = entry.get(name)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        number = float(value) if is_number else math.nan  # type: ignore[arg-type]  # a number, by the line above
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _time(entry: Entry) -> float | None:
    """Return the stamp: text in files, seconds in memory."""
    stamp = entry.get("time")
    if not isinstance(stamp, str):
        return _number(entry, "time")
    try:
        return datetime.fromisoformat(stamp).timestamp()
    except (ValueError, OverflowError):
        return None


def _began(end: Entry) -> float | None:
    at = _time(end)
    return None if at is None else at - (_number(end, "seconds") or 0.0)


def _is_under_way(entry: Entry, at: float | None, now: float) -> bool:
    """Whether the program that asked may still wait for the answer.

    A process that got the number of one that was killed is taken for it, for as long as an answer may take.
    """
    request = entry.get("request")
    waits = _number(request, "timeout") if isinstance(request, dict) else None  # an assign waits for work
    if at is None or not -UNDER_WAY_SECONDS < now - at < UNDER_WAY_SECONDS + max(waits or 0.0, 0.0):
        return False
    pid = entry.get("pid")
    if not isinstance(pid, int) or isinstance(pid, bool) or pid <= 0 or entry.get("host") != platform.node():
        return False
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return True
