"""The installed command as tests run it, away from the operator's own files and variables."""

from __future__ import annotations

import asyncio
import os
import shlex
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from colonies_tui.cli.main import main
from colonies_tui.localserver.bootstrap import environment_lines
from colonies_tui.localserver.embedded import RunningServer, running_server
from colonies_tui.localserver.settings import ServerSettings

COMMAND = Path(sys.executable).with_name("colonies-tui")
SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def everything(self) -> str:
        """All that it said."""
        return self.out + self.err


Run = Callable[..., Coroutine[Any, Any, Done]]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home of its own for one test; ``config/keys.toml`` in it is the operator's."""
    (tmp_path / "config").mkdir(mode=0o700)
    return tmp_path


@pytest.fixture
def environment(home: Path) -> dict[str, str]:
    """Variables with nothing of the machine's own configuration in them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COLONIES_")}
    directories = {
        f"COLONIES_TUI_{name}_DIR": str(home / name.lower()) for name in ("CONFIG", "STATE", "DATA", "CACHE")
    }
    return {**kept, **directories, "PYTHONUTF8": "1"}


@pytest.fixture
def run(environment: dict[str, str]) -> Run:
    """Run the installed command to its end."""

    async def command(*arguments: str, env: Mapping[str, str] | None = None, stdin: str = "") -> Done:
        process = await asyncio.create_subprocess_exec(
            str(COMMAND),
            *arguments,
            env={**environment, **(env or {})},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            out, err = await asyncio.wait_for(process.communicate(stdin.encode()), SECONDS)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        assert process.returncode is not None
        return Done(process.returncode, out.decode(), err.decode())

    return command


@pytest.fixture
def write_keys(home: Path) -> Callable[[str], Path]:
    """Write the operator's ``keys.toml``."""

    def write(text: str) -> Path:
        path = home / "config" / "keys.toml"
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        return path

    return write


@pytest.fixture
def invoke(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process, in a thread of its own: quicker than the installed one."""
    for name in [name for name in os.environ if name.startswith("COLONIES_")]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    async def command(*arguments: str, env: Mapping[str, str] | None = None) -> Done:
        with monkeypatch.context() as patch:
            for name, value in (env or {}).items():
                patch.setenv(name, value)
            code = await asyncio.wait_for(asyncio.to_thread(main, arguments), SECONDS)
        out, err = capsys.readouterr()
        return Done(code, out, err)

    return command


def variables_of(server: RunningServer) -> dict[str, str]:
    """Return the official client's variables for a server, with all keys."""
    lines = environment_lines(server.address, server.identities).splitlines()
    return dict(shlex.split(line)[1].split("=", 1) for line in lines)


@pytest.fixture
async def local() -> AsyncIterator[RunningServer]:
    """A local server with a colony, its owner and a user."""
    async with running_server(ServerSettings()) as running:
        yield running
