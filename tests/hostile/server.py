"""A server that answers every message with what :class:`HostileColony` makes of it, over real sockets."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from colonies_tui.localserver.listening import address_of, bind
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.messages.channel import SubscribeChannel
from colonies_tui.protocol.messages.every import MESSAGES
from tests.hostile.contents import CONTENTS
from tests.hostile.filling import HostileColony


@dataclass
class HostileServer:
    """What it is asked and how it answers."""

    colony: HostileColony
    address: ServerAddress
    asked: list[dict[str, Any]] = field(default_factory=list)
    refuses_changes: bool = False
    """Whether every request that changes something is refused, with words that are hostile, too."""
    _kept: dict[str, bytes] = field(default_factory=dict)

    def answer(self, body: bytes) -> bytes:
        """Return the body that answers a body."""
        envelope = json.loads(body)
        asked: dict[str, Any] = json.loads(base64.b64decode(envelope["payload"]))
        self.asked.append(asked)
        kind = MESSAGES[asked["msgtype"]]
        if kind.changes and self.refuses_changes:
            words = list(CONTENTS.values())[len(self.asked) % len(CONTENTS)]
            return _envelope("error", {"status": 403, "message": words}, error=True)
        if envelope["payload"] not in self._kept:
            self._kept[envelope["payload"]] = _envelope(kind.reply_msgtype, self.colony.reply(kind, asked))
        return self._kept[envelope["payload"]]

    def forget_answers(self) -> None:
        """Make every answer anew from now on."""
        self._kept.clear()

    async def post(self, request: HttpRequest) -> Response:
        return Response(self.answer(await request.body()), media_type="application/json")

    async def pubsub(self, socket: WebSocket) -> None:
        """A channel streams all its entries; of processes nothing is heard."""
        await socket.accept()
        try:
            while True:
                text = await socket.receive_text()
                if json.loads(text)["payloadtype"] == SubscribeChannel.msgtype:
                    await socket.send_bytes(self.answer(text.encode()))
        except WebSocketDisconnect:
            pass


def _envelope(payloadtype: str, payload: Any, *, error: bool = False) -> bytes:
    raw = base64.b64encode(json.dumps(payload).encode()).decode()
    return json.dumps({"payloadtype": payloadtype, "payload": raw, "error": error}).encode()


@asynccontextmanager
async def hostile_server(colony: HostileColony) -> AsyncIterator[HostileServer]:
    """Serve a hostile colony until the block ends."""
    with bind("127.0.0.1", 0) as bound:
        server = HostileServer(colony, address_of(bound))
        routes = [Route("/api", server.post, methods=["POST"]), WebSocketRoute("/pubsub", server.pubsub)]
        served = uvicorn.Server(
            uvicorn.Config(Starlette(routes=routes), log_level="critical", lifespan="off", loop="none")
        )
        async with asyncio.TaskGroup() as group:
            group.create_task(served._serve(sockets=[bound]), name="hostile server")
            try:
                yield server
            finally:
                served.should_exit = True
                served.force_exit = True
