"""An executor is registered with a key that is made here: the key is in its file, or nowhere."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.models.executor import Executor
from colonies_tui.ui.views.new_executor import proposed_file
from tests.ui.console.colony import Colony
from tests.ui.console.driver import LARGE, SMALL, Console, console, profile_of


async def listed(c: Console, count: int) -> None:
    await c.until_known()
    await c.go("executors")
    await c.until(lambda: c.executors.table.row_count == count)


async def answer(c: Console, title: str, text: str = "") -> None:
    await c.until_shows(title)
    await c.type(text)
    await c.press("enter")


async def asked(c: Console, name: str) -> None:
    """Answer everything up to the question."""
    await c.press("n")
    await answer(c, "New executor of dev", name)
    await answer(c, f"Type of {name}", "gpu")
    await answer(c, f"File for the key of {name}")
    await c.until(lambda: c.dialog is not None)


def keys_in(directory: Path) -> list[Path]:
    return sorted(directory.rglob("*.key"))


async def test_names_that_are_taken_or_cannot_be_read_back_are_told(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c, 1)
        await c.press("n")
        await answer(c, "New executor of dev", "worker-1")
        await c.until_shows("an executor has this name already")
        await c.type(":")
        await c.press("enter")
        await c.until_shows("must not hold a colon")
        await c.press("escape")
        assert c.app.screen is c.main
    assert not keys_in(tmp_path)


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_leaving_the_question_writes_and_sends_nothing(
    size: tuple[int, int], colony: Colony, tmp_path: Path
) -> None:
    async with console(profile_of(colony), tmp_path, size=size) as c:
        await listed(c, 0)
        await asked(c, "gpu-7")
        assert c.asks("Register gpu-7?", "type gpu", "y register", "esc leave")
        await c.press("escape")
        await c.settle()
        assert await colony.states() == {}
        assert c.journal.entries == []
    assert not keys_in(tmp_path)


async def test_a_file_that_exists_is_not_overwritten(colony: Colony, tmp_path: Path) -> None:
    file = proposed_file(tmp_path / "config", "dev", "gpu-7")
    file.parent.mkdir(parents=True)
    file.write_text("mine")
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c, 0)
        await c.press("n")
        await answer(c, "New executor of dev", "gpu-7")
        await answer(c, "Type of gpu-7", "gpu")
        await answer(c, "File for the key of gpu-7")
        await c.until_shows("there is a file already, and it is not overwritten")
        made = tmp_path / "elsewhere.key"
        await c.press("ctrl+u")
        await answer(c, "File for the key of gpu-7", str(made))
        await c.until(lambda: c.dialog is not None)
        await c.press("y")
        await c.until(lambda: "gpu-7 registered" in c.notices)
    assert file.read_text() == "mine"
    assert stat.S_IMODE(made.stat().st_mode) == 0o600


async def test_a_name_that_was_taken_meanwhile_is_not_taken_over_and_its_key_is_gone(
    colony: Colony, tmp_path: Path
) -> None:
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c, 0)
        await asked(c, "gpu-7")
        other = await colony.register("gpu-7", "gpu")
        await c.press("y")
        await c.until(lambda: any("belongs to an executor already" in notice for notice in c.notices))
        kept: Executor = await colony.operator.get_executor(colonyname=colony.name, executorname="gpu-7")
        assert kept.executorid == other.key.identity
        assert c.journal.entries[-1]["outcome"] == "refused"
        await c.until(lambda: not keys_in(tmp_path))


async def test_without_the_owners_key_it_says_so(colony: Colony, tmp_path: Path) -> None:
    keys = Keyring(member=colony.keys.member)
    async with console(profile_of(colony, keys=keys), tmp_path) as c:
        await listed(c, 0)
        await c.press("n")
        assert c.notices == ["new: needs the colony owner's key"]


@pytest.mark.parametrize(
    ("name", "file"),
    [("gpu-7", "dev-gpu-7.key"), ("../../etc/x", "dev-..-..-etc-x.key"), ("två ord", "dev-tv-ord.key")],
)
def test_the_proposed_file_stays_in_its_directory(name: str, file: str) -> None:
    assert proposed_file(Path("/c"), "dev", name) == Path("/c/executors") / file
