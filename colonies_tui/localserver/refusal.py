"""How a handler says no: an exception with the status and the words of the error reply."""

from __future__ import annotations


class Refusal(Exception):
    """An error reply.

    Attributes:
        status: HTTP status, which is also the status inside the error payload.
        message: the words of the error payload.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status}: {message}")
        self.status = status
        self.message = message


class AccessDenied(Refusal):
    """The caller does not have the role that the message needs."""
