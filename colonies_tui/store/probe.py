"""A quick look at whether a server, a colony and keys fit together, for a form that is being filled in."""

from __future__ import annotations

from dataclasses import dataclass

from colonies_tui.client.client import ColoniesClient
from colonies_tui.client.time_limits import TimeLimits
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.errors import ColoniesError, NotAllowed, Refused
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.messages.colony import GetColonies, GetColony, GetVersion

_LIMITS = TimeLimits(connect=2.0, read=4.0, write=4.0, pool=2.0)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: whether it fits (``None``: not looked at), and what to say about it."""

    what: str
    fits: bool | None
    words: str


async def probe(address: ServerAddress, colony: str, keys: Keyring) -> list[Finding]:
    """Ask a server what a profile could do there. Sends only reads; raises nothing of the error tree."""
    async with ColoniesClient(address, keys, limits=_LIMITS) as client:
        try:
            version = await client.send(GetVersion())
        except ColoniesError as error:
            return [Finding("server", False, str(error))]
        findings = [Finding("server", True, f"answers, version {version.buildversion or 'unknown'}")]
        findings.append(await _member(client, colony))
        if keys.server is not None:
            findings.append(await _server_owner(client, colony))
        if keys.colony is not None:
            findings.append(await _colony_owner(client, colony))
        return findings


async def _member(client: ColoniesClient, colony: str) -> Finding:
    if not colony:
        return Finding("colony", None, "its name is missing")
    if client.keys.member is None:
        return Finding("member key", None, "without one nothing can be read: the colony owner is not a member")
    try:
        await client.send(GetColony(colonyname=colony))
    except NotAllowed:
        return Finding("member key", False, f"is no user or approved executor of {colony}, or there is no such colony")
    except Refused as error:
        return Finding("colony", False, error.message)
    except ColoniesError as error:
        return Finding("member key", False, str(error))
    return Finding("member key", True, f"may read colony {colony}")


async def _server_owner(client: ColoniesClient, colony: str) -> Finding:
    try:
        rows = await client.send(GetColonies())
    except NotAllowed:
        return Finding("server key", False, "is not the server owner's")
    except ColoniesError as error:
        return Finding("server key", False, str(error))
    known = any(row.name == colony for row in rows)
    return Finding("server key", True, f"owns the server; colony {colony} {'is' if known else 'is not'} there")


async def _colony_owner(client: ColoniesClient, colony: str) -> Finding:
    """Compare the colony's recorded owner with the key, where a member may read it."""
    key = client.keys.colony
    try:
        row = await client.send(GetColony(colonyname=colony))
    except ColoniesError:
        return Finding("colony key", None, "can only be checked with a member key")
    if key is not None and row.colonyid == key.identity:
        return Finding("colony key", True, f"owns colony {colony}")
    return Finding("colony key", False, f"is not the owner of colony {colony}")
