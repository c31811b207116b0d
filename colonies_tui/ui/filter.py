"""The filter language of lists: words that must all match. Pure.

==================  ==============================================================================================
``render``          free text: any of the row's texts holds it
``!render``         … none does
``~exit.\\d+``      a regular expression: any of the row's texts has a match; ``!~exit`` none has
``state=failed``    a field is one of several values, ``state=failed|cancelled``
``type!=gpu``       … is none of them
``label~tile``      a field holds a text, or one of several; a regular expression where it has one of ``.*+?[](){}^$\\``
``age>1h``          a time, in ``s``, ``m``, ``h`` or ``d``, or a plain number
==================  ==============================================================================================

Texts are compared as they are shown: cleaned. Case does not matter. What stands in double quotes may hold spaces and
``|``; a quote within is written twice. A word that begins with ``*`` stands for a saved filter: see :func:`expand`.

Regular expressions are those of :mod:`colonies_tui.ui.pattern`, over the first :data:`SEARCHED` characters of a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.pattern import Pattern, PatternError

RowT = TypeVar("RowT")

_TERM = re.compile(r"(?P<field>[a-z]+)(?P<op>!=|=|~|>|<)(?P<value>.*)\Z", re.DOTALL)
_WORDS = re.compile(r'(?:[^\s"]|"[^"]*"?)+')
_PIECES = re.compile(r'"(?P<quoted>(?:[^"]|"")*)"?|(?P<bar>\|)|(?P<bare>[^"|]+)')
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)([smhd]?)\Z")
_EXPRESSION = re.compile(r"[.*+?\[\](){}^$\\]")
_SAVED = re.compile(r"\*(?P<name>[\w.-]*)\Z")
SEARCHED = 2000
"""Characters of a text that a regular expression is looked for in."""
_REMEMBERED = 20_000
"""Texts of which it is remembered whether an expression was found: most of a list's texts are there many times."""
_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


class FilterError(ValueError):
    """A filter cannot be understood; the message says which word and why."""


@dataclass(frozen=True, slots=True)
class Fields(Generic[RowT]):
    """What of a row can be asked for."""

    texts: Mapping[str, Callable[[RowT], str]]
    """Texts by field name; all of them are searched by free text."""
    numbers: Mapping[str, Callable[[RowT, float], float | None]]
    """Numbers by field name, as of now (seconds since 1970); ``None`` matches nothing."""

    @property
    def names(self) -> Sequence[str]:
        """All field names."""
        return (*self.texts, *self.numbers)


def exactly(field: str, value: str) -> str:
    """Return the word that lets through the rows whose field is one value, whatever characters that has; cleaned."""
    value = plain(value)
    if value and not any(character in '"|' or character.isspace() for character in value):
        return f"{field}={value}"
    doubled = value.replace('"', '""')
    return f'{field}="{doubled}"'


def expand(text: str, saved: Mapping[str, str]) -> str:
    """Put the saved filters that a filter names in their places.

    Args:
        text: what was typed.
        saved: filters by name.

    Raises:
        FilterError: there is no saved filter of a name.
    """
    words = [(word, _SAVED.match(word)) for word in _WORDS.findall(text)]
    if not any(match for _, match in words):
        return text
    written = []
    for word, match in words:
        if match is None:
            written.append(word)
        elif match["name"] in saved:
            written.append(saved[match["name"]])
        else:
            raise FilterError(f'no saved filter "{match["name"]}"')
    return " ".join(written)


def last_word(text: str) -> str:
    """Return the word that is being typed at the end of a filter; empty after a space."""
    words = list(_WORDS.finditer(text))
    return words[-1][0] if words and words[-1].end() == len(text) else ""


def parse_filter(text: str, fields: Fields[RowT], clock: Callable[[], float]) -> Callable[[RowT], bool] | None:
    """Return what a filter lets through; ``None`` when the text is empty.

    Args:
        text: what was typed.
        fields: what can be asked for.
        clock: seconds since 1970, asked at each match.

    Raises:
        FilterError: a word cannot be understood.
    """
    tests = [_test(word, fields, clock) for word in _WORDS.findall(text)]
    if not tests:
        return None
    return lambda row: all(test(row) for test in tests)


