"""``keys.toml``: the profiles of an operator. Read strictly: what is not understood is an error with its line.

::

    default = "lab"

    [profiles.lab]
    url = "http://127.0.0.1:50080"
    colony = "dev"
    member_key = "…"                              # or one of the three below
    colony_key_file = "owner.key"                 # relative to the directory of keys.toml
    server_key_env = "LAB_SERVER_KEY"             # an environment variable
    # member_key_command = ["pass", "show", "x"]  # the first line that a command prints
    production = false
    read_only = false
"""

from __future__ import annotations

import dataclasses
import difflib
import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from colonies_tui.config.errors import ConfigError, with_home
from colonies_tui.config.key_source import (
    EncryptedKeyFile,
    InlineKey,
    KeyCommand,
    KeyFile,
    KeyRingEntry,
    KeySource,
    KeyUnavailable,
    KeyVariable,
)
from colonies_tui.config.names import name_fault
from colonies_tui.config.private_file import read_private_file, reason_of
from colonies_tui.config.profile import Profile
from colonies_tui.config.toml_text import TablePath, kind_of, line_numbers, parse_toml
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import BadKey
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.roles import KeySlot

KEY_FORMS: Final = ("", "_file", "_env", "_command", "_encrypted", "_keyring")
"""Endings of a key's setting: the key itself, or where it comes from."""

KEY_SETTINGS: Final = {f"{slot.value}_key{form}": (slot, form) for slot in KeySlot for form in KEY_FORMS}
"""The settings that give a key, with their slot and form."""

PROFILE_SETTINGS: Final = ("url", "colony", *KEY_SETTINGS, "production", "read_only", "ca_file", "insecure")
"""Every setting of a profile."""


def near_miss(word: str, known: Iterable[str]) -> str:
    """Return ``; did you mean "…"?`` when a known word is close, otherwise nothing."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f'; did you mean "{close[0]}"?' if close else ""


@dataclass(frozen=True, slots=True)
class ProfileEntry:
    """A profile as the file gives it, its keys not fetched yet."""

    name: str
    path: Path
    address: ServerAddress
    colony: str
    sources: Mapping[KeySlot, KeySource]
    lines: Mapping[KeySlot, int | None]
    """Line of each key's setting."""
    production: bool = False
    read_only: bool = False

    def fetch_key(self, slot: KeySlot, env: Mapping[str, str]) -> PrivateKey | None:
        """Return the key in a slot, ``None`` when the profile names none.

        Raises:
            ConfigError: it could not be fetched; with the line of its setting.
        """
        source = self.sources.get(slot)
        if source is None:
            return None
        try:
            return source.fetch(env)
        except KeyUnavailable as error:
            raise ConfigError(
                self.path, self.lines.get(slot), f"profile {self.name}: {slot.value} key: {error}"
            ) from None

    def resolve(self, env: Mapping[str, str], *, why: str = "") -> Profile:
        """Fetch the keys and return the profile ready for use.

        Args:
            env: the environment, for keys in variables and for commands.
            why: words for why this one was chosen, added to its source.

        Raises:
            ConfigError: a key could not be fetched.
        """
        return Profile(
            name=self.name,
            address=self.address,
            colony=self.colony,
            keys=Keyring(
                member=self.fetch_key(KeySlot.MEMBER, env),
                colony=self.fetch_key(KeySlot.COLONY, env),
                server=self.fetch_key(KeySlot.SERVER, env),
            ),
            production=self.production,
            read_only=self.read_only,
            source=with_home(self.path) + (f" ({why})" if why else ""),
            file=self.path,
        )


