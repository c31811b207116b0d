"""Colonies: what a profile may see of the server, its users, and going from one colony to another."""

from __future__ import annotations

from pathlib import Path

from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.messages.colony import AddUser
from colonies_tui.protocol.messages.executor import AddExecutor
from colonies_tui.protocol.models.colony import Colony as ColonyModel
from colonies_tui.protocol.models.colony import User
from colonies_tui.protocol.models.executor import Executor
from colonies_tui.protocol.models.process import Conditions, FunctionSpec
from tests.ui.console.colony import Colony
from tests.ui.console.driver import SMALL, console, profile_of


async def second_colony(colony: Colony) -> PrivateKey:
    """Add a colony that the operator is a user of, too; return its owner's key."""
    owner = PrivateKey.new()
    operator = colony.operator
    await operator.add_colony(colony=ColonyModel(colonyid=owner.identity, name="lab"))
    member = colony.keys.member
    assert member is not None
    user = User(colonyname="lab", userid=member.identity, name="operator", email="op@example.org", phone="12 34")
    await operator.send(AddUser(user=user), key=owner)
    return owner


async def test_with_the_server_key_all_colonies_are_listed_and_one_can_go_there(colony: Colony, tmp_path: Path) -> None:
    await second_colony(colony)
    await colony.submit_many(3)
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("colonies")
        await c.until_shows("Colonies · 2", "lab")
        assert list(c.colonies.table.visible_ids()) == ["dev", "lab"]
        await c.until(lambda: c.line("●  dev ").split()[:4] == ["▌", "●", "dev", "3"])
        assert c.shows("Users of dev · 1", "operator")
        before = c.session
        assert c.colonies.table.move_to("lab")
        await c.press("enter")
        await c.until(lambda: c.session is not before)
        await c.until_known()
        assert "test · lab" in c.lines[0]
        assert before.client._closed, "nothing of the colony that was left goes on"
        await c.go("processes")
        await c.until_shows("No processes")
        await c.go("colonies")
        await c.until_shows("Users of lab · 1", "op@example.org")
        assert len(c.sessions) == 2
        assert len(c.app.screen_stack) == 1, "the screen that was left is gone"


async def test_without_the_server_key_only_the_own_colony_is_there_and_it_says_so(
    colony: Colony, tmp_path: Path
) -> None:
    await second_colony(colony)
    keys = Keyring(member=colony.keys.member, colony=colony.keys.colony)
    async with console(profile_of(colony, keys=keys), tmp_path) as c:
        await c.until_known()
        await c.go("colonies")
        await c.until_shows("Colonies · 1", "all of the server need the server owner's key", "Users of dev · 1")
        assert list(c.colonies.table.visible_ids()) == ["dev"]
        await c.press("enter")
        assert len(c.sessions) == 1, "one is there already"


async def test_all_colonies_are_a_live_board_that_tells_forbidden_from_nothing(colony: Colony, tmp_path: Path) -> None:
    lab = await second_colony(colony)
    closed = PrivateKey.new()
    await colony.operator.add_colony(colony=ColonyModel(colonyid=closed.identity, name="closed"))
    newcomer = PrivateKey.new()
    executor = Executor(executorid=newcomer.identity, executortype="gpu", executorname="gpu-1", colonyname="lab")
    await colony.operator.send(AddExecutor(executor=executor), key=lab)
    await colony.submit_many(3)
    async with console(profile_of(colony), tmp_path, size=SMALL) as c:
        await c.until_known()
        await c.go("colonies")
        await c.until_shows("Colonies · 3", "not allowed")
        await c.until(lambda: c.line(" lab ").split()[1:] == ["0", "0", "0", "1"])
        await c.until(lambda: c.line("●  dev ").split()[2:] == ["3", "0", "0", "0"])
        assert c.line(" closed ").split()[2:] == ["–", "–", "–", "–", "not", "allowed"]
        assert c.shows("◌ 3 waiting  ▶ 0 running  ✖ 0 failed  ◌ 1 pending")
        spec = FunctionSpec(funcname="x", conditions=Conditions(colonyname="lab", executortype="gpu"))
        await colony.operator.submit_process(spec=spec)
        await c.until(lambda: c.line(" lab ").split()[1:2] == ["1"])
        await c.until_shows("◌ 4 waiting")
        await c.go("overview")
        assert not c.session.schedule.feeds["colony board"].seen_by, "nobody looks at it any more"
