"""Crons as the database holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from colonies_tui.localserver.clock import wire_time
from colonies_tui.localserver.database import Database
from colonies_tui.localserver.jsontext import quoted


@dataclass(frozen=True, slots=True)
class CronRecord:
    """A cron. Fields are the columns of the table, in its order; times are nanoseconds since 1970."""

    cronid: str
    colonyname: str
    name: str
    initiatorid: str
    initiatorname: str
    cronexpression: str
    interval: int
    random: int
    nextrun: int | None
    lastrun: int | None
    workflowspec: str
    prevprocessgraphid: str
    waitforprevprocessgraph: int

    def to_json(self, checkerperiod: int = 0) -> str:
        """Return the cron as it goes over the wire (§ Cron); the period (ms) is told of a single one only."""
        return (
            f'{{"cronid":"{self.cronid}","initiatorid":{quoted(self.initiatorid)},'
            f'"initiatorname":{quoted(self.initiatorname)},"colonyname":{quoted(self.colonyname)},'
            f'"name":{quoted(self.name)},"cronexpression":{quoted(self.cronexpression)},"interval":{self.interval},'
            f'"random":{"true" if self.random else "false"},"nextrun":"{wire_time(self.nextrun)}",'
            f'"lastrun":"{wire_time(self.lastrun)}","workflowspec":{quoted(self.workflowspec)},'
            f'"prevprocessgraphid":{quoted(self.prevprocessgraphid)},'
            f'"waitforprevprocessgraph":{"true" if self.waitforprevprocessgraph else "false"},'
            f'"checkerperiod":{checkerperiod}}}'
        )


_NAMES = tuple(field.name for field in fields(CronRecord))
_COLUMNS = ", ".join(_NAMES)
_INSERT = f"INSERT INTO crons ({_COLUMNS}) VALUES ({', '.join('?' * len(_NAMES))})"  # noqa: S608 - own columns


def insert_cron(database: Database, cron: CronRecord) -> None:
    """Store a new cron.

    Raises:
        sqlite3.IntegrityError: the colony has one of that name.
    """
    database.write(_INSERT, tuple(getattr(cron, name) for name in _NAMES))


def _select(database: Database, rest: str, parameters: Sequence[Any]) -> list[CronRecord]:
    return [CronRecord(*row) for row in database.all(f"SELECT {_COLUMNS} FROM crons {rest}", parameters)]  # noqa: S608 - own text


def cron_by_id(database: Database, cronid: str) -> CronRecord | None:
    """Return one cron."""
    return next(iter(_select(database, "WHERE cronid = ?", (cronid,))), None)


def crons_of(database: Database, colonyname: str, count: int) -> list[CronRecord]:
    """Return crons of a colony in the order of their adding."""
    return _select(database, "WHERE colonyname = ? ORDER BY rowid LIMIT ?", (colonyname, count))


def crons_due(database: Database, now: int) -> list[CronRecord]:
    """Return the crons whose next run has come, and those that have none yet."""
    return _select(database, "WHERE nextrun IS NULL OR nextrun <= ? ORDER BY rowid", (now,))
