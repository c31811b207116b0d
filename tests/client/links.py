"""A subscription under a test's control, and a server that follows a script."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from colonies_tui.client.backoff import Backoff
from colonies_tui.client.listening import Event
from colonies_tui.client.subscription import Subscription
from colonies_tui.client.time_limits import TimeLimits
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import ColoniesError
from colonies_tui.protocol.messages.subscription import SubscribeProcess, SubscribeProcesses
from colonies_tui.protocol.states import ProcessState
from tests.client.servers import drop, envelope, websocket_server

KEY = PrivateKey.new()
ONE = SubscribeProcess(processid="x", state=ProcessState.SUCCESS, timeout=60)
MANY = SubscribeProcesses(colonyname="dev", executortype="cli", state=ProcessState.FAILED, timeout=60)

Handler = Callable[[ServerConnection], Awaitable[None]]


def event(processid: str = "x", state: int = 2, colony: str = "dev", executortype: str = "cli") -> str:
    """Return the frame of one event."""
    conditions = {"colonyname": colony, "executortype": executortype}
    process = {"processid": processid, "state": state, "spec": {"conditions": conditions}}
    return envelope(process, "subscribeprocessmsg").decode()


class Link:
    """One subscription with a clock that stands still, waits that are only noted, and the link's story."""

    def __init__(self, address: ServerAddress, request: SubscribeProcess | SubscribeProcesses = ONE) -> None:
        self.now = 1000.0
        self.waits: list[float] = []
        self.story: list[ColoniesError | None] = []
        self.is_up = asyncio.Event()
        self.subscription = Subscription(
            address,
            request,
            KEY,
            limits=TimeLimits(connect=5.0),
            on_state=self._told,
            backoff=Backoff(spread=lambda: 1.0),
            clock=lambda: self.now,
            sleep=lambda seconds: self.wait(seconds),
        )
        self.wait: Callable[[float], Awaitable[None]] = self._noted

    def _told(self, is_up: bool, error: ColoniesError | None) -> None:
        assert is_up is (error is None)
        self.story.append(error)
        if is_up:
            self.is_up.set()
        else:
            self.is_up.clear()

    async def _noted(self, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(0)

    async def next(self) -> Event:
        return await anext(self.subscription)


class Script:
    """A server that gives each connection to the next handler, the last handler to all further ones."""

    def __init__(self, *handlers: Handler) -> None:
        self.handlers = handlers
        self.connections = 0
        self.frames: list[dict[str, Any]] = []
        self.ended = asyncio.Event()
        """Set when a client ended a connection."""

    async def handle(self, connection: ServerConnection) -> None:
        handler = self.handlers[min(self.connections, len(self.handlers) - 1)]
        self.connections += 1
        try:
            self.frames.append(json.loads(await connection.recv()))
            await handler(connection)
        except ConnectionClosed:
            self.ended.set()


@contextlib.asynccontextmanager
async def linked(
    *handlers: Handler, request: SubscribeProcess | SubscribeProcesses = ONE
) -> AsyncIterator[tuple[Script, Link]]:
    """Serve handlers and yield the server's record and a subscription to it."""
    script = Script(*handlers)
    async with websocket_server(script.handle) as address:
        link = Link(address, request)
        async with link.subscription:
            yield script, link


def sends(*frames: str | bytes) -> Handler:
    """Return a handler that sends frames and stays until the client leaves."""

    async def handler(connection: ServerConnection) -> None:
        for frame in frames:
            await connection.send(frame)
        await connection.recv()

    return handler


async def drops_at_once(connection: ServerConnection) -> None:
    drop(connection)
