"""JSON as ``call`` and ``watch`` print it: the wire's own keys, in characters that no terminal takes for commands."""

from __future__ import annotations

import json
from typing import Any

from colonies_tui.protocol.errors import NotDecodable


def json_text(value: Any, *, indent: int | None = None) -> str:
    """Return a value as JSON of printable ASCII alone: every other character is written as its escape.

    Nothing is cleaned away: who reads the JSON gets exactly the text that the server sent.

    Raises:
        NotDecodable: a number in it is none that JSON can carry.
    """
    separators = (",", ":") if indent is None else None
    try:
        text = json.dumps(value, ensure_ascii=True, allow_nan=False, indent=indent, separators=separators)
    except ValueError:
        raise NotDecodable("the answer holds a number that JSON cannot carry") from None
    return text.replace("\x7f", "\\u007f")
