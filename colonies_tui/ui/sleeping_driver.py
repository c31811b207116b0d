"""A driver for terminals whose input thread sleeps until something is typed.

The toolkit's own looks ten times a second whether the program is over, which is most of what a program costs that has
nothing to do.
"""

from __future__ import annotations

import os
import selectors
from codecs import getincrementaldecoder
from collections.abc import Iterable
from typing import Any

from textual._parser import ParseError
from textual._time import get_time
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from colonies_tui.ui.terminal_end import HUNG_UP, EndingSignals, TerminalOutput

_READ_BYTES = 4096
_LEAVING_SECONDS = 1.0
"""Longest time between the ring and the end that it announces."""


class SleepingDriver(LinuxDriver):
    """Does the same as its base, with an input thread that is woken where it would look."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._bell: tuple[int, int] | None = None
        """A pipe that wakes the input thread: the end it reads, and the end that is written to."""
        if self._file is None:
            raise RuntimeError("there is nothing to draw on")
        self._output = TerminalOutput(self._file, lambda: self._app.call_later(self._leave, HUNG_UP))
        self._file = self._output  # type: ignore[assignment]  # the toolkit only writes to it
        self._signals = EndingSignals(self._leave)

    def start_application_mode(self) -> None:
        """Begin to draw and to read keys."""
        if self._bell is None:
            self._bell = os.pipe()
        self._signals.begin()
        super().start_application_mode()  # type: ignore[no-untyped-call]  # the toolkit gives it no types

    def close(self) -> None:
        """End for good."""
        super().close()
        self._signals.end()

    def _leave(self, return_code: int) -> None:
        self._app.exit(return_code=return_code)

    def disable_input(self) -> None:
        """Read no more keys; returns when the thread is over."""
        if self._bell is not None:
            os.write(self._bell[1], b".")
        super().disable_input()
        if self._bell is not None and (self._key_thread is None or not self._key_thread.is_alive()):
            for end in self._bell:
                os.close(end)
            self._bell = None

    def run_input_thread(self) -> None:
        """Wait for input and hand on what it says, until input is disabled."""
        if self._bell is None:
            raise RuntimeError("keys are read between the start and the end of application mode")
        bell = self._bell[0]
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")().decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(bell, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                ready = {key.fd for key, _ in selector.select(_seconds_until_timeout(parser))}
                if bell in ready:
                    self.exit_event.wait(_LEAVING_SECONDS)
                    break
                if self.fileno in ready:
                    data = self._read()
                    if not data:
                        selector.unregister(self.fileno)
                        if self.input_tty:  # what is piped into the program just ends
                            self._output.give_up()
                    elif text := decode(data):
                        self._hand_on(parser.feed(text))
                self._hand_on(parser.tick())
        try:
            for _ in parser.feed(""):
                pass
        except (EOFError, ParseError):
            pass

    def _read(self) -> bytes:
        """Return what was typed; nothing when the terminal is gone."""
        try:
            return os.read(self.fileno, _READ_BYTES)
        except OSError:
            return b""

    def _hand_on(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)


def _seconds_until_timeout(parser: XTermParser) -> float | None:
    """Return for how long to wait for the rest of a sequence; ``None`` where nothing has begun."""
    due = parser._timeout_time
    return None if due is None else max(0.0, due - get_time())
