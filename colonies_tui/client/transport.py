"""Bodies to a server and back over one pool of httpx. Knows sizes, time limits and errors, not what the bodies mean."""

from __future__ import annotations

import asyncio
import functools
import ssl
from dataclasses import dataclass
from typing import Any

import httpcore

from colonies_tui import __version__
from colonies_tui.client import network_words
from colonies_tui.client.http_library import httpx
from colonies_tui.client.time_limits import TimeLimits
from colonies_tui.client.whole_requests import WholeRequests
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.errors import ColoniesError, NotDecodable, NotReached, OutcomeUnknown

MAX_ANSWER_BYTES = 64 * 1024 * 1024
"""Largest answer that is read; a larger one is refused while it arrives."""

_KEEPALIVE_SECONDS = 30.0
_MAX_CONNECTIONS = 16
_HEADERS = {
    "accept": "*/*",
    "accept-encoding": "gzip, deflate",
    "connection": "keep-alive",
    "content-type": "application/json",
    "user-agent": f"colonies-tui/{__version__}",
}

# httpcore finds out at every request by which library it runs, and searches for one on the disk that is not there.
httpcore._synchronization.current_async_library = lambda: "asyncio"


def _set_up_lock(lock: httpcore._synchronization.AsyncLock) -> None:
    """Make the lock of a connection, which is taken three times for a request and is nearly always free.

    httpcore's own gives way to everything else at every taking: three turns of the event loop more.
    """
    lock._backend = "asyncio"
    library = httpcore._synchronization.anyio  # type: ignore[attr-defined]  # what it takes its own locks from
    lock._anyio_lock = library.Lock(fast_acquire=True)


httpcore._synchronization.AsyncLock.setup = _set_up_lock  # type: ignore[assignment,method-assign]  # no other way in


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the HTTP status and the body, not yet looked at."""

    status: int
    body: bytes


@functools.cache
def tls_context(address: ServerAddress) -> ssl.SSLContext | None:
    """Return what verifies the server, by the authorities that the address names; ``None`` for plain http.

    Raises:
        OSError: the file of authorities cannot be read or holds none.
    """
    if not address.tls:
        return None
    context = ssl.create_default_context(cafile=address.ca_file or None)
    if address.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


class _Pool(httpcore.AsyncConnectionPool):
    """A pool that loses no connection with a request that is given up.

    It closes connections whole, even where the request that found them over is given up meanwhile: httpcore shields
    that closing from anyio's cancellation only, not from asyncio's, and the connections would be gone from the pool
    with their sockets open for as long as the process lives.

    And it forgets connections that were made for a request which was given up before it had them: httpcore would count
    them among those that there may be for ever, and once nothing else is left in the pool, no request goes out again.
    """

    def __init__(self, context: ssl.SSLContext | None) -> None:
        super().__init__(
            ssl_context=context,
            max_connections=_MAX_CONNECTIONS,
            # As many as there can be: httpcore closes surplus ones also when a request has been given one already.
            max_keepalive_connections=_MAX_CONNECTIONS,
            keepalive_expiry=_KEEPALIVE_SECONDS,
            network_backend=WholeRequests(),
        )
        self._closings: set[asyncio.Task[None]] = set()

    def _assign_requests_to_connections(self) -> list[httpcore.AsyncConnectionInterface]:
        wanted = {id(request.connection) for request in self._requests}
        self._connections = [
            connection for connection in self._connections if id(connection) in wanted or not _is_unbegun(connection)
        ]
        return super()._assign_requests_to_connections()

    async def _close_connections(self, closing: list[httpcore.AsyncConnectionInterface]) -> None:
        if closing:
            task = asyncio.create_task(super()._close_connections(closing), name="closing connections")
            self._closings.add(task)
            task.add_done_callback(self._closings.discard)
            await asyncio.shield(task)

    async def aclose(self) -> None:
        await super().aclose()
        if self._closings:
            await asyncio.wait(tuple(self._closings))


def _is_unbegun(connection: httpcore.AsyncConnectionInterface) -> bool:
    """Whether a connection is still an intention: nothing was opened, and nothing was tried."""
    return (
        isinstance(connection, httpcore.AsyncHTTPConnection)
        and connection._connection is None
        and not connection._connect_failed
    )


class _Network(httpx.AsyncHTTPTransport):
    """httpx's transport over such a pool."""

    def __init__(self, address: ServerAddress) -> None:
        # Plain http has nothing to verify; building a context for it would cost the start 20 ms.
        context = tls_context(address)
        super().__init__(verify=context or False, trust_env=False)
        self._pool = _Pool(context)

    async def drop_if_unclean(self, response: httpx.Response) -> None:
        """Close the connection of an answer after which more has come already: it would pass for the next answer."""
        stream: httpcore.AsyncNetworkStream = response.extensions["network_stream"]
        for outer in self._pool.connections:
            inner: Any = getattr(outer, "_connection", None)
            if inner is not None and inner._network_stream is stream:
                rest, _ = inner._h11_state.trailing_data
                if rest:
                    await stream.aclose()
                return


