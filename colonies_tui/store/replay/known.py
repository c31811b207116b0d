"""What a recording knows at one moment of it: the latest answers, and what is under way. Pure."""

from __future__ import annotations

import bisect
import json
from collections import Counter
from typing import Any, Final

from colonies_tui.protocol import errors
from colonies_tui.protocol.errors import ColoniesError
from colonies_tui.protocol.request import Request
from colonies_tui.store.recording.entries import Answer, Failure, Heard, Recording
from colonies_tui.store.replay.not_in_recording import NotInRecording
from colonies_tui.store.replay.shelves import ChannelShelf, LogShelf
from colonies_tui.store.replay.topics import CHANNEL, LOG, ONE_PROCESS, PROCESS_LISTS, topic_of

_WORDED: Final = {
    kind.__name__: kind
    for kind in (errors.NotReached, errors.OutcomeUnknown, errors.NotDecodable, errors.UnsafeRequest)
}


class Known:
    """Follows the entries of a recording in their order."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._topics = [topic_of(request.msgtype, request.payload) for request in recording.requests]
        self._answered_at: dict[str, list[int]] = {}
        for entry in recording.entries:
            if isinstance(entry, Answer | Failure):
                self._answered_at.setdefault(self._topics[entry.request], []).append(entry.at)
        self.forget()

    def forget(self) -> None:
        """Return to the beginning."""
        self._latest: dict[str, Answer | Failure] = {}
        self._under_way: Counter[str] = Counter()
        self._logs: dict[str, LogShelf] = {}
        self._channels: dict[str, ChannelShelf] = {}
        self._processes: dict[str, int] = {}
        self._processes_at: dict[str, int] = {}
        self._ids: dict[int, str] = {}

    def topic(self, request: int) -> str:
        """Return what a recorded request is about."""
        return self._topics[request]

    # Following --------------------------------------------------------------------------------------------------------

    def ask(self, request: int) -> None:
        """A request goes out."""
        self._under_way[self._topics[request]] += 1

    def take(self, entry: Answer | Failure) -> frozenset[str]:
        """Take what came back; return the ids of processes that are known otherwise than before."""
        topic, request = self._topics[entry.request], self._recording.requests[entry.request]
        self._under_way[topic] -= 1
        self._latest[topic] = entry
        if isinstance(entry, Failure):
            return frozenset()
        if request.msgtype == LOG:
            self._logs.setdefault(topic, LogShelf()).add(self._recording.text(entry.values))
        elif request.msgtype in CHANNEL:
            position = int(request.payload.get("afterseq") or 0)
            self._channel(topic).add_page(self._recording.text(entry.values), position=position)
        elif request.msgtype in PROCESS_LISTS:
            values = (entry.values,) if isinstance(entry.values, int) else entry.values
            return frozenset(name for value in values if (name := self._take_process(value, entry.asked, entry.at)))
        return frozenset()

    def take_process(self, heard: Heard) -> frozenset[str]:
        """Take a process that a subscription told of."""
        name = self._take_process(heard.value, heard.at, heard.at)
        return frozenset((name,)) if name else frozenset()

    def take_entry(self, heard: Heard) -> None:
        """Take what was said in a channel."""
        entry = self._recording.values[heard.value]
        self._channel(self._topics[heard.request]).add(entry, position=heard.position)

    def _channel(self, topic: str) -> ChannelShelf:
        return self._channels.setdefault(topic, ChannelShelf())

    def _take_process(self, value: int, asked: int, at: int) -> str:
        """Take a process unless what is known came after this was asked for; return its id if it is known otherwise."""
        name = self._ids.get(value)
        if name is None:
            content = json.loads(self._recording.values[value])
            name = self._ids[value] = str(content.get("processid", "")) if isinstance(content, dict) else ""
        if not name or asked < self._processes_at.get(name, 0):
            return ""
        self._processes_at[name] = at
        if self._processes.get(name) == value:
            return ""
        self._processes[name] = value
        return name

    # Answering --------------------------------------------------------------------------------------------------------

    def is_under_way(self, topic: str) -> bool:
        """Whether an answer about something is under way now."""
        return self._under_way[topic] > 0

    def is_known(self, topic: str) -> bool:
        """Whether anything was answered yet."""
        return topic in self._latest

    def next_answer(self, topic: str, after: int) -> int | None:
        """Return when the next answer comes, later than a time; ``None`` for none."""
        times = self._answered_at.get(topic, [])
        place = bisect.bisect_right(times, after)
        return times[place] if place < len(times) else None

    def answer(self, request: Request[Any], topic: str) -> bytes:
        """Return the JSON of the reply to a request as of now.

        Raises:
            NotInRecording: nobody had asked for that.
            ColoniesError: what the recorded request raised.
        """
        latest = self._latest.get(topic)
        payload = request.payload()
        if isinstance(latest, Failure):
            raise _error(latest, request.msgtype)
        if latest is None:
            return self._derived(request.msgtype, payload)
        if request.msgtype == LOG:
            page = self._logs[topic].page(
                since=payload.get("since") or 0, latest=bool(payload.get("latest")), count=payload.get("count") or 0
            )
            return page.encode()
        if request.msgtype in CHANNEL:
            shelf = self._channel(topic)
            return shelf.page(position=payload.get("afterseq") or 0, limit=payload.get("limit") or 0).encode()
        return self._recording.text(latest.values)

    def said(self, topic: str, position: int) -> Any | None:
        """Return what was said at a place in a channel, as JSON-ready values, if it is known by now."""
        return self._channel(topic).at(position)

    def _derived(self, msgtype: str, payload: dict[str, Any]) -> bytes:
        """Return what was not asked for but stands in the answer to something else."""
        value = self._processes.get(str(payload.get("processid"))) if msgtype == ONE_PROCESS else None
        if value is None:
            raise NotInRecording("this is not in the recording: the console that made it did not look here")
        return self._recording.values[value]


def _error(failure: Failure, msgtype: str) -> ColoniesError:
    """Return the error that a recorded request ended with."""
    worded = _WORDED.get(failure.kind)
    return errors.refused(failure.status, failure.words, msgtype=msgtype) if worded is None else worded(failure.words)
