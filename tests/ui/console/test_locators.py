"""Locators in the console: copied from every list, gone to from anywhere, also in other colonies, or not found."""

from __future__ import annotations

from pathlib import Path

from textual.command import CommandList, CommandPalette

from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.models.executor import Function
from colonies_tui.protocol.states import ProcessState
from colonies_tui.ui.locator import Locator, parse_locator
from colonies_tui.ui.views.crons import CronsView
from colonies_tui.ui.views.files import FilesView
from colonies_tui.ui.views.generators import GeneratorsView
from colonies_tui.ui.views.workflows import WorkflowsView
from tests.ui.console.colony import Colony
from tests.ui.console.driver import SMALL, Console, console, profile_of
from tests.ui.console.test_colonies import second_colony
from tests.ui.console.workflow_colony import a_cron, a_file, a_generator, start


async def copied(c: Console) -> Locator:
    """Press the key and return what is in the clipboard."""
    await c.press("Y")
    text = c.app.clipboard
    assert c.notices[-1].startswith("copied colony/")
    return parse_locator(text)


async def offered(c: Console, text: str) -> list[str]:
    """Return what the palette offers for a text, and close it."""
    await c.press("colon")
    await c.type(text)
    palette = c.app.screen
    assert isinstance(palette, CommandPalette)
    found = palette.query_one(CommandList)
    await c.until(lambda: found.option_count > 0)
    prompts = [str(option.prompt) for option in found.options]
    await c.press("escape")
    await c.until(lambda: c.app.screen is not palette)
    return prompts


