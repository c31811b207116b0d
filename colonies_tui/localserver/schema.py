"""The tables, as a list of migrations: the database's ``user_version`` is how many of them it has seen.

Times are nanoseconds since 1970, ``NULL`` where not set. A ``…_due`` of 0 is due at once (§ Process lifecycle).
"""

from __future__ import annotations

from typing import Final

from colonies_tui.localserver.schema_files import BLUEPRINTS, FILES
from colonies_tui.localserver.schema_workflows import WORKFLOWS

_FIRST: Final = """
CREATE TABLE server (key TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE colonies (
    name TEXT PRIMARY KEY,
    colonyid TEXT NOT NULL,
    paused INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE users (
    colonyname TEXT NOT NULL,
    name TEXT NOT NULL,
    userid TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    UNIQUE (colonyname, name)
);
CREATE INDEX users_by_id ON users (colonyname, userid);

CREATE TABLE executors (
    executorid TEXT NOT NULL,
    colonyname TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    state INTEGER NOT NULL,
    requirefuncreg INTEGER NOT NULL,
    commissioned INTEGER,
    heard INTEGER,
    locationname TEXT NOT NULL,
    capabilities TEXT NOT NULL,
    allocations TEXT NOT NULL,
    blueprintid TEXT NOT NULL,
    blueprintgen INTEGER NOT NULL,
    UNIQUE (colonyname, name)
);
CREATE INDEX executors_by_id ON executors (executorid);

CREATE TABLE functions (
    functionid TEXT PRIMARY KEY,
    colonyname TEXT NOT NULL,
    executorname TEXT NOT NULL,
    executortype TEXT NOT NULL,
    funcname TEXT NOT NULL,
    description TEXT,
    args TEXT,
    locationname TEXT NOT NULL,
    counter INTEGER NOT NULL DEFAULT 0,
    minwaittime REAL NOT NULL DEFAULT 0,
    maxwaittime REAL NOT NULL DEFAULT 0,
    minexectime REAL NOT NULL DEFAULT 0,
    maxexectime REAL NOT NULL DEFAULT 0,
    avgwaittime REAL NOT NULL DEFAULT 0,
    avgexectime REAL NOT NULL DEFAULT 0
);
CREATE INDEX functions_by_executor ON functions (colonyname, executorname, funcname);

CREATE TABLE processes (
    processid TEXT PRIMARY KEY,
    colonyname TEXT NOT NULL,
    executortype TEXT NOT NULL,
    state INTEGER NOT NULL,
    prioritytime INTEGER NOT NULL,
    submitted INTEGER NOT NULL,
    started INTEGER,
    ended INTEGER,
    wait_due INTEGER,
    exec_due INTEGER,
    waits_for_parents INTEGER NOT NULL,
    initiatorid TEXT NOT NULL,
    initiatorname TEXT NOT NULL,
    assignedexecutorid TEXT NOT NULL,
    is_assigned INTEGER NOT NULL,
    retries INTEGER NOT NULL,
    processgraphid TEXT NOT NULL,
    funcname TEXT NOT NULL,
    label TEXT NOT NULL,
    maxwaittime INTEGER NOT NULL,
    maxexectime INTEGER NOT NULL,
    maxretries INTEGER NOT NULL,
    cpu INTEGER NOT NULL,
    mem INTEGER NOT NULL,
    storage INTEGER NOT NULL,
    breadth INTEGER NOT NULL,
    locationname TEXT NOT NULL,
    executornames TEXT NOT NULL,
    spec TEXT NOT NULL,
    parents TEXT NOT NULL,
    children TEXT NOT NULL,
    input TEXT NOT NULL,
    out TEXT NOT NULL,
    errors TEXT NOT NULL,
    has_attributes INTEGER NOT NULL
);
CREATE INDEX processes_queue ON processes (colonyname, executortype, prioritytime) WHERE state = 0;
CREATE INDEX processes_waiting ON processes (colonyname, prioritytime) WHERE state = 0;
CREATE INDEX processes_wait_due ON processes (wait_due) WHERE state = 0 AND wait_due IS NOT NULL;
CREATE INDEX processes_running ON processes (colonyname, started) WHERE state = 1;
CREATE INDEX processes_exec_due ON processes (exec_due) WHERE state = 1 AND exec_due IS NOT NULL;
CREATE INDEX processes_assigned ON processes (assignedexecutorid) WHERE state = 1;
CREATE INDEX processes_by_state ON processes (colonyname, state, ended);
CREATE INDEX processes_submitted ON processes (submitted);

CREATE TABLE attributes (
    attributeid TEXT PRIMARY KEY,
    targetid TEXT NOT NULL,
    colonyname TEXT NOT NULL,
    processgraphid TEXT NOT NULL,
    type INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL
);
CREATE INDEX attributes_by_target ON attributes (targetid);

CREATE TABLE logs (
    stamp INTEGER NOT NULL,
    colonyname TEXT NOT NULL,
    processid TEXT NOT NULL,
    executorname TEXT NOT NULL,
    message TEXT NOT NULL
);
CREATE INDEX logs_by_process ON logs (processid, stamp) WHERE processid <> '';
CREATE INDEX logs_by_executor ON logs (executorname, stamp);
CREATE INDEX logs_by_stamp ON logs (stamp);
"""

MIGRATIONS: Final[tuple[str, ...]] = (
    _FIRST,
    FILES,
    BLUEPRINTS,
    WORKFLOWS,
)
"""Scripts in order; one that was released is never changed."""
