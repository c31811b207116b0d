"""Attributes of processes as the database holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from colonies_tui.localserver.database import Database
from colonies_tui.localserver.jsontext import quoted
from colonies_tui.protocol.crypto import sha3

_COLUMNS = "attributeid, targetid, colonyname, processgraphid, type, key, value"
_BY_ID = f"SELECT {_COLUMNS} FROM attributes WHERE attributeid = ?"  # noqa: S608 - own columns
_OF_TARGETS = f"SELECT {_COLUMNS} FROM attributes WHERE targetid IN (SELECT value FROM json_each(?)) ORDER BY rowid"  # noqa: S608 - own columns
_INSERT = f"INSERT INTO attributes ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - own columns


@dataclass(frozen=True, slots=True)
class AttributeRecord:
    """A key and a value of a process; its state on the wire is that of the process."""

    attributeid: str
    targetid: str
    colonyname: str
    processgraphid: str
    type: int
    key: str
    value: str

    def to_json(self, state: int) -> str:
        """Return the attribute as it goes over the wire (§ Attribute)."""
        return (
            f'{{"attributeid":"{self.attributeid}","targetid":{quoted(self.targetid)},'
            f'"targetcolonyname":{quoted(self.colonyname)},"targetprocessgraphid":"{self.processgraphid}",'
            f'"state":{state},"attributetype":{self.type},"key":{quoted(self.key)},"value":{quoted(self.value)}}}'
        )


def attribute_id(targetid: str, key: str, attributetype: int) -> str:
    """Return the id of an attribute, which follows from what it is (§ Test vectors)."""
    return sha3(f"{targetid}{key}{attributetype}").hex()


def insert_attribute(database: Database, attribute: AttributeRecord) -> None:
    """Store a new attribute.

    Raises:
        sqlite3.IntegrityError: the process has one of that type and key.
    """
    database.write(
        _INSERT,
        (
            attribute.attributeid,
            attribute.targetid,
            attribute.colonyname,
            attribute.processgraphid,
            attribute.type,
            attribute.key,
            attribute.value,
        ),
    )


def attribute_by_id(database: Database, attributeid: str) -> AttributeRecord | None:
    """Return one attribute."""
    row = database.one(_BY_ID, (attributeid,))
    return None if row is None else AttributeRecord(*row)


def attributes_of(database: Database, targetids: Sequence[str]) -> dict[str, list[AttributeRecord]]:
    """Return the attributes of processes by process id; every id asked for is a key."""
    found: dict[str, list[AttributeRecord]] = {targetid: [] for targetid in targetids}
    if targetids:
        ids = '["' + '","'.join(targetids) + '"]'
        for row in database.all(_OF_TARGETS, (ids,)):
            found[row[1]].append(AttributeRecord(*row))
    return found
