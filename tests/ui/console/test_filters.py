"""The filter bar: completion, earlier filters, saved ones; and that every list is filtered and says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from colonies_tui.protocol.models.executor import Function
from colonies_tui.ui.views.files import FilesView
from colonies_tui.ui.views.several_lists import SeveralLists
from colonies_tui.ui.widgets.filter_bar import FilterBar
from colonies_tui.ui.widgets.live_table import LiveTable
from tests.ui.console.colony import Colony
from tests.ui.console.driver import LARGE, SMALL, Console, console, profile_of
from tests.ui.console.test_processes import fill, functions
from tests.ui.console.workflow_colony import a_cron, a_file, a_generator, start


def bar_text(c: Console) -> str:
    return c.main.query_one(FilterBar).text


async def on_processes(c: Console) -> None:
    await c.until_known()
    await c.go("processes")
    await c.until(lambda: c.processes.table.row_count == 5)


async def test_fields_and_values_are_completed(colony: Colony, tmp_path: Path) -> None:
    await fill(colony)
    async with console(profile_of(colony), tmp_path) as c:
        await on_processes(c)
        await c.press("slash")
        await c.type("exec")
        assert c.shows("executor=")
        await c.press("tab")
        assert bar_text(c) == "executor="
        assert c.shows("worker-1 3")
        await c.type("w")
        field = c.main.query_one(FilterBar).query_one(Input)
        await c.until(lambda: field._suggestion == "executor=worker-1")
        assert "executor=worker-1" in c.lines[-2], "the rest stands there, dim"
        await c.press("right")
        assert bar_text(c) == "executor=worker-1"
        assert sorted(functions(c)) == ["broken", "busy", "good"]
        await c.type(" state=failed|su")
        await c.press("tab", "enter")
        assert c.processes.filter_text == "executor=worker-1 state=failed|success"
        assert sorted(functions(c)) == ["broken", "good"]
        assert c.processes.table.has_focus


async def test_up_and_down_go_through_earlier_filters_of_the_list(colony: Colony, tmp_path: Path) -> None:
    await fill(colony)
    async with console(profile_of(colony), tmp_path) as c:
        await on_processes(c)
        for text in ("broken", "good", "broken"):
            await c.filter(text)
            await c.press("escape")
        await c.go("executors")
        await c.filter("worker")
        await c.go("processes")
        await c.press("slash")
        await c.type("busy")
        await c.press("up")
        assert (bar_text(c), functions(c)) == ("broken", ["broken"])
        await c.press("up", "up")
        assert bar_text(c) == "good"
        await c.press("down", "down")
        assert (bar_text(c), functions(c)) == ("busy", ["busy"])
        await c.press("escape")


async def test_a_filter_is_saved_under_a_name_and_taken_up_again(colony: Colony, tmp_path: Path) -> None:
    await fill(colony)
    async with console(profile_of(colony), tmp_path) as c:
        await on_processes(c)
        await c.press("slash")
        await c.type("state=failed|cancelled")
        await c.press("ctrl+s")
        assert c.shows("save as", "*name is this filter then")
        await c.type("not right")
        await c.press("enter")
        assert c.shows("letters, digits, . _ and -")
        await c.press(*["backspace"] * 9)
        await c.type("trouble")
        assert len(functions(c)) == 2, "a name filters nothing"
        await c.press("enter")
        assert c.notices == ["filter saved as *trouble"]
        assert bar_text(c) == "state=failed|cancelled"
        await c.press("escape")
        assert len(functions(c)) == 5
    async with console(profile_of(colony), tmp_path) as c:
        await on_processes(c)
        await c.press("slash")
        await c.type("*tr")
        assert c.shows("*trouble")
        assert len(functions(c)) == 5
        await c.press("tab")
        assert sorted(functions(c)) == ["broken", "stopped"]
        await c.press("enter")
        assert c.processes.filter_text == "state=failed|cancelled"
        await c.press("slash")
        await c.type(" *nothing")
        assert c.shows('no saved filter "nothing"')
        await c.press("enter")
        assert c.main.query_one(FilterBar).is_open, "there is nothing to keep"
        await c.press("escape")
        await c.go("executors")
        await c.palette("filter trouble")
        await c.until(lambda: c.view == "processes")
        assert sorted(functions(c)) == ["broken", "stopped"]
        await c.palette("forget filter trouble")
        await c.until(lambda: c.notices[-1:] == ["filter *trouble of processes is forgotten"])
        assert c.app._shelf.saved("processes") == {}


async def test_a_broken_file_of_filters_is_said_when_one_is_saved(colony: Colony, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "filters.json").write_text("{")
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("executors")
        await c.press("slash")
        await c.type("x")
        await c.press("ctrl+s")
        assert c.notices[0].endswith("is no file of saved filters; move it away to begin anew")
        assert (tmp_path / "state" / "filters.json").read_text() == "{"


async def filled(colony: Colony) -> None:
    """Two rows or more for every list."""
    for name in ("worker-1", "worker-2"):
        await colony.register(name)
        function = Function(colonyname=colony.name, executorname=name, funcname="hash")
        await colony.workers[name].client.add_function(fun=function)
        await colony.failed(name, f"ValueError: of {name}")
        await a_cron(colony, f"cron-{name}")
        await a_generator(colony, f"generator-{name}")
        await a_file(colony, f"/{name}", "a.tif")
        await a_file(colony, "/worker-1", f"{name}.tif")
        await start(colony, {name: ()})
    await colony.submit("gpu", "train")


LISTS = {
    "overview": ("queues", "type=gpu"),
    "processes": ("processes", "executor=worker-2"),
    "workflows": ("workflows-table", "name~worker-[2-9]"),
    "executors": ("executors-table", "!worker-1"),
    "logs": ("sources", "name=worker-2"),
    "crons": ("crons-table", "~cron.*2$"),
    "generators": ("generators-table", "name!=generator-worker-1"),
    "files": ("labels", "label=/worker-2"),
    "colonies": ("users", "name=operator"),
    "functions": ("functions-table", "executor=worker-2"),
}


@pytest.mark.parametrize("view", LISTS)
async def test_every_list_is_filtered_and_says_so(view: str, colony: Colony, tmp_path: Path) -> None:
    await filled(colony)
    list_id, text = LISTS[view]
    async with console(profile_of(colony), tmp_path, size=LARGE) as c:
        await c.until_known()
        if view == "functions":
            await c.palette("functions")
            await c.until(lambda: c.view == view)
        elif view != "overview":
            await c.go(view)
        table = c.main.query_one(f"#{list_id}", LiveTable)
        few = 1 if view == "colonies" else 2
        await c.until(lambda: len(table.rows) >= few)
        table.focus()
        await c.settle()
        await c.press("slash")
        await c.type("nothing-like-this")
        assert table.row_count == 0
        await c.press("enter")
        if isinstance(c.main.active_view, SeveralLists):
            assert c.shows(f"0 of {len(table.rows)}") or view == "overview"
        else:
            assert c.shows("/ nothing-like-this", f"{len(table.rows)} hidden", "esc shows them again")
        await c.press("slash", *["backspace"] * 20)
        await c.type("colour=red")
        assert c.shows('no field "colour"')
        await c.press(*["backspace"] * 20)
        await c.type(text)
        await c.press("enter")
        await c.until(lambda: table.row_count == 1)
        assert c.shows(
            f"/ {text}" if view != "files" else "/ lab…", f"{len(table.rows) - 1} hidden" * (view != "files")
        )
        assert c.main.here().filter == text or view == "overview"
        await c.press("escape")
        assert table.row_count == len(table.rows)
        assert f"/ {text}" not in c.text


async def test_lists_of_one_view_have_filters_of_their_own_that_come_back(colony: Colony, tmp_path: Path) -> None:
    await filled(colony)
    async with console(profile_of(colony), tmp_path, size=LARGE) as c:
        await c.until_known()
        await c.go("files")
        view = c.main.query_one(FilesView)
        labels, files = (c.main.query_one(f"#{name}", LiveTable) for name in ("labels", "files"))
        await c.until(lambda: len(labels.rows) == 2 and len(files.rows) == 3)
        await c.filter("worker-1")
        await c.press("tab")
        await c.filter("name=a.tif")
        assert (labels.row_count, files.row_count) == (1, 1)
        assert dict(view.filters()) == {"labels": "worker-1", "files": "name=a.tif"}
        await c.press("escape")
        assert (labels.row_count, files.row_count) == (1, 3)
        await c.press("right_square_bracket")
        assert dict(view.filters()) == {"labels": "worker-1", "files": "name=a.tif"}
        assert files.has_focus


async def test_hits_of_a_search_are_filtered(colony: Colony, tmp_path: Path) -> None:
    for name in ("worker-1", "worker-2"):
        await colony.register(name)
        await colony.submit()
        process = await colony.assign(name)
        await colony.log(name, process, f"found by {name}")
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("logs")
        await c.press("F")
        await c.type("found")
        await c.press("enter")
        await c.until_shows("2 hits", "found by worker-2")
        await c.press("slash")
        await c.type("executor=worker-1")
        await c.press("enter")
        assert c.shows("/ executor=worker-1", "1 hidden", "found by worker-1")
        assert "found by worker-2" not in c.text
        await c.press("escape")
        assert c.shows("found by worker-2")


async def test_the_examples_of_the_help_stand_in_columns(colony: Colony, tmp_path: Path) -> None:
    async with console(profile_of(colony), tmp_path, size=SMALL) as c:
        await c.until_known()
        await c.go("executors")
        await c.press("question_mark", "end")
        await c.until_shows("── Filter", "age>1h")
        parts = (
            "any text holds it;",
            "one of several values;",
            "a text holds it,",
            "a regular",
            "a time or a",
            "quotes",
        )
        columns = {c.line(part).index(part) for part in parts if c.line(part)}
        assert len(columns) == 1
        assert c.line("fields ").index("name, type") in columns
