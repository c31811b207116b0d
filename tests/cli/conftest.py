"""The installed command as tests run it, away from the operator's own files and variables."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

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


Run = Callable[..., Awaitable[Done]]


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
