"""``serve``: run a server in the foreground until SIGINT or SIGTERM."""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from colonies_tui.localserver.bootstrap import Identities, ensure_identities
from colonies_tui.localserver.listening import UvicornServer, address_of, bind
from colonies_tui.localserver.server import LocalServer
from colonies_tui.localserver.settings import ServerSettings
from colonies_tui.protocol.address import ServerAddress


@dataclass(frozen=True, slots=True)
class Started:
    """A server that listens."""

    address: ServerAddress
    identities: Identities
    settings: ServerSettings

    @property
    def keeps_other_keys(self) -> bool:
        """Whether keys were asked for, but the data directory was made with others, which are kept."""
        return self.identities.keeps_other_keys_than(self.settings.identities)

    def words(self) -> str:
        """Return how to connect, without a key."""
        kept = "nothing is kept" if self.settings.data_directory is None else f"data in {self.settings.data_directory}"
        lines = [f"Colonies server on {self.address}, colony {self.identities.colony_name} ({kept})"]
        if self.keeps_other_keys:
            lines.append("The data directory was made with other keys than those in COLONIES_…: its own are kept.")
        lines.append("Stop it with ctrl+c.")
        return "\n".join(lines)


def serve(settings: ServerSettings, *, announce: Callable[[Started], None]) -> None:
    """Run a server until it is told to stop by a signal.

    Args:
        settings: what to serve.
        announce: called once, when the socket is bound and the identities exist; connections wait from then on.

    Raises:
        CannotListen: the port is taken.
        DatabaseUnusable: the data directory is in use, or holds something else.
        OSError: the data directory cannot be made.
    """
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_serve(settings, announce))


async def _serve(settings: ServerSettings, announce: Callable[[Started], None]) -> None:
    with closing(bind(settings.host, settings.port)) as bound:
        server = LocalServer(settings)
        try:
            server.address = address_of(bound)
            identities = await ensure_identities(server)
            announce(Started(server.address, identities, settings))
        except BaseException:
            server.close()
            raise
        await UvicornServer(server, handles_signals=True).serve(sockets=[bound])


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if importlib.util.find_spec("uvloop") is None:
        return None
    import uvloop

    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory
