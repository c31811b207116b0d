"""The journal: every request that changes something, as JSON lines in a file that only grows. No key is ever in it.

Two lines belong to one action, under the same ``id``: ``asked`` before it is sent, and how it ended. Several consoles
write the same file: a line is written whole, under a lock of the file, and what a killed writer left unfinished is
ended before the next line begins.
"""

from __future__ import annotations

import fcntl
import json
import os
import platform
import secrets
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol

from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.roles import KeySlot
from colonies_tui.store.journal_reading import JournalPage, page_of, read_journal, version_of

ROTATE_BYTES = 5 * 1024 * 1024
"""A journal larger than this is renamed to ``journal.1.jsonl`` (the older one is dropped) before the next entry."""

LOCK_SECONDS: Final = 2.0
"""How long another console that is just writing is waited for."""

NOT_WRITTEN: Final = "(not written down)"
"""Stands where a secret was."""

_SECRETS: Final = frozenset({"secretkey", "encryptionkey", "accesskey"})
"""Keys of requests whose values the journal does not hold."""


class Journal(Protocol):
    """Where actions are written down, and read again."""

    def write(self, at: float, entry: Mapping[str, Any]) -> None:
        """Write one entry; ``at`` is seconds since 1970.

        Raises:
            OSError: it could not be written.
        """

    def read(self, count: int, now: float) -> JournalPage:
        """Return the newest ``count`` actions; ``now`` is seconds since 1970.

        Raises:
            OSError: it is there and cannot be read.
        """

    def version(self) -> object:
        """Return something that differs when there is something new to read."""


class FileJournal:
    """A journal in a file with mode 0600, written through to the disk."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, at: float, entry: Mapping[str, Any]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        stamp = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = json.dumps({"time": stamp, **entry}, ensure_ascii=True, separators=(",", ":")) + "\n"
        file = self._locked()
        try:
            os.fchmod(file, 0o600)  # the mode at opening is for a new file only
            size = os.fstat(file).st_size
            is_torn = size > 0 and os.pread(file, 1, size - 1) != b"\n"
            left = memoryview((b"\n" if is_torn else b"") + line.encode())
            while left:
                left = left[os.write(file, left) :]
            os.fsync(file)
        finally:
            os.close(file)  # the lock goes with it

    def read(self, count: int, now: float) -> JournalPage:
        return read_journal(self.path, count, now)

    def version(self) -> object:
        return version_of(self.path)

    def _locked(self) -> int:
        """Return the descriptor of the file that has this path, locked, after it gave way if it was too large."""
        deadline = time.monotonic() + LOCK_SECONDS
        while True:
            file = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                _lock(file, deadline)
                status = os.fstat(file)
                if _is_at(self.path, status):
                    if status.st_size < ROTATE_BYTES:
                        return file
                    self.path.replace(self.path.with_suffix(".1.jsonl"))
            except BaseException:
                os.close(file)
                raise
            os.close(file)  # it was renamed, by us or by another console: there is, or will be, a new one


def _lock(file: int, deadline: float) -> None:
    """Lock a file against other writers.

    Raises:
        OSError: somebody else holds it for too long.
    """
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                raise OSError(error.errno, "another program keeps the journal locked") from None
            time.sleep(0.002)
        else:
            return


def _is_at(path: Path, status: os.stat_result) -> bool:
    try:
        return os.path.samestat(path.stat(), status)
    except FileNotFoundError:
        return False


class MemoryJournal:
    """A journal that is kept only while the program runs."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []

    def write(self, at: float, entry: Mapping[str, Any]) -> None:
        self.entries.append({"time": at, **entry})

    def read(self, count: int, now: float) -> JournalPage:
        return page_of(reversed(self.entries), count, now)

    def version(self) -> object:
        return len(self.entries)


def new_entry_id() -> str:
    """Return an id for the lines of one action, unlike all others."""
    return secrets.token_hex(8)


def writer() -> dict[str, Any]:
    """Return which process writes: what tells an action under way from one whose program was killed."""
    return {"pid": os.getpid(), "host": platform.node()}


def without_secrets(value: Any, keys: Keyring) -> Any:
    """Return JSON without the credentials of files, and without any private key of ``keys``, wherever that stands."""
    return _without(value, [key for slot in KeySlot if (key := keys.in_slot(slot)) is not None])


def _without(value: Any, held: Sequence[PrivateKey]) -> Any:
    if isinstance(value, str):
        for key in held:
            value = key.struck_out(value, NOT_WRITTEN)
        return value
    if isinstance(value, Mapping):
        return {
            _without(key, held): NOT_WRITTEN if key in _SECRETS and inner else _without(inner, held)
            for key, inner in value.items()
        }
    return [_without(inner, held) for inner in value] if isinstance(value, list | tuple) else value
