"""The link of a subscription: planned ends, losses, storms, and servers that cannot be reached."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from http import HTTPStatus
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request as HandshakeRequest
from websockets.http11 import Response

from colonies_tui.client import transport
from colonies_tui.client.client import ColoniesClient
from colonies_tui.client.time_limits import TimeLimits
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.errors import ColoniesError, NotReached
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.messages.subscription import SubscribeProcess
from colonies_tui.protocol.states import ProcessState
from tests.client.certificate import server_context
from tests.client.links import KEY, ONE, Link, Script, drops_at_once, event, linked, sends
from tests.client.servers import drop, raw_server, websocket_server


async def test_the_planned_end_is_renewed_at_once_and_is_no_loss() -> None:
    async def at_the_end_of_its_time(connection: ServerConnection) -> None:
        await link_.is_up.wait()
        link_.now += 58.5
        drop(connection)

    async with linked(at_the_end_of_its_time, at_the_end_of_its_time, sends(event())) as (script, link_):
        await link_.next()
        assert script.connections == 3
        assert (link_.story, link_.waits) == ([None], [])


async def test_a_server_that_never_ends_it_is_left_and_asked_anew() -> None:
    async with linked(sends(event("x")), sends(event("x"))) as (script, link):
        await link.next()
        link.now += 62.5
        await link.next()
        await script.ended.wait()
        assert script.connections == 2
        assert (link.story, link.waits) == ([None], [])


async def test_an_early_end_is_a_loss_that_is_told_and_mended_after_a_wait() -> None:
    async def too_early(connection: ServerConnection) -> None:
        await link_.is_up.wait()
        link_.now += 5
        drop(connection)

    async with linked(too_early, sends(event())) as (script, link_):
        await link_.next()
        assert script.connections == 2
        up, lost, again = link_.story
        assert up is again is None
        assert isinstance(lost, NotReached)
        assert "dropped the subscription" in str(lost)
        assert link_.waits == [0.25]


async def test_a_server_that_accepts_and_drops_is_not_stormed() -> None:
    async with linked(*[drops_at_once] * 9, sends(event())) as (script, link):
        await link.next()
        assert script.connections == 10
        assert link.waits == [0.25, 0.5, 1, 2, 4, 8, 15, 15, 15]


async def test_a_server_that_tells_and_drops_is_not_stormed_either() -> None:
    async def tells_and_drops(connection: ServerConnection) -> None:
        await connection.send(event())
        await connection.close()

    async with linked(tells_and_drops) as (script, link):
        for _ in range(6):
            await link.next()
        assert script.connections == 6
        assert link.waits == [0.25, 0.5, 1, 2, 4]


async def test_short_subscriptions_that_are_dropped_at_once_are_not_stormed() -> None:
    short = SubscribeProcess(processid="x", state=ProcessState.SUCCESS, timeout=1)
    async with linked(*[drops_at_once] * 4, sends(event()), request=short) as (_, link):
        await link.next()
        assert link.waits == [0.25, 0.5, 1, 2]


async def test_delays_begin_short_again_after_a_healthy_time() -> None:
    async def healthy(connection: ServerConnection) -> None:
        await link_.is_up.wait()
        link_.now += 10
        drop(connection)

    async with linked(drops_at_once, drops_at_once, healthy, sends(event())) as (_, link_):
        await link_.next()
        assert link_.waits == [0.25, 0.5, 0.25]


async def test_a_close_frame_before_the_time_is_a_loss_too() -> None:
    async def closes(connection: ServerConnection) -> None:
        await connection.close(1001, "going away")

    async with linked(closes, sends(event())) as (_, link):
        await link.next()
        assert "going away" in str(link.story[1])


async def test_no_server_is_tried_again_until_there_is_one() -> None:
    script = Script(sends(event()))
    async with contextlib.AsyncExitStack() as stack:
        reserved = stack.enter_context(socket.socket())
        reserved.bind(("127.0.0.1", 0))
        link = Link(ServerAddress("127.0.0.1", reserved.getsockname()[1], tls=False))

        async def starts_while_the_third_wait_lasts(seconds: float) -> None:
            link.waits.append(seconds)
            if len(link.waits) == 3:
                await stack.enter_async_context(serve(script.handle, sock=reserved, close_timeout=0.2))

        link.wait = starts_while_the_third_wait_lasts
        await stack.enter_async_context(link.subscription)
        await link.next()
        *failures, up = link.story
        assert up is None
        assert len(failures) == 3
        assert all("nothing listens on http://127" in str(failure) for failure in failures)
        assert link.waits == [0.25, 0.5, 1]


async def test_a_server_without_subscriptions_is_named_so() -> None:
    def not_found(connection: ServerConnection, request: HandshakeRequest) -> Response:
        return connection.respond(HTTPStatus.NOT_FOUND, "404 page not found\n")

    script = Script(sends(event()))
    async with serve(script.handle, "127.0.0.1", 0, process_request=not_found) as server:
        address = ServerAddress("127.0.0.1", next(iter(server.sockets)).getsockname()[1], tls=False)
        assert "answered 404 where subscriptions are expected" in await first_failure(address)


async def first_failure(address: ServerAddress, limits: TimeLimits = TimeLimits(connect=5.0)) -> str:  # noqa: B008
    """Return the words for the first failed attempt to subscribe."""
    failures: asyncio.Queue[str] = asyncio.Queue()
    client = ColoniesClient(address, Keyring(member=KEY), limits=limits)

    def told(is_up: bool, error: ColoniesError | None) -> None:
        assert not is_up
        failures.put_nowait(str(error))

    async with client, client.subscribe(ONE, on_state=told) as subscription:
        waiting = asyncio.ensure_future(anext(subscription))
        words = await failures.get()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    return words


async def test_a_handshake_that_is_not_answered_is_given_up() -> None:
    async with raw_server(None, then_close=False) as server:
        words = await first_failure(server.address, TimeLimits(connect=0.2))
        assert words == f"no connection to {server.address} within 0.2 s"


@pytest.mark.parametrize("greeting", [None, b"SSH-2.0-OpenSSH\r\n\r\n"])
async def test_a_handshake_that_is_broken_off_is_told(greeting: bytes | None) -> None:
    async with raw_server(greeting) as server:
        assert await first_failure(server.address) == f"{server.address} broke off while a subscription was opened"


async def test_plain_websockets_where_tls_is_spoken() -> None:
    async with raw_server(b"\x15\x03\x01\x00\x02\x02\x16\r\n\r\n") as server:
        assert "speaks TLS, but the address says plain http" in await first_failure(server.address)


async def test_tls_where_plain_websockets_are_spoken() -> None:
    async with raw_server(b"HTTP/1.1 400 Bad Request\r\n\r\n") as server:
        words = await first_failure(ServerAddress(server.address.host, server.address.port, tls=True))
        assert "does not speak TLS, but the address says https" in words


async def test_an_unknown_host_is_told() -> None:
    assert "is not known" in await first_failure(ServerAddress("a" * 70, 1, tls=False))


async def test_subscriptions_over_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = server_context(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    transport.tls_context.cache_clear()
    script = Script(sends(event()))
    async with websocket_server(script.handle, tls=context) as address, Link(address).subscription as subscription:
        assert (await anext(subscription)).process.processid == "x"
    transport.tls_context.cache_clear()


async def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "WS_PROXY", "ws_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with linked(sends(event())) as (_, link):
        assert (await link.next()).process.processid == "x"
