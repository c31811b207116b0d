"""Tables of files, snapshots, locations and blueprints.

A file's ``sequencenr`` is counted over the whole server and never given twice, not even after a removal: the highest of
a name is its newest revision.
"""

from __future__ import annotations

from typing import Final

FILES: Final = """
CREATE TABLE files (
    sequencenr INTEGER PRIMARY KEY AUTOINCREMENT,
    fileid TEXT NOT NULL UNIQUE,
    colonyname TEXT NOT NULL,
    label TEXT NOT NULL,
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    checksum TEXT NOT NULL,
    checksumalg TEXT NOT NULL,
    ref TEXT NOT NULL,
    s3filename TEXT NOT NULL,
    added INTEGER NOT NULL
);
CREATE INDEX files_by_name ON files (colonyname, label, name, sequencenr);

CREATE TABLE snapshots (
    snapshotid TEXT PRIMARY KEY,
    colonyname TEXT NOT NULL,
    label TEXT NOT NULL,
    name TEXT NOT NULL,
    fileids TEXT NOT NULL,
    added INTEGER NOT NULL,
    UNIQUE (colonyname, name)
);

CREATE TABLE locations (
    locationid TEXT NOT NULL,
    colonyname TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    longitude REAL NOT NULL,
    latitude REAL NOT NULL,
    UNIQUE (colonyname, name)
);
"""

BLUEPRINTS: Final = """
CREATE TABLE blueprint_definitions (
    definitionid TEXT PRIMARY KEY,
    colonyname TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (colonyname, name)
);

CREATE TABLE blueprints (
    blueprintid TEXT PRIMARY KEY,
    colonyname TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    locationname TEXT NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (colonyname, name)
);
CREATE INDEX blueprints_by_kind ON blueprints (colonyname, kind, locationname);

CREATE TABLE blueprint_history (
    historyid TEXT PRIMARY KEY,
    blueprintid TEXT NOT NULL,
    colonyname TEXT NOT NULL,
    stamp INTEGER NOT NULL,
    document TEXT NOT NULL
);
CREATE INDEX blueprint_history_by_blueprint ON blueprint_history (blueprintid, stamp);
"""
