"""How the commands speak: results on standard output, one line of error on standard error, all of it plain text."""

from __future__ import annotations

import sys
from typing import TextIO

from colonies_tui.cli import PROGRAM
from colonies_tui.config.errors import redacted
from colonies_tui.protocol.errors import ColoniesError, Refused, UnsafeRequest
from colonies_tui.protocol.plaintext import plain


def say(line: str, *, to: TextIO | None = None) -> None:
    """Print one line, cleaned, to standard output or where it is told."""
    print(plain(line), file=to, flush=True)


def complain(line: str) -> None:
    """Print one line to standard error, cleaned, with nothing in it that could be a key."""
    print(f"{PROGRAM}: {plain(redacted(line))}", file=sys.stderr, flush=True)


def has_terminal() -> bool:
    """Tell whether there is a terminal to draw on and to read keys from."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def words_of(error: ColoniesError) -> str:
    """Return what went wrong between here and a server, as one sentence."""
    if isinstance(error, Refused):
        return f"refused ({error.status}){f': {error.message}' if error.message else ''}"
    return f"not sent: {error}" if isinstance(error, UnsafeRequest) else str(error)
