"""Logs: the tail of a process and of an executor, and everything one does while reading one."""

from __future__ import annotations

from pathlib import Path

import pytest

from colonies_tui.protocol.models.process import Process
from tests.ui.console.colony import Colony
from tests.ui.console.driver import MIDDLE, Console, console, profile_of


def follows(c: Console) -> bool:
    """Whether the log stays at its end."""
    return c.logs.log_view.following


def is_filtered(c: Console) -> bool:
    """Whether only hits are shown."""
    return c.logs.log_view.is_filtered


WORDS = ("starting", "band 1 done", "ERROR: no such band", "band 2 done", "bye")


async def running(colony: Colony) -> Process:
    await colony.register("worker-1", "cli")
    await colony.submit("cli", "render_tile")
    return await colony.assign("worker-1")


async def opened(c: Console, process: Process) -> None:
    """Open the log of a process from the list of processes."""
    await c.until_known()
    await c.go("processes")
    await c.until(lambda: c.processes.table.move_to(process.processid))
    await c.press("l")
    assert c.view == "logs"
    await c.until(lambda: c.logs._tail is not None and c.logs._tail.freshness.loaded_at is not None)


async def test_a_tail_follows_and_ends_by_itself(colony: Colony, tmp_path: Path) -> None:
    process = await running(colony)
    await colony.log("worker-1", process, *WORDS)
    async with console(profile_of(colony), tmp_path) as c:
        await opened(c, process)
        await c.until_shows(*WORDS)
        assert c.shows("render_tile ·", "▶ running", "follow ·")
        await colony.log("worker-1", process, "one more [/red] line")
        await c.until_shows("one more [/red] line")
        await colony.succeed("worker-1", process)
        await c.until_shows("ended: success after")
        assert "ended" in c.line("render_tile ·")
        assert c.text.count("ended: success") == 1


async def test_a_pause_counts_what_is_new(colony: Colony, tmp_path: Path) -> None:
    process = await running(colony)
    await colony.log_past(process, 100)
    async with console(profile_of(colony), tmp_path) as c:
        await opened(c, process)
        await c.until_shows("line 0099")
        await c.press("k")
        assert not follows(c)
        assert c.shows("paused")
        seen = [line for line in c.lines if " line 00" in line]
        await colony.log("worker-1", process, "new 1", "new 2", "new 3")
        await c.until_shows("+3 new · f to follow")
        assert [line.replace("▌", " ") for line in c.lines if " line 00" in line][:-1] == [
            line.replace("▌", " ") for line in seen
        ][:-1], "what is read stays where it is"
        assert "new 3" not in c.text
        await c.press("f")
        assert follows(c)
        assert c.shows("new 3")
        await c.press("g")
        assert c.shows("line 0000")
        assert not follows(c)
        await c.press("G")
        assert follows(c)


async def test_search_filter_context_wrap_and_stamps(colony: Colony, tmp_path: Path) -> None:
    process = await running(colony)
    await colony.log_past(process, 300)
    await colony.log("worker-1", process, "needle " + "long " * 60, "last")
    async with console(profile_of(colony), tmp_path, size=MIDDLE) as c:
        await opened(c, process)
        view = c.logs.log_view
        await c.until_shows("last")
        await c.filter("line 00")
        assert c.shows("/ line 00")
        assert (view.search_status, view.following) == ("100/100", False)
        await c.press("N", "N", "n")
        assert view.search_status == "99/100"
        await c.press("n", "n")
        assert view.search_status == "1/100", "round the end"
        assert c.shows("line 0000", "line 0020"), "with what stands around it"
        await c.press("escape")
        await c.filter("line 0100")
        await c.press("x")
        assert is_filtered(c)
        assert view.hidden_count == 302 - 5
        assert c.shows("line 0098", "line 0100", "line 0102", "297 lines hidden")
        assert "line 0097" not in c.text
        await c.press("plus")
        assert c.shows("line 0097", "line 0103")
        await c.press("x")
        assert not is_filtered(c)
        await c.press("escape")
        assert view.search_text == ""
        await c.press("G")
        assert "long long" in c.text
        before = c.text.count("long")
        await c.press("w")
        assert c.text.count("long") > before
        assert view.show_stamps
        assert "needle" in c.text
        line = c.line("last")
        await c.press("t")
        assert c.line("last") != line
        assert c.line("last").split() == ["last"]
        assert c.view == "logs"


