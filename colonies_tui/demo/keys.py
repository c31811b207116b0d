"""The keys of everybody in the demo, kept beside the server's data so that they survive a restart."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from colonies_tui.demo.cast import CAST, USERS
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import BadKey
from colonies_tui.protocol.keyring import Keyring

KEYS_FILE: Final = "demo-keys.json"

OPERATOR: Final = "operator"
"""The user in front of the console."""

_SERVER: Final = "server owner"
_COLONY: Final = "colony owner"


class KeysDamaged(ValueError):
    """The file of keys cannot be read; the message never holds what is in it."""


@dataclass(frozen=True, slots=True)
class DemoKeys:
    """Every key of the demo."""

    server: PrivateKey
    colony: PrivateKey
    operator: PrivateKey
    members: Mapping[str, PrivateKey]
    """The keys of executors and submitting users, by name."""

    @property
    def keyring(self) -> Keyring:
        """What the operator holds: a user's key and both owners'."""
        return Keyring(member=self.operator, colony=self.colony, server=self.server)


def open_keys(directory: Path) -> DemoKeys:
    """Return the keys kept in a directory; missing ones are made and written there, readable by their owner only.

    Raises:
        KeysDamaged: the file is not what was written.
        OSError: it cannot be read or written.
    """
    path = directory / KEYS_FILE
    try:
        known = {name: PrivateKey(text) for name, text in json.loads(path.read_text(encoding="utf-8")).items()}
    except FileNotFoundError:
        known = {}
    except (BadKey, ValueError, TypeError, AttributeError):
        raise KeysDamaged(f"{path} is damaged") from None
    members = (*USERS, *(member.name for member in CAST))
    keys = {name: known.get(name) or PrivateKey.new() for name in (_SERVER, _COLONY, OPERATOR, *members)}
    if keys.keys() - known.keys():
        _write(path, {name: key.reveal() for name, key in {**known, **keys}.items()})
    return DemoKeys(keys[_SERVER], keys[_COLONY], keys[OPERATOR], {name: keys[name] for name in members})


def _write(path: Path, content: Mapping[str, str]) -> None:
    partial = path.with_suffix(".new")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        json.dump(content, stream, indent=1)
    partial.replace(path)
