"""A server within the running event loop, on a port that the system chose: for tests and benchmarks."""

from __future__ import annotations

import asyncio
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
    settings: ServerSettings, *, clock: Clock | None = None, port: int = 0
) -> AsyncIterator[RunningServer]:
    """Run a server until the block ends. The port of the settings is not used; 0 lets the system choose one.

    Raises:
        CannotListen: the port is taken.
        DatabaseUnusable: the data directory is in use, or holds something else.
    """
    with closing(bind(settings.host, port)) as bound:
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
                uvicorn_server.should_exit = True
