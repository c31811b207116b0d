"""A session on a real local server, and waiting for what it comes to know."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from colonies_tui.client.client import ColoniesClient
from colonies_tui.localserver.embedded import RunningServer
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.models.executor import Executor
from colonies_tui.protocol.models.process import Conditions, FunctionSpec, Process, ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.journal import MemoryJournal
from colonies_tui.store.link import LinkCondition
from colonies_tui.store.pace import Interval, Pace
from colonies_tui.store.resource import Watcher
from colonies_tui.store.session import Session

MINUTE = Interval(seen=60.0, unseen=60.0)

QUICK = Pace(share=1.0)
"""As usual, but on a machine that is busy with other tests, too, slow answers do not stretch the pauses."""

SLOW = Pace(
    share=1.0,
    statistics=MINUTE,
    executors=MINUTE,
    processes=MINUTE,
    functions=MINUTE,
    users=MINUTE,
    colonies=MINUTE,
    pause=MINUTE,
    server=MINUTE,
    strays=Interval(seen=60.0, unseen=60.0, gap=0.1),
    open_process=MINUTE,
    log=MINUTE,
    quiet_log=60.0,
)
"""Nothing is asked for more than once a minute unless something hints at it."""


@dataclass
class Watched:
    """A session that runs, and the events by which a test waits for it."""

    session: Session
    journal: MemoryJournal
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    watcher: Watcher | None = None

    async def until(self, holds: Callable[[], bool], seconds: float = 20.0) -> None:
        """Wait until something holds; looks again whenever the session says that something changed."""
        try:
            async with asyncio.timeout(seconds):
                while not holds():
                    await self.woken.wait()
                    self.woken.clear()
                    if self.watcher is not None:
                        self.watcher.take()
        except TimeoutError:
            known = [(row.processid[:6], row.state.name, row.retries) for row in self.session.processes.rows.values()]
            raise AssertionError(f"it did not come to hold: {self.session.link}, {known}") from None

    async def until_live(self) -> None:
        """Wait until events arrive over the websocket."""
        await self.until(lambda: self.session.link.condition is LinkCondition.LIVE, 40.0)

    async def until_loaded(self) -> None:
        """Wait until every list of processes, the executors and what the server says of itself have come."""
        session = self.session
        await self.until(
            lambda: (
                all(freshness.can_show_rows for freshness in session.process_lists.values())
                and session.executors.freshness.can_show_rows
                and session.statistics.freshness.can_show_rows
                and session.server.freshness.can_show_rows
            )
        )

    def row(self, process: Process | ProcessRow) -> ProcessRow:
        """Return what is known of a process."""
        row = self.session.processes.get(process.processid)
        assert row is not None
        return row

    async def until_state(self, process: Process, state: ProcessState, *, retries: int = 0) -> ProcessRow:
        """Wait until a process is known to be in a state."""

        def is_there() -> bool:
            row = self.session.processes.get(process.processid)
            return row is not None and row.state is state and row.retries == retries

        await self.until(is_there)
        return self.row(process)


@asynccontextmanager
async def watched(
    address: ServerAddress,
    colony: str,
    keys: Keyring,
    *,
    pace: Pace | None = None,
    is_read_only: bool = False,
) -> AsyncIterator[Watched]:
    """Run a session until the block ends."""
    journal = MemoryJournal()
    session = Session(
        ColoniesClient(address, keys), colony, journal=journal, pace=pace or QUICK, is_read_only=is_read_only
    )
    result = Watched(session, journal)
    result.watcher = session.watch(result.woken.set)
    task = asyncio.create_task(session.run(), name="session")
    try:
        yield result
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@dataclass
class Colony:
    """An operator and executors at a running server."""

    server: RunningServer
    operator: ColoniesClient
    executors: dict[str, ColoniesClient] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.server.identities.colony_name

    @property
    def keys(self) -> Keyring:
        return self.server.identities.keyring

    async def register(self, name: str, *, kind: str = "cli", approve: bool = True) -> ColoniesClient:
        """Register an executor with a new key."""
        key = PrivateKey.new()
        row = Executor(colonyname=self.name, executorname=name, executortype=kind, executorid=key.identity)
        await self.operator.add_executor(executor=row)
        if approve:
            await self.operator.approve_executor(colonyname=self.name, executorname=name)
        self.executors[name] = ColoniesClient(self.server.address, Keyring(member=key))
        return self.executors[name]

    async def submit(self, kind: str = "cli", *, maxexectime: int = -1, maxretries: int = 0) -> Process:
        """Submit a process."""
        return await self.operator.submit_process(
            spec=FunctionSpec(
                funcname="work",
                maxexectime=maxexectime,
                maxretries=maxretries,
                conditions=Conditions(colonyname=self.name, executortype=kind),
            )
        )

    async def assign(self, executor: str = "worker") -> Process:
        """Have an executor take the next process."""
        return await self.executors[executor].assign_process(colonyname=self.name, timeout=10)

    async def rows(self) -> dict[str, ProcessRow]:
        """Return what the server has (up to a hundred in each state)."""
        rows: dict[str, ProcessRow] = {}
        for state in ProcessState:
            processes = await self.operator.get_processes(colonyname=self.name, count=100, state=state)
            rows.update((process.processid, ProcessRow.of(process)) for process in processes)
        return rows


@asynccontextmanager
async def colony_at(server: RunningServer) -> AsyncIterator[Colony]:
    """Open the operator's client; all clients are closed at the end."""
    colony = Colony(server, ColoniesClient(server.address, server.identities.keyring))
    try:
        yield colony
    finally:
        for client in (colony.operator, *colony.executors.values()):
            await client.aclose()
