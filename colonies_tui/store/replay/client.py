"""A client that answers from a recording as of the replay's time, and asks nobody."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeVar, cast

from pydantic import TypeAdapter

from colonies_tui.client.client import ColoniesClient
from colonies_tui.client.listening import Event, Listening, OnLinkState
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.envelope import Reply, read_reply
from colonies_tui.protocol.errors import NotReached
from colonies_tui.protocol.messages.channel import SubscribeChannel
from colonies_tui.protocol.messages.subscription import SubscribeProcess, SubscribeProcesses
from colonies_tui.protocol.models.channel import ChannelEntry
from colonies_tui.protocol.models.process import Process
from colonies_tui.protocol.request import Request
from colonies_tui.store.feed import reading_feed
from colonies_tui.store.process_feeds import STRAYS
from colonies_tui.store.recording.entries import Answer, Failure, Header, Heard, LinkChange, Recording, RecordingError
from colonies_tui.store.replay.clock import ReplayClock
from colonies_tui.store.replay.identity import keyring_of
from colonies_tui.store.replay.known import Known
from colonies_tui.store.replay.not_in_recording import NotInRecording
from colonies_tui.store.replay.topics import ONE_PROCESS, topic_of

R = TypeVar("R")
T = TypeVar("T")

AWAITED_MS: Final = 5000
"""What comes for the first time within so many milliseconds is waited for, as it was then."""

_KEPT_REPLIES: Final = 64


def address_of(header: Header) -> ServerAddress:
    """Return the address of the recorded server.

    Raises:
        RecordingError: the recording names none.
    """
    try:
        return ServerAddress.parse(header.server)
    except ValueError as error:
        raise RecordingError(f"the recording is damaged: {error}") from None


class ReplayListening(Generic[T]):
    """A subscription that hears what the recording tells."""

    def __init__(self, topic: str, leave: Callable[[ReplayListening[T]], None]) -> None:
        self.topic = topic
        self._leave = leave
        self._heard: asyncio.Queue[T | None] = asyncio.Queue()
        self._is_over = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        item = None if self._is_over else await self._heard.get()
        if item is None:
            raise StopAsyncIteration
        return item

    def put(self, item: T) -> None:
        """Let one more be heard."""
        self._heard.put_nowait(item)

    async def aclose(self) -> None:
        """Hear nothing more."""
        self._is_over = True
        self._heard.put_nowait(None)
        self._leave(self)


class ReplayClient(ColoniesClient):
    """Answers a request with the latest recorded reply to an equal one; waits for one that is under way."""

    def __init__(self, recording: Recording, clock: ReplayClock) -> None:
        """
        Raises:
            RecordingError: the recording names no server.
        """
        super().__init__(address_of(recording.header), keyring_of(recording.header.identities))
        self.on_turn: Callable[[], None] = lambda: None
        """Told whenever something is asked, answered or heard."""
        self.readers: dict[str, set[str]] = {}
        """The feeds that have asked about something, by what it is about."""
        self.known = Known(recording)
        self._recording = recording
        self._clock = clock
        self._waiting: dict[str, list[asyncio.Future[None]]] = {}
        self._processes: list[tuple[ReplayListening[Event], OnLinkState | None]] = []
        self._channels: list[tuple[ReplayListening[ChannelEntry], list[int]]] = []
        self._links: dict[str, LinkChange] = {}
        self._read_before: OrderedDict[tuple[int, bytes], Any] = OrderedDict()

    # Asking -----------------------------------------------------------------------------------------------------------

    async def _send(self, request: Request[Any], adapter: TypeAdapter[R], key: PrivateKey | None) -> R:
        if self._closed:
            raise NotReached("the replay was closed")
        self.keys.key_for(request.role)
        if request.changes:
            raise NotInRecording("this is a recording: nothing can be changed in it")
        topic, reader = topic_of(request.msgtype, request.payload()), reading_feed.get()
        if reader:
            self.readers.setdefault(topic, set()).add(reader)
        self.on_turn()
        while self._is_awaited(topic, request.msgtype, reader):
            await self._next_answer(topic)
        self.on_turn()
        if reader == STRAYS and not self.known.is_known(topic):
            raise NotInRecording("it was not read by itself")
        return self._decoded(request, adapter, self.known.answer(request, topic))

    def _is_awaited(self, topic: str, msgtype: str, reader: str) -> bool:
        if self.known.is_under_way(topic):
            return True
        if self.known.is_known(topic) or (msgtype == ONE_PROCESS and reader != STRAYS):
            return False
        now = round(self._clock.position * 1000)
        at = self.known.next_answer(topic, now)
        return at is not None and at - now <= AWAITED_MS

    async def _next_answer(self, topic: str) -> None:
        future = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(topic, []).append(future)
        await future

    def _decoded(self, request: Request[Any], adapter: TypeAdapter[R], text: bytes) -> R:
        name = (id(adapter), text)
        if name in self._read_before:
            self._read_before.move_to_end(name)
            return cast("R", self._read_before[name])
        read = read_reply(Reply(request.reply_msgtype, text, False), adapter, msgtype=request.msgtype)
        self._read_before[name] = read
        while len(self._read_before) > _KEPT_REPLIES:
            self._read_before.popitem(last=False)
        return read

    # Listening --------------------------------------------------------------------------------------------------------

    def subscribe(
        self,
        request: SubscribeProcess | SubscribeProcesses,
        *,
        key: PrivateKey | None = None,
        on_state: OnLinkState | None = None,
    ) -> Listening[Event]:
        self.keys.key_for(request.role)
        topic = topic_of(request.msgtype, request.payload())
        listening: ReplayListening[Event] = ReplayListening(topic, self._left)
        self._processes.append((listening, on_state))
        link = self._links.get(topic)
        if on_state is not None and (link is None or link.is_up):
            on_state(True, None)
        return listening

    def follow_channel(
        self, request: SubscribeChannel, *, key: PrivateKey | None = None, on_state: OnLinkState | None = None
    ) -> Listening[ChannelEntry]:
        self.keys.key_for(request.role)
        topic = topic_of(request.msgtype, request.payload())
        listening: ReplayListening[ChannelEntry] = ReplayListening(topic, self._left)
        self._channels.append((listening, [max(request.afterseq, 0)]))
        self._tell_channels(topic)
        return listening

    def _left(self, listening: ReplayListening[Any]) -> None:
        self._processes = [known for known in self._processes if known[0] is not listening]
        self._channels = [known for known in self._channels if known[0] is not listening]

    def _tell_channels(self, topic: str) -> bool:
        has_told = False
        for listening, position in self._channels:
            while listening.topic == topic and (entry := self.known.said(topic, position[0])) is not None:
                listening.put(ChannelEntry.model_validate(entry))
                position[0] += 1
                has_told = True
        return has_told

    # Following the recording ------------------------------------------------------------------------------------------

    def take(self, entry: Answer | Failure) -> tuple[frozenset[str], bool]:
        """Take an answer; return the processes that changed by it, and whether anybody waited for it."""
        topic = self.known.topic(entry.request)
        changed = self.known.take(entry)
        waiting = [future for future in self._waiting.pop(topic, ()) if not future.done()]
        for future in waiting:
            future.set_result(None)
        return changed, self._tell_channels(topic) or bool(waiting)

    def hear(self, entry: Heard) -> tuple[frozenset[str], bool]:
        """Deliver what a subscription brought; return as :meth:`take`.

        An event goes to the subscription of an equal request, else to any: all of a session's lead to one place.
        """
        topic = self.known.topic(entry.request)
        if self._recording.requests[entry.request].msgtype == SubscribeChannel.msgtype:
            self.known.take_entry(entry)
            return frozenset(), self._tell_channels(topic)
        changed = self.known.take_process(entry)
        listeners = [listening for listening, _ in self._processes]
        listener = next((one for one in listeners if one.topic == topic), None) or next(iter(listeners), None)
        if listener is not None:
            listener.put(Event(Process.model_validate_json(self._recording.values[entry.value])))
        return changed, listener is not None

    def link(self, entry: LinkChange) -> bool:
        """Bring a subscription up or let it be lost; return whether anybody has it."""
        topic = self.known.topic(entry.request)
        self._links[topic] = entry
        concerned = [on_state for listening, on_state in self._processes if listening.topic == topic and on_state]
        for on_state in concerned:
            on_state(entry.is_up, None if entry.is_up else NotReached(entry.words))
        return bool(concerned)

    def go_back(self) -> None:
        """Return to the beginning; nobody asks or listens then."""
        self.known.forget()
        self.readers.clear()
        self._waiting.clear()
        self._links.clear()
        self._processes.clear()
