"""Processes: what to do, where it may run, how it went (§ FunctionSpec, Process, Attribute)."""

import dataclasses
from typing import Any

from pydantic import Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema

from colonies_tui.protocol.model import Int, List, Model, Object, Optional
from colonies_tui.protocol.models.executor import Gpu
from colonies_tui.protocol.models.row_schema import process_row_schema
from colonies_tui.protocol.states import AttributeType, ProcessState
from colonies_tui.protocol.times import Time

NO_LIMIT = -1
"""Means "no limit" as maxwaittime and maxexectime, and "again for ever" as maxretries."""


class Conditions(Model):
    """Which executors may take a process.

    ``cpu`` is millicores with the suffix ``m`` (without it a real server counts 0); ``mem`` and ``storage`` are an
    integer with a unit, of which ``Ki Mi Gi`` and ``K M G`` are safe.
    """

    colonyname: str = ""
    executornames: List[str] = ()
    executortype: str = ""
    locationname: Optional[str] = None
    dependencies: List[str] = ()
    nodes: Int = 0
    cpu: str = ""
    processes: Int = 0
    processespernode: Int = 0
    mem: str = ""
    storage: str = ""
    gpu: Gpu = Field(default_factory=Gpu)
    walltime: Int = 0


class SnapshotMount(Model):
    """A snapshot that an executor should lay into a directory."""

    snapshotid: str = ""
    label: str = ""
    dir: str = ""
    keepfiles: bool = False
    keepsnapshot: bool = False


class KeepLocal(Model):
    """Which side of a conflict wins."""

    keeplocal: bool = False


class OnConflicts(Model):
    """Which side of a conflict wins when a process starts and when it closes."""

    onstart: KeepLocal = Field(default_factory=KeepLocal)
    onclose: KeepLocal = Field(default_factory=KeepLocal)


class DirectoryMount(Model):
    """A label that an executor should keep in step with a directory."""

    label: str = ""
    dir: str = ""
    keepfiles: bool = False
    onconflicts: OnConflicts = Field(default_factory=OnConflicts)


class Filesystem(Model):
    """Files that a process wants; read by executors, not by the server."""

    mount: str = ""
    snapshots: List[SnapshotMount] = ()
    dirs: List[DirectoryMount] = ()


class FunctionSpec(Model):
    """What to do and under which limits; what a process is made from.

    ``maxwaittime`` and ``maxexectime`` are seconds, :data:`NO_LIMIT` for none. A missing or zero ``maxexectime`` ends
    a process about a second after its assignment on a real server, so it is never sent.
    """

    nodename: str = ""
    funcname: str = ""
    args: List[Any] = ()
    kwargs: Object[Any] = {}
    priority: Int = 0
    maxwaittime: Int = NO_LIMIT
    maxexectime: Int = NO_LIMIT
    maxretries: Int = 0
    conditions: Conditions = Field(default_factory=Conditions)
    label: str = ""
    fs: Filesystem = Field(default_factory=Filesystem)
    env: Object[str] = {}
    channels: Optional[tuple[str, ...]] = None


class Attribute(Model):
    """A key and a value tied to a process; ``state`` is the state of that process."""

    attributeid: str = ""
    targetid: str = ""
    targetcolonyname: str = ""
    targetprocessgraphid: str = ""
    state: ProcessState = ProcessState.WAITING
    attributetype: AttributeType = AttributeType.IN
    key: str = ""
    value: str = ""


class Process(Model):
    """A process in full.

    ``assignedexecutorid`` stays after the end. ``prioritytime`` is nanoseconds: submission minus one day for each step
    of priority; the lowest is taken first. ``execdeadline`` may still be unset in the reply of the assign itself.
    """

    processid: str = ""
    initiatorid: str = ""
    initiatorname: str = ""
    assignedexecutorid: str = ""
    isassigned: bool = False
    state: ProcessState = ProcessState.WAITING
    prioritytime: Int = 0
    submissiontime: Time = None
    starttime: Time = None
    endtime: Time = None
    waitdeadline: Time = None
    execdeadline: Time = None
    retries: Int = 0
    attributes: List[Attribute] = ()
    spec: FunctionSpec = Field(default_factory=FunctionSpec)
    waitforparents: bool = False
    parents: List[str] = ()
    children: List[str] = ()
    processgraphid: str = ""
    input: List[Any] = Field(default=(), alias="in")
    out: List[Any] = ()
    errors: List[str] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class ProcessRow:
    """A process as a table needs it: read straight from the wire, small enough to hold by the ten thousand.

    Times are seconds since 1970, ``None`` where not set.
    """

    processid: str
    state: ProcessState = ProcessState.WAITING
    funcname: str = ""
    nodename: str = ""
    label: str = ""
    priority: int = 0
    maxretries: int = 0
    colonyname: str = ""
    executortype: str = ""
    assignedexecutorid: str = ""
    initiatorname: str = ""
    submissiontime: float | None = None
    starttime: float | None = None
    endtime: float | None = None
    waitdeadline: float | None = None
    execdeadline: float | None = None
    prioritytime: int = 0
    retries: int = 0
    waitforparents: bool = False
    processgraphid: str = ""
    error: str = ""
    """The first error, whole; empty when there is none."""
    locationname: str = ""
    executornames: tuple[str, ...] = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return what reads a row from the process that is on the wire."""
        return process_row_schema(handler, cls._from_wire)

    @classmethod
    def _from_wire(cls, process: dict[str, Any]) -> "ProcessRow":
        had, spec = process.get, process.get("spec") or {}
        conditions, errors = spec.get("conditions") or {}, had("errors")
        return cls(
            process["processid"],
            had("state", ProcessState.WAITING),
            spec.get("funcname", ""),
            spec.get("nodename", ""),
            spec.get("label", ""),
            spec.get("priority", 0),
            spec.get("maxretries", 0),
            conditions.get("colonyname", ""),
            conditions.get("executortype", ""),
            had("assignedexecutorid", ""),
            had("initiatorname") or "",
            had("submissiontime"),
            had("starttime"),
            had("endtime"),
            had("waitdeadline"),
            had("execdeadline"),
            had("prioritytime", 0),
            had("retries", 0),
            had("waitforparents", False),
            had("processgraphid") or "",
            (errors[0] or "") if errors else "",
            conditions.get("locationname") or "",
            conditions.get("executornames") or (),
        )

    @classmethod
    def of(cls, process: Process) -> "ProcessRow":
        """Return the row of a whole process."""

        def unix(moment: Any) -> float | None:
            return None if moment is None else moment.timestamp()

        spec = process.spec
        return cls(
            processid=process.processid,
            state=process.state,
            funcname=spec.funcname,
            nodename=spec.nodename,
            label=spec.label,
            priority=spec.priority,
            maxretries=spec.maxretries,
            colonyname=spec.conditions.colonyname,
            executortype=spec.conditions.executortype,
            assignedexecutorid=process.assignedexecutorid,
            initiatorname=process.initiatorname,
            submissiontime=unix(process.submissiontime),
            starttime=unix(process.starttime),
            endtime=unix(process.endtime),
            waitdeadline=unix(process.waitdeadline),
            execdeadline=unix(process.execdeadline),
            prioritytime=process.prioritytime,
            retries=process.retries,
            waitforparents=process.waitforparents,
            processgraphid=process.processgraphid,
            error=process.errors[0] if process.errors else "",
            locationname=spec.conditions.locationname or "",
            executornames=spec.conditions.executornames,
        )
