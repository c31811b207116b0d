"""Subscriptions to processes as async iterators, over a link that mends itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self, TypeVar

from colonies_tui.client.backoff import Backoff
from colonies_tui.client.listening import Event, OnLinkState
from colonies_tui.client.subscription_link import SubscriptionLink
from colonies_tui.client.time_limits import DEFAULT_LIMITS, TimeLimits
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.envelope import encode_request, open_reply, read_reply
from colonies_tui.protocol.errors import ColoniesError, NotDecodable
from colonies_tui.protocol.messages.subscription import SubscribeProcess, SubscribeProcesses
from colonies_tui.protocol.models.process import Process
from colonies_tui.protocol.request import Request

R = TypeVar("R")


def read_frame(frame: bytes, request: Request[R]) -> R:
    """Return the content of a frame that answers a subscription.

    Raises:
        Refused: the server says no.
        NotDecodable: it is no such frame.
    """
    if not frame.strip():
        raise NotDecodable("an empty frame is not an event")
    reply = open_reply(frame)
    if not reply.error and reply.payloadtype != request.reply_msgtype:
        raise NotDecodable(f"{request.msgtype} was answered with {reply.payloadtype[:60]!r}")
    return read_reply(reply, request.reply_adapter(), msgtype=request.msgtype)


class Subscription:
    """Events of one subscription, over a :class:`SubscriptionLink`.

    Iterating raises :class:`Refused` when the server answers with an error and :class:`NotDecodable` when it sends what
    is no event; the subscription is over then. A lost link is no error: it is told to ``on_state`` and mended.
    Cancelling the wait for an event loses nothing. Renewal leaves a gap of some milliseconds, so events alone never
    prove that nothing happened.
    """

    def __init__(
        self,
        address: ServerAddress,
        request: SubscribeProcess | SubscribeProcesses,
        key: PrivateKey | None,
        *,
        limits: TimeLimits = DEFAULT_LIMITS,
        on_state: OnLinkState | None = None,
        on_event: Callable[[Process], None] = lambda process: None,
        backoff: Backoff | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep,
    ) -> None:
        """Prepare a subscription.

        Raises:
            UnsafeRequest: the subscription's time is out of bounds.
        """
        self._request = request
        self._on_event = on_event
        frame = encode_request(request, key).decode()
        self._link = SubscriptionLink(
            address,
            lambda: frame,
            request.timeout,
            limits=limits,
            on_state=on_state,
            backoff=backoff,
            clock=clock,
            sleep=sleep,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        while not self._link.is_over:
            frame = await self._link.next_frame()
            if frame is None:
                continue
            try:
                process = read_frame(frame, self._request)
            except ColoniesError:
                await self.aclose()
                raise
            if self._is_asked_for(process):
                self._on_event(process)
                return Event(process)
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """End the subscription and close its socket."""
        await self._link.aclose()

    def _is_asked_for(self, process: Process) -> bool:
        """Tell whether an event is ours: servers deliver those of other colonies and of similar type names too."""
        request, conditions = self._request, process.spec.conditions
        if process.state is not request.state or request.colonyname not in ("", conditions.colonyname):
            return False
        if isinstance(request, SubscribeProcess):
            return process.processid == request.processid
        return conditions.executortype == request.executortype
