"""Requests that are given up take nothing with them that later ones need."""

from __future__ import annotations

import asyncio

from colonies_tui.client.client import ColoniesClient
from colonies_tui.client.transport import _MAX_CONNECTIONS, _Network
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.models.colony import Version
from tests.client.servers import envelope, http, http_server

VERSION = http(envelope({"buildversion": "1"}, "versionmsg"))


async def test_connections_are_not_lost_with_requests_that_were_about_to_get_one() -> None:
    answers = asyncio.Event()
    async with (
        http_server(lambda request: VERSION if answers.is_set() else None) as server,
        ColoniesClient(server.address, Keyring()) as client,
    ):
        for _ in range(2 * _MAX_CONNECTIONS):
            asked = [asyncio.create_task(client.get_version()) for _ in range(_MAX_CONNECTIONS)]
            await asyncio.sleep(0)
            transport = client._transport
            assert transport is not None
            assert isinstance(transport._network, _Network)
            requests = transport._network._pool._requests
            one_more = asyncio.create_task(client.get_version())
            await asyncio.sleep(0)
            assert requests[-1].is_queued(), "the pool has no connection for it"
            asked[0].cancel()
            while requests[-1].is_queued():  # noqa: ASYNC110 - the turn itself is what it is about
                await asyncio.sleep(0)
            one_more.cancel()  # it has been given a connection, and does not know it yet
            for task in asked[1:]:
                task.cancel()
            await asyncio.wait([*asked, one_more])
        answers.set()
        assert isinstance(await client.get_version(), Version)
