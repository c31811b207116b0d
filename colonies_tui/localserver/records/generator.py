"""Generators and their queues as the database holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from colonies_tui.localserver.clock import wire_time
from colonies_tui.localserver.database import Database
from colonies_tui.localserver.jsontext import quoted


@dataclass(frozen=True, slots=True)
class GeneratorRecord:
    """A generator. Fields are the columns of the table, in its order; times are nanoseconds since 1970."""

    generatorid: str
    colonyname: str
    name: str
    initiatorid: str
    initiatorname: str
    workflowspec: str
    trigger: int
    timeout: int
    firstpack: int | None
    lastrun: int | None

    def to_json(self, queuesize: int = 0, checkerperiod: int = 0) -> str:
        """Return the generator as it goes over the wire (§ Generator).

        Args:
            queuesize: number of packed arguments; told of a single generator only.
            checkerperiod: milliseconds between checks; told of a single generator only.
        """
        return (
            f'{{"generatorid":"{self.generatorid}","initiatorid":{quoted(self.initiatorid)},'
            f'"initiatorname":{quoted(self.initiatorname)},"colonyname":{quoted(self.colonyname)},'
            f'"name":{quoted(self.name)},"workflowspec":{quoted(self.workflowspec)},"trigger":{self.trigger},'
            f'"timeout":{self.timeout},"firstpack":"{wire_time(self.firstpack)}",'
            f'"lastrun":"{wire_time(self.lastrun)}","queuesize":{queuesize},"checkerperiod":{checkerperiod}}}'
        )


_NAMES = tuple(field.name for field in fields(GeneratorRecord))
_COLUMNS = ", ".join(_NAMES)
_INSERT = f"INSERT INTO generators ({_COLUMNS}) VALUES ({', '.join('?' * len(_NAMES))})"  # noqa: S608 - own columns


def insert_generator(database: Database, generator: GeneratorRecord) -> None:
    """Store a new generator.

    Raises:
        sqlite3.IntegrityError: the colony has one of that name.
    """
    database.write(_INSERT, tuple(getattr(generator, name) for name in _NAMES))


def _select(database: Database, rest: str, parameters: Sequence[Any] = ()) -> list[GeneratorRecord]:
    sql = f"SELECT {_COLUMNS} FROM generators {rest}"  # noqa: S608 - own text
    return [GeneratorRecord(*row) for row in database.all(sql, parameters)]


def generator_by_id(database: Database, generatorid: str) -> GeneratorRecord | None:
    """Return one generator."""
    return next(iter(_select(database, "WHERE generatorid = ?", (generatorid,))), None)


def generator_by_name(database: Database, colonyname: str, name: str) -> GeneratorRecord | None:
    """Return one generator of a colony."""
    return next(iter(_select(database, "WHERE colonyname = ? AND name = ?", (colonyname, name))), None)


def generators_of(database: Database, colonyname: str, count: int) -> list[GeneratorRecord]:
    """Return generators of a colony in the order of their adding."""
    return _select(database, "WHERE colonyname = ? ORDER BY rowid LIMIT ?", (colonyname, count))


def generators_with_queue(database: Database) -> list[GeneratorRecord]:
    """Return the generators to which something was packed that has not run."""
    return _select(database, "WHERE generatorid IN (SELECT generatorid FROM generatorargs) ORDER BY rowid")


def queue_size(database: Database, generatorid: str) -> int:
    """Return the number of packed arguments that have not run."""
    row = database.one("SELECT count(*) FROM generatorargs WHERE generatorid = ?", (generatorid,))
    return int(row[0]) if row else 0


def pack(database: Database, generator: GeneratorRecord, arg: str, now: int) -> None:
    """Append an argument to the queue of a generator."""
    database.write(
        "INSERT INTO generatorargs (generatorid, colonyname, arg) VALUES (?, ?, ?)",
        (generator.generatorid, generator.colonyname, arg),
    )
    database.write(
        "UPDATE generators SET firstpack = ? WHERE generatorid = ? AND firstpack IS NULL",
        (now, generator.generatorid),
    )


def unpack(database: Database, generatorid: str, count: int) -> list[str]:
    """Take the oldest arguments off the queue of a generator."""
    rows = database.all(
        "SELECT number, arg FROM generatorargs WHERE generatorid = ? ORDER BY number LIMIT ?", (generatorid, count)
    )
    if rows:
        database.write("DELETE FROM generatorargs WHERE generatorid = ? AND number <= ?", (generatorid, rows[-1][0]))
    return [arg for _, arg in rows]


def remove_generator(database: Database, generatorid: str) -> None:
    """Delete a generator with its queue."""
    database.write("DELETE FROM generatorargs WHERE generatorid = ?", (generatorid,))
    database.write("DELETE FROM generators WHERE generatorid = ?", (generatorid,))
