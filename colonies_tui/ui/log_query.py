"""Search in log lines: what to look for, where it stands, and the sorted serials of the lines that have it. Pure."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.log_buffer import LogBuffer, shown_text

_BLOCK = 256
"""Texts that are looked at together first."""

_CONTROLS: Final = (*map(chr, range(0x20)), "\x7f")


class BadPattern(ValueError):
    """A regular expression cannot be read; the text says why, for people."""


class LogQuery:
    """What to look for. Without capital letters, case does not matter."""

    def __init__(self, text: str, *, regex: bool = False) -> None:
        """Raises: BadPattern."""
        self.text = text
        self.regex = regex
        self._any_case = text == text.lower()
        self._is_ascii = text.isascii() and text.isprintable()
        self._has_space = " " in text
        try:
            self._pattern = re.compile(text if regex else re.escape(text), re.IGNORECASE if self._any_case else 0)
        except (re.error, OverflowError, RecursionError) as error:
            raise BadPattern(f"not a pattern: {error}") from None

    def spans(self, shown: str) -> Iterator[tuple[int, int]]:
        """Yield where a shown text matches, as character positions; empty matches are left out."""
        for match in self._pattern.finditer(shown):
            if match.end() > match.start():
                yield match.span()

    def scan(self, texts: Sequence[str], first: int) -> list[int]:
        """Return the serials of the texts that match, the first text having the serial ``first``."""
        found: list[int] = []
        for start in range(0, len(texts), _BLOCK):
            block = texts[start : start + _BLOCK]
            found += self._scan_block(block, "".join(block), first + start)
        return found

    def _scan_block(self, texts: Sequence[str], joined: str, first: int) -> list[int]:
        """Scan a few texts, that are also given as one: what can be said of it is said of all of them at once."""
        if self.regex:
            search = self._pattern.search
            if _is_shown_as_sent(joined):
                return [serial for serial, text in enumerate(texts, first) if search(text)]
            return [serial for serial, text in enumerate(texts, first) if search(shown_text(text))]
        if not self._stands_as_sent(joined):
            return [serial for serial, text in enumerate(texts, first) if self._is_in(text)]
        needle = self.text
        if self._any_case:  # much faster than a pattern without case
            if needle not in joined.lower():
                return []
            return [serial for serial, text in enumerate(texts, first) if needle in text.lower()]
        if needle not in joined:
            return []
        return [serial for serial, text in enumerate(texts, first) if needle in text]

    def _stands_as_sent(self, text: str) -> bool:
        """Whether what is looked for stands in the text as it was sent if, and only if, it does as it is shown.

        In ASCII text nothing vanishes that can be looked for; controls are shown as other characters, tabs as spaces.
        """
        if not text.isascii():
            return False
        if not self._is_ascii:
            return _is_shown_as_sent(text)
        return not (self._has_space and "\t" in text)

    def _is_in(self, text: str) -> bool:
        if not self._stands_as_sent(text):
            text = shown_text(text)
        return self.text in (text.lower() if self._any_case else text)


def _is_shown_as_sent(text: str) -> bool:
    """Whether a text is printable ASCII. To look for each control is several times as fast as ``isprintable``."""
    return text.isascii() and not any(map(text.__contains__, _CONTROLS))


class LogHits:
    """The lines of a buffer whose text or source matches a query, kept up to date by its owner."""

    def __init__(self, query: LogQuery, buffer: LogBuffer) -> None:
        self.query = query
        self._matching_sources: set[int] = set()
        self._known_sources = 0
        self._serials = array("q", self._scan(buffer, buffer.first, buffer.end))

    def __len__(self) -> int:
        return len(self._serials)

    def __contains__(self, serial: object) -> bool:
        if not isinstance(serial, int):
            return False
        place = bisect_left(self._serials, serial)
        return place < len(self._serials) and self._serials[place] == serial

    @property
    def serials(self) -> Sequence[int]:
        """Serials of the matching lines, ascending."""
        return self._serials

    def appended(self, buffer: LogBuffer, start: int) -> Sequence[int]:
        """Take in the lines from ``start`` on; return those of them that match."""
        start = max(start, buffer.first)
        found = self._scan(buffer, start, buffer.end)
        self._serials.extend(found)
        return found

    def prepended(self, buffer: LogBuffer, count: int) -> None:
        """Take in ``count`` lines that were added before the first."""
        found = self._scan(buffer, buffer.first, buffer.first + count)
        self._serials[:0] = array("q", found)

    def trimmed(self, first: int) -> None:
        """Forget the lines before ``first``."""
        del self._serials[: bisect_left(self._serials, first)]

    def after(self, serial: int) -> int | None:
        """Return the next matching line after a serial, beginning anew at the top after the last."""
        if not self._serials:
            return None
        place = bisect_right(self._serials, serial)
        return self._serials[place % len(self._serials)]

    def before(self, serial: int) -> int | None:
        """Return the matching line before a serial, beginning anew at the bottom before the first."""
        if not self._serials:
            return None
        return self._serials[bisect_left(self._serials, serial) - 1]

    def rank(self, serial: int) -> int:
        """Return how many matching lines stand up to and including a serial."""
        return bisect_right(self._serials, serial)

    def _scan(self, buffer: LogBuffer, first: int, end: int) -> list[int]:
        names = buffer.source_names
        for index in range(self._known_sources, len(names)):
            if any(self.query.spans(plain(names[index]))):
                self._matching_sources.add(index)
        self._known_sources = len(names)
        found = self.query.scan(buffer.raw_between(first, end), first)
        wanted = self._matching_sources
        if not wanted:
            return found
        sources = buffer.sources_between(first, end)
        return sorted({*found, *(serial for serial, source in enumerate(sources, first) if source in wanted)})
