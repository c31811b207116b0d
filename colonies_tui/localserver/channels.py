"""The channels of processes: logs in memory, written and read by who started a process and who runs it (§ Channels).

A channel exists while its process waits or runs, and is named in the specification of the process; so nothing has to be
made at submission, and nothing of it survives the end of the process or of the server.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from typing import Final

from colonies_tui.localserver.clock import Clock, Stamps, wire_time
from colonies_tui.localserver.jsontext import quoted
from colonies_tui.localserver.records.process import ProcessRecord
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.protocol.messages.channel import MAX_PAYLOAD_BYTES
from colonies_tui.protocol.states import ProcessState
from colonies_tui.protocol.times import NANOSECONDS

MAX_ENTRIES: Final = 10_000
"""Entries that a channel holds."""

MAX_CHANNELS: Final = 100
"""Channels that a process has; further names of its specification are no channels."""

MESSAGES_PER_SECOND: Final = 100
"""Entries that may be appended to the channels of one process, over time."""

BURST: Final = 500
"""Entries that may be appended at once by a process that was quiet before."""

_LIVING: Final = frozenset({ProcessState.WAITING, ProcessState.RUNNING})


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a channel; ``payload`` is base64, ``stamp`` nanoseconds since 1970."""

    sequence: int
    inreplyto: int
    stamp: int
    senderid: str
    payload: str
    type: str
    error: str = ""

    def to_json(self) -> str:
        """Return the entry as it goes over the wire (§ Channel entry)."""
        inreplyto = f'"inreplyto":{self.inreplyto},' if self.inreplyto else ""
        error = f',"error":{quoted(self.error)}' if self.error else ""
        return (
            f'{{"sequence":{self.sequence},{inreplyto}"timestamp":"{wire_time(self.stamp)}",'
            f'"senderid":"{self.senderid}","payload":{quoted(self.payload)},"type":{quoted(self.type)}{error}}}'
        )


def insert(log: list[Entry], entry: Entry) -> None:
    """Put an entry in its place: after everything before it, but before later ones of the same sender.

    Entries of one sender stand by their sequence; between senders the order of arrival holds. A late entry with a low
    sequence therefore moves entries that were read already.
    """
    place = len(log)
    for index in range(len(log) - 1, -1, -1):
        if log[index].senderid == entry.senderid:
            if log[index].sequence <= entry.sequence:
                break
            place = index
    log.insert(place, entry)


@dataclass(eq=False, slots=True)
class Follower:
    """Somebody who is told of new entries; compared by identity."""

    deliver: Callable[[Entry], None]
    ended: Callable[[], None]
    """Called when the process ends: nothing more will come."""


@dataclass(slots=True)
class _OfProcess:
    """What is kept of one process."""

    logs: dict[str, list[Entry]] = field(default_factory=dict)
    followers: dict[str, list[Follower]] = field(default_factory=dict)
    tokens: float = BURST
    """Entries that may be appended now."""
    counted_at: int = 0


class Channels:
    """The channels of all processes of a server."""

    def __init__(self, clock: Clock, stamps: Stamps) -> None:
        self._clock = clock
        self._stamps = stamps
        self._of: dict[str, _OfProcess] = {}

    def require(self, process: ProcessRecord, name: str, identity: str, *, what: str) -> None:
        """Check that there is such a channel and that the caller belongs to its process.

        Raises:
            Refusal: there is none; or the caller neither started the process nor runs it, and may not do ``what``.
        """
        if process.state not in _LIVING or name not in _names(process):
            raise Refusal(404, "Channel not found")
        if identity not in {process.initiatorid, process.assignedexecutorid} - {""}:
            raise Refusal(403, f"Not authorized to {what} channel")

    def append(
        self,
        process: ProcessRecord,
        name: str,
        identity: str,
        *,
        sequence: int,
        inreplyto: int,
        payload: str,
        kind: str,
    ) -> None:
        """Append an entry to a channel that :meth:`require` let pass, and tell everybody who follows it.

        Args:
            process: whose channel.
            name: which channel.
            identity: who sends.
            sequence: the sender's own count.
            inreplyto: sequence of the entry that is answered; 0 for none.
            payload: base64.
            kind: ``end``, ``error``, or empty for data.

        Raises:
            Refusal: too large, too many at once, or the log is full.
        """
        if len(payload) * 3 // 4 - payload[-2:].count("=") > MAX_PAYLOAD_BYTES:
            raise Refusal(500, "message size exceeds limit")
        kept = self._of.setdefault(process.processid, _OfProcess(counted_at=self._clock.now()))
        log = kept.logs.setdefault(name, [])
        if len(log) >= MAX_ENTRIES:
            raise Refusal(500, "channel log is full")
        self._take_token(kept)
        entry = Entry(sequence, inreplyto, self._stamps.next(), identity, payload, kind or "data")
        insert(log, entry)
        for follower in list(kept.followers.get(name, ())):
            follower.deliver(entry)

    def read(self, process: ProcessRecord, name: str, after: int, limit: int = 0) -> list[Entry]:
        """Return entries from a position in the log on.

        Args:
            process: whose channel.
            name: which channel.
            after: number of entries to pass over; negative for none.
            limit: most entries to return; 0 for all.
        """
        kept = self._of.get(process.processid)
        log = [] if kept is None else kept.logs.get(name, [])
        entries = log[max(after, 0) :]
        return entries[:limit] if limit > 0 else entries

    def follow(self, process: ProcessRecord, name: str, follower: Follower) -> None:
        """Begin to tell a follower."""
        kept = self._of.setdefault(process.processid, _OfProcess(counted_at=self._clock.now()))
        kept.followers.setdefault(name, []).append(follower)

    def leave(self, processid: str, name: str, follower: Follower) -> None:
        """Stop telling a follower."""
        kept = self._of.get(processid)
        if kept is not None and follower in kept.followers.get(name, ()):
            kept.followers[name].remove(follower)

    def forget(self, processid: str) -> None:
        """Delete the channels of a process that has ended."""
        kept = self._of.pop(processid, None)
        for follower in [] if kept is None else [one for many in kept.followers.values() for one in many]:
            follower.ended()

    @property
    def processids(self) -> Collection[str]:
        """Ids of the processes of which something is kept."""
        return tuple(self._of)

    @property
    def follower_count(self) -> int:
        """Number of followers of all channels."""
        return sum(len(many) for kept in self._of.values() for many in kept.followers.values())

    def _take_token(self, kept: _OfProcess) -> None:
        now = self._clock.now()
        gained = (now - kept.counted_at) / NANOSECONDS * MESSAGES_PER_SECOND
        kept.tokens = min(kept.tokens + gained, float(BURST))
        kept.counted_at = now
        if kept.tokens < 1:
            raise Refusal(500, "rate limit exceeded")
        kept.tokens -= 1


def _names(process: ProcessRecord) -> list[str]:
    names: list[str] = (json.loads(process.spec).get("channels") or [])[:MAX_CHANNELS]
    return names


def dropped(entry: Entry) -> Entry:
    """Return the last entry for a follower that does not keep up."""
    return replace(entry, error="the subscriber is too slow and was dropped")
