"""X on what waits: all reasons, the executors against the conditions, the next step by one key, and all of it live."""

from __future__ import annotations

from pathlib import Path

from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.models.executor import Capabilities, Hardware
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.waiting_conditions import Condition
from colonies_tui.ui.views.waiting_screen import WaitingScreen
from tests.ui.console.colony import Colony
from tests.ui.console.driver import LARGE, SMALL, Console, console, profile_of
from tests.ui.console.workflow_colony import members, start, workflows


def screen(c: Console) -> WaitingScreen:
    assert isinstance(c.app.screen, WaitingScreen)
    return c.app.screen


async def ask(c: Console, process_id: str) -> None:
    """Put the cursor on a process and ask why it waits."""
    await c.go("processes")
    await c.until(lambda: c.processes.table.move_to(process_id))
    await c.press("X")
    await c.until(lambda: screen(c).verdict is not None)


async def test_the_pending_executor_is_approved_by_a_and_the_process_is_taken(colony: Colony, tmp_path: Path) -> None:
    await colony.register("gpu-7", "gpu", approve=False)
    await colony.register("worker-1", "cli")
    process = await colony.submit("gpu", "train")
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await ask(c, process.processid)
        assert c.shows("✖ No approved executor of type gpu; 1 is pending.", "a approve gpu-7", "blocked")
        assert c.shows("Executors of type gpu · 1", "1 of other types")
        assert c.line(" gpu-7 ").split()[:5] == ["▌", "✖", "gpu-7", "✖", "pending"]
        await c.press("a")
        assert c.asks("Approve gpu-7?", "1 waiting process")
        await c.press("y")
        await c.until_shows("Nothing blocks it: it is first in the queue of its type, and gpu-7 may take it")
        assert (await colony.states())["gpu-7"] == "approved"
        await colony.assign("gpu-7")
        await c.until_shows("It no longer waits: it was taken by gpu-7")
        await c.press("escape")
        assert c.view == "processes"


async def test_the_question_can_be_left_and_the_executor_rejected(colony: Colony, tmp_path: Path) -> None:
    await colony.register("gpu-7", "gpu", approve=False)
    process = await colony.submit("gpu", "train")
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await ask(c, process.processid)
        await c.press("a", "escape")
        assert screen(c).verdict is not None
        assert (await colony.states())["gpu-7"] == "pending"
        await c.press("a", "r")
        await c.until_shows("No approved executor of type gpu; 1 is rejected.")


