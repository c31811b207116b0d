"""Processes: true counts, one table over all states, the filter, and the way back."""

from __future__ import annotations

from pathlib import Path

from colonies_tui.protocol.states import ProcessState
from tests.ui.console.colony import Colony
from tests.ui.console.driver import SMALL, Console, console, profile_of


def functions(c: Console) -> list[str]:
    """The functions on show, in order."""
    rows = c.processes.table.rows
    return [rows[id_].funcname for id_ in c.processes.table.visible_ids()]


async def fill(colony: Colony) -> None:
    """One process in every state; no name is made of the letters of an id, which a filter looks into as well."""
    await colony.register("worker-1", "cli")
    for number, funcname in enumerate(("good", "broken", "stopped", "busy")):
        process = await colony.submit("cli", funcname, label="tiles")
        if funcname == "stopped":
            await colony.operator.cancel_process(processid=process.processid)
            continue
        taken = await colony.assign("worker-1")
        if funcname == "good":
            await colony.succeed("worker-1", taken, number)
        elif funcname == "broken":
            await colony.fail("worker-1", taken, "ValueError: bad tile")
    await colony.submit("gpu", "idle")


async def test_states_have_true_counts_and_one_key_each(colony: Colony, tmp_path: Path) -> None:
    await fill(colony)
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("processes")
        await c.until(lambda: c.processes.table.row_count == 5)
        tabs = c.lines[3]
        for words in ("∗ all 5", "◌ waiting 1", "▶ running 1", "✔ success 1", "✖ failed 1", "⊘ cancelled 1"):
            assert words in tabs
        for funcname in ("idle", "busy", "good", "broken", "stopped"):
            await c.press("tab")
            assert functions(c) == [funcname]
        await c.press("tab")
        assert len(functions(c)) == 5
        await c.press("shift+tab")
        assert functions(c) == ["stopped"]
        await c.press("left", "left", "right")
        assert functions(c) == ["broken"]
        assert c.shows("ValueError: bad tile", "worker-1")


async def test_more_than_a_server_lists_is_said_with_the_true_total(colony: Colony, tmp_path: Path) -> None:
    await colony.submit_many(112, "gpu", "train")
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("processes")
        await c.press("tab")
        await c.until_shows("waiting · 100 of 112")
        assert "◌ waiting 112" in c.lines[3]
        assert c.processes.table.row_count == 100
        await c.filter("function=train")
        assert c.shows("waiting · 100 shown", "/ function=train")
        await c.go("overview")
        await c.until(lambda: c.line(" gpu ").split()[2:3] == ["100+"])
        counted = await colony.counters()
        assert counted.waitingprocesses == 112


async def test_a_process_moves_from_state_to_state_on_the_screen(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("processes")
        await c.until_shows("No processes")
        process = await colony.submit("cli", "hash")
        await c.until(lambda: "◌" in c.line(" hash "))
        await colony.assign("worker-1")
        await c.until(lambda: "▶" in c.line(" hash ") and "worker-1" in c.line(" hash "))
        await colony.fail("worker-1", process, "[/red] no such file")
        await c.until(lambda: "✖" in c.line(" hash ") and "[/red] no such" in c.line(" hash "))
        assert c.processes.table.cursor_id == process.processid


async def test_ages_tick(colony: Colony, tmp_path: Path) -> None:
    await fill(colony)
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("processes")
        await c.until(lambda: c.processes.table.row_count == 5)
        c.clock.ahead = 3600.0
        await c.until(lambda: all("1h" in c.line(f" {name} ") for name in ("idle", "busy", "good", "broken")))
        assert "1h00" in c.line(" busy "), "it has run for an hour"
        assert c.line(" good ").count("1h") == 1, "it has not: only its end is an hour ago"


async def test_filter_narrows_as_it_is_typed_and_escape_steps_back(colony: Colony, tmp_path: Path) -> None:
    await fill(colony)
    async with console(profile_of(colony), tmp_path, size=SMALL) as c:
        await c.until_known()
        await c.go("processes")
        await c.until(lambda: c.processes.table.row_count == 5)
        await c.press("slash")
        await c.type("state=failed|cancelled")
        assert sorted(functions(c)) == ["broken", "stopped"]
        await c.type(" type>3")
        assert c.shows("type is a text: use =, != or ~")
        await c.press("enter")
        assert c.notices == ["type is a text: use =, != or ~; the filter is as it was before"]
        await c.press("slash")
        await c.press("escape")
        assert c.processes.table.has_focus
        assert len(functions(c)) == 5
        await c.filter("executor=worker-1 !busy")
        assert sorted(functions(c)) == ["broken", "good"]
        await c.press("enter")
        assert c.processes.has_class("-detail")
        await c.press("escape")
        assert (c.processes.has_class("-detail"), len(functions(c))) == (False, 2)
        await c.press("escape")
        assert len(functions(c)) == 5
        await c.press("escape")
        assert c.view == "overview"
        await c.go("processes")
        await c.filter("nothing-like-it")
        assert c.shows("No processes match  nothing-like-it", "5 are hidden; esc shows them again")


async def test_q_steps_back_and_at_the_top_it_quits(colony: Colony, tmp_path: Path) -> None:
    await fill(colony)
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("processes")
        await c.until(lambda: c.processes.table.row_count == 5)
        await c.press("enter", "q")
        assert not c.processes.has_class("-detail")
        await c.filter("broken")
        await c.press("q")
        assert len(functions(c)) == 5
        await c.press("q")
        assert c.app._exit
    assert c.app.return_value == 0


async def test_the_palette_finds_a_process_by_the_beginning_of_its_id(colony: Colony, tmp_path: Path) -> None:
    await fill(colony)
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.until(lambda: len(c.session.processes) == 5)
        failed = next(row for row in c.session.processes.rows.values() if row.state is ProcessState.FAILED)
        await c.palette(failed.processid[:10])
        await c.until(lambda: c.view == "processes")
        assert c.processes.table.cursor_id == failed.processid
        await c.until_shows("✖ failed", "ValueError: bad tile", "── Course")
        await c.palette("processes cancelled")
        await c.until(lambda: functions(c) == ["stopped"])
        await c.palette("worker-1")
        await c.until(lambda: c.view == "executors")
        assert c.executors.table.cursor_id == "worker-1"
        await c.palette("q")
        await c.until(lambda: c.app._exit)


async def test_keys_that_need_a_process_say_so(colony: Colony, tmp_path: Path) -> None:
    await fill(colony)
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("processes")
        await c.until(lambda: c.processes.table.row_count == 5)
        await c.press("tab")
        await c.press("e")
        assert c.notices == ["executor: no executor has taken this process"]
        await c.press("tab", "e")
        await c.until(lambda: c.view == "executors")
        assert c.executors.table.cursor_id == "worker-1"
        await c.go("processes")
        await c.press("l")
        assert c.view == "logs"
        await c.until_shows("busy ·")
