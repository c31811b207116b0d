"""From a specification to a stored process (§ FunctionSpec)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from colonies_tui.localserver.jsontext import compact
from colonies_tui.localserver.lifecycle import deadline
from colonies_tui.localserver.records.attribute import AttributeRecord, attribute_id, insert_attribute
from colonies_tui.localserver.records.process import ProcessRecord, insert_process
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.protocol.crypto import random_id
from colonies_tui.protocol.models.process import NO_LIMIT, FunctionSpec
from colonies_tui.protocol.sizes import mebibytes, millicores
from colonies_tui.protocol.states import AttributeType, ProcessState
from colonies_tui.protocol.times import NANOSECONDS

if TYPE_CHECKING:
    from colonies_tui.localserver.server import LocalServer

PRIORITY_STEP: Final = 24 * 3600 * NANOSECONDS
"""What one step of priority is worth in the queue: one day."""

_LIMITS: Final = ("maxwaittime", "maxexectime")


def submit(server: LocalServer, spec: FunctionSpec, *, initiatorid: str, initiatorname: str) -> ProcessRecord:
    """Store a new process and put it into the queue.

    Raises:
        Refusal: a size cannot be read.
    """
    process = new_process(server, spec, initiatorid=initiatorid, initiatorname=initiatorname)
    store(server, process, spec.env)
    server.lifecycle.submitted(process)
    return process


def new_process(server: LocalServer, spec: FunctionSpec, *, initiatorid: str, initiatorname: str) -> ProcessRecord:
    """Return a process that waits and is part of no graph; it is not stored.

    Raises:
        Refusal: a size cannot be read.
    """
    document = _document(server, spec)
    conditions = spec.conditions
    try:
        cpu = millicores(conditions.cpu)
    except ValueError as error:
        raise Refusal(400, f"error converting CPU to int: {error}") from None
    try:
        mem, storage, gpu_mem = (mebibytes(text) for text in (conditions.mem, conditions.storage, conditions.gpu.mem))
    except ValueError as error:
        raise Refusal(400, f"error converting memory to int: {error}") from None
    document["conditions"] |= {"cpu": f"{cpu}m", "mem": f"{mem}Mi", "storage": f"{storage}Mi"}
    document["conditions"]["gpu"]["mem"] = f"{gpu_mem}Mi"
    now = server.stamps.next()
    return ProcessRecord(
        processid=random_id(),
        colonyname=conditions.colonyname,
        executortype=conditions.executortype,
        state=int(ProcessState.WAITING),
        prioritytime=now - spec.priority * PRIORITY_STEP,
        submitted=now,
        started=None,
        ended=None,
        wait_due=deadline(now, document["maxwaittime"], unlimited=(0, NO_LIMIT)),
        exec_due=None,
        waits_for_parents=0,
        initiatorid=initiatorid,
        initiatorname=initiatorname,
        assignedexecutorid="",
        is_assigned=0,
        retries=0,
        processgraphid="",
        funcname=spec.funcname,
        label=spec.label,
        maxwaittime=document["maxwaittime"],
        maxexectime=document["maxexectime"],
        maxretries=spec.maxretries,
        cpu=cpu,
        mem=mem,
        storage=storage,
        breadth=max(conditions.nodes, conditions.processes, conditions.processespernode),
        locationname=conditions.locationname or "",
        executornames=compact(list(conditions.executornames)),
        spec=compact(document),
        parents="[]",
        children="[]",
        input="[]",
        out="[]",
        errors="[]",
        has_attributes=int(bool(spec.env)),
    )


def store(server: LocalServer, process: ProcessRecord, env: Mapping[str, str]) -> None:
    """Store a new process with its environment."""
    insert_process(server.database, process)
    for key, value in env.items():
        insert_attribute(
            server.database,
            AttributeRecord(
                attributeid=attribute_id(process.processid, key, AttributeType.ENV),
                targetid=process.processid,
                colonyname=process.colonyname,
                processgraphid=process.processgraphid,
                type=int(AttributeType.ENV),
                key=key,
                value=value,
            ),
        )


def _document(server: LocalServer, spec: FunctionSpec) -> dict[str, Any]:
    """Return the specification as it will be shown: limits as they count, lists as this kind of server shows them."""
    document = spec.to_wire()
    if not server.settings.real_quirks:
        if document["maxexectime"] <= 0:
            document["maxexectime"] = NO_LIMIT
        if document["maxwaittime"] < 0:
            document["maxwaittime"] = NO_LIMIT
        return document
    # A real server reads a missing limit as 0, which for the execution time means "at once", not "none".
    document |= {limit: 0 for limit in _LIMITS if limit not in spec.model_fields_set}
    conditions = document["conditions"]
    if "executornames" not in spec.conditions.model_fields_set:
        conditions["executornames"] = None
    elif conditions["executornames"] == ["*"]:
        conditions["executornames"] = []
    document["fs"] |= {name: document["fs"][name] or None for name in ("snapshots", "dirs")}
    return document
