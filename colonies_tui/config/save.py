"""Write a profile into ``keys.toml`` and leave everything else in it as it is, comments and order included."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from colonies_tui.config.errors import ConfigError
from colonies_tui.config.key_source import EncryptedKeyFile, InlineKey, KeyCommand, KeyFile, KeyRingEntry, KeySource
from colonies_tui.config.keys_file import PROFILE_SETTINGS
from colonies_tui.config.names import name_fault
from colonies_tui.config.private_file import read_private_file, write_private_file
from colonies_tui.config.toml_text import Statement, parse_toml, split_lines, split_statements, toml_key, toml_value
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.roles import KeySlot

_NEW_FILE = "# Profiles of colonies-tui. This file holds keys: keep it readable by yourself alone (mode 600).\n"


def save_profile(
    path: Path,
    name: str,
    *,
    address: ServerAddress,
    colony: str,
    keys: Mapping[KeySlot, KeySource],
    production: bool = False,
    read_only: bool = False,
    make_default: bool = False,
) -> None:
    """Add a profile to a file, or replace the one of that name; the file is made where it is missing.

    The write is one step, with mode 0600 in a directory of mode 0700. The first profile of a file becomes its default.

    Raises:
        ConfigError: the file cannot be read or written, is not valid now, or is written in a way that this cannot edit
            without touching more than the one table. The file is unchanged then.
    """
    for what, text in (("the name of a profile", name), ("colony", colony)):
        if fault := name_fault(text):
            raise ConfigError(path, None, f"{what} {fault}")
    settings: dict[str, Any] = {"url": address.http_url, "colony": colony}
    for slot, source in keys.items():
        settings.update(_key_setting(slot, source))
    settings |= {flag: True for flag, on in (("production", production), ("read_only", read_only)) if on}
    settings = {setting: settings[setting] for setting in PROFILE_SETTINGS if setting in settings}

    content = read_private_file(path) if path.exists() else _NEW_FILE.encode()
    before = parse_toml(path, content)
    text = content.decode("utf-8")
    wanted = {**before, "profiles": {**before.get("profiles", {}), name: settings}}
    if make_default or (not before.get("profiles") and "default" not in before):
        text = _with_setting(text, "default", name)
        wanted["default"] = name
    text = _with_table(text, ("profiles", name), settings)
    if not _says(text, wanted):
        raise ConfigError(
            path, None, f"the profile {name} cannot be written without touching the rest of the file; edit it by hand"
        )
    write_private_file(path, text.encode())


def _says(text: str, wanted: Mapping[str, Any]) -> bool:
    try:
        return tomllib.loads(text) == wanted
    except tomllib.TOMLDecodeError:
        return False


def _key_setting(slot: KeySlot, source: KeySource) -> dict[str, Any]:
    setting = f"{slot.value}_key"
    if isinstance(source, InlineKey):
        return {setting: source.key.reveal()}
    if isinstance(source, KeyFile):
        return {f"{setting}_file": str(source.path)}
    if isinstance(source, KeyCommand):
        return {f"{setting}_command": list(source.arguments)}
    if isinstance(source, EncryptedKeyFile):
        return {f"{setting}_encrypted": str(source.path)}
    if isinstance(source, KeyRingEntry):
        return {f"{setting}_keyring": f"{source.service}/{source.user}"}
    return {f"{setting}_env": source.name}


def _with_table(text: str, table: tuple[str, str], settings: Mapping[str, Any]) -> str:
    """Return ``text`` with the table's settings replaced line by line, or with the table added at the end."""
    lines = split_lines(text)
    statements = split_statements(text)
    own = [statement for statement in statements if statement.table == table]
    if not own:
        if lines and not lines[-1].endswith("\n"):
            lines[-1] += "\n"
        gap = "\n" if lines and lines[-1].strip() else ""
        header = f"[{'.'.join(map(toml_key, table))}]\n"
        return "".join(lines) + gap + header + "".join(_line(*setting) for setting in settings.items())
    missing = dict(settings)
    last_said = own[0]
    for statement in own:
        if statement.is_blank:
            continue
        last_said = statement
        if not statement.is_header:
            _replace_setting(lines, statement, missing)
    if lines[last_said.last] and not lines[last_said.last].endswith("\n"):
        lines[last_said.last] += "\n"
    lines[last_said.last] += "".join(_line(*setting) for setting in missing.items())
    return "".join(lines)


def _replace_setting(lines: list[str], statement: Statement, missing: dict[str, Any]) -> None:
    """Make one setting's lines say what is wanted, and strike it from what is missing; an unwanted one goes."""
    ((setting, value),) = statement.values.items()
    if setting in missing and missing[setting] == value:
        del missing[setting]
        return
    lines[statement.first] = _line(setting, missing.pop(setting)) if setting in missing else ""
    for index in range(statement.first + 1, statement.last + 1):
        lines[index] = ""


def _with_setting(text: str, setting: str, value: str) -> str:
    """Return ``text`` with a setting at its top, above the first table."""
    lines = split_lines(text)
    statements = split_statements(text)
    for statement in statements:
        if not statement.table and setting in statement.values:
            _replace_setting(lines, statement, {setting: value})
            return "".join(lines)
    at = next((statement.first for statement in statements if not statement.is_blank), len(lines))
    above, below = "".join(lines[:at]), "".join(lines[at:])
    return f"{above}{_line(setting, value)}\n{below}"


def _line(setting: str, value: Any) -> str:
    return f"{toml_key(setting)} = {toml_value(value)}\n"
