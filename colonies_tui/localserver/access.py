"""Who may send what: the roles exactly as a real server tests them (§ Roles)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from colonies_tui.localserver.database import Database
from colonies_tui.localserver.records.executor import ExecutorRecord, executor_by_id
from colonies_tui.localserver.refusal import AccessDenied, Refusal
from colonies_tui.protocol.roles import Role

_ANY_STATE: Final = frozenset({Role.REGISTERED, Role.REGISTERED_EXECUTOR, Role.USER})
"""Roles for which an executor passes in any state."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request, as far as the role test had to find out."""

    identity: str
    name: str = ""
    """Name of the member."""
    executor: ExecutorRecord | None = None
    """The registration, where the caller passed as an executor."""


class Access:
    """The role test."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def server_id(self) -> str:
        """Identity of the server owner."""
        row = self._database.one("SELECT value FROM server WHERE key = 'serverid'")
        return str(row[0]) if row else ""

    def require(self, role: Role, colonyname: str, identity: str, *, unknown_colony_status: int = 403) -> Caller:
        """Return the caller when it has the role in the colony.

        A user passes for the roles of executors, and the other way round: a real server finds out later that the
        caller is not what the message needs, and says so in the words of the handler.

        Raises:
            Refusal: it has not, or there is no such colony.
        """
        if role in (Role.NOBODY, Role.ANYBODY):
            return Caller(identity)
        if role is Role.SERVER_OWNER:
            if identity != self.server_id:
                raise AccessDenied(403, "Access denied, not server owner")
            return Caller(identity)
        owner = self._owner_of(colonyname, role, unknown_colony_status)
        if role is Role.COLONY_OWNER:
            if identity != owner:
                raise AccessDenied(403, "Access denied, not colony owner")
            return Caller(identity)
        if role is Role.MEMBER_OR_OWNER and identity == owner:
            return Caller(identity)
        member = self.member(colonyname, identity, any_state=role in _ANY_STATE)
        if member is None and role is Role.MEMBER_OR_OWNER:
            raise AccessDenied(403, "Access denied, not colony owner")
        if member is None:
            raise AccessDenied(403, f"Access denied, not a member of Colony with name <{colonyname}>")
        return member

    def member(self, colonyname: str, identity: str, *, any_state: bool = False) -> Caller | None:
        """Return the caller as a member of a colony: an approved executor (or in any state), or a user."""
        executor = executor_by_id(self._database, identity)
        if executor is not None and executor.colonyname == colonyname and (any_state or executor.is_approved):
            return Caller(identity, executor.name, executor)
        user = self._database.one(
            "SELECT name FROM users WHERE colonyname = ? AND userid = ? ORDER BY rowid LIMIT 1", (colonyname, identity)
        )
        return None if user is None else Caller(identity, user[0])

    def colonies_of(self, identity: str) -> frozenset[str]:
        """Return the names of the colonies of which a key is a member."""
        names = {name for (name,) in self._database.all("SELECT name FROM colonies")}
        return frozenset(name for name in names if self.member(name, identity) is not None)

    def _owner_of(self, colonyname: str, role: Role, unknown_colony_status: int) -> str:
        row = self._database.one("SELECT colonyid FROM colonies WHERE name = ?", (colonyname,))
        if row is not None:
            return str(row[0])
        if not colonyname and role is Role.COLONY_OWNER:
            raise AccessDenied(403, "Empty Colony name")
        words = f"Colony with name <{colonyname}> does not exists"
        if unknown_colony_status == 403:
            raise AccessDenied(403, words)
        raise Refusal(unknown_colony_status, words)
