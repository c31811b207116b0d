"""Processes: submit, submit again changed, cancel, remove, and remove all by the typed name."""

from __future__ import annotations

from pathlib import Path

from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.states import ProcessState
from colonies_tui.ui.widgets.json_editor import JsonEditor
from tests.ui.console.colony import Colony
from tests.ui.console.driver import Console, console, profile_of
from tests.ui.console.workflow_colony import editor_opens, replace_in_editor, start


async def listed(c: Console, count: int) -> None:
    await c.until_known()
    await c.go("processes")
    await c.until(lambda: c.processes.table.row_count == count)


async def test_one_is_written_and_submitted(colony: Colony, tmp_path: Path) -> None:
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c, 0)
        await c.press("n")
        await editor_opens(c)
        await c.press("ctrl+s")
        assert isinstance(c.app.screen, JsonEditor), "a template without a type cannot be sent"
        await replace_in_editor(c, '"funcname": ""', '"funcname": "render_tile"')
        await replace_in_editor(c, '"executortype": ""', '"executortype": "cli"')
        await c.until_shows("valid")
        await c.press("ctrl+s")
        await c.until(lambda: c.processes.table.row_count == 1)
        assert "render_tile for cli submitted" in c.notices
        (row,) = await colony.operator.get_processes(colonyname=colony.name, count=9, state=ProcessState.WAITING)
        assert (row.spec.funcname, row.spec.maxexectime) == ("render_tile", 60)


async def test_what_is_wrong_is_told_with_its_line_and_cannot_be_sent(colony: Colony, tmp_path: Path) -> None:
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c, 0)
        await c.press("n")
        await editor_opens(c)
        await replace_in_editor(c, '"executortype": ""', '"executortype": "cli"')
        await replace_in_editor(c, '"maxexectime": 60,', '"maxexectime": 0,')
        await c.until_shows("maxexectime")
        await c.press("ctrl+s")
        assert isinstance(c.app.screen, JsonEditor)
        await replace_in_editor(c, '"maxexectime": 0,', '"maxexectimes": 60,')
        await c.press("ctrl+s")
        await c.until_shows("maxexectimes: there is no such key")
        await replace_in_editor(c, '"maxexectimes": 60,', '"maxexectime": 60')
        await c.press("ctrl+s")
        assert isinstance(c.app.screen, JsonEditor)
        await c.until_shows("line 7, column 3")
        await c.press("escape")
        assert c.view == "processes"
        assert (await colony.counters()).waitingprocesses == 0


async def test_one_is_resubmitted_with_another_priority(colony: Colony, tmp_path: Path) -> None:
    first = await colony.submit("cli", "render_tile", args=("tile-7",), priority=1, maxexectime=60, maxwaittime=-1)
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c, 1)
        await c.press("R")
        await editor_opens(c)
        await replace_in_editor(c, '"priority": 1', '"priority": 5')
        await c.press("ctrl+s")
        await c.until(lambda: c.dialog is not None)
        assert c.asks("Submit render_tile again?", first.processid[:8], '- "priority": 1', '+ "priority": 5')
        assert c.asks("Signed with the")
        await c.press("escape")
        assert (await colony.counters()).waitingprocesses == 1
        await c.press("R")
        await editor_opens(c)
        await replace_in_editor(c, '"priority": 1', '"priority": 5')
        await c.press("ctrl+s")
        await c.until(lambda: c.dialog is not None)
        await c.press("y")
        await c.until(lambda: c.processes.table.row_count == 2)
        rows = await colony.operator.get_processes(colonyname=colony.name, count=9, state=ProcessState.WAITING)
        again = next(row.spec for row in rows if row.processid != first.processid)
        assert (again.priority, again.args) == (5, ("tile-7",))
        assert again == first.spec.model_copy(update={"priority": 5})


async def test_cancel_and_remove(colony: Colony, tmp_path: Path) -> None:
    process = await colony.submit()
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c, 1)
        await c.press("C")
        assert c.asks("Cancel render_tile?", process.processid[:16], "It will not run.")
        await c.press("escape")
        assert (await colony.counters()).waitingprocesses == 1
        await c.press("C", "y")
        await c.until(lambda: c.session.total(ProcessState.CANCELLED) == 1)
        await c.until(lambda: c.processes.table.row_count == 1 and "⊘  render_tile" in c.text)
        await c.press("C")
        assert c.dialog is None
        assert c.notices[-1] == "cancel: it has ended: cancelled"
        await c.press("D")
        assert c.asks("Remove render_tile?")
        await c.press("y")
        await c.until(lambda: c.processes.table.row_count == 0)
        assert (await colony.counters()).cancelledprocesses == 0


async def test_marked_ones_are_cancelled_together(colony: Colony, tmp_path: Path) -> None:
    await colony.submit_many(4)
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c, 4)
        await c.press("g", "space", "j", "space", "C")
        assert c.asks("Cancel 2 processes?", "2 waiting")
        await c.press("y")
        await c.until(lambda: c.session.total(ProcessState.CANCELLED) == 2)
        assert (await colony.counters()).waitingprocesses == 2
        await c.until_shows("2 of 2 processes cancelled")


async def test_members_of_workflows_are_left_to_their_workflow(colony: Colony, tmp_path: Path) -> None:
    await start(colony, {"one": ()})
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c, 1)
        await c.press("C")
        assert c.dialog is None
        assert c.notices == ["cancel: it belongs to a workflow: cancel that"]


async def test_a_running_one_is_not_removed(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    await colony.submit()
    await colony.assign("worker-1")
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c, 1)
        await c.press("D")
        assert c.notices == ["remove: it is running: cancel it first"]
        await c.press("C")
        assert c.asks("Its executor is not told", "worker-1")


async def test_remove_all_wants_the_name_of_the_colony(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    await colony.failed("worker-1", "broken")
    await colony.submit_many(3)
    await start(colony, {"one": ()})
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c, 5)
        await c.press("tab")  # waiting
        await c.until(lambda: c.processes.table.row_count == 4)
        await c.press("ctrl+x")
        await c.until(lambda: c.dialog is not None)
        assert c.asks(f"Remove waiting processes of {colony.name}?", "4 (workflow members included)")
        assert c.asks("Members of workflows stay.", "colony owner's key")
        await c.type(colony.name[:-1])
        await c.press("enter", "tab", "y")
        assert (await colony.counters()).waitingprocesses == 4
        await c.press("escape", "ctrl+x")
        await c.until(lambda: c.dialog is not None)
        await c.type(colony.name)
        await c.press("enter", "y")
        await c.until(lambda: c.processes.table.row_count == 1)
        counters = await colony.counters()
        assert (counters.waitingprocesses, counters.failedprocesses) == (1, 1)
        await c.press("tab", "ctrl+x")
        await c.until(lambda: "running processes cannot be removed: cancel them first" in c.notices)


async def test_remove_all_needs_the_colony_owners_key(colony: Colony, tmp_path: Path) -> None:
    await colony.submit()
    async with console(profile_of(colony, keys=Keyring(member=colony.keys.member)), tmp_path) as c:
        await listed(c, 1)
        await c.press("ctrl+x")
        assert c.dialog is None
        assert c.notices == ["remove all: needs the colony owner's key"]