async def test_earlier_lines_are_a_gap_until_they_are_asked_for(colony: Colony, tmp_path: Path) -> None:
    process = await running(colony)
    await colony.log_past(process, 1200)
    async with console(profile_of(colony), tmp_path) as c:
        await opened(c, process)
        view = c.logs.log_view
        await c.until_shows("line 1199")
        assert view.line_count == 501
        await c.press("g")
        assert c.shows("not fetched: L fetches them", "line 0700")
        assert "line 0699" not in c.text
        tail = c.logs._tail
        assert tail is not None
        for _ in range(10):
            await c.press("L")
            await c.until(lambda: not tail._is_loading_earlier)
            if not tail.has_earlier:
                break
        await c.press("g")
        await c.until_shows("line 0000")
        kept = [message.text for message in view._model.buffer.messages() if message.kind == "line"]
        assert kept == [f"line {number:04}" for number in range(1200)]
        await c.press("L")
        assert c.notices[-1:] == ["earlier lines: all earlier lines are here already"]


async def test_saving_writes_what_the_server_has(
    colony: Colony, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = ("plain", "tab\tand \x1b[31mred\x1b[0m", "two\nlines", "carriage\r\n", "åäö \u202e reversed", "")
    process = await running(colony)
    await colony.log("worker-1", process, *raw)
    monkeypatch.chdir(tmp_path)
    async with console(profile_of(colony), tmp_path) as c:
        await opened(c, process)
        await c.until(lambda: c.logs.log_view.line_count >= len(raw))
        await c.press("t", "ctrl+s")
        await c.until(lambda: bool(c.notices))
        assert "6 messages saved to " in c.notices[-1]
        name = c.notices[-1].rpartition("/")[2]
    saved = (tmp_path / name).read_bytes()
    stored = await colony.operator.get_logs(colonyname=colony.name, processid=process.processid, count=10)
    assert [row.message for row in stored] == list(raw)
    wanted = "".join(text if text.endswith("\n") else text + "\n" for text in raw)
    assert saved == wanted.encode()


async def test_the_log_of_an_executor_names_the_processes(colony: Colony, tmp_path: Path) -> None:
    first = await running(colony)
    await colony.log("worker-1", first, "from the first")
    await colony.succeed("worker-1", first)
    await colony.submit("cli", "other")
    second = await colony.assign("worker-1")
    await colony.log("worker-1", second, "from the second")
    await colony.workers["worker-1"].client.add_executor_log(
        colonyname=colony.name, executorname="worker-1", message="of its own"
    )
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("logs")
        await c.until(lambda: "executor worker-1" in c.logs.table.visible_ids())
        assert c.shows("No log is open")
        c.logs.table.move_to("executor worker-1")
        await c.press("enter")
        await c.until_shows("from the first", "from the second", "of its own")
        assert first.processid[:8] in c.line("from the first")
        assert second.processid[:8] in c.line("from the second")
        await c.press("d")
        assert c.notices == ["process: this is the log of an executor, not of one process"]
        await c.press("escape")
        assert c.logs.table.has_focus
        await c.filter("other")
        assert [c.logs.table.rows[i].name for i in c.logs.table.visible_ids()] == ["other"]
        await c.press("enter")
        await c.until(lambda: c.shows("from the second") and "from the first" not in c.text)
        await c.press("d")
        await c.until(lambda: c.view == "processes")
        assert c.processes.table.cursor_id == second.processid


async def test_a_log_that_may_not_be_read_says_so_and_an_empty_one_is_empty(colony: Colony, tmp_path: Path) -> None:
    process = await running(colony)
    async with console(profile_of(colony), tmp_path) as c:
        await opened(c, process)
        assert c.shows("Nothing logged yet")
        await c.press("slash")
        await c.type("x")
        await c.press("enter")
        assert c.shows("no hit")
