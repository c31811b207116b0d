"""Identifiers in shapes that a person can hold: 64 hexadecimal characters, or what a server says instead; cleaned."""

from __future__ import annotations

from typing import Final

from colonies_tui.protocol.plaintext import plain

SHORT: Final = 8
"""Characters of an identifier that lists show."""


def short_id(identifier: str) -> str:
    """Return the first 8 characters."""
    return plain(identifier[:SHORT])


def evidence_id(identifier: str) -> str:
    """Return the ends of an identifier in groups of four, to compare by eye: ``7c1e 55aa … 09f3``.

    Up to 12 characters the whole is shown, since nothing would be gained by leaving some out.
    """
    if len(identifier) <= 12:
        return plain(identifier)
    return plain(f"{identifier[:4]} {identifier[4:8]} … {identifier[-4:]}")
