"""Processes as the database holds them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from colonies_tui.localserver.clock import wire_time
from colonies_tui.localserver.database import Database
from colonies_tui.localserver.jsontext import quoted
from colonies_tui.localserver.records.attribute import AttributeRecord, attributes_of


@dataclass(frozen=True, slots=True)
class ProcessRecord:
    """A process. Fields are the columns of the table, in its order.

    ``spec``, ``parents``, ``children``, ``input``, ``out``, ``errors`` and ``executornames`` are JSON texts; times are
    nanoseconds since 1970, and a due time of 0 is due at once. ``breadth`` is the largest of nodes, processes and
    processes per node.
    """

    processid: str
    colonyname: str
    executortype: str
    state: int
    prioritytime: int
    submitted: int
    started: int | None
    ended: int | None
    wait_due: int | None
    exec_due: int | None
    waits_for_parents: int
    initiatorid: str
    initiatorname: str
    assignedexecutorid: str
    is_assigned: int
    retries: int
    processgraphid: str
    funcname: str
    label: str
    maxwaittime: int
    maxexectime: int
    maxretries: int
    cpu: int
    mem: int
    storage: int
    breadth: int
    locationname: str
    executornames: str
    spec: str
    parents: str
    children: str
    input: str
    out: str
    errors: str
    has_attributes: int

    def to_json(self, attributes: Sequence[AttributeRecord]) -> str:
        """Return the process as it goes over the wire (§ Process)."""
        own_attributes = ",".join(attribute.to_json(self.state) for attribute in attributes)
        return (
            f'{{"processid":"{self.processid}","initiatorid":{quoted(self.initiatorid)},'
            f'"initiatorname":{quoted(self.initiatorname)},'
            f'"assignedexecutorid":{quoted(self.assignedexecutorid)},'
            f'"isassigned":{"true" if self.is_assigned else "false"},"state":{self.state},'
            f'"prioritytime":{self.prioritytime},"submissiontime":"{wire_time(self.submitted)}",'
            f'"starttime":"{wire_time(self.started)}","endtime":"{wire_time(self.ended)}",'
            f'"waitdeadline":"{wire_time(self.wait_due)}","execdeadline":"{wire_time(self.exec_due)}",'
            f'"retries":{self.retries},"attributes":[{own_attributes}],"spec":{self.spec},'
            f'"waitforparents":{"true" if self.waits_for_parents else "false"},"parents":{self.parents},'
            f'"children":{self.children},"processgraphid":"{self.processgraphid}","in":{self.input},'
            f'"out":{self.out},"errors":{self.errors}}}'
        )


_NAMES = tuple(field.name for field in fields(ProcessRecord))
COLUMNS = ", ".join(_NAMES)
"""The columns of :class:`ProcessRecord`, for statements that select it."""

_BY_ID = f"SELECT {COLUMNS} FROM processes WHERE processid = ?"  # noqa: S608 - own columns
_INSERT = f"INSERT INTO processes ({COLUMNS}) VALUES ({', '.join('?' * len(_NAMES))})"  # noqa: S608 - own columns


def process_by_id(database: Database, processid: str) -> ProcessRecord | None:
    """Return one process."""
    row = database.one(_BY_ID, (processid,))
    return None if row is None else ProcessRecord(*row)


def insert_process(database: Database, process: ProcessRecord) -> None:
    """Store a new process."""
    database.write(_INSERT, tuple(getattr(process, name) for name in _NAMES))


def select_processes(database: Database, rest: str, parameters: Sequence[Any]) -> list[ProcessRecord]:
    """Return processes; ``rest`` is the statement after ``FROM processes``, always a constant of this package."""
    sql = f"SELECT {COLUMNS} FROM processes {rest}"  # noqa: S608 - own text, values are parameters
    return [ProcessRecord(*row) for row in database.all(sql, parameters)]


def remove_processes(database: Database, where: str, parameters: Sequence[Any]) -> None:
    """Delete processes with their attributes; ``where`` is a condition on processes, always a constant of ours."""
    database.write(
        f"DELETE FROM attributes WHERE targetid IN (SELECT processid FROM processes WHERE {where})",  # noqa: S608 - own text
        parameters,
    )
    database.write(f"DELETE FROM processes WHERE {where}", parameters)  # noqa: S608 - own text


def process_json(database: Database, process: ProcessRecord) -> str:
    """Return one process with its attributes as it goes over the wire."""
    attributes = attributes_of(database, [process.processid])[process.processid] if process.has_attributes else ()
    return process.to_json(attributes)


def processes_json(database: Database, processes: Iterable[ProcessRecord]) -> list[str]:
    """Return processes with their attributes as they go over the wire."""
    processes = tuple(processes)
    attributes = attributes_of(database, [process.processid for process in processes if process.has_attributes])
    return [process.to_json(attributes.get(process.processid, ())) for process in processes]
