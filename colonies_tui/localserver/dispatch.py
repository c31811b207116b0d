"""From the body of a request to the body of its reply: open, verify, match, locate, check the role, run, settle."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from colonies_tui.localserver import handlers as _handlers  # noqa: F401 - fills HANDLERS
from colonies_tui.localserver.access import Caller
from colonies_tui.localserver.envelopes import (
    Envelope,
    NullMessage,
    error_envelope,
    read_envelope,
    reply_envelope,
    value_of,
)
from colonies_tui.localserver.refusal import AccessDenied, Refusal
from colonies_tui.localserver.registry import HANDLERS, OTHER_SPELLINGS, Call, Handler, Receive
from colonies_tui.protocol.roles import Role

if TYPE_CHECKING:
    from colonies_tui.localserver.server import LocalServer

log = logging.getLogger(__name__)

_NO_TYPE = (
    "invalid rpcMsg.PayloadType: empty (this usually means the client is misconfigured - check that COLONIES_PRVKEY"
    " and other environment variables are set correctly)"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over HTTP."""

    status: int
    body: str


EMPTY_OK = Answer(200, "")
"""How a real server refuses two of its messages."""

EMPTY_FAILURE = Answer(500, "")
"""How a real server answers when a handler fails."""


async def answer(server: LocalServer, body: bytes, receive: Receive) -> Answer:
    """Answer a request. Returns when everything that the answer shows is on disk."""
    try:
        envelope = read_envelope(body)
        reply = await _carry_out(server, envelope, receive)
        await server.database.settled()
    except NullMessage:
        if server.settings.real_quirks:
            return EMPTY_FAILURE
        return Answer(400, error_envelope(400, "the message is null"))
    except Refusal as refusal:
        return await _refused(server, refusal)
    except (OverflowError, RecursionError):
        return await _refused(server, Refusal(400, "a number is too large, or something is nested too deeply"))
    except sqlite3.Error as error:
        log.exception("the database failed")
        return Answer(500, error_envelope(500, f"the database failed: {error}"))
    return reply


async def _refused(server: LocalServer, refusal: Refusal) -> Answer:
    # The words may show what another request of this turn wrote, so they wait for the disk as well.
    await server.database.settled()
    return Answer(refusal.status, error_envelope(refusal.status, refusal.message))


async def _carry_out(server: LocalServer, envelope: Envelope, receive: Receive) -> Answer:
    handler = HANDLERS.get(envelope.payloadtype)
    if handler is None and not server.settings.real_quirks:
        handler = OTHER_SPELLINGS.get(envelope.payloadtype)
    unsigned = handler is not None and handler.role is Role.NOBODY
    identity = "" if unsigned else envelope.caller()
    if handler is None:
        words = f"invalid rpcMsg.PayloadType: {envelope.payloadtype}" if envelope.payloadtype else _NO_TYPE
        raise Refusal(403, words)
    message = handler.message
    payload = _payload(envelope, handler)
    try:
        request = message.read(payload)
    except ValidationError as error:
        raise Refusal(400, _unreadable(handler, error)) from None
    if handler.needed_key and value_of(payload, handler.needed_key) is None:
        raise Refusal(400, handler.needed_words)
    located = handler.locate(server, request)
    try:
        caller = (
            Caller(identity)
            if unsigned
            else server.access.require(
                handler.role, located.colonyname, identity, unknown_colony_status=handler.unknown_colony_status
            )
        )
    except AccessDenied:
        if handler.silent_refusal and server.settings.real_quirks:
            return EMPTY_OK
        raise
    call = Call(server, request, payload, caller, located.found, receive)
    text = await _run(server, handler, call)
    return Answer(200, reply_envelope(handler.reply_msgtype, text))


async def _run(server: LocalServer, handler: Handler, call: Call[Any, Any]) -> str:
    if handler.message.changes and not handler.waits:
        with server.database.change():
            result = handler.run(call)
    else:
        result = handler.run(call)
    return result if isinstance(result, str) else await result


def _payload(envelope: Envelope, handler: Handler) -> dict[str, Any]:
    if not handler.reads_payload:
        return {}
    try:
        payload = envelope.open()
    except (ValueError, RecursionError):
        raise Refusal(400, f"Failed to {handler.words}, invalid JSON") from None
    if value_of(payload, "msgtype") != envelope.payloadtype:
        raise Refusal(400, f"Failed to {handler.mismatch_words}, {handler.mismatch_name} does not match payloadType")
    return payload


def _unreadable(handler: Handler, error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
    if problem["type"] == "enum" and problem["loc"] == ("state",):
        return f"Failed to {handler.words}, invalid msg.State"
    return f"Failed to {handler.words}, invalid JSON"
