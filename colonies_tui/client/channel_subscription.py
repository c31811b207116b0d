"""A channel as an async iterator of its entries, over a link that mends itself.

The server streams what the channel holds and then what is appended. At the end of a subscription's time it sends an
empty list and leaves the socket open; when the process ends it says nothing, and the channel is gone (§ Channels). So a
subscription is renewed at each empty list, and a channel that is not found any more has come to its end.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

from colonies_tui.client.backoff import Backoff
from colonies_tui.client.listening import OnLinkState
from colonies_tui.client.subscription import read_frame
from colonies_tui.client.subscription_link import SubscriptionLink
from colonies_tui.client.time_limits import DEFAULT_LIMITS, TimeLimits
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.envelope import encode_request
from colonies_tui.protocol.errors import ColoniesError, NotFound
from colonies_tui.protocol.messages.channel import SubscribeChannel
from colonies_tui.protocol.models.channel import ChannelEntry


class ChannelSubscription:
    """Entries of one channel.

    Iterating ends when the process has ended, which shows only when the time of the subscription is over. It raises
    :class:`Refused` when the server says no from the start, and :class:`NotDecodable` when it sends what is no entry.
    A lost link is mended, and goes on at the position in the log that was reached; an entry that a sender put in before
    that position meanwhile is missed, and one at it is heard twice. Cancelling the wait for an entry loses nothing.
    """

    def __init__(
        self,
        address: ServerAddress,
        request: SubscribeChannel,
        key: PrivateKey | None,
        *,
        limits: TimeLimits = DEFAULT_LIMITS,
        on_state: OnLinkState | None = None,
        on_entry: Callable[[ChannelEntry, int], None] = lambda entry, position: None,
        backoff: Backoff | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep,
    ) -> None:
        """Prepare a subscription.

        Raises:
            UnsafeRequest: the subscription's time is out of bounds.
        """
        request.check()
        self._request = request
        self._key = key
        self._on_entry = on_entry
        self._heard: deque[ChannelEntry] = deque()
        self._position = max(request.afterseq, 0)
        self._was_accepted = False
        self._link = SubscriptionLink(
            address,
            self._frame,
            request.timeout,
            # A real server does not answer them while it streams a channel; the empty list shows that it lives.
            pings=False,
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

    @property
    def position(self) -> int:
        """How many entries of the log were heard or passed over, those that wait to be iterated included."""
        return self._position

    async def __anext__(self) -> ChannelEntry:
        while not self._heard:
            if self._link.is_over:
                raise StopAsyncIteration
            frame = await self._link.next_frame()
            if frame is not None:
                await self._hear(frame)
        return self._heard.popleft()

    async def aclose(self) -> None:
        """End the subscription and close its socket; what was heard and not iterated is dropped."""
        self._heard.clear()
        await self._link.aclose()

    async def _hear(self, frame: bytes) -> None:
        try:
            entries = read_frame(frame, self._request)
        except NotFound:
            await self.aclose()
            if self._was_accepted or self._link.has_lasted:
                return  # the process has ended, and its channels with it
            raise
        except ColoniesError:
            await self.aclose()
            raise
        self._was_accepted = True
        for entry in entries:
            self._on_entry(entry, self._position)
            self._position += 1
        self._heard.extend(entries)
        # An entry with an error is the last before the server drops a client that does not keep up.
        if not entries or entries[-1].error:
            await self._link.subscribe_again()

    def _frame(self) -> str:
        return encode_request(self._request.model_copy(update={"afterseq": self._position}), self._key).decode()
