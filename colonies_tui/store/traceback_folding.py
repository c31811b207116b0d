"""Tracebacks in logs and errors folded to one entry each: Python, Go and the JVM (and what looks like it). Pure.

Executors write tracebacks line by line or as one message; either way they come here as lines. No line is lost and none
changes its place: the entries put one after the other are the lines again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_HEAD: Final = re.compile(r"(?P<indent>\s*)Traceback \(most recent call last\):\s*\Z")
_GROUP_HEAD: Final = re.compile(r"\s*\+ Exception Group Traceback \(most recent call last\):\s*\Z")
_GROUP_BODY: Final = re.compile(r"\s+[|+]")
_GROUP_EXCEPTION: Final = re.compile(r"\s*\| (?P<words>\S.*)\Z")
_FRAME: Final = re.compile(r'(?P<indent>\s*)  File "[^"]*", line \d+(, in .*)?\s*\Z')
_EXCEPTION: Final = re.compile(r"[A-Za-z_][\w.]*(:.*)?\Z")
_CHAINED: Final = (
    "During handling of the above exception, another exception occurred:",
    "The above exception was the direct cause of the following exception:",
)
_GO_HEAD: Final = re.compile(r"(panic|fatal error): ")
_GO_BODY: Final = re.compile(
    r"\s*\Z|goroutine \d+ .*:\s*\Z|\[signal |\s+\S|created by |[\w./*()\[\]{}·-]+\(.*\)\s*\Z|exit status \d+\s*\Z"
)
_GO_ROUTINE: Final = re.compile(r"goroutine \d+ ")
_AT: Final = re.compile(r"\s+at \S.*\Z")
_AT_MORE: Final = re.compile(r"\s+\.\.\. \d+ (more|common frames omitted)\s*\Z")
_CAUSE: Final = re.compile(r"\s*Caused by: ")


@dataclass(frozen=True, slots=True)
class Entry:
    """Lines that belong together: a traceback, or a single line."""

    start: int
    """Place of the first line."""
    count: int
    """How many lines; 1 for a line that is no part of a traceback."""
    headline: str
    """The line that says most: of a traceback the exception. Not cleaned."""

    @property
    def is_folded(self) -> bool:
        """Whether there is something to unfold."""
        return self.count > 1

    @property
    def stop(self) -> int:
        """Place after the last line."""
        return self.start + self.count


def fold_tracebacks(lines: Sequence[str]) -> list[Entry]:
    """Return the entries of some lines, in their order; each line is in exactly one."""
    entries: list[Entry] = []
    place = 0
    while place < len(lines):
        entry = _python(lines, place) or _group(lines, place) or _go(lines, place) or _stack(lines, place)
        if entry is None or entry.count < 2:
            entry = Entry(place, 1, lines[place])
        entries.append(entry)
        place = entry.stop
    return entries


def _python(lines: Sequence[str], start: int) -> Entry | None:
    head = _HEAD.match(lines[start]) or _FRAME.match(lines[start])  # a log cut in the middle begins with a frame
    if head is None:
        return None
    indent = len(head["indent"])
    place, headline = start, lines[start]
    while True:
        place = _body_end(lines, place + 1, indent)
        if place < len(lines) and _EXCEPTION.match(lines[place][indent:].rstrip()) and _indent(lines[place]) == indent:
            headline = lines[place].strip()
            place += 1
        elif place - 1 > start:
            headline = lines[place - 1].strip() if headline == lines[start] else headline
        following = _next_in_chain(lines, place)
        if following is None:
            return Entry(start, place - start, headline)
        place = following


def _body_end(lines: Sequence[str], place: int, indent: int) -> int:
    while place < len(lines) and lines[place].strip() and _indent(lines[place]) > indent:
        place += 1
    return place


def _next_in_chain(lines: Sequence[str], place: int) -> int | None:
    """Return where the next traceback of a chain begins, if one follows: blank lines and a sentence lie between."""
    words = _skip_blank(lines, place)
    if words >= len(lines) or lines[words].strip() not in _CHAINED:
        return None
    head = _skip_blank(lines, words + 1)
    return head if head < len(lines) and _HEAD.match(lines[head]) else None


def _skip_blank(lines: Sequence[str], place: int) -> int:
    while place < len(lines) and not lines[place].strip():
        place += 1
    return place


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _group(lines: Sequence[str], start: int) -> Entry | None:
    if not _GROUP_HEAD.match(lines[start]):
        return None
    headline, place = lines[start].strip(), start + 1
    has_exception = False
    while place < len(lines) and _GROUP_BODY.match(lines[place]):
        exception = _GROUP_EXCEPTION.match(lines[place])
        if exception is not None and not has_exception:
            headline, has_exception = exception["words"], True
        place += 1
    return Entry(start, place - start, headline)


def _go(lines: Sequence[str], start: int) -> Entry | None:
    if not _GO_HEAD.match(lines[start]):
        return None
    place = start + 1
    while place < len(lines) and _GO_BODY.match(lines[place]):
        place += 1
    while place > start + 1 and not lines[place - 1].strip():
        place -= 1
    if not any(_GO_ROUTINE.match(line) for line in lines[start:place]):
        return None
    return Entry(start, place - start, lines[start].strip())


def _stack(lines: Sequence[str], start: int) -> Entry | None:
    if (
        not lines[start].strip()
        or _AT.match(lines[start])
        or start + 1 >= len(lines)
        or not _AT.match(lines[start + 1])
    ):
        return None
    headline, place = lines[start].strip(), start + 1
    while place < len(lines):
        line = lines[place]
        if _CAUSE.match(line) and place + 1 < len(lines) and _AT.match(lines[place + 1]):
            headline = line.strip()
        elif not (_AT.match(line) or _AT_MORE.match(line)):
            break
        place += 1
    return Entry(start, place - start, headline)
