"""The doctor where there is no Colonies server, or not the way the profile says."""

from __future__ import annotations

import asyncio
import functools
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from colonies_tui.cli.checks.finding import Finding, Outcome
from colonies_tui.cli.checks.machine import check_state_dir
from colonies_tui.cli.checks.server import check_clock, compare_clocks
from colonies_tui.cli.doctor import examine
from colonies_tui.config.paths import Paths, paths_from_environment
from colonies_tui.config.profile import Profile
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.keyring import Keyring

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi"


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return paths_from_environment({f"COLONIES_TUI_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "STATE")})


@functools.cache
def untrusted_context() -> ssl.SSLContext:
    """Return what a TLS server needs, with a certificate for 127.0.0.1 by an authority that nobody trusts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    return context


@asynccontextmanager
async def answering(answer: bytes, *, tls: bool = False) -> AsyncIterator[int]:
    """Serve one answer to whatever is asked, on a port of its own."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.read(4096)
            writer.write(answer)
            await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=untrusted_context() if tls else None)
    async with server:
        yield server.sockets[0].getsockname()[1]


def profile(port: int, *, tls: bool = False, host: str = "127.0.0.1", file: Path | None = None) -> Profile:
    return Profile("lab", ServerAddress(host, port, tls), "dev", Keyring(member=PrivateKey.new()), file=file)


async def about_server(of: Profile, paths: Paths) -> Finding:
    """Return the finding about reaching the server, and check that no later one claims to know more."""
    findings = [finding async for finding in examine(of, paths)]
    by_name = {finding.what: finding for finding in findings}
    assert by_name["server"].outcome is Outcome.BAD
    for what in ("version", "clock", "colony and keys"):
        assert by_name[what].outcome is Outcome.NEUTRAL
        assert by_name[what].words == "not checked: the server does not answer"
    return by_name["server"]


async def test_a_server_that_is_down(paths: Paths) -> None:
    async with answering(OK) as port:
        pass
    found = await about_server(profile(port), paths)
    assert found.words == f"nothing listens on http://127.0.0.1:{port}"
    assert found.advice == (
        "start the server (a local one: colonies-tui serve),"
        " or check COLONIES_SERVER_HOST and COLONIES_SERVER_HTTP_PORT"
    )


async def test_plain_http_where_tls_is_expected(paths: Paths) -> None:
    async with answering(OK) as port:
        found = await about_server(profile(port, tls=True), paths)
    assert found.words == f"127.0.0.1 port {port} speaks plain http, where TLS is expected"
    assert found.advice == "run: export COLONIES_TLS=false (unset means TLS)"


async def test_plain_http_where_the_file_says_tls(paths: Paths, tmp_path: Path) -> None:
    file = tmp_path / "keys.toml"
    file.touch()
    async with answering(OK) as port:
        found = await about_server(profile(port, tls=True, file=file), paths)
    assert found.advice == f'in keys.toml, profile lab: url = "http://127.0.0.1:{port}"'


async def test_tls_where_plain_http_is_expected(paths: Paths) -> None:
    async with answering(OK, tls=True) as port:
        found = await about_server(profile(port), paths)
    assert found.words == f"127.0.0.1 port {port} speaks TLS, where plain http is expected"
    assert found.advice == "run: export COLONIES_TLS=true"


async def test_a_certificate_that_is_not_trusted(paths: Paths) -> None:
    async with answering(OK, tls=True) as port:
        found = await about_server(profile(port, tls=True), paths)
    assert found.words.startswith(f"the certificate of https://127.0.0.1:{port} is not trusted: ")
    assert "SSL_CERT_FILE" in found.advice


async def test_a_tls_server_that_complains_in_plain_http_is_not_taken_for_a_plain_one(paths: Paths) -> None:
    words = b"Client sent an HTTP request to an HTTPS server.\n"
    answer = b"HTTP/1.0 400 Bad Request\r\ncontent-length: %d\r\n\r\n%s" % (len(words), words)
    async with answering(answer) as port:
        found = await about_server(profile(port, tls=True), paths)
    assert "plain http, where" not in found.words


async def test_something_else_that_speaks_http(paths: Paths) -> None:
    async with answering(OK) as port:
        found = await about_server(profile(port), paths)
    assert found.words.startswith(f"what answers at http://127.0.0.1:{port} is not a Colonies server: ")


async def test_a_host_that_does_not_exist(paths: Paths) -> None:
    found = await about_server(profile(50080, host="nowhere.invalid"), paths)
    assert found.words == "the host name nowhere.invalid is not known"
    assert found.advice.startswith("check the host name in COLONIES_SERVER_HOST")


def _dated(text: str) -> bytes:
    return OK.replace(b"connection:", f"date: {text}\r\nconnection:".encode())


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (OK, "not known: the server puts no date on its answers"),
        (_dated("yesterday"), "not known: the date on the server's answers cannot be read"),
        (_dated("Tue, 01 Jan 2030 00:00:00 GMT").replace(b"200", b"502"), "not known: it was not the server"),
        (b"nonsense", "not known: GET /health is not answered"),
    ],
)
async def test_a_clock_that_cannot_be_known(answer: bytes, words: str) -> None:
    async with answering(answer) as port:
        found = await check_clock(ServerAddress("127.0.0.1", port, tls=False))
    assert found.outcome is Outcome.NEUTRAL
    assert found.words.startswith(words)


