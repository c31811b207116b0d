"""From the first-run screen to the demo in a terminal, with the keys that an operator presses."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import pty
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyte

from tests.cli.conftest import COMMAND, SECONDS

COLUMNS, LINES = 120, 36


@dataclass
class Terminal:
    """A program in a terminal of its own."""

    master: int
    process: subprocess.Popen[bytes]
    screen: pyte.Screen

    def press(self, keys: bytes) -> None:
        os.write(self.master, keys)

    def wait_for(self, condition: Callable[[str], bool]) -> None:
        """Read what the program draws until the screen is as wanted."""
        stream = pyte.ByteStream(self.screen)
        deadline = time.monotonic() + SECONDS
        while not condition("\n".join(self.screen.display)):
            assert time.monotonic() < deadline, "\n".join(self.screen.display)
            stream.feed(os.read(self.master, 65536))


@contextmanager
def terminal(environment: dict[str, str]) -> Iterator[Terminal]:
    master, slave = pty.openpty()
    try:
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        env = {**environment, "TERM": "xterm-256color", "COLUMNS": str(COLUMNS), "LINES": str(LINES)}
        process = subprocess.Popen(
            [str(COMMAND)], stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True
        )
    finally:
        os.close(slave)
    try:
        yield Terminal(master, process, pyte.Screen(COLUMNS, LINES))
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        os.close(master)


async def test_in_a_terminal(environment: dict[str, str], home: Path) -> None:
    def operate() -> int:
        with terminal(environment) as console_in_terminal:
            console_in_terminal.wait_for(lambda text: "Nothing is configured yet" in text)
            console_in_terminal.press(b"\x04")
            console_in_terminal.wait_for(lambda text: "Overview" in text and "first run" not in text)
            console_in_terminal.press(b"\x11")
            with contextlib.suppress(OSError):  # the other end of the terminal is closed
                console_in_terminal.wait_for(lambda text: False)
            return console_in_terminal.process.wait(SECONDS)

    assert await asyncio.to_thread(operate) == 0
    assert not (home / "config" / "keys.toml").exists()