@dataclass(frozen=True, slots=True)
class Profiles:
    """All profiles of a file, in its order."""

    path: Path
    default: str | None
    """Name of the profile that is used when none is named; the only one when there is only one."""
    entries: Mapping[str, ProfileEntry]

    def entry(self, name: str | None = None) -> ProfileEntry:
        """Return a profile by name, or the default one.

        Raises:
            ConfigError: there is no such profile, or no default among several.
        """
        if name is None and self.default is None:
            names = ", ".join(self.entries)
            raise ConfigError(
                self.path,
                None,
                f'which profile? add default = "…" at the top, or --profile with one of: {names}'
                if self.entries
                else "there is no profile in it",
            )
        chosen = name if name is not None else self.default or ""
        if chosen in self.entries:
            return self.entries[chosen]
        hint = near_miss(chosen, self.entries) or (f"; there are: {', '.join(self.entries)}" if self.entries else "")
        raise ConfigError(self.path, None, f'there is no profile "{chosen}"{hint}')


def load_profiles(path: Path) -> Profiles:
    """Read ``keys.toml``.

    Raises:
        ConfigError: with file and line: not readable, usable by others, not TOML, or a setting that is not understood.
    """
    content = read_private_file(path)
    document = parse_toml(path, content)
    reader = _Reader(path, line_numbers(content.decode("utf-8")))
    for setting in document:
        if setting not in ("default", "profiles"):
            hint = near_miss(setting, ("default", "profiles")) or "; profiles are tables such as [profiles.lab]"
            raise reader.fault((setting,), f'there is no setting "{setting}" at the top{hint}')
    tables = reader.value(document, (), "profiles", dict, {})
    entries = {name: reader.profile(name, table) for name, table in tables.items()}
    default = reader.value(document, (), "default", str, None)
    if default is not None and default not in entries:
        hint = near_miss(default, entries)
        raise reader.fault(("default",), f'default is "{default}", but there is no such profile{hint}')
    if default is None and len(entries) == 1:
        default = next(iter(entries))
    return Profiles(path, default, entries)


