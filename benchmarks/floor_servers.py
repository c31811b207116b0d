"""Programs: the barest servers of their kind. ``python -m benchmarks.floor_servers store FILE`` or ``broadcast``.

``store`` keeps every body that is posted in SQLite, on the disk before it answers. ``broadcast`` sends what one
websocket says to all that are open.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from contextlib import suppress
from typing import Any

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed

from benchmarks.control import answer
from colonies_tui.localserver.listening import address_of, bind


async def store(path: str) -> None:
    """Keep bodies: one insert and one commit for each, with the local server's own settings of durability."""
    database = sqlite3.connect(path, isolation_level=None)
    for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=FULL"):
        database.execute(f"PRAGMA {pragma}")
    database.execute("CREATE TABLE bodies (body BLOB)")

    async def keep(request: Request) -> Response:
        body = await request.body()
        database.execute("INSERT INTO bodies VALUES (?)", (body,))
        return Response(body)

    bound = bind("127.0.0.1", 0)
    app = Starlette(routes=[Route("/api", keep, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, http="httptools", log_config=None, access_log=False, lifespan="off"))
    task = asyncio.create_task(server.serve(sockets=[bound]))
    try:
        await answer({"ready": _said(address_of(bound).port)})
    finally:
        server.should_exit = True
        await task
        database.close()


async def send_to_all() -> None:
    """Send what one says to all."""
    open_ones: set[ServerConnection] = set()

    async def meet(connection: ServerConnection) -> None:
        open_ones.add(connection)
        try:
            with suppress(ConnectionClosed):  # listeners leave without a word
                async for text in connection:
                    broadcast(open_ones, text)
        finally:
            open_ones.discard(connection)

    async with serve(meet, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        await answer({"ready": _said(port)})


def _said(port: int) -> Any:
    async def ready(asked: dict[str, Any]) -> int:
        return port

    return ready


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as _runner:
        _runner.run(store(sys.argv[2]) if sys.argv[1] == "store" else send_to_all())
