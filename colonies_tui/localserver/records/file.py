"""Revisions of files, their labels and snapshots as the database holds them (§ File, Snapshot, Files and labels)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from colonies_tui.localserver.clock import wire_time
from colonies_tui.localserver.database import Database
from colonies_tui.localserver.jsontext import compact, quoted
from colonies_tui.protocol.models.file import File

_COLUMNS = "fileid, colonyname, label, name, size, sequencenr, checksum, checksumalg, ref, added"
_SNAPSHOT_COLUMNS = "snapshotid, colonyname, label, name, fileids, added"
_BEGINS_WITH = "substr(label, 1, length(?)) = ?"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One revision of a file; ``ref`` is a JSON text, ``added`` nanoseconds since 1970."""

    fileid: str
    colonyname: str
    label: str
    name: str
    size: int
    sequencenr: int
    checksum: str
    checksumalg: str
    ref: str
    added: int

    def to_json(self) -> str:
        """Return the revision as it goes over the wire."""
        return (
            f'{{"fileid":"{self.fileid}","colonyname":{quoted(self.colonyname)},"label":{quoted(self.label)},'
            f'"name":{quoted(self.name)},"size":{self.size},"sequencenr":{self.sequencenr},'
            f'"checksum":{quoted(self.checksum)},"checksumalg":{quoted(self.checksumalg)},"ref":{self.ref},'
            f'"added":"{wire_time(self.added)}"}}'
        )


def insert_file(database: Database, file: File, fileid: str, added: int) -> None:
    """Store a new revision; its number in the sequence comes from the database."""
    ref = {**file.ref.to_wire(), "protocol": "s3"}
    database.write(
        "INSERT INTO files (fileid, colonyname, label, name, size, checksum, checksumalg, ref, s3filename, added)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            fileid,
            file.colonyname,
            file.label,
            file.name,
            file.size,
            file.checksum,
            file.checksumalg,
            compact(ref),
            file.ref.s3object.object,
            added,
        ),
    )


def file_by_id(database: Database, colonyname: str, fileid: str) -> FileRecord | None:
    """Return one revision of a colony's file."""
    row = database.one(f"SELECT {_COLUMNS} FROM files WHERE fileid = ? AND colonyname = ?", (fileid, colonyname))  # noqa: S608 - own columns
    return None if row is None else FileRecord(*row)


def revisions_of(database: Database, colonyname: str, label: str, name: str) -> list[FileRecord]:
    """Return all revisions of a file, newest first."""
    rows = database.all(
        f"SELECT {_COLUMNS} FROM files WHERE colonyname = ? AND label = ? AND name = ? ORDER BY sequencenr DESC",  # noqa: S608 - own columns
        (colonyname, label, name),
    )
    return [FileRecord(*row) for row in rows]


def newest_files(database: Database, colonyname: str, label: str) -> list[tuple[str, str, int, str, str]]:
    """Return name, checksum, size, object name and file id of the newest revision of each file with exactly a label."""
    # SQLite takes the other columns from the row that holds the maximum.
    rows = database.all(
        "SELECT name, checksum, size, s3filename, fileid, max(sequencenr) FROM files"
        " WHERE colonyname = ? AND label = ? GROUP BY name ORDER BY name",
        (colonyname, label),
    )
    return [(name, checksum, size, s3filename, fileid) for name, checksum, size, s3filename, fileid, _ in rows]


def labels(database: Database, colonyname: str, name: str, *, exact: bool) -> list[tuple[str, int]]:
    """Return labels with the number of revisions that they hold.

    Args:
        database: where to look.
        colonyname: whose labels.
        name: empty for all labels; else those that begin with this text, wherever a path would be divided.
        exact: instead, the label itself and those below it; nothing at all when the label itself holds no file.
    """
    where, parameters = "colonyname = ?", [colonyname]
    if name and exact:
        if database.one("SELECT 1 FROM files WHERE colonyname = ? AND label = ? LIMIT 1", (colonyname, name)) is None:
            return []
        below = f"{name}/"
        where, parameters = f"{where} AND (label = ? OR {_BEGINS_WITH})", [colonyname, name, below, below]
    elif name:
        where, parameters = f"{where} AND {_BEGINS_WITH}", [colonyname, name, name]
    return [
        (label, count)
        for label, count in database.all(
            f"SELECT label, count(*) FROM files WHERE {where} GROUP BY label ORDER BY label",  # noqa: S608 - own text
            parameters,
        )
    ]


@dataclass(frozen=True, slots=True)
class SnapshotRecord:
    """Files as they were at one moment; ``fileids`` is a JSON text, ``added`` nanoseconds since 1970."""

    snapshotid: str
    colonyname: str
    label: str
    name: str
    fileids: str
    added: int

    def to_json(self, *, null_when_empty: bool) -> str:
        """Return the snapshot as it goes over the wire; without files a real server writes ``null`` for their list."""
        fileids = "null" if null_when_empty and self.fileids == "[]" else self.fileids
        return (
            f'{{"snapshotid":"{self.snapshotid}","colonyname":{quoted(self.colonyname)},"label":{quoted(self.label)},'
            f'"name":{quoted(self.name)},"fileids":{fileids},"added":"{wire_time(self.added)}"}}'
        )


def insert_snapshot(database: Database, snapshot: SnapshotRecord) -> None:
    """Store a new snapshot."""
    database.write(
        f"INSERT INTO snapshots ({_SNAPSHOT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608 - own columns
        (
            snapshot.snapshotid,
            snapshot.colonyname,
            snapshot.label,
            snapshot.name,
            snapshot.fileids,
            snapshot.added,
        ),
    )


def snapshots_where(database: Database, condition: str, parameters: Sequence[Any]) -> list[SnapshotRecord]:
    """Return snapshots, newest first; ``condition`` is always a constant of this package."""
    rows = database.all(
        f"SELECT {_SNAPSHOT_COLUMNS} FROM snapshots WHERE {condition} ORDER BY added DESC, rowid DESC",  # noqa: S608 - own text
        parameters,
    )
    return [SnapshotRecord(*row) for row in rows]


def frozen_files(database: Database, colonyname: str, label: str) -> str:
    """Return the ids of the newest revisions of all files under a label, as JSON text.

    A label that holds no file itself has nothing under it, whatever its sublabels hold (§ Snapshots).
    """
    return json.dumps(
        [
            fileid
            for name, _ in labels(database, colonyname, label, exact=True)
            for *_, fileid in newest_files(database, colonyname, name)
        ],
        separators=(",", ":"),
    )
