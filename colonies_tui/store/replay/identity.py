"""Identities from a recording, in the places where keys were."""

from __future__ import annotations

from collections.abc import Mapping

from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import KeyMissing
from colonies_tui.protocol.keyring import Keyring


class IdentityAlone(PrivateKey):
    """Stands where a key was: who would sign is known, the key is not. It signs nothing."""

    __slots__ = ()

    def __init__(self, identity: str) -> None:
        self.identity = identity

    def sign(self, text: str) -> str:
        """Refuse.

        Raises:
            KeyMissing: always.
        """
        raise KeyMissing("recording console")

    def struck_out(self, text: str, mark: str) -> str:
        """Return the text as it is: a key that is not here stands in none."""
        return text

    def reveal(self) -> str:
        """Refuse, as :meth:`sign`."""
        raise KeyMissing("recording console")


def keyring_of(identities: Mapping[str, str]) -> Keyring:
    """Return a keyring that knows the same identities in the same slots, and no key."""

    def held(slot: str) -> PrivateKey | None:
        identity = identities.get(slot)
        return None if identity is None else IdentityAlone(identity)

    return Keyring(member=held("member"), colony=held("colony"), server=held("server"))
