"""Connections of the client behind a network that misbehaves: none is left over, and none answers twice."""

from __future__ import annotations

import asyncio
import contextlib
import os

from colonies_tui.client.client import ColoniesClient
from colonies_tui.localserver.embedded import running_server
from colonies_tui.localserver.settings import ServerSettings
from tests.faults import http_faults
from tests.faults.proxy import proxy_to
from tests.ui.console.colony import living_colony


def sockets() -> int:
    """Return how many sockets this process has open."""
    count = 0
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            count += os.readlink(f"/proc/self/fd/{name}").startswith("socket:")
    return count


async def test_a_request_given_up_while_dead_connections_are_closed_leaves_no_socket() -> None:
    async with running_server(ServerSettings()) as running, proxy_to(running.address) as proxy:
        before = sockets()
        for turns in range(12):
            async with ColoniesClient(proxy.address, running.identities.keyring) as client:
                await asyncio.gather(*(client.get_version() for _ in range(6)))
                proxy.break_all()
                for _ in range(20):
                    await asyncio.sleep(0)
                task = asyncio.create_task(client.get_version())
                for _ in range(turns):
                    await asyncio.sleep(0)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        proxy.break_all()
        for _ in range(10_000):  # the other side of each connection ends a few turns later
            if sockets() <= before:
                return
            await asyncio.sleep(0)
        assert sockets() <= before


async def test_an_answer_that_comes_twice_is_not_taken_for_the_next() -> None:
    async with (
        living_colony() as colony,
        proxy_to(colony.running.address) as proxy,
        ColoniesClient(proxy.address, colony.keys) as client,
    ):
        proxy.spoil(http_faults.doubled)
        for count in range(5):
            assert (await client.get_colony_statistics(colonyname=colony.name)).waitingprocesses == count
            await colony.submit()
        assert (await client.get_version()).buildversion
