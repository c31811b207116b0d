"""The SQLite file: one connection, one writer, and commits that are shared by everything that wrote in the same turn.

Write-ahead log with full synchronisation: what :meth:`Database.settled` has returned from survives the end of the
process and of the machine.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from colonies_tui.localserver.schema import MIGRATIONS

log = logging.getLogger(__name__)

IN_MEMORY = ":memory:"
"""Instead of a path: keep nothing."""

Row = tuple[Any, ...]


class DatabaseUnusable(Exception):
    """The file cannot be opened: in use by another server, made by a newer version, or not a database."""


class _Batch:
    """One transaction that is still open, and who waits for its end."""

    __slots__ = ("ended", "error")

    def __init__(self) -> None:
        self.ended = asyncio.Event()
        self.error: sqlite3.Error | None = None


class Database:
    """The tables of one server. Used from one event loop only."""

    def __init__(self, path: Path | None) -> None:
        """Open or make the database; ``None`` keeps it in memory.

        Raises:
            DatabaseUnusable: says why, and names the path.
        """
        self._path = path
        self._batch: _Batch | None = None
        self._after_commit: list[Callable[[], None]] = []
        self._depth = 0
        try:
            self._connection = sqlite3.connect(
                IN_MEMORY if path is None else path, isolation_level=None, timeout=0.5, cached_statements=512
            )
        except sqlite3.Error as error:
            raise DatabaseUnusable(f"{path} cannot be used: {error}") from error
        try:
            self._prepare()
        except sqlite3.Error as error:
            self._connection.close()
            is_busy = "locked" in str(error)
            raise DatabaseUnusable(
                f"another server is running on {path}" if is_busy else f"{path} cannot be used: {error}"
            ) from error
        except DatabaseUnusable:
            self._connection.close()
            raise

    def _prepare(self) -> None:
        for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF"):
            self._connection.execute(f"PRAGMA {pragma}")
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version > len(MIGRATIONS):
            raise DatabaseUnusable(f"{self._path} was made by a newer version of this program")
        for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
            self._connection.executescript(f"BEGIN IMMEDIATE; {script}; PRAGMA user_version = {number}; COMMIT;")
        # Taken now, and held until the end: a second server on the same file is refused at its start.
        self._connection.executescript("BEGIN IMMEDIATE; COMMIT;")

    def one(self, sql: str, parameters: Sequence[Any] = ()) -> Row | None:
        """Return the first row, if there is one."""
        row: Row | None = self._connection.execute(sql, parameters).fetchone()
        return row

    def all(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Return every row."""
        return self._connection.execute(sql, parameters).fetchall()

    def write(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> int:
        """Change something within a :meth:`change`; return the number of rows changed."""
        if not self._depth:
            raise RuntimeError("a write outside of a change would never be acknowledged")
        return self._connection.execute(sql, parameters).rowcount

    def change(self) -> Change:
        """Return a context in which writes belong together: all of them happen, or none if it raises."""
        return Change(self)

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Call back when the present writes are on disk; never, if they are undone."""
        self._after_commit.append(callback)

    async def settled(self) -> None:
        """Return when everything written so far is on disk.

        Raises:
            sqlite3.Error: the commit failed; nothing of it happened.
        """
        batch = self._batch
        if batch is not None:
            await batch.ended.wait()
            if batch.error is not None:
                raise batch.error

    def close(self) -> None:
        """Write what is open and close the file."""
        self._commit()
        self._connection.close()

    def _commit(self) -> None:
        batch = self._batch
        if batch is None:
            return
        callbacks, self._after_commit = self._after_commit, []
        self._batch = None
        try:
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            log.exception("commit failed")
            batch.error = error
            self._connection.execute("ROLLBACK")
            callbacks = []
        batch.ended.set()
        for callback in callbacks:
            callback()


class Change:
    """Writes that belong together. A change within a change is part of the outer one."""

    __slots__ = ("_callbacks", "_database")

    def __init__(self, database: Database) -> None:
        self._database = database
        self._callbacks = 0

    def __enter__(self) -> None:
        database = self._database
        database._depth += 1
        if database._depth > 1:
            return
        if database._batch is None:
            database._connection.execute("BEGIN IMMEDIATE")
            database._batch = _Batch()
            asyncio.get_running_loop().call_soon(database._commit)
        self._callbacks = len(database._after_commit)
        database._connection.execute("SAVEPOINT change")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        database = self._database
        database._depth -= 1
        if database._depth:
            return
        if kind is not None:
            database._connection.execute("ROLLBACK TO change")
            del database._after_commit[self._callbacks :]
        database._connection.execute("RELEASE change")
