"""Sends any one request to a server: signs, sends, decodes. It repeats nothing, remembers nothing but connections."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from colonies_tui.client.exchange import Exchange, Outcome
from colonies_tui.client.time_limits import DEFAULT_LIMITS, TimeLimits
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.envelope import Reply, encode_request, open_reply, read_reply
from colonies_tui.protocol.errors import ColoniesError, NotDecodable, NotReached, OutcomeUnknown
from colonies_tui.protocol.foreign import foreign_part
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.request import Request

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from colonies_tui.client.transport import Answer, Transport
    from colonies_tui.client.witness import Witness

R = TypeVar("R")

_GATEWAY_STATUSES = (502, 503, 504)


class RequestSender:
    """One server, one set of keys. What sends a single request loads no more than this and that request's own class.

    Every method raises members of the tree in :mod:`colonies_tui.protocol.errors` and nothing else. The sender is an
    async context manager; connections are opened at the first request.
    """

    def __init__(self, address: ServerAddress, keys: Keyring, *, limits: TimeLimits = DEFAULT_LIMITS) -> None:
        self.address = address
        self.keys = keys
        self.limits = limits
        self.on_exchange: Callable[[Exchange], None] | None = None
        """Told about each exchange once it is over; it must not raise."""
        self.witness: Witness | None = None
        """Told what comes; it can be set and taken away at any time."""
        self._transport: Transport | None = None
        self._closed = False

    async def send(self, request: Request[R], *, key: PrivateKey | None = None) -> R:
        """Send a request and return its decoded reply.

        Args:
            request: what to ask.
            key: signs instead of the keyring's key for the request's role.

        Raises:
            KeyMissing: no key of this client can have the role; nothing was sent.
            UnsafeRequest: the request would damage a real server; nothing was sent.
            NotReached, OutcomeUnknown, Refused, NotDecodable: see :mod:`colonies_tui.protocol.errors`.
        """
        return await self._send(request, request.reply_adapter(), key)

    async def _send(self, request: Request[Any], adapter: TypeAdapter[R], key: PrivateKey | None) -> R:
        if request.over_websocket:
            raise ValueError(f"{request.msgtype} goes over the websocket: use subscribe")
        body = encode_request(request, key or self.keys.key_for(request.role))
        began = time.perf_counter()
        received_bytes = 0
        error: BaseException | None = None
        try:
            answer = await self._opened().post(body, silence=self.limits.silence(request))
            received_bytes = len(answer.body)
            reply = self._opened_reply(request, answer)
            result = self._read(request, answer, reply, adapter)
            if self.witness is not None:
                self.witness.answered(request, time.perf_counter() - began, reply.payload)
            return result
        except BaseException as problem:
            error = problem
            if self.witness is not None and isinstance(problem, ColoniesError):
                self.witness.failed(request, time.perf_counter() - began, problem)
            raise
        finally:
            if self.on_exchange is not None:
                seconds = time.perf_counter() - began
                self.on_exchange(Exchange(request.msgtype, seconds, len(body), received_bytes, Outcome.of(error)))

    def _opened(self) -> Transport:
        if self._closed:
            raise NotReached(f"the connection to {self.address} was closed here")
        if self._transport is None:
            # Loaded here, so that importing the client does not load the network library before the first frame.
            from colonies_tui.client.transport import Transport

            self._transport = Transport(self.address, self.limits)
        return self._transport

    def _opened_reply(self, request: Request[Any], answer: Answer) -> Reply:
        if answer.status in _GATEWAY_STATUSES and not answer.body.lstrip().startswith(b"{"):
            raise OutcomeUnknown(f"something between here and {self.address} answered {answer.status} in its place")
        if request.changes and not answer.body.strip():
            # Only two reads are refused in this way; a server that failed in the middle of a change says nothing, too.
            raise OutcomeUnknown(f"{self.address} answered with nothing")
        with _status_in_words(answer.status):
            reply = open_reply(answer.body, status=answer.status)
            if not reply.error and reply.payloadtype != request.reply_msgtype:
                raise NotDecodable(f"{request.msgtype} was answered with {reply.payloadtype[:60]!r}")
            return reply

    @staticmethod
    def _read(request: Request[Any], answer: Answer, reply: Reply, adapter: TypeAdapter[R]) -> R:
        with _status_in_words(answer.status):
            content = read_reply(reply, adapter, status=answer.status, msgtype=request.msgtype)
            if foreign := foreign_part(request, content):
                raise NotDecodable(f"{request.msgtype} was answered with something that was not asked for: {foreign}")
            return content

    async def aclose(self) -> None:
        """Close all connections; requests that are under way fail."""
        self._closed = True
        transport, self._transport = self._transport, None
        if transport is not None:
            await transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.address})"


@contextmanager
def _status_in_words(status: int) -> Iterator[None]:
    """Let what cannot be decoded say with which HTTP status it came, where that is not the usual one."""
    try:
        yield
    except NotDecodable as error:
        if status == 200:
            raise
        raise NotDecodable(f"{error} (HTTP status {status})") from None
