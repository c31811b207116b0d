"""Files: labels, revisions, snapshots; what is secret stays so."""

from __future__ import annotations

from pathlib import Path

import pytest

from colonies_tui.protocol.errors import Refused
from colonies_tui.protocol.models.file import File, Snapshot
from tests.ui.console.colony import Colony
from tests.ui.console.driver import LARGE, SMALL, Console, console, profile_of
from tests.ui.console.workflow_colony import a_file, files


async def filled(colony: Colony) -> None:
    await a_file(colony, "/maps/north", "a.tif")
    await a_file(colony, "/maps/north", "b.tif", size=10)
    await a_file(colony, "/maps/north", "b.tif", size=20)
    await a_file(colony, "/maps/south", "a.tif", size=7)


async def listed(c: Console, labels: int) -> None:
    await c.until_known()
    await c.go("files")
    await c.until(lambda: files(c).labels.row_count == labels)


async def looks_into(c: Console, label: str, count: int) -> None:
    assert files(c).labels.move_to(label)
    await c.until(lambda: files(c).files.row_count == count)


async def revisions(colony: Colony, label: str, name: str) -> tuple[File, ...]:
    """Return the revisions of a file; none when it is gone."""
    try:
        return await colony.operator.get_file(colonyname=colony.name, label=label, name=name)
    except Refused:
        return ()


async def snapshots(colony: Colony) -> tuple[Snapshot, ...]:
    return await colony.operator.get_snapshots(colonyname=colony.name)


async def test_labels_are_a_tree_and_files_stand_under_theirs(colony: Colony, tmp_path: Path) -> None:
    await filled(colony)
    async with console(profile_of(colony), tmp_path, size=LARGE) as c:
        await listed(c, 3)
        assert [line.name for line in files(c).labels.rows.values()] == ["maps", "north", "south"]
        assert [line.below for line in files(c).labels.rows.values()] == [4, 3, 1]
        await c.until_shows("this label only has labels below it")
        await looks_into(c, "/maps/north", 2)
        await c.until_shows("Files of /maps/north · 2", "a.tif", "2.0 KiB")
        await looks_into(c, "/maps/south", 1)
        await c.until_shows("Files of /maps/south · 1", "7 B")
        await c.until(lambda: "Revisions · 1" in c.text)


async def test_revisions_are_told_and_secrets_are_not(colony: Colony, tmp_path: Path) -> None:
    await filled(colony)
    async with console(profile_of(colony), tmp_path, size=LARGE) as c:
        await listed(c, 3)
        await looks_into(c, "/maps/north", 2)
        await c.press("enter")
        assert files(c).files.has_focus
        assert files(c).files.move_to("b.tif")
        await c.until_shows("Revisions · 2", "20 B", "10 B", "s3.example", "tiles", "b.tif-object")
        assert c.text.count("(a member's secret: not shown)") == 3
        for secret in ("AKIA-ACCESS", "SECRET-KEY", "CRYPT-KEY"):
            assert secret not in c.text
        assert c.text.index("20 B") < c.text.index("  10 B"), "the newest first"


async def test_a_snapshot_is_taken(colony: Colony, tmp_path: Path) -> None:
    await filled(colony)
    async with console(profile_of(colony), tmp_path, size=LARGE) as c:
        await listed(c, 3)
        await c.until_shows("No snapshots", "s takes one")
        await looks_into(c, "/maps/north", 2)
        await c.press("s")
        await c.until_shows("Snapshot of /maps/north")
        await c.type("a:b")
        await c.press("enter")
        await c.until_shows(":")
        assert await snapshots(colony) == ()
        await c.press("backspace", "backspace", "backspace")
        await c.type("before")
        await c.press("enter")
        await c.until(lambda: [row.name for row in files(c).snapshots.rows.values()] == ["before"])
        assert "before taken" in c.notices
        (snapshot,) = await snapshots(colony)
        assert (snapshot.name, snapshot.label, len(snapshot.fileids)) == ("before", "/maps/north", 2)
        await c.press("tab", "tab")
        assert files(c).snapshots.has_focus
        await c.until_shows("Files · 2", "/maps/north/a.tif", "/maps/north/b.tif")
        await c.press("D")
        assert c.asks("Remove snapshot before?", "The files stay.", "2 files")
        await c.press("y")
        await c.until(lambda: files(c).snapshots.row_count == 0)
        assert await snapshots(colony) == ()
        assert len(await revisions(colony, "/maps/north", "b.tif")) == 2


