"""Checks of the keys: which one has which role in this colony, and what a profile cannot do without the others.

Nothing is changed. Reading tells almost everything: a member reads its own user or its own registration, a server owner
reads the list of colonies, and both of them read whose identity owns the colony.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from colonies_tui.cli.checks.finding import Finding, bad, good, neutral
from colonies_tui.client.client import ColoniesClient
from colonies_tui.config.profile import Profile
from colonies_tui.protocol.crypto import PrivateKey, random_id
from colonies_tui.protocol.errors import ColoniesError, NotAllowed, NotFound, Refused
from colonies_tui.protocol.messages.colony import GetColonies, GetColony, GetPauseStatus, GetUserById, RemoveUser
from colonies_tui.protocol.messages.executor import GetExecutors
from colonies_tui.protocol.models.colony import User
from colonies_tui.protocol.models.executor import Executor
from colonies_tui.protocol.roles import KeySlot
from colonies_tui.protocol.states import ExecutorState

CANNOT = {
    KeySlot.MEMBER: "see anything of the colony, submit or cancel work",
    KeySlot.COLONY: "approve, reject or remove executors, add or remove users, pause the colony, remove all processes",
    KeySlot.SERVER: "list, add or remove colonies, see the cluster and the server's statistics",
}
"""What needs the key of each slot."""

_NAMES = {KeySlot.MEMBER: "member key", KeySlot.COLONY: "colony owner's key", KeySlot.SERVER: "server owner's key"}
_VARIABLES = {
    KeySlot.MEMBER: "COLONIES_PRVKEY",
    KeySlot.COLONY: "COLONIES_COLONY_PRVKEY",
    KeySlot.SERVER: "COLONIES_SERVER_PRVKEY",
}
_UNKNOWN_COLONY = "does not exist"


def short(key: PrivateKey) -> str:
    """Return the first 8 characters of a key's identity."""
    return key.identity[:8]


