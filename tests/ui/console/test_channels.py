"""Channels of a process: what was said, what comes, what we say, and why there is nothing to read."""

from __future__ import annotations

import base64
from functools import partial
from pathlib import Path

from textual.widgets import Input

from colonies_tui.protocol.models.channel import ChannelEntry
from colonies_tui.ui.views.channel_screen import ChannelScreen
from tests.ui.console.colony import Colony
from tests.ui.console.driver import Console, console, profile_of


def base64_of(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


async def said(colony: Colony, processid: str, name: str) -> list[tuple[int, str]]:
    entries: tuple[ChannelEntry, ...] = await colony.operator.read_channel(processid=processid, name=name)
    return [(entry.sequence, base64.b64decode(entry.payload).decode()) for entry in entries]


async def opened(c: Console) -> None:
    await c.until_known()
    await c.go("processes")
    await c.until(lambda: c.processes.table.row_count == 1)
    await c.press("c")
    await c.until(lambda: isinstance(c.app.screen, ChannelScreen))


async def test_a_conversation_is_read_followed_and_joined(colony: Colony, tmp_path: Path) -> None:
    worker = await colony.register("guide-1")
    submitted = await colony.submit(channels=["questions", "notes"], maxexectime=60)
    await colony.assign("guide-1")
    tell = partial(worker.client.append_to_channel, processid=submitted.processid, name="questions")
    await tell(sequence=1, content=base64_of("what next? [/b] \x1b[31m"))
    async with console(profile_of(colony), tmp_path) as c:
        await opened(c)
        await c.until_shows("channel questions · 1 of 2", "guide-1", "what next? [/b]", "live")
        await c.until(lambda: not c.app.screen.query_one(Input).disabled)
        await c.type("tile 7")
        await c.press("enter")
        await c.until_shows("you", "tile 7", "2 entries")
        await c.until(lambda: c.app.screen.query_one(Input).value == "")
        await c.type("then tile 8")
        await c.press("enter")
        await c.until_shows("3 entries", "then tile 8")
        await tell(sequence=2, content=base64_of("on it"))
        await c.until_shows("4 entries", "on it")
        await c.press("tab")
        await c.until_shows("channel notes · 2 of 2", "Nothing was said yet")
        await c.press("escape")
        assert c.view == "processes"
    own = [(1, "tile 7"), (2, "then tile 8")]
    assert [entry for entry in await said(colony, submitted.processid, "questions") if entry in own] == own


async def test_one_without_channels_says_so(colony: Colony, tmp_path: Path) -> None:
    await colony.submit()
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.go("processes")
        await c.until(lambda: c.processes.table.row_count == 1)
        await c.press("c")
        await c.until(lambda: any("has no channels" in words for words in c.notices))
        assert c.view == "processes"


async def test_those_of_an_ended_process_are_gone_and_nothing_can_be_said(colony: Colony, tmp_path: Path) -> None:
    await colony.register("guide-1")
    process = await colony.submit(channels=["questions"], maxexectime=60)
    await colony.assign("guide-1")
    await colony.succeed("guide-1", process)
    async with console(profile_of(colony), tmp_path) as c:
        await opened(c)
        await c.until_shows("not found")
        assert c.app.screen.query_one(Input).disabled
