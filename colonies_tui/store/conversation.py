"""What is said in a channel of a process, as it comes, and what we say ourselves (§ Channels)."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Final

from colonies_tui.protocol.messages.channel import AppendToChannel, ReadChannel, SubscribeChannel
from colonies_tui.protocol.models.channel import ChannelEntry
from colonies_tui.store.actions import Action
from colonies_tui.store.session import Session

FOLLOW_SECONDS: Final = 300
"""How long one subscription lasts; it is renewed."""


class Conversation:
    """The entries of one channel in the order of the server, each once."""

    def __init__(self, session: Session, process_id: str, channel: str) -> None:
        self.process_id = process_id
        self.channel = channel
        self._session = session
        self._entries: dict[tuple[str, int], ChannelEntry] = {}
        self._said = 0
        """The highest of our numbers that was given out; what was said last may not have been heard back yet."""

    @property
    def entries(self) -> tuple[ChannelEntry, ...]:
        """What was said so far, oldest first."""
        return tuple(self._entries.values())

    @property
    def own_identity(self) -> str:
        """Who we are in it; empty without a member key."""
        key = self._session.client.keys.member
        return "" if key is None else key.identity

    async def read(self) -> None:
        """Read what was said before.

        Raises:
            ColoniesError: it cannot be read: only who started the process and the executor that has it may, and only
                as long as the process has not ended.
        """
        rows = await self._session.client.send(ReadChannel(processid=self.process_id, name=self.channel))
        self._take(rows)

    async def follow(self, changed: Callable[[], None]) -> None:
        """Take in what is said from now on, until the process has ended; ``changed`` is called after each entry.

        Raises:
            ColoniesError: the server said no.
        """
        request = SubscribeChannel(
            processid=self.process_id, name=self.channel, afterseq=len(self._entries), timeout=FOLLOW_SECONDS
        )
        async with self._session.client.follow_channel(request) as subscription:
            async for entry in subscription:
                self._take((entry,))
                changed()

    def say(self, text: str) -> Action:
        """Return the action that appends a text, under the next number of our own count."""
        own = [entry.sequence for entry in self._entries.values() if entry.senderid == self.own_identity]
        self._said = max(self._said, *own, 0) + 1
        request = AppendToChannel(
            processid=self.process_id,
            name=self.channel,
            sequence=self._said,
            content=base64.b64encode(text.encode()).decode("ascii"),
        )
        return Action(
            verb="say",
            done="said",
            object_name=f"{len(text)} characters in {self.channel}",
            request=request,
            target={"kind": "channel", "name": self.channel, "id": self.process_id},
            feeds=(),
        )

    def _take(self, entries: tuple[ChannelEntry, ...]) -> None:
        for entry in entries:
            # One is heard twice when a lost link comes back.
            self._entries.setdefault((entry.senderid, entry.sequence), entry)


def text_of(entry: ChannelEntry) -> str:
    """Return what an entry says, as text where it is text, else how much it is."""
    if entry.error:
        return entry.error
    try:
        content = base64.b64decode(entry.payload, validate=True)
    except ValueError:
        return entry.payload
    try:
        return content.decode()
    except UnicodeDecodeError:
        return f"{len(content)} bytes that are no text"
