"""A client without a network: answers from a table of functions, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from colonies_tui.client.client import ColoniesClient
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.request import Request

R = TypeVar("R")

ADDRESS = ServerAddress("colonies.example", 50080, tls=False)
MEMBER = PrivateKey("11" * 32)
OWNER = PrivateKey("22" * 32)


class FakeClient(ColoniesClient):
    """Answers a request with what the function for its type returns or raises."""

    def __init__(self, keys: Keyring | None = None) -> None:
        super().__init__(ADDRESS, keys or Keyring(member=MEMBER, colony=OWNER))
        self.answers: dict[type[Request[Any]], Callable[[Any], Any]] = {}
        self.asked: list[Request[Any]] = []

    async def send(self, request: Request[R], *, key: PrivateKey | None = None) -> R:
        self.asked.append(request)
        answer = self.answers[type(request)](request)
        if hasattr(answer, "__await__"):
            answer = await answer
        return cast("R", answer)

    def sent(self, kind: type[Request[Any]]) -> int:
        """Return how many requests of a type were sent."""
        return sum(isinstance(request, kind) for request in self.asked)
