"""A listener that does not take its events: on a real server it loses them, here it loses its connection."""

from __future__ import annotations

import asyncio
import json
from collections.abc import MutableMapping
from typing import Any

import pytest

from colonies_tui.localserver.records.process import process_by_id
from colonies_tui.localserver.websocket import BUFFER, REAL_BUFFER, PubSubEndpoint
from colonies_tui.protocol.envelope import encode_payload
from tests.localserver.harness import Harness, harness, until
from tests.localserver.listening import processes


async def overfill(bench: Harness, events: int, *, is_dropped: bool) -> int:
    """Send events to a listener whose first frame does not leave; return how many leave when it may after all.

    ``is_dropped`` is whether the connection is expected to end before that.
    """
    key = await bench.register("worker")
    process = process_by_id(bench.server.database, (await bench.submit()).processid)
    assert process is not None
    incoming: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
    sent: list[MutableMapping[str, Any]] = []
    is_open = asyncio.Event()

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)
        if message["type"] == "websocket.send":
            await is_open.wait()

    subscription = encode_payload("subscribeprocessesmsg", processes(0), key).decode()
    incoming.put_nowait({"type": "websocket.connect"})
    incoming.put_nowait({"type": "websocket.receive", "text": subscription})
    connection = asyncio.ensure_future(PubSubEndpoint(bench.server)({"type": "websocket"}, incoming.get, send))
    await until(lambda: bench.server.pubsub.listener_count == 1)
    bench.server.pubsub.publish(process)
    await until(lambda: len(sent) == 2)
    for _ in range(events):
        bench.server.pubsub.publish(process)
    if is_dropped:
        await until(connection.done)
    is_open.set()
    if not is_dropped:
        await until(lambda: len(sent) >= 2 + min(events, REAL_BUFFER))
    incoming.put_nowait({"type": "websocket.disconnect"})
    await connection
    assert all(json.loads(message["text"])["error"] is False for message in sent[1:])
    return len(sent) - 2


async def test_too_many_events_end_the_connection(bench: Harness) -> None:
    assert await overfill(bench, BUFFER + 1, is_dropped=True) == 0
    assert bench.server.pubsub.listener_count == 0


@pytest.mark.parametrize("events", [REAL_BUFFER, REAL_BUFFER + 50])
async def test_on_a_real_server_they_are_lost_without_a_word(events: int) -> None:
    async with harness(real_quirks=True) as quirky:
        assert await overfill(quirky, events, is_dropped=False) == REAL_BUFFER
