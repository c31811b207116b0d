"""What stands in a recording, read. Times are milliseconds from its beginning, unless said otherwise."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

FORMAT: Final = "colonies-tui recording"
VERSION: Final = 1
"""Version of the format that is written, and the newest that is read."""


class RecordingError(Exception):
    """A file is no recording, or cannot be written; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Header:
    """Whose recording it is. No key is in it, only who holds which."""

    began: float
    """Seconds since 1970."""
    program: str
    profile: str
    server: str
    """Address, without anything secret."""
    colony: str
    identities: Mapping[str, str] = field(default_factory=dict)
    """Identity by key slot (``member``, ``colony``, ``server``)."""
    removed: Sequence[str] = ()
    """What was taken out, in words."""


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """What was asked or subscribed to."""

    msgtype: str
    payload: Mapping[str, Any]

    @property
    def key(self) -> str:
        """What equal requests share."""
        return request_key(self.msgtype, self.payload)


def request_key(msgtype: str, payload: Mapping[str, Any]) -> str:
    """Return what equal requests share: the type and the payload in one canonical text."""
    named = {name: value for name, value in payload.items() if name != "msgtype"}
    return f"{msgtype} {json.dumps(named, sort_keys=True, ensure_ascii=False, separators=(',', ':'))}"


@dataclass(frozen=True, slots=True)
class Answer:
    """A request was answered. ``values`` is one value, or those of the items of a list."""

    at: int
    asked: int
    request: int
    values: int | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """A request was refused or not answered: the kind is the name of an error of the client's tree."""

    at: int
    asked: int
    request: int
    kind: str
    status: int
    words: str


@dataclass(frozen=True, slots=True)
class Heard:
    """A subscription brought something; ``position`` is its place in a channel."""

    at: int
    request: int
    value: int
    position: int = 0


@dataclass(frozen=True, slots=True)
class LinkChange:
    """A subscription came up or was lost."""

    at: int
    request: int
    is_up: bool
    words: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What the recorder says about the recording itself."""

    at: int
    words: str


Entry = Answer | Failure | Heard | LinkChange | Note


@dataclass(frozen=True, slots=True)
class Recording:
    """A whole recording. Requests and values are named by their place."""

    header: Header
    requests: Sequence[RecordedRequest]
    values: Sequence[bytes]
    """JSON texts; each stands for itself or for the items of lists."""
    entries: Sequence[Entry]
    is_torn: bool = False
    """The file ends in the middle of something: the program that wrote it was killed."""

    @property
    def length(self) -> int:
        """Milliseconds from the beginning to the last entry."""
        return max((entry.at for entry in self.entries), default=0)

    def text(self, values: int | tuple[int, ...]) -> bytes:
        """Return the JSON text of an answer."""
        if isinstance(values, int):
            return self.values[values]
        return b"[" + b",".join(self.values[value] for value in values) + b"]"
