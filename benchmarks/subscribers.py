"""Very many subscribers to one executor type: from the submit of a process to the last that has heard of it."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Iterator, Mapping

from benchmarks import population
from benchmarks.programs import PYTHON, environment, home, program
from benchmarks.raw_http import connections
from benchmarks.raw_sockets import listeners
from benchmarks.results import Result, alone, of_pairs, percentile
from benchmarks.scale import Scale
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.envelope import encode_request
from colonies_tui.protocol.messages.process import SubmitProcess
from colonies_tui.protocol.messages.subscription import SubscribeProcesses
from colonies_tui.protocol.states import ProcessState

EVENT_BYTES = 1_700
"""About the size of an event here: an envelope around a process."""


def results(scale: Scale) -> Iterator[Result]:
    """Measure."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    pairs, lost = [], []
    with home() as where:
        env = environment(where)
        for _ in range(min(scale.runs, 3)):
            ours, missing = our_milliseconds(env, scale)
            floor = floor_milliseconds(env, scale)
            pairs.append((percentile(ours, 95), percentile(floor, 95)))
            lost.append(float(missing))
    what = f"{scale.subscribers:,} subscribers, {scale.events} events: submit to last, p95"
    yield of_pairs(what, pairs, unit="ms", target=4.0, floor_is="websockets broadcast of as many bytes")
    yield alone("… deliveries too many or too few", lost, unit="events", target=0.0)


def our_milliseconds(env: Mapping[str, str], scale: Scale) -> tuple[list[float], int]:
    """Return the milliseconds of each event, and how many deliveries more or fewer there were than there should be."""
    with program([*PYTHON, "-m", "benchmarks.served", "0", str(time.time_ns())], env) as served:
        port = int(served.hello["COLONIES_SERVER_HTTP_PORT"])
        key = PrivateKey(served.hello["COLONIES_PRVKEY"])
        return asyncio.run(_through_server(port, key, scale))


async def _through_server(port: int, key: PrivateKey, scale: Scale) -> tuple[list[float], int]:
    subscription = SubscribeProcesses(
        colonyname=population.COLONY, executortype=population.KIND, state=ProcessState.WAITING, timeout=600
    )
    frame = encode_request(subscription, key)
    submit = encode_request(SubmitProcess(spec=population.spec(1)), key)
    async with (
        connections("127.0.0.1", port, "/api") as posts,
        listeners(scale.subscribers, "127.0.0.1", port, "/pubsub") as (hall, opened),
    ):
        for listener in opened:
            listener.say(frame)
        # A subscription is not answered: one after the other is tried until all have heard of a process.
        heard = 0
        while heard != scale.subscribers:
            before = hall.count
            await posts[0].post(submit)
            await asyncio.sleep(0.5)
            heard = hall.count - before
        start = hall.count
        milliseconds = []
        for number in range(1, scale.events + 1):
            began = time.perf_counter()
            answered = asyncio.create_task(posts[0].post(submit))
            await hall.until(start + number * scale.subscribers)
            milliseconds.append(1000 * (time.perf_counter() - began))
            await answered
        await posts[0].post(b'{"payloadtype":"versionmsg","payload":"eyJtc2d0eXBlIjoidmVyc2lvbm1zZyJ9","signature":""}')
        return milliseconds, abs(hall.count - start - scale.events * scale.subscribers)


def floor_milliseconds(env: Mapping[str, str], scale: Scale) -> list[float]:
    """Return the same for a broadcast."""
    with program([*PYTHON, "-m", "benchmarks.floor_servers", "broadcast"], env) as served:
        return asyncio.run(_through_broadcast(served.hello, scale))


async def _through_broadcast(port: int, scale: Scale) -> list[float]:
    text = b"x" * EVENT_BYTES
    async with listeners(scale.subscribers, "127.0.0.1", port, "/") as (hall, opened):
        milliseconds = []
        for number in range(1, scale.events + 1):
            began = time.perf_counter()
            opened[0].say(text)
            await hall.until(number * scale.subscribers)
            milliseconds.append(1000 * (time.perf_counter() - began))
        return milliseconds
