"""A program in a pseudo-terminal of its own, for tests of what asks on one."""

from __future__ import annotations

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

    def wait(self) -> int:
        """Read what is still written and return the exit code."""
        with contextlib.suppress(OSError):  # the other end of the terminal is closed
            self.wait_for(lambda text: False)
        return self.process.wait(SECONDS)


@contextmanager
def terminal(environment: dict[str, str], *arguments: str) -> Iterator[Terminal]:
    """Run the installed command; it is ended at the latest when this is left."""
    master, slave = pty.openpty()
    try:
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        env = {**environment, "TERM": "xterm-256color", "COLUMNS": str(COLUMNS), "LINES": str(LINES)}
        process = subprocess.Popen(
            [str(COMMAND), *arguments], stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True
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
