"""The driver that sleeps: keys come through, a lone escape is told from the beginning of a sequence, and it ends."""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
from collections.abc import AsyncIterator

import pytest
from textual.events import Key
from textual.message import Message

from colonies_tui.ui.themed_app import ThemedApp

if sys.platform == "win32":
    pytest.skip("a driver for terminals of Unix", allow_module_level=True)

from colonies_tui.ui.sleeping_driver import SleepingDriver

SECONDS = 30.0


class Reading(SleepingDriver):
    """Reads from a pipe in place of a terminal, and keeps what it would hand to the app."""

    def __init__(self, source: int) -> None:
        super().__init__(ThemedApp[None](), mouse=False)
        self.fileno = source
        self.heard: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._bell = os.pipe()
        self._key_thread = threading.Thread(target=self.run_input_thread)
        self._key_thread.start()

    def process_message(self, message: Message) -> None:
        self.heard.put(message)

    def key(self) -> str:
        message = self.heard.get(timeout=SECONDS)
        assert isinstance(message, Key)
        return message.key


@pytest.fixture
async def terminal() -> AsyncIterator[tuple[Reading, int]]:
    """A driver, and the end of the pipe at which one types."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTSTP, signal.SIGCONT, signal.SIGWINCH)}
    source, typed = os.pipe()
    driver = Reading(source)
    try:
        yield driver, typed
    finally:
        driver.disable_input()
        for end in (source, typed):
            os.close(end)
        for number, handler in kept.items():
            signal.signal(number, handler)


async def test_keys_come_through(terminal: tuple[Reading, int]) -> None:
    driver, typed = terminal
    os.write(typed, b"j\x1b[A")
    assert [driver.key(), driver.key()] == ["j", "up"]
    os.write(typed, "ö".encode()[:1])
    os.write(typed, "ö".encode()[1:])
    assert driver.key() == "ö"


async def test_a_lone_escape_is_a_key_though_nothing_follows(terminal: tuple[Reading, int]) -> None:
    driver, typed = terminal
    os.write(typed, b"\x1b")
    assert driver.key() == "escape"


async def test_it_ends_without_a_key_and_leaves_nothing_open(terminal: tuple[Reading, int]) -> None:
    driver, _ = terminal
    bell, thread = driver._bell, driver._key_thread
    assert bell is not None
    assert thread is not None
    driver.disable_input()
    assert not thread.is_alive()
    for end in bell:
        with pytest.raises(OSError, match=r"[Bb]ad file"):
            os.fstat(end)
    driver.disable_input()  # leaving takes the input away more than once
