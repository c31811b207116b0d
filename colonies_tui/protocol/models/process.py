"""Processes: what to do, where it may run, how it went (§ FunctionSpec, Process, Attribute)."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any

from pydantic import AliasPath, BeforeValidator, ConfigDict, Field, with_config

from colonies_tui.protocol.model import Int, List, Model, Object, Optional, Text
from colonies_tui.protocol.models.executor import Gpu
from colonies_tui.protocol.states import AttributeType, ProcessState
from colonies_tui.protocol.times import Time, UnixTime

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
    gpu: Gpu = Gpu()
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

    onstart: KeepLocal = KeepLocal()
    onclose: KeepLocal = KeepLocal()


class DirectoryMount(Model):
    """A label that an executor should keep in step with a directory."""

    label: str = ""
    dir: str = ""
    keepfiles: bool = False
    onconflicts: OnConflicts = OnConflicts()


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
    conditions: Conditions = Conditions()
    label: str = ""
    fs: Filesystem = Filesystem()
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
    spec: FunctionSpec = FunctionSpec()
    waitforparents: bool = False
    parents: List[str] = ()
    children: List[str] = ()
    processgraphid: str = ""
    input: List[Any] = Field(default=(), alias="in")
    out: List[Any] = ()
    errors: List[str] = ()


def _spec(*path: str | int) -> Any:
    return Field(validation_alias=AliasPath("spec", *path))


@with_config(ConfigDict(extra="ignore"))
@dataclasses.dataclass(frozen=True, slots=True)
class ProcessRow:
    """A process as a table needs it: read straight from the wire, small enough to hold by the ten thousand.

    Times are seconds since 1970, ``None`` where not set.
    """

    processid: str
    state: ProcessState = ProcessState.WAITING
    funcname: Annotated[str, _spec("funcname")] = ""
    nodename: Annotated[str, _spec("nodename")] = ""
    label: Annotated[str, _spec("label")] = ""
    priority: Annotated[Int, _spec("priority")] = 0
    maxretries: Annotated[Int, _spec("maxretries")] = 0
    colonyname: Annotated[str, _spec("conditions", "colonyname")] = ""
    executortype: Annotated[str, _spec("conditions", "executortype")] = ""
    assignedexecutorid: str = ""
    initiatorname: Text = ""
    submissiontime: UnixTime = None
    starttime: UnixTime = None
    endtime: UnixTime = None
    waitdeadline: UnixTime = None
    execdeadline: UnixTime = None
    prioritytime: Int = 0
    retries: Int = 0
    waitforparents: bool = False
    processgraphid: Text = ""
    error: Annotated[str, Field(validation_alias=AliasPath("errors", 0)), BeforeValidator(lambda v: v or "")] = ""
    """The first error, whole; empty when there is none."""
    locationname: Annotated[Text, _spec("conditions", "locationname")] = ""
    executornames: Annotated[List[str], _spec("conditions", "executornames")] = ()

    @classmethod
    def of(cls, process: Process) -> ProcessRow:
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
