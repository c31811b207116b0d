"""``/pubsub``: subscriptions over a websocket (§ Websocket, Process subscriptions).

Leaving the endpoint without a close message drops the TCP connection without a close frame, which is how a real server
ends a subscription.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

from pydantic import ValidationError
from starlette.types import Receive, Scope, Send

from colonies_tui.localserver.clock import Timer
from colonies_tui.localserver.envelopes import Envelope, NullMessage, error_envelope, read_envelope, value_of
from colonies_tui.localserver.following import follow_channel
from colonies_tui.localserver.pubsub import Listener
from colonies_tui.localserver.records.executor import executor_by_id
from colonies_tui.localserver.records.process import process_by_id
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.localserver.server import LocalServer
from colonies_tui.protocol.messages.channel import SubscribeChannel
from colonies_tui.protocol.messages.subscription import SubscribeProcess, SubscribeProcesses

LONGEST_TIMEOUT: Final = 9_223_372_036
"""Seconds; a real server's clock overflows beyond, and the subscription expires at once."""

REAL_BUFFER: Final = 100
"""Events that a real server keeps for a slow listener before it drops them without a word."""

BUFFER: Final = 10_000
"""Events kept for a slow listener here; then its connection is dropped, so that it can tell that it missed some."""


class PubSubEndpoint:
    """The websocket as an ASGI application."""

    def __init__(self, server: LocalServer) -> None:
        self._server = server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        await _Socket(self._server, receive, send).run()


