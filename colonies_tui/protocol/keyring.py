"""The keys of one operator at one server, and which of them signs what."""

from __future__ import annotations

from dataclasses import dataclass

from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import KeyMissing
from colonies_tui.protocol.roles import KeySlot, Role


@dataclass(frozen=True, slots=True)
class Keyring:
    """Up to three keys: a member's (user or executor), the colony owner's, the server owner's."""

    member: PrivateKey | None = None
    colony: PrivateKey | None = None
    server: PrivateKey | None = None

    def in_slot(self, slot: KeySlot) -> PrivateKey | None:
        """Return the key in a slot."""
        return {KeySlot.MEMBER: self.member, KeySlot.COLONY: self.colony, KeySlot.SERVER: self.server}[slot]

    def key_for(self, role: Role) -> PrivateKey | None:
        """Return the key that signs for a role; ``None`` only where nothing is signed.

        Raises:
            KeyMissing: no slot that could hold this role has a key.
        """
        if role is Role.NOBODY:
            return None
        for slot in role.slots:
            key = self.in_slot(slot)
            if key is not None:
                return key
        raise KeyMissing(role.slots[0].holder)

    def slot_for(self, role: Role) -> str:
        """Return the name of the slot whose key signs for a role; empty when none does."""
        return next((slot.value for slot in role.slots if self.in_slot(slot) is not None), "")

    def missing(self, role: Role) -> str | None:
        """Return whose key is missing for a role in words (``"colony owner"``), ``None`` when one is there."""
        try:
            self.key_for(role)
        except KeyMissing as error:
            return error.holder
        return None
