"""A subscription as an async iterator: one websocket, renewed and reconnected as long as it is iterated.

A server confirms nothing, drops the socket without a close frame when the time of a subscription is over, and does the
same at once when it dislikes a signature (§ Websocket). So an end about when the time is over is planned and renewed at
once; every earlier end is a loss, and the next attempt waits. There is no task behind it: it works while somebody
awaits the next event, and what arrives meanwhile is kept by the socket.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from colonies_tui import __version__
from colonies_tui.client import network_words
from colonies_tui.client.backoff import Backoff
from colonies_tui.client.time_limits import DEFAULT_LIMITS, TimeLimits
from colonies_tui.client.transport import MAX_ANSWER_BYTES, tls_context
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.envelope import encode_request, open_reply, read_reply
from colonies_tui.protocol.errors import ColoniesError, NotDecodable, NotReached
from colonies_tui.protocol.messages.subscription import SubscribeProcess, SubscribeProcesses
from colonies_tui.protocol.models.process import Process

OnLinkState = Callable[[bool, ColoniesError | None], None]
"""Told ``(True, None)`` when the link is up and ``(False, why)`` when it is lost or does not come about."""

EXPIRY_TOLERANCE = 2.0
"""Seconds around the end of a subscription's time in which the end of its socket is planned."""

HEALTHY_AFTER = 10.0
"""Seconds that a socket must have lived for delays to begin short again after its loss."""

_PING_SECONDS = 20
_CLOSE_SECONDS = 1


@dataclass(frozen=True, slots=True)
class Event:
    """A process entered the state that was subscribed to. A hint to look: what it holds may be stale."""

    process: Process


class Subscription:
    """Events of one subscription; see the module's description.

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
        backoff: Backoff | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep,
    ) -> None:
        """Prepare a subscription.

        Raises:
            UnsafeRequest: the subscription's time is out of bounds.
        """
        self._address = address
        self._request = request
        self._frame = encode_request(request, key).decode()
        self._limits = limits
        self._on_state = on_state
        self._backoff = backoff or Backoff()
        self._clock = clock
        self._sleep = sleep
        self._socket: ClientConnection | None = None
        self._subscribed_at = 0.0
        self._is_up = False
        self._is_over = False
        self._delay = 0.0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        while not self._is_over:
            socket = self._socket or await self._connected()
            if socket is None:
                continue
            frame = await self._next_frame(socket)
            if frame is None:
                continue
            try:
                event = self._read(frame)
            except ColoniesError:
                await self.aclose()
                raise
            if self._is_asked_for(event.process):
                return event
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """End the subscription and close its socket."""
        self._is_over = True
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
                ping_interval=_PING_SECONDS,
                ping_timeout=_PING_SECONDS,
                open_timeout=self._limits.connect,
                close_timeout=_CLOSE_SECONDS,
            )
        except (OSError, UnicodeError, InvalidHandshake, InvalidURI) as error:
            self._lost(self._why_not_connected(error))
            return None
        self._subscribed_at = self._clock()
        try:
            async with asyncio.timeout(self._limits.write):
                await socket.send(self._frame)
        except (ConnectionClosed, TimeoutError):
            await socket.close()
            self._lost(f"{self._address} dropped the subscription at once")
            return None
        except asyncio.CancelledError:
            await socket.close()
            raise
        self._socket = socket
        if not self._is_up:
            self._is_up = True
            self._tell(None)
        return socket

    async def _next_frame(self, socket: ClientConnection) -> bytes | None:
        """Return the next frame, or ``None`` when the socket has ended; says so where that was not planned."""
        left = self._subscribed_at + self._request.timeout + EXPIRY_TOLERANCE - self._clock()
        try:
            async with asyncio.timeout(max(left, 0.0)):
                return await socket.recv(decode=False)
        except TimeoutError:
            self._backoff.succeeded()
            await self._drop()
            return None
        except ConnectionClosed as error:
            reason = str(error)
        lived = self._clock() - self._subscribed_at
        await self._drop()
        # Half the time at least: a short subscription that is dropped at once must not count as planned.
        planned = lived >= max(self._request.timeout - EXPIRY_TOLERANCE, self._request.timeout / 2)
        if planned or lived >= HEALTHY_AFTER:
            self._backoff.succeeded()
        if not planned:
            self._lost(f"{self._address} dropped the subscription: {reason}")
        return None

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

    def _read(self, frame: bytes) -> Event:
        if not frame.strip():
            raise NotDecodable("an empty frame is not an event")
        reply = open_reply(frame)
        if not reply.error and reply.payloadtype != self._request.reply_msgtype:
            raise NotDecodable(f"{self._request.msgtype} was answered with {reply.payloadtype[:60]!r}")
        return Event(read_reply(reply, self._request.reply_adapter(), msgtype=self._request.msgtype))

    def _is_asked_for(self, process: Process) -> bool:
        """Tell whether an event is ours: servers deliver those of other colonies and of similar type names too."""
        request, conditions = self._request, process.spec.conditions
        if process.state is not request.state:
            return False
        if isinstance(request, SubscribeProcess):
            return process.processid == request.processid
        return conditions.executortype == request.executortype and request.colonyname in ("", conditions.colonyname)

    def _lost(self, words: str) -> None:
        self._delay = self._backoff.next_delay()
        self._is_up = False
        self._tell(NotReached(words))

    def _tell(self, error: ColoniesError | None) -> None:
        if self._on_state is not None:
            self._on_state(error is None, error)
