"""What a filter that is being typed can go on with: names of fields, values from the rows, saved filters. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeVar

from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.filter import Fields, exactly, last_word

RowT = TypeVar("RowT")

READ_ROWS: Final = 20_000
"""How many rows values are taken from; the latest in the list's natural order."""

OFFERED: Final = 8
"""Most candidates."""

_VALUE: Final = re.compile(r"(?P<head>(?P<field>[a-z]+)(?:!=|=|~)(?:(?:[^|\"]|\"[^\"]*\")*\|)*)(?P<begun>[^|]*)\Z")
_NAME: Final = re.compile(r"[a-z]+\Z")
_SAVED: Final = re.compile(r"\*[\w.-]*\Z")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to go on."""

    word: str
    """What the operator sees: a field with its operator, a value, a saved filter. Cleaned."""
    text: str
    """The whole filter with it."""
    count: int = 0
    """How many rows have the value; 0 where that means nothing."""

    @property
    def shown(self) -> str:
        """The word with its count."""
        return f"{self.word} {self.count}" if self.count else self.word


def candidates(
    text: str, fields: Fields[RowT], rows: Collection[RowT], saved: Mapping[str, str] | None = None
) -> list[Candidate]:
    """Return how a filter can go on, the best first.

    Args:
        text: what was typed, up to the cursor.
        fields: what can be asked for.
        rows: those on the list, hidden ones included; the newest last.
        saved: filters by name.
    """
    word = last_word(text)
    if not word:
        return []
    before = text[: len(text) - len(word)]
    if _SAVED.match(word):
        names = [name for name in saved or () if name.startswith(word[1:])]
        return [Candidate(f"*{name}", f"{before}*{name}") for name in sorted(names)[:OFFERED]]
    value = _VALUE.match(word)
    if value is not None:
        read = fields.texts.get(value["field"])
        return [] if read is None else _values(before + value["head"], value["begun"], read, rows)
    if _NAME.match(word):
        return _names(before, word, fields)
    return []


def ghost(text: str, found: Iterable[Candidate]) -> str | None:
    """Return the whole filter of the best candidate, if the text is its beginning; ``None`` when there is none."""
    best = next(iter(found), None)
    if best is None or len(best.text) <= len(text) or not best.text.casefold().startswith(text.casefold()):
        return None
    return best.text


def _names(before: str, word: str, fields: Fields[RowT]) -> list[Candidate]:
    texts = [f"{name}=" for name in fields.texts if name.startswith(word)]
    numbers = [f"{name}>" for name in fields.numbers if name.startswith(word)]
    return [Candidate(name, before + name) for name in (*texts, *numbers)[:OFFERED]]


def _values(head: str, begun: str, read: Callable[[RowT], str], rows: Collection[RowT]) -> list[Candidate]:
    prefix = begun.removeprefix('"').casefold()
    if begun.startswith('"') and begun.endswith('"') and len(begun) > 1:
        return []  # the value is whole
    skipped = max(0, len(rows) - READ_ROWS)
    counts = Counter(plain(read(row)) for row in islice(rows, skipped, None))
    fitting = [(value, n) for value, n in counts.items() if value and value.casefold().startswith(prefix)]
    fitting.sort(key=lambda pair: (-pair[1], pair[0]))
    if len(fitting) == 1 and fitting[0][0].casefold() == prefix:
        return []  # it stands there already
    return [Candidate(value, head + exactly("", value)[1:], n) for value, n in fitting[:OFFERED]]
