"""A server within the running event loop: for the demo, tests and benchmarks."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass

from colonies_tui.localserver.bootstrap import Identities, ensure_identities
from colonies_tui.localserver.clock import Clock
from colonies_tui.localserver.listening import UvicornServer, address_of, bind
from colonies_tui.localserver.server import LocalServer
from colonies_tui.localserver.settings import ServerSettings
from colonies_tui.protocol.address import ServerAddress


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server that answers."""

    address: ServerAddress
    identities: Identities
    server: LocalServer
    """Its parts, to look at from a test."""


@asynccontextmanager
async def running_server(
    settings: ServerSettings, *, clock: Clock | None = None, port: int = 0, listening: socket.socket | None = None
) -> AsyncIterator[RunningServer]:
    """Run a server until the block ends. The port of the settings is not used.

    Args:
        settings: what to serve.
        clock: tells the time; the system's if not given.
        port: where to listen; 0 lets the system choose.
        listening: a socket that listens already, in place of the port; it is closed at the end.

    Raises:
        CannotListen: the port is taken.
        DatabaseUnusable: the data directory is in use, or holds something else.
    """
    with closing(listening or bind(settings.host, port)) as bound:
        server = LocalServer(settings, clock=clock)
        try:
            server.address = address_of(bound)
            identities = await ensure_identities(server)
        except BaseException:
            server.close()
            raise
        uvicorn_server = UvicornServer(server, handles_signals=False)
        async with asyncio.TaskGroup() as group:
            group.create_task(uvicorn_server.serve(sockets=[bound]), name="local server")
            try:
                yield RunningServer(server.address, identities, server)
            finally:
                uvicorn_server.stop()
