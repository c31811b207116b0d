"""A websocket client that sends what a test wants, against a server on a real socket."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from colonies_tui.localserver.embedded import RunningServer, running_server
from colonies_tui.localserver.settings import FirstIdentities, ServerSettings
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.envelope import encode_payload, open_reply
from tests.localserver.harness import COLONY, Harness, until
from tests.localserver.manual_clock import ManualClock


@dataclass
class Frame:
    """A frame that came back."""

    payloadtype: str
    error: bool
    content: Any

    @property
    def state_and_label(self) -> tuple[int, str]:
        return self.content["state"], self.content["spec"]["label"]


@dataclass
class Socket:
    """One connection to ``/pubsub``."""

    connection: ClientConnection
    running: RunningServer
    marker: str
    """Id of a waiting process: a subscription to it is answered at once, after everything that was sent before."""
    marker_key: PrivateKey

    async def subscribe(self, key: PrivateKey, payload: dict[str, Any], *, binary: bool = False) -> None:
        """Send a subscription and return when the server has it; nothing is sent back for that."""
        before = self.running.server.pubsub.listener_count
        await self.send(encode_payload(payload["msgtype"], payload, key), binary=binary)
        await until(lambda: self.running.server.pubsub.listener_count == before + 1)

    async def send(self, body: bytes, *, binary: bool = False) -> None:
        await self.connection.send(body, text=not binary)

    async def frame(self) -> Frame:
        """Return the next frame."""
        body = await self.connection.recv()
        reply = open_reply(body)
        return Frame(reply.payloadtype, reply.error, json.loads(reply.payload))

    async def frames(self) -> list[Frame]:
        """Return everything that the server has sent so far."""
        await self.send(encode_payload("subscribeprocessmsg", one_process(self.marker, 0), self.marker_key))
        frames = []
        while (frame := await self.frame()).content.get("processid") != self.marker:
            frames.append(frame)
        return frames


def processes(state: int, *, executortype: str = "cli", timeout: int = 60, colonyname: str = COLONY) -> dict[str, Any]:
    """Return a subscription to the processes of a type."""
    return {
        "msgtype": "subscribeprocessesmsg",
        "colonyname": colonyname,
        "executortype": executortype,
        "state": state,
        "timeout": timeout,
    }


def one_process(processid: str, state: int, *, executortype: str = "", timeout: int = 60) -> dict[str, Any]:
    """Return a subscription to one process."""
    return {
        "msgtype": "subscribeprocessmsg",
        "colonyname": COLONY,
        "processid": processid,
        "executortype": executortype,
        "state": state,
        "timeout": timeout,
    }


@dataclass(kw_only=True)
class Listening(Harness):
    """A server on a socket, driven like the one without."""

    running: RunningServer
    marker: str

    @asynccontextmanager
    async def socket(self) -> AsyncIterator[Socket]:
        """Connect; closed at the end."""
        url = self.running.address.websocket_url
        async with connect(url, proxy=None, ping_interval=None, compression=None, close_timeout=5) as connection:
            yield Socket(connection, self.running, self.marker, self.user_key)


@asynccontextmanager
async def listening(*, real_quirks: bool = False) -> AsyncIterator[Listening]:
    """Run a server in memory on a port of its own."""
    keys = [PrivateKey.new() for _ in range(3)]
    identities = FirstIdentities(server_key=keys[0], colony_name=COLONY, colony_key=keys[1], user_key=keys[2])
    clock = ManualClock()
    settings = ServerSettings(real_quirks=real_quirks, identities=identities)
    async with (
        running_server(settings, clock=clock) as running,
        httpx.AsyncClient(base_url=running.address.http_url, trust_env=False, timeout=20) as http,
    ):
        bench = Listening(running.server, clock, http, *keys, running=running, marker="")
        bench.marker = (await bench.submit(conditions={"executortype": "marker"})).processid
        yield bench
