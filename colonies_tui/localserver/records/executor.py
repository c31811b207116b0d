"""Executors as the database holds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from colonies_tui.localserver.clock import wire_time
from colonies_tui.localserver.database import Database
from colonies_tui.localserver.jsontext import quoted
from colonies_tui.protocol.states import ExecutorState

_COLUMNS = (
    "executorid, colonyname, name, type, state, requirefuncreg, commissioned, heard, locationname, capabilities,"
    " allocations, blueprintid, blueprintgen"
)
_BY_ID = f"SELECT {_COLUMNS} FROM executors WHERE executorid = ? ORDER BY rowid LIMIT 1"  # noqa: S608 - own columns
_BY_NAME = f"SELECT {_COLUMNS} FROM executors WHERE colonyname = ? AND name = ?"  # noqa: S608 - own columns
_OF_COLONY = f"SELECT {_COLUMNS} FROM executors WHERE colonyname = ? ORDER BY rowid"  # noqa: S608 - own columns


@dataclass(frozen=True, slots=True)
class ExecutorRecord:
    """A registration; ``capabilities`` and ``allocations`` are JSON texts, times are nanoseconds since 1970."""

    executorid: str
    colonyname: str
    name: str
    type: str
    state: int
    requirefuncreg: int
    commissioned: int | None
    heard: int | None
    locationname: str
    capabilities: str
    allocations: str
    blueprintid: str
    blueprintgen: int

    @property
    def is_approved(self) -> bool:
        """Whether the executor may do what members do."""
        return self.state == ExecutorState.APPROVED

    def to_json(self) -> str:
        """Return the executor as it goes over the wire (§ Executor)."""
        location = f'"locationname":{quoted(self.locationname)},' if self.locationname else ""
        blueprint = f',"blueprintid":{quoted(self.blueprintid)}' if self.blueprintid else ""
        generation = f',"blueprintgen":{self.blueprintgen}' if self.blueprintgen else ""
        return (
            f'{{"executorid":{quoted(self.executorid)},"executortype":{quoted(self.type)},'
            f'"executorname":{quoted(self.name)},"colonyname":{quoted(self.colonyname)},"state":{self.state},'
            f'"requirefuncreg":{"true" if self.requirefuncreg else "false"},'
            f'"commissiontime":"{wire_time(self.commissioned)}","lastheardfromtime":"{wire_time(self.heard)}",'
            f'{location}"capabilities":{self.capabilities},"allocations":{self.allocations}{blueprint}{generation}}}'
        )


def _record(row: tuple[Any, ...] | None) -> ExecutorRecord | None:
    return None if row is None else ExecutorRecord(*row)


def executor_by_id(database: Database, executorid: str) -> ExecutorRecord | None:
    """Return the registration of a key: the first one, whatever its colony (§ Roles)."""
    return _record(database.one(_BY_ID, (executorid,)))


def executor_by_name(database: Database, colonyname: str, name: str) -> ExecutorRecord | None:
    """Return one executor of a colony."""
    return _record(database.one(_BY_NAME, (colonyname, name)))


def executors_of(database: Database, colonyname: str) -> list[ExecutorRecord]:
    """Return all executors of a colony in the order of their registration, unregistered ones too."""
    return [ExecutorRecord(*row) for row in database.all(_OF_COLONY, (colonyname,))]


def executors_heard_before(database: Database, limit: int) -> list[ExecutorRecord]:
    """Return the registered executors that were heard from, but last before ``limit``."""
    rows = database.all(
        f"SELECT {_COLUMNS} FROM executors WHERE state <> 3 AND heard IS NOT NULL AND heard < ?",  # noqa: S608 - own columns
        (limit,),
    )
    return [ExecutorRecord(*row) for row in rows]
