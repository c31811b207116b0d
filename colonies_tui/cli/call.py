"""``colonies-tui call``: sends one typed message and prints the reply as JSON.

What is printed is the reply as our model writes it back to the wire: its own keys, lists never ``null``, a time that is
not set as ``0001-01-01T00:00:00Z``, optional keys left out where there is nothing to say.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from colonies_tui.cli.event_lines import drop_output
from colonies_tui.cli.exit_codes import FAILED, OK, USAGE, code_of
from colonies_tui.cli.message_catalogue import as_json, details, message_named, summary
from colonies_tui.cli.message_fields import WrongInput
from colonies_tui.cli.output import complain, say, words_of
from colonies_tui.cli.profile_in_use import profile_in_use
from colonies_tui.cli.request_text import request_from, values_from
from colonies_tui.cli.wire_json import json_text
from colonies_tui.client.client import ColoniesClient
from colonies_tui.config.errors import ConfigError, with_home
from colonies_tui.config.paths import paths_from_environment
from colonies_tui.config.private_file import reason_of
from colonies_tui.config.profile import Profile
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import ColoniesError, KeyMissing, NotReached, Refused
from colonies_tui.protocol.messages.subscription import SubscribeProcess, SubscribeProcesses
from colonies_tui.protocol.request import Request
from colonies_tui.protocol.roles import KeySlot
from colonies_tui.store.actions import Outcome
from colonies_tui.store.journal import FileJournal, new_entry_id, without_secrets, writer


@dataclass(frozen=True, slots=True)
class Call:
    """What the command line asks for."""

    msgtype: str | None
    assignments: Sequence[str] = ()
    json: str | None = None
    """JSON text, ``@file``, or ``-`` for standard input; empty where the option was given without one."""
    signer: str | None = None
    """Name of the key slot that signs."""
    lists: bool = False


def run(call: Call, *, profile: str | None, keys_file: Path | None, read_only: bool) -> int:
    """Send the message, or list messages, and return the exit code.

    Raises:
        ConfigError: there is no usable profile.
    """
    try:
        if call.lists:
            return _list(call)
        return _call(call, profile, keys_file, read_only=read_only)
    except WrongInput as error:
        complain(str(error))
        return USAGE
    except BrokenPipeError:  # what was asked for was done; nobody wants to read of it
        drop_output()
        return OK


def _list(call: Call) -> int:
    kind = message_named(call.msgtype) if call.msgtype is not None else None
    if call.json is not None:
        print(json_text(as_json([kind] if kind else None), indent=2), flush=True)
    else:
        for line in details(kind) if kind else summary():
            say(line)
    return OK


def _call(call: Call, profile_name: str | None, keys_file: Path | None, *, read_only: bool) -> int:
    if call.msgtype is None:
        raise WrongInput("name a message; colonies-tui call --list shows all")
    kind = message_named(call.msgtype)
    if kind.over_websocket:
        is_about_processes = kind in (SubscribeProcess, SubscribeProcesses)
        other = "colonies-tui watch" if is_about_processes else "colonies-tui call channelreadmsg"
        raise WrongInput(f"{kind.msgtype} goes over the websocket: use {other}")
    values = values_from(kind, _json_input(call.json), call.assignments)
    paths = paths_from_environment(os.environ)
    profile = profile_in_use(profile_name, keys_file, paths)
    request = request_from(kind, values, profile.colony)
    try:
        key = _key(profile, call.signer, request)
    except KeyMissing as error:
        complain(f"{kind.msgtype} {error}, and the profile {profile.name} has none")
        return USAGE
    if request.changes and (read_only or profile.read_only):
        why = "--read-only was given" if read_only else f"the profile {profile.name} is read-only"
        complain(f"not sent: {why}, and {kind.msgtype} changes something")
        return FAILED
    sender = _Sender(profile, request, key, FileJournal(paths.journal_file))
    try:
        reply = asyncio.run(sender.send())
        text = json_text(
            kind.reply_adapter().dump_python(reply, mode="json", by_alias=True),
            indent=2 if sys.stdout.isatty() else None,
        )
    except ColoniesError as error:
        complain(words_of(error))
        return code_of(error)
    print(text, flush=True)
    return OK


def _json_input(source: str | None) -> str | None:
    match source:
        case None:
            return None
        case "":
            raise WrongInput("--json needs an object, @FILE, or - for standard input")
        case "-":
            return _decoded(sys.stdin.buffer.read(), "standard input")
        case _ if source.startswith("@"):
            path = Path(source[1:]).expanduser()
            try:
                return _decoded(path.read_bytes(), str(path))
            except OSError as error:
                raise WrongInput(f"{with_home(path)}: {reason_of(error)}") from None
        case _:
            return source


def _decoded(data: bytes, where: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WrongInput(f"{where} is not UTF-8") from None


def _key(profile: Profile, signer: str | None, request: Request[Any]) -> PrivateKey | None:
    if signer is None:
        return profile.keys.key_for(request.role)
    slot = KeySlot(signer)
    key = profile.keys.in_slot(slot)
    if key is None:
        raise KeyMissing(slot.holder)
    return key


class _Sender:
    """Sends one request once; what changes something is written down before and after."""

    def __init__(self, profile: Profile, request: Request[Any], key: PrivateKey | None, journal: FileJournal) -> None:
        self._profile = profile
        self._request = request
        self._key = key
        self._journal = journal
        self._began = time.monotonic()
        self._entry_id = new_entry_id()

    async def send(self) -> Any:
        """Return the reply.

        Raises:
            ColoniesError: as the client does; nothing was sent when the journal cannot be written.
        """
        request = self._request
        request.check()
        async with ColoniesClient(self._profile.address, self._profile.keys) as client:
            if not request.changes:
                return await client.send(request, key=self._key)
            try:
                self._write({"outcome": "asked"})
            except OSError as error:
                raise ConfigError(
                    self._journal.path, None, f"not sent, the journal cannot be written: {reason_of(error)}"
                ) from None
            try:
                reply = await client.send(request, key=self._key)
            except asyncio.CancelledError:
                self._end(Outcome.UNKNOWN, "interrupted")
                raise
            except ColoniesError as error:
                self._end(_outcome_of(error), words_of(error))
                raise
            self._end(Outcome.DONE, f"{request.msgtype} done")
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
