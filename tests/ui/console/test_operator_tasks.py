"""What operators do all day, first half: one test for each task, which counts its keys."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from colonies_tui.config.private_file import read_private_file
from colonies_tui.protocol.models.executor import Executor
from colonies_tui.store.executor_condition import ExecutorCondition
from colonies_tui.ui.views.failure_screen import FailureScreen
from colonies_tui.ui.views.waiting_screen import WaitingScreen
from tests.ui.console.colony import Colony
from tests.ui.console.driver import Console, console, profile_of
from tests.ui.console.operator_tasks import MOST_KEYS_TO_LOOK, TASKS, Keys, table
from tests.ui.console.test_colonies import second_colony
from tests.ui.console.test_failures import says
from tests.ui.console.workflow_colony import a_cron, done, run_next, start, workflows

README = Path(__file__).parents[3] / "README.md"


def test_the_readme_has_the_table_of_tasks_as_it_is_pressed() -> None:
    section = README.read_text(encoding="utf-8").partition("## Twenty tasks and their keys\n")[2].partition("\n## ")[0]
    found = "\n".join(line for line in section.splitlines() if line.startswith("|"))
    assert found == table()


def test_every_task_is_listed_and_looking_is_short() -> None:
    assert [task.number for task in TASKS] == [*map(str, range(1, 19)), "18b", "19", "20"]
    looks = [part for task in TASKS for part in task.parts if part.only_looks]
    assert all(len(part.keys) <= MOST_KEYS_TO_LOOK for part in looks)


def test_each_task_has_its_test() -> None:
    here = Path(__file__).parent
    text = "".join((here / f"test_operator_tasks{rest}.py").read_text(encoding="utf-8") for rest in ("", "_acting"))
    tested = re.findall(r'Keys\(c, "(\w+)"\)', text)
    assert sorted(tested) == sorted(task.number for task in TASKS)


async def test_an_id_is_refused(colony: Colony, tmp_path: Path) -> None:
    process = await colony.submit()
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        keys = Keys(c, next(task.number for task in TASKS))
        for text in (process.processid, process.processid[:4], f"id={process.processid[:9]}"):
            with pytest.raises(AssertionError, match="id"):
                await keys.type(text, "name")


async def test_1_switch_and_see_that_it_is_the_right_one(colony: Colony, tmp_path: Path) -> None:
    await second_colony(colony)
    async with console(profile_of(colony), tmp_path) as c:
        keys = Keys(c, "1")
        await c.until_known()
        await c.until(lambda: len(c.session.colonies) == 2)
        await keys.press("ctrl+t")
        await keys.type("lab", "name")
        await keys.press("enter")
        await c.until(lambda: len(c.sessions) == 2 and c.session is c.sessions[1])
        await c.until_known()
        await c.until(lambda: "▌● lab" in c.lines[0] and "test · lab" in c.lines[1])
        keys.next_part()
        await c.press("left_curly_bracket")  # back on the overview of the first
        await c.until(lambda: c.session is c.sessions[0] and c.view == "overview")
        await keys.press("9")
        await c.until(lambda: list(c.colonies.table.visible_ids()) == ["dev", "lab"])
        await keys.press("j", "enter")
        await c.until(lambda: len(c.sessions) == 3 and c.session is c.sessions[2])
        await c.until(lambda: "test · lab" in c.lines[1])
        keys.done()


async def test_2_is_all_well(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    await colony.register("gpu-1", "gpu", approve=False)
    await colony.submit_many(3, "gpu", "train")
    await colony.failed("worker-1", "disk full")
    await start(colony)
    cron = await a_cron(colony, "nightly")
    await colony.operator.run_cron(cronid=cron.cronid)
    async with console(profile_of(colony), tmp_path) as c:
        keys = Keys(c, "2")
        await c.until_known()
        await c.until_shows("disk full", "1 blocked", "no approved executor; 1 pending", "approve: a")
        await c.until(lambda: re.search(r"✖ failed +1 .*✖ failed +0 .*", c.text) is not None)
        await c.until(lambda: re.search(r"◌ waiting +[0-9]+ .*◌ waiting +2 .*● approved +1", c.text) is not None)
        keys.next_part()
        await keys.press("6")
        await c.until_shows("nightly", "at 03:00:00 every day", "Next runs")
        await c.until(lambda: "◌ waiting" in c.line(" workflow "))
        keys.done()


async def test_3_the_server_and_its_cluster(colony: Colony, tmp_path: Path) -> None:
    await second_colony(colony)
    await colony.submit_many(2)
    async with console(profile_of(colony), tmp_path) as c:
        keys = Keys(c, "3")
        await c.until_known()
        await keys.press("0")
        await c.until_shows("Whole server", "2 waiting", "leader", "version")
        assert any(line.split()[:2] == ["colonies", "2"] for line in c.lines)
        keys.next_part()
        await keys.press("9")
        await c.until_shows("Colonies · 2", "lab")
        await c.until(lambda: c.line("●  dev ").split()[2:4] == ["dev", "2"])
        keys.done()


async def test_4_a_new_executor_is_found_with_its_evidence_and_approved(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    await colony.register("gpu-9", "gpu", approve=False)
    await colony.submit("gpu", "train")
    async with console(profile_of(colony), tmp_path) as c:
        keys = Keys(c, "4")
        await c.until_known()
        await keys.press("a")
        identity = colony.workers["gpu-9"].key.identity
        await c.until_shows("gpu-9 · gpu", "pending", "waits for approval", "A100", identity[:4])
        keys.next_part()
        await keys.press("a")
        assert c.asks("Approve gpu-9?", "1 waiting process")
        await keys.press("y")
        await c.until(lambda: "gpu-9 approved" in c.notices)
        assert (await colony.states())["gpu-9"] == "approved"
        keys.done()


async def test_5_an_executor_is_registered_with_its_own_key(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    async with console(profile_of(colony), tmp_path) as c:
        keys = Keys(c, "5")
        await c.until_known()
        await keys.press("4", "n")
        await c.until_shows("New executor of dev")
        await keys.type("gpu-7", "name")
        await keys.press("enter")
        await c.until_shows("Type of gpu-7")
        await keys.type("gpu", "type")
        await keys.press("enter")
        await c.until_shows("File for the key of gpu-7")
        await keys.press("enter")
        await c.until(lambda: c.dialog is not None)
        file = tmp_path / "config" / "executors" / "dev-gpu-7.key"
        assert c.asks("Register gpu-7?", "can do nothing until it is approved", "colony owner's key", "dev-gpu-7.key")
        assert not file.exists()
        await keys.press("y")
        await c.until(lambda: "gpu-7 registered" in c.notices)
        comment, key = read_private_file(file).decode().splitlines()
        assert (await colony.states())["gpu-7"] == "pending"
        added: Executor = await colony.operator.get_executor(colonyname=colony.name, executorname="gpu-7")
        assert comment == f"# identity {added.executorid}"
        assert added.executortype == "gpu"
        assert key not in str(c.journal.entries)
        assert key not in c.text
        keys.next_part()
        await c.until(lambda: c.executors.table.cursor_id == "gpu-7")
        await keys.press("a", "y")
        await c.until(lambda: "gpu-7 approved" in c.notices)
        keys.done()


async def test_6_a_stale_executor_and_what_it_ran(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    await colony.register("silent", "gpu")
    await colony.failed("silent", "out of memory", executortype="gpu", funcname="train")
    await colony.submit("cli", "render")
    await colony.assign("worker-1")
    async with console(profile_of(colony), tmp_path) as c:
        keys = Keys(c, "6")
        await c.until_known()
        c.clock.ahead = 365.0
        await c.until(lambda: "silent" in c.line(" stale "))
        await keys.press("4")
        await c.until(lambda: "stale" in c.line(" silent "))
        assert c.executors.table.cursor_id == "silent"
        assert c.executors.table.rows["silent"].condition is ExecutorCondition.STALE
        await c.until(lambda: "train  ✖ failed  6m" in c.line("ran last"))
        assert re.search(r" approved +6m.+ render 6m", c.line(" worker-1 ")), "silent, but with something to do"
        keys.done()


async def test_9_why_a_workflow_failed(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    await start(colony)
    await done(colony, "plan", "planning")
    east = await run_next(colony, "east", "reading tile 7")
    await colony.fail("worker-1", east, "no such tile: 7")
    async with console(profile_of(colony), tmp_path) as c:
        keys = Keys(c, "9")
        await c.until_known()
        await c.until(lambda: c.overview.failure_table.row_count > 0)
        await keys.press("tab", "X")
        await c.until(lambda: isinstance(c.app.screen, FailureScreen))
        text = await says(c, "no such tile: 7", "reading tile 7", "east", "join")
        assert "worker-1" in text
        keys.done()


async def test_10_why_a_process_failed(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    await colony.submit("cli", "fetch")
    process = await colony.assign("worker-1")
    await colony.log("worker-1", process, "asking the mirror")
    await colony.fail("worker-1", process, "exit 7: mirror not reached")
    async with console(profile_of(colony), tmp_path) as c:
        keys = Keys(c, "10")
        await c.until_known()
        await c.until_shows("mirror not reached")
        await keys.press("tab", "X")
        await says(c, "fetch failed", "on worker-1", "exit 7: mirror not reached", "asking the mirror")
        keys.done()


async def test_11_why_a_process_waits(colony: Colony, tmp_path: Path) -> None:
    await colony.register("gpu-7", "gpu", approve=False)
    await colony.register("worker-1", "cli")
    await colony.submit("gpu", "train")
    async with console(profile_of(colony), tmp_path) as c:
        keys = Keys(c, "11")
        await c.until_known()
        await c.until_shows("1 blocked")
        await keys.press("X")
        await c.until_shows("Why train waits", "No approved executor of type gpu; 1 is pending.", "a approve gpu-7")
        keys.next_part()
        await c.press("escape", "1")
        await keys.press("2")
        await c.until(lambda: c.processes.table.cursor_id is not None)
        await keys.press("X")
        await c.until(lambda: isinstance(c.app.screen, WaitingScreen))
        await c.until_shows("No approved executor of type gpu; 1 is pending.")
        keys.done()


async def test_12_the_log_of_a_running_process_is_tailed(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    await colony.failed("worker-1", "boom")
    await colony.submit("cli", "render")
    process = await colony.assign("worker-1")
    await colony.log("worker-1", process, "tile 1 of 9")
    async with console(profile_of(colony), tmp_path) as c:
        keys = Keys(c, "12")
        await c.until_known()
        await keys.press("5")
        await c.until(lambda: c.logs.table.row_count > 0)
        await keys.press("enter")
        await c.until_shows("render", "tile 1 of 9", "follow")
        await colony.log("worker-1", process, "tile 2 of 9")
        await c.until_shows("tile 2 of 9")
        await colony.succeed("worker-1", process)
        await c.until_shows("ended: success")
        keys.done()


async def test_13_the_logs_of_a_workflow_are_tailed_as_one(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    await colony.register("worker-2", "cli")
    await start(colony)
    await done(colony, "plan", "planning")
    await run_next(colony, "east", "reading the east")
    west = await colony.assign("worker-2")
    async with console(profile_of(colony), tmp_path) as c:
        keys = Keys(c, "13")
        await c.until_known()
        await keys.press("3")
        await c.until(lambda: workflows(c).table.row_count == 1)
        await keys.press("l")
        await c.until_shows("planning", "reading the east")
        await colony.log("worker-2", west, "reading the west")
        await c.until_shows("reading the west")
        keys.done()


def is_at(c: Console, text: str) -> bool:
    return any("▌" in line and text in line for line in c.lines)


async def test_14_an_error_text_is_searched_and_read_in_its_context(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    await colony.submit("cli", "render")
    process = await colony.assign("worker-1")
    await colony.log("worker-1", process, "opening tile", "Errno 28: no space left", "giving up")
    async with console(profile_of(colony), tmp_path) as c:
        keys = Keys(c, "14")
        await c.until_known()
        await keys.press("F")
        await keys.type("Errno 28", "text")
        await keys.press("enter")
        await c.until_shows("1 hit", "no space left")
        await keys.press("enter")
        await c.until(lambda: c.view == "logs" and is_at(c, "Errno 28: no space left"))
        await c.until_shows("opening tile", "giving up")
        keys.done()
