"""What can be the name of a colony or a profile. Pure, and loaded without what reads files."""

from __future__ import annotations

import re
from typing import Final

_IDENTITY: Final = re.compile(r"[0-9a-fA-F]{64}\Z")


def name_fault(name: str) -> str | None:
    """Return what is wrong with the name of a colony or a profile, ``None`` when nothing is."""
    if not name.strip():
        return "is empty"
    if _IDENTITY.match(name):
        return "is 64 hexadecimal characters, which is a key or an identity and not a name"
    if not name.isprintable():
        return "has characters that cannot be printed"
    return None