async def test_a_clock_far_behind() -> None:
    async with answering(_dated("Tue, 01 Jan 2002 00:00:00 GMT")) as port:
        found = await check_clock(ServerAddress("127.0.0.1", port, tls=False))
    assert found.outcome is Outcome.BAD
    assert re.match(r"the server's clock is \d+ s behind the one here", found.words)


@pytest.mark.parametrize(
    ("ahead", "outcome", "words"),
    [
        (0.0, Outcome.GOOD, "agrees with the clock here"),
        (-0.9, Outcome.GOOD, "agrees with the clock here"),
        (5.5, Outcome.GOOD, "the server's clock is 6 s ahead of the one here; ages are off by that much"),
        (-10.5, Outcome.GOOD, "the server's clock is 10 s behind the one here; ages are off by that much"),
        (60.0, Outcome.BAD, "the server's clock is 60 s ahead of the one here: ages and deadlines will look wrong"),
    ],
)
def test_clocks_are_compared_with_the_uncertainty_of_whole_seconds(ahead: float, outcome: Outcome, words: str) -> None:
    ours = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)
    found = compare_clocks(ours + timedelta(seconds=ahead), ours, 0.01)
    assert (found.outcome, found.words) == (outcome, words)


def test_a_state_directory_that_is_not_there_yet(paths: Paths) -> None:
    found = check_state_dir(paths)
    assert found.outcome is Outcome.GOOD
    assert "not there yet" in found.words
    assert not paths.state_dir.exists()


@pytest.mark.parametrize(
    ("mode", "outcome", "words"),
    [(0o700, Outcome.GOOD, "writable, by you alone (mode 0700)"), (0o755, Outcome.BAD, "others can look into")],
)
def test_the_mode_of_the_state_directory(paths: Paths, mode: int, outcome: Outcome, words: str) -> None:
    paths.state_dir.mkdir()
    paths.state_dir.chmod(mode)
    found = check_state_dir(paths)
    assert found.outcome is outcome
    assert words in found.words
    assert (f"chmod 700 {paths.state_dir}" in found.advice) is (outcome is Outcome.BAD)


def test_a_file_in_the_place_of_the_state_directory(paths: Paths) -> None:
    paths.state_dir.touch()
    found = check_state_dir(paths)
    assert found.outcome is Outcome.BAD
    assert "is not a directory" in found.words
