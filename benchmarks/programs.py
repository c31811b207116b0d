"""Programs that are measured: started, watched from outside (time, processor, memory, screen), and always ended."""

from __future__ import annotations

import fcntl
import os
import pty
import queue
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from benchmarks.control import Control

COLUMNS, LINES = 160, 50
SECONDS = 120.0
"""Longest wait for a program to show or to end what it should."""

PYTHON = (sys.executable,)
COMMAND = (str(Path(sys.executable).with_name("colonies-tui")),)


def environment(home: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return what a program is started with: nothing of the user's own configuration, and compiled modules are kept."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "HOME": str(home), "TERM": "xterm-256color", "COLORTERM": "truecolor", **(more or {})}


@contextmanager
def home() -> Iterator[Path]:
    """Make a home directory for programs that are measured."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        yield Path(folder)


def processor_seconds(pid: int) -> float:
    """Return the processor time of all threads of a process (Linux)."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):  # a thread that ends meanwhile
            total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


def resident_bytes(pid: int | None = None) -> int:
    """Return the resident memory of a process, of this one if none is named (Linux)."""
    with open(f"/proc/{pid or 'self'}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def run_seconds(command: Sequence[str], env: Mapping[str, str]) -> float:
    """Run a command to its end and return the seconds that it took.

    Raises:
        CalledProcessError: it failed.
    """
    began = time.perf_counter()
    subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=SECONDS)
    return time.perf_counter() - began


class Program:
    """A program without a terminal that is asked over a :class:`Control`."""

    def __init__(self, process: subprocess.Popen[bytes], control: Control) -> None:
        self.process = process
        self.control = control
        self.hello: Any = control.hear()
        """What it said when it was ready."""

    @property
    def processor_seconds(self) -> float:
        """Processor time so far."""
        return processor_seconds(self.process.pid)


@contextmanager
def program(command: Sequence[str], env: Mapping[str, str]) -> Iterator[Program]:
    """Start a program that answers; it is ended when this is left."""
    control = Control()
    process = subprocess.Popen(
        command,
        env={**env, **control.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=[control.theirs.fileno()],
        start_new_session=True,
    )
    try:
        control.theirs.close()
        yield Program(process, control)
    finally:
        control.close()
        _end(process)


class Terminal:
    """A program in a pseudo-terminal; a thread reads what it draws, and notes when it came."""

    def __init__(self, master: int, process: subprocess.Popen[bytes], control: Control | None, began: float) -> None:
        self.process = process
        self.control = control
        self.is_ready = False
        """Whether its first answer has been heard."""
        self._master = master
        self._began = began
        self._drawn: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, name="terminal", daemon=True)
        self._reader.start()

    def press(self, keys: str) -> float:
        """Press keys and return when."""
        pressed = time.perf_counter()
        os.write(self._master, keys.encode())
        return pressed

    def seconds_to(self, marker: bytes) -> float:
        """Return the seconds from the start until a text is drawn."""
        return self.drawn_at(marker) - self._began

    def drawn_at(self, marker: bytes = b"") -> float:
        """Return when something is drawn that holds ``marker``, of what has not been looked at yet.

        Raises:
            RuntimeError: it is not, before the program ends or the time is over.
        """
        seen = b""
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                at, piece = self._drawn.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise RuntimeError(f"{marker!r} was not drawn; the last was {seen[-2000:]!r}") from None
            if not piece:
                raise RuntimeError(f"the program ended before it drew {marker!r}: {seen[-2000:]!r}")
            seen += piece
            if marker in seen:
                return at

    def settle(self, silence: float = 0.1, at_most: float = 10.0) -> bytes:
        """Wait until nothing is drawn for so many seconds; return what was drawn."""
        seen = b""
        deadline = time.monotonic() + at_most
        while time.monotonic() < deadline:
            try:
                seen += self._drawn.get(timeout=silence)[1]
            except queue.Empty:
                break
        return seen

    def forget(self) -> None:
        """Look at nothing of what was drawn so far."""
        with suppress(queue.Empty):
            while True:
                self._drawn.get_nowait()

    @property
    def processor_seconds(self) -> float:
        """Processor time so far."""
        return processor_seconds(self.process.pid)

    def _read(self) -> None:
        with suppress(OSError):  # the program has closed its end
            while piece := os.read(self._master, 1 << 20):
                self._drawn.put((time.perf_counter(), piece))
        self._drawn.put((time.perf_counter(), b""))

    def join(self) -> None:
        """Wait for the end of the reading, which comes with that of the program."""
        self._reader.join(SECONDS)


@contextmanager
def terminal(command: Sequence[str], env: Mapping[str, str], *, controlled: bool = False) -> Iterator[Terminal]:
    """Start a program in a pseudo-terminal; it is ended when this is left."""
    control = Control() if controlled else None
    master, slave = pty.openpty()
    try:
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**env, **(control.environment if control else {})},
            pass_fds=[control.theirs.fileno()] if control else [],
            start_new_session=True,
        )
    finally:
        os.close(slave)
    shown = Terminal(master, process, control, began)
    try:
        if control is not None:
            control.theirs.close()
        yield shown
    finally:
        if control is not None:
            control.close()
        _end(process)
        shown.join()
        os.close(master)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5.0)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
