"""A profile: one server, one colony, and the keys of one operator there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.keyring import Keyring


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything a connection needs, keys fetched. ``repr`` shows identities, never a key."""

    name: str
    address: ServerAddress
    colony: str
    keys: Keyring
    production: bool = False
    """Whether this is a place where mistakes are dear: the console says so all the time and asks more."""
    read_only: bool = False
    """Whether nothing may be changed, whatever the keys could do."""
    source: str = ""
    """Where it comes from and why it was chosen, in words."""
    file: Path | None = None
    """The file it stands in; ``None`` for one from environment variables."""
