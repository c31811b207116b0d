"""What an observer of the client's traffic is told about each exchange. Pure; it never holds a key or a payload."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import Enum

from colonies_tui.protocol.errors import NotDecodable, NothingAssigned, NotReached, Refused


class Outcome(Enum):
    """How an exchange ended."""

    ANSWERED = "answered"
    NO_WORK = "no work"
    REFUSED = "refused"
    NOT_REACHED = "not reached"
    UNKNOWN = "outcome unknown"
    NOT_DECODABLE = "not decodable"
    CANCELLED = "cancelled"
    """Given up by ourselves; the server may have carried it out."""

    @classmethod
    def of(cls, error: BaseException | None) -> Outcome:
        """Return the outcome that an exception stands for."""
        match error:
            case None:
                return cls.ANSWERED
            case NothingAssigned():
                return cls.NO_WORK
            case Refused():
                return cls.REFUSED
            case NotReached():
                return cls.NOT_REACHED
            case NotDecodable():
                return cls.NOT_DECODABLE
            case asyncio.CancelledError():
                return cls.CANCELLED
            case _:
                return cls.UNKNOWN


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what became of it."""

    msgtype: str
    seconds: float
    """From before the request was sent until it was decoded or had failed."""
    sent_bytes: int
    received_bytes: int
    outcome: Outcome
