"""Runs one measured app in a pseudo-terminal, so that what is written to the terminal is part of what is measured."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Sequence
from pathlib import Path

COLUMNS, LINES = 160, 50
SETTLE_SECONDS = 0.06
"""Silence after which a program is taken to have painted all it had to."""


def measure(module: str, scenario: str) -> dict[str, float]:
    """Run `python -m module scenario FILE` in a terminal of its own and return the figures it wrote to the file."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder, "result.json")
        process, terminal = _start([sys.executable, "-m", module, scenario, str(result)])
        while _read(terminal, 1.0) is not None:
            pass
        code = process.wait()
        os.close(terminal)
        if code:
            raise RuntimeError(f"{scenario} ended with {code}")
        figures: dict[str, float] = json.loads(result.read_text(encoding="utf-8"))
        return figures


def key_latencies(module: str, scenario: str, keys: str) -> list[float]:
    """Milliseconds from a key to the first byte painted, for one key after another, sorted."""
    process, terminal = _start([sys.executable, "-m", module, scenario, os.devnull])
    try:
        _drain(terminal, 1.5)
        latencies = []
        for key in keys:
            pressed = time.perf_counter()
            os.write(terminal, key.encode())
            if _read(terminal, 1.0):
                latencies.append((time.perf_counter() - pressed) * 1000)
            _drain(terminal, SETTLE_SECONDS)
        return sorted(latencies)
    finally:
        process.terminate()
        process.wait()
        os.close(terminal)


def _start(command: Sequence[str]) -> tuple[subprocess.Popen[bytes], int]:
    terminal, other_end = pty.openpty()
    fcntl.ioctl(other_end, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    process = subprocess.Popen(
        command, stdin=other_end, stdout=other_end, stderr=other_end, env=environment, start_new_session=True
    )
    os.close(other_end)
    return process, terminal


def _read(terminal: int, seconds: float) -> bytes | None:
    """What the program writes next; empty after silence, None when it has ended."""
    if not select.select([terminal], [], [], seconds)[0]:
        return b""
    try:
        return os.read(terminal, 1 << 20) or None
    except OSError:
        return None


def _drain(terminal: int, silence: float) -> None:
    while _read(terminal, silence):
        pass
