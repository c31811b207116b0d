"""The wire between a benchmark and a program that it started: one JSON value a line, over a socket of their own.

Both ends are here. The program finds its end by a variable of its environment, so that its terminal stays its own.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import Awaitable, Callable
from typing import Any

VARIABLE = "BENCHMARK_CONTROL"
"""Holds the file number of the program's end."""

SECONDS = 300.0
"""Longest wait for a program to do what it was asked; everything asked for takes a fraction of it."""

LONGEST_LINE = 1 << 28
"""Bytes of what can be asked at once: the states of all processes, at the most."""

Handler = Callable[[dict[str, Any]], Awaitable[Any]]


class Control:
    """The benchmark's end."""

    def __init__(self) -> None:
        self._socket, self.theirs = socket.socketpair()
        self._socket.settimeout(SECONDS)
        self._lines = self._socket.makefile("rb")

    @property
    def environment(self) -> dict[str, str]:
        """What the program needs to know of it."""
        return {VARIABLE: str(self.theirs.fileno())}

    def tell(self, command: str, **arguments: Any) -> None:
        """Ask for something whose answer is read later with :meth:`hear`."""
        self._socket.sendall(json.dumps({"command": command, **arguments}).encode() + b"\n")

    def hear(self) -> Any:
        """Return the program's next answer.

        Raises:
            RuntimeError: it has ended.
        """
        line = self._lines.readline()
        if not line:
            raise RuntimeError("a program that was measured has ended before its time")
        return json.loads(line)

    def ask(self, command: str, **arguments: Any) -> Any:
        """Ask for something and return the answer."""
        self.tell(command, **arguments)
        return self.hear()

    def close(self) -> None:
        """Close both ends."""
        self._lines.close()
        self._socket.close()
        self.theirs.close()


async def answer(handlers: dict[str, Handler]) -> None:
    """In the program: answer, in turn, until the benchmark goes. The first answer says that the program is ready."""
    mine = socket.socket(fileno=int(os.environ[VARIABLE]))
    mine.setblocking(False)
    reader, writer = await asyncio.open_connection(sock=mine, limit=LONGEST_LINE)
    try:
        writer.write(json.dumps(await handlers["ready"]({})).encode() + b"\n")
        while line := await reader.readline():
            asked = json.loads(line)
            reply = await handlers[asked.pop("command")](asked)
            writer.write(json.dumps(reply).encode() + b"\n")
            await writer.drain()
    finally:
        writer.close()
