"""How long each step of an exchange may take. Pure: it holds numbers and does no waiting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from colonies_tui.protocol.request import Request

_ASSIGN = "assignprocessmsg"


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """Time limits of a client. All in seconds."""

    connect: float = 3.0
    """Until a connection stands, TLS and the websocket's opening included."""

    read: float = 15.0
    """Longest silence while an answer is awaited or arrives."""

    write: float = 15.0
    """Longest pause of the network while a request is being sent."""

    pool: float = 5.0
    """Waiting for a free connection of our own; longer means that we ask too much at once."""

    transfer: float = 60.0
    """On top of the others, for an answer that arrives in pieces which each keep ``read``."""

    assign_margin: float = 10.0
    """How much longer than its own timeout an assign may take."""

    def silence(self, request: Request[Any]) -> float:
        """Return the longest silence before the answer to ``request``; an assign waits for its own timeout first."""
        if request.msgtype != _ASSIGN:
            return self.read
        from colonies_tui.protocol.messages.process import AssignProcess  # loaded already: the request is one

        if isinstance(request, AssignProcess) and request.timeout > 0:
            return request.timeout + self.assign_margin
        return self.read

    def whole(self, silence: float) -> float:
        """Return the time limit of a whole exchange in which the server may be silent for ``silence`` seconds."""
        return self.pool + self.connect + self.write + silence + self.transfer


DEFAULT_LIMITS = TimeLimits()
"""The limits of a client that is given none."""
