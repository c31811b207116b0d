"""Executors: who waits comes first, the evidence is on the screen, a decision shows at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.pace import Interval, Pace
from colonies_tui.ui.views.bulk_screen import Phase
from tests.ui.console.colony import Colony
from tests.ui.console.driver import LARGE, Console, console, profile_of


async def fill(colony: Colony) -> None:
    await colony.register("worker-1", "cli")
    await colony.register("gpu-9", "gpu", approve=False)
    await colony.register("zeta", "cli", approve=False)
    await colony.submit_many(3, "gpu", "train")


async def ready(c: Console, count: int = 3) -> None:
    await c.go("executors")
    await c.until(lambda: c.executors.table.row_count == count)
    await c.until(lambda: c.session.process_lists[ProcessState.WAITING].can_show_rows)


async def test_pending_ones_stand_first_with_what_they_say_they_are(colony: Colony, tmp_path: Path) -> None:
    await fill(colony)
    async with console(profile_of(colony), tmp_path, size=LARGE) as c:
        await ready(c)
        assert list(c.executors.table.visible_ids()) == ["zeta", "gpu-9", "worker-1"]
        assert c.shows("Executors · 3", "2 pending")
        assert c.shows("2 × A100", "32 cores", "256Gi", "cuda-runner 1.4", "linux/amd64")
        identity = colony.workers["zeta"].key.identity
        assert c.shows(identity[:4])
        assert "◌ pending  waits for approval" in c.text


RARELY = replace(Pace(), executors=Interval(600, 600), processes=Interval(600, 600))
"""A pace at which lists are read once and then only when something gives a reason to."""


async def test_approval_names_what_is_decided_and_the_queue_drains(colony: Colony, tmp_path: Path) -> None:
    await fill(colony)
    async with console(profile_of(colony), tmp_path, pace=RARELY) as c:
        await ready(c)
        assert c.executors.table.move_to("gpu-9")
        await c.press("a")
        assert c.dialog is not None
        identity = colony.workers["gpu-9"].key.identity
        owner = colony.running.identities.colony_key.identity
        assert c.asks("Approve gpu-9?", "3 waiting processes", "of type gpu", f"colony {colony.name}")
        assert c.asks(identity[:4], identity[-4:], "2 × A100", "rack-1", owner[:8], "esc keep pending", "r reject")
        await c.press("a")
        assert c.dialog is not None, "the key that opened the dialog does nothing in it"
        assert (await colony.states())["gpu-9"] == "pending"
        await c.press("y")
        await c.until(lambda: c.line(" gpu-9 ").split()[:5] == ["▌", "●", "gpu-9", "gpu", "approved"])
        assert (await colony.states())["gpu-9"] == "approved"
        assert "gpu-9 approved" in c.notices
        for _ in range(3):
            await colony.succeed("gpu-9", await colony.assign("gpu-9"))
        await c.go("overview")
        await c.until(lambda: c.line(" gpu ").split()[2:3] == ["0"])
        assert "1 blocked" not in c.text
        asked, done = (entry for entry in c.journal.entries if entry["verb"] == "approve")
        assert (asked["outcome"], done["outcome"], done["target"]["id"]) == ("asked", "done", identity)


async def test_escape_keeps_it_pending_and_r_rejects_it(colony: Colony, tmp_path: Path) -> None:
    await fill(colony)
    async with console(profile_of(colony), tmp_path) as c:
        await ready(c)
        assert c.executors.table.move_to("gpu-9")
        await c.press("a", "escape")
        assert c.dialog is None
        assert (await colony.states())["gpu-9"] == "pending"
        await c.press("a", "enter")  # the harmless answer has the focus
        assert c.dialog is None
        assert (await colony.states())["gpu-9"] == "pending"
        await c.press("r")
        assert c.asks("Reject gpu-9?", "3 waiting processes", "stay in the queue")
        await c.press("r")
        assert c.asks("Reject gpu-9?"), "the key that opened the dialog does nothing in it"
        await c.press("y")
        await c.until(lambda: "rejected" in c.line(" gpu-9 "))
        assert (await colony.states())["gpu-9"] == "rejected"


async def test_removal_of_an_approved_one_wants_its_name(colony: Colony, tmp_path: Path) -> None:
    await fill(colony)
    await colony.submit("cli", "hash")
    await colony.assign("worker-1")
    async with console(profile_of(colony), tmp_path) as c:
        await ready(c)
        assert c.executors.table.move_to("worker-1")
        await c.until(lambda: "hash" in c.line(" worker-1 "))
        await c.press("D")
        assert c.asks("Remove worker-1?", "1 running process wait")
        await c.press("y")
        assert c.dialog is not None, "y is typed into the field"
        await c.press("backspace")
        await c.type("worker-")
        await c.press("enter", "y")
        assert (await colony.states())["worker-1"] == "approved", "the name is not typed in full"
        await c.press("backspace")
        await c.type("1")
        await c.press("enter", "y")
        await c.until(lambda: c.executors.table.row_count == 2)
        assert (await colony.states())["worker-1"] == "unregistered"
        assert c.shows("1 gone")
        assert (await colony.counters()).waitingprocesses == 4, "what it ran waits again"
        await c.press("o")
        await c.until(lambda: "gone" in c.line(" worker-1 "))


async def test_marked_ones_are_decided_together(colony: Colony, tmp_path: Path) -> None:
    for number in range(4):
        await colony.register(f"new-{number}", "cli", approve=False)
    async with console(profile_of(colony), tmp_path) as c:
        await ready(c, 4)
        await c.press("g", "space", "j", "space", "j", "space")
        marked = sorted(c.executors.table.marks)
        assert len(marked) == 3
        await c.until_shows("3 marked")
        await c.press("a")
        assert c.asks("Approve 3 executors?", "y approve 3 executors", "3 pending", *marked)
        await c.press("a")
        assert c.bulk.phase is Phase.ASKING, "the key that opened the dialog does nothing in it"
        await c.press("y")
        await c.until(lambda: sum(line.condition.value == "approved" for line in c.executors.table.rows.values()) == 3)
        states = await colony.states()
        assert sorted(name for name, state in states.items() if state == "approved") == marked
        await c.until_shows("3 of 3 executors approved")
        await c.press("escape")
        await c.until(lambda: not c.executors.table.marks)


@pytest.mark.parametrize("verb", ["approve", "reject"])
async def test_the_target_stays_the_same_under_an_open_dialog(verb: str, colony: Colony, tmp_path: Path) -> None:
    """Rows come, go and change places while the question is on the screen; it is still about the one it names."""
    await colony.register("m-1", "cli", approve=False)
    await colony.register("m-2", "cli", approve=False)
    async with console(profile_of(colony), tmp_path) as c:
        await ready(c, 2)
        assert c.executors.table.move_to("m-2")
        await c.press(verb[0])
        assert c.asks("m-2?")
        await colony.register("a-0", "cli", approve=False)  # sorts before
        await colony.operator.approve_executor(colonyname=colony.name, executorname="m-1")  # moves behind
        await c.until(lambda: list(c.executors.table.visible_ids()) == ["a-0", "m-2", "m-1"])
        await c.press("y")
        await c.until(lambda: c.executors.table.rows["m-2"].condition.value.startswith(verb))
        states = await colony.states()
        assert (states["a-0"], states["m-1"]) == ("pending", "approved")


async def test_a_target_that_went_away_under_the_dialog_is_not_replaced(colony: Colony, tmp_path: Path) -> None:
    await colony.register("m-1", "cli", approve=False)
    await colony.register("m-2", "cli", approve=False)
    async with console(profile_of(colony), tmp_path) as c:
        await ready(c, 2)
        assert c.executors.table.move_to("m-1")
        await c.press("a")
        await colony.operator.remove_executor(colonyname=colony.name, executorname="m-1")
        await c.until(lambda: list(c.executors.table.visible_ids()) == ["m-2"])
        await c.press("y")
        await c.until(lambda: any("no longer registered" in notice for notice in c.notices))
        assert (await colony.states())["m-2"] == "pending"


async def test_a_disabled_key_says_what_is_missing(colony: Colony, tmp_path: Path) -> None:
    await fill(colony)
    keys = Keyring(member=colony.keys.member)
    async with console(profile_of(colony, keys=keys), tmp_path) as c:
        await ready(c)
        await c.press("a")
        assert c.dialog is None
        assert c.notices == ["approve: needs the colony owner's key"]
        await c.press("question_mark")
        assert "needs the colony owner's key" in c.text
        await c.press("escape")
    async with console(profile_of(colony, read_only=True), tmp_path) as c:
        await ready(c)
        assert "read-only" in c.lines[0]
        await c.press("r")
        assert c.dialog is None
        assert c.notices == ["reject: this profile is read-only"]
    assert (await colony.states())["gpu-9"] == "pending"


async def test_what_is_decided_already_says_so(colony: Colony, tmp_path: Path) -> None:
    await fill(colony)
    async with console(profile_of(colony), tmp_path) as c:
        await ready(c)
        assert c.executors.table.move_to("worker-1")
        await c.press("a")
        assert c.dialog is None
        assert c.notices == ["approve: worker-1 is approved already"]


async def test_filter_detail_and_the_ways_from_here(colony: Colony, tmp_path: Path) -> None:
    await fill(colony)
    await colony.submit("cli", "hash")
    await colony.assign("worker-1")
    async with console(profile_of(colony), tmp_path, size=(80, 24)) as c:
        await ready(c)
        await c.filter("state=approved")
        assert list(c.executors.table.visible_ids()) == ["worker-1"]
        assert c.shows("/ state=approved", "2 hidden")
        await c.press("enter")
        assert c.executors.has_class("-detail")
        await c.until_shows("may take work", "hash")
        await c.press("escape")
        assert not c.executors.has_class("-detail")
        await c.press("p")
        assert c.view == "processes"
        await c.until(lambda: c.processes.table.row_count == 1)
        assert c.shows("/ executor=worker-1")
        await c.go("executors")
        await c.press("l")
        assert c.view == "logs"
        await c.go("executors")
        await c.press("escape")
        assert c.executors.table.row_count == 3, "esc takes the filter away"
