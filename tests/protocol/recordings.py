"""The recorded exchanges of ``tests/wire`` and the one comparison that forgives what the models mean to change.

``tests/wire/README.md`` says what the recordings are.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from colonies_tui.protocol.messages.every import MESSAGES
from colonies_tui.protocol.request import Request
from colonies_tui.protocol.times import format_time, parse_time

WIRE = Path(__file__).parent.parent / "wire"


@dataclass(frozen=True)
class Recording:
    """One exchange with a real server."""

    msgtype: str
    case: str
    request: Any
    """The decoded payload; a text where it was not JSON."""
    status: int
    payloadtype: str | None
    """Of the reply; ``None`` where the body was not one envelope."""
    is_error: bool | None
    """The reply's flag; ``None`` where the body was not one envelope."""
    reply: Any
    """The decoded payload; the body itself where it was not one envelope."""

    @property
    def kind(self) -> type[Request[Any]]:
        """The message's class."""
        return MESSAGES[self.msgtype]

    @property
    def succeeded(self) -> bool:
        return self.is_error is False

    @property
    def body(self) -> bytes:
        """The body as the server sent it, up to white space and the order of keys."""
        if self.payloadtype is None:
            return str(self.reply).encode()
        payload = base64.b64encode(json.dumps(self.reply).encode()).decode()
        return json.dumps({"payloadtype": self.payloadtype, "payload": payload, "error": self.is_error}).encode()

    def __str__(self) -> str:
        return f"{self.msgtype}: {self.case}"


def recordings() -> list[Recording]:
    """Return all answered recordings of the messages that are known."""
    return [
        Recording(
            msgtype,
            case["case"],
            case["request"],
            case["http_status"],
            case["reply_payloadtype"],
            case["reply_error_flag"],
            case["reply"],
        )
        for msgtype, kind in sorted(MESSAGES.items())
        if not kind.over_websocket
        for case in json.loads((WIRE / f"{msgtype}.json").read_text())
        if case["http_status"] is not None
    ]


def difference(recorded: Any, encoded: Any, path: str = "") -> str | None:
    """Return where what we encode differs from what was recorded, ``None`` when it says the same.

    Three things say the same although they are written otherwise: ``null`` and an empty list or object; a time that is
    not set, in whatever zone; a time down to nanoseconds and the same time cut to microseconds.
    """
    if isinstance(recorded, dict) and isinstance(encoded, dict):
        if recorded.keys() != encoded.keys():
            return f"{path}: keys {sorted(recorded.keys() ^ encoded.keys())}"
        inner = (difference(recorded[key], encoded[key], f"{path}.{key}") for key in recorded)
        return next(filter(None, inner), None)
    if recorded is None and encoded in ([], {}):
        return None
    if isinstance(recorded, list) and isinstance(encoded, list):
        if len(recorded) != len(encoded):
            return f"{path}: {len(recorded)} became {len(encoded)}"
        inner = (
            difference(*pair, f"{path}[{index}]") for index, pair in enumerate(zip(recorded, encoded, strict=True))
        )
        return next(filter(None, inner), None)
    if type(recorded) is type(encoded) and recorded == encoded:
        return None
    if isinstance(recorded, str) and isinstance(encoded, str) and _is_same_time(recorded, encoded):
        return None
    if {type(recorded), type(encoded)} == {int, float} and recorded == encoded:  # JSON has one kind of number
        return None
    return f"{path}: {recorded!r} became {encoded!r}"


def _is_same_time(recorded: str, encoded: str) -> bool:
    try:
        return format_time(parse_time(recorded)) == encoded
    except ValueError:
        return False
