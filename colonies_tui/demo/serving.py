"""The demo's server, on a listening socket that the parent made."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from colonies_tui.demo.cast import COLONY
from colonies_tui.demo.keys import OPERATOR, DemoKeys
from colonies_tui.localserver.embedded import running_server
from colonies_tui.localserver.settings import FirstIdentities, ServerSettings
from colonies_tui.protocol.address import ServerAddress

_DAY_SECONDS: Final = 24 * 3600


class WrongKeys(ValueError):
    """The server's data was made with other keys than the demo's."""


@asynccontextmanager
async def serving(directory: Path, keys: DemoKeys, listening: socket.socket) -> AsyncIterator[ServerAddress]:
    """Serve until the block ends.

    Raises:
        DatabaseUnusable: the directory's database is in use, or something else.
        ExceptionGroup: of a single :class:`WrongKeys`: the database belongs to other keys.
    """
    settings = _settings(directory, keys)
    async with running_server(settings, listening=listening) as server:
        if server.identities.keeps_other_keys_than(settings.identities) or server.identities.colony_name != COLONY:
            raise WrongKeys(f"the server in {directory} was made with other keys than the demo's")
        yield server.address


def _settings(directory: Path, keys: DemoKeys) -> ServerSettings:
    return ServerSettings(
        data=str(directory),
        # An executor of the demo that was unregistered while the demo was away comes back under its own name.
        allow_reregister=True,
        # A machine that slept wakes up to executors that were not heard from for hours, and all of them still here.
        stale_executor_seconds=_DAY_SECONDS,
        retention=True,
        retention_seconds=_DAY_SECONDS,
        identities=FirstIdentities(
            server_key=keys.server,
            colony_name=COLONY,
            colony_key=keys.colony,
            user_name=OPERATOR,
            user_key=keys.operator,
        ),
    )
