"""Every failure on the way is a member of the error tree, in words, within its time limit, and nothing is repeated."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from colonies_tui.client import transport
from colonies_tui.client.client import ColoniesClient
from colonies_tui.client.exchange import Exchange, Outcome
from colonies_tui.client.time_limits import TimeLimits
from colonies_tui.client.transport import Transport
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import (
    ColoniesError,
    NotAllowed,
    NotDecodable,
    NotFound,
    NothingAssigned,
    NotReached,
    OutcomeUnknown,
    Refused,
)
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.messages.process import AssignProcess, GetProcess
from tests.client.certificate import server_context
from tests.client.servers import closed_port, envelope, http, http_server, raw_server, refusal

KEY = PrivateKey.new()
KEYS = Keyring(member=KEY, colony=KEY, server=KEY)
SHORT = TimeLimits(read=0.2, assign_margin=0.2)
"""Only the silence is short: a busy machine must not run into the others."""


def client_of(address: ServerAddress, limits: TimeLimits = SHORT) -> ColoniesClient:
    return ColoniesClient(address, KEYS, limits=limits)


def silent(_: Any) -> None:
    return None


async def test_nothing_listens() -> None:
    with closed_port() as address:
        async with client_of(address) as client:
            with pytest.raises(NotReached, match="nothing listens on http://127"):
                await client.cancel_process(processid="x")


@pytest.mark.parametrize("host", ["a" * 70, "two words"])
async def test_a_host_that_cannot_be_resolved(host: str) -> None:
    async with client_of(ServerAddress(host, 1, tls=False)) as client:
        with pytest.raises(NotReached, match="is not known"):
            await client.get_version()


@pytest.mark.parametrize("host", ["", "[", "a/b", "é\u202e"])
async def test_a_host_that_is_none(host: str) -> None:
    async with client_of(ServerAddress(host, 1, tls=False)) as client:
        with pytest.raises(NotReached):
            await client.get_version()


async def test_a_server_that_says_nothing_is_given_up_after_the_silence_and_asked_once() -> None:
    async with http_server(silent) as server, client_of(server.address) as client:
        with pytest.raises(OutcomeUnknown, match=r"no answer from http://127.* within 0.2 s"):
            await client.cancel_process(processid="x")
        await server.left.wait()
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "reply",
    [b"", b"HTTP/1.1 2", http(envelope({}, "cancelprocessmsg"), length=10_000), b"nonsense\r\n\r\n"],
    ids=["at once", "within the head", "within the body", "after nonsense"],
)
async def test_a_connection_that_breaks_leaves_the_outcome_unknown_and_is_asked_once(reply: bytes) -> None:
    async with http_server(lambda _: reply, then_close=True) as server, client_of(server.address) as client:
        with pytest.raises(OutcomeUnknown, match="broke before the answer was complete"):
            await client.cancel_process(processid="x")
        assert len(server.requests) == 1


async def test_a_body_that_stalls_is_given_up() -> None:
    half = http(envelope({}, "getprocessmsg"), length=10_000)
    async with http_server(lambda _: half) as server, client_of(server.address) as client:
        with pytest.raises(OutcomeUnknown, match=r"no answer .* within 0\.2 s"):
            await client.get_process(processid="x")


async def test_a_body_that_drips_is_given_up_after_the_whole_time() -> None:
    async def drip(request: httpx.Request) -> httpx.Response:
        async def pieces() -> Any:
            while True:
                yield b" "
                await asyncio.sleep(0)

        return httpx.Response(200, content=pieces())

    limits = TimeLimits(connect=0.02, read=0.02, write=0.02, pool=0.02, transfer=0.02)
    with pytest.raises(OutcomeUnknown, match=r"no complete answer .* within 0.1 s"):
        await post_over(httpx.MockTransport(drip), limits=limits)


async def post_over(
    network: httpx.AsyncBaseTransport, *, limits: TimeLimits = SHORT, tls: bool = False
) -> transport.Answer:
    """Post over something that stands in for the network."""
    carrier = Transport(ServerAddress("colonies.example", 50080, tls=tls), limits, network=network)
    try:
        return await carrier.post(b"{}", silence=limits.read)
    finally:
        await carrier.aclose()


@pytest.mark.parametrize(
    ("raised", "kind", "words"),
    [
        (httpx.ConnectError("x"), NotReached, "no connection to http://colonies.example:50080"),
        (httpx.ConnectTimeout("x"), NotReached, "no connection to .* within 3 s"),
        (httpx.PoolTimeout("x"), NotReached, "too many requests"),
        (httpx.UnsupportedProtocol("words"), NotReached, "not an address that can be asked: words"),
        (httpx.LocalProtocolError("words"), NotReached, "not an address that can be asked"),
        (httpx.InvalidURL("words"), NotReached, "not an address that can be asked"),
        (httpx.ReadTimeout("x"), OutcomeUnknown, "no answer from .* within 0.2 s"),
        (httpx.WriteTimeout("x"), OutcomeUnknown, "took no more of the request for 15 s"),
        (httpx.ReadError("x"), OutcomeUnknown, "broke before the answer"),
        (httpx.WriteError("x"), OutcomeUnknown, "broke before the answer"),
        (httpx.CloseError("x"), OutcomeUnknown, "broke before the answer"),
        (httpx.RemoteProtocolError("x"), OutcomeUnknown, "broke before the answer"),
        (httpx.RemoteProtocolError(r"illegal status line: bytearray(b'\x15\x03\x01')"), NotReached, "use https"),
        (httpx.DecodingError("x"), NotDecodable, "wrongly compressed"),
        (httpx.TooManyRedirects("x"), OutcomeUnknown, "broke before the answer"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
async def test_each_error_of_the_library_is_translated(
    raised: Exception, kind: type[ColoniesError], words: str
) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise raised

    with pytest.raises(kind, match=words) as caught:
        await post_over(httpx.MockTransport(fail))
    assert type(caught.value) is kind
    assert caught.value.__cause__ is raised


async def test_the_request_goes_raw_to_the_one_path_with_its_own_limits() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, content=b"body")

    assert await post_over(httpx.MockTransport(answer)) == transport.Answer(200, b"body")
    (request,) = seen
    assert (request.method, str(request.url), request.content) == ("POST", "http://colonies.example:50080/api", b"{}")
    assert request.headers["content-type"] == "application/json"
    assert request.extensions["timeout"] == {"connect": 3.0, "read": 0.2, "write": 15.0, "pool": 5.0}


def test_an_assign_is_waited_for_longer_than_its_own_timeout() -> None:
    limits = TimeLimits()
    assert limits.silence(AssignProcess(colonyname="dev", timeout=30)) == 40.0
    assert limits.silence(AssignProcess(colonyname="dev", timeout=-1)) == 15.0
    assert limits.silence(GetProcess(processid="x")) == 15.0
    assert limits.whole(40.0) == 5 + 3 + 15 + 40 + 60


async def test_an_assign_outlasts_the_usual_silence() -> None:
    limits = TimeLimits(read=0.001, assign_margin=0.2)
    async with http_server(silent) as server, client_of(server.address, limits) as client:
        with pytest.raises(OutcomeUnknown, match=r"within 1.2 s"):
            await client.assign_process(colonyname="dev", timeout=1)


async def test_too_many_requests_at_once_fail_without_being_sent() -> None:
    limits = TimeLimits(pool=0.05, read=0.6)
    async with http_server(silent) as server, client_of(server.address, limits) as client:
        results = await asyncio.gather(*(client.get_process(processid="x") for _ in range(17)), return_exceptions=True)
        assert sorted(type(result).__name__ for result in results) == ["NotReached"] + ["OutcomeUnknown"] * 16
        assert len(server.requests) == 16


async def test_cancelling_closes_the_connection_and_is_told() -> None:
    async with http_server(silent) as server, client_of(server.address, TimeLimits()) as client:
        exchanges: list[Exchange] = []
        client.on_exchange = exchanges.append
        request = asyncio.ensure_future(client.get_process(processid="x"))
        await server.asked.wait()
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
        await server.left.wait()
        assert [exchange.outcome for exchange in exchanges] == [Outcome.CANCELLED]


async def test_an_answer_that_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "MAX_ANSWER_BYTES", 1 << 20)
    large = http(b" " * ((1 << 20) + 1))
    async with http_server(lambda _: large) as server, client_of(server.address, TimeLimits()) as client:
        with pytest.raises(NotDecodable, match="larger than 1 MiB"):
            await client.get_process(processid="x")
        await server.left.wait()


async def test_compressed_answers_are_read_and_broken_ones_are_told() -> None:
    body = envelope({"processid": "x"}, "getprocessmsg")
    answers = iter(
        [
            http(gzip.compress(body), headers="content-encoding: gzip\r\n"),
            http(body, headers="content-encoding: gzip\r\n"),
        ]
    )
    async with http_server(lambda _: next(answers)) as server, client_of(server.address) as client:
        assert (await client.get_process(processid="x")).processid == "x"
        with pytest.raises(NotDecodable, match="wrongly compressed"):
            await client.get_process(processid="x")


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (http(refusal(403, "Access denied"), 403), NotAllowed, "403: Access denied"),
        (http(refusal(404, "Process not found"), 404), NotFound, "Process not found"),
        (http(refusal(500, "boom"), 500), Refused, "500: boom"),
        (http(refusal(503, "busy"), 503), Refused, "503: busy"),
        (http(refusal(404, "gone"), 200), NotFound, "gone"),
        (http(refusal(400, "first") + refusal(500, "second"), 400), Refused, "400: first"),
        (http(b"", 200), NotAllowed, "answered with nothing"),
        (http(b"", 500), Refused, "without a word"),
        (http(b"", 404), NotDecodable, "empty .HTTP status 404"),
        (http(b"404 page not found", 404), NotDecodable, "begins with '404 page not found' .HTTP status 404"),
        (http(b"moved", 301, headers="location: http://127.0.0.1:1/\r\n"), NotDecodable, "HTTP status 301"),
        (http(b"", 502), OutcomeUnknown, "something between here and .* answered 502"),
        (http(b"<html>", 503), OutcomeUnknown, "answered 503 in its place"),
        (http(b"<html>", 504), OutcomeUnknown, "answered 504 in its place"),
        (http(b"SSH-2.0-OpenSSH"), NotDecodable, "begins with 'SSH"),
        (http(envelope({}, "getcolonymsg")), NotDecodable, "getprocessmsg was answered with 'getcolonymsg'"),
        (http(envelope({"state": 9}, "getprocessmsg")), NotDecodable, "getprocessmsg: state"),
        (http(b"Client sent an HTTP request to an HTTPS server.\n", 400), NotReached, "speaks TLS.*use https"),
    ],
)
async def test_answers_that_are_no_result(reply: bytes, kind: type[ColoniesError], words: str) -> None:
    async with http_server(lambda _: reply) as server, client_of(server.address) as client:
        with pytest.raises(ColoniesError, match=words) as caught:
            await client.get_process(processid="x")
        assert type(caught.value) is kind
        assert len(server.requests) == 1


async def test_no_work_is_its_own_answer() -> None:
    reply = http(refusal(404, "No process available for assignment"), 404)
    async with http_server(lambda _: reply) as server, client_of(server.address) as client:
        exchanges: list[Exchange] = []
        client.on_exchange = exchanges.append
        with pytest.raises(NothingAssigned):
            await client.assign_process(colonyname="dev", timeout=-1)
        assert exchanges[0].outcome is Outcome.NO_WORK


async def test_a_closed_client_sends_nothing() -> None:
    async with http_server(silent) as server:
        client = client_of(server.address)
        await client.aclose()
        with pytest.raises(NotReached, match="closed here"):
            await client.get_process(processid="x")
        assert server.connections == 0


async def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    reply = http(envelope({"processid": "x"}, "getprocessmsg"))
    async with http_server(lambda _: reply) as server, client_of(server.address) as client:
        assert (await client.get_process(processid="x")).processid == "x"


# ── TLS


def over_tls(address: ServerAddress) -> ServerAddress:
    return ServerAddress(address.host, address.port, tls=True)


@pytest.mark.parametrize("greeting", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"404 page not found\n"])
async def test_https_where_plain_http_is_spoken(greeting: bytes) -> None:
    async with raw_server(greeting) as server, client_of(over_tls(server.address)) as client:
        with pytest.raises(NotReached, match="does not speak TLS, but the address says https: use http"):
            await client.cancel_process(processid="x")


async def test_https_where_nothing_answers_the_handshake() -> None:
    limits = TimeLimits(connect=0.2)
    async with raw_server(None, then_close=False) as server, client_of(over_tls(server.address), limits) as client:
        with pytest.raises(NotReached, match=r"no connection to https://.* within 0.2 s"):
            await client.cancel_process(processid="x")


async def test_https_that_breaks_off_the_handshake() -> None:
    async with raw_server(None) as server, client_of(over_tls(server.address)) as client:
        with pytest.raises(NotReached, match=r"no (TLS )?connection to https://"):
            await client.cancel_process(processid="x")


async def test_plain_http_where_tls_is_spoken() -> None:
    alert = b"\x15\x03\x01\x00\x02\x02\x16" + b"\r\n\r\n"
    async with raw_server(alert) as server, client_of(server.address) as client:
        with pytest.raises(NotReached, match="speaks TLS, but the address says plain http: use https"):
            await client.cancel_process(processid="x")


Trust = Callable[[Path | None], None]


@pytest.fixture
def trust(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let clients trust the certificates of one file, or what this machine trusts."""

    def only(file: Path | None) -> None:
        if file is not None:
            monkeypatch.setenv("SSL_CERT_FILE", str(file))
        transport.tls_context.cache_clear()

    yield only
    transport.tls_context.cache_clear()


