"""``colonies-tui watch``: what it prints, when it ends, and that it takes no work away from executors."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from colonies_tui.cli import watch
from colonies_tui.client.client import ColoniesClient
from colonies_tui.localserver.embedded import RunningServer, running_server
from colonies_tui.localserver.pubsub import Listener
from colonies_tui.localserver.settings import ServerSettings
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.models.executor import Executor
from colonies_tui.protocol.models.process import Conditions, FunctionSpec, Process
from colonies_tui.protocol.states import ProcessState
from tests.cli.conftest import COMMAND, SECONDS, Done, Run, variables_of

WAITING, RUNNING, SUCCESS, FAILED, CANCELLED = ProcessState


@dataclass
class Colony:
    """A server, an executor of type ``cli``, and those who listen."""

    server: RunningServer
    client: ColoniesClient
    executor: ColoniesClient
    executor_key: PrivateKey
    listeners: list[Listener] = field(default_factory=list)
    """Everybody who ever began to listen."""
    _came: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def variables(self) -> dict[str, str]:
        return variables_of(self.server)

    async def listened(self, count: int) -> None:
        """Wait until so many have begun to listen."""
        async with asyncio.timeout(SECONDS):
            while len(self.listeners) < count:
                self._came.clear()
                await self._came.wait()

    def note_listener(self, listener: Listener) -> None:
        self.listeners.append(listener)
        self._came.set()

    async def submit(self, executortype: str = "cli") -> Process:
        conditions = Conditions(colonyname="dev", executortype=executortype)
        return await self.client.submit_process(spec=FunctionSpec(funcname="echo", conditions=conditions))

    async def assign(self) -> Process:
        return await self.executor.assign_process(colonyname="dev", timeout=-1)

    async def close(self, process: Process) -> None:
        await self.executor.close_successful(processid=process.processid, out=("said",))

    async def run_one(self) -> None:
        """Take the next process and end it with an output."""
        await self.close(await self.assign())


@asynccontextmanager
async def colony_of(settings: ServerSettings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Colony]:
    async with running_server(settings) as server:
        key = PrivateKey.new()
        async with (
            ColoniesClient(server.address, server.identities.keyring) as client,
            ColoniesClient(server.address, Keyring(member=key)) as executor,
        ):
            await client.add_executor(
                executor=Executor(executorid=key.identity, executorname="x", executortype="cli", colonyname="dev")
            )
            await client.approve_executor(colonyname="dev", executorname="x")
            colony = Colony(server, client, executor, key)
            pubsub = server.server.pubsub
            add = pubsub.add

            def noted(listener: Listener) -> None:
                add(listener)
                colony.note_listener(listener)

            monkeypatch.setattr(pubsub, "add", noted)
            yield colony


@pytest.fixture
async def colony(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Colony]:
    async with colony_of(ServerSettings(), monkeypatch) as made:
        yield made


@pytest.fixture
async def real(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Colony]:
    """A colony on a server that behaves as the real one does."""
    async with colony_of(ServerSettings(real_quirks=True), monkeypatch) as made:
        yield made


def events_in(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def states_in(done: Done) -> list[int]:
    return [event["state"] for event in events_in(done.out)]


@asynccontextmanager
async def watching(
    colony: Colony, environment: dict[str, str], *arguments: str, listeners: int = 5
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the installed command; it has subscribed when the block begins, and is gone when it ends."""
    process = await asyncio.create_subprocess_exec(
        str(COMMAND),
        "watch",
        *arguments,
        env={**environment, **colony.variables},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        await colony.listened(listeners)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def next_event(command: asyncio.subprocess.Process) -> dict[str, Any]:
    """Return the next line that a command prints."""
    assert command.stdout is not None
    event: dict[str, Any] = json.loads(await asyncio.wait_for(command.stdout.readline(), SECONDS))
    return event


# -- one process -------------------------------------------------------------------------------------------------------


async def test_a_process_is_watched_until_it_has_ended(colony: Colony, environment: dict[str, str]) -> None:
    process = await colony.submit()
    async with watching(colony, environment, "--process", process.processid) as command:
        first = await next_event(command)
        assert (first["processid"], first["state"]) == (process.processid, WAITING)
        await colony.assign()
        assert (await next_event(command))["state"] == RUNNING
        await colony.close(process)
        out, err = await asyncio.wait_for(command.communicate(), SECONDS)
    (last,) = events_in(out.decode())
    assert (last["state"], last["out"]) == (SUCCESS, ["said"])
    assert last["endtime"] > last["starttime"]
    assert (command.returncode, err) == (0, b"")


async def test_only_the_states_that_are_asked_for_and_the_end_all_the_same(
    colony: Colony, environment: dict[str, str]
) -> None:
    process = await colony.submit()
    words = ("--process", process.processid, "--state", "running", "--state", "failed")
    async with watching(colony, environment, *words, listeners=4) as command:
        await colony.assign()
        assert (await next_event(command))["state"] == RUNNING
        await colony.close(process)
        out, err = await asyncio.wait_for(command.communicate(), SECONDS)
    assert (command.returncode, out, err) == (0, b"", b"")


async def test_a_process_that_has_ended_is_printed_at_once(colony: Colony, invoke: Run) -> None:
    process = await colony.submit()
    await colony.run_one()
    done = await invoke("watch", "--process", process.processid, env=colony.variables)
    assert (done.code, states_in(done)) == (0, [SUCCESS])
    done = await invoke("watch", "--process", process.processid, "--state", "failed", env=colony.variables)
    assert (done.code, done.out) == (0, "")
    assert colony.listeners == []


async def test_an_end_that_is_told_to_nobody_is_noticed(
    colony: Colony, invoke: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "LOOK_SECONDS", 0.05)
    process = await colony.submit()
    task = asyncio.create_task(invoke("watch", "--process", process.processid, env=colony.variables))
    await colony.listened(5)
    monkeypatch.setattr(colony.server.server.pubsub, "publish", lambda record: None)
    await colony.client.cancel_process(processid=process.processid)
    done = await task
    assert (done.code, states_in(done)[-1]) == (0, CANCELLED)


async def test_a_process_that_is_removed_ends_the_watch(
    colony: Colony, invoke: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "LOOK_SECONDS", 0.05)
    process = await colony.submit()
    task = asyncio.create_task(invoke("watch", "--process", process.processid, env=colony.variables))
    await colony.listened(5)
    await colony.client.remove_process(processid=process.processid)
    done = await task
    assert done.code == 1
    assert done.err.startswith("colonies-tui: refused (404): ")


async def test_renewed_subscriptions_are_not_seen(colony: Colony, invoke: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "SUBSCRIPTION_SECONDS", 1)
    process = await colony.submit()
    task = asyncio.create_task(invoke("watch", "--process", process.processid, env=colony.variables))
    await colony.listened(15)  # each of the five was renewed twice, and told anew that the process waits
    await colony.client.cancel_process(processid=process.processid)
    done = await task
    assert (done.code, done.err) == (0, "")
    assert states_in(done) == [WAITING, CANCELLED]


async def test_an_unknown_process_ends_with_1(colony: Colony, invoke: Run) -> None:
    done = await invoke("watch", "--process", "0" * 64, env=colony.variables)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("colonies-tui: refused (404): ")


# -- whole executor types ----------------------------------------------------------------------------------------------


async def test_all_executor_types_that_are_known(colony: Colony, invoke: Run) -> None:
    task = asyncio.create_task(invoke("watch", "--count", "3", env=colony.variables))
    await colony.listened(5)
    assert {(listener.executortype, listener.state) for listener in colony.listeners} == {
        ("cli", int(state)) for state in ProcessState
    }
    await colony.submit("other")
    process = await colony.submit()
    await colony.run_one()
    done = await task
    assert (done.code, done.err) == (0, "")
    assert sorted(states_in(done)) == [WAITING, RUNNING, SUCCESS]
    assert {event["processid"] for event in events_in(done.out)} == {process.processid}


async def test_only_the_types_and_states_that_are_asked_for(colony: Colony, invoke: Run) -> None:
    words = ("watch", "--type", "a", "--type", "b", "--state", "waiting", "--count", "2")
    task = asyncio.create_task(invoke(*words, env=colony.variables))
    await colony.listened(2)
    for executortype in ("cli", "a", "b"):
        await colony.submit(executortype)
    done = await task
    assert done.code == 0
    types = {event["spec"]["conditions"]["executortype"] for event in events_in(done.out)}
    assert types == {"a", "b"}


async def test_no_known_type_is_said(local: RunningServer, invoke: Run) -> None:
    done = await invoke("watch", env=variables_of(local))
    assert (done.code, done.out) == (1, "")
    assert done.err == "colonies-tui: no executor type is known in dev: name one with --type\n"


async def test_too_many_connections_are_refused(colony: Colony, invoke: Run) -> None:
    words = [word for number in range(60) for word in ("--type", f"t{number}")]
    done = await invoke("watch", *words, env=colony.variables)
    assert (done.code, done.out) == (1, "")
    assert "60 executor types in 5 states need more than 256 connections" in done.err
    assert colony.listeners == []


# -- a real server -----------------------------------------------------------------------------------------------------


async def test_waiting_processes_are_not_watched_where_that_takes_work_away(real: Colony, invoke: Run) -> None:
    env = {**real.variables, "COLONIES_PRVKEY": real.executor_key.reveal()}
    task = asyncio.create_task(invoke("watch", "--count", "2", env=env))
    await real.listened(4)
    assert {listener.state for listener in real.listeners} == {RUNNING, SUCCESS, FAILED, CANCELLED}
    await real.submit()
    await real.run_one()
    done = await task
    assert (done.code, sorted(states_in(done))) == (0, [RUNNING, SUCCESS])
    assert done.err.startswith("colonies-tui: waiting processes are not watched: ")


async def test_with_only_waiting_ones_nothing_is_left(real: Colony, invoke: Run) -> None:
    env = {**real.variables, "COLONIES_PRVKEY": real.executor_key.reveal()}
    done = await invoke("watch", "--type", "cli", "--state", "waiting", env=env)
    assert (done.code, done.out) == (1, "")
    assert done.err.splitlines()[-1] == "colonies-tui: nothing is left to watch"
    assert real.listeners == []


async def test_a_users_key_is_for_single_processes(real: Colony, invoke: Run) -> None:
    done = await invoke("watch", env=real.variables)
    assert (done.code, done.out) == (1, "")
    assert "watch one process with --process" in done.err
    process = await real.submit()
    task = asyncio.create_task(invoke("watch", "--process", process.processid, env=real.variables))
    await real.listened(5)
    await real.run_one()
    done = await task
    assert (done.code, done.err) == (0, "")
    assert states_in(done)[-1] == SUCCESS


# -- ends --------------------------------------------------------------------------------------------------------------


async def test_lines_come_at_once_and_an_interrupt_ends_it(colony: Colony, environment: dict[str, str]) -> None:
    async with watching(colony, environment) as process:
        submitted = await colony.submit()
        assert (await next_event(process))["processid"] == submitted.processid
        process.send_signal(signal.SIGINT)
        out, err = await asyncio.wait_for(process.communicate(), SECONDS)
        assert (process.returncode, out, err) == (130, b"", b"")


async def test_a_reader_that_leaves_ends_it_quietly_without_another_event(
    colony: Colony, environment: dict[str, str]
) -> None:
    async with watching(colony, environment) as process:
        transport = process._transport  # type: ignore[attr-defined]  # asyncio has no public way to close one pipe
        transport.get_pipe_transport(1).close()
        assert process.stderr is not None
        assert await asyncio.wait_for(process.stderr.read(), SECONDS) == b""
        assert await asyncio.wait_for(process.wait(), SECONDS) == 0


async def test_a_lost_connection_is_said_once_and_made_again(
    colony: Colony, invoke: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint_timers = colony.server.server.clock.call_later
    dropped: list[Any] = []

    def soon(seconds: float, call: Any) -> Any:
        if seconds == watch.SUBSCRIPTION_SECONDS and len(dropped) < 5:
            dropped.append(call)
        return endpoint_timers(seconds, call)

    monkeypatch.setattr(colony.server.server.clock, "call_later", soon)
    task = asyncio.create_task(invoke("watch", "--count", "1", env=colony.variables))
    await colony.listened(5)
    for drop in list(dropped):  # long before their time is over
        drop()
    await colony.listened(10)
    await colony.submit()
    done = await task
    assert (done.code, states_in(done)) == (0, [WAITING])
    lost, back = done.err.splitlines()
    assert lost.endswith("; trying again")
    assert back == "colonies-tui: connected again; what happened meanwhile was not seen"


async def test_a_server_that_is_down_ends_with_3(invoke: Run, local: RunningServer) -> None:
    variables = variables_of(local)
    async with running_server(ServerSettings()) as gone:
        variables["COLONIES_SERVER_HTTP_PORT"] = str(gone.address.port)
    done = await invoke("watch", env=variables)
    assert (done.code, done.out) == (3, "")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [["--count", "0"], ["--count", "x"], ["--state", "dead"], ["--type", "a", "--process", "b"], ["extra=1"]],
)
async def test_wrong_usage_ends_with_2(invoke: Run, arguments: list[str]) -> None:
    done = await invoke("watch", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[-1].startswith("colonies-tui")
