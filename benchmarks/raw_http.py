"""The cheapest client there is, so that what is measured is the server: prepared bodies over connections that stay."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

CONNECTIONS = 16


class Connection:
    """One connection that posts one body after another."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> None:
        self._reader = reader
        self._writer = writer
        self._head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ".encode()

    async def post(self, body: bytes) -> bytes:
        """Return the body of the answer.

        Raises:
            RuntimeError: it is not one of success.
        """
        self._writer.write(b"%s%d\r\n\r\n%s" % (self._head, len(body), body))
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        answer = await self._reader.readexactly(int(length.split(b":")[1]))
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"a request was refused: {head[:40]!r} {answer[:200]!r}")
        return answer

    def close(self) -> None:
        """Close it."""
        self._writer.close()


@asynccontextmanager
async def connections(host: str, port: int, path: str) -> AsyncIterator[list[Connection]]:
    """Open the connections; they are closed when this is left."""
    opened: list[Connection] = []
    try:
        for _ in range(CONNECTIONS):
            opened.append(Connection(*await asyncio.open_connection(host, port), path))
        yield opened
    finally:
        for connection in opened:
            connection.close()


async def share(opened: list[Connection], count: int, work: Callable[[int, Connection], Awaitable[None]]) -> None:
    """Do ``count`` pieces of work, numbered, as fast as the connections take them."""
    numbers = iter(range(count))

    async def go_on(connection: Connection) -> None:
        for number in numbers:
            await work(number, connection)

    async with asyncio.TaskGroup() as group:
        for connection in opened:
            group.create_task(go_on(connection))
