"""``colonies-tui serve`` as a program: what it prints is enough to connect, and how it ends."""

from __future__ import annotations

import asyncio
import json
import shlex
import signal
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from colonies_tui.cli.serve import is_loopback
from colonies_tui.localserver.embedded import running_server
from colonies_tui.localserver.settings import ServerSettings
from tests.cli.conftest import COMMAND, SECONDS, Run

KEY = "ddf7f7791208083b6a9ed975a72684f6406a269cfa36f1b1c32045c0a71fff05"
IDENTITY = "3fc05cf3df4b494e95d6a3d297a34f19938f7daa7422ab0d4f794454133341ac"


@asynccontextmanager
async def serving(environment: dict[str, str], *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run ``serve`` on a free port until the block ends, and check that it stops in order."""
    process = await asyncio.create_subprocess_exec(
        str(COMMAND),
        "serve",
        "--port",
        "0",
        *arguments,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), SECONDS) == 0
    finally:
        if process.returncode is None:
            process.kill()
        # Reads the pipes to their end, so that nothing of them is left open.
        await process.communicate()


async def lines_until(stream: asyncio.StreamReader | None, last: str) -> list[str]:
    """Return the lines of a stream up to the one that begins with ``last``."""
    assert stream is not None
    lines: list[str] = []
    while not (lines and lines[-1].startswith(last)):
        line = await asyncio.wait_for(stream.readline(), SECONDS)
        assert line, lines
        lines.append(line.decode().rstrip("\n"))
    return lines


async def test_what_it_prints_is_enough_to_connect(environment: dict[str, str], run: Run, home: Path) -> None:
    async with serving(environment, "--data", str(home / "served"), "--print-env") as process:
        exports = await lines_until(process.stdout, "export COLONIES_PRVKEY=")
        words = await lines_until(process.stderr, "Stop it")
        assert words[0].startswith("Colonies server on http://127.0.0.1:")
        variables = dict(shlex.split(line)[1].split("=", 1) for line in exports)
        done = await run("doctor", env=variables)
    assert done.code == 0, done.everything
    identities = home / "served" / "identities.json"
    assert stat.S_IMODE(identities.stat().st_mode) == 0o600
    assert variables["COLONIES_PRVKEY"] == json.loads(identities.read_text())["user_key"]


async def test_keys_come_from_the_official_variables(environment: dict[str, str], run: Run) -> None:
    held = {**environment, "COLONIES_PRVKEY": KEY, "COLONIES_COLONY_NAME": "lab"}
    async with serving(held, "--data", ":memory:", "--print-env") as process:
        exports = await lines_until(process.stdout, "export COLONIES_PRVKEY=")
    assert f"export COLONIES_ID={IDENTITY}" in exports
    assert "export COLONIES_COLONY_NAME=lab" in exports


async def test_without_being_asked_it_prints_no_key(environment: dict[str, str], home: Path) -> None:
    async with serving({**environment, "COLONIES_PRVKEY": KEY}) as process:
        words = await lines_until(process.stdout, "To connect")
    kept = home / "data" / "server"
    assert words[0].endswith(f"(data in {kept})")
    secrets = [value for name, value in json.loads((kept / "identities.json").read_text()).items() if "key" in name]
    assert KEY in secrets
    assert not [secret for secret in secrets if secret in "\n".join(words)]


async def test_real_quirks_are_passed_on(environment: dict[str, str], run: Run) -> None:
    async with serving(environment, "--data", ":memory:", "--print-env", "--real-quirks") as process:
        exports = await lines_until(process.stdout, "export COLONIES_PRVKEY=")
        variables = dict(shlex.split(line)[1].split("=", 1) for line in exports)
        done = await run("doctor", env=variables)
    assert "– observers" in done.out


async def test_a_port_that_is_taken_ends_with_1_and_says_so(run: Run) -> None:
    async with running_server(ServerSettings()) as other:
        done = await run("serve", "--port", str(other.address.port), "--data", ":memory:")
    assert done.code == 1
    assert done.err == (
        f"colonies-tui: port {other.address.port} on 127.0.0.1 is taken, perhaps by another Colonies server:"
        " choose another port\n"
    )


async def test_a_data_directory_that_cannot_be_made_ends_with_1(run: Run, home: Path) -> None:
    (home / "file").touch()
    done = await run("serve", "--port", "0", "--data", str(home / "file" / "data"))
    assert done.code == 1
    assert done.err.startswith(f"colonies-tui: {home / 'file' / 'data'}: ")
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("variable", "text"),
    [("COLONIES_PRVKEY", KEY[:-1]), ("COLONIES_STALE_EXECUTOR_DURATION", "soon"), ("COLONIES_RETENTION", KEY)],
)
async def test_a_wrong_variable_ends_with_2_and_its_name(run: Run, variable: str, text: str) -> None:
    done = await run("serve", "--port", "0", env={variable: text})
    assert done.code == 2
    assert done.err.startswith(f"colonies-tui: {variable}")
    assert KEY[:16] not in done.everything


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "somewhere.invalid"])
async def test_other_machines_are_kept_out_unless_told_otherwise(run: Run, host: str) -> None:
    done = await run("serve", "--host", host, "--port", "0", "--data", ":memory:")
    assert done.code == 2
    assert done.err.startswith(f"colonies-tui: {host} can be reached from other machines")
    assert "--expose allows it" in done.err


async def test_told_otherwise_it_warns(run: Run) -> None:
    """The address belongs to no machine, so nothing is exposed by the test."""
    done = await run("serve", "--expose", "--host", "192.0.2.1", "--port", "0", "--data", ":memory:")
    assert done.code == 1
    assert done.err.startswith("colonies-tui: warning: 192.0.2.1 can be reached from other machines")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_is_any_of_its_addresses(host: str) -> None:
    assert is_loopback(host)