class _Reader:
    """Turns the tables of one file into profiles, and faults into errors with their line."""

    def __init__(self, path: Path, lines: Mapping[TablePath, int]) -> None:
        self._path = path
        self._lines = lines

    def line(self, where: TablePath) -> int | None:
        """Return the line of a setting, of the nearest table around it where it has none."""
        while where and where not in self._lines:
            where = where[:-1]
        return self._lines.get(where)

    def fault(self, where: TablePath, reason: str) -> ConfigError:
        """Return the error for a setting."""
        name = f"profile {where[1]}: " if len(where) > 1 else ""
        return ConfigError(self._path, self.line(where), name + reason)

    def value(self, table: Mapping[str, Any], above: TablePath, setting: str, kind: type, default: Any) -> Any:
        """Return a setting's value, checked for its type."""
        value = table.get(setting, default)
        if value is default or (isinstance(value, kind) and (kind is bool or not isinstance(value, bool))):
            return value
        raise self.fault((*above, setting), f"{setting} is {kind_of(value)}; it should be {kind_of(kind())}")

    def profile(self, name: str, table: Any) -> ProfileEntry:
        above: TablePath = ("profiles", name)
        if fault := name_fault(name):
            raise ConfigError(self._path, self.line(above), f"the name of a profile {fault}")
        if not isinstance(table, dict):
            raise ConfigError(self._path, self.line(above), f"profile {name} is {kind_of(table)}; it should be a table")
        for setting in table:
            if setting not in PROFILE_SETTINGS:
                hint = near_miss(setting, PROFILE_SETTINGS)
                raise self.fault((*above, setting), f'there is no setting "{setting}"{hint}')
        sources, lines = self._sources(above, table)
        return ProfileEntry(
            name=name,
            path=self._path,
            address=self._address(above, table),
            colony=self._colony(above, table),
            sources=sources,
            lines=lines,
            production=self.value(table, above, "production", bool, False),
            read_only=self.value(table, above, "read_only", bool, False),
        )

    def _required(self, above: TablePath, table: Mapping[str, Any], setting: str) -> str:
        text = self.value(table, above, setting, str, None)
        if text is None:
            raise self.fault(above, f"{setting} is missing")
        return str(text)

    def _address(self, above: TablePath, table: Mapping[str, Any]) -> ServerAddress:
        text = self._required(above, table, "url")
        if "@" in text:  # the words of the parser would repeat a password
            raise self.fault((*above, "url"), "url holds a name or a password; only scheme, host and port belong to it")
        try:
            address = ServerAddress.parse(text)
        except ValueError as error:
            raise self.fault((*above, "url"), f"url: {error}") from None
        insecure = self.value(table, above, "insecure", bool, False)
        ca_file = self._authorities(above, table)
        for setting, given in (("insecure", insecure), ("ca_file", bool(ca_file))):
            if given and not address.tls:
                raise self.fault((*above, setting), f"{setting} is about TLS, and url begins with http://")
        if insecure and ca_file:
            raise self.fault((*above, "insecure"), "insecure and ca_file are both given; keep one of them")
        return dataclasses.replace(address, ca_file=ca_file, insecure=insecure)

    def _authorities(self, above: TablePath, table: Mapping[str, Any]) -> str:
        """Return the file of authorities by its full path, empty for none; it is read once, to know that it can be."""
        text = self.value(table, above, "ca_file", str, "")
        if not text:
            return ""
        where = (*above, "ca_file")
        try:
            path = self._path.parent / Path(text).expanduser()
            ssl.create_default_context(cafile=str(path))
        except RuntimeError:  # "~name" of somebody unknown
            raise self.fault(where, "ca_file: there is no such home directory") from None
        except ssl.SSLError:
            raise self.fault(where, f"ca_file: {with_home(path)} holds no certificates (PEM)") from None
        except OSError as error:
            raise self.fault(where, f"ca_file: {with_home(path)} cannot be read: {reason_of(error)}") from None
        return str(path)

    def _colony(self, above: TablePath, table: Mapping[str, Any]) -> str:
        colony = self._required(above, table, "colony")
        if fault := name_fault(colony):
            raise self.fault((*above, "colony"), f"colony {fault}")
        return colony

    def _sources(
        self, above: TablePath, table: Mapping[str, Any]
    ) -> tuple[dict[KeySlot, KeySource], dict[KeySlot, int | None]]:
        sources: dict[KeySlot, KeySource] = {}
        lines: dict[KeySlot, int | None] = {}
        given: dict[KeySlot, str] = {}
        for setting, value in table.items():
            if setting not in KEY_SETTINGS:
                continue
            slot, form = KEY_SETTINGS[setting]
            if slot in given:
                raise self.fault((*above, setting), f"{given[slot]} and {setting} are both given; keep one of them")
            given[slot] = setting
            sources[slot] = self._source(above, setting, form, value)
            lines[slot] = self.line((*above, setting))
        return sources, lines

    def _source(self, above: TablePath, setting: str, form: str, value: Any) -> KeySource:
        where = (*above, setting)
        if form == "_command":
            words = value if isinstance(value, list) else []
            if not words or not all(isinstance(word, str) and word for word in words):
                raise self.fault(where, f'{setting} is a list of texts, such as ["pass", "show", "colonies/lab"]')
            return KeyCommand(tuple(words))
        if not isinstance(value, str):
            raise self.fault(where, f"{setting} is {kind_of(value)}; it should be a text")
        if not value.strip():
            raise self.fault(where, f"{setting} is empty; leave the line out instead")
        if form == "_keyring" and not all(value.partition("/")):
            raise self.fault(where, f'{setting} is a service and a name in it, such as "colonies/lab-owner"')
        makers: Mapping[str, Callable[[str], KeySource]] = {
            "": lambda text: InlineKey(PrivateKey(text)),
            "_file": lambda text: KeyFile(self._path.parent / Path(text).expanduser()),
            "_env": KeyVariable,
            "_encrypted": lambda text: EncryptedKeyFile(self._path.parent / Path(text).expanduser()),
            "_keyring": lambda text: KeyRingEntry(*text.split("/", 1)),
        }
        try:
            return makers[form](value)
        except BadKey as error:
            raise self.fault(where, f"{setting}: {error}") from None
        except RuntimeError:  # "~name" of somebody unknown
            raise self.fault(where, f"{setting}: there is no such home directory") from None
