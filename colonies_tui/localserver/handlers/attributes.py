"""Attributes of processes (§ Attribute)."""

from __future__ import annotations

import sqlite3

from colonies_tui.localserver.records.attribute import (
    AttributeRecord,
    attribute_by_id,
    attribute_id,
    insert_attribute,
)
from colonies_tui.localserver.records.process import ProcessRecord, process_by_id
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.localserver.registry import Call, Located, handles
from colonies_tui.localserver.server import LocalServer
from colonies_tui.protocol.messages.process import AddAttribute, GetAttribute
from colonies_tui.protocol.states import ProcessState


def _target(server: LocalServer, request: AddAttribute) -> Located[ProcessRecord]:
    process = process_by_id(server.database, request.attribute.targetid)
    if process is None:
        raise Refusal(404, "Failed to add attribute, process not found")
    return Located(process.colonyname, process)


def _by_id(server: LocalServer, request: GetAttribute) -> Located[AttributeRecord]:
    attribute = attribute_by_id(server.database, request.attributeid)
    if attribute is None:
        raise Refusal(400, "Attribute does not exists")
    process = process_by_id(server.database, attribute.targetid)
    return Located(attribute.colonyname if process is None else process.colonyname, attribute)


@handles(
    AddAttribute, "add attribute", locate=_target, needs=("attribute", "Failed to add attribute, attribute is nil")
)
def add_attribute(call: Call[AddAttribute, ProcessRecord]) -> str:
    process, sent = call.found, call.request.attribute
    if process.state != ProcessState.RUNNING:
        raise Refusal(403, "Failed to add attribute, process is not running")
    if process.assignedexecutorid != call.caller.identity:
        raise Refusal(
            403,
            f"Failed to add attribute, only executor with id <{process.assignedexecutorid}> is allowed to set"
            " attributes",
        )
    attribute = AttributeRecord(
        attributeid=attribute_id(process.processid, sent.key, int(sent.attributetype)),
        targetid=process.processid,
        colonyname=sent.targetcolonyname if call.server.settings.real_quirks else process.colonyname,
        processgraphid=process.processgraphid,
        type=int(sent.attributetype),
        key=sent.key,
        value=sent.value,
    )
    try:
        insert_attribute(call.server.database, attribute)
    except sqlite3.IntegrityError:
        raise Refusal(400, f"the process has an attribute <{sent.key}> of that type already") from None
    call.server.database.write("UPDATE processes SET has_attributes = 1 WHERE processid = ?", (process.processid,))
    return attribute.to_json(process.state)


@handles(GetAttribute, "get attribute", locate=_by_id)
def get_attribute(call: Call[GetAttribute, AttributeRecord]) -> str:
    process = process_by_id(call.server.database, call.found.targetid)
    return call.found.to_json(ProcessState.WAITING if process is None else process.state)
