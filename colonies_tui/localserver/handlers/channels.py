"""Channels over HTTP; following one goes over the websocket (§ Channels)."""

from __future__ import annotations

import base64
import binascii

from colonies_tui.localserver.handlers.located import the_process
from colonies_tui.localserver.jsontext import EMPTY_OBJECT, array
from colonies_tui.localserver.records.process import ProcessRecord
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.localserver.registry import Call, handles
from colonies_tui.protocol.messages.channel import AppendToChannel, ReadChannel

_the_process = the_process(404, "Process not found")


@handles(AppendToChannel, "append to channel", locate=_the_process)
def append_to_channel(call: Call[AppendToChannel, ProcessRecord]) -> str:
    request, process, identity = call.request, call.found, call.caller.identity
    try:
        base64.b64decode(request.content, validate=True)
    except (binascii.Error, ValueError):
        raise Refusal(400, "Failed to append to channel, invalid JSON") from None
    channels = call.server.channels
    channels.require(process, request.name, identity, what="write to")
    channels.append(
        process,
        request.name,
        identity,
        sequence=request.sequence,
        inreplyto=request.inreplyto,
        payload=request.content,
        kind=request.payloadtype or "",
    )
    return EMPTY_OBJECT


@handles(ReadChannel, "read from channel", locate=_the_process)
def read_channel(call: Call[ReadChannel, ProcessRecord]) -> str:
    request, process = call.request, call.found
    channels = call.server.channels
    channels.require(process, request.name, call.caller.identity, what="read from")
    entries = channels.read(process, request.name, request.afterseq, request.limit)
    return array([entry.to_json() for entry in entries], null_when_empty=False)
