"""The demo from the front: a child process that holds the server and the executors, and a console before it.

The parent makes the listening socket and the keys, so that the console has its complete profile at once and draws while
the child is still starting: what it asks meanwhile waits in the socket's queue. The child's standard input is a pipe
whose other end only the parent holds; when that closes, for whatever reason, the child ends.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from colonies_tui.demo.cast import COLONY
from colonies_tui.demo.keys import KEYS_FILE, open_keys
from colonies_tui.demo.lines import Ended, read_line
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.keyless_environment import without_keys
from colonies_tui.protocol.keyring import Keyring

LOG_FILE: Final = "demo.log"
"""Where the child's own log goes, in the data directory."""

_LOCK_FILE: Final = "demo.lock"
_ENDING_SECONDS: Final = 8.0
_BACKLOG: Final = 128


class DemoError(Exception):
    """The demo cannot run, or ended before the console did; the message says why in one line."""


@dataclass(frozen=True, slots=True)
class DemoColony:
    """What a console needs to connect to the demo."""

    name: str
    address: ServerAddress
    colony: str
    keys: Keyring


@dataclass(slots=True)
class RunningDemo:
    """A demo whose child process has been started; the server may still be on its way up."""

    colony: DemoColony
    directory: Path
    child: subprocess.Popen[str]
    ended: str | None = None
    """Once the context is left: why the child had ended by itself before it was told to, ``None`` if it had not."""

    @property
    def lines(self) -> IO[str]:
        """What the child says (see :mod:`colonies_tui.demo.lines`)."""
        assert self.child.stdout is not None  # noqa: S101  (it was opened as a pipe)
        return self.child.stdout


def run_demo(*, data: Path | None, seed: int, run_console: Callable[[DemoColony], int]) -> int:
    """Run the demo with a console in front of it, and leave nothing behind but ``data``.

    Args:
        data: directory that keeps the demo's state; ``None`` for one that is removed at the end.
        seed: decides what is submitted.
        run_console: shows the console until the operator leaves, and returns the exit code.

    Returns:
        The console's exit code.

    Raises:
        DemoError: the directory is of no use, or the demo ended before the console.
    """
    with started_demo(data=data, seed=seed) as demo:
        code = run_console(demo.colony)
    if demo.ended is not None:
        raise DemoError(f"the demo ended before the console: {demo.ended}")
    return code


@contextmanager
def started_demo(*, data: Path | None, seed: int) -> Iterator[RunningDemo]:
    """Start the child process, and end it when the context is left.

    Raises:
        DemoError: the directory is of no use.
    """
    with _directory(data) as directory, _lock(directory) as lock:
        try:
            keys = open_keys(directory)
        except (ValueError, OSError) as error:
            raise DemoError(str(error)) from None
        with socket.create_server(("127.0.0.1", 0), backlog=_BACKLOG) as listening:
            port = listening.getsockname()[1]
            child = _start(directory, seed, listening, lock, ephemeral=data is None)
        # The listening socket is the child's alone from here on: without it nobody must seem to answer.
        address = ServerAddress("127.0.0.1", port, tls=False)
        demo = RunningDemo(DemoColony("demo", address, COLONY, keys.keyring), directory, child)
        try:
            yield demo
        finally:
            demo.ended = _end(demo)


def _start(
    directory: Path, seed: int, listening: socket.socket, lock: IO[str], *, ephemeral: bool
) -> subprocess.Popen[str]:
    arguments = ["--data", str(directory), "--seed", str(seed), "--socket", str(listening.fileno())]
    if ephemeral:
        arguments.append("--ephemeral")
    descriptor = os.open(directory / LOG_FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        return subprocess.Popen(  # noqa: S603  (our own interpreter and module)
            # -P: a module of the directory that the operator happens to be in must not take the place of one of ours.
            [sys.executable, "-P", "-m", "colonies_tui.demo.child", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=descriptor,
            env=without_keys(os.environ),
            text=True,
            pass_fds=(listening.fileno(), lock.fileno()),
            start_new_session=True,  # a ctrl+c in the terminal is the console's to handle
        )
    finally:
        os.close(descriptor)


def _end(demo: RunningDemo) -> str | None:
    """Close the pipe that the child watches, wait until it is gone, and return why it was gone already if it was."""
    child = demo.child
    was_gone = child.poll() is not None
    if child.stdin is not None:
        child.stdin.close()
    try:
        child.wait(_ENDING_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    with demo.lines as lines:
        said = [line for text in lines if isinstance(line := read_line(text), Ended)]
    if said:
        return said[0].reason
    return f"exit code {child.returncode}" if was_gone else None


@contextmanager
def _directory(data: Path | None) -> Iterator[Path]:
    if data is None:
        temporary = Path(tempfile.mkdtemp(prefix="colonies-demo-"))
        try:
            yield temporary
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        return
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        names = {path.name for path in data.iterdir()}
    except OSError as error:
        raise DemoError(f"{data}: {error.strerror}") from None
    if KEYS_FILE not in names and names - {_LOCK_FILE, LOG_FILE}:
        raise DemoError(f"{data} holds something other than a demo; choose an empty directory")
    yield data


@contextmanager
def _lock(directory: Path) -> Iterator[IO[str]]:
    """Hold a lock that the child inherits, so that it lasts as long as either of the two."""
    with (directory / _LOCK_FILE).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoError(f"another demo is running in {directory}") from None
        yield lock
