"""Changes, shared commits, and files that cannot be used."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from colonies_tui.localserver.database import Database, DatabaseUnusable
from colonies_tui.localserver.schema import MIGRATIONS


@pytest.fixture
def database() -> Iterator[Database]:
    opened = Database(None)
    yield opened
    opened.close()


def names(database: Database) -> list[str]:
    return [name for (name,) in database.all("SELECT name FROM colonies ORDER BY rowid")]


def add(database: Database, name: str) -> None:
    database.write("INSERT INTO colonies (name, colonyid) VALUES (?, '')", (name,))


async def test_a_change_that_raises_is_undone_alone(database: Database) -> None:
    heard: list[str] = []
    with database.change():
        add(database, "before")
        database.after_commit(lambda: heard.append("before"))

    def fail() -> None:
        with database.change():
            add(database, "undone")
            database.after_commit(lambda: heard.append("undone"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with database.change():
        add(database, "after")
        with database.change():
            add(database, "inner")
    assert heard == []
    await database.settled()
    assert heard == ["before"]
    assert names(database) == ["before", "after", "inner"]


async def test_changes_of_one_turn_share_a_commit(database: Database) -> None:
    commits: list[int] = []

    async def change(number: int) -> None:
        with database.change():
            add(database, str(number))
            if number == 0:
                database.after_commit(lambda: commits.append(len(names(database))))
        await database.settled()
        commits.append(-1)

    async with asyncio.TaskGroup() as tasks:
        for number in range(50):
            tasks.create_task(change(number))
    assert commits[0] == 50
    assert len(commits) == 51


async def test_what_follows_from_a_commit_may_change_again(database: Database) -> None:
    def follow() -> None:
        with database.change():
            add(database, "second")

    with database.change():
        add(database, "first")
        database.after_commit(follow)
    await database.settled()
    await database.settled()
    assert names(database) == ["first", "second"]


async def test_a_failed_commit_is_told_to_everybody_who_waits(database: Database) -> None:
    # A deferred constraint fails at the commit, as a full disk does.
    with database.change():
        database.write("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        database.write("CREATE TABLE child (id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)")
    await database.settled()
    database._connection.execute("PRAGMA foreign_keys = ON")
    heard: list[str] = []

    async def change(row: int) -> None:
        with database.change():
            database.write("INSERT INTO child VALUES (?)", (row,))
            database.after_commit(lambda: heard.append("committed"))
        await database.settled()

    results = await asyncio.gather(change(1), change(2), return_exceptions=True)
    assert [type(result) for result in results] == [sqlite3.IntegrityError] * 2
    assert heard == []
    assert database.all("SELECT * FROM child") == []
    with database.change():
        add(database, "goes on")
    await database.settled()
    assert names(database) == ["goes on"]


async def test_a_write_outside_of_a_change_is_a_mistake(database: Database) -> None:
    with pytest.raises(RuntimeError):
        add(database, "x")


async def test_closing_writes_what_is_open(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    first = Database(path)
    with first.change():
        add(first, "x")
    first.close()
    second = Database(path)
    assert names(second) == ["x"]
    second.close()


def test_a_file_in_use_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    first = Database(path)
    with pytest.raises(DatabaseUnusable, match=f"another server is running on {path}"):
        Database(path)
    first.close()
    Database(path).close()


def test_a_file_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    Database(path).close()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    with pytest.raises(DatabaseUnusable, match="newer version"):
        Database(path)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    path.write_text("hello" * 1000)
    with pytest.raises(DatabaseUnusable, match="cannot be used"):
        Database(path)


def test_writes_are_synchronised_in_full(tmp_path: Path) -> None:
    opened = Database(tmp_path / "x.db")
    assert opened.one("PRAGMA journal_mode") == ("wal",)
    assert opened.one("PRAGMA synchronous") == (2,)
    opened.close()
