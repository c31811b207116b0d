"""Cpu and memory texts of conditions and assign requests, as a real server reads and writes them (§ FunctionSpec)."""

from __future__ import annotations

import re
from typing import Final

MEBIBYTE: Final = 1024 * 1024

_SIZE: Final = re.compile(r"(\d+)([A-Za-z]+)\Z")
_BYTES: Final = {
    "K": 1000,
    "Ki": 1024,
    "KiB": 1024,
    "M": 1000**2,
    "Mi": 1024**2,
    "MiB": 1024**2,
    "G": 1000**3,
    "Gi": 1024**3,
    "GiB": 1024**3,
    "TiB": 1024**4,
}


def millicores(text: str) -> int:
    """Read a cpu text; without the suffix ``m`` it counts as 0.

    Raises:
        ValueError: it ends in ``m`` but the rest is no number.
    """
    if not text.endswith("m"):
        return 0
    if not text[:-1].isdecimal():
        raise ValueError(f"cpu is a number of millicores such as 1000m, not {text!r}")
    return int(text[:-1])


def mebibytes(text: str) -> int:
    """Read a memory or storage text; empty is 0, parts of a mebibyte are dropped.

    Raises:
        ValueError: not a number with a unit.
    """
    if not text:
        return 0
    match = _SIZE.match(text)
    if match is None or match[2] not in _BYTES:
        raise ValueError(f"a size is a number with one of the units Ki Mi Gi K M G, such as 500Mi, not {text!r}")
    return int(match[1]) * _BYTES[match[2]] // MEBIBYTE
