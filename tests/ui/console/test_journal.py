"""The journal on the screen, and the commands that do the same in it and in the questions before."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from colonies_tui.store.journal import FileJournal, writer
from colonies_tui.store.journal_reading import NEWEST
from colonies_tui.ui.views.journal import JournalView
from tests.cli.killed_call import call_without_answer, kill
from tests.ui.console.colony import Colony
from tests.ui.console.driver import LARGE, MIDDLE, SMALL, Console, console, profile_of

OFFICIAL = "COLONIES_COLONY_NAME=dev colonies executor approve --name gpu-9"
CALL = "colonies-tui call approveexecutormsg --profile test --as colony colonyname=dev executorname=gpu-9"


def view(c: Console) -> JournalView:
    return c.main.query_one(JournalView)


async def approve(c: Console) -> None:
    await c.go("executors")
    await c.until(lambda: c.executors.table.row_count == 1)
    await c.press("a", "y")
    await c.until_shows("● ", "approved")


async def test_it_says_what_will_stand_here_and_shows_what_is_done(colony: Colony, tmp_path: Path) -> None:
    await colony.register("gpu-9", "gpu", approve=False)
    async with console(profile_of(colony), tmp_path, size=LARGE, journal_file=tmp_path / "journal.jsonl") as c:
        await c.press("J")
        assert c.view == "journal"
        await c.until_shows("Nothing is in the journal yet", "from colonies-tui call")
        await approve(c)
        await c.press("J")
        await c.until_shows("Journal · 1", "✔ done", "executor gpu-9", "colony owner", "gpu-9 approved")
        owner = colony.running.identities.colony_key.identity
        assert c.shows(owner[:8], OFFICIAL, '"executorname": "gpu-9"', colony.workers["gpu-9"].key.identity)


async def test_commands_are_copied_and_the_object_is_one_key_away(colony: Colony, tmp_path: Path) -> None:
    await colony.register("gpu-9", "gpu", approve=False)
    async with console(profile_of(colony), tmp_path, size=MIDDLE) as c:
        await approve(c)
        await c.palette("journal")
        await c.until(lambda: view(c).table.row_count == 1)
        await c.press("c")
        assert c.app.clipboard == OFFICIAL
        await c.press("C")
        assert c.app.clipboard == CALL
        await c.press("e")
        assert c.view == "executors"
        assert c.executors.table.cursor_id == "gpu-9"


async def test_what_has_no_official_command_says_so(colony: Colony, tmp_path: Path) -> None:
    await colony.submit()
    async with console(profile_of(colony), tmp_path, size=LARGE) as c:
        await c.go("processes")
        await c.until(lambda: c.processes.table.row_count == 1)
        await c.press("C", "y")
        await c.until(lambda: len(c.journal.entries) == 2)
        await c.press("J")
        await c.until_shows("no command of the official client is known for this", "✔ done")
        await c.press("c")
        assert any("no command of the official client is known" in notice for notice in c.notices)
        assert c.app.clipboard == ""


async def test_the_outcome_of_a_killed_program_is_unknown(colony: Colony, tmp_path: Path) -> None:
    environment = {**os.environ, "COLONIES_TUI_STATE_DIR": str(tmp_path), "COLONIES_TUI_CONFIG_DIR": str(tmp_path)}
    async with console(profile_of(colony), tmp_path, size=LARGE, journal_file=tmp_path / "journal.jsonl") as c:
        await c.press("J")
        async with call_without_answer(environment) as process:
            await c.until_shows("▶ under way", "cancelprocessmsg")
            await kill(process)
            await c.until_shows("? unknown", "the program ended before it knew")
        assert not c.shows("under way")


async def test_the_filter_asks_for_outcomes_verbs_profiles_and_ages(colony: Colony, tmp_path: Path) -> None:
    async with console(profile_of(colony), tmp_path) as c:
        now = c.clock.now()
        for name, outcome, ago in (("a", "done", 10.0), ("b", "refused", 7200.0), ("c", "not sent", 20.0)):
            entry = {
                "id": name,
                "verb": f"verb-{name}",
                "profile": f"profile-{name}",
                "target": {"name": f"object {name}"},
            }
            c.journal.write(now - ago, {**entry, "outcome": "asked"})
            c.journal.write(now - ago, {**entry, "outcome": outcome, "words": "so", "seconds": 1.0})
        await c.press("J")
        await c.until(lambda: view(c).table.row_count == 3)
        assert list(view(c).table.visible_ids()) == ["a", "c", "b"]
        for text, kept in (
            ("outcome=refused", ["b"]),
            ("outcome=done|refused", ["a", "b"]),
            ('outcome="not sent"', ["c"]),
            ("verb=verb-c", ["c"]),
            ("profile=profile-a", ["a"]),
            ("age<1h", ["a", "c"]),
            ("object~b", ["a", "c", "b"]),
            ("took>2s", []),
        ):
            await c.filter(text)
            assert list(view(c).table.visible_ids()) == kept, text
            await c.press("escape")


async def test_older_entries_are_read_when_asked_for(colony: Colony, tmp_path: Path) -> None:
    async with console(profile_of(colony), tmp_path) as c:
        for number in range(NEWEST + 5):
            c.journal.write(float(number), {"id": str(number), "outcome": "asked", "verb": "run"})
        await c.press("J")
        await c.until_shows("Journal · 1 000", "newest 1 000")
        await c.press("o")
        await c.until_shows("Journal · 1 005")
        assert not c.shows("newest")
        await c.press("o")
        assert any("the whole journal is shown" in notice for notice in c.notices)


async def test_what_is_written_elsewhere_appears_and_garbage_is_counted(colony: Colony, tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    async with console(profile_of(colony), tmp_path, journal_file=path) as c:
        await c.press("J")
        await c.until_shows("Nothing is in the journal yet")
        other = FileJournal(path)
        other.write(
            c.clock.now(), {"id": "x", **writer(), "outcome": "asked", "verb": "\x1b[31mred", "target": {"name": "[b]"}}
        )
        with path.open("a") as file:
            file.write("garbage\n")
        await c.until_shows("▶ under way", "␛[31mred", "[b]", "1 line unreadable")
        path.unlink()
        path.mkdir()
        await c.until_shows("cannot be read: ", "␛[31mred")  # what was read stays


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE])
async def test_a_question_shows_the_commands_that_do_the_same(
    colony: Colony, tmp_path: Path, size: tuple[int, int]
) -> None:
    await colony.register("gpu-9", "gpu", approve=False)
    async with console(profile_of(colony), tmp_path, size=size) as c:
        await c.go("executors")
        await c.until(lambda: c.executors.table.row_count == 1)
        await c.press("a")
        assert c.shows("i as command")
        await c.press("c")
        assert c.app.clipboard == ""  # only what is seen is copied
        await c.press("i")
        assert c.asks(OFFICIAL, CALL, "esc keep pending", "y approve")
        await c.press("c")
        assert c.app.clipboard == OFFICIAL
        await c.press("C")
        assert c.app.clipboard == CALL
        await c.press("i")
        assert c.asks("Approved, it can take")
        assert (await colony.states())["gpu-9"] == "pending"
        await c.press("i", "y")
        await c.until_shows("approved")


async def test_a_name_to_type_may_hold_every_letter(colony: Colony, tmp_path: Path) -> None:
    await colony.register("icicle", "gpu")
    async with console(profile_of(colony), tmp_path) as c:
        await c.go("executors")
        await c.until(lambda: c.executors.table.row_count == 1)
        await c.press("D")
        assert c.shows("tab   i as command")
        await c.type("icicle")
        await c.press("enter")
        await c.press("i")
        assert c.asks("colonies executor remove --name icicle")
        await c.press("y")
        await c.until(lambda: len(c.journal.entries) == 2)
        assert (await colony.states())["icicle"] == "unregistered"


async def test_no_key_of_the_profile_stands_in_a_command(colony: Colony, tmp_path: Path) -> None:
    member = colony.keys.member
    assert member is not None
    process = await colony.submit(env={"COLONIES_PRVKEY": member.reveal()})
    async with console(replace(profile_of(colony), name="environment"), tmp_path, size=LARGE) as c:
        await c.go("processes")
        await c.until(lambda: c.processes.table.row_count == 1)
        assert process.spec.env
        await c.press("R")
        await c.until_shows("Resubmit")
        await c.press("ctrl+s")
        await c.until(lambda: c.dialog is not None)
        await c.press("i", "C")
        assert c.app.clipboard.startswith("colonies-tui call submitfuncspecmsg --as member --json ")
        assert "(not written down)" in c.app.clipboard
        await c.press("y")
        await c.until(lambda: len(c.journal.entries) == 2)
        assert member.reveal() not in str(c.journal.entries) + c.app.clipboard
