"""Twenty executors, five hundred processes, real connections: nobody shares, nothing is left."""

from __future__ import annotations

import asyncio
from collections import Counter

import httpx

from colonies_tui.localserver.embedded import running_server
from colonies_tui.localserver.settings import FirstIdentities, ServerSettings
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.messages.colony import GetColonyStatistics
from tests.localserver.harness import COLONY, Harness
from tests.localserver.manual_clock import ManualClock

EXECUTORS = 20
PROCESSES = 500


async def test_twenty_executors_race_for_five_hundred_processes() -> None:
    keys = [PrivateKey.new() for _ in range(3)]
    identities = FirstIdentities(server_key=keys[0], colony_name=COLONY, colony_key=keys[1], user_key=keys[2])
    async with (
        running_server(ServerSettings(identities=identities)) as running,
        httpx.AsyncClient(base_url=running.address.http_url, trust_env=False, timeout=110) as http,
    ):
        bench = Harness(running.server, ManualClock(), http, *keys)
        executors = [await bench.register(f"worker-{number}") for number in range(EXECUTORS)]
        assigned: Counter[str] = Counter()
        closed: Counter[str] = Counter()
        everything_is_closed = asyncio.Event()

        async def work(key: PrivateKey) -> None:
            while True:
                process = await bench.assign(key, timeout=60)
                assert process.assignedexecutorid == key.identity
                assigned[process.processid] += 1
                await bench.succeed(process, key)
                closed[process.processid] += 1
                if closed.total() >= PROCESSES:
                    everything_is_closed.set()

        async def submit(count: int) -> list[str]:
            return [(await bench.submit()).processid for _ in range(count)]

        async with asyncio.TaskGroup() as tasks:
            workers = [tasks.create_task(work(key)) for key in executors]
            submissions = [tasks.create_task(submit(PROCESSES // 10)) for _ in range(10)]
            await everything_is_closed.wait()
            for worker in workers:
                worker.cancel()
        submitted = {processid for task in submissions for processid in task.result()}
        assert len(submitted) == PROCESSES
        assert assigned == closed == Counter(submitted)
        statistics = await bench.send(GetColonyStatistics(colonyname=COLONY))
        assert (statistics.waitingprocesses, statistics.runningprocesses) == (0, 0)
        assert statistics.successfulprocesses == PROCESSES
