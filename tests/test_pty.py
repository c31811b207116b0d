"""The installed command in a real pseudo-terminal, as an operator starts it."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import fcntl
import os
import pty
import shlex
import signal
import struct
import sys
import termios
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyte
import pytest

COMMAND = Path(sys.executable).with_name("colonies-tui")
COLUMNS, LINES = 100, 30
SECONDS = 60.0
"""Longest wait for anything; a machine that does much else at the same time is slow."""


@dataclass
class Terminal:
    """A program in a terminal, and what that shows."""

    process: asyncio.subprocess.Process
    master: int
    modes: list[Any]
    """How the terminal was before the program began."""
    is_open: bool = True
    screen: pyte.Screen = field(default_factory=lambda: pyte.Screen(COLUMNS, LINES))
    output: bytearray = field(default_factory=bytearray)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._stream = pyte.ByteStream(self.screen)

    def read(self) -> None:
        """Take what the program has written."""
        try:
            data = os.read(self.master, 65536)
        except OSError:  # the other side is closed
            data = b""
        if not data:
            asyncio.get_running_loop().remove_reader(self.master)
        self.output += data
        self._stream.feed(data)
        self.changed.set()

    def press(self, keys: str) -> None:
        """Send keys as a terminal does."""
        os.write(self.master, keys.encode())

    def hang_up(self) -> None:
        """Take the terminal away, as closing its window does."""
        if self.is_open:
            self.is_open = False
            asyncio.get_running_loop().remove_reader(self.master)
            os.close(self.master)

    @property
    def text(self) -> str:
        # The emulator's own way stumbles over what is left of a wide character that was written over by half.
        rows = (self.screen.buffer[y] for y in range(self.screen.lines))
        return "\n".join("".join(row[x].data for x in range(self.screen.columns)) for row in rows)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until the screen is as it should be."""
        try:
            async with asyncio.timeout(SECONDS):
                while not condition():
                    self.changed.clear()
                    await self.changed.wait()
        except TimeoutError:
            raise AssertionError(f"never came true; the screen:\n{self.text}") from None

    async def until_shows(self, *parts: str) -> None:
        await self.until(lambda: all(part in self.text for part in parts))

    async def ended(self) -> int:
        """Wait for the end and return the exit code."""
        return await asyncio.wait_for(self.process.wait(), SECONDS)


@asynccontextmanager
async def terminal(
    environment: dict[str, str],
    *arguments: str,
    command: Sequence[str] = (str(COMMAND),),
    directory: Path | None = None,
) -> AsyncIterator[Terminal]:
    """Run the command, or another one, in a terminal of its own session."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    modes = termios.tcgetattr(slave)
    try:
        process = await asyncio.create_subprocess_exec(
            *(*command, *arguments),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
            cwd=directory,
            start_new_session=True,
        )
    finally:
        os.close(slave)
    shown = Terminal(process, master, modes)
    loop = asyncio.get_running_loop()
    loop.add_reader(master, shown.read)
    try:
        yield shown
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        shown.hang_up()


def members_of(session: int) -> list[int]:
    """Return the processes that belong to a terminal session."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                state, _, _, its_session, *_ = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(its_session) == session and state != "Z":
                    found.append(int(entry.name))
    return found


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Variables with nothing of the machine's own configuration in them."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("COLONIES_", "TEXTUAL", "COLUMNS", "LINES"))
    }
    directories = {
        f"COLONIES_TUI_{name}_DIR": str(tmp_path / name.lower()) for name in ("CONFIG", "STATE", "DATA", "CACHE")
    }
    return {**kept, **directories, "TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONUTF8": "1"}


@asynccontextmanager
async def served(environment: dict[str, str]) -> AsyncIterator[dict[str, str]]:
    """Run ``colonies-tui serve``; return the variables that it prints for the official client."""
    process = await asyncio.create_subprocess_exec(
        str(COMMAND),
        *("serve", "--port", "0", "--data", ":memory:", "--print-env"),
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    variables: dict[str, str] = {}
    try:
        while "COLONIES_PRVKEY" not in variables:
            line = await asyncio.wait_for(process.stdout.readline(), SECONDS)
            assert line, variables
            name, _, value = shlex.split(line.decode())[1].partition("=")
            variables[name] = value
        yield variables
    finally:
        process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.communicate(), SECONDS)
    assert process.returncode == 0


