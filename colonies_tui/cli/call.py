"""``colonies-tui call``: sends one typed message and prints the reply as JSON.

What is printed is the reply as our model writes it back to the wire: its own keys, lists never ``null``, a time that is
not set as ``0001-01-01T00:00:00Z``, optional keys left out where there is nothing to say.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from colonies_tui.cli.exit_codes import FAILED, OK, USAGE, code_of
from colonies_tui.cli.message_catalogue import as_json, details, message_named, summary
from colonies_tui.cli.message_fields import WrongInput
from colonies_tui.cli.output import complain, say, words_of
from colonies_tui.cli.profile_in_use import profile_in_use
from colonies_tui.cli.request_text import request_from, values_from
from colonies_tui.cli.wire_json import json_text
from colonies_tui.client.request_sender import RequestSender
from colonies_tui.config.errors import with_home
from colonies_tui.config.paths import Paths, paths_from_environment
from colonies_tui.config.profile import Profile
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import ColoniesError, KeyMissing
from colonies_tui.protocol.request import Request
from colonies_tui.protocol.roles import KeySlot


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
        from colonies_tui.cli.event_lines import drop_output

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
        is_about_processes = kind.msgtype.startswith("subscribeprocess")
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
    try:
        reply = asyncio.run(_sent(profile, request, key, paths))
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
                from colonies_tui.config.private_file import reason_of

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


async def _sent(profile: Profile, request: Request[Any], key: PrivateKey | None, paths: Paths) -> Any:
    """Send a request once and return the reply; what changes something is journaled.

    Raises:
        ColoniesError: as the client does.
        ConfigError: the journal cannot be written; nothing was sent.
    """
    request.check()
    async with RequestSender(profile.address, profile.keys) as sender:
        if not request.changes:
            return await sender.send(request, key=key)
        from colonies_tui.cli.journaled_call import JournaledCall
        from colonies_tui.store.journal import FileJournal

        return await JournaledCall(profile, request, key, FileJournal(paths.journal_file)).send(sender)
