"""A server with a standing clock, and everybody who may talk to it, without a socket in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx

from colonies_tui.localserver.app import app_of
from colonies_tui.localserver.bootstrap import ensure_identities
from colonies_tui.localserver.server import LocalServer
from colonies_tui.localserver.settings import FirstIdentities, ServerSettings
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.envelope import encode_payload, open_reply, read_reply
from colonies_tui.protocol.messages.executor import AddExecutor, ApproveExecutor, GetExecutor
from colonies_tui.protocol.messages.process import (
    AssignProcess,
    CloseFailed,
    CloseSuccessful,
    GetProcess,
    SubmitProcess,
)
from colonies_tui.protocol.models.executor import Executor
from colonies_tui.protocol.models.process import FunctionSpec, Process
from colonies_tui.protocol.request import Request
from tests.localserver.manual_clock import ManualClock

R = TypeVar("R")

COLONY = "dev"
TYPE = "cli"
PATIENCE_SECONDS = 20.0


async def until(condition: Callable[[], bool]) -> None:
    """Return when a condition holds; the event loop turns in between."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110 - there is no event for what these tests look at from outside
            await asyncio.sleep(0)


def a_spec(**changes: Any) -> FunctionSpec:
    """Return a specification that every test executor of the usual type may take."""
    conditions = {"colonyname": COLONY, "executortype": TYPE, **changes.pop("conditions", {})}
    return FunctionSpec.model_validate({"funcname": "echo", **changes, "conditions": conditions})


@dataclass
class Harness:
    """A server and the keys of its people."""

    server: LocalServer
    clock: ManualClock
    http: httpx.AsyncClient
    server_key: PrivateKey
    colony_key: PrivateKey
    user_key: PrivateKey
    outsider_key: PrivateKey = field(default_factory=PrivateKey.new)

    async def post(self, msgtype: str, payload: Any, key: PrivateKey | None) -> httpx.Response:
        """Send any payload, valid or not."""
        return await self.http.post("/api", content=encode_payload(msgtype, payload, key))

    async def send(self, request: Request[R], key: PrivateKey | None = None) -> R:
        """Send a request, by the user if no key is given.

        Raises:
            Refused: the server says no.
        """
        response = await self.post(request.msgtype, request.payload(), key or self.user_key)
        reply = open_reply(response.content, status=response.status_code)
        return read_reply(reply, request.reply_adapter(), status=response.status_code, msgtype=request.msgtype)

    async def register(self, name: str, *, executortype: str = TYPE, approved: bool = True, **more: Any) -> PrivateKey:
        """Register an executor and return its key."""
        key = PrivateKey.new()
        executor = Executor(
            executorid=key.identity, executorname=name, executortype=executortype, colonyname=COLONY, **more
        )
        await self.send(AddExecutor(executor=executor), self.colony_key)
        if approved:
            await self.send(ApproveExecutor(colonyname=COLONY, executorname=name), self.colony_key)
        return key

    async def executor(self, name: str) -> Executor:
        return await self.send(GetExecutor(colonyname=COLONY, executorname=name))

    async def submit(self, **changes: Any) -> Process:
        return await self.send(SubmitProcess(spec=a_spec(**changes)))

    async def process(self, processid: str) -> Process:
        return await self.send(GetProcess(processid=processid))

    async def assign(self, key: PrivateKey, *, timeout: int = -1, **more: Any) -> Process:
        return await self.send(AssignProcess(colonyname=COLONY, timeout=timeout, **more), key)

    async def polling(self, key: PrivateKey, *, timeout: int = 60) -> asyncio.Task[Process]:
        """Begin a long poll and return when the server has it."""
        before = self.server.queue.waiting_executors
        poll = asyncio.create_task(self.assign(key, timeout=timeout))
        await until(lambda: self.server.queue.waiting_executors == before + 1 or poll.done())
        return poll

    async def succeed(self, process: Process, key: PrivateKey, *out: Any) -> None:
        await self.send(CloseSuccessful(processid=process.processid, out=out), key)

    async def fail(self, process: Process, key: PrivateKey, *errors: str) -> None:
        await self.send(CloseFailed(processid=process.processid, errors=errors), key)

    async def advance(self, seconds: float) -> None:
        """Let time pass on the server, and what follows from it reach the disk."""
        self.clock.advance(seconds)
        await self.server.database.settled()


@asynccontextmanager
async def harness(*, user_name: str = "operator", **settings: Any) -> AsyncIterator[Harness]:
    """Run a server in memory; settings are those of :class:`ServerSettings`."""
    keys = [PrivateKey.new() for _ in range(3)]
    identities = FirstIdentities(
        server_key=keys[0], colony_name=COLONY, colony_key=keys[1], user_name=user_name, user_key=keys[2]
    )
    clock = ManualClock()
    server = LocalServer(ServerSettings(identities=identities, **settings), clock=clock)
    await ensure_identities(server)
    transport = httpx.ASGITransport(app_of(server))
    server.start()
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://server", timeout=None) as http:
            yield Harness(server, clock, http, *keys)
    finally:
        server.close()
