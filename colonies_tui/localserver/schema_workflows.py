"""Tables of process graphs, crons and generators.

``rootprocessids`` and ``processids`` of a graph are JSON texts; ``processids`` is what can be reached from the roots,
depth first.
"""

from __future__ import annotations

from typing import Final

WORKFLOWS: Final = """
CREATE TABLE processgraphs (
    processgraphid TEXT PRIMARY KEY,
    colonyname TEXT NOT NULL,
    initiatorid TEXT NOT NULL,
    initiatorname TEXT NOT NULL,
    state INTEGER NOT NULL,
    submitted INTEGER,
    started INTEGER,
    ended INTEGER,
    rootprocessids TEXT NOT NULL,
    processids TEXT NOT NULL
);
CREATE INDEX processgraphs_by_state ON processgraphs (colonyname, state, submitted);
CREATE INDEX processes_by_graph ON processes (processgraphid, state) WHERE processgraphid <> '';

CREATE TABLE crons (
    cronid TEXT PRIMARY KEY,
    colonyname TEXT NOT NULL,
    name TEXT NOT NULL,
    initiatorid TEXT NOT NULL,
    initiatorname TEXT NOT NULL,
    cronexpression TEXT NOT NULL,
    interval INTEGER NOT NULL,
    random INTEGER NOT NULL,
    nextrun INTEGER,
    lastrun INTEGER,
    workflowspec TEXT NOT NULL,
    prevprocessgraphid TEXT NOT NULL,
    waitforprevprocessgraph INTEGER NOT NULL,
    UNIQUE (colonyname, name)
);
CREATE INDEX crons_due ON crons (nextrun);

CREATE TABLE generators (
    generatorid TEXT PRIMARY KEY,
    colonyname TEXT NOT NULL,
    name TEXT NOT NULL,
    initiatorid TEXT NOT NULL,
    initiatorname TEXT NOT NULL,
    workflowspec TEXT NOT NULL,
    trigger INTEGER NOT NULL,
    timeout INTEGER NOT NULL,
    firstpack INTEGER,
    lastrun INTEGER,
    UNIQUE (colonyname, name)
);

CREATE TABLE generatorargs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    generatorid TEXT NOT NULL,
    colonyname TEXT NOT NULL,
    arg TEXT NOT NULL
);
CREATE INDEX generatorargs_queue ON generatorargs (generatorid, number);
"""
