"""Checks that several handlers make on what they are about to store."""

from __future__ import annotations

from colonies_tui.localserver.refusal import Refusal
from colonies_tui.localserver.server import LocalServer


def check_id_length(identity: str, words: str) -> None:
    """Refuse what cannot be an identity.

    Raises:
        Refusal: with the given words.
    """
    if len(identity) != 64:
        raise Refusal(400, words)


def check_stored_name(server: LocalServer, name: str, what: str) -> None:
    """Refuse a name with a colon; a real server stores it and can never read that list again.

    Raises:
        Refusal: says so.
    """
    if ":" in name and not server.settings.real_quirks:
        raise Refusal(400, f"Failed to add {what}, a name must not hold a colon")