@dataclass(slots=True)
class KeyChecks:
    """The checks of one profile's colony and keys."""

    profile: Profile
    client: ColoniesClient
    _colonies: tuple[str, ...] | None = None
    """Names of all colonies, where the server owner's key could read them."""
    _colony_known: bool = True
    _owners: dict[str, str] = field(default_factory=dict)
    """Identity that owns a colony, by the colony's name, as far as some key could read it."""

    async def run(self) -> AsyncIterator[Finding]:
        """Yield the findings: the colony, then each key."""
        keys = self.profile.keys
        server = await self._server_key()
        yield await self._colony()
        for slot, check in ((KeySlot.MEMBER, self._member_key), (KeySlot.COLONY, self._colony_key)):
            key = keys.in_slot(slot)
            if key is None:
                yield self._missing(slot)
            elif not self._colony_known:
                yield neutral(_NAMES[slot], f"{short(key)}: not checked, since the colony is not known")
            else:
                yield await check(key)
        yield server

    def _missing(self, slot: KeySlot) -> Finding:
        return neutral(_NAMES[slot], f"none: this profile cannot {CANNOT[slot]}", f"give it as {self._setting(slot)}")

    def _setting(self, slot: KeySlot) -> str:
        return _VARIABLES[slot] if self.profile.file is None else f"{slot.value}_key in {self.profile.file.name}"

    async def _colony(self) -> Finding:
        colony = self.profile.colony
        keys = self.profile.keys
        # A server knows or does not know a colony before it looks at who asks, so any signature will do.
        key = keys.member or keys.colony or keys.server or PrivateKey.new()
        try:
            status = await self.client.send(GetPauseStatus(colonyname=colony), key=key)
        except Refused as error:
            if _UNKNOWN_COLONY in error.message:
                self._colony_known = False
                others = f"; it has: {', '.join(self._colonies)}" if self._colonies else ""
                where = "COLONIES_COLONY_NAME" if self.profile.file is None else "colony in keys.toml"
                return bad("colony", f"the server knows no colony {colony}{others}", f"check {where}")
            if isinstance(error, NotAllowed):
                return good("colony", f"{colony} is known to the server")
            return bad("colony", f"{colony}: {error}")
        except ColoniesError as error:
            return bad("colony", f"{colony}: {error}")
        if status.ispaused:
            return neutral("colony", f"{colony} is paused: no work is handed out until somebody resumes it")
        return good("colony", f"{colony} is known to the server, and hands out work")

    async def _member_key(self, key: PrivateKey) -> Finding:
        what = _NAMES[KeySlot.MEMBER]
        try:
            member = await self._membership(key)
        except NotAllowed:
            return await self._misfit(KeySlot.MEMBER, key, f"not a member of {self.profile.colony}")
        except ColoniesError as error:
            return bad(what, f"{short(key)}: {error}")
        if isinstance(member, User):
            return good(what, f"{short(key)} is the user {member.name}")
        if member is None:
            return neutral(what, f"{short(key)} is a member of {self.profile.colony}, as whom is not known")
        name = f"{short(key)} is the executor {member.executorname}"
        if member.state is ExecutorState.APPROVED:
            await self._learn_owner(key)
            return good(what, f"{name}, approved")
        advice = "approve it with the colony owner's key, or use the key of a user"
        return bad(what, f"{name}, {member.state.name.lower()}: it cannot {CANNOT[KeySlot.MEMBER]}", advice)

    async def _membership(self, key: PrivateKey) -> User | Executor | None:
        """Return who this key is in the colony; ``None`` for a member of neither list.

        Raises:
            NotAllowed: it is no member.
            ColoniesError: the server did not answer.
        """
        colony = self.profile.colony
        try:
            user = await self.client.send(GetUserById(colonyname=colony, userid=key.identity), key=key)
        except NotFound:
            executors = await self.client.send(GetExecutors(colonyname=colony), key=key)
            own = [executor for executor in executors if executor.executorid == key.identity]
            return min(own, key=lambda executor: executor.state is not ExecutorState.APPROVED, default=None)
        await self._learn_owner(key)
        return user

    async def _learn_owner(self, key: PrivateKey) -> None:
        colony = self.profile.colony
        if colony not in self._owners:
            answer = await self.client.send(GetColony(colonyname=colony), key=key)
            self._owners[colony] = answer.colonyid

    async def _colony_key(self, key: PrivateKey) -> Finding:
        what = _NAMES[KeySlot.COLONY]
        try:
            owns = await self._owns_colony(key)
        except ColoniesError as error:
            return bad(what, f"{short(key)}: {error}")
        if owns:
            return good(what, f"{short(key)} owns {self.profile.colony}")
        return await self._misfit(KeySlot.COLONY, key, f"not the owner of {self.profile.colony}")

    async def _owns_colony(self, key: PrivateKey) -> bool:
        """Tell whether a key owns the colony, by comparing where any key could read the owner, else by a harmless try.

        The try is the removal of a user whose name is 64 random characters. A server tests the owner first (403) and
        looks for the user second (400, with that name), so nothing can come of it; that the refusal must hold the name
        makes sure that it is the second test which spoke. The messages about executors will not do: they look for the
        executor before they look at who asks.

        Raises:
            ColoniesError: the server did not answer, or with something else.
        """
        colony, nobody = self.profile.colony, random_id()
        if colony in self._owners:
            return self._owners[colony] == key.identity
        try:
            await self.client.send(RemoveUser(colonyname=colony, name=nobody), key=key)
        except NotAllowed:
            return False
        except Refused as error:
            if nobody in error.message:
                return True
            raise
        return True

    async def _server_key(self) -> Finding:
        key = self.profile.keys.server
        if key is None:
            return self._missing(KeySlot.SERVER)
        what = _NAMES[KeySlot.SERVER]
        try:
            colonies = await self.client.send(GetColonies(), key=key)
        except NotAllowed:
            return await self._misfit(KeySlot.SERVER, key, "not the server owner")
        except ColoniesError as error:
            return bad(what, f"{short(key)}: {error}")
        self._colonies = tuple(colony.name for colony in colonies)
        self._owners |= {colony.name: colony.colonyid for colony in colonies}
        count = "1 colony" if len(colonies) == 1 else f"{len(colonies)} colonies"
        return good(what, f"{short(key)} owns the server, which has {count}")

    async def _misfit(self, slot: KeySlot, key: PrivateKey, is_not: str) -> Finding:
        """Return the finding for a key that lacks the role of its slot, with the role that it has instead, if any."""
        words = f"not allowed with this key: {short(key)} is {is_not}, so this profile cannot {CANNOT[slot]}"
        try:
            instead = await self._other_slot(slot, key)
        except ColoniesError:
            instead = None
        if instead is None:
            advice = f"{self._setting(slot)}: use another key, or have this identity added: {key.identity}"
        else:
            advice = f"this is the {_NAMES[instead]}: give it as {self._setting(instead)}"
        return bad(_NAMES[slot], words, advice)

    async def _other_slot(self, slot: KeySlot, key: PrivateKey) -> KeySlot | None:
        if slot is not KeySlot.SERVER:
            try:
                await self.client.send(GetColonies(), key=key)
            except NotAllowed:
                pass
            else:
                return KeySlot.SERVER
        if slot is not KeySlot.COLONY and self._colony_known and await self._owns_colony(key):
            return KeySlot.COLONY
        if slot is not KeySlot.MEMBER:
            try:
                await self._membership(key)
            except NotAllowed:
                return None
            return KeySlot.MEMBER
        return None