class Transport:
    """A pool of connections to one server.

    Args:
        address: the server.
        limits: how long each step may take.
        network: carries requests instead of the network.
    """

    def __init__(
        self, address: ServerAddress, limits: TimeLimits, *, network: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._address = address
        self._limits = limits
        self._network = network or _Network(address)
        self._url: httpx.URL | None = None

    async def post(self, body: bytes, *, silence: float) -> Answer:
        """Post a body to the server.

        Args:
            body: what is sent.
            silence: seconds that the server may say nothing before and while it answers.

        Raises:
            NotReached: nothing was carried out: no connection came about, or the other side could not read us at all.
            OutcomeUnknown: it was sent, and no complete answer came back.
            NotDecodable: the answer is too large or wrongly compressed.
        """
        limits = self._limits
        timeout = httpx.Timeout(connect=limits.connect, read=silence, write=limits.write, pool=limits.pool)
        try:
            async with asyncio.timeout(limits.whole(silence)):
                return await self._exchange(body, timeout)
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, TimeoutError) as error:
            raise self._translated(error, silence) from error

    async def _exchange(self, body: bytes, timeout: httpx.Timeout) -> Answer:
        # Straight to httpx's transport: its client adds redirects, cookies and authentication, which are not wanted,
        # and a third of what a request costs.
        if self._url is None:
            self._url = httpx.URL(f"{self._address.http_url}/api")
        request = httpx.Request(
            "POST", self._url, headers=_HEADERS, content=body, extensions={"timeout": timeout.as_dict()}
        )
        response = await self._network.handle_async_request(request)
        received = bytearray()
        try:
            async for piece in response.aiter_bytes():
                received += piece
                if len(received) > MAX_ANSWER_BYTES:
                    raise NotDecodable(f"the answer of {self._address} is larger than {MAX_ANSWER_BYTES >> 20} MiB")
            if isinstance(self._network, _Network):
                await self._network.drop_if_unclean(response)
        finally:
            await response.aclose()
        if response.status_code == 400 and network_words.answers_plain_http_with_tls_refusal(received):
            raise NotReached(network_words.speaks_tls(self._address))
        return Answer(response.status_code, bytes(received))

    def _translated(self, error: Exception, silence: float) -> ColoniesError:
        address = self._address
        match error:
            case httpx.PoolTimeout():
                return NotReached(f"too many requests to {address} at once: none was free to send this one")
            case httpx.ConnectTimeout():
                return NotReached(f"no connection to {address} within {self._limits.connect:g} s")
            case httpx.ConnectError() | UnicodeError():
                return NotReached(network_words.not_connected(address, error))
            case httpx.UnsupportedProtocol() | httpx.LocalProtocolError() | httpx.InvalidURL():
                return NotReached(f"{address} is not an address that can be asked: {error}")
            case httpx.DecodingError():
                return NotDecodable(f"the answer of {address} is wrongly compressed")
            case httpx.ReadTimeout():
                return OutcomeUnknown(f"no answer from {address} within {silence:g} s")
            case httpx.WriteTimeout():
                return OutcomeUnknown(f"{address} took no more of the request for {self._limits.write:g} s")
            case TimeoutError():
                return OutcomeUnknown(f"no complete answer from {address} within {self._limits.whole(silence):g} s")
            case httpx.RemoteProtocolError() if network_words.shows_tls_alert(error):
                return NotReached(network_words.speaks_tls(address))
            case _:
                return OutcomeUnknown(f"the connection to {address} broke before the answer was complete")

    async def aclose(self) -> None:
        """Close all connections."""
        await self._network.aclose()
