"""Acting safely: targets that stay, many at once with a result each, time to take it back."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from colonies_tui.config.settings import Settings
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.actions import Outcome
from colonies_tui.ui.grades import MANY
from colonies_tui.ui.views.bulk_screen import BulkScreen, Phase
from tests.ui.console.colony import Colony, living_colony
from tests.ui.console.driver import SMALL, Console, console, profile_of

LONG = Settings(reduced_motion=True, grace_seconds=3600)
"""Time enough that it never runs out in a test."""


async def listed(c: Console, count: int) -> None:
    await c.until_known()
    await c.go("processes")
    await c.until(lambda: c.processes.table.row_count == count)


async def over(c: Console) -> None:
    await c.until(lambda: c.bulk.phase is Phase.OVER)


async def mark_all(c: Console) -> None:
    await c.press("g", "space", "G", "v")


# -- targets ---------------------------------------------------------------------------------------------------------


async def test_rows_that_move_and_go_under_the_question_change_no_target(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    ours = [process.processid for process in await colony.submit_many(5)]
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c, 5)
        marked = list(c.processes.table.visible_ids())[:3]
        await c.press("g", "space", "j", "space", "j", "space", "C")
        assert c.asks("Cancel 3 processes?", "3 waiting", "to cancel")
        meant = [one.id for one, _ in c.bulk.bulk.meant]
        await colony.operator.remove_process(processid=marked[1])
        await colony.submit_many(4, funcname="newer")  # stand before
        await c.until(lambda: c.processes.table.row_count == 8 and marked[1] not in c.processes.table.rows)
        assert c.processes.table.marks == {marked[0], marked[2]}
        assert [one.id for one, _ in c.bulk.bulk.meant] == meant
        await c.press("y")
        await over(c)
        assert c.asks("2 of 3 processes cancelled", "refused: it is gone")
        await c.press("escape")
        await c.until(lambda: not c.processes.table.marks)
        rows = await colony.operator.get_processes(colonyname=colony.name, count=99, state=ProcessState.CANCELLED)
        assert {row.processid for row in rows} == {marked[0], marked[2]} < set(ours)


async def test_one_that_is_asked_about_stays_the_one(colony: Colony, tmp_path: Path) -> None:
    await colony.submit_many(3)
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c, 3)
        await c.press("g")
        target = c.processes.table.cursor_id
        assert target is not None
        await c.press("C")
        assert c.asks(target[:16])
        await colony.submit_many(3, funcname="newer")
        await colony.operator.remove_process(processid=target)
        await c.until(lambda: c.processes.table.row_count == 5 and target not in c.processes.table.rows)
        assert c.processes.table.cursor_id != target
        await c.press("y")
        await c.until(lambda: any("it is gone" in notice for notice in c.notices))
        assert (await colony.counters()).waitingprocesses == 5, "no other one took its place"


# -- many ------------------------------------------------------------------------------------------------------------


async def test_ten_refusals_among_two_hundred_are_exactly_those_ten(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c, 0)
        for priority in range(4):  # a list holds the first 100 of the queue: what comes later goes before
            await asyncio.gather(*(colony.submit(priority=priority) for _ in range(50)))
            await c.until(lambda count=50 * (priority + 1): c.processes.table.row_count == count)  # type: ignore[misc]
        await mark_all(c)
        await c.press("C")
        await c.until_shows("Cancel 200 processes?", "y cancel 200 processes")
        ended = set()
        for _ in range(10):  # meanwhile an executor takes ten of them and ends them
            process = await colony.assign("worker-1")
            await colony.succeed("worker-1", process)
            ended.add(process.processid)
        await c.press("y")
        await over(c)
        results = {
            one.id: result for (one, _), result in zip(c.bulk.bulk.meant, c.bulk.run.results, strict=True) if result
        }
        assert len(results) == 200
        assert {row for row, result in results.items() if result.outcome is Outcome.REFUSED} == ended
        assert sum(result.outcome is Outcome.DONE for result in results.values()) == 190
        assert list(c.bulk.table.visible_ids())[:10] == [row for row in c.bulk.table.visible_ids() if row in ended]
        assert c.asks("190 of 200 processes cancelled", "10 Tried to cancel successful process (10)")
        await c.press("f")
        assert set(c.bulk.table.visible_ids()) == ended
        await c.press("escape")
        await c.until(lambda: c.processes.table.marks == ended)
        counters = await colony.counters()
        assert (counters.cancelledprocesses, counters.successfulprocesses) == (190, 10)


async def test_what_is_left_out_is_named_with_its_reason(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    await colony.failed("worker-1", "boom", funcname="broken")
    await colony.submit_many(2)
    async with console(profile_of(colony), tmp_path, size=SMALL) as c:
        await listed(c, 3)
        await mark_all(c)
        await c.press("C")
        assert c.asks("Cancel 2 of 3 processes?", "2 waiting", "left out 1 it has ended: failed")
        await c.press("f")
        assert c.bulk.table.row_count == 1
        assert c.shows("broken", "left out: it has ended: failed")
        await c.press("escape")
        assert (await colony.counters()).waitingprocesses == 2
        await c.filter("function=broken")
        await c.press("C")
        assert c.asks("hidden 2 of these do not match the filter of the list")
        await c.press("y")
        await over(c)
        assert c.asks("2 of 2 processes cancelled", "left out 1")
        await c.press("escape", "C")
        assert c.notices[-1].startswith("cancel: it has ended: failed"), "the only mark that is left"


async def test_where_nothing_can_be_done_to_any_the_key_says_why(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    for _ in range(2):
        await colony.failed("worker-1", "boom")
    async with console(profile_of(colony), tmp_path) as c:
        await listed(c, 2)
        await mark_all(c)
        await c.press("C")
        assert c.notices[-1].endswith(
            "none of the 2 marked processes can be acted on so (cancel): it has ended: failed (2)"
        )


async def test_other_lists_act_on_marks(colony: Colony, tmp_path: Path) -> None:
    for number in range(3):
        await colony.register(f"new-{number}", approve=False)
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("executors")
        await c.until(lambda: c.executors.table.row_count == 3)
        await mark_all(c)
        await c.press("r")
        assert c.asks("Reject 3 executors?", "3 pending", "They get no work")
        await c.press("i", "c")
        assert c.asks("official", "call")
        assert c.app.clipboard.count("\n") == 2, "a command for each"
        await c.press("y")
        await over(c)
        assert c.asks("3 of 3 executors rejected")
        await c.press("escape")
        assert set((await colony.states()).values()) == {"rejected"}


# -- time to take it back --------------------------------------------------------------------------------------------


async def test_what_is_taken_back_was_never_sent(colony: Colony, tmp_path: Path) -> None:
    await colony.submit_many(2)
    async with console(profile_of(colony), tmp_path, settings=LONG) as c:
        await listed(c, 2)
        await c.press("z")
        assert c.notices[-1].startswith("there is nothing to take back")
        await c.press("C", "y")
        await c.until(lambda: "z takes it back" in c.lines[-1])
        assert "cancel render_tile" in c.lines[-1]
        assert "in 3600 s" in c.lines[-1]
        await c.press("z")
        await c.until(lambda: "taken back; nothing was sent" in c.notices[-1])
        assert "? help" in c.lines[-1]
        assert c.journal.entries == []
        assert (await colony.counters()).waitingprocesses == 2


async def test_another_decision_neither_cancels_nor_hurries_the_one_before(colony: Colony, tmp_path: Path) -> None:
    await colony.submit_many(2)
    async with console(profile_of(colony), tmp_path, settings=LONG) as c:
        await listed(c, 2)
        await c.press("g", "C", "y")
        first = c.processes.table.cursor_id
        await c.press("j", "C", "y")
        await c.until(lambda: "1 more before it" in c.lines[-1])
        assert first is not None
        await c.press("z")  # the newest
        await c.until(lambda: len(c.main.context.outbox.held) == 1)
        assert first[:8] in c.lines[-1]
        assert c.journal.entries == []
        await c.press("Z")
        await c.until(lambda: c.session.total(ProcessState.CANCELLED) == 1)
        rows = await colony.operator.get_processes(colonyname=colony.name, count=9, state=ProcessState.CANCELLED)
        assert [row.processid for row in rows] == [first]


async def test_a_server_that_is_lost_meanwhile_gets_nothing(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(living_colony(data=data))
        await first.submit_many(3)
        port = first.running.address.port
        async with console(profile_of(first), tmp_path, settings=LONG) as c:
            await listed(c, 3)
            await c.press("g", "C", "y")
            await c.press("j", "space", "j", "space", "C", "y")
            assert c.bulk.phase is Phase.HELD
            await stack.aclose()
            await c.until(lambda: isinstance(c.app.screen, BulkScreen) and c.bulk.phase is Phase.OVER)
            assert c.asks("0 of 2 processes cancelled", "not sent 2 the server does not answer")
            unsent = "not cancelled, the server does not answer; nothing was sent"
            await c.until(lambda: any(unsent in notice for notice in c.notices))
            assert c.journal.entries == []
        async with living_colony(data=data, port=port) as second:
            assert (await second.counters()).waitingprocesses == 3


async def test_leaving_meanwhile_sends_nothing_and_says_so(
    colony: Colony, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await colony.submit()
    async with console(profile_of(colony), tmp_path, settings=LONG) as c:
        await listed(c, 1)
        await c.press("C", "y")
        await c.until(lambda: "z takes it back" in c.lines[-1])
        await c.press("ctrl+q")
    said = capsys.readouterr().err.strip()
    assert said.startswith("cancel render_tile")
    assert said.endswith("the console was left; nothing was sent")
    assert c.journal.entries == []
    assert (await colony.counters()).waitingprocesses == 1


async def test_many_can_be_taken_back_too(colony: Colony, tmp_path: Path) -> None:
    await colony.submit_many(3)
    async with console(profile_of(colony), tmp_path, settings=LONG) as c:
        await listed(c, 3)
        await mark_all(c)
        await c.press("D", "y")
        await c.until_shows("It is sent in", "z take it back")
        await c.press("z")
        await c.until(lambda: c.app.screen is c.main)
        assert c.notices[-1] == "remove 3 processes: taken back; nothing was sent"
        assert c.journal.entries == []
        assert len(c.processes.table.marks) == 3, "they are still marked"
        assert (await colony.counters()).waitingprocesses == 3


async def test_a_calm_or_a_typed_decision_is_not_held(colony: Colony, tmp_path: Path) -> None:
    await colony.register("new-1", approve=False)
    async with console(profile_of(colony), tmp_path, settings=LONG) as c:
        await c.until_known()
        await c.go("executors")
        await c.until(lambda: c.executors.table.row_count == 1)
        await c.press("a", "y")
        await c.until(lambda: "new-1 approved" in c.notices)
        await c.until(lambda: "approved" in c.line(" new-1 "))
        await c.press("D")
        await c.type("new-1")
        await c.press("enter", "enter")
        assert c.dialog is not None, "the same key twice confirms nothing"
        await c.press("y")
        await c.until(lambda: "new-1 removed" in c.notices)


# -- production ------------------------------------------------------------------------------------------------------


async def test_production_asks_one_grade_more(colony: Colony, tmp_path: Path) -> None:
    process = await colony.submit()
    await colony.register("new-1", approve=False)
    async with console(profile_of(colony, production=True), tmp_path, size=SMALL) as c:
        await c.until_known()
        for view in ("overview", "processes", "workflows", "executors", "logs", "crons", "files", "colonies", "server"):
            await c.go(view)
            assert "production" in c.lines[0], view
        await c.go("processes")
        await c.press("C")
        assert c.asks("Cancel render_tile?")
        assert c.shows(f"type {process.processid[:8]} to go on", f"production · {colony.name}")
        await c.press("y", "enter")
        assert c.dialog is not None
        await c.press("escape")
        await c.go("executors")
        await c.press("a")
        assert c.dialog is not None
        assert c.dialog.question.grade == "danger"
        await c.press("r")
        assert c.asks("Reject new-1?")
        assert c.shows("type new-1 to go on")
        await c.press("escape")
        await c.go("colonies")
        await c.press("P")
        assert c.shows(f"type {colony.name} to go on")
        await c.type(colony.name)
        await c.press("enter", "y")
        await c.until(lambda: "assignments paused" in c.text or "paused" in "".join(c.notices))
        await c.press("P")  # elsewhere resumed at once
        await c.until(lambda: c.dialog is not None)
        assert c.asks(f"Resume assignments of {colony.name}?")
        await c.press("escape")
        assert [entry["verb"] for entry in c.journal.entries] == ["pause", "pause"]


async def test_many_in_production_want_their_number(colony: Colony, tmp_path: Path) -> None:
    for number in range(MANY):
        await colony.register(f"new-{number}", approve=False)
    async with console(profile_of(colony, production=True), tmp_path) as c:
        await c.until_known()
        await c.go("executors")
        await c.until(lambda: c.executors.table.row_count == MANY)
        await mark_all(c)
        await c.press("a")
        assert c.shows(f"type {MANY}, the number of them, to go on", f"production · {colony.name}")
        await c.press("y", "enter", "y")
        assert c.bulk.phase is Phase.ASKING
        await c.press("backspace", "backspace")
        await c.type(str(MANY))
        await c.press("enter", "enter")
        assert c.bulk.phase is Phase.ASKING, "the same key twice confirms nothing"
        await c.press("y")
        await over(c)
        assert c.asks(f"{MANY} of {MANY} executors approved")


async def test_a_tab_that_is_closed_or_given_another_profile_sends_nothing_more(colony: Colony, tmp_path: Path) -> None:
    await colony.submit()
    async with console(profile_of(colony), tmp_path, settings=LONG) as c:
        await listed(c, 1)
        await c.press("C", "y")
        await c.until(lambda: "z takes it back" in c.lines[-1])
        c.app.open_profile(profile_of(colony, name="other"))
        await c.until(lambda: any("another profile was opened; nothing was sent" in said for said in c.notices))
        await c.until(lambda: "other" in c.lines[0])
        assert c.journal.entries == []
        c.app.open_beside(profile_of(colony, name="third"))
        await c.until(lambda: len(c.app.workspace.tabs) == 2)
        tab = c.app.workspace.current
        assert tab is not None
        await c.until(lambda: tab.session.link.is_up and tab.screen is not None and c.app.screen is tab.screen)
        await c.press("2")
        await c.until(lambda: "render_tile" in c.text)
        await c.press("C", "y")
        await c.until(lambda: "z takes it back" in c.lines[-1])
        await c.press("ctrl+w")
        await c.until(lambda: any("its tab was closed; nothing was sent" in said for said in c.notices))
        assert c.journal.entries == []
        assert (await colony.counters()).waitingprocesses == 1
