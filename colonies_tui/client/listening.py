"""What a subscription is to the one who listens. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self, TypeVar

from colonies_tui.protocol.errors import ColoniesError
from colonies_tui.protocol.models.process import Process

T = TypeVar("T", covariant=True)


OnLinkState = Callable[[bool, ColoniesError | None], None]
"""Told ``(True, None)`` when the link is up and ``(False, why)`` when it is lost or does not come about."""


@dataclass(frozen=True, slots=True)
class Event:
    """A process entered the state that was subscribed to. A hint to look: what it holds may be stale."""

    process: Process


class Listening(Protocol[T]):
    """Entered as a context manager and iterated; leaving it, or :meth:`aclose`, ends it."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...

    def __aiter__(self) -> Self: ...

    async def __anext__(self) -> T: ...

    async def aclose(self) -> None:
        """End the subscription."""