async def test_a_snapshot_of_a_folder_without_files_is_warned_about(colony: Colony, tmp_path: Path) -> None:
    await filled(colony)
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c, 3)
        assert files(c).labels.move_to("/maps")
        await c.press("s")
        await c.until_shows("would take an empty snapshot")
        await c.press("escape")
        assert await snapshots(colony) == ()


async def test_what_a_snapshot_lost_is_said(colony: Colony, tmp_path: Path) -> None:
    await filled(colony)
    await colony.operator.create_snapshot(colonyname=colony.name, label="/maps/north", name="before")
    await colony.operator.remove_file(colonyname=colony.name, label="/maps/north", name="a.tif")
    async with console(profile_of(colony), tmp_path, size=LARGE) as c:
        await listed(c, 3)
        await c.until(lambda: files(c).snapshots.row_count == 1)
        await c.press("shift+tab")
        await c.until_shows("removed since", "/maps/north/b.tif")


async def test_one_revision_or_all_are_removed(colony: Colony, tmp_path: Path) -> None:
    await filled(colony)
    async with console(profile_of(colony), tmp_path, size=LARGE) as c:
        await listed(c, 3)
        await looks_into(c, "/maps/north", 2)
        await c.press("enter")
        assert files(c).files.move_to("b.tif")
        await c.until_shows("Revisions · 2")
        newest = (await revisions(colony, "/maps/north", "b.tif"))[0]
        await c.press("D")
        assert c.asks("Remove b.tif?", f"only nr {newest.sequencenr}", "all 2 revisions")
        await c.press("n")
        await c.until_shows("Revisions · 1")
        assert [row.size for row in await revisions(colony, "/maps/north", "b.tif")] == [10]
        await c.press("D")
        assert c.asks("Remove b.tif?", "y remove it")
        assert "only nr" not in c.text
        await c.press("y")
        await c.until(lambda: files(c).files.row_count == 1)
        assert await revisions(colony, "/maps/north", "b.tif") == ()
        assert len(await revisions(colony, "/maps/south", "a.tif")) == 1


async def test_the_same_name_under_another_label_is_another_file(colony: Colony, tmp_path: Path) -> None:
    await a_file(colony, "/one", "same.txt", checksum="one")
    await a_file(colony, "/one", "same.txt", checksum="same")
    await a_file(colony, "/two", "same.txt", checksum="same")
    async with console(profile_of(colony), tmp_path, size=LARGE) as c:
        await listed(c, 2)
        await looks_into(c, "/one", 1)
        await c.until_shows("Revisions · 2")
        assert files(c).labels.move_to("/two")
        await c.until_shows("Files of /two · 1", "Revisions · 1")


async def test_an_empty_colony_and_its_keys(colony: Colony, tmp_path: Path) -> None:
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c, 0)
        await c.until_shows("No labels", "No snapshots")
        await c.press("s", "D")
        assert c.notices == [
            "snapshot: there is no label under the cursor",
            "remove: there is nothing under the cursor to remove",
        ]


@pytest.mark.parametrize("size", [SMALL, LARGE])  # the tests above are of the middle one
async def test_it_is_drawn_at_every_size(size: tuple[int, int], colony: Colony, tmp_path: Path) -> None:
    await filled(colony)
    async with console(profile_of(colony), tmp_path, size=size) as c:
        await listed(c, 3)
        await looks_into(c, "/maps/north", 2)
        await c.until_shows("north", "a.tif", "b.tif", "Snapshots")
        await c.press("enter", "enter")
        await c.until_shows("Revisions · 1", "checksum")
        await c.press("escape", "escape")
        assert files(c).labels.has_focus
