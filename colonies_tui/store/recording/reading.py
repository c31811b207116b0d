"""Reads a recording, as far as it goes."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from colonies_tui.store.recording.entries import (
    FORMAT,
    VERSION,
    Answer,
    Entry,
    Failure,
    Header,
    Heard,
    LinkChange,
    Note,
    RecordedRequest,
    Recording,
    RecordingError,
)

MAX_TEXT_BYTES = 1024 * 1024 * 1024
"""Largest text that is unpacked from one file."""

_GZIP = 31
_VALUE = b'["v",'


def read_recording(path: Path) -> Recording:
    """Read a file; one that ends in the middle is read up to there.

    Raises:
        RecordingError: it cannot be read, is no recording, or is one of a newer version.
    """
    try:
        with path.open("rb") as file:
            packed = file.read()
    except OSError as error:
        raise RecordingError(f"{path} cannot be read: {error.strerror or error}") from None
    text, is_torn = _unpacked(packed)
    try:
        return parse_recording(text, is_torn=is_torn)
    except RecordingError as error:
        raise RecordingError(f"{path} {error}") from None


def parse_recording(text: bytes, *, is_torn: bool = False) -> Recording:
    """Read the lines of a recording; from the first that cannot be read on, the rest is left out.

    Raises:
        RecordingError: it is no recording, or one of a newer version.
    """
    lines = text.split(b"\n")
    is_torn = is_torn or bool(lines[-1])
    header = _header(lines[0])
    requests: list[RecordedRequest] = []
    values: list[bytes] = []
    entries: list[Entry] = []
    for line in lines[1:-1]:
        try:
            if line.startswith(_VALUE) and line.endswith(b"]"):
                values.append(line[len(_VALUE) : -1])
                continue
            fields = json.loads(line)
            if fields[0] == "q":
                requests.append(RecordedRequest(str(fields[1]), dict(fields[2])))
            elif (entry := _entry(fields)) is not None:
                _check(entry, len(requests), len(values))
                entries.append(entry)
        except (ValueError, TypeError, LookupError, RecursionError):
            is_torn = True
            break
    return Recording(header, requests, values, entries, is_torn)


def _unpacked(packed: bytes) -> tuple[bytes, bool]:
    """Return the text of a packed file as far as it goes, and whether it ends too early."""
    opener = zlib.decompressobj(_GZIP)
    text = bytearray()
    try:
        for piece in _pieces(packed):
            text += opener.decompress(piece, MAX_TEXT_BYTES - len(text) + 1)
            if len(text) > MAX_TEXT_BYTES:
                del text[MAX_TEXT_BYTES:]
                return bytes(text), True
    except zlib.error:
        return bytes(text), True
    return bytes(text), not opener.eof


def _pieces(packed: bytes) -> Iterator[bytes]:
    # Small ones: of a damaged piece nothing is unpacked.
    for start in range(0, len(packed), 1 << 12):
        yield packed[start : start + (1 << 12)]


def _header(line: bytes) -> Header:
    try:
        fields = json.loads(line)
        if fields["format"] != FORMAT:
            raise KeyError
        version = int(fields["version"])
        if version > VERSION:
            raise RecordingError(f"was made by a newer colonies-tui (format {version}; this one reads up to {VERSION})")
        return Header(
            began=float(fields["began"]),
            program=str(fields["program"]),
            profile=str(fields["profile"]),
            server=str(fields["server"]),
            colony=str(fields["colony"]),
            identities={str(slot): str(identity) for slot, identity in dict(fields["identities"]).items()},
            removed=tuple(map(str, fields["removed"])),
        )
    except (ValueError, TypeError, LookupError, RecursionError):
        raise RecordingError("is not a recording of colonies-tui") from None


def _entry(fields: list[Any]) -> Entry | None:
    """Return the entry of a line; ``None`` for a kind that this version does not know."""
    match fields:
        case ["a", int(at), int(took), int(request), int(value)]:
            return Answer(at, at - took, request, value)
        case ["a", int(at), int(took), int(request), list(values)]:
            return Answer(at, at - took, request, tuple(int(value) for value in values))
        case ["e", int(at), int(took), int(request), str(kind), int(status), str(words)]:
            return Failure(at, at - took, request, kind, status, words)
        case ["h", int(at), int(request), int(value), int(position)]:
            return Heard(at, request, value, position)
        case ["l", int(at), int(request), int(is_up), str(words)]:
            return LinkChange(at, request, bool(is_up), words)
        case ["n", int(at), str(words)]:
            return Note(at, words)
        case [str(kind), *_] if kind not in "aehln":
            return None
    raise ValueError("not an entry")


def _check(entry: Entry, requests: int, values: int) -> None:
    """Refuse an entry that names what was not written before it."""
    if not isinstance(entry, Note) and not 0 <= entry.request < requests:
        raise ValueError("an unknown request")
    named: tuple[int, ...] = ()
    if isinstance(entry, Answer):
        named = (entry.values,) if isinstance(entry.values, int) else entry.values
    elif isinstance(entry, Heard):
        named = (entry.value,)
    if any(not 0 <= value < values for value in named):
        raise ValueError("an unknown value")
