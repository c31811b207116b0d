"""Whatever an executor writes is harmless: no markup, no control sequence, no broken line, in any place it shows up."""

from __future__ import annotations

import unicodedata
from functools import partial
from pathlib import Path

from rich.cells import cell_len

from colonies_tui.protocol.models.executor import Capabilities, Gpu, Hardware, Software
from colonies_tui.protocol.models.process import Process
from colonies_tui.protocol.plaintext import plain
from tests.ui.console.colony import Colony
from tests.ui.console.driver import LARGE, SMALL, Console, console, profile_of

HOSTILE = {
    "commands": "[red]x[/] [/nope] [/ [bold @click=app.quit]y[/] "
    "\x1b[31mred\x1b[0m\x1b]0;title\x07 a\nb\rc\td\x00\x7f\x9b1m",
    "shapes": "\u202eevil\u2066 \u200bzero\ufeff \u2028line\u2029 "
    "漢字テスト 👩\u200d👩\u200d👧 e\u0301 ﷽ ❤\ufe0f 1\ufe0f\u20e3",
    "length": "x" * 4000 + " end",
}


def faults(c: Console) -> list[str]:
    """Return what no terminal should ever get, with the line it stands in."""
    width = c.app.size.width
    found = []
    for strip in c.app.screen._compositor.render_strips():
        bad = [character for character in strip.text if unicodedata.category(character)[0] in "C"]
        bad += [character for character in strip.text if unicodedata.category(character) in ("Zl", "Zp")]
        if bad or cell_len(strip.text) != width:
            found.append(f"{bad} {cell_len(strip.text)} {strip.text!r}")
    return found


async def look(c: Console) -> None:
    await c.settle()
    assert faults(c) == []


async def hostile_colony(colony: Colony) -> list[Process]:
    """Put each text wherever an executor or a submitter may put one; return a process of each that has failed."""
    failed = []
    for kind, text in HOSTILE.items():
        machine = Capabilities(
            hardware=(Hardware(cores=1, mem=text, platform=text, model=text, gpu=Gpu(name=text, count=1)),),
            software=(Software(name=text, type=text, version=text),),
        )
        name = worker_name(kind)
        await colony.register(name, kind, location=text, capabilities=machine)
        await colony.register(f"{name} 2", text, approve=False, capabilities=machine)
        await colony.submit(text, text, label=text)
        await colony.submit(kind, text, args=(text, {text: [text]}), kwargs={"k": text}, env={"E": text}, label=text)
        process = await colony.assign(name)
        await colony.log(name, process, text, f"ERROR {text}")
        await colony.fail(name, process, text, f"Traceback\n{text}")
        failed.append(process)
    return failed


def is_open(c: Console, process_id: str) -> bool:
    return process_id in c.session.open_processes.rows


def has_condition(c: Console, executor: str, condition: str) -> bool:
    return c.executors.table.rows[executor].condition.value == condition


def worker_name(kind: str) -> str:
    return HOSTILE[kind][:60]


async def test_in_lists_filters_palette_and_help(colony: Colony, tmp_path: Path) -> None:
    failed = await hostile_colony(colony)
    async with console(profile_of(colony), tmp_path, size=SMALL) as c:
        await c.until_known()
        await c.until(lambda: c.overview.failure_table.row_count == 3 and c.overview.queue_table.row_count == 6)
        for view in ("overview", "processes", "executors", "logs", "server"):
            await c.go(view)
            for size in (LARGE, SMALL):
                await c.pilot.resize_terminal(*size)
                await look(c)
        for text in HOSTILE.values():  # each queue is a filter for its type
            await c.go("overview")
            assert c.overview.queue_table.move_to(text)
            await c.press("enter")
            assert c.view == "processes"
            await c.until(lambda: c.processes.table.row_count == 1)
            await look(c)
            await c.press("slash")
            await look(c)
            await c.press("enter")
            assert c.processes.table.row_count == 1
        await c.press("colon")
        await c.type(failed[0].processid[:8])
        await look(c)
        await c.press("escape")
        await c.until(lambda: c.app.screen is c.main)
        await c.press("question_mark")
        await look(c)


async def test_in_details_and_logs(colony: Colony, tmp_path: Path) -> None:
    failed = await hostile_colony(colony)
    async with console(profile_of(colony), tmp_path, size=SMALL) as c:
        await c.until_known()
        for process in failed:
            process_id = process.processid
            await c.go("processes")
            if c.processes.has_class("-detail"):
                await c.press("escape")
            await c.until(partial(c.processes.table.move_to, process_id))
            await c.press("enter")
            await c.until(partial(is_open, c, process_id))
            await look(c)
            await c.pilot.resize_terminal(*LARGE)
            await look(c)
            await c.press("end")
            await look(c)
            await c.pilot.resize_terminal(*SMALL)
            await c.press("l")
            await c.until(lambda: c.logs.log_view.line_count >= 2)
            for key in ("k", "w", "t", "g", "right"):
                await c.press(key)
                await look(c)
            await c.press("w", "t", "escape")


async def test_in_questions_and_notices(colony: Colony, tmp_path: Path) -> None:
    await hostile_colony(colony)
    async with console(profile_of(colony), tmp_path, size=SMALL) as c:
        await c.until_known()
        await c.go("executors")
        await c.until(lambda: c.executors.table.row_count == 6)
        for kind in HOSTILE:
            name = worker_name(kind)
            pending = f"{name} 2"
            assert c.executors.table.move_to(pending)
            await c.press("r")
            assert c.dialog is not None
            await look(c)
            await c.press("escape", "a", "y")
            await c.until(partial(has_condition, c, pending, "approved"))
            await c.until(lambda: c.toasts > 0)
            await look(c)
            assert c.executors.table.move_to(name)
            await c.press("D")
            await look(c)
            await c.type(plain(name))
            await look(c)
            await c.press("enter", "y")
            await c.until(partial(has_condition, c, name, "gone"))
        assert set((await colony.states()).values()) == {"approved", "unregistered"}


async def test_nothing_of_a_hostile_name_is_lost_when_it_is_typed_to_confirm(colony: Colony, tmp_path: Path) -> None:
    await colony.register("[red]a[/", "cli")
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("executors")
        await c.until(lambda: c.executors.table.row_count == 1)
        await c.press("D")
        assert c.asks("Remove [red]a[/?")
        assert c.shows("type [red]a[/ to go on")
        await c.type("[red]a[/")
        await c.press("enter", "y")
        await c.until(lambda: c.executors.table.row_count == 0)
        assert (await colony.states())["[red]a[/"] == "unregistered"
