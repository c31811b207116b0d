"""The demo for real: its child process, seen through an ordinary client."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from colonies_tui.client.client import ColoniesClient
from colonies_tui.demo.cast import COLONY
from colonies_tui.demo.keys import open_keys
from colonies_tui.demo.run import DemoColony, DemoError, run_demo, started_demo
from colonies_tui.localserver.server import DATABASE_FILE
from colonies_tui.protocol.messages.process import GetProcesses
from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.states import ExecutorState, ProcessState
from tests.demo.everything import until, until_everything_shows


def is_running(pid: int) -> bool:
    """Whether a process lives; one that waits to be collected does not."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except FileNotFoundError:
        return not Path("/proc").exists()


def is_listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


async def rows(client: ColoniesClient, state: ProcessState, executortype: str = "") -> tuple[ProcessRow, ...]:
    return await client.process_rows(GetProcesses(colonyname=COLONY, count=100, state=state, executortype=executortype))


@pytest.mark.timeout(180)
async def test_a_colony_lives_and_leaves_nothing() -> None:
    with started_demo(data=None, seed=1) as demo:
        port = demo.colony.address.port
        async with ColoniesClient(demo.colony.address, demo.colony.keys) as client:
            await client.get_version()  # asked before the child is up, and answered

            async def the_pile_waits_for_the_operator() -> bool:
                states = {row.executorname: row.state for row in await client.get_executors(colonyname=COLONY)}
                pending = {name for name, state in states.items() if state is ExecutorState.PENDING}
                piled = len(await rows(client, ProcessState.WAITING, "compiler"))
                return pending == {"compile-1", "turbo-hash"} and piled >= 20

            await until(the_pile_waits_for_the_operator, 30, "a pile waits for an executor that is not approved")
            waiting = await rows(client, ProcessState.WAITING, "compiler")
            await client.reject_executor(colonyname=COLONY, executorname="turbo-hash")
            await client.approve_executor(colonyname=COLONY, executorname="compile-1")

            succeeded: set[str] = set()
            reasons: set[str] = set()

            async def work_of_every_kind_has_ended() -> bool:
                succeeded.update(row.funcname for row in await rows(client, ProcessState.SUCCESS))
                reasons.update(row.error.partition(":")[0] for row in await rows(client, ProcessState.FAILED))
                return succeeded >= {
                    "hash_file",
                    "hash_tree",
                    "compare_files",
                    "count_definitions",
                    "count_words",
                    "index_file",
                    "index_package",
                    "compress_file",
                } and reasons >= {
                    "SyntaxError",
                    "UnicodeDecodeError",
                    "FileNotFoundError",
                    "ValueError",
                    "Maximum execution time limit exceeded",
                }

            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(until(work_of_every_kind_has_ended, 60, "work of every kind has ended"))
                tasks.create_task(until_everything_shows(client))

            failed = next(row for row in await rows(client, ProcessState.FAILED) if row.error.startswith("SyntaxError"))
            log = await client.get_logs(colonyname=COLONY, processid=failed.processid, count=100)
            assert any(row.message.startswith("Traceback (most recent call last):") for row in log)

            async def queue_has_drained() -> bool:
                return len(await rows(client, ProcessState.WAITING, "compiler")) <= 2

            await until(queue_has_drained, 60, "the compiler's queue has drained")
            compiled = await rows(client, ProcessState.SUCCESS, "compiler")
            assert {row.processid for row in waiting} & {row.processid for row in compiled}
        directory = demo.directory
        assert directory.exists()
    assert demo.child.returncode == 0
    assert not is_listening(port)
    assert not directory.exists()


CONSOLE = """
import json, sys
from colonies_tui.demo.run import started_demo

with started_demo(data=None, seed=1) as demo:
    known = [demo.child.pid, demo.colony.address.port, str(demo.directory), demo.lines.readline()]
    print(json.dumps(known), flush=True)
    sys.stdin.read()
"""


def test_a_killed_console_takes_everything_with_it() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", CONSOLE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as console:
        assert console.stdout is not None
        try:
            pid, port, directory, first_line = json.loads(console.stdout.readline())
            assert json.loads(first_line)["event"] == "ready"
            assert is_running(pid)
            assert is_listening(port)
        finally:
            console.send_signal(signal.SIGKILL)

    def something_is_left() -> bool:
        return is_running(pid) or is_listening(port) or Path(directory).exists()

    async def everything_is_gone() -> bool:
        return not something_is_left()

    asyncio.run(until(everything_is_gone, 15, "process, port and directory are gone"))


def test_state_is_kept_and_one_directory_serves_one_demo(tmp_path: Path) -> None:
    data = tmp_path / "colony"
    seen: list[DemoColony] = []

    def console(colony: DemoColony) -> int:
        seen.append(colony)
        with pytest.raises(DemoError, match="another demo is running"):
            run_demo(data=data, seed=1, run_console=lambda _: 0)

        async def leave_a_mark() -> bool:
            async with ColoniesClient(colony.address, colony.keys) as client:
                states = {e.executorname: e.state for e in await client.get_executors(colonyname=COLONY)}
                if "turbo-hash" not in states:
                    return False
                if len(seen) == 1:
                    await client.reject_executor(colonyname=COLONY, executorname="turbo-hash")
                else:
                    assert states["turbo-hash"] is ExecutorState.REJECTED
                return True

        asyncio.run(until(leave_a_mark, 30, "the executors are registered"))
        return 3

    assert run_demo(data=data, seed=1, run_console=console) == 3
    assert run_demo(data=data, seed=1, run_console=console) == 3
    assert seen[0].keys == seen[1].keys


def test_a_directory_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(DemoError, match="choose an empty directory"):
        run_demo(data=tmp_path, seed=1, run_console=lambda _: 0)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_demo_that_ends_by_itself_says_why(tmp_path: Path) -> None:
    open_keys(tmp_path)
    (tmp_path / DATABASE_FILE).write_bytes(b"no database at all" * 1000)
    with started_demo(data=tmp_path, seed=1) as demo:
        assert demo.child.wait(30) == 1
    assert demo.ended is not None
    assert demo.ended.startswith("DatabaseUnusable: ")
    with pytest.raises(DemoError, match="the demo ended before the console: DatabaseUnusable"):
        run_demo(data=tmp_path, seed=1, run_console=lambda colony: wait_until_closed(colony.address.port))


def wait_until_closed(port: int) -> int:
    async def closed() -> bool:
        return not is_listening(port)

    asyncio.run(until(closed, 30, "the port is closed"))
    return 0