async def test_the_place_of_each_list_is_copied_and_leads_back(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    process = await colony.submit("gpu", "train")
    graph = await start(colony)
    cron = await a_cron(colony, "nightly")
    generator = await a_generator(colony, "batches")
    await a_file(colony, "/maps/east", "a.tif")
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.until_shows(" gpu ")
        expected = {
            "executors": ("executor", "worker-1"),
            "workflows": ("workflow", graph.processgraphid),
            "crons": ("cron", cron.cronid),
            "generators": ("generator", generator.generatorid),
            "files": ("label", "/maps"),
        }
        for view, (kind, object_id) in expected.items():
            await c.go(view)
            await c.until(lambda object_id=object_id: c.main.here().id == object_id)  # type: ignore[misc]
            assert await copied(c) == Locator("dev", view, kind, object_id)
        await c.go("processes")
        await c.until(lambda: c.processes.table.row_count == 5)
        await c.filter("function=train")
        place = await copied(c)
        assert place == Locator("dev", "processes", "process", process.processid, "function=train")
        assert c.notices[-1] == f"copied colony/dev/process/{process.processid[:8]}…?filter=function=train"
        await c.press("escape")
        await c.go("executors")
        c.main.go_to(place)
        await c.until(lambda: c.view == "processes" and c.processes.has_class("-detail"))
        assert (c.processes.filter_text, c.processes.opened()) == ("function=train", process.processid)
        await c.press("J")
        await c.until(lambda: c.view == "journal")
        assert await copied(c) == Locator("dev", "journal")
        await c.go("server")
        assert await copied(c) == Locator("dev", "server")


async def test_a_locator_goes_to_each_kind_of_object_by_id_prefix_and_name(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    failed = await colony.failed("worker-1", "ValueError: bad tile")
    graph = await start(colony)
    cron = await a_cron(colony, "nightly")
    generator = await a_generator(colony, "batches")
    await a_file(colony, "/maps/east", "a.tif")
    revision = await a_file(colony, "/maps/east", "b.tif")
    async with console(profile_of(colony), tmp_path, size=SMALL) as c:
        await c.until_known()

        async def goes(text: str, view: str) -> None:
            c.main.go_to(parse_locator(text, colony="dev"))
            await c.until(lambda: c.view == view)

        await goes(f"process/{failed.processid[:6]}", "processes")
        await c.until_shows("ValueError: bad tile", "── Work")
        await goes(f"cron/{cron.cronid[:8]}", "crons")
        await c.until(lambda: c.main.query_one(CronsView).has_class("-detail"))
        await goes("generator/batches", "generators")
        await c.until(lambda: c.main.query_one(GeneratorsView).opened() == generator.generatorid)
        await goes(f"workflow/{graph.processgraphid}", "workflows")
        await c.until(lambda: c.main.query_one(WorkflowsView).pane.graph_id == graph.processgraphid)
        await goes("file//maps/east/b.tif", "files")
        files = c.main.query_one(FilesView)
        await c.until(lambda: files.at() == ("file", "/maps/east/b.tif"))
        await goes("label//maps", "files")
        await c.until(lambda: files.at() == ("label", "/maps"))
        await goes(f"file/{revision.fileid}", "files")
        await c.until(lambda: files.at() == ("file", "/maps/east/b.tif"))
        await goes("executor/worker-1", "executors")
        await c.until_shows("worker-1 · cli")
        await goes("log/executor/worker-1", "logs")
        await c.until(lambda: c.logs.opened() == "executor worker-1")
        await goes(f"log/process/{failed.processid[:8]}?filter=line", "logs")
        await c.until(lambda: c.logs.opened() == f"process {failed.processid}")
        assert c.logs.log_view.search_text == "line"
        await goes("queue/cli", "processes")
        await c.until(lambda: c.processes.filter_text == "type=cli")
        await goes("processes?state=failed&filter=label!=x", "processes")
        await c.until(lambda: (c.processes.state_key(), c.processes.filter_text) == ("failed", "label!=x"))
        await goes("user/operator", "colonies")
        await c.until(lambda: c.colonies.users.has_focus)
        assert c.notices == []


async def test_what_is_not_found_is_said_and_the_list_is_shown(colony: Colony, tmp_path: Path) -> None:
    for executor in ("worker-1", "worker-2"):
        await colony.register(executor)
        client = colony.workers[executor].client
        await client.add_function(fun=Function(colonyname="dev", executorname=executor, funcname="hash"))
    await a_file(colony, "/maps", "a.tif")
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        for text, words in (
            ("cron/weekly", "no cron weekly is known in colony dev"),
            ("function/hash", "hash is more than one function: hash "),
            ("cron/ab", "at least 4 characters"),
            (f"process/{'ab' * 32}", "no process abababab is known"),
            (f"file/{'ab' * 32}", "no file abababab is known"),
            ("process/abab", "older ones are found by their whole id"),
            ("file//maps/b.tif", "there is no file b.tif under /maps"),
            ("file/b.tif", "named by its label and its name"),
            ("crons?filter=colour=red", 'no field "colour"; ? lists them; the filter was left out'),
        ):
            c.main.go_to(parse_locator(text, colony="dev"))
            await c.until(lambda words=words: any(words in said for said in c.notices))  # type: ignore[misc]
        assert c.view == "crons"
        c.main.go_to(Locator("elsewhere", "processes"))
        await c.until(lambda: c.session.colonies.freshness.can_show_rows)
        c.main.go_to(Locator("elsewhere", "processes"))
        await c.until(lambda: c.notices[-1].startswith("there is no colony elsewhere at http://"))
        assert len(c.sessions) == 1


async def test_a_locator_into_another_colony_switches_and_history_leads_back(colony: Colony, tmp_path: Path) -> None:
    await second_colony(colony)
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.until(lambda: c.session.colonies.get("lab") is not None)
        await c.go("executors")
        c.main.go_to(Locator("lab", "crons", filter="name=x"))
        await c.until(lambda: c.session.colony == "lab" and c.view == "crons")
        await c.until(lambda: c.main.query_one(CronsView).filter_text == "name=x")
        await c.press("left_square_bracket")
        await c.until(lambda: c.session.colony == "dev" and c.view == "executors")
        await c.press("right_square_bracket")
        await c.until(lambda: c.session.colony == "lab" and c.view == "crons")


async def test_the_palette_takes_locators_and_says_what_is_wrong_with_one(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    cron = await a_cron(colony, "nightly")
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.palette("colony/dev/executor/worker-1")
        await c.until(lambda: c.view == "executors")
        await c.palette("cron/nightly")
        await c.until(lambda: c.view == "crons" and c.main.here().id == cron.cronid)
        prompts = await offered(c, "colony/dev/proces/1")
        assert any('no view or kind of object "proces"; process' in prompt for prompt in prompts)


async def test_the_palette_finds_ids_in_lists_that_nobody_has_looked_at(colony: Colony, tmp_path: Path) -> None:
    graph = await start(colony)
    cron = await a_cron(colony, "nightly")
    generator = await a_generator(colony, "batches")
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        for object_id, words in (
            (cron.cronid, "nightly"),
            (generator.generatorid, "batches"),
            (graph.processgraphid, "workflow"),
        ):
            prompts = await offered(c, object_id[:9])
            assert any(words in prompt for prompt in prompts), prompts
        await c.palette(generator.generatorid[:9])
        await c.until(lambda: c.view == "generators" and c.main.here().id == generator.generatorid)


async def test_a_whole_id_that_no_list_holds_is_asked_for(colony: Colony, tmp_path: Path) -> None:
    await colony.submit("gpu", "first", priority=-5)
    waiting = await colony.operator.get_processes(colonyname=colony.name, count=100, state=ProcessState.WAITING)
    oldest = waiting[0]
    await colony.submit_many(110, "gpu", "train")
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        c.session.processes.merge({}, [oldest.processid])
        await c.press("colon")
        await c.type(oldest.processid)
        await c.until_shows(f"Process {oldest.processid[:8]}", "the server is asked for it")
        await c.press("enter")
        await c.until(lambda: c.view == "processes" and c.processes.opened() == oldest.processid)
        await c.until_shows("── Course", "first")


async def test_without_a_key_the_reason_is_said(colony: Colony, tmp_path: Path) -> None:
    async with console(profile_of(colony, keys=Keyring()), tmp_path) as c:
        await c.until(lambda: c.session.link.is_up)
        c.main.go_to(Locator("dev", "crons", "cron", "nightly"))
        await c.until(lambda: c.notices == ["cron nightly was not found: needs the member's key"])
        c.main.go_to(Locator("dev", "processes", "process", "ab" * 32))
        await c.until(lambda: c.notices[-1] == "process abababab was not found: needs the member's key")
