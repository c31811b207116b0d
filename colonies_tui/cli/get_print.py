"""Where ``colonies-tui get`` puts rows: a table, CSV or JSON; all at once, or one line for each change.

What goes to a program is the original text; a table, and CSV on a terminal, is cleaned. JSON is of ASCII alone, so that
it can be both.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Protocol

from colonies_tui.cli.get_text import AlignedLines, exported_name
from colonies_tui.cli.wire_json import json_text
from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.export import Records, records, to_csv, to_objects
from colonies_tui.ui.format.glyphs import ASCII, UNICODE, Alphabet
from colonies_tui.ui.seven_bit import seven_bit
from colonies_tui.ui.table_layout import Column, Value

OUTPUTS: Final = ("table", "json", "csv")
"""Names of the outputs; the usual one first."""

PRESENT: Final = "present"
"""What is said of the rows that were there when watching began."""

_CHANGE_WIDTH: Final = 7
_PREFIX: Final = len("00:00:00") + 2 + _CHANGE_WIDTH + 2


class _Asked(Protocol):
    """What decides how rows are printed."""

    @property
    def columns(self) -> Sequence[str]: ...

    @property
    def watches(self) -> bool: ...


class Printer(Protocol):
    """Prints the rows of one list."""

    columns: Sequence[Column[Any]]

    def whole(self, found: Records, rows: Sequence[Any], now: float) -> None:
        """Print a list once."""

    def begin(self, rows: Iterable[Any], now: float) -> None:
        """Print the rows that are there when watching begins."""

    def change(self, change: str, row: Any, now: float) -> None:
        """Print one row that is ``new``, ``changed`` or ``gone``."""

    def differs(self, old: Any, new: Any, now: float) -> bool:
        """Whether two rows read differently, apart from what changes all the time."""


def alphabet_of_output() -> Alphabet:
    """Return the glyphs that standard output can carry."""
    encoding = (getattr(sys.stdout, "encoding", None) or "ascii").replace("-", "").lower()
    return UNICODE if encoding.startswith("utf") else ASCII


def is_terminal() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout.isatty()


def printer_of(
    output: str,
    columns: Sequence[Column[Any]],
    rows: Sequence[Any],
    now: float,
    asked: _Asked,
    restless: frozenset[str],
) -> Printer:
    """Return what prints in one of :data:`OUTPUTS`.

    Args:
        output: which.
        columns: the columns to print.
        rows: the first rows.
        now: seconds since 1970.
        asked: what was asked for.
        restless: keys of columns of which a change is none, unless they were asked for by name.
    """
    compared = [column for column in columns if asked.columns or column.key not in restless]
    match output:
        case "json":
            return _JsonPrinter(columns, compared)
        case "csv":
            return _CsvPrinter(columns, compared)
        case _:
            return _TablePrinter(columns, compared, rows, now, asked)


def _write_lines(lines: Iterable[str]) -> None:
    """Write lines of a table, with decorations that standard output can carry."""
    text = "".join(f"{line}\n" for line in lines)
    _write(text if alphabet_of_output() is UNICODE else seven_bit(text))


def _write(text: str) -> None:
    """Write to standard output; what it cannot carry is written as an escape."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
    sys.stdout.flush()


class _Differing:
    """Tells rows apart by what is printed of them."""

    def __init__(self, columns: Sequence[Column[Any]], compared: Sequence[Column[Any]]) -> None:
        self.columns = columns
        self._compared = compared

    def differs(self, old: Any, new: Any, now: float) -> bool:
        """Whether two rows read differently, both at the same moment."""
        return records(self._compared, [old], now) != records(self._compared, [new], now)


class _JsonPrinter(_Differing):
    """A JSON array, or an object a line."""

    def whole(self, found: Records, rows: Sequence[Any], now: float) -> None:
        lines = ",\n".join(json_text(record) for record in to_objects(found))
        _write(f"[\n{lines}\n]\n" if lines else "[]\n")

    def begin(self, rows: Iterable[Any], now: float) -> None:
        for row in rows:
            self.change(PRESENT, row, now)

    def change(self, change: str, row: Any, now: float) -> None:
        (record,) = to_objects(records(self.columns, [row], now))
        _write(json_text({"change": change, **record}) + "\n")


class _CsvPrinter(_Differing):
    """Comma-separated values under a line of names; what changes has its change in the first column."""

    def whole(self, found: Records, rows: Sequence[Any], now: float) -> None:
        _write(to_csv(_cleaned(found)))

    def begin(self, rows: Iterable[Any], now: float) -> None:
        _write(to_csv(Records(("change", *map(exported_name, self.columns)), ())))
        for row in rows:
            self.change(PRESENT, row, now)

    def change(self, change: str, row: Any, now: float) -> None:
        found = _cleaned(records(self.columns, [row], now))
        _, _, line = to_csv(Records(("change", *found.names), ((change, *found.rows[0]),))).partition("\n")
        _write(line)


def _cleaned(found: Records) -> Records:
    """Clean what a terminal would show; what a program reads stays as it is."""
    if not is_terminal():
        return found

    def clean(value: Value) -> Value:
        if isinstance(value, str):
            return plain(value)
        if value is None or isinstance(value, int | float | datetime):
            return value
        return [plain(text) for text in value]

    return replace(found, rows=tuple(tuple(map(clean, row)) for row in found.rows))


class _TablePrinter(_Differing):
    """Aligned lines; what changes has the time and its change in front."""

    def __init__(
        self,
        columns: Sequence[Column[Any]],
        compared: Sequence[Column[Any]],
        rows: Sequence[Any],
        now: float,
        asked: _Asked,
    ) -> None:
        super().__init__(columns, compared)
        width = shutil.get_terminal_size().columns if is_terminal() else None
        if width is not None and asked.watches:
            width = max(1, width - _PREFIX)
        self._lines: AlignedLines[Any] = AlignedLines.of(
            columns, rows, now, width=width, drops=not asked.columns, grows=asked.watches
        )

    def whole(self, found: Records, rows: Sequence[Any], now: float) -> None:
        if rows:
            _write_lines([self._lines.head, *(self._lines.line(row, now) for row in rows)])

    def begin(self, rows: Iterable[Any], now: float) -> None:
        _write_lines([f"{'TIME':<8}  {'CHANGE':<{_CHANGE_WIDTH}}  {self._lines.head}"])
        for row in rows:
            self.change(PRESENT, row, now)

    def change(self, change: str, row: Any, now: float) -> None:
        at = datetime.fromtimestamp(now).astimezone()
        _write_lines([f"{at:%H:%M:%S}  {change:<{_CHANGE_WIDTH}}  {self._lines.line(row, now)}"])
