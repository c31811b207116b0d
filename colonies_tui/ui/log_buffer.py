"""The lines behind a log view: a bounded column store. Pure model; texts stay exactly as the server sent them.

A *line* here is one line on the screen: a message of several lines becomes as many lines, all but the first marked as
continuations. Lines have *serials*: integers that go up by one and stay with their line while others come and go, so
that hits, marks and the reader's place survive everything. Kept are one list of texts and three packed arrays,
13 bytes a line beside the text.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, Literal

from colonies_tui.protocol.plaintext import TAB_WIDTH, plain

LineKind = Literal["line", "gap", "note"]

KINDS: Final[tuple[LineKind, ...]] = ("line", "gap", "note")
DEFAULT_MAX_LINES: Final = 200_000

_CONTINUATION: Final = 4
"""Bit beside the index of the kind in the flags of a line."""

_LINE_ENDS: Final = "\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_DROP_SHARE: Final = 64
"""A full buffer drops this fraction of itself at once: moving the rest down is then paid once per many lines."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One message of a log."""

    source: str
    """Who wrote it, an executor's or a process's name; empty for no prefix."""
    timestamp_ns: int
    """Nanoseconds since 1970; 0 for none."""
    text: str
    """The message as the server sent it."""
    kind: LineKind = "line"
    """``gap`` says that lines are missing here, ``note`` is a remark of the console's own, such as the end."""


def shown_text(text: str) -> str:
    """Return a line's text as it is drawn and searched: cleaned, tabs expanded, its line end taken off."""
    if text.isprintable() and text.isascii():
        return text
    return plain(text.rstrip(_LINE_ENDS).expandtabs(TAB_WIDTH))


