"""Who may send what: the role that each message declares, and the key that signs it (§ Roles).

Membership means an approved executor or a user; the colony owner is *not* a member.
"""

from __future__ import annotations

from enum import Enum


class KeySlot(Enum):
    """The three places for a key in a profile."""

    MEMBER = "member"
    COLONY = "colony"
    SERVER = "server"

    @property
    def holder(self) -> str:
        """Words for who holds such a key."""
        return {"member": "member", "colony": "colony owner", "server": "server owner"}[self.value]


class Role(Enum):
    """The test that a server makes on the caller before it carries a message out."""

    NOBODY = "nobody"
    """Unsigned: anybody."""

    ANYBODY = "anybody"
    """Any valid signature; no membership test."""

    SERVER_OWNER = "server owner"
    COLONY_OWNER = "colony owner"

    MEMBER = "member"
    """An approved executor or a user of the colony."""

    REGISTERED = "registered"
    """An executor in any state, or a user of the colony."""

    EXECUTOR = "executor"
    """An approved executor of the colony."""

    REGISTERED_EXECUTOR = "registered executor"
    """An executor of the colony in any state."""

    USER = "user"

    MEMBER_OR_OWNER = "member or colony owner"
    """A member, or the colony owner (blueprints only)."""

    @property
    def slots(self) -> tuple[KeySlot, ...]:
        """The key slots that can hold this role, the usual one first; empty when nothing is signed."""
        if self is Role.NOBODY:
            return ()
        if self is Role.SERVER_OWNER:
            return (KeySlot.SERVER,)
        if self is Role.COLONY_OWNER:
            return (KeySlot.COLONY,)
        if self is Role.MEMBER_OR_OWNER:
            return (KeySlot.MEMBER, KeySlot.COLONY)
        if self is Role.ANYBODY:
            return (KeySlot.MEMBER, KeySlot.COLONY, KeySlot.SERVER)
        return (KeySlot.MEMBER,)
