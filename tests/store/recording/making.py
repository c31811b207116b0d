"""Recordings made by hand, for tests."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.messages.subscription import SubscribeProcesses
from colonies_tui.protocol.request import Request
from colonies_tui.store.recording.entries import Header, Recording
from colonies_tui.store.recording.reading import parse_recording
from colonies_tui.store.recording.removal import Removal
from colonies_tui.store.recording.writing import RecordingWriter

MEMBER = PrivateKey("11" * 32)
OWNER = PrivateKey("22" * 32)
KEYS = Keyring(member=MEMBER, colony=OWNER)

HEADER = Header(
    began=1_770_000_000.0,
    program="1.0",
    profile="here",
    server="http://colonies.example:50080",
    colony="tiger",
    identities={"member": MEMBER.identity, "colony": OWNER.identity},
)


class Made:
    """A recording in the making. Times are milliseconds."""

    def __init__(self) -> None:
        self.writer = RecordingWriter(HEADER, Removal(KEYS))
        self._text = b""

    def answer(self, at: int, request: Request[Any], reply: Any, *, took: int = 0) -> Made:
        """A request that goes out ``took`` before ``at`` is answered."""
        body = json.dumps(reply).encode()
        self.writer.answer(at, at - took, request.msgtype, request.payload(), body)
        return self

    def failure(self, at: int, request: Request[Any], kind: str, words: str, *, status: int = 0) -> Made:
        """A request fails."""
        self.writer.failure(at, at, request.msgtype, request.payload(), kind, status, words)
        return self

    def heard(self, at: int, request: Request[Any], content: Any, *, position: int = 0) -> Made:
        """A subscription brings something."""
        self.writer.heard(at, request.msgtype, request.payload(), content, position)
        return self

    def link(self, at: int, request: SubscribeProcesses, words: str | None) -> Made:
        """A subscription comes up, or is lost."""
        self.writer.link(at, request.msgtype, request.payload(), words)
        return self

    @property
    def text(self) -> bytes:
        self._text += self.writer.take()
        return self._text

    def done(self) -> Recording:
        """Return what a reader makes of it."""
        return parse_recording(self.text)


def replies(recording: Recording) -> Sequence[Any]:
    """Return the contents of all entries that have one, in their order."""
    return [
        json.loads(recording.text(getattr(entry, "values", getattr(entry, "value", 0))))
        for entry in recording.entries
        if hasattr(entry, "values") or hasattr(entry, "value")
    ]
