"""Who is believed to be the server: the machine's authorities, one's own, or, when asked for, anybody."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from colonies_tui.client.client import ColoniesClient
from colonies_tui.client.time_limits import TimeLimits
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import ColoniesError, NotReached
from colonies_tui.protocol.keyring import Keyring
from tests.client.certificate import server_context
from tests.client.links import Link, Script, event, sends
from tests.client.servers import envelope, http, http_server, websocket_server

REPLY = http(envelope({"processid": "x"}, "getprocessmsg"))


def client_of(address: ServerAddress) -> ColoniesClient:
    return ColoniesClient(address, Keyring(member=PrivateKey.new()), limits=TimeLimits(connect=5.0))


@pytest.fixture
def authorities(tmp_path: Path) -> tuple[Path, Path]:
    """Two directories, each of which gets an authority of its own."""
    made = tmp_path / "ours", tmp_path / "theirs"
    for directory in made:
        directory.mkdir()
    return made


async def test_a_server_is_believed_by_its_own_authority_alone(authorities: tuple[Path, Path]) -> None:
    ours, theirs = authorities
    context = server_context(ours)
    server_context(theirs)
    async with http_server(lambda _: REPLY, tls=context) as server:
        own = dataclasses.replace(server.address, ca_file=str(ours / "certificate.pem"))
        async with client_of(own) as client:
            assert (await client.get_process(processid="x")).processid == "x"
        strange = dataclasses.replace(server.address, ca_file=str(theirs / "certificate.pem"))
        for address in (server.address, strange):
            before = len(server.requests)
            async with client_of(address) as client:
                with pytest.raises(NotReached, match="certificate"):
                    await client.get_process(processid="x")
            assert len(server.requests) == before, "nothing was sent to somebody who is not known"


async def test_anybody_is_believed_only_when_asked_for(authorities: tuple[Path, Path]) -> None:
    context = server_context(authorities[0])
    async with http_server(lambda _: REPLY, tls=context) as server:
        anybody = dataclasses.replace(server.address, insecure=True)
        async with client_of(anybody) as client:
            assert (await client.get_process(processid="x")).processid == "x"


async def test_subscriptions_believe_as_requests_do(authorities: tuple[Path, Path]) -> None:
    context = server_context(authorities[0])
    script = Script(sends(event()))
    async with websocket_server(script.handle, tls=context) as address:
        own = dataclasses.replace(address, ca_file=str(authorities[0] / "certificate.pem"))
        async with Link(own).subscription as subscription:
            assert (await anext(subscription)).process.processid == "x"


async def test_redirects_are_not_followed() -> None:
    async with http_server(lambda _: REPLY) as other:
        elsewhere = f"location: {other.address.http_url}/api\r\n"
        for status in (301, 302, 307, 308):
            answer = http(b"", status, headers=elsewhere)
            async with http_server(lambda _, answer=answer: answer) as server, client_of(server.address) as client:  # type: ignore[misc]  # bound now
                with pytest.raises(ColoniesError):
                    await client.get_process(processid="x")
        assert other.connections == 0
