"""The server as a process: what survives its sudden end, how it stops, what it says when it cannot start."""

from __future__ import annotations

import asyncio
import signal
import stat
import sys
from asyncio.subprocess import PIPE
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from colonies_tui.localserver.bootstrap import IDENTITIES_FILE
from colonies_tui.localserver.run import serve
from colonies_tui.localserver.settings import ServerSettings
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import NothingAssigned
from colonies_tui.protocol.messages.colony import GetColonies, GetUsers
from colonies_tui.protocol.messages.executor import AddExecutor, ApproveExecutor, GetExecutors
from colonies_tui.protocol.messages.log import AddLog, GetLogs
from colonies_tui.protocol.messages.process import AssignProcess, CloseSuccessful, GetProcess, SubmitProcess
from colonies_tui.protocol.models.executor import Executor
from colonies_tui.protocol.models.process import Process
from colonies_tui.protocol.states import ProcessState
from tests.localserver.harness import COLONY, a_spec
from tests.localserver.serving_process import PROGRAM, Serving, serving

STOP_SECONDS = 20


@dataclass
class Acknowledged:
    """What the server said yes to, and what was asked for without an answer."""

    submitted: set[str] = field(default_factory=set)
    assigned: dict[str, str] = field(default_factory=dict)
    """Executor id by process id."""
    logged: dict[str, list[str]] = field(default_factory=dict)
    closed: dict[str, str] = field(default_factory=dict)
    """Output by process id."""
    unanswered_closes: set[str] = field(default_factory=set)


@dataclass
class Traffic:
    """Clients that work against a server until it is gone."""

    server: Serving
    http: httpx.AsyncClient
    user_key: PrivateKey
    known: Acknowledged
    goal: int
    """Number of acknowledged closes at which the server is killed, in the middle of everything."""

    async def submit(self) -> None:
        while True:
            process = await self.server.send(self.http, SubmitProcess(spec=a_spec()), self.user_key)
            self.known.submitted.add(process.processid)

    async def work(self, key: PrivateKey) -> None:
        known = self.known
        while True:
            assign = AssignProcess(colonyname=COLONY, timeout=30)
            process: Process = await self.server.send(self.http, assign, key)
            known.assigned[process.processid] = key.identity
            for number in range(2):
                message = f"line {number}"
                await self.server.send(self.http, AddLog(processid=process.processid, message=message), key)
                known.logged.setdefault(process.processid, []).append(message)
            known.unanswered_closes.add(process.processid)
            close = CloseSuccessful(processid=process.processid, out=(process.processid[:8],))
            await self.server.send(self.http, close, key)
            known.unanswered_closes.discard(process.processid)
            known.closed[process.processid] = process.processid[:8]
            if len(known.closed) >= self.goal:
                with suppress(ProcessLookupError):  # another piece of work was quicker
                    self.server.process.kill()

    async def until_gone(self, work: Coroutine[Any, Any, None]) -> None:
        with suppress(httpx.HTTPError):
            await work


async def check(server: Serving, http: httpx.AsyncClient, known: Acknowledged, user_key: PrivateKey) -> None:
    """See that everything that was acknowledged is there."""
    for processid in known.submitted | known.assigned.keys():
        process = await server.send(http, GetProcess(processid=processid), user_key)
        if processid in known.closed:
            assert (process.state, process.out) == (ProcessState.SUCCESS, (known.closed[processid],))
        elif processid in known.assigned and processid not in known.unanswered_closes:
            assert (process.state, process.assignedexecutorid) == (ProcessState.RUNNING, known.assigned[processid])
    for processid, messages in known.logged.items():
        rows = await server.send(http, GetLogs(colonyname=COLONY, processid=processid, count=10), user_key)
        assert [row.message for row in rows][: len(messages)] == messages


async def test_a_killed_server_has_lost_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    known = Acknowledged()
    executors = [PrivateKey.new() for _ in range(4)]
    for round_number in range(3):
        async with serving(tmp_path) as server, httpx.AsyncClient(trust_env=False, timeout=60) as http:
            user_key, colony_key = server.key("user_key"), server.key("colony_key")
            if round_number == 0:
                for number, key in enumerate(executors):
                    name = f"worker-{number}"
                    executor = Executor(
                        executorid=key.identity, executorname=name, executortype="cli", colonyname=COLONY
                    )
                    await server.send(http, AddExecutor(executor=executor), colony_key)
                    await server.send(http, ApproveExecutor(colonyname=COLONY, executorname=name), colony_key)
            await check(server, http, known, user_key)
            traffic = Traffic(server, http, user_key, known, goal=len(known.closed) + 40)
            async with asyncio.TaskGroup() as tasks:
                for _ in range(2):
                    tasks.create_task(traffic.until_gone(traffic.submit()))
                for key in executors:
                    tasks.create_task(traffic.until_gone(traffic.work(key)))
            assert await server.process.wait() == -signal.SIGKILL
    async with serving(tmp_path) as server, httpx.AsyncClient(trust_env=False, timeout=60) as http:
        await check(server, http, known, server.key("user_key"))
        found = await server.send(http, GetExecutors(colonyname=COLONY), server.key("user_key"))
        assert len(known.closed) >= 120
        assert [executor.executorid for executor in found if executor.state == 1] == [key.identity for key in executors]


