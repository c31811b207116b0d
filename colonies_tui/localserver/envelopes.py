"""The envelope as the server sees it: opening requests, writing replies (§ Envelopes, HTTP status codes)."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from colonies_tui.localserver.jsontext import quoted
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.protocol.crypto import recover_identity
from colonies_tui.protocol.errors import BadSignature

SIGNATURE_BYTES: Final = 65

_BASE64_PREFIX: Final = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_HALF_ESCAPED: Final = re.compile(r"\\u[dD][89a-fA-F]")
_HALF: Final = re.compile("[\ud800-\udfff]")
"""Half of a character: JSON can write it, UTF-8 and the database cannot."""
_NOT_HEX: Final = re.compile(r"[^0-9a-fA-F]")
_KEYS: Final = ("payloadtype", "payload", "signature")


class NullMessage(Exception):
    """The message is the JSON value ``null``, on which a real server fails without a word."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A request as it came: still signed text."""

    payloadtype: str
    payload: str
    signature: str

    def caller(self) -> str:
        """Return the identity that signed the payload.

        Raises:
            Refusal: the signature is malformed; a signature by the wrong key is another identity, not an error.
        """
        signature = self.signature
        wrong = _NOT_HEX.search(signature)
        if wrong is not None:
            raise Refusal(403, f"encoding/hex: invalid byte: U+{ord(wrong[0]):04X} {wrong[0]!r}")
        if len(signature) % 2:
            raise Refusal(403, "encoding/hex: odd length hex string")
        if len(signature) != 2 * SIGNATURE_BYTES:
            raise Refusal(403, "Invalid signature length")
        try:
            return recover_identity(self.payload, signature)
        except BadSignature as error:
            raise Refusal(403, f"Failed to recover public key: {error}") from None

    def open(self) -> dict[str, Any]:
        """Return the payload's keys and values.

        Raises:
            NullMessage: it is ``null``.
            ValueError: it is not a JSON object.
        """
        value = _json(_decoded(self.payload).decode("utf-8", "replace"))
        if value is None:
            raise NullMessage
        if not isinstance(value, dict):
            raise ValueError("not an object")
        return value


def read_envelope(body: bytes | str) -> Envelope:
    """Read a request's envelope.

    Raises:
        NullMessage: the body is ``null``.
        Refusal: it is not an envelope.
    """
    if not body:
        raise Refusal(400, "unexpected end of JSON input")
    try:
        value = _json(body if isinstance(body, str) else body.decode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise Refusal(400, f"the request is not JSON: {error}") from None
    if value is None:
        raise NullMessage
    if not isinstance(value, dict):
        raise Refusal(400, "the request is JSON, but not an envelope")
    if not all(key in value for key in _KEYS):
        value = {key.lower(): text for key, text in value.items()}
    texts = [value.get(key, "") for key in _KEYS]
    if not all(isinstance(text, str) for text in texts):
        raise Refusal(400, "payloadtype, payload and signature of an envelope are texts")
    return Envelope(*texts)


def _json(text: str) -> Any:
    """Read JSON as a real server does: no NaN and no infinity, half characters become the replacement character.

    Raises:
        ValueError: it is not JSON.
    """
    value = json.loads(text, parse_constant=_refuse_constant)
    if _HALF_ESCAPED.search(text):
        written = json.dumps(value, ensure_ascii=False)
        if _HALF.search(written):
            return json.loads(_HALF.sub("\N{REPLACEMENT CHARACTER}", written))
    return value


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON value")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        # A real server reads up to the first character that is not base64, and does not complain.
        match = _BASE64_PREFIX.match(text)
        prefix = match[0].rstrip("=") if match else ""
        prefix = prefix[: len(prefix) - 1] if len(prefix) % 4 == 1 else prefix
        return base64.b64decode(prefix + "=" * (-len(prefix) % 4))


def value_of(payload: Mapping[str, Any], key: str) -> Any:
    """Return a payload's value; keys match in any case."""
    if key in payload:
        return payload[key]
    return next((value for name, value in payload.items() if name.lower() == key), None)


def reply_envelope(payloadtype: str, payload: str) -> str:
    """Write the envelope of a reply."""
    text = base64.b64encode(payload.encode("utf-8", "surrogatepass")).decode("ascii")
    return f'{{"payloadtype":"{payloadtype}","payload":"{text}","error":false}}'


def error_envelope(status: int, message: str) -> str:
    """Write the envelope of an error."""
    payload = f'{{"status":{status},"message":{quoted(message)}}}'
    text = base64.b64encode(payload.encode()).decode("ascii")
    return f'{{"payloadtype":"error","payload":"{text}","error":true}}'