async def test_a_trusted_certificate(tmp_path: Path, trust: Trust) -> None:
    context = server_context(tmp_path)
    trust(tmp_path / "certificate.pem")
    reply = http(envelope({"processid": "x"}, "getprocessmsg"))
    async with http_server(lambda _: reply, tls=context) as server, client_of(server.address, TimeLimits()) as client:
        assert (await client.get_process(processid="x")).processid == "x"


async def test_an_untrusted_certificate_is_refused_before_anything_is_sent(tmp_path: Path, trust: Trust) -> None:
    context = server_context(tmp_path)
    trust(None)
    async with http_server(silent, tls=context) as server, client_of(server.address, TimeLimits()) as client:
        with pytest.raises(
            NotReached, match=r"the certificate of https://127.* is not trusted: unable to get local issuer"
        ):
            await client.get_process(processid="x")
        assert server.requests == []


@pytest.mark.parametrize("status", [200, 500])
async def test_nothing_in_answer_to_a_change_says_nothing_about_its_outcome(status: int) -> None:
    async with http_server(lambda _: http(b" \n", status)) as server, client_of(server.address) as client:
        with pytest.raises(OutcomeUnknown, match="answered with nothing"):
            await client.cancel_process(processid="x")
        with pytest.raises(Refused):
            await client.get_colony_statistics(colonyname="dev")
