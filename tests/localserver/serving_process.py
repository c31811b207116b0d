"""A server as a process of its own, started as ``serve`` starts it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import httpx

from colonies_tui.localserver.bootstrap import IDENTITIES_FILE
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.envelope import encode_request, open_reply, read_reply
from colonies_tui.protocol.request import Request

R = TypeVar("R")

START_SECONDS = 60

PROGRAM = """
import dataclasses, os, sys
from colonies_tui.localserver.run import serve
from colonies_tui.localserver.settings import ServerSettings

settings = dataclasses.replace(ServerSettings.from_environment(os.environ), port=int(sys.argv[1]), data=sys.argv[2])
serve(settings, announce=lambda started: print(started.address, flush=True))
"""


@dataclass
class Serving:
    """A server process that listens."""

    process: Process
    address: ServerAddress
    data: Path

    async def send(self, http: httpx.AsyncClient, request: Request[R], key: PrivateKey) -> R:
        """Send a request.

        Raises:
            Refused: the server says no.
            httpx.HTTPError: there was no answer.
        """
        response = await http.post(f"{self.address.http_url}/api", content=encode_request(request, key))
        reply = open_reply(response.content, status=response.status_code)
        return read_reply(reply, request.reply_adapter(), status=response.status_code, msgtype=request.msgtype)

    def key(self, name: str) -> PrivateKey:
        """Return a key from the data directory, by its name in the file."""
        return PrivateKey(json.loads((self.data / IDENTITIES_FILE).read_text())[name])


@asynccontextmanager
async def serving(data: Path, *, port: int = 0, environment: Mapping[str, str] | None = None) -> AsyncIterator[Serving]:
    """Run a server on a data directory; killed at the end if it still runs."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("COLONIES_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PROGRAM,
        str(port),
        str(data),
        stdout=PIPE,
        stderr=PIPE,
        env={**inherited, **(environment or {})},
    )
    try:
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), START_SECONDS)
        assert line, (await process.stderr.read()).decode() if process.stderr else ""
        yield Serving(process, ServerAddress.parse(line.decode().strip()), data)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()
