"""How the demo's users and executors come into the colony, with the colony owner's key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from colonies_tui.client.client import ColoniesClient
from colonies_tui.demo.cast import COLONY, Member
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.models.colony import User
from colonies_tui.protocol.models.executor import Executor
from colonies_tui.protocol.states import ExecutorState


async def enrol_users(owner: ColoniesClient, names: Sequence[str], keys: Mapping[str, PrivateKey]) -> None:
    """Add the users that the colony does not have yet.

    Raises:
        ColoniesError: the server refused or was not reached.
    """
    present = {user.name for user in await owner.get_users(colonyname=COLONY)}
    for name in names:
        if name not in present:
            user = User(colonyname=COLONY, userid=keys[name].identity, name=name, email=f"{name}@localhost")
            await owner.add_user(user=user)


async def enrol_executors(
    owner: ColoniesClient, members: Sequence[Member], keys: Mapping[str, PrivateKey], directory: Path
) -> None:
    """Register the executors that the colony does not have, and approve those that need no operator.

    What an operator decided in an earlier run on the same data is left as it is; an executor that was unregistered
    because the demo was away registers again.

    Raises:
        ColoniesError: the server refused or was not reached.
    """
    present = {executor.executorname: executor.state for executor in await owner.get_executors(colonyname=COLONY)}
    for member in members:
        if present.get(member.name, ExecutorState.UNREGISTERED) is not ExecutorState.UNREGISTERED:
            continue
        await owner.add_executor(
            executor=Executor(
                executorid=keys[member.name].identity,
                executorname=member.name,
                executortype=member.executortype,
                colonyname=COLONY,
                locationname=member.location,
                capabilities=member.capabilities(directory),
            )
        )
        if member.approved:
            await owner.approve_executor(colonyname=COLONY, executorname=member.name)
