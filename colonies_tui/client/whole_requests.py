"""Requests that go out in one piece.

httpcore writes the head and the body of a request one by one, each of which goes through the event loop and wakes the
other side. Here what is written is kept until an answer is waited for.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import httpcore

_MOST_KEPT = 64 * 1024
"""Bytes that are kept back for what follows."""


class _WholeRequests(httpcore.AsyncNetworkStream):
    """A connection that writes when it is read from."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._kept = b""
        self._write_seconds: float | None = None

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._kept:
            # A server that takes no more of a request may have answered it already: reading finds that out.
            with suppress(httpcore.WriteError):
                await self._write_kept()
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._kept += buffer
        self._write_seconds = timeout
        if len(self._kept) > _MOST_KEPT:
            await self._write_kept()

    async def _write_kept(self) -> None:
        kept, self._kept = self._kept, b""
        await self._stream.write(kept, self._write_seconds)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        return _WholeRequests(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class WholeRequests(httpcore.AnyIOBackend):
    """httpcore's network, over such connections."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        return _WholeRequests(await super().connect_tcp(host, port, timeout, local_address, socket_options))
