"""Watching in the console: told whatever is on the screen, and afterwards when the link was down."""

from __future__ import annotations

import json
import sys
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from textual.events import AppBlur, AppFocus

from colonies_tui.client.client import ColoniesClient
from colonies_tui.config.settings import Settings
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.models.process import Process
from colonies_tui.store.executor_condition import STALE_SECONDS
from colonies_tui.store.pace import Interval
from colonies_tui.store.watch import Event, WatchKind
from colonies_tui.store.watch_file import WatchFile
from tests.ui.console.colony import Colony, living_colony
from tests.ui.console.driver import HASTE, Console, console, profile_of
from tests.ui.console.workflow_colony import a_cron, crons, done, run_next, start, workflows

PACE = replace(HASTE, watched=Interval(seen=0.5, unseen=0.5, gap=0.1))


async def watch_process(c: Console, process: Process) -> None:
    """Put the cursor on a process and watch it."""
    await c.go("processes")
    await c.until(lambda: c.processes.table.move_to(process.processid))
    await c.press("w")
    assert process.processid in c.session.watches.ids(WatchKind.PROCESS)


async def events(c: Console, *wanted: Event) -> None:
    """Wait until these are the news so far."""
    await c.until(lambda: [news.event for news in c.session.watches.news] == list(wanted))


