"""TOML with line numbers: the standard library reads it, and this finds where in the text each setting stands.

A statement is the shortest run of lines that is valid TOML by itself, so that values over several lines stay whole and
nothing here knows TOML's grammar a second time.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from colonies_tui.config.errors import ConfigError

TablePath = tuple[str, ...]
"""Names from the top of a file down to a table or a setting."""

_POSITION: Final = re.compile(r"\s*\((?:at line (\d+), column \d+|at end of document)\)\Z")
_LONG_WORD: Final = re.compile(r"[^\s'\"(),]{24,}")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+\Z")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a TOML text: a table's header, a setting, or nothing (a comment, an empty line)."""

    first: int
    """Index of its first line, from 0."""
    last: int
    """Index of its last line, included."""
    table: TablePath
    """The table it belongs to; for a header, the table it opens."""
    is_header: bool
    values: Mapping[str, Any]
    """What a setting says: usually one name and its value."""

    @property
    def is_blank(self) -> bool:
        """Whether it says nothing."""
        return not self.is_header and not self.values


def parse_toml(path: Path, content: bytes) -> dict[str, Any]:
    """Return what a file says.

    Raises:
        ConfigError: it is not UTF-8 or not TOML; with the line, without the text of the line.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ConfigError(path, line, "is not UTF-8 text") from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        words, number = str(error), text.count("\n") + 1
        if match := _POSITION.search(words):
            words = words[: match.start()]
            number = int(match.group(1) or number)
        # The parser's words can quote what it stumbled over; long words could be keys.
        words = _LONG_WORD.sub("…", words)
        raise ConfigError(path, number, f"is not valid TOML: {words[:1].lower()}{words[1:]}") from None


def split_lines(text: str) -> list[str]:
    """Split a text at the line ends that TOML knows, keeping them."""
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop().removesuffix("\n")
    return [*lines, last] if last else lines


def split_statements(text: str) -> list[Statement]:
    """Split a valid TOML text into its statements, in order, without a gap."""
    statements: list[Statement] = []
    table: TablePath = ()
    chunk, first = "", 0
    for number, line in enumerate(split_lines(text)):
        chunk = chunk + line
        try:
            content = tomllib.loads(chunk)
        except tomllib.TOMLDecodeError:
            continue  # a value goes on over the next line
        is_header = chunk.lstrip().startswith("[")
        if is_header:
            table = _header_path(content)
        statements.append(Statement(first, number, table, is_header, {} if is_header else content))
        chunk, first = "", number + 1
    return statements


def _header_path(content: Mapping[str, Any]) -> TablePath:
    path: list[str] = []
    inner: Any = content
    while isinstance(inner, dict) and inner:
        name, inner = next(iter(inner.items()))
        path.append(name)
        if isinstance(inner, list):
            inner = inner[0]
    return tuple(path)


def line_numbers(text: str) -> dict[TablePath, int]:
    """Return the line, from 1, of every table and setting of a valid TOML text."""
    lines: dict[TablePath, int] = {}
    for statement in split_statements(text):
        if statement.is_header:
            lines.setdefault(statement.table, statement.first + 1)
        for path in _paths(statement.table, statement.values):
            lines.setdefault(path, statement.first + 1)
    return lines


def _paths(above: TablePath, values: Mapping[str, Any]) -> Iterator[TablePath]:
    for name, value in values.items():
        path = (*above, name)
        yield path
        if isinstance(value, dict):
            yield from _paths(path, value)


def toml_key(name: str) -> str:
    """Write a name as TOML: bare where it can be, quoted otherwise."""
    return name if _BARE.match(name) else toml_value(name)


def toml_value(value: str | bool | list[str]) -> str:
    """Write a value as TOML on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join(toml_value(item) for item in value) + "]"
    # JSON escapes what TOML does, except delete, which TOML wants escaped, too.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


_KINDS: Final[tuple[tuple[type, str], ...]] = (
    (bool, "true or false"),
    (str, "a text"),
    (int, "a number"),
    (float, "a number"),
    (list, "a list"),
    (dict, "a table"),
)


def kind_of(value: object) -> str:
    """Return words for the type of a TOML value."""
    return next((words for kind, words in _KINDS if isinstance(value, kind)), "a date or time")
