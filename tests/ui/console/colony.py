"""A colony at a server within the test's own event loop, with an operator and executors that do what they are told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from colonies_tui.client.client import ColoniesClient
from colonies_tui.localserver.embedded import RunningServer, running_server
from colonies_tui.localserver.settings import FirstIdentities, ServerSettings
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.models.colony import Statistics
from colonies_tui.protocol.models.executor import Capabilities, Executor, Gpu, Hardware, Software
from colonies_tui.protocol.models.process import Conditions, FunctionSpec, Process

MACHINE = Capabilities(
    hardware=(Hardware(cores=32, mem="256Gi", platform="linux", architecture="amd64", gpu=Gpu(name="A100", count=2)),),
    software=(Software(name="cuda-runner", type="container", version="1.4"),),
)


@dataclass
class Worker:
    """An executor: its row as registered, and a client that has its key."""

    executor: Executor
    client: ColoniesClient
    key: PrivateKey

    @property
    def name(self) -> str:
        return self.executor.executorname


@dataclass
class Colony:
    """One colony, its operator with all three keys, and its executors by name."""

    running: RunningServer
    operator: ColoniesClient
    workers: dict[str, Worker] = field(default_factory=dict)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def name(self) -> str:
        return self.running.identities.colony_name

    @property
    def keys(self) -> Keyring:
        return self.running.identities.keyring

    async def register(
        self,
        name: str,
        executortype: str = "cli",
        *,
        approve: bool = True,
        location: str = "rack-1",
        capabilities: Capabilities = MACHINE,
    ) -> Worker:
        """Register an executor with a key of its own; it waits for approval unless that is given here."""
        key = PrivateKey.new()
        wanted = Executor(
            executorid=key.identity,
            executortype=executortype,
            executorname=name,
            colonyname=self.name,
            locationname=location,
            capabilities=capabilities,
        )
        added = await self.operator.add_executor(executor=wanted)
        if approve:
            await self.operator.approve_executor(colonyname=self.name, executorname=name)
        client = await self._stack.enter_async_context(ColoniesClient(self.running.address, Keyring(member=key)))
        self.workers[name] = Worker(added, client, key)
        return self.workers[name]

    async def submit(
        self,
        executortype: str = "cli",
        funcname: str = "render_tile",
        *,
        conditions: Mapping[str, Any] | None = None,
        **spec: Any,
    ) -> Process:
        """Submit a process for a type of executors."""
        where = Conditions(colonyname=self.name, executortype=executortype).model_copy(update=conditions or {})
        return await self.operator.submit_process(spec=FunctionSpec(funcname=funcname, conditions=where, **spec))

    async def submit_many(self, count: int, executortype: str = "cli", funcname: str = "render_tile") -> list[Process]:
        """Submit several processes, at the same time."""
        return await asyncio.gather(*(self.submit(executortype, funcname) for _ in range(count)))

    async def assign(self, worker: str) -> Process:
        """Let an executor take the next process."""
        return await self.workers[worker].client.assign_process(colonyname=self.name, timeout=5)

    async def log(self, worker: str, process: Process, *messages: str) -> None:
        """Let an executor write lines into a process's log."""
        for message in messages:
            await self.workers[worker].client.add_log(processid=process.processid, message=message)

    async def log_past(self, process: Process, count: int) -> None:
        """Put so many lines into a process's log as if they had been written over the last minutes."""
        server = self.running.server
        began = server.clock.now() - count * 1_000_000
        with server.database.change():
            for number in range(count):
                server.database.write(
                    "INSERT INTO logs (stamp, colonyname, processid, executorname, message) VALUES (?, ?, ?, ?, ?)",
                    (began + number * 1_000_000, self.name, process.processid, "worker-1", f"line {number:04}"),
                )
        await server.database.settled()

    async def succeed(self, worker: str, process: Process, *out: Any) -> None:
        """Let an executor end a process well."""
        await self.workers[worker].client.close_successful(processid=process.processid, out=out)

    async def fail(self, worker: str, process: Process, *errors: str) -> None:
        """Let an executor end a process badly."""
        await self.workers[worker].client.close_failed(processid=process.processid, errors=errors)

    async def failed(self, worker: str, *errors: str, executortype: str = "cli", funcname: str = "fetch") -> Process:
        """Return a process that has failed."""
        await self.submit(executortype, funcname)
        process = await self.assign(worker)
        await self.fail(worker, process, *errors)
        return process

    async def counters(self) -> Statistics:
        """Return what the server counts."""
        return await self.operator.get_colony_statistics(colonyname=self.name)

    async def states(self) -> dict[str, str]:
        """Return the registration of every executor as the server has it, by name, in lower case."""
        rows = await self.operator.get_executors(colonyname=self.name)
        return {row.executorname: row.state.name.lower() for row in rows}


@asynccontextmanager
async def living_colony(
    *, real_quirks: bool = False, port: int = 0, data: str = ":memory:", identities: FirstIdentities | None = None
) -> AsyncIterator[Colony]:
    """Run a server with an empty colony until the block ends."""
    settings = ServerSettings(real_quirks=real_quirks, data=data, identities=identities or FirstIdentities())
    async with running_server(settings, port=port) as running:
        operator = ColoniesClient(running.address, running.identities.keyring)
        async with operator, AsyncExitStack() as stack:
            yield Colony(running, operator, _stack=stack)