class LogBuffer:
    """Lines by serial, ``first`` up to but without ``end``, at most ``max_lines`` of them."""

    def __init__(self, max_lines: int = DEFAULT_MAX_LINES) -> None:
        if max_lines < 1:
            raise ValueError("a log buffer holds at least one line")
        self.max_lines = max_lines
        self.first = 0
        """Serial of the oldest line kept."""
        self.dropped = 0
        """How many lines fell out at the top since the last ``clear``."""
        self._texts: list[str] = []
        self._stamps = array("q")
        self._sources = array("I")
        self._flags = bytearray()
        self._source_names: list[str] = [""]
        self._source_index: dict[str, int] = {"": 0}

    def __len__(self) -> int:
        return len(self._texts)

    @property
    def end(self) -> int:
        """Serial that the next appended line will get."""
        return self.first + len(self._texts)

    @property
    def source_names(self) -> Sequence[str]:
        """Every source seen, in order of appearance; the first is the empty one."""
        return self._source_names

    def append(self, lines: Sequence[LogLine]) -> int:
        """Add lines at the end and return how many of the oldest were dropped to keep the bound."""
        texts = [line.text for line in lines]
        if not any(map("".join(texts).__contains__, _LINE_ENDS)):  # much cheaper than to ask every line
            self._texts += texts
            self._stamps.extend([line.timestamp_ns for line in lines])
            self._sources.extend(self._indices(lines))
            self._flags += bytes([0 if line.kind == "line" else KINDS.index(line.kind) for line in lines])
        else:
            split = _Split(lines, self._indices(lines))
            self._texts += split.texts
            self._stamps += split.stamps
            self._sources.extend(split.sources)
            self._flags += split.flags
        return self._keep_bound()

    def prepend(self, lines: Sequence[LogLine]) -> int:
        """Add older lines before the first and return how many lines there was room for, the newest of them first.

        The rest counts as dropped.
        """
        split = _Split(lines, self._indices(lines))
        excess = max(len(split.texts) + len(self) - self.max_lines, 0)
        room = slice(min(excess, len(split.texts)), None)
        texts = split.texts[room]
        self._texts[:0] = texts
        self._stamps[:0] = split.stamps[room]
        self._sources[:0] = array(self._sources.typecode, split.sources[room])
        self._flags[:0] = split.flags[room]
        self.first -= len(texts)
        self.dropped += len(split.texts) - len(texts)
        return len(texts)

    def drop_leading_gap(self) -> bool:
        """Take the first line away when it is a gap; return whether it was."""
        if not self._texts or self.kind(self.first) != "gap":
            return False
        del self._texts[:1], self._stamps[:1], self._sources[:1], self._flags[:1]
        self.first += 1
        return True

    def clear(self) -> None:
        """Forget all lines. Serials go on: none is used twice."""
        self.first = self.end
        self.dropped = 0
        self._texts.clear()
        del self._stamps[:], self._sources[:], self._flags[:]

    def raw(self, serial: int) -> str:
        """Return a line's text as it was sent (its line end included where the message went on)."""
        return self._texts[self._position(serial)]

    def shown(self, serial: int) -> str:
        """Return a line's text as it is drawn and searched."""
        return shown_text(self._texts[self._position(serial)])

    def raw_between(self, first: int, end: int) -> Sequence[str]:
        """Return the texts of the serials from ``first`` up to but without ``end``, as far as they are kept."""
        return self._texts[max(first - self.first, 0) : max(end - self.first, 0)]

    def sources_between(self, first: int, end: int) -> Sequence[int]:
        """Return, for the same lines, who wrote them: places in ``source_names``."""
        return self._sources[max(first - self.first, 0) : max(end - self.first, 0)]

    def stamp(self, serial: int) -> int:
        """Return a line's time in nanoseconds since 1970, 0 for none."""
        return self._stamps[self._position(serial)]

    def serial_at(self, stamp: int) -> int | None:
        """Return the first line with a time in nanoseconds, ``None`` when there is none."""
        try:
            return self.first + self._stamps.index(stamp)
        except ValueError:
            return None

    def source(self, serial: int) -> str:
        """Return who wrote a line."""
        return self._source_names[self._sources[self._position(serial)]]

    def kind(self, serial: int) -> LineKind:
        """Return whether it is a line, a gap or a note."""
        return KINDS[self._flags[self._position(serial)] & ~_CONTINUATION]

    def is_continuation(self, serial: int) -> bool:
        """Return whether the line goes on with the message of the line before."""
        return bool(self._flags[self._position(serial)] & _CONTINUATION)

    def messages(self) -> Iterator[LogLine]:
        """Yield the messages kept, oldest first, continuation lines put together again."""
        pieces: list[str] = []
        head = 0
        for position, text in enumerate(self._texts):
            if pieces and not self._flags[position] & _CONTINUATION:
                yield self._message(head, pieces)
                pieces = []
            if not pieces:
                head = position
            pieces.append(text)
        if pieces:
            yield self._message(head, pieces)

    def _message(self, position: int, pieces: list[str]) -> LogLine:
        return LogLine(
            source=self._source_names[self._sources[position]],
            timestamp_ns=self._stamps[position],
            text="".join(pieces),
            kind=KINDS[self._flags[position] & ~_CONTINUATION],
        )

    def _position(self, serial: int) -> int:
        position = serial - self.first
        if position < 0:
            raise IndexError(f"line {serial} is not kept any more")
        return position

    def _indices(self, lines: Iterable[LogLine]) -> list[int]:
        index = self._source_index
        try:
            return [index[line.source] for line in lines]
        except KeyError:
            for line in lines:
                if line.source not in index:
                    index[line.source] = len(self._source_names)
                    self._source_names.append(line.source)
            return [index[line.source] for line in lines]

    def _keep_bound(self) -> int:
        excess = len(self._texts) - self.max_lines
        if excess <= 0:
            return 0
        count = min(excess + self.max_lines // _DROP_SHARE, len(self._texts) - 1)
        del self._texts[:count], self._stamps[:count], self._sources[:count], self._flags[:count]
        self.first += count
        self.dropped += count
        return count


class _Split:
    """Columns of a batch with messages of several lines split up."""

    __slots__ = ("flags", "sources", "stamps", "texts")

    def __init__(self, lines: Sequence[LogLine], sources: Sequence[int]) -> None:
        pieces = [[line.text] if line.text.isprintable() else line.text.splitlines(keepends=True) for line in lines]
        self.texts: list[str] = list(chain.from_iterable(pieces))
        self.stamps = array("q")
        self.sources: list[int] = []
        self.flags = bytearray()
        for line, source, parts in zip(lines, sources, pieces, strict=True):
            count = len(parts)
            kind = KINDS.index(line.kind)
            self.stamps.extend([line.timestamp_ns] * count)
            self.sources.extend([source] * count)
            self.flags += bytes([kind]) + bytes([kind | _CONTINUATION]) * (count - 1)
