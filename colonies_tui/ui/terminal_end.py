"""The end that comes from outside: the terminal goes away, or somebody asks the program to end.

Without it a console whose terminal is gone would go on for ever, reading an end of file again and again, and one that
is told to end would leave the terminal without its cursor and its lines, and its recording unfinished.
"""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import sys
import threading
from collections.abc import Callable
from typing import Final, TextIO

HUNG_UP: Final = 128 + signal.SIGHUP
"""Exit code when the terminal went away, as shells have it."""

_SIGNALS: Final = (signal.SIGHUP, signal.SIGTERM)


class TerminalOutput:
    """What is drawn, for as long as there is a terminal; after that it goes nowhere."""

    def __init__(self, file: TextIO, on_gone: Callable[[], object]) -> None:
        """
        Args:
            file: the terminal.
            on_gone: told once that there is none any more; called in whatever thread found it out.
        """
        self._file = file
        self._on_gone = on_gone
        self._is_gone = False

    def write(self, text: str) -> int:
        """Draw."""
        if not self._is_gone:
            try:
                self._file.write(text)
            except OSError:
                self.give_up()
        return len(text)

    def flush(self) -> None:
        """Draw what is still kept back."""
        if not self._is_gone:
            try:
                self._file.flush()
            except OSError:
                self.give_up()

    def fileno(self) -> int:
        """Return the descriptor of the terminal."""
        return self._file.fileno()

    def give_up(self) -> None:
        """The terminal is gone. What the program says at its end must not fail for that."""
        if self._is_gone:
            return
        self._is_gone = True
        _let_go_of_terminals()
        self._on_gone()


def _let_go_of_terminals() -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    try:
        for descriptor in (stream.fileno() for stream in (sys.__stdin__, sys.__stdout__, sys.__stderr__) if stream):
            if stat.S_ISCHR(os.fstat(descriptor).st_mode):
                os.dup2(nowhere, descriptor)
    finally:
        os.close(nowhere)


class EndingSignals:
    """Ends the program in its own way when it is told to end."""

    def __init__(self, end: Callable[[int], object]) -> None:
        """
        Args:
            end: leaves the program with an exit code.
        """
        self._end = end
        self._heard: list[signal.Signals] = []

    def begin(self) -> None:
        """Listen. A signal that whoever started the program has it ignore stays ignored."""
        if self._heard or threading.current_thread() is not threading.main_thread():
            return
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                loop.add_signal_handler(number, self._end, 128 + number)
                self._heard.append(number)

    def end(self) -> None:
        """Listen no more."""
        for number in self._heard:
            asyncio.get_running_loop().remove_signal_handler(number)
        self._heard.clear()
