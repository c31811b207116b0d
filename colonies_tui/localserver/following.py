"""Following a channel over a websocket (§ Websocket, Channels).

What the channel holds already comes first, in one frame, then each new entry in a frame of its own. When the time is
over, one empty list is sent and the socket stays open; when the process ends, nothing is sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from pydantic import ValidationError

from colonies_tui.localserver.channels import Entry, Follower, dropped
from colonies_tui.localserver.envelopes import Envelope, NullMessage, reply_envelope, value_of
from colonies_tui.localserver.jsontext import array
from colonies_tui.localserver.records.process import process_by_id
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.localserver.server import LocalServer
from colonies_tui.protocol.messages.channel import SubscribeChannel
from colonies_tui.protocol.roles import Role

DEFAULT_SECONDS: Final = 30
"""How long a subscription lasts that says 0."""

LONGEST_SECONDS: Final = 9_223_372_036
"""A real server's clock overflows beyond, and the subscription is over at once."""


def follow_channel(
    server: LocalServer,
    envelope: Envelope,
    identity: str,
    *,
    put: Callable[[str], None],
    is_full: Callable[[], bool],
    ended: asyncio.Event,
) -> Callable[[], None]:
    """Begin to follow a channel, and return what ends it; to be called once ``ended`` is set or the client has left.

    Args:
        server: whose channel.
        envelope: the subscription as it came.
        identity: who signed it.
        put: takes the envelopes of frames.
        is_full: tells whether the client does not keep up; it is told so with its last entry.
        ended: set when nothing more will come.

    Raises:
        Refusal: not such a message, no such channel, or not the caller's.
    """
    request = _read(envelope)
    process = process_by_id(server.database, request.processid)
    if process is None:
        raise Refusal(404, "Process not found")
    server.access.require(Role.MEMBER, process.colonyname, identity)
    channels, name = server.channels, request.name
    channels.require(process, name, identity, what="subscribe to")

    def deliver(entry: Entry) -> None:
        if is_full():
            put(_frame([dropped(entry)]))
            channels.leave(process.processid, name, follower)
            ended.set()
        else:
            put(_frame([entry]))

    def expire() -> None:
        put(_frame([]))
        channels.leave(process.processid, name, follower)
        ended.set()

    follower = Follower(deliver, ended.set)
    present = channels.read(process, name, request.afterseq)
    if present:
        put(_frame(present))
    seconds = request.timeout or DEFAULT_SECONDS
    if not 0 < seconds <= LONGEST_SECONDS:
        expire()
        return ended.set
    channels.follow(process, name, follower)
    timer = server.clock.call_later(seconds, expire)

    def stop() -> None:
        timer.cancel()
        channels.leave(process.processid, name, follower)

    return stop


def _read(envelope: Envelope) -> SubscribeChannel:
    try:
        payload = envelope.open()
        if value_of(payload, "msgtype") != envelope.payloadtype:
            raise Refusal(400, "Failed to subscribe to channel, msg.MsgType does not match payloadType")
        return SubscribeChannel.read(payload)
    except (ValueError, RecursionError, NullMessage, ValidationError):
        raise Refusal(400, "Failed to subscribe to channel, invalid JSON") from None


def _frame(entries: Sequence[Entry]) -> str:
    rows = [entry.to_json() for entry in entries]
    return reply_envelope(SubscribeChannel.msgtype, array(rows, null_when_empty=False))