def _test(word: str, fields: Fields[RowT], clock: Callable[[], float]) -> Callable[[RowT], bool]:
    match = _TERM.match(word)
    if match and match["field"] in fields.names:
        return _field_test(match["field"], match["op"], match["value"], fields, clock)
    if match and match["op"] in ("=", "!="):
        raise FilterError(f'no field "{match["field"]}"; ? lists them')
    is_wanted = not word.startswith("!")
    sought = word.removeprefix("!")
    needle = "|".join(_alternatives(sought.removeprefix("~"))).casefold()
    if not needle:  # only begun to be typed
        return lambda row: True
    readers = tuple(fields.texts.values())
    if sought.startswith("~"):
        finds = _finder(sought)
        return lambda row: any(finds(plain(read(row))) for read in readers) is is_wanted
    return lambda row: any(needle in plain(read(row)).casefold() for read in readers) is is_wanted


def _finder(word: str) -> Callable[[str], bool]:
    """Return the search for the expression that stands after a ``~``."""
    _, _, expression = word.partition("~")
    try:
        pattern = Pattern("".join(_unquoted(expression)))
    except PatternError as error:
        raise FilterError(f"{plain(word)}: {error}") from None
    known: dict[str, bool] = {}

    def finds(text: str) -> bool:
        found = known.get(text)
        if found is None:
            if len(known) >= _REMEMBERED:
                known.clear()
            found = known[text] = pattern.found_in(text[:SEARCHED])
        return found

    return finds


def _unquoted(text: str) -> list[str]:
    """Take the quotes away."""
    pieces = _PIECES.finditer(text)
    return [piece["bar"] or piece["bare"] or (piece["quoted"] or "").replace('""', '"') for piece in pieces]


def _alternatives(text: str) -> list[str]:
    """Split at each ``|`` outside of quotes, and take the quotes away."""
    found = [""]
    for piece in _PIECES.finditer(text):
        if piece["bar"]:
            found.append("")
        else:
            found[-1] += piece["bare"] or (piece["quoted"] or "").replace('""', '"')
    return found


def _field_test(
    name: str, operator: str, value: str, fields: Fields[RowT], clock: Callable[[], float]
) -> Callable[[RowT], bool]:
    if name in fields.numbers:
        return _number_test(name, operator, value, fields.numbers[name], clock)
    read = fields.texts[name]
    if operator == "~" and _EXPRESSION.search(value):
        finds = _finder(f"{name}~{value}")
        return lambda row: finds(plain(read(row)))
    if operator == "~":
        needles = tuple(each.casefold() for each in _alternatives(value) if each) or ("",)
        return lambda row: any(needle in plain(read(row)).casefold() for needle in needles)
    if operator in (">", "<"):
        raise FilterError(f"{name} is a text: use =, != or ~")
    if not value:  # only begun to be typed; an empty text is asked for by ""
        return lambda row: True
    wanted = frozenset(each.casefold() for each in _alternatives(value))
    is_equal = operator == "="
    return lambda row: (plain(read(row)).casefold() in wanted) is is_equal


def _number_test(
    name: str, operator: str, value: str, read: Callable[[RowT, float], float | None], clock: Callable[[], float]
) -> Callable[[RowT], bool]:
    match = _NUMBER.match("|".join(_alternatives(value)).casefold())
    if match is None:
        raise FilterError(f"{name} wants a number or a time like 2h")
    limit = float(match[1]) * _UNITS[match[2]]
    if operator not in (">", "<", "="):
        raise FilterError(f"{name} is a number: use >, < or =")

    def test(row: RowT) -> bool:
        number = read(row, clock())
        if number is None:
            return False
        return number > limit if operator == ">" else number < limit if operator == "<" else number == limit

    return test
