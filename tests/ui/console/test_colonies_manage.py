"""Colonies: users and colonies are added and removed, assignments paused; an executor is removed."""

from __future__ import annotations

from pathlib import Path

import pytest

from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.models.colony import User
from colonies_tui.protocol.models.location import Location
from tests.ui.console.colony import Colony
from tests.ui.console.driver import LARGE, SMALL, Console, console, profile_of


async def listed(c: Console) -> None:
    await c.until_known()
    await c.go("colonies")
    await c.until(lambda: c.colonies.table.row_count > 0 and c.colonies.users.row_count > 0)


async def user_names(colony: Colony) -> set[str]:
    return {user.name for user in await colony.operator.get_users(colonyname=colony.name)}


async def colony_names(colony: Colony) -> set[str]:
    return {row.name for row in await colony.operator.get_colonies()}


async def answer(c: Console, title: str, text: str) -> None:
    """Answer one line that is asked for."""
    await c.until_shows(title)
    await c.type(text)
    await c.press("enter")


async def test_a_user_is_added(colony: Colony, tmp_path: Path) -> None:
    key = PrivateKey.new()
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c)
        before = await user_names(colony)
        await c.press("tab", "n")
        assert c.colonies.users.row_count == len(before)
        await answer(c, f"New user of {colony.name}", "ada")
        await answer(c, "Identity of ada's key", key.identity[:10])
        await c.until_shows("an identity is 64 lower-case hexadecimal characters")
        await c.press(*["backspace"] * 10)
        await answer(c, "Identity of ada's key", key.identity)
        await answer(c, "Email of ada", "ada@example.org")
        await c.until(lambda: c.dialog is not None)
        assert c.asks("Add user ada?", key.identity[:4], "A user needs no approval", "colony owner's key")
        assert await user_names(colony) == before
        await c.press("y")
        await c.until(lambda: c.colonies.users.row_count == len(before) + 1)
        assert "ada added" in c.notices
        await c.until_shows("ada@example.org")
        added = await colony.operator.get_user(colonyname=colony.name, name="ada")
        assert (added.userid, added.email) == (key.identity, "ada@example.org")


async def test_leaving_any_question_adds_nobody(colony: Colony, tmp_path: Path) -> None:
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c)
        before = await user_names(colony)
        await c.press("tab", "n", "escape")
        await c.press("n")
        await answer(c, "New user of", "ada")
        await c.until_shows("Identity of ada's key")
        await c.press("escape")
        await c.press("n")
        await answer(c, "New user of", "ada")
        await answer(c, "Identity of ada's key", PrivateKey.new().identity)
        await answer(c, "Email of ada", "")
        await c.until(lambda: c.dialog is not None)
        await c.press("escape")
        assert await user_names(colony) == before
        assert not c.notices


async def test_a_user_is_removed(colony: Colony, tmp_path: Path) -> None:
    user = User(colonyname=colony.name, userid=PrivateKey.new().identity, name="ada")
    await colony.operator.add_user(user=user)
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c)
        await c.press("tab")
        await c.until(lambda: c.colonies.users.row_count == 2)
        row = next(key for key, user in c.colonies.users.rows.items() if user.name == "ada")
        assert c.colonies.users.move_to(row)
        await c.press("D")
        assert c.asks("Remove user ada?", "Crons and generators that it made can start nothing any more")
        await c.press("y")
        await c.until(lambda: c.colonies.users.row_count == 1)
        assert "ada" not in await user_names(colony)


async def test_a_colony_is_added_and_removed_by_its_typed_name(colony: Colony, tmp_path: Path) -> None:
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c)
        await c.press("n")
        await answer(c, "New colony", "second")
        await answer(c, "Identity of the owner's key of second", PrivateKey.new().identity)
        await c.until(lambda: c.colonies.table.row_count == 2)
        assert c.colonies.table.move_to("second")
        await c.press("D")
        assert c.asks("Remove colony second?", "are deleted for good", "server owner's key")
        await c.type("secon")
        await c.press("enter", "tab", "y")
        assert "second" in await colony_names(colony)
        await c.press("escape", "D")
        await c.type("second")
        await c.press("enter", "y")
        await c.until(lambda: c.colonies.table.row_count == 1)
        assert await colony_names(colony) == {colony.name}


async def test_assignments_are_paused_and_resumed(colony: Colony, tmp_path: Path) -> None:
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c)
        await c.press("P")
        assert c.asks(f"Pause assignments of {colony.name}?", "What runs goes on.")
        await c.press("y")
        await c.until(lambda: bool(c.session.is_paused))
        assert (await colony.operator.get_pause_status(colonyname=colony.name)).ispaused
        await c.until(lambda: "paused" in c.lines[0])
        await c.press("P")
        await c.until(lambda: not c.session.is_paused)
        await c.until(lambda: f"assignments of {colony.name} resumed" in c.notices)


async def test_an_executor_is_removed(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("executors")
        await c.until(lambda: c.executors.table.row_count == 1)
        await c.press("D")
        assert c.asks("Remove worker-1?")
        await c.type("worker-1")
        await c.press("enter", "y")
        await c.until(lambda: c.executors.table.row_count == 0)
        assert await colony.states() == {"worker-1": "unregistered"}


async def test_locations_are_listed_added_and_removed(colony: Colony, tmp_path: Path) -> None:
    place = Location(colonyname=colony.name, name="lund", description="the cellar", lat=55.7047, longitude=13.191)
    await colony.operator.add_location(location=place)
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c)
        await c.until_shows("Locations · 1", "lund", "the cellar", "55.705, 13.191")
        await c.press("shift+tab")
        assert c.colonies.locations.has_focus
        await c.press("n")
        await answer(c, f"New location of {colony.name}", "attic")
        await answer(c, "Where attic is", "91, 0")
        await c.until_shows("-90 to 90, then -180 to 180")
        await c.press(*["backspace"] * 5)
        await answer(c, "Where attic is", "52.356, 4.951")
        await answer(c, "Description of attic", "under the roof")
        await c.until_shows("Locations · 2", "attic", "under the roof", "52.356, 4.951")
        c.colonies.locations.move_to(next(id_ for id_, row in c.colonies.locations.rows.items() if row.name == "lund"))
        await c.press("D")
        await c.until(lambda: c.dialog is not None)
        assert c.asks("Remove location lund?", "the cellar", "are unchanged", "colony owner's key")
        await c.press("y")
        await c.until_shows("Locations · 1", "attic")
    (left,) = await colony.operator.get_locations(colonyname=colony.name)
    assert (left.name, left.lat, left.longitude, left.description) == ("attic", 52.356, 4.951, "under the roof")


async def test_without_the_owners_keys_each_key_says_why(colony: Colony, tmp_path: Path) -> None:
    async with console(profile_of(colony, keys=Keyring(member=colony.keys.member)), tmp_path) as c:
        await listed(c)
        await c.press("n", "D", "P", "tab", "n")
        assert c.notices == [
            "new: needs the server owner's key",
            "remove: needs the server owner's key",
            "pause or resume: needs the colony owner's key",
            "new: needs the colony owner's key",
        ]
        assert c.dialog is None
        assert c.shows("all of the server need the server owner's key")


@pytest.mark.parametrize("size", [SMALL, LARGE])  # the tests above are of the middle one
async def test_it_is_drawn_at_every_size(size: tuple[int, int], colony: Colony, tmp_path: Path) -> None:
    async with console(profile_of(colony), tmp_path, size=size) as c:
        await listed(c)
        await c.until_shows("Colonies · 1", f"Users of {colony.name} · 1", "Locations · 0", "No locations")