class _Socket:
    """One connection with its subscriptions."""

    def __init__(self, server: LocalServer, receive: Receive, send: Send) -> None:
        self._server = server
        self._receive = receive
        self._send = send
        self._frames: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._dropped = asyncio.Event()
        self._listeners: list[Listener] = []
        self._timers: list[Timer] = []
        self._frame_key = "text"
        self._coming: asyncio.Future[Any] | None = None

    async def run(self) -> None:
        """Serve until the client leaves or a subscription expires."""
        tasks = [asyncio.create_task(work) for work in (self._read(), self._write(), self._dropped.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for timer in self._timers:
                timer.cancel()
            self._forget_listeners()
            if self._coming is not None:
                tasks.append(asyncio.ensure_future(self._coming))
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
        for result in results:
            # The client may vanish at any time, which shows as an OSError of the transport.
            if isinstance(result, Exception) and not isinstance(result, OSError):
                raise result

    def _forget_listeners(self) -> None:
        for listener in self._listeners:
            if self._server.settings.real_quirks and not listener.processid and not self._dropped.is_set():
                listener.gone = True  # a real server notices only when it has lost an event to it
            else:
                self._server.pubsub.discard(listener)

    async def _write(self) -> None:
        while True:
            await self._send(await self._frames.get())

    async def _read(self) -> None:
        while True:
            coming, self._coming = self._coming or asyncio.ensure_future(self._receive()), None
            message = await coming
            if message["type"] != "websocket.receive":
                return
            text = message.get("text")
            self._frame_key = "bytes" if text is None else "text"
            try:
                envelope = read_envelope(message.get("bytes") or b"" if text is None else text)
                identity = envelope.caller()
            except (Refusal, NullMessage):
                return
            await self._take(envelope, identity)

    async def _take(self, envelope: Envelope, identity: str) -> None:
        try:
            if envelope.payloadtype == SubscribeProcesses.msgtype:
                self._subscribe_to_type(envelope, identity)
            elif envelope.payloadtype == SubscribeProcess.msgtype:
                self._subscribe_to_process(envelope, identity)
            elif envelope.payloadtype == SubscribeChannel.msgtype:
                await self._follow_channel(envelope, identity)
        except Refusal as refusal:
            await self._server.database.settled()
            self._put(error_envelope(refusal.status, refusal.message))

    def _subscribe_to_type(self, envelope: Envelope, identity: str) -> None:
        server = self._server
        try:
            payload = envelope.open()
        except (ValueError, NullMessage) as error:
            raise Refusal(403, f"the payload is not JSON: {error}") from None
        if value_of(payload, "msgtype") != envelope.payloadtype:
            raise Refusal(403, "Failed to subscribe to processes, msg.msgType does not match rpcMsg.PayloadType")
        request = self._typed(SubscribeProcesses, payload)
        if request is None:
            return
        if server.settings.real_quirks:
            if executor_by_id(server.database, identity) is None:
                raise Refusal(403, "executor not found")
            colonynames = None
        else:
            colonynames = self._visible_colonies(request.colonyname, identity)
        self._listen(
            Listener(int(request.state), self._deliver, request.executortype, colonynames=colonynames), request.timeout
        )

    def _visible_colonies(self, colonyname: str, identity: str) -> frozenset[str]:
        access = self._server.access
        if not colonyname:
            names = access.colonies_of(identity)
            if not names:
                raise Refusal(403, "Access denied, not a member of any Colony")
            return names
        if access.member(colonyname, identity) is None:
            raise Refusal(403, f"Access denied, not a member of Colony with name <{colonyname}>")
        return frozenset({colonyname})

    def _subscribe_to_process(self, envelope: Envelope, identity: str) -> None:
        server = self._server
        try:
            payload = envelope.open()
        except (ValueError, NullMessage):
            if server.settings.real_quirks:
                return
            raise Refusal(400, "Failed to subscribe to process, invalid JSON") from None
        if value_of(payload, "msgtype") != envelope.payloadtype:
            raise Refusal(403, "Failed to subscribe to process, msg.msgType does not match rpcMsg.PayloadType")
        request = self._typed(SubscribeProcess, payload)
        if request is None:
            return
        process = process_by_id(server.database, request.processid)
        if process is None:
            raise Refusal(403, f"Invalid process with Id {request.processid}")
        if not server.settings.real_quirks and server.access.member(process.colonyname, identity) is None:
            raise Refusal(403, f"Access denied, not a member of Colony with name <{process.colonyname}>")
        listener = Listener(int(request.state), self._deliver, request.executortype, processid=process.processid)
        if not self._listen(listener, request.timeout):
            return
        if process.state == request.state and request.executortype in ("", process.executortype):
            # What was just read may not be on disk yet; it is told when it is.
            with server.database.change():
                server.database.after_commit(lambda: server.pubsub.tell_now(listener, process))

    async def _follow_channel(self, envelope: Envelope, identity: str) -> None:
        """Follow a channel to its end. The next message waits until then; only that the client leaves is noticed."""
        ended = asyncio.Event()
        stop = follow_channel(
            self._server,
            envelope,
            identity,
            put=self._put,
            is_full=lambda: self._frames.qsize() >= BUFFER,
            ended=ended,
        )
        self._coming = asyncio.ensure_future(self._receive())
        end = asyncio.ensure_future(ended.wait())
        try:
            await asyncio.wait({self._coming, end}, return_when=asyncio.FIRST_COMPLETED)
            if self._coming.done() and self._coming.result()["type"] == "websocket.receive":
                await end
        finally:
            stop()
            end.cancel()
            await asyncio.gather(end, return_exceptions=True)

    def _typed(self, message: type[Any], payload: dict[str, Any]) -> Any:
        try:
            return message.read(payload)
        except ValidationError as error:
            if self._server.settings.real_quirks and error.errors()[0]["loc"] == ("state",):
                return None  # taken without a word; such a state never comes
            raise Refusal(400, f"Failed to subscribe, {error.errors()[0]['loc'][0]} cannot be read") from None

    def _listen(self, listener: Listener, timeout: int) -> bool:
        if not 0 < timeout <= LONGEST_TIMEOUT:
            self._dropped.set()
            return False
        self._listeners.append(listener)
        self._server.pubsub.add(listener)
        self._timers.append(self._server.clock.call_later(timeout, self._dropped.set))
        return True

    def _deliver(self, envelope: str) -> None:
        if self._server.settings.real_quirks:
            if self._frames.qsize() < REAL_BUFFER:
                self._put(envelope)
        elif self._frames.qsize() < BUFFER:
            self._put(envelope)
        else:
            self._dropped.set()

    def _put(self, envelope: str) -> None:
        frame: str | bytes = envelope if self._frame_key == "text" else envelope.encode()
        self._frames.put_nowait({"type": "websocket.send", self._frame_key: frame})
