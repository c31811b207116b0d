"""The envelope both ways (§ Envelopes): base64 of JSON, signed as text; replies with an error flag."""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import NotAllowed, NotDecodable, Refused, refused
from colonies_tui.protocol.request import Request

R = TypeVar("R")

_JSON = json.JSONDecoder()
_FIRST_BYTES = 80


def encode_request(request: Request[Any], key: PrivateKey | None) -> bytes:
    """Return the body that carries a request, signed with ``key`` unless it is ``None``.

    Raises:
        UnsafeRequest: the request would damage a real server.
    """
    request.check()
    return encode_payload(request.msgtype, request.payload(), key)


def encode_payload(msgtype: str, payload: Any, key: PrivateKey | None) -> bytes:
    """Return the body that carries any JSON payload; :func:`encode_request` is the checked way."""
    text = base64.b64encode(json.dumps(payload, ensure_ascii=False).encode("utf-8", "surrogatepass")).decode("ascii")
    envelope = {"payloadtype": msgtype, "payload": text, "signature": key.sign(text) if key else ""}
    return json.dumps(envelope).encode()


@dataclass(frozen=True, slots=True)
class Reply:
    """An opened reply envelope."""

    payloadtype: str
    payload: bytes
    """The decoded payload: JSON text, not yet read."""
    error: bool


def open_reply(body: bytes | str, *, status: int = 200) -> Reply:
    """Open a reply envelope. A second JSON value in the same body is ignored.

    Args:
        body: what came back.
        status: the HTTP status it came with.

    Raises:
        NotAllowed: the body is empty and the status is 200, which is how a real server refuses two of its messages.
        Refused: the body is empty and the status says that the server failed.
        NotDecodable: anything else than an envelope.
    """
    text = body if isinstance(body, str) else body.decode("utf-8", "replace")
    text = text.lstrip()
    if not text and status >= 500:
        raise Refused(status, "the server failed while it handled the request, without a word")
    if not text and status != 200:
        raise NotDecodable("the answer is empty")
    if not text:
        raise NotAllowed(403, "the server answered with nothing, which is how it refuses this request")
    envelope = _envelope(text)
    if not isinstance(envelope, dict) or not isinstance(envelope.get("payload"), str):
        raise NotDecodable(f"the answer is not one of a Colonies server: it begins with {text[:_FIRST_BYTES]!r}")
    try:
        payload = base64.b64decode(envelope["payload"], validate=True)
    except (binascii.Error, ValueError):
        raise NotDecodable("the payload of the answer is not base64") from None
    payloadtype = envelope.get("payloadtype")
    return Reply(payloadtype if isinstance(payloadtype, str) else "", payload, envelope.get("error") is True)


def _envelope(text: str) -> Any:
    try:
        return from_json(text)
    except (ValueError, RecursionError):
        pass  # more than one value, or what only the reader of the standard library takes
    try:
        return _JSON.raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None


def read_error(reply: Reply, *, status: int = 0, msgtype: str = "") -> Exception:
    """Return the member of the error tree that an error reply stands for."""
    message = ""
    try:
        content = json.loads(reply.payload)
    except (ValueError, RecursionError):
        content = None
    if isinstance(content, dict):
        with contextlib.suppress(TypeError, ValueError, OverflowError):
            status = int(content.get("status") or status)
        message = str(content.get("message") or "")
    return refused(status, message, msgtype=msgtype)


def read_reply(reply: Reply, reply_type: TypeAdapter[R], *, status: int = 0, msgtype: str = "") -> R:
    """Return the typed content of a reply.

    Args:
        reply: the opened envelope.
        reply_type: what the payload must be.
        status: HTTP status, used where an error payload has none.
        msgtype: type of the request that is answered.

    Raises:
        Refused: the reply says so (the flag decides, not the HTTP status).
        NotDecodable: the payload does not fit; names the field.
    """
    if reply.error:
        raise read_error(reply, status=status, msgtype=msgtype)
    try:
        return reply_type.validate_json(reply.payload)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole payload"
        raise NotDecodable(f"{msgtype or reply.payloadtype}: {where}: {first['msg']}") from None
