"""A real ``colonies-tui call`` that has asked a server which never answers, and is then killed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from colonies_tui.protocol.crypto import PrivateKey
from tests.cli.conftest import COMMAND, SECONDS
from tests.client.servers import HttpServer, http_server

CANCEL = ("call", "cancelprocess", f"processid={'c0ffee12' * 8}")


@asynccontextmanager
async def call_without_answer(environment: Mapping[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start the command; the block begins when its request has reached the server. The process is killed at the end."""

    async with http_server(lambda request: None) as server:
        process = await asyncio.create_subprocess_exec(
            str(COMMAND),
            *CANCEL,
            env={**environment, **variables_of_silent(server)},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            await asyncio.wait_for(server.asked.wait(), SECONDS)
            yield process
        finally:
            await kill(process)


async def kill(process: asyncio.subprocess.Process) -> None:
    """Kill a process with SIGKILL, if it still runs, and take note of its end."""
    if process.returncode is None:
        process.kill()
        await process.wait()


def variables_of_silent(server: HttpServer) -> dict[str, str]:
    """Return the official client's variables for a server that knows no key."""
    return {
        "COLONIES_SERVER_HOST": server.address.host,
        "COLONIES_SERVER_PORT": str(server.address.port),
        "COLONIES_TLS": "false",
        "COLONIES_COLONY_NAME": "dev",
        "COLONIES_PRVKEY": PrivateKey.new().reveal(),
    }
