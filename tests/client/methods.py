"""What the methods of a client send."""

from __future__ import annotations

import inspect
from typing import Any

from colonies_tui.protocol.request import Request


def message_of(method: Any) -> type[Request[Any]]:
    """Return the message that a method made by :func:`colonies_tui.client.messages_as_methods.message` sends."""
    kind: type[Request[Any]] = inspect.getclosurevars(method).nonlocals["kind"]()
    return kind
