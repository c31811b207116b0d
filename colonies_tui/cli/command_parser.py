"""Parsers of the command line, and of its commands: a command's own is made when that command was chosen."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

from colonies_tui.cli.exit_codes import USAGE

if TYPE_CHECKING:
    from pathlib import Path

_FALLBACK_COLUMNS = 80


class CommandParser(argparse.ArgumentParser):
    """A parser that never repeats a key given where none belongs."""

    def __init__(self, *, is_laid_out: bool = False, **options: Any) -> None:
        """
        Args:
            is_laid_out: whether the description and the epilog are printed line by line as they are.
            options: as for argparse.
        """
        shape = argparse.RawDescriptionHelpFormatter if is_laid_out else argparse.HelpFormatter
        super().__init__(formatter_class=partial(shape, width=_columns() - 2), **options)

    def error(self, message: str) -> NoReturn:
        from colonies_tui.config.errors import redacted

        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: {redacted(message)}\n")


class Subcommand(CommandParser):
    """The parser of a command. It is made and filled when the command was chosen: the others cost next to nothing."""

    def __init__(self, *, fill: Callable[[CommandParser], None] | None = None, **options: Any) -> None:
        """
        Args:
            fill: adds what the command takes, if it takes anything.
            options: as for the parser.
        """
        self._fill = fill
        self._options = options

    def parse_known_args(  # type: ignore[override]  # argparse's overloads are about the type of the namespace
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        super().__init__(**self._options)
        if self._fill is not None:
            self._fill(self)
        return super().parse_known_args(args, namespace)


def path_from(text: str) -> Path:
    """Return a path that was given as an argument."""
    from pathlib import Path

    return Path(text)


def _columns() -> int:
    """Return the width of the terminal as ``shutil`` does, which is slow to load and asked at every argument."""
    try:
        columns = int(os.environ["COLUMNS"])
    except (KeyError, ValueError):
        columns = 0
    if columns <= 0:
        try:
            columns = os.get_terminal_size(sys.__stdout__.fileno()).columns if sys.__stdout__ else 0
        except (ValueError, OSError):  # closed, or no terminal
            columns = 0
    return columns or _FALLBACK_COLUMNS
