"""Who looks on while a client asks and listens, so that it can be written down. Pure."""

from __future__ import annotations

from typing import Any, Protocol

from colonies_tui.protocol.errors import ColoniesError
from colonies_tui.protocol.request import Request


class Witness(Protocol):
    """Told everything that comes to a client. Its methods return at once and raise nothing."""

    def answered(self, request: Request[Any], seconds: float, payload: bytes) -> None:
        """A request was answered after so many seconds; the payload is the reply's JSON as it came."""

    def failed(self, request: Request[Any], seconds: float, error: ColoniesError) -> None:
        """A request was refused, or no usable answer came."""

    def heard(self, request: Request[Any], content: Any, position: int = 0) -> None:
        """A subscription brought something: JSON-ready values; ``position`` is its place in a channel."""

    def linked(self, request: Request[Any], error: ColoniesError | None) -> None:
        """A subscription came up, or was lost by an error."""