async def test_the_keys_are_kept_for_the_owner_alone_and_stay_the_same(tmp_path: Path) -> None:
    data = tmp_path / "deep" / "data"
    contents = []
    for _ in range(2):
        async with serving(data) as server, httpx.AsyncClient(trust_env=False, timeout=60) as http:
            (colony,) = await server.send(http, GetColonies(), server.key("server_key"))
            assert (colony.name, colony.colonyid) == (COLONY, server.key("colony_key").identity)
            (user,) = await server.send(http, GetUsers(colonyname=COLONY), server.key("user_key"))
            assert (user.name, user.userid) == ("operator", server.key("user_key").identity)
        contents.append((data / IDENTITIES_FILE).read_text())
    assert contents[0] == contents[1]
    assert stat.S_IMODE((data / IDENTITIES_FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


async def test_the_first_start_takes_the_keys_of_the_environment(tmp_path: Path) -> None:
    keys = {name: PrivateKey.new() for name in ("COLONIES_SERVER_PRVKEY", "COLONIES_COLONY_PRVKEY", "COLONIES_PRVKEY")}
    environment = {name: key.reveal() for name, key in keys.items()} | {"COLONIES_COLONY_NAME": "mine"}
    async with (
        serving(tmp_path, environment=environment) as server,
        httpx.AsyncClient(trust_env=False, timeout=60) as http,
    ):
        (colony,) = await server.send(http, GetColonies(), keys["COLONIES_SERVER_PRVKEY"])
        assert (colony.name, colony.colonyid) == ("mine", keys["COLONIES_COLONY_PRVKEY"].identity)
        (user,) = await server.send(http, GetUsers(colonyname="mine"), keys["COLONIES_PRVKEY"])
        assert user.userid == keys["COLONIES_PRVKEY"].identity


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
async def test_a_signal_stops_it_after_everybody_who_waits_has_an_answer(tmp_path: Path, name: str) -> None:
    key = PrivateKey.new()
    async with serving(tmp_path) as server, httpx.AsyncClient(trust_env=False, timeout=60) as http:
        executor = Executor(executorid=key.identity, executorname="w", executortype="cli", colonyname=COLONY)
        await server.send(http, AddExecutor(executor=executor), server.key("colony_key"))
        approve = ApproveExecutor(colonyname=COLONY, executorname="w")
        await server.send(http, approve, server.key("colony_key"))
        poll = asyncio.create_task(server.send(http, AssignProcess(colonyname=COLONY, timeout=50), key))
        heard = None
        while heard is None:
            (found,) = await server.send(http, GetExecutors(colonyname=COLONY), server.key("user_key"))
            heard = found.lastheardfromtime
        server.process.send_signal(getattr(signal, name))
        with pytest.raises(NothingAssigned):
            await poll
        assert await asyncio.wait_for(server.process.wait(), STOP_SECONDS) == 0
        assert server.process.stderr is not None
        assert await server.process.stderr.read() == b""


async def test_what_it_says_when_it_cannot_start(tmp_path: Path) -> None:
    async def complaint(*arguments: str) -> str:
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", PROGRAM, *arguments, stderr=PIPE)
        _, errors = await process.communicate()
        assert process.returncode == 1
        return errors.decode().strip().splitlines()[-1]

    async with serving(tmp_path / "a") as server:
        taken = await complaint(str(server.address.port), str(tmp_path / "b"))
        assert f"port {server.address.port} on 127.0.0.1 is taken" in taken
        busy = await complaint("0", str(tmp_path / "a"))
        assert f"another server is running on {tmp_path / 'a'}" in busy


def test_serving_ends_cleanly_when_the_announcement_fails(tmp_path: Path) -> None:
    def fail(started: object) -> None:
        raise KeyboardInterrupt

    for _ in range(2):  # the database was closed, so that it can be opened again
        with pytest.raises(KeyboardInterrupt):
            serve(ServerSettings(port=0, data=str(tmp_path)), announce=fail)
