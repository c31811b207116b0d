"""The link behind a subscription: one websocket, renewed and reconnected as long as somebody reads it.

A server confirms nothing, drops the socket without a close frame when the time of a subscription is over, and does the
same at once when it dislikes a signature (§ Websocket). So an end about when the time is over is planned and renewed at
once; every earlier end is a loss, and the next attempt waits. There is no task behind it: it works while somebody
awaits the next frame, and what arrives meanwhile is kept by the socket.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from colonies_tui import __version__
from colonies_tui.client import network_words
from colonies_tui.client.backoff import Backoff
from colonies_tui.client.listening import OnLinkState
from colonies_tui.client.time_limits import DEFAULT_LIMITS, TimeLimits
from colonies_tui.client.transport import MAX_ANSWER_BYTES, tls_context
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.errors import ColoniesError, NotReached

EXPIRY_TOLERANCE = 2.0
"""Seconds around the end of a subscription's time in which the end of its socket is planned."""

HEALTHY_AFTER = 10.0
"""Seconds that a socket must have lived for delays to begin short again after its loss."""

_PING_SECONDS = 20
_CLOSE_SECONDS = 1


class SubscriptionLink:
    """Frames of one subscription; see the module's description."""

    def __init__(
        self,
        address: ServerAddress,
        frame: Callable[[], str],
        timeout: float,
        *,
        pings: bool = True,
        limits: TimeLimits = DEFAULT_LIMITS,
        on_state: OnLinkState | None = None,
        backoff: Backoff | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep,
    ) -> None:
        """Prepare a link.

        Args:
            address: where to connect.
            frame: returns the signed subscription, asked anew for every attempt.
            timeout: seconds that the subscription lasts.
            pings: whether the server answers pings while the subscription lasts.
            limits: how long to wait.
            on_state: told when the link comes up and when it is lost.
            backoff: delays between attempts.
            clock: seconds that never go back.
            sleep: waits.
        """
        self._address = address
        self._frame = frame
        self._timeout = timeout
        self._ping_seconds = _PING_SECONDS if pings else None
        self._limits = limits
        self._on_state = on_state
        self._backoff = backoff or Backoff()
        self._clock = clock
        self._sleep = sleep
        self._socket: ClientConnection | None = None
        self._subscribed_at = 0.0
        self._is_up = False
        self._delay = 0.0
        self.is_over = False
        """Whether :meth:`aclose` was called."""
        self.has_lasted = False
        """Whether a subscription lasted to the end of its time, and so was accepted."""

    async def next_frame(self) -> bytes | None:
        """Return the next frame; ``None`` where the link was mended or lost meanwhile, or is over: ask again."""
        if self.is_over:
            return None
        socket = self._socket or await self._connected()
        return None if socket is None else await self._received(socket)

    async def subscribe_again(self) -> None:
        """Renew a subscription that the server ended while it left the socket open; one that ended early is a loss."""
        if self._socket is None:
            return
        if self._is_planned(self._clock() - self._subscribed_at):
            self._backoff.succeeded()
            await self._subscribed(self._socket)
        else:
            await self._drop()
            self._lost(f"{self._address} ended the subscription before its time")

    async def aclose(self) -> None:
        """End the subscription and close its socket."""
        self.is_over = True
        await self._drop()

    async def _drop(self) -> None:
        socket, self._socket = self._socket, None
        if socket is not None:
            await socket.close()

    async def _connected(self) -> ClientConnection | None:
        """Return a socket on which the subscription was sent, or ``None`` after a failed attempt."""
        if self._delay:
            delay, self._delay = self._delay, 0.0
            await self._sleep(delay)
        try:
            socket = await connect(
                self._address.websocket_url,
                ssl=tls_context(self._address),
                user_agent_header=f"colonies-tui/{__version__}",
                proxy=None,
                # Many sockets are open at once and events are small: buffers for compression would cost more than help.
                compression=None,
                max_size=MAX_ANSWER_BYTES,
                ping_interval=self._ping_seconds,
                ping_timeout=_PING_SECONDS,
                open_timeout=self._limits.connect,
                close_timeout=_CLOSE_SECONDS,
            )
        except (OSError, UnicodeError, InvalidHandshake, InvalidURI) as error:
            self._lost(self._why_not_connected(error))
            return None
        return socket if await self._subscribed(socket) else None

    async def _subscribed(self, socket: ClientConnection) -> bool:
        """Send the subscription on a socket and keep it; tell whether that succeeded."""
        self._subscribed_at = self._clock()
        self._socket = None
        try:
            async with asyncio.timeout(self._limits.write):
                await socket.send(self._frame())
        except (ConnectionClosed, TimeoutError):
            await socket.close()
            self._lost(f"{self._address} dropped the subscription at once")
            return False
        except asyncio.CancelledError:
            await socket.close()
            raise
        self._socket = socket
        if not self._is_up:
            self._is_up = True
            self._tell(None)
        return True

    async def _received(self, socket: ClientConnection) -> bytes | None:
        """Return the next frame, or ``None`` when the socket has ended; says so where that was not planned."""
        left = self._subscribed_at + self._timeout + EXPIRY_TOLERANCE - self._clock()
        try:
            async with asyncio.timeout(max(left, 0.0)):
                return await socket.recv(decode=False)
        except TimeoutError:
            self.has_lasted = True
            self._backoff.succeeded()
            await self._drop()
            return None
        except ConnectionClosed as error:
            reason = str(error)
        lived = self._clock() - self._subscribed_at
        await self._drop()
        planned = self._is_planned(lived)
        self.has_lasted = self.has_lasted or planned
        if planned or lived >= HEALTHY_AFTER:
            self._backoff.succeeded()
        if not planned:
            self._lost(f"{self._address} dropped the subscription: {reason}")
        return None

    def _is_planned(self, lived: float) -> bool:
        # Half the time at least: a short subscription that is dropped at once must not count as planned.
        return lived >= max(self._timeout - EXPIRY_TOLERANCE, self._timeout / 2)

    def _why_not_connected(self, error: Exception) -> str:
        match error:
            case TimeoutError():
                return f"no connection to {self._address} within {self._limits.connect:g} s"
            case InvalidStatus():
                return f"{self._address} answered {error.response.status_code} where subscriptions are expected"
            case InvalidHandshake() if network_words.shows_tls_alert(error):
                return network_words.speaks_tls(self._address)
            case InvalidHandshake():
                return f"{self._address} broke off while a subscription was opened"
            case _:
                return network_words.not_connected(self._address, error)

    def _lost(self, words: str) -> None:
        self._delay = self._backoff.next_delay()
        self._is_up = False
        self._tell(NotReached(words))

    def _tell(self, error: ColoniesError | None) -> None:
        if self._on_state is not None:
            self._on_state(error is None, error)
