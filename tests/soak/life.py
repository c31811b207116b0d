"""A colony that lives at random: people submit, executors work, approve and go, and the server dies now and then."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

from colonies_tui.client.client import ColoniesClient
from colonies_tui.localserver.bootstrap import Identities
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import ColoniesError, NothingAssigned
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.messages.process import ANY_STATE
from colonies_tui.protocol.models.executor import Executor
from colonies_tui.protocol.models.process import Conditions, FunctionSpec
from colonies_tui.protocol.models.schedule import Cron
from colonies_tui.protocol.models.workflow import WorkflowSpec
from tests.localserver.serving_process import Serving, serving

COLONY = "dev"
TYPES = ("cli", "gpu")
MOST_PROCESSES = 400
"""When so many have ended, all are removed."""

MOST_EXECUTORS = 12


class Life:
    """A server of its own process on one data directory and one port, and everybody who is busy with it."""

    def __init__(self, data: Path, chance: random.Random) -> None:
        self._data = data
        self._chance = chance
        self._server = AsyncExitStack()
        self._clients = AsyncExitStack()
        self._workers: dict[str, ColoniesClient] = {}
        self._number = 0
        self.done: Counter[str] = Counter()
        """What happened, by name."""
        self.is_served = False
        """Whether the server has been started since it was killed last."""
        self.serving: Serving
        self.keys: Keyring
        self.operator: ColoniesClient

    async def start(self) -> None:
        """Start the server and the first executors."""
        self.serving = await self._server.enter_async_context(serving(self._data))
        self.is_served = True
        key = self.serving.key
        identities = Identities(key("server_key"), COLONY, key("colony_key"), "operator", key("user_key"))
        self.keys = identities.keyring
        self.operator = await self._clients.enter_async_context(ColoniesClient(self.serving.address, self.keys))
        for kind in TYPES:
            await self._join(kind, approve=True)
        crons = WorkflowSpec(colonyname=COLONY, functionspecs=(self._spec("tick", "cli", nodename="tick"),))
        cron = Cron(
            colonyname=COLONY,
            name="nightly",
            cronexpression="0 0 3 * * *",
            interval=-1,
            workflowspec=crons.model_dump_json(),
        )
        await self.operator.add_cron(cron=cron)

    async def restart(self, seconds: float) -> None:
        """Kill the server, and start it again on the same data and port after a while."""
        self.is_served = False
        with suppress(ProcessLookupError):  # killed before by what was broken off between its end and its start
            self.serving.process.kill()
        await self.serving.process.wait()
        await self._server.aclose()
        await asyncio.sleep(seconds)
        self.serving = await self._server.enter_async_context(serving(self._data, port=self.serving.address.port))
        self.is_served = True
        self.done["server killed"] += 1

    async def run(self) -> None:
        """Live until cancelled."""
        acts: list[Callable[[], Awaitable[object]]] = [
            *[self._submit] * 6,
            *[self._work] * 10,
            self._workflow,
            self._run_cron,
            self._newcomer,
            self._decide,
            self._pause,
            self._tidy_up,
        ]
        while True:
            act = self._chance.choice(acts)
            try:
                await act()
                self.done[act.__name__.strip("_").replace("_", " ")] += 1
            except NothingAssigned:
                continue
            except ColoniesError:
                self.done["refused or lost"] += 1
                await asyncio.sleep(0.1)
            await asyncio.sleep(self._chance.uniform(0.0, 0.1))

    async def calm_down(self) -> None:
        """Leave nothing behind that would change by itself."""
        with suppress(ColoniesError):
            await self.operator.resume_assignments(colonyname=COLONY)

    async def aclose(self) -> None:
        """End the server and all clients."""
        await self._clients.aclose()
        await self._server.aclose()

    # -- what happens ----------------------------------------------------------------------------------------------

    def _spec(self, funcname: str, kind: str, **fields: Any) -> FunctionSpec:
        after = fields.pop("after", ())
        where = Conditions(colonyname=COLONY, executortype=kind, dependencies=after)
        return FunctionSpec(funcname=funcname, conditions=where, maxwaittime=-1, maxexectime=-1, **fields)

    async def _join(self, kind: str, *, approve: bool) -> None:
        self._number += 1
        key, name = PrivateKey.new(), f"{kind}-{self._number}"
        row = Executor(executorid=key.identity, executortype=kind, executorname=name, colonyname=COLONY)
        await self.operator.add_executor(executor=row)
        if approve:
            await self.operator.approve_executor(colonyname=COLONY, executorname=name)
        client = ColoniesClient(self.serving.address, Keyring(member=key))
        self._workers[name] = await self._clients.enter_async_context(client)

    async def _submit(self) -> None:
        name = self._chance.choice(("render", "fetch", "train", "[bold]fold[/"))
        priority = self._chance.randrange(5)
        spec = self._spec(name, self._chance.choice(TYPES), args=(self._chance.random(),), priority=priority)
        await self.operator.submit_process(spec=spec)

    async def _work(self) -> None:
        client = self._workers[self._chance.choice(tuple(self._workers))]
        process = await client.assign_process(colonyname=COLONY, timeout=-1)
        for line in range(self._chance.randrange(6)):
            await client.add_log(
                processid=process.processid, message=f"line {line} \x1b[31m[red]{self._chance.random()}"
            )
        if self._chance.random() < 0.2:
            await client.close_failed(processid=process.processid, errors=("no such tile",))
        else:
            await client.close_successful(processid=process.processid, out=(self._chance.random(),))

    async def _workflow(self) -> None:
        nodes = (
            self._spec("plan", "cli", nodename="plan"),
            *(
                self._spec("draw", "cli", nodename=f"draw-{n}", after=("plan",))
                for n in range(self._chance.randrange(4))
            ),
        )
        await self.operator.submit_workflow(spec=WorkflowSpec(colonyname=COLONY, functionspecs=nodes))

    async def _run_cron(self) -> None:
        for cron in await self.operator.get_crons(colonyname=COLONY, count=10):
            await self.operator.run_cron(cronid=cron.cronid)

    async def _newcomer(self) -> None:
        known = await self.operator.get_executors(colonyname=COLONY)
        if len(known) >= MOST_EXECUTORS:
            gone = self._chance.choice(known).executorname
            await self.operator.remove_executor(colonyname=COLONY, executorname=gone)
            client = self._workers.pop(gone, None)
            if client is not None:
                await client.aclose()
        await self._join(self._chance.choice(TYPES), approve=not self._workers or self._chance.random() < 0.5)

    async def _decide(self) -> None:
        row = self._chance.choice(await self.operator.get_executors(colonyname=COLONY))
        if self._chance.random() < 0.8:
            await self.operator.approve_executor(colonyname=COLONY, executorname=row.executorname)
        else:
            await self.operator.reject_executor(colonyname=COLONY, executorname=row.executorname)

    async def _pause(self) -> None:
        if self._chance.random() < 0.2:
            await self.operator.pause_assignments(colonyname=COLONY)
        else:
            await self.operator.resume_assignments(colonyname=COLONY)

    async def _tidy_up(self) -> None:
        counters = await self.operator.get_colony_statistics(colonyname=COLONY)
        ended = counters.successfulprocesses + counters.failedprocesses + counters.cancelledprocesses
        if ended + counters.waitingprocesses > MOST_PROCESSES:
            await self.operator.remove_all_process_graphs(colonyname=COLONY, state=ANY_STATE)
            await self.operator.remove_all_processes(colonyname=COLONY, state=ANY_STATE)
