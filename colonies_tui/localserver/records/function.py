"""Functions that executors registered, and the statistics of their calls (§ Function statistics)."""

from __future__ import annotations

from dataclasses import dataclass

from colonies_tui.localserver.database import Database
from colonies_tui.localserver.jsontext import quoted
from colonies_tui.localserver.records.executor import ExecutorRecord
from colonies_tui.localserver.records.process import ProcessRecord
from colonies_tui.protocol.times import NANOSECONDS

_COLUMNS = (
    "functionid, colonyname, executorname, executortype, funcname, description, args, locationname, counter,"
    " minwaittime, maxwaittime, minexectime, maxexectime, avgwaittime, avgexectime"
)


@dataclass(frozen=True, slots=True)
class FunctionRecord:
    """A registered function; ``args`` is a JSON text, times are seconds."""

    functionid: str
    colonyname: str
    executorname: str
    executortype: str
    funcname: str
    description: str | None
    args: str | None
    locationname: str
    counter: int = 0
    minwaittime: float = 0.0
    maxwaittime: float = 0.0
    minexectime: float = 0.0
    maxexectime: float = 0.0
    avgwaittime: float = 0.0
    avgexectime: float = 0.0

    def to_json(self) -> str:
        """Return the function as it goes over the wire (§ Function)."""
        description = f'"description":{quoted(self.description)},' if self.description else ""
        args = f'"args":{self.args},' if self.args else ""
        location = f',"locationname":{quoted(self.locationname)}' if self.locationname else ""
        return (
            f'{{"functionid":{quoted(self.functionid)},"executorname":{quoted(self.executorname)},'
            f'"executortype":{quoted(self.executortype)},"colonyname":{quoted(self.colonyname)},'
            f'"funcname":{quoted(self.funcname)},{description}{args}"counter":{self.counter},'
            f'"minwaittime":{self.minwaittime},"maxwaittime":{self.maxwaittime},'
            f'"minexectime":{self.minexectime},"maxexectime":{self.maxexectime},'
            f'"avgwaittime":{self.avgwaittime},"avgexectime":{self.avgexectime}{location}}}'
        )


def insert_function(database: Database, function: FunctionRecord) -> None:
    """Store a new function without statistics."""
    database.write(
        "INSERT INTO functions (functionid, colonyname, executorname, executortype, funcname, description, args,"
        " locationname) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            function.functionid,
            function.colonyname,
            function.executorname,
            function.executortype,
            function.funcname,
            function.description,
            function.args,
            function.locationname,
        ),
    )


def functions_of(database: Database, colonyname: str, executorname: str) -> list[FunctionRecord]:
    """Return the functions of an executor, or of the whole colony when no executor is named."""
    sql = f"SELECT {_COLUMNS} FROM functions WHERE colonyname = ?"  # noqa: S608 - own columns
    if executorname:
        rows = database.all(sql + " AND executorname = ? ORDER BY rowid", (colonyname, executorname))
    else:
        rows = database.all(sql + " ORDER BY rowid", (colonyname,))
    return [FunctionRecord(*row) for row in rows]


def function_by_id(database: Database, functionid: str) -> FunctionRecord | None:
    """Return one function."""
    row = database.one(f"SELECT {_COLUMNS} FROM functions WHERE functionid = ?", (functionid,))  # noqa: S608 - own columns
    return None if row is None else FunctionRecord(*row)


def count_call(database: Database, executor: ExecutorRecord, process: ProcessRecord) -> bool:
    """Count a successful call where the executor registered the function; tell whether it did."""
    waited = ((process.started or process.submitted) - process.submitted) / NANOSECONDS
    worked = ((process.ended or 0) - (process.started or 0)) / NANOSECONDS
    changed = database.write(
        "UPDATE functions SET counter = counter + 1,"
        " minwaittime = CASE counter WHEN 0 THEN :waited ELSE min(minwaittime, :waited) END,"
        " maxwaittime = max(maxwaittime, :waited),"
        " avgwaittime = CASE counter WHEN 0 THEN :waited ELSE (avgwaittime + :waited) / 2 END,"
        " minexectime = CASE counter WHEN 0 THEN :worked ELSE min(minexectime, :worked) END,"
        " maxexectime = max(maxexectime, :worked),"
        " avgexectime = CASE counter WHEN 0 THEN :worked ELSE (avgexectime + :worked) / 2 END"
        " WHERE colonyname = :colonyname AND executorname = :executorname AND funcname = :funcname",
        {
            "waited": waited,
            "worked": worked,
            "colonyname": executor.colonyname,
            "executorname": executor.name,
            "funcname": process.funcname,
        },
    )
    return changed > 0
