"""Identifiers (64 hexadecimal characters) in shapes that a person can hold."""

from __future__ import annotations

from typing import Final

SHORT: Final = 8
"""Characters of an identifier that lists show."""


def short_id(identifier: str) -> str:
    """Return the first 8 characters."""
    return identifier[:SHORT]


def evidence_id(identifier: str) -> str:
    """Return the ends of an identifier in groups of four, to compare by eye: ``7c1e 55aa … 09f3``.

    Up to 12 characters the whole is shown, since nothing would be gained by leaving some out.
    """
    if len(identifier) <= 12:
        return identifier
    return f"{identifier[:4]} {identifier[4:8]} … {identifier[-4:]}"
