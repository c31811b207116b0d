"""JSON as text: replies are put together from stored texts, not parsed and written again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from json.encoder import encode_basestring_ascii
from typing import Any

_ENCODER = json.JSONEncoder(separators=(",", ":"))

quoted = encode_basestring_ascii
"""Write a text as a JSON string."""

EMPTY_OBJECT = "{}"
"""The reply of an operation without a result."""


def compact(value: Any) -> str:
    """Write a value."""
    return _ENCODER.encode(value)


def array(items: Iterable[str], *, null_when_empty: bool) -> str:
    """Put JSON texts into an array; an empty one may be written as ``null``, as a real server does."""
    text = ",".join(items)
    if not text and null_when_empty:
        return "null"
    return f"[{text}]"