async def test_a_recording_is_made_and_replayed_from_the_command_line(
    environment: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "a.ctrec"
    async with served(environment) as variables:
        own = {**environment, **variables}
        async with terminal(own, "record", str(file)) as shown:
            await shown.until_shows("● rec", "Queues", "No queues")
            shown.press("2")
            await shown.until_shows("No processes")
            shown.press("q")
            assert await shown.ended() == 0
    async with terminal(environment, "replay", str(file)) as shown:
        await shown.until_shows("recording", " of 0:", "Queues", "No queues", ". play")
        shown.press("2")
        await shown.until_shows("No processes")
        shown.press("q")
        assert await shown.ended() == 0
    async with terminal({**environment, **variables}, "record", str(file)) as shown:
        await shown.until(lambda: "exists already" in shown.text.replace("\n", ""))  # the path may break the line
        assert await shown.ended() == 2
    async with terminal(environment, "replay", str(Path(__file__))) as shown:
        await shown.until_shows("not a recording")
        assert await shown.ended() == 2


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="tells what is left by /proc")
async def test_the_official_variables_are_enough_and_both_quit_keys_leave_nothing(environment: dict[str, str]) -> None:
    async with served(environment) as variables:
        own = {**environment, **variables}
        for quit_key in ("q", "\x11"):
            async with terminal(own) as shown:
                await shown.until_shows("colonies", "1 Overview", "Queues", "Latest failures", "? help")
                await shown.until(lambda: "live" in shown.screen.display[0] or "polling" in shown.screen.display[0])
                for digit, word in (("2", "all 0"), ("4", "Executors · 0"), ("9", "Users of dev · 1"), ("1", "Queues")):
                    shown.press(digit)
                    await shown.until_shows(word)
                shown.press("?")
                await shown.until_shows("Help · Overview")
                shown.press("\x1b")
                await shown.until(lambda: "Help ·" not in shown.text)
                assert members_of(shown.process.pid)
                shown.press(quit_key)
                assert await shown.ended() == 0
                assert members_of(shown.process.pid) == []
                await shown.until(lambda: b"\x1b[?1049l" in shown.output)
            for secret in ("COLONIES_PRVKEY", "COLONIES_COLONY_PRVKEY", "COLONIES_SERVER_PRVKEY"):
                assert variables[secret].encode() not in shown.output
        log = Path(environment["COLONIES_TUI_STATE_DIR"]) / "console.log"
        assert not log.exists() or "Traceback" not in log.read_text()


async def test_with_nothing_configured_it_opens_on_the_first_run_screen(environment: dict[str, str]) -> None:
    async with terminal(environment) as shown:
        await shown.until_shows("Nothing is configured yet", "opens the demo", "server", "member key", "ctrl-d demo")
        shown.press("http")
        await shown.until_shows("it begins with http:// or https://")
        shown.press("\x11")
        assert await shown.ended() == 0
        assert members_of(shown.process.pid) == []


async def test_a_server_that_is_not_there_does_not_keep_it_from_opening(environment: dict[str, str]) -> None:
    async with served(environment) as variables:
        pass  # its port is free again
    async with terminal({**environment, **variables}) as shown:
        await shown.until_shows("no answer", "retry in", "1 Overview", "No answer from http://127.0.0.1:")
        shown.press("q")
        assert await shown.ended() == 0


async def test_a_terminal_of_another_size_is_filled(environment: dict[str, str]) -> None:
    async with served(environment) as variables, terminal({**environment, **variables}) as shown:
        await shown.until_shows("Queues", "? help")
        assert "? help" in shown.screen.display[-1]
        shown.screen.resize(24, 80)
        fcntl.ioctl(shown.master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        os.kill(shown.process.pid, signal.SIGWINCH)
        await shown.until(lambda: "? help" in shown.screen.display[-1] and "1 Overview" in shown.screen.display[1])
        shown.press("q")
        assert await shown.ended() == 0


async def test_open_begins_at_the_place_that_a_locator_names(environment: dict[str, str]) -> None:
    async with served(environment) as variables:
        own = {**environment, **variables}
        async with terminal(own, "open", "colony/dev/user/operator") as shown:
            await shown.until_shows("Users of dev · 1", "operator")
            shown.press("Y")
            await shown.until_shows("copied colony/dev/user/operator")
            copied = base64.b64encode(b"colony/dev/user/operator")
            await shown.until(lambda: b"\x1b]52;c;" + copied in shown.output)
            shown.press("q")
            assert await shown.ended() == 0
        async with terminal(own, "open", "processes?state=failed&filter=error~memory") as shown:
            await shown.until_shows("/ error~memory", "✖ failed")
            shown.press("\x11")
            assert await shown.ended() == 0
    async with terminal(own, "open", "colony/dev/proces/1a2b") as shown:
        assert await shown.ended() == 2
        await shown.until_shows('there is no view or kind of object "proces"; process?')


async def test_a_terminal_that_goes_away_ends_it(environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "a.ctrec"
    async with served(environment) as own, terminal({**environment, **own}, "record", str(file)) as shown:
        await shown.until_shows("● rec", "No queues")
        shown.hang_up()
        assert await shown.ended() == 128 + signal.SIGHUP
        assert members_of(shown.process.pid) == []
    async with terminal(environment, "replay", str(file)) as shown:
        await shown.until_shows("recording", "No queues")  # it was ended as it should be, and can be read
        shown.press("q")
        assert await shown.ended() == 0
    log = Path(environment["COLONIES_TUI_STATE_DIR"]) / "console.log"
    assert not log.exists() or "Traceback" not in log.read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
async def test_told_to_end_it_leaves_the_terminal_as_it_was(
    environment: dict[str, str], number: signal.Signals
) -> None:
    async with served(environment) as variables, terminal({**environment, **variables}) as shown:
        await shown.until_shows("No queues", "? help")
        assert termios.tcgetattr(shown.master) != shown.modes
        shown.process.send_signal(number)
        assert await shown.ended() == 128 + number
        await shown.until(lambda: b"\x1b[?1049l" in shown.output and b"\x1b[?25h" in shown.output)
        assert termios.tcgetattr(shown.master) == shown.modes
