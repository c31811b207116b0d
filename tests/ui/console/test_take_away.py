"""Copying and exporting: what is shown is taken away as it was sent, said, and never written over anything."""

from __future__ import annotations

import csv
import json
import stat
from pathlib import Path

import pytest

from colonies_tui.ui.widgets.prompt import Prompt
from tests.ui.console.colony import Colony
from tests.ui.console.driver import Console, console, profile_of
from tests.ui.console.workflow_colony import a_cron, start


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Files go where the test can find them."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


def written(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "here").iterdir())


async def answer_prompt(c: Console, text: str | None = None) -> None:
    """Wait for the question for a file, and answer it with what stands there or with another name."""
    await c.until(lambda: isinstance(c.app.screen, Prompt))
    if text is not None:
        await c.press("home", "ctrl+k")
        await c.type(text)
    await c.press("enter")


async def test_the_row_under_the_cursor_is_copied_by_id_or_name(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    process = await colony.submit()
    cron = await a_cron(colony, "nightly")
    graph = await start(colony)
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("executors")
        await c.until_shows("worker-1")
        await c.press("y")
        assert c.app.clipboard == "worker-1"
        assert c.notices == ["copied  worker-1"]
        await c.press("enter", "y")
        assert c.app.clipboard == "worker-1"
        await c.go("processes")
        await c.until(lambda: process.processid in c.processes.table.visible_ids())
        c.processes.table.move_to(process.processid)
        for keys in (("y",), ("enter", "y")):
            c.app.copy_to_clipboard("")
            await c.press(*keys)
            assert c.app.clipboard == process.processid
        assert c.notices[-1] == f"copied  {process.processid[:59]}…  (64 characters)"
        await c.go("crons")
        await c.until_shows("nightly")
        await c.press("y")
        assert c.app.clipboard == cron.cronid
        await c.go("workflows")
        await c.until(lambda: "1/4" in c.text or "0/4" in c.text)
        await c.press("y")
        assert c.app.clipboard == graph.processgraphid
        await c.press("enter")
        await c.until_shows("plan")
        await c.press("y")
        assert c.app.clipboard in graph.processids
        await c.go("server")
        await c.press("y")
        assert c.notices[-1] == "there is nothing to copy here"


async def test_a_line_of_a_log_is_copied_as_it_was_sent(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    await colony.submit()
    process = await colony.assign("worker-1")
    sent = "\x1b[31mred\x1b[0m\tand a tab"
    await colony.log("worker-1", process, sent)
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("logs")
        await c.until_shows("render_tile")
        await c.press("y")
        assert c.app.clipboard == process.processid
        await c.press("enter")
        await c.until_shows("and a tab")
        await c.press("y")
        assert c.app.clipboard == sent
        assert "\x1b" not in c.notices[-1]


async def test_a_list_is_exported_as_it_is_filtered(colony: Colony, tmp_path: Path) -> None:
    await colony.submit(funcname="=cmd|calc")
    await colony.submit(funcname="render")
    await colony.submit(funcname="render")
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("processes")
        await c.until(lambda: c.processes.table.row_count == 3)
        await c.press("E")
        await c.until(lambda: c.dialog is not None)
        assert c.asks("Export 3 rows of processes?", "those on show")
        await c.press("c")
        await answer_prompt(c)
        await c.until(lambda: any("3 rows written to" in notice for notice in c.notices))
        (path,) = written(tmp_path)
        assert path.name.startswith("processes-")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        rows = list(csv.DictReader(path.read_text().splitlines()))
        assert sorted(row["function"] for row in rows) == ["=cmd|calc", "render", "render"]
        assert {len(row["id"]) for row in rows} == {64}
        await c.filter("render")
        await c.press("E", "j")
        await answer_prompt(c, "two.json")
        await c.until(lambda: any("2 rows written to" in notice for notice in c.notices))
        found = json.loads((tmp_path / "here" / "two.json").read_text())
        assert [row["function"] for row in found] == ["render", "render"]
        assert [row["id"] for row in found] == list(c.processes.table.visible_ids())


async def test_nothing_is_written_over_and_leaving_writes_nothing(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    (tmp_path / "here" / "mine.csv").write_text("mine")
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("executors")
        await c.until_shows("worker-1")
        await c.press("E", "escape")
        assert c.dialog is None
        await c.press("E", "c")
        await answer_prompt(c, "mine.csv")
        await c.until_shows("is there already; name another one")
        await c.press("home", "ctrl+k")
        await c.type("no/where.csv")
        await c.press("enter")
        await c.until_shows("there is no directory")
        await c.press("escape")
        assert (tmp_path / "here" / "mine.csv").read_text() == "mine"
        assert len(written(tmp_path)) == 1


async def test_without_rows_there_is_nothing_to_export(colony: Colony, tmp_path: Path) -> None:
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("crons")
        await c.until_shows("No crons")
        await c.press("E", "y")
        assert c.dialog is None
        assert c.app.clipboard == ""


async def test_the_screen_is_saved_as_text(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", "cli")
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("executors")
        await c.until_shows("worker-1")
        await c.palette("save screen as text")
        await c.until(lambda: any("the screen was written to" in notice for notice in c.notices))
        (path,) = written(tmp_path)
        text = path.read_text()
        assert "worker-1" in text
        assert "Search" not in text, "the palette is not on it"
        assert len(text.splitlines()) == 40
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
