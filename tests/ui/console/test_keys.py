"""What each screen says when keys are missing: what cannot be seen or done, and why; never that there is nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from colonies_tui.protocol.keyring import Keyring
from colonies_tui.ui.widgets.live_table import LiveTable
from tests.ui.console.colony import Colony
from tests.ui.console.driver import Console, console, profile_of
from tests.ui.console.views import MORE_VIEWS
from tests.ui.console.workflow_colony import a_cron, a_file, a_generator, start

READ_BY_MEMBERS = {
    "processes": ("processes",),
    "workflows": ("workflows",),
    "executors": ("executors",),
    "logs": ("logs",),
    "crons": ("crons",),
    "generators": ("generators",),
    "files": ("labels", "files", "snapshots"),
    "colonies": ("colonies", "users", "locations"),
    "functions": ("functions",),
}
"""What each view lists that only members may read."""


async def filled(colony: Colony) -> None:
    """Something for every screen to hide."""
    await colony.register("worker-1", "cli")
    await colony.submit()
    await start(colony)
    await a_cron(colony, "nightly")
    await a_generator(colony, "batches")
    await a_file(colony, "/maps", "a.tif")


async def go(c: Console, view: str) -> None:
    if view in {kind.KEY for kind in MORE_VIEWS}:
        await c.palette(view)
    else:
        await c.go(view)


def says_there_is_nothing(c: Console) -> str:
    """Return a claim that there is nothing, if the screen makes one."""
    found = re.search(r"\bNo (?!label is)[a-z]+$|Nothing logged yet|Nothing was found", c.text, re.MULTILINE)
    return found.group(0) if found else ""


def reasons(c: Console) -> list[str]:
    """Return what each table of the view says instead of rows."""
    tables = [table for table in c.main.active_view.query(LiveTable) if table.display and not table.row_count]
    return [f"{table._message.kind}: {table._message.title}: {table._message.hint}" for table in tables]


@pytest.mark.parametrize("key", ["no key", "the colony owner's key"])
async def test_without_a_members_key_every_list_says_so(key: str, colony: Colony, tmp_path: Path) -> None:
    await filled(colony)
    keys = Keyring(colony=colony.keys.colony) if key != "no key" else Keyring()
    async with console(profile_of(colony, keys=keys), tmp_path) as c:
        await c.until(lambda: c.session.link.is_up)
        for view, things in READ_BY_MEMBERS.items():
            await go(c, view)
            for thing in things:
                said = f"forbidden: Not allowed with this key: {thing} cannot be read: needs the member's key"
                await c.until(lambda said=said: said in reasons(c))  # type: ignore[misc]
            assert not says_there_is_nothing(c)
            assert "worker-1" not in c.text
        await go(c, "overview")
        await c.until_shows("queues cannot be read", "failures cannot be read")
        assert "not allowed with this key" in c.lines[0]
        await go(c, "server")
        await c.until(lambda: c.text.count("not allowed: needs the server owner's key") == 2)
        assert any(line.split()[:2] == ["member", "none"] for line in c.lines)
        await go(c, "blueprints")
        if key == "no key":
            await c.until_shows("blueprints cannot be read")
        else:
            await c.until_shows("No blueprints")  # the colony owner may read these


async def test_keys_that_cannot_be_used_say_why(colony: Colony, tmp_path: Path) -> None:
    async with console(profile_of(colony, keys=Keyring()), tmp_path) as c:
        await c.until(lambda: c.session.link.is_up)
        for view, key, verb in (
            ("workflows", "R", "resubmit"),
            ("crons", "e", "edit"),
            ("generators", "p", "pack"),
            ("blueprints", "t", "reconcile"),
        ):
            await go(c, view)
            await c.press(key)
            assert c.notices[-1] == f"{verb}: needs the member's key"
        for view in ("processes", "workflows", "crons", "generators"):
            await go(c, view)
            await c.press("n")
            assert c.notices[-1] == "new: needs the member's key"
            assert c.dialog is None
        await go(c, "files")
        await c.press("s", "D")
        assert c.notices[-2:] == ["snapshot: needs the member's key", "remove: needs the member's key"]
        await go(c, "colonies")
        await c.press("P")
        assert c.notices[-1] == "pause or resume: needs the colony owner's key"
        await go(c, "functions")
        await c.press("n")
        assert c.notices[-1] == "call it: needs the member's key"


async def test_with_a_members_key_all_of_the_colony_is_seen(colony: Colony, tmp_path: Path) -> None:
    await filled(colony)
    async with console(profile_of(colony, keys=Keyring(member=colony.keys.member)), tmp_path) as c:
        await c.until_known()
        for view, word in (
            ("processes", "render_tile"),
            ("workflows", "plan"),
            ("executors", "worker-1"),
            ("crons", "nightly"),
            ("generators", "batches"),
            ("files", "maps"),
            ("colonies", "operator"),
        ):
            await go(c, view)
            await c.until_shows(word)
            assert "Not allowed" not in c.text
        await go(c, "server")
        await c.until(lambda: c.text.count("not allowed: needs the server owner's key") == 2)


async def test_a_read_only_profile_changes_nothing(colony: Colony, tmp_path: Path) -> None:
    await filled(colony)
    async with console(profile_of(colony, read_only=True), tmp_path) as c:
        await c.until_known()
        for view, key, verb in (
            ("processes", "n", "new"),
            ("workflows", "n", "new"),
            ("crons", "t", "run now"),
            ("generators", "p", "pack"),
            ("files", "s", "snapshot"),
            ("colonies", "P", "pause or resume"),
        ):
            await go(c, view)
            await c.until(lambda: any(table.row_count for table in c.main.active_view.query(LiveTable)))
            await c.press(key)
            assert c.notices[-1] == f"{verb}: this profile is read-only"