async def test_a_process_that_fails_while_another_screen_is_shown(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    async with console(profile_of(colony), tmp_path, pace=PACE) as c:
        await c.until_known()
        process = await colony.submit(funcname="train")
        await watch_process(c, process)
        assert c.notices[-1] == "train is watched: W lists what is"
        assert c.line("train").startswith("▌◉◌  train")
        await c.go("files")
        await colony.assign("worker-1")
        await events(c, Event.STARTED)
        await colony.fail("worker-1", process, "exit 137: out of memory")
        await events(c, Event.STARTED, Event.FAILED)
        await c.until(lambda: c.notices[-1] == "train failed: exit 137: out of memory")
        await c.until_shows("◉ 2 new: W")
        await c.press("W")
        assert c.view == "watches"
        await c.until_shows("✖  process", "failed: exit 137: out of memory", "2 new changes")
        await c.until(lambda: "new: W" not in c.lines[0])
        await c.press("enter")
        assert c.view == "processes"
        await c.until_shows("✖ failed")
        await c.press("W", "D")
        await c.until_shows("Nothing is watched")
        assert not c.session.watches.processes


async def test_the_news_of_a_tab_that_is_not_shown_name_its_colony(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    async with console(profile_of(colony), tmp_path, pace=PACE) as c:
        await c.until_known()
        process = await colony.submit(funcname="train")
        await watch_process(c, process)
        first = c.session
        c.app.open_beside(profile_of(colony, name="other"))
        await c.until(lambda: c.session is not first)
        await colony.assign("worker-1")
        await colony.fail("worker-1", process, "boom")
        await c.until(lambda: any(words.endswith("train failed: boom") for words in c.notices))
        assert f"{colony.name} · train failed: boom" in c.notices
        assert (first.watches.unread, c.session.watches.unread) != (0, 0)
        assert not c.session.watches.news


async def test_w_again_ends_the_watch_and_marks_are_watched_together(colony: Colony, tmp_path: Path) -> None:
    async with console(profile_of(colony), tmp_path, pace=PACE) as c:
        await c.until_known()
        made = [await colony.submit(funcname=name) for name in ("one", "two", "three")]
        await c.go("processes")
        await c.until(lambda: c.processes.table.row_count == 3)
        await c.press("g", "space", "j", "v", "w")
        assert len(c.session.watches.ids(WatchKind.PROCESS)) == 2
        assert c.notices[-1] == "2 things are watched: W lists what is"
        await c.press("w")
        assert not c.session.watches.ids(WatchKind.PROCESS)
        assert all(process.processid in c.session.processes.rows for process in made)


async def test_what_happened_while_the_link_was_down_is_told_as_such(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(living_colony(data=data))
        worker = await first.register("worker-1")
        made = {name: await first.submit(funcname=name) for name in ("train", "rest", "gone")}
        for _ in ("train", "rest"):
            await first.assign("worker-1")
        async with console(profile_of(first), tmp_path, pace=PACE) as c:
            await c.until_known()
            for process in made.values():
                await watch_process(c, process)
            await c.go("executors")
            await stack.aclose()
            await c.until(lambda: "stale since" in c.lines[0])
            async with living_colony(data=data) as elsewhere:  # the console does not see this one
                async with ColoniesClient(elsewhere.running.address, Keyring(member=worker.key)) as client:
                    await client.close_failed(processid=made["train"].processid, errors=("exit 137",))
                await elsewhere.operator.remove_process(processid=made["gone"].processid)
            c.clock.ahead += 180.0
            assert not c.session.watches.news
            async with living_colony(data=data, port=first.running.address.port) as second:
                await c.until(lambda: len(c.session.watches.news) == 2)
                told = {news.subject: news for news in c.session.watches.news}
                assert told["train"].event is Event.FAILED
                assert told["gone"].event is Event.GONE
                assert all(180 <= news.away_seconds < 240 for news in told.values())
                await c.until(lambda: any("train failed: exit 137" in words for words in c.notices))
                (words,) = (words for words in c.notices if "train failed" in words)
                assert words.startswith("while the link was down (3m")
                rest = f"process/{made['rest'].processid}"
                await c.until(lambda: not c.session.watches.rows.rows[rest].is_away)
                async with ColoniesClient(second.running.address, Keyring(member=worker.key)) as client:
                    await client.close_successful(processid=made["rest"].processid, out=())
                await c.until(lambda: len(c.session.watches.news) == 3)
                last = c.session.watches.news[-1]
                assert (last.subject, last.event, last.away) == ("rest", Event.SUCCEEDED, ""), "this happened now"
                await c.press("W")
                await c.until_shows("failed: exit 137", "while the link was down")


async def test_an_executor_that_is_approved_goes_stale_and_comes_back(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1", approve=False)
    async with console(profile_of(colony), tmp_path, pace=PACE) as c:
        await c.until_known()
        await c.go("executors")
        await c.until(lambda: c.executors.table.move_to("worker-1"))
        await c.press("w")
        await c.go("overview")
        await colony.operator.approve_executor(colonyname=colony.name, executorname="worker-1")
        await events(c, Event.APPROVED)
        await colony.submit()
        process = await colony.assign("worker-1")
        await colony.succeed("worker-1", process)
        await c.until(lambda: not c.session.book.tally(colony.workers["worker-1"].executor.executorid).running)
        c.clock.ahead += STALE_SECONDS + 10
        await events(c, Event.APPROVED, Event.STALE)
        await c.until(lambda: c.notices[-1] == "executor worker-1 is stale: it has not asked for work")
        c.clock.ahead = 0.0
        await events(c, Event.APPROVED, Event.STALE, Event.BACK)
        await colony.operator.remove_executor(colonyname=colony.name, executorname="worker-1")
        await events(c, Event.APPROVED, Event.STALE, Event.BACK, Event.GONE)


async def test_a_queue_that_is_blocked_and_its_depth(colony: Colony, tmp_path: Path) -> None:
    await colony.register("gpu-1", "gpu")
    async with console(profile_of(colony), tmp_path, pace=PACE) as c:
        await c.until_known()
        await c.until(lambda: c.overview.queue_table.row_count == 1)
        await c.press("w", "W")
        await c.until_shows("queue", "gpu", "empty")
        await c.press("d")
        await c.type("2x")
        await c.press("enter")
        await c.until_shows("it should be a whole number, or nothing")
        await c.press("backspace", "enter")
        await c.go("files")
        await colony.submit_many(3, "gpu")
        await events(c, Event.DEEP)
        assert c.session.watches.news[0].sentence == "queue gpu is deeper than 2: 3 wait"
        await c.press("W", "enter")
        assert c.view == "processes"
        await c.until_shows("type=gpu")


async def test_rows_that_enter_and_leave_a_filter(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    async with console(profile_of(colony), tmp_path, pace=PACE) as c:
        await c.until_known()
        await c.go("processes")
        await c.press("ctrl+f")
        assert c.notices[-1].startswith("set a filter")
        await c.filter("function~ren")
        await c.palette("Watch this filter")
        assert c.notices[-1] == "Processes / function~ren is watched: W lists what is"
        await c.go("crons")
        await colony.submit(funcname="other")
        await colony.submit(funcname="render_tile")
        await events(c, Event.ENTERED)
        await c.until(lambda: c.notices[-1] == "Processes / function~ren: 1 row entered: render_tile")
        await c.press("W")
        await c.until_shows("filter", "1 row")
        await c.press("enter")
        assert (c.view, c.processes.filter_text, c.processes.table.row_count) == ("processes", "function~ren", 1)
        await c.press("ctrl+f")
        assert not c.session.watches.rows.rows


async def test_a_workflow_is_followed_to_its_first_failure(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    async with console(profile_of(colony), tmp_path, pace=PACE) as c:
        await c.until_known()
        graph = await start(colony)
        await c.go("workflows")
        await c.until(lambda: workflows(c).table.move_to(graph.processgraphid))
        await c.until_shows("plan")
        await c.press("w")
        await c.go("server")
        await done(colony, "plan")
        await events(c, Event.STARTED)
        east = await run_next(colony, "east")
        await colony.fail("worker-1", east, "boom")
        await events(c, Event.STARTED, Event.FAILED)
        assert c.session.watches.news[-1].sentence == "workflow plan failed: east: boom"


async def test_a_member_of_a_graph_is_watched_as_a_process(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    async with console(profile_of(colony), tmp_path, pace=PACE) as c:
        await c.until_known()
        graph = await start(colony, {"plan": ()})
        await c.go("workflows")
        await c.until(lambda: workflows(c).table.move_to(graph.processgraphid))
        await c.press("enter")
        await c.until(lambda: workflows(c).pane.member_row() is not None)
        await c.press("w")
        assert c.session.watches.ids(WatchKind.PROCESS) == {workflows(c).pane.member_id}
        await done(colony, "plan")
        await c.until(lambda: c.session.watches.unread > 0 and c.session.watches.news[-1].event is Event.SUCCEEDED)


async def test_watches_come_back_and_tell_what_happened_meanwhile(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    made = {name: await colony.submit(funcname=name) for name in ("train", "rest", "gone")}
    kept = tmp_path / "watches"
    async with console(profile_of(colony), tmp_path, pace=PACE, watches_directory=kept) as c:
        await c.until_known()
        for process in made.values():
            await watch_process(c, process)
    (file,) = kept.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert colony.keys.member is not None
    assert colony.keys.member.reveal() not in file.read_text()
    process = await colony.assign("worker-1")
    await colony.fail("worker-1", process, "boom")
    await colony.operator.remove_process(processid=made["gone"].processid)
    for _ in range(2):  # what was said once is not said again
        async with console(profile_of(colony), tmp_path, pace=PACE, watches_directory=kept) as c:
            await c.until(lambda: len(c.session.watches.news) == 2)
            await c.until(lambda: not any(row.is_away for row in c.session.watches.rows.rows.values()))
            told = {news.subject: news for news in c.session.watches.news}
            assert told["train"].event is Event.FAILED
            assert told["gone"].event is Event.GONE
            assert {news.away for news in told.values()} == {"the console was closed"}
            assert len(c.session.watches.rows) == 3
            assert len(c.session.watches.news) == 2
    async with console(profile_of(colony, name="other"), tmp_path, pace=PACE, watches_directory=kept) as c:
        await c.until_known()
        assert not c.session.watches.rows.rows, "they belong to the profile"


async def test_a_file_that_is_no_file_of_watches_is_said(colony: Colony, tmp_path: Path) -> None:
    profile, kept = profile_of(colony), tmp_path / "watches"
    path = WatchFile.of(kept, profile=profile.name, server=str(profile.address), colony=profile.colony).path
    path.parent.mkdir()
    path.write_text("{")
    async with console(profile, tmp_path, pace=PACE, watches_directory=kept) as c:
        await c.until(lambda: any("cannot be read: it does not hold watches" in words for words in c.notices))


class Written:
    """What a terminal's driver was given to write besides the screen."""

    def __init__(self, c: Console, monkeypatch: pytest.MonkeyPatch) -> None:
        self.texts: list[str] = []
        monkeypatch.setattr(type(c.app), "is_headless", property(lambda app: False))
        monkeypatch.setattr(c.app._driver, "write", self.texts.append)

    @property
    def notices(self) -> list[str]:
        return [text for text in self.texts if text.startswith("\x1b]")]


async def test_bell_and_terminal_notification_only_without_focus(
    colony: Colony, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await colony.register("worker-1")
    settings = Settings(reduced_motion=True, watch_terminal="osc777")
    async with console(profile_of(colony), tmp_path, pace=PACE, settings=settings) as c:
        await c.until_known()
        hostile = await colony.submit(funcname="a;b\x07\x1b]52;c;eA==\x07\x9c\u202e")
        await watch_process(c, hostile)
        monkeypatch.delenv("TMUX", raising=False)
        written = Written(c, monkeypatch)
        await colony.assign("worker-1")
        await events(c, Event.STARTED)
        await c.until(lambda: "\x07" in written.texts)
        assert not written.notices, "the terminal has the focus"
        c.app.post_message(AppBlur())
        await c.settle()
        await colony.succeed("worker-1", hostile)
        await events(c, Event.STARTED, Event.SUCCEEDED)
        await c.until(lambda: bool(written.notices))
        (sequence,) = written.notices
        head, tail = "\x1b]777;notify;colonies;", "\x07"
        assert sequence.startswith(head)
        assert sequence.endswith(tail)
        inner = sequence.removeprefix(head).removesuffix(tail)
        assert inner.isprintable()
        assert ";" not in inner
        assert "succeeded" in inner
        c.app.post_message(AppFocus())
        await c.settle()


PROGRAM = """
import json, os, sys
with open(sys.argv[1], "a") as file:
    file.write(json.dumps({k: v for k, v in os.environ.items() if k.startswith("COLONIES")}) + "\\n")
sys.exit(3)
"""


async def test_a_program_is_told_and_its_failure_is_said_once(
    colony: Colony, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLONIES_PRVKEY", "ab" * 32)
    program, told = tmp_path / "program.py", tmp_path / "told"
    program.write_text(PROGRAM)
    settings = Settings(reduced_motion=True, watch_command=(sys.executable, str(program), str(told)))
    await colony.register("worker-1")
    async with console(profile_of(colony), tmp_path, pace=PACE, settings=settings) as c:
        await c.until_known()
        process = await colony.submit(funcname="train $(touch /tmp/x)")
        await watch_process(c, process)
        await colony.assign("worker-1")
        await events(c, Event.STARTED)
        await colony.fail("worker-1", process, "boom")
        await events(c, Event.STARTED, Event.FAILED)
        await c.until(lambda: told.exists() and told.read_text().count("\n") == 2)
        await c.until(lambda: not list(c.app.workers) or all(w.group != "watch-command" for w in c.app.workers))
        first, second = map(json.loads, told.read_text().splitlines())
        assert first["COLONIES_TUI_EVENT"] == "started"
        assert second == {
            "COLONIES_TUI_EVENT": "failed",
            "COLONIES_TUI_KIND": "process",
            "COLONIES_TUI_NAME": "train $(touch /tmp/x)",
            "COLONIES_TUI_ID": process.processid,
            "COLONIES_TUI_WORDS": "train $(touch /tmp/x) failed: boom",
            "COLONIES_TUI_AWAY": "",
            "COLONIES_TUI_COLONY": colony.name,
            "COLONIES_TUI_PROFILE": "test",
        }
        assert sum("ended with exit code 3" in words for words in c.notices) == 1


async def test_the_last_workflow_of_a_cron_is_under_o(colony: Colony, tmp_path: Path) -> None:
    await a_cron(colony, "nightly")
    async with console(profile_of(colony), tmp_path, pace=PACE) as c:
        await c.until_known()
        await c.go("crons")
        await c.until(lambda: crons(c).table.row_count == 1)
        keys = {active.binding.id: key for key, active in c.main.active_bindings.items()}
        assert keys["crons.workflow"] == "o"
        assert "w" not in c.main.active_bindings
