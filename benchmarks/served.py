"""A program: the local server with a population of processes, which brings about as many events as it is asked for.

``python -m benchmarks.served COUNT BASE [DIRECTORY]``; it is asked over the control socket.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import time
from typing import Any

import uvloop

from benchmarks import population
from benchmarks.control import answer
from colonies_tui.client.client import ColoniesClient
from colonies_tui.localserver.embedded import RunningServer, running_server
from colonies_tui.localserver.records.executor import executor_by_id
from colonies_tui.localserver.records.process import ProcessRecord, insert_process
from colonies_tui.localserver.settings import ServerSettings
from colonies_tui.localserver.submission import submit
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.models.executor import Executor

TICK = 0.01
"""Seconds between two bursts of events."""

WAITING = 20
"""Processes that wait from the start."""


class Served:
    """The server and what it is asked to do."""

    def __init__(self, running: RunningServer) -> None:
        self.server = running.server
        self.identities = running.identities
        self.address = running.address
        self.worker = PrivateKey.new()
        self._running: list[ProcessRecord] = []
        self._step = 0
        self._number = 0

    async def furnish(self, count: int, base: int) -> None:
        """Put the population in, register an executor, and let some processes wait."""
        with self.server.database.change():
            for record in population.records(count, base):
                insert_process(self.server.database, record)
        await self.server.database.settled()
        await self._register("bench-worker", self.worker)
        with self.server.database.change():
            for _ in range(WAITING):
                self._submit()
        await self.server.database.settled()

    async def _register(self, name: str, key: PrivateKey) -> None:
        row = Executor(
            colonyname=population.COLONY, executorname=name, executortype=population.KIND, executorid=key.identity
        )
        async with ColoniesClient(self.address, self.identities.keyring) as operator:
            await operator.add_executor(executor=row)
            await operator.approve_executor(colonyname=population.COLONY, executorname=name)

    def _submit(self) -> None:
        self._number += 1
        user = self.identities
        submit(
            self.server,
            population.spec(self._number),
            initiatorid=user.user_key.identity,
            initiatorname=user.user_name,
        )

    def _one_event(self) -> None:
        """Submit, assign and close in turn, so that as many wait and run as before."""
        database, lifecycle = self.server.database, self.server.lifecycle
        executor = executor_by_id(database, self.worker.identity)
        if executor is None:
            raise RuntimeError("the executor is gone")
        match self._step % 3:
            case 0:
                self._submit()
            case 1:
                assigned = lifecycle.assign(executor, None, None)
                if assigned is not None:
                    self._running.append(assigned)
            case _:
                if self._running:
                    lifecycle.close_successful(self._running.pop(0), executor, ["done"])
        self._step += 1

    async def ready(self, asked: dict[str, Any]) -> dict[str, str]:
        """Return the variables for connecting; the keys in them are new and end with this program."""
        user = self.identities
        return {
            "COLONIES_SERVER_HOST": self.address.host,
            "COLONIES_SERVER_HTTP_PORT": str(self.address.port),
            "COLONIES_TLS": "false",
            "COLONIES_COLONY_NAME": user.colony_name,
            "COLONIES_PRVKEY": user.user_key.reveal(),
            "COLONIES_COLONY_PRVKEY": user.colony_key.reveal(),
            "COLONIES_SERVER_PRVKEY": user.server_key.reveal(),
        }

    async def events(self, asked: dict[str, Any]) -> dict[str, float]:
        """Bring about so many events a second for so many seconds, however late that makes it."""
        rate, seconds = float(asked["rate"]), float(asked["seconds"])
        began, cpu = time.perf_counter(), time.process_time()
        done = 0
        while done < int(rate * seconds):
            await asyncio.sleep(max(0.0, began + done / rate + TICK - time.perf_counter()))
            due = min(int((time.perf_counter() - began) * rate), int(rate * seconds))
            with self.server.database.change():
                for _ in range(min(due - done, int(rate * TICK * 4) + 1)):
                    self._one_event()
                    done += 1
            await self.server.database.settled()
        return {"sent": done, "seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}

    async def states(self, asked: dict[str, Any]) -> dict[str, int]:
        """Return the state of every process by its id."""
        return dict(self.server.database.all("SELECT processid, state FROM processes"))

    async def register(self, asked: dict[str, Any]) -> list[str]:
        """Register so many further executors and return their keys."""
        keys = [PrivateKey.new() for _ in range(int(asked["count"]))]
        for number, key in enumerate(keys):
            await self._register(f"worker-{number}", key)
        return [key.reveal() for key in keys]


async def serve(count: int, base: int, directory: str) -> None:
    """Serve until the benchmark goes."""
    async with running_server(ServerSettings(data=directory)) as running:
        served = Served(running)
        await served.furnish(count, base)
        await answer(
            {
                "ready": served.ready,
                "events": served.events,
                "states": served.states,
                "register": served.register,
            }
        )


if __name__ == "__main__":
    _, _most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (_most, _most))
    _count, _base, *_directory = sys.argv[1:]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as _runner:
        _runner.run(serve(int(_count), int(_base), _directory[0] if _directory else ":memory:"))
