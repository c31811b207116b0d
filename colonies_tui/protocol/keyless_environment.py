"""The environment for a program that is started: without private keys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_LIKE_A_KEY: Final = re.compile(r"(?<![0-9a-fA-F])[0-9a-fA-F]{64}(?![0-9a-fA-F])")


def without_keys(env: Mapping[str, str]) -> dict[str, str]:
    """Return the variables in which no private key stands, nor may stand.

    Left out are the variables that the official client made for keys, and every one whose value has a key's form:
    profiles may take a key from a variable of any name.
    """
    return {
        name: value
        for name, value in env.items()
        if not name.upper().endswith("PRVKEY") and not _LIKE_A_KEY.search(value)
    }
