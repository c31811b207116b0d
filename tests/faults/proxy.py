"""A proxy between a console and a server, over real sockets, that spoils what passes through it as it is told.

It understands as much of HTTP/1.1 and of websockets as is needed to act on whole replies and whole frames.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import socket
import struct
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.messages.every import MESSAGES
from tests.faults.frames import Frame, read_frame

LIMIT = 256 * 1024 * 1024
"""Largest head or body that is passed on."""

_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came through."""

    msgtype: str
    payload: dict[str, Any]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the server: its head with the blank line, and its body."""

    head: bytes
    body: bytes

    @property
    def wire(self) -> bytes:
        """All of it."""
        return self.head + self.body

    @classmethod
    def of(cls, body: bytes, status: int = 200, words: str = "OK") -> Reply:
        """Make an answer of our own."""
        head = f"HTTP/1.1 {status} {words}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        return cls(head.encode(), body)


@dataclass
class Exchange:
    """One request, and what may be done about it."""

    proxy: Proxy
    asked: Asked
    writer: asyncio.StreamWriter
    _ask_server: Callable[[], Awaitable[Reply]]

    async def reply(self) -> Reply:
        """Pass the request on, and return what the server answers.

        Raises:
            ConnectionError: there is no server.
        """
        return await self._ask_server()

    async def send(self, data: bytes) -> None:
        """Send bytes to the console, as they are."""
        self.writer.write(data)
        await self.writer.drain()

    def reset(self) -> None:
        """Break the connection off with a reset."""
        break_off(self.writer)

    async def until_calm(self) -> None:
        """Wait until the proxy spoils nothing any more."""
        self.proxy.held += 1
        try:
            await self.proxy.is_calm.wait()
        finally:
            self.proxy.held -= 1


HttpFault = Callable[[Exchange], Awaitable[None]]
"""Does what is done instead of answering. A connection that it leaves open is used on."""

FrameFault = Callable[[Frame], Sequence[bytes]]
"""Returns the bytes that are sent to the console instead of a frame."""


def break_off(writer: asyncio.StreamWriter) -> None:
    """End a connection with a reset."""
    raw = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@dataclass
class Proxy:
    """What passes, and what is done to it. Nothing is, to begin with."""

    upstream: ServerAddress
    address: ServerAddress = field(init=False)
    asked: deque[Asked] = field(default_factory=lambda: deque(maxlen=_KEPT))
    """The latest requests over HTTP, spoiled or not."""
    counts: Counter[str] = field(default_factory=Counter)
    """How many requests of each type came."""
    changes: Counter[str] = field(default_factory=Counter)
    """The same of those that change something."""
    answered: Counter[str] = field(default_factory=Counter)
    """How many answers of each type of request were passed on as they were."""
    largest: dict[str, int] = field(default_factory=dict)
    """Bytes of the largest answer that came from the server, by type of request."""
    frames: int = 0
    """Frames that came from the server."""
    spoiled: int = 0
    """Requests, frames, connections that something was done to."""
    held: int = 0
    """Requests that wait for calm."""
    is_calm: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the proxy ends."""
    _fault: HttpFault | None = None
    _choose: Callable[[Asked], bool] = lambda asked: True
    _frame_fault: FrameFault | None = None
    _drops_at_once: bool = False
    _refuses_sockets: bool = False
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.is_calm.set()

    # What is done -----------------------------------------------------------------------------------------------------

    def spoil(self, fault: HttpFault, choose: Callable[[Asked], bool] = lambda asked: True) -> None:
        """Do this to every request that is chosen, until :meth:`calm`."""
        self._fault, self._choose = fault, choose
        self.is_calm.clear()

    def spoil_frames(self, fault: FrameFault) -> None:
        """Do this to every frame from the server, until :meth:`calm`."""
        self._frame_fault = fault
        self.is_calm.clear()

    def drop_at_once(self) -> None:
        """Accept connections and break them off, old ones included, until :meth:`calm`."""
        self._drops_at_once = True
        self.is_calm.clear()
        self.break_all()

    def refuse_sockets(self) -> None:
        """Answer 500 where a websocket is asked for, and break off what stands, until :meth:`calm`."""
        self._refuses_sockets = True
        self.is_calm.clear()
        self.break_all()

    def break_all(self) -> None:
        """Break all connections off that stand now."""
        for writer in tuple(self._writers):
            break_off(writer)

    def calm(self) -> None:
        """Spoil nothing any more."""
        self._fault = self._frame_fault = None
        self._drops_at_once = self._refuses_sockets = False
        self.is_calm.set()

    def count(self, msgtype: str) -> int:
        """Return how often something was asked."""
        return self.counts[msgtype]

    @property
    def open_count(self) -> int:
        """How many connections of the console are open."""
        return len(self._writers)

    # How it is done ---------------------------------------------------------------------------------------------------

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Look after one connection of a console."""
        if self._drops_at_once:
            self.spoiled += 1
            break_off(writer)
            return
        self._writers.add(writer)
        upstream = _Upstream(self.upstream)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                if b"upgrade: websocket" in head.lower():
                    if self._refuses_sockets:
                        self.spoiled += 1
                        writer.write(Reply.of(b"no", 500, "Internal Server Error").wire)
                        return
                    await self._tunnel(head, reader, writer)
                    return
                body = await reader.readexactly(_length(head))
                await self._exchange(head, body, upstream, writer)
        except (asyncio.IncompleteReadError, ConnectionError, OSError):
            break_off(writer)  # the console left, or there is no server
        finally:
            self._writers.discard(writer)
            upstream.close()
            writer.close()

    async def _exchange(self, head: bytes, body: bytes, upstream: _Upstream, writer: asyncio.StreamWriter) -> None:
        asked = _asked(body)
        self.asked.append(asked)
        self.counts[asked.msgtype] += 1
        if MESSAGES[asked.msgtype].changes:
            self.changes[asked.msgtype] += 1

        async def ask_server() -> Reply:
            reply = await upstream.ask(head + body)
            self.largest[asked.msgtype] = max(self.largest.get(asked.msgtype, 0), len(reply.wire))
            return reply

        exchange = Exchange(self, asked, writer, ask_server)
        if self._fault is not None and self._choose(asked):
            self.spoiled += 1
            await self._fault(exchange)
            return
        reply = await exchange.reply()
        await exchange.send(reply.wire)
        self.answered[asked.msgtype] += 1

    async def _tunnel(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_connection(self.upstream.host, self.upstream.port, limit=LIMIT)
        up = asyncio.create_task(_pass_on(reader, up_writer), name="proxy: console to server")
        try:
            up_writer.write(head)
            writer.write(await up_reader.readuntil(b"\r\n\r\n"))
            while True:
                frame = await read_frame(up_reader)
                self.frames += 1
                if self._frame_fault is not None and frame.is_data:
                    self.spoiled += 1
                    for piece in self._frame_fault(frame):
                        writer.write(piece)
                else:
                    writer.write(frame.wire)
                await writer.drain()
        finally:
            up.cancel()
            await asyncio.gather(up, return_exceptions=True)
            up_writer.transport.abort()


class _Upstream:
    """The connection to the server behind one connection of the console."""

    def __init__(self, address: ServerAddress) -> None:
        self._address = address
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> Reply:
        if self._streams is not None and self._streams[0].at_eof():
            self.close()
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._address.host, self._address.port, limit=LIMIT)
        reader, writer = self._streams
        writer.write(request)
        await writer.drain()
        head = await reader.readuntil(b"\r\n\r\n")
        return Reply(head, await reader.readexactly(_length(head)))

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].transport.abort()
            self._streams = None


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.transport.abort()


def _length(head: bytes) -> int:
    lines = head.lower().split(b"\r\n")
    return next((int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:")), 0)


def _asked(body: bytes) -> Asked:
    payload: dict[str, Any] = json.loads(base64.b64decode(json.loads(body)["payload"]))
    return Asked(str(payload["msgtype"]), payload, body)


@contextlib.asynccontextmanager
async def proxy_to(upstream: ServerAddress) -> AsyncIterator[Proxy]:
    """Run a proxy before a server until the block ends; nothing is left open then."""
    proxy = Proxy(upstream)
    serving: set[asyncio.Task[None]] = set()

    def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(proxy.serve(reader, writer), name="proxy")
        serving.add(task)
        task.add_done_callback(serving.discard)

    listener = await asyncio.start_server(accepted, "127.0.0.1", 0, limit=LIMIT)
    proxy.address = ServerAddress("127.0.0.1", listener.sockets[0].getsockname()[1], tls=False)
    try:
        yield proxy
    finally:
        proxy.is_over.set()
        listener.close()
        left = tuple(serving)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await listener.wait_closed()
