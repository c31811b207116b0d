"""``colonies-tui call`` with a message that changes something: it is in the journal, before it is sent and after."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any

from colonies_tui.cli.output import complain, words_of
from colonies_tui.client.request_sender import RequestSender
from colonies_tui.config.errors import ConfigError, with_home
from colonies_tui.config.private_file import reason_of
from colonies_tui.config.profile import Profile
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import ColoniesError, NotReached, Refused
from colonies_tui.protocol.request import Request
from colonies_tui.protocol.roles import KeySlot
from colonies_tui.store.actions import Outcome
from colonies_tui.store.journal import FileJournal, new_entry_id, without_secrets, writer


class JournaledCall:
    """One request that changes something, sent once and written down before and after."""

    def __init__(self, profile: Profile, request: Request[Any], key: PrivateKey | None, journal: FileJournal) -> None:
        self._profile = profile
        self._request = request
        self._key = key
        self._journal = journal
        self._began = time.monotonic()
        self._entry_id = new_entry_id()

    async def send(self, sender: RequestSender) -> Any:
        """Return the reply.

        Raises:
            ConfigError: the journal cannot be written; nothing was sent.
            ColoniesError: as the sender does.
        """
        try:
            self._write({"outcome": "asked"})
        except OSError as error:
            raise ConfigError(
                self._journal.path, None, f"not sent, the journal cannot be written: {reason_of(error)}"
            ) from None
        try:
            reply = await sender.send(self._request, key=self._key)
        except asyncio.CancelledError:
            self._end(Outcome.UNKNOWN, "interrupted")
            raise
        except ColoniesError as error:
            self._end(_outcome_of(error), words_of(error))
            raise
        self._end(Outcome.DONE, f"{self._request.msgtype} done")
        return reply

    def _end(self, outcome: Outcome, words: str) -> None:
        seconds = round(time.monotonic() - self._began, 3)
        try:
            self._write({"outcome": outcome.value, "words": words, "seconds": seconds})
        except OSError as error:
            complain(f"the end of this is not in the journal: {with_home(self._journal.path)}: {reason_of(error)}")

    def _write(self, more: Mapping[str, Any]) -> None:
        request, keys = self._request, self._profile.keys
        entry = {
            "profile": self._profile.name,
            "server": str(self._profile.address),
            "role": request.role.value,
            "key": next((slot.value for slot in KeySlot if self._key and keys.in_slot(slot) == self._key), ""),
            "signer": self._key.identity if self._key else "",
            "verb": "call",
            "target": {"kind": "message", "name": request.msgtype},
            "request": request.payload(),
            **more,
        }
        self._journal.write(time.time(), {"id": self._entry_id, **writer(), **without_secrets(entry, keys)})


def _outcome_of(error: ColoniesError) -> Outcome:
    match error:
        case NotReached():
            return Outcome.NOT_SENT
        case Refused():
            return Outcome.REFUSED
        case _:
            return Outcome.UNKNOWN