async def test_a_pause_is_lifted_by_one_key(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    process = await colony.submit()
    await colony.operator.pause_assignments(colonyname=colony.name)
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.until(lambda: c.session.is_paused)
        await ask(c, process.processid)
        assert c.shows("Assignments are paused in this colony", "P resume assignments")
        await c.press("P")
        await c.until_shows("Nothing blocks it")
        assert c.journal.entries[-1]["outcome"] == "done"
        await c.press("P")
        assert c.notices[-1] == "resume: assignments are not paused"


async def test_from_a_member_of_a_workflow_to_the_parent_it_waits_for(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    nodes = await members(colony, await start(colony, {"list": (), "merge": ("list",)}))
    first, last = nodes["list"].processid, nodes["merge"].processid
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await ask(c, last)
        await c.until_shows("It waits for its parent: ", "(waiting for")
        assert screen(c).verdict is not None
        await colony.assign("worker-1")
        await c.until_shows("(running for")
        await c.press("p")
        assert c.view == "processes"
        assert c.processes._shown_id == first


async def test_all_reasons_are_told_and_the_cells_are_marked(colony: Colony, tmp_path: Path) -> None:
    small = Capabilities(hardware=(Hardware(cores=4, mem="8Gi"),))
    await colony.register("worker-1", location="rack-1", capabilities=small)
    process = await colony.submit(conditions={"locationname": "rack-9", "cpu": "8000m", "mem": "16Gi", "nodes": 200})
    async with console(profile_of(colony), tmp_path, size=LARGE) as c:
        await c.until_known()
        await ask(c, process.processid)
        verdict = screen(c).verdict
        assert verdict is not None
        assert verdict.causes == {Condition.BREADTH, Condition.LOCATION, Condition.CPU, Condition.MEM}
        assert c.shows(
            "✖ It asks for 200 nodes or processes",
            "✖ It wants location rack-9: worker-1 is at rack-1.",
            "! It asks for 8000m of cpu: worker-1 says that it has 4000m.",
            "! It asks for 16Gi of memory: worker-1 says that it has 8Gi.",
            "at rack-9",
        )
        assert c.shows("✖ rack-1", "! 4000m", "! 8Gi", "✔ approved", "✖ nodes 200 of 127", "✔ not paused")
        assert c.shows("Worth knowing", "what an executor offers when it asks for work")
        await c.press("enter")
        assert c.view == "executors"
        assert c.executors.chosen is not None
        assert c.executors.chosen.executor.executorname == "worker-1"


async def test_one_that_can_run_is_told_its_place(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    await colony.submit_many(5)
    running = await colony.assign("worker-1")
    waiting = await colony.operator.get_processes(colonyname=colony.name, count=9, state=ProcessState.WAITING)
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await ask(c, waiting[-1].processid)
        await c.until_shows("Nothing blocks it: 3 are ahead of it; worker-1 is at work.")
        await colony.succeed("worker-1", running)
        await colony.assign("worker-1")
        await c.until_shows("2 are ahead of it")
        assert screen(c).verdict is not None
        await c.press("a")
        assert c.notices[-1] == "approve: no executor lacks only approval"


async def test_without_an_executor_of_the_type_the_others_are_listed(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    process = await colony.submit("gpu", "train")
    async with console(profile_of(colony), tmp_path, size=SMALL) as c:
        await c.until_known()
        await ask(c, process.processid)
        assert c.shows("✖ No executor of type gpu is registered.", "1 executor of other types below", "type gpu")
        assert "✖ cli" in c.line(" worker-1 ")


async def test_what_cannot_be_explained_says_so(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    await colony.submit()
    done = await colony.assign("worker-1")
    await colony.succeed("worker-1", done)
    await colony.submit(funcname="hash")
    running = await colony.assign("worker-1")
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("processes")
        for process, words in (
            (running, "why: it runs: worker-1 has had it for"),
            (done, "why: it succeeded: there is nothing to explain"),
        ):
            assert c.processes.table.move_to(process.processid)
            await c.press("X")
            assert c.notices[-1].startswith(words)
            assert not isinstance(c.app.screen, WaitingScreen)


async def test_without_the_colony_key_approval_says_what_it_needs(colony: Colony, tmp_path: Path) -> None:
    await colony.register("gpu-7", "gpu", approve=False)
    process = await colony.submit("gpu", "train")
    profile = profile_of(colony, keys=Keyring(member=colony.keys.member))
    async with console(profile, tmp_path) as c:
        await c.until_known()
        await ask(c, process.processid)
        await c.press("a")
        assert c.dialog is None
        assert c.notices[-1] == "approve: needs the colony owner's key"


async def test_the_list_says_what_each_waits_for(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    await colony.register("gpu-7", "gpu", approve=False)
    for kind, funcname, conditions in (
        ("cli", "free", {}),
        ("gpu", "train", {}),
        ("tpu", "tune", {}),
        ("cli", "move", {"locationname": "rack-9"}),
        ("cli", "pick", {"executornames": ("worker-9",)}),
    ):
        await colony.submit(kind, funcname, conditions=conditions)
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("processes")
        await c.until_shows("error / waits for")
        for funcname, words in (
            ("free", "queue"),
            ("train", "executor: approval"),
            ("tune", "executor: none"),
            ("move", "location rack-9"),
            ("pick", "executor worker-9"),
        ):
            assert words in c.line(f" {funcname} ")
        await colony.operator.approve_executor(colonyname=colony.name, executorname="gpu-7")
        await c.until(lambda: "queue" in c.line(" train "))
        await colony.operator.pause_assignments(colonyname=colony.name)
        await c.until(lambda: "paused" in c.line(" free "))


async def test_a_queue_is_explained_by_the_process_that_is_next(colony: Colony, tmp_path: Path) -> None:
    await colony.register("gpu-7", "gpu", approve=False)
    await colony.register("worker-1", "cli")
    await colony.submit("gpu", "second")
    await colony.submit("gpu", "first", priority=1)
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.until(lambda: c.overview.queue_table.move_to("cli"))
        await c.press("X")
        assert c.notices[-1] == "why: nothing waits in this queue"
        assert c.overview.queue_table.move_to("gpu")
        await c.press("X")
        await c.until_shows("Why first waits", "No approved executor of type gpu")
        assert screen(c).verdict is not None


async def test_a_node_of_a_workflow_graph_is_explained(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    graph = await start(colony, {"list": (), "merge": ("list",)})
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("workflows")
        await c.until(lambda: workflows(c).table.move_to(graph.processgraphid))
        await c.press("X")
        assert c.notices[-1] == "why: it has not failed: open it and choose one of its members"
        await c.press("enter")
        pane = workflows(c).pane
        await c.until(lambda: pane.member_id != "")
        await c.press("down")
        await c.until(lambda: (row := pane.member_row()) is not None and row.nodename == "merge")
        await c.press("X")
        await c.until_shows("It waits for its parent")


async def test_a_process_that_is_removed_meanwhile(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    process = await colony.submit()
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await ask(c, process.processid)
        await colony.operator.remove_process(processid=process.processid)
        await c.until_shows("The server does not know this process any more.")
        assert screen(c).verdict is None
