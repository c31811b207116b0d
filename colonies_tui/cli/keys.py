"""``colonies-tui keys``: make keys, see identities, list profiles. A key is printed only by ``keys new``."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from colonies_tui.cli.exit_codes import FAILED, USAGE
from colonies_tui.cli.output import complain, say
from colonies_tui.config.choose import PROFILE_VARIABLE, NothingConfigured
from colonies_tui.config.encrypted_key import encrypt_key, identity_in
from colonies_tui.config.environment import HOST_VARIABLE, PROFILE_NAME, profile_from_environment
from colonies_tui.config.errors import ConfigError
from colonies_tui.config.key_file import key_file_text
from colonies_tui.config.key_source import (
    EncryptedKeyFile,
    KeyUnavailable,
    ask_on_terminal,
    asks_on_terminal,
    read_key,
)
from colonies_tui.config.keys_file import ProfileEntry, load_profiles
from colonies_tui.config.paths import paths_from_environment
from colonies_tui.config.private_file import create_private_file, read_private_file
from colonies_tui.config.profile import Profile
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import BadKey
from colonies_tui.protocol.roles import KeySlot

_ID_LENGTH = 8
_NONE = "–"


def new(out: Path | None) -> int:
    """Make a key. Without a file both identity and key are printed, in the form of a key file.

    Raises:
        ConfigError: the file exists or cannot be written.
    """
    key = PrivateKey.new()
    if out is None:
        for line in key_file_text(key).splitlines():
            say(line)
    else:
        create_private_file(out.expanduser(), key_file_text(key).encode())
        say(key.identity)
    return 0


def encrypt(source: Path | None, out: Path) -> int:
    """Write a key to a new file that a pass phrase opens, and print its identity.

    Args:
        source: a file that holds the key; ``None`` for standard input, or a new key where that is a terminal.
        out: the new file.

    Raises:
        ConfigError: a file cannot be read or written, or the new one exists.
    """
    try:
        if source is not None:
            key = read_key(read_private_file(source.expanduser()).decode("utf-8", "replace"))
        elif sys.stdin.isatty():
            key = PrivateKey.new()
        else:
            complain("a pass phrase is asked for on a terminal; name the key's file with --from")
            return USAGE
        passphrase = ask_on_terminal("new pass phrase (not shown): ")
        if not passphrase or ask_on_terminal("once more: ") != passphrase:
            complain("nothing was written: the pass phrase is empty" if not passphrase else "the two are not the same")
            return FAILED
    except BadKey as error:
        complain(f"{source}: {error}")
        return FAILED
    except KeyUnavailable as error:
        complain(str(error))
        return USAGE
    create_private_file(out.expanduser(), encrypt_key(key, passphrase))
    say(key.identity)
    return 0


def identity() -> int:
    """Read a private key from standard input, unseen where that is a terminal, and print its identity."""
    text = getpass.getpass("private key (not shown): ") if sys.stdin.isatty() else sys.stdin.read()
    try:
        say(read_key(text).identity)
    except BadKey as error:
        complain(f"standard input: {error}")
        return 1
    return 0


def list_profiles(*, keys_file: Path | None, profile: str | None) -> int:
    """Print each profile: where it connects, and the identity of the key it holds for each role.

    Nothing is asked for a list: commands are not run, pass phrases not wanted, the key ring not opened.

    Raises:
        ConfigError: the file is wrong, or the profile that was asked for is not in it.
    """
    env = os.environ
    path = keys_file if keys_file is not None else paths_from_environment(env).keys_file
    rows: list[tuple[str, ...]] = []
    from_variables = profile_from_environment(env) if keys_file is None and profile is None else None
    named = profile or env.get(PROFILE_VARIABLE, "").strip() or None
    if from_variables is not None:
        rows.append(_row_of_variables(from_variables, in_use=named is None))
    if path.exists() or keys_file is not None:
        profiles = load_profiles(path)
        used = profiles.entry(named).name if named else (None if from_variables else profiles.default)
        rows += [
            _row(entry, env, in_use=entry.name == used)
            for entry in profiles.entries.values()
            if profile is None or entry.name == profile
        ]
    if not rows:
        say(f"{NothingConfigured(path).words} ({HOST_VARIABLE} makes the profile {PROFILE_NAME})")
        return 0
    _print_table(("", "PROFILE", "SERVER", "COLONY", "MEMBER", "COLONY OWNER", "SERVER OWNER", ""), rows)
    return 0


def _row_of_variables(profile: Profile, *, in_use: bool) -> tuple[str, ...]:
    keys = [_short(profile.keys.in_slot(slot), "variable") for slot in KeySlot]
    return ("*" if in_use else "", profile.name, str(profile.address), profile.colony, *keys, "")


def _row(entry: ProfileEntry, env: Mapping[str, str], *, in_use: bool) -> tuple[str, ...]:
    keys = [_key_words(entry, slot, env) for slot in KeySlot]
    flags = [words for words, on in (("production", entry.production), ("read-only", entry.read_only)) if on]
    return ("*" if in_use else "", entry.name, str(entry.address), entry.colony, *keys, ", ".join(flags))


def _key_words(entry: ProfileEntry, slot: KeySlot, env: Mapping[str, str]) -> str:
    source = entry.sources.get(slot)
    if isinstance(source, EncryptedKeyFile):
        return _named_in(source)
    if source is not None and asks_on_terminal(source):
        return f"by {source.words}"
    try:
        return _short(entry.fetch_key(slot, env), source.words.split()[0] if source else "")
    except ConfigError:
        return f"missing: {source.words}" if source else _NONE


def _named_in(source: EncryptedKeyFile) -> str:
    """Return the identity that an encrypted file names, without asking for its pass phrase."""
    try:
        return f"{identity_in(read_private_file(source.path))[:_ID_LENGTH]} encrypted"
    except (ConfigError, BadKey):
        return f"missing: {source.words}"


def _short(key: PrivateKey | None, where: str) -> str:
    return f"{key.identity[:_ID_LENGTH]} {where}" if key else _NONE


def _print_table(titles: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in [titles, *rows]) for column in range(len(titles))]
    for row in [titles, *rows]:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
