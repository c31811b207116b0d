"""The state of the connection to a server, in one value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from colonies_tui.protocol.errors import ColoniesError


class LinkCondition(Enum):
    """What can be said of the connection."""

    CONNECTING = "connecting"
    """The first answer has not come yet."""
    LIVE = "live"
    """The server answers, and events arrive over the websocket."""
    POLLING = "polling"
    """The server answers; changes are found by asking."""
    LOST = "lost"
    """The server does not answer."""


@dataclass(frozen=True, slots=True)
class Link:
    """The connection: its condition, since when, the last sign of life, and what went wrong.

    All times are seconds since 1970.
    """

    condition: LinkCondition = LinkCondition.CONNECTING
    since: float = 0.0
    heard_at: float | None = None
    """When the server last answered or sent an event."""
    error: ColoniesError | None = None
    retry_at: float | None = None
    """When it will be tried again, while lost."""

    @property
    def is_up(self) -> bool:
        """Whether the server answers."""
        return self.condition in (LinkCondition.LIVE, LinkCondition.POLLING)
