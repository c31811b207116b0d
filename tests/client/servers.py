"""Small servers on loopback that answer, stall and break off as a test wants."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.server import ServerConnection, serve

from colonies_tui.protocol.address import ServerAddress

Answer = Callable[[dict[str, Any]], bytes | None]
"""Given the envelope of a request, returns the bytes to write; ``None`` stays silent."""


def envelope(payload: Any, payloadtype: str, *, error: bool = False) -> bytes:
    """Return a reply body."""
    raw = base64.b64encode(json.dumps(payload).encode()).decode()
    return json.dumps({"payloadtype": payloadtype, "payload": raw, "error": error}).encode()


def refusal(status: int, message: str) -> bytes:
    """Return the body of an error reply."""
    return envelope({"status": status, "message": message}, "error", error=True)


def http(body: bytes, status: int = 200, *, length: int | None = None, headers: str = "") -> bytes:
    """Return an HTTP answer; ``length`` may promise more than there is."""
    size = len(body) if length is None else length
    return f"HTTP/1.1 {status} Words\r\ncontent-length: {size}\r\n{headers}\r\n".encode() + body


def payload_of(request: dict[str, Any]) -> dict[str, Any]:
    """Return the decoded payload of a request's envelope."""
    payload: dict[str, Any] = json.loads(base64.b64decode(request["payload"]))
    return payload


@contextlib.asynccontextmanager
async def listening(
    handle: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]], tls: ssl.SSLContext | None = None
) -> AsyncIterator[ServerAddress]:
    """Give each connection to ``handle`` and leave nothing open behind."""
    writers: set[asyncio.StreamWriter] = set()
    handlers: set[asyncio.Task[None]] = set()

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await handle(reader, writer)
        writer.close()

    def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.add(writer)
        handlers.add(asyncio.get_running_loop().create_task(served(reader, writer)))

    listener = await asyncio.start_server(accepted, "127.0.0.1", 0, ssl=tls)
    try:
        yield ServerAddress("127.0.0.1", listener.sockets[0].getsockname()[1], tls=tls is not None)
    finally:
        listener.close()
        for task in handlers:
            task.cancel()
        await asyncio.gather(*handlers, return_exceptions=True)
        for writer in writers:
            writer.transport.abort()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
        await listener.wait_closed()


@dataclass
class HttpServer:
    """A server that keeps what it was asked."""

    address: ServerAddress
    requests: list[dict[str, Any]] = field(default_factory=list)
    connections: int = 0
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a client closed a connection."""


@contextlib.asynccontextmanager
async def http_server(
    answer: Answer, *, then_close: bool = False, tls: ssl.SSLContext | None = None
) -> AsyncIterator[HttpServer]:
    """Serve ``answer``; with ``then_close`` each connection ends after it."""

    async def read_request(reader: asyncio.StreamReader) -> dict[str, Any]:
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"POST /api HTTP/1.1\r\n")
        (length,) = (line.split(b":")[1] for line in head.lower().splitlines() if line.startswith(b"content-length"))
        request: dict[str, Any] = json.loads(await reader.readexactly(int(length)))
        return request

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        try:
            while True:
                server.requests.append(await read_request(reader))
                server.asked.set()
                if (reply := answer(server.requests[-1])) is not None:
                    writer.write(reply)
                    await writer.drain()
                if then_close:
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            server.left.set()

    async with listening(handle, tls) as address:
        server = HttpServer(address)
        yield server


@dataclass
class RawServer:
    """A server that speaks no HTTP."""

    address: ServerAddress
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the first bytes of a client came."""
    left: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a client closed a connection."""


@contextlib.asynccontextmanager
async def raw_server(greeting: bytes | None, *, then_close: bool = True) -> AsyncIterator[RawServer]:
    """Accept connections, wait for the first bytes of the client, write ``greeting`` and close, or stay silent."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        server.asked.set()
        if greeting is not None:
            writer.write(greeting)
        try:
            while not then_close and await reader.read(65536):
                pass
        finally:
            server.left.set()

    async with listening(handle) as address:
        server = RawServer(address)
        yield server


@contextlib.contextmanager
def closed_port() -> Iterator[ServerAddress]:
    """Reserve a port on which nothing listens."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        yield ServerAddress("127.0.0.1", reserved.getsockname()[1], tls=False)


@contextlib.asynccontextmanager
async def websocket_server(
    handle: Callable[[ServerConnection], Awaitable[None]], *, tls: ssl.SSLContext | None = None
) -> AsyncIterator[ServerAddress]:
    """Serve subscriptions; each connection is given to ``handle`` and closed when it returns."""
    async with serve(handle, "127.0.0.1", 0, ssl=tls, ping_interval=None, close_timeout=0.2) as server:
        (listener,) = server.sockets
        yield ServerAddress("127.0.0.1", listener.getsockname()[1], tls=tls is not None)


def drop(connection: ServerConnection) -> None:
    """End a connection as a Colonies server does: without a close frame."""
    connection.transport.abort()
