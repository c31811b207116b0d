"""Process graphs as the database holds them, and their members."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields

from colonies_tui.localserver.clock import wire_time
from colonies_tui.localserver.database import Database
from colonies_tui.localserver.jsontext import quoted
from colonies_tui.localserver.records.process import remove_processes
from colonies_tui.protocol.states import ProcessState

IN_GRAPH = "processgraphid = ? AND processgraphid <> ''"
"""Condition for the members of a graph; the second half lets the index over members be used."""


@dataclass(frozen=True, slots=True)
class ProcessGraphRecord:
    """A graph. Fields are the columns of the table, in its order; times are nanoseconds since 1970."""

    processgraphid: str
    colonyname: str
    initiatorid: str
    initiatorname: str
    state: int
    submitted: int | None
    started: int | None
    ended: int | None
    rootprocessids: str
    processids: str

    def to_json(self, nodes: Iterable[str] = (), edges: Iterable[str] = ()) -> str:
        """Return the graph as it goes over the wire (§ ProcessGraph)."""
        return (
            f'{{"processgraphid":"{self.processgraphid}","initiatorid":{quoted(self.initiatorid)},'
            f'"initiatorname":{quoted(self.initiatorname)},"colonyname":{quoted(self.colonyname)},'
            f'"rootprocessids":{self.rootprocessids},"state":{self.state},'
            f'"submissiontime":"{wire_time(self.submitted)}","starttime":"{wire_time(self.started)}",'
            f'"endtime":"{wire_time(self.ended)}","processids":{self.processids},'
            f'"nodes":[{",".join(nodes)}],"edges":[{",".join(edges)}]}}'
        )


@dataclass(frozen=True, slots=True)
class GraphMember:
    """What a graph needs to know of one of its processes."""

    processid: str
    state: ProcessState
    nodename: str
    children: tuple[str, ...]


_NAMES = tuple(field.name for field in fields(ProcessGraphRecord))
_COLUMNS = ", ".join(_NAMES)
_BY_ID = f"SELECT {_COLUMNS} FROM processgraphs WHERE processgraphid = ?"  # noqa: S608 - own columns
_INSERT = f"INSERT INTO processgraphs ({_COLUMNS}) VALUES ({', '.join('?' * len(_NAMES))})"  # noqa: S608 - own columns


def graph_by_id(database: Database, processgraphid: str) -> ProcessGraphRecord | None:
    """Return one graph."""
    row = database.one(_BY_ID, (processgraphid,))
    return None if row is None else ProcessGraphRecord(*row)


def graphs_in_state(database: Database, colonyname: str, state: int, count: int) -> list[ProcessGraphRecord]:
    """Return graphs of a colony, the newest first."""
    rows = database.all(
        f"SELECT {_COLUMNS} FROM processgraphs WHERE colonyname = ? AND state = ? ORDER BY submitted DESC LIMIT ?",  # noqa: S608 - own columns
        (colonyname, state, count),
    )
    return [ProcessGraphRecord(*row) for row in rows]


def insert_graph(database: Database, graph: ProcessGraphRecord) -> None:
    """Store a new graph."""
    database.write(_INSERT, tuple(getattr(graph, name) for name in _NAMES))


def members_of(database: Database, processgraphid: str) -> dict[str, GraphMember]:
    """Return the members of a graph by process id, in the order of their submission."""
    rows = database.all(
        f"SELECT processid, state, json_extract(spec, '$.nodename'), children FROM processes WHERE {IN_GRAPH}"  # noqa: S608 - own text
        " ORDER BY rowid",
        (processgraphid,),
    )
    return {
        processid: GraphMember(processid, ProcessState(state), nodename or "", tuple(json.loads(children)))
        for processid, state, nodename, children in rows
    }


def missing_members(database: Database, graph: ProcessGraphRecord) -> list[str]:
    """Return the ids of members that no longer exist."""
    rows = database.all(
        "SELECT value FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM processes WHERE processid = value)",
        (graph.processids,),
    )
    return [processid for (processid,) in rows]


def remove_graph(database: Database, processgraphid: str) -> None:
    """Delete a graph with its members."""
    remove_processes(database, IN_GRAPH, (processgraphid,))
    database.write("DELETE FROM processgraphs WHERE processgraphid = ?", (processgraphid,))
