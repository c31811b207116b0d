"""Very many websockets in one process that only count what arrives, so that what is measured is the server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


def text_frame(text: bytes) -> bytes:
    """Return a client's frame; masked with nought, which changes nothing."""
    size = len(text)
    if size < 126:
        head = bytes((0x81, 0x80 | size))
    elif size < 1 << 16:
        head = bytes((0x81, 0x80 | 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((0x81, 0x80 | 127)) + size.to_bytes(8, "big")
    return head + bytes(4) + text


class Hall:
    """Counts the frames that all listeners together have received, and tells when there are enough."""

    def __init__(self) -> None:
        self.count = 0
        self._wanted = 0
        self._enough: asyncio.Future[None] | None = None

    def heard(self, frames: int) -> None:
        """Note frames."""
        self.count += frames
        if self._enough is not None and self.count >= self._wanted and not self._enough.done():
            self._enough.set_result(None)

    async def until(self, count: int) -> None:
        """Return when so many frames have arrived since the beginning."""
        self._wanted = count
        self._enough = asyncio.get_running_loop().create_future()
        self.heard(0)
        await self._enough


class Listener(asyncio.Protocol):
    """One websocket."""

    def __init__(self, hall: Hall, path: str) -> None:
        self._hall = hall
        self._path = path
        self._rest = b""
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for a websocket, without compression."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(
            f"GET {self._path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        """Count whole frames."""
        data = self._rest + data if self._rest else data
        at = 0
        if not self.opened.done():
            at = data.find(b"\r\n\r\n") + 4
            if at < 4:
                self._rest = data
                return
            if b" 101 " not in data[:20]:
                self.opened.set_exception(RuntimeError(f"no websocket: {data[:60]!r}"))
                return
            self.opened.set_result(None)
        frames = 0
        while len(data) - at >= 2:
            size, head = data[at + 1] & 0x7F, 2
            if size == 126:
                size, head = int.from_bytes(data[at + 2 : at + 4], "big"), 4
            elif size == 127:
                size, head = int.from_bytes(data[at + 2 : at + 10], "big"), 10
            if len(data) - at < head + size:
                break
            at += head + size
            frames += 1
        self._rest = data[at:]
        if frames:
            self._hall.heard(frames)

    def say(self, text: bytes) -> None:
        """Send a text."""
        self.transport.write(text_frame(text))


@asynccontextmanager
async def listeners(count: int, host: str, port: int, path: str) -> AsyncIterator[tuple[Hall, list[Listener]]]:
    """Open so many websockets; they are closed when this is left."""
    loop, hall, opened = asyncio.get_running_loop(), Hall(), []
    try:
        for _ in range(count):
            _, listener = await loop.create_connection(lambda: Listener(hall, path), host, port)
            opened.append(listener)
            await listener.opened
        yield hall, opened
    finally:
        for listener in opened:
            listener.transport.abort()
