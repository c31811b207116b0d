"""The HTTP side: ``POST /api``, ``GET /health``, ``/pubsub``, and 404 for anything else (§ HTTP)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Receive, Scope, Send

from colonies_tui.localserver.clock import Clock
from colonies_tui.localserver.dispatch import Answer, answer
from colonies_tui.localserver.envelopes import error_envelope
from colonies_tui.localserver.server import LocalServer
from colonies_tui.localserver.settings import ServerSettings
from colonies_tui.localserver.websocket import PubSubEndpoint

MAX_BODY_BYTES: Final = 32 * 1024 * 1024
"""Largest request that is read: a channel entry of the largest size, encoded twice, has room in it."""

TOO_LARGE: Final = Answer(413, error_envelope(413, f"the request is larger than {MAX_BODY_BYTES >> 20} MiB"))

_CONTENT_TYPE: Final = (b"content-type", b"text/plain; charset=utf-8")


class ApiEndpoint:
    """``POST /api`` as an ASGI application: the body is read raw, whatever its content type."""

    def __init__(self, server: LocalServer) -> None:
        self._server = server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            await _not_found(Request(scope))(scope, receive, send)
            return
        pieces: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            pieces.append(message.get("body", b""))
            size += len(pieces[-1])
            if size > MAX_BODY_BYTES:
                pieces.clear()  # what still comes is read, so that the sender hears the answer, and not kept
            if not message.get("more_body"):
                break
        reply = TOO_LARGE if size > MAX_BODY_BYTES else await answer(self._server, b"".join(pieces), receive)
        content = reply.body.encode()
        headers = [(b"content-length", b"%d" % len(content))]
        if content:
            headers.append(_CONTENT_TYPE)
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": content})


def _not_found(request: Request) -> Response:
    return PlainTextResponse("404 page not found", status_code=404)


async def _health(request: Request) -> Response:
    return Response(status_code=200)


async def _no_upgrade(request: Request) -> Response:
    return PlainTextResponse("Bad Request\n", status_code=400)


async def _elsewhere(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close"})
    else:
        await _not_found(Request(scope))(scope, receive, send)


def app_of(server: LocalServer) -> Starlette:
    """Return the application of a server; its lifespan starts and closes the server."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        server.start()
        try:
            yield
        finally:
            server.close()

    app = Starlette(
        routes=[
            Route("/api", ApiEndpoint(server)),
            Route("/health", _health),
            Route("/pubsub", _no_upgrade),
            WebSocketRoute("/pubsub", PubSubEndpoint(server)),
        ],
        lifespan=lifespan,
    )
    app.router.default = _elsewhere
    app.router.redirect_slashes = False
    app.state.server = server
    return app


def create_app(settings: ServerSettings, *, clock: Clock | None = None) -> Starlette:
    """Return the application of a new server, which is ``app.state.server``.

    Raises:
        DatabaseUnusable: the data directory is in use, or holds something else.
        OSError: the data directory cannot be made.
    """
    return app_of(LocalServer(settings, clock=clock))
