"""The network side of a server: a socket that is bound before anything starts, and uvicorn on it."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import Iterator

import uvicorn

from colonies_tui.localserver.app import app_of
from colonies_tui.localserver.server import LocalServer
from colonies_tui.protocol.address import ServerAddress

BACKLOG = 1024
"""Connections that may wait to be accepted."""

STOP_SECONDS = 3
"""How long a stopping server waits for connections to end."""

_LOOK_SECONDS = 0.01
"""How often a stopping server looks whether they have."""

_TICK_SECONDS = 0.1
"""How often uvicorn's loop looks whether a signal came; every tenth time it renews the date in its answers."""


class CannotListen(Exception):
    """The address cannot be listened on; says why and what to do."""


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket; connections wait until somebody accepts them. Port 0 lets the system choose.

    Raises:
        CannotListen: the port is taken, or the host is not an address of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio turns off delayed sending only for sockets that say that they are TCP.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(BACKLOG)
    except OSError as error:
        bound.close()
        if error.errno == errno.EADDRINUSE:
            raise CannotListen(
                f"port {port} on {host} is taken, perhaps by another Colonies server: choose another port"
            ) from None
        raise CannotListen(f"cannot listen on {host} port {port}: {error.strerror or error}") from None
    return bound


def address_of(bound: socket.socket) -> ServerAddress:
    """Return the address that clients connect to."""
    host, port = bound.getsockname()[:2]
    return ServerAddress({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port, tls=False)  # noqa: S104 - compared


class UvicornServer(uvicorn.Server):
    """uvicorn, which answers the long polls when it is asked to stop, and leaves signals to others if told so."""

    def __init__(self, server: LocalServer, *, handles_signals: bool) -> None:
        super().__init__(
            uvicorn.Config(
                app_of(server),
                http="httptools",
                ws="websockets-sansio",
                ws_ping_interval=None,
                ws_per_message_deflate=False,
                lifespan="on",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_keep_alive=120,
                timeout_graceful_shutdown=STOP_SECONDS,
            )
        )
        self._local_server = server
        self._handles_signals = handles_signals
        self._told_to_stop = asyncio.Event()

    def stop(self) -> None:
        """End what serves, at once."""
        self.should_exit = True
        self._told_to_stop.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone where the loop belongs to somebody else."""
        if not self._handles_signals:
            yield
            return
        with super().capture_signals():
            yield
            # Stopping on a signal is the normal end of a server: the signal is not raised again.
            self._captured_signals.clear()

    async def main_loop(self) -> None:
        """Serve until a signal comes or ``stop`` is called, which is not waited for a tick."""
        count = 0
        while not await self.on_tick(count):
            count += 1
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_TICK_SECONDS):
                    await self._told_to_stop.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, after everybody who waits has an answer; as uvicorn does, but without its pauses of a tenth each."""
        self._local_server.release()
        for server in self.servers:
            server.close()
        for bound in sockets or ():
            bound.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await asyncio.sleep(0)
                while not self.force_exit and self._is_busy:  # noqa: ASYNC110 - uvicorn has no event for it
                    await asyncio.sleep(_LOOK_SECONDS)
                for server in self.servers:
                    await server.wait_closed()
        except TimeoutError:
            for task in self.server_state.tasks:
                task.cancel()
        if not self.force_exit:
            await self.lifespan.shutdown()

    @property
    def _is_busy(self) -> bool:
        return bool(self.server_state.connections or self.server_state.tasks)
