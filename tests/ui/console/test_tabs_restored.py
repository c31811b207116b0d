"""What was open comes back at the next start, with its places; what cannot come back is said."""

from __future__ import annotations

import json
import os
from pathlib import Path

from colonies_tui.config.key_source import InlineKey
from colonies_tui.config.keys_file import load_profiles
from colonies_tui.config.profile import Profile
from colonies_tui.config.save import save_profile
from colonies_tui.config.saved_tabs import RestoredTabs, load_saved_tabs, restore_tabs
from colonies_tui.protocol.roles import KeySlot
from tests.ui.console.colony import Colony
from tests.ui.console.driver import console, profile_of
from tests.ui.console.test_colonies import second_colony


def in_keys_file(colony: Colony, directory: Path, name: str = "lab") -> Profile:
    """Save the operator's profile, and return it as the file gives it."""
    path = directory / "config" / "keys.toml"
    keys = {slot: InlineKey(key) for slot in KeySlot if (key := colony.keys.in_slot(slot)) is not None}
    save_profile(path, name, address=colony.running.address, colony=colony.name, keys=keys)
    return load_profiles(path).entry(name).resolve({})


def restored(directory: Path) -> RestoredTabs:
    saved = load_saved_tabs(directory / "state" / "tabs.json")
    return restore_tabs(saved, None, os.environ, directory / "config" / "keys.toml")


async def test_tabs_come_back_as_they_were_left(colony: Colony, tmp_path: Path) -> None:
    await second_colony(colony)
    processes = await colony.submit_many(30)
    await colony.register("gpu-7", "gpu")
    profile = in_keys_file(colony, tmp_path)
    async with console(profile, tmp_path, keeps_tabs=True) as c:
        await c.until_known()
        await c.go("processes")
        await c.filter("type=cli")
        await c.until(lambda: c.processes.table.row_count == 30)
        wanted = processes[4].processid
        assert c.processes.table.move_to(wanted)
        await c.press("ctrl+t")
        await c.type("lab")
        await c.press("down", "enter")
        await c.until(lambda: len(c.sessions) == 2 and c.session is c.sessions[1])
        await c.go("crons")
        await c.press("left_curly_bracket")
        await c.until(lambda: (tmp_path / "state" / "tabs.json").exists())
    text = (tmp_path / "state" / "tabs.json").read_text()
    for slot in KeySlot:
        key = colony.keys.in_slot(slot)
        assert key is None or key.reveal() not in text
    kept = [(tab["colony"], tab["view"]) for tab in json.loads(text)["tabs"]]
    assert kept == [("dev", "processes"), ("lab", "crons")]

    async with console(None, tmp_path, restored=restored(tmp_path), keeps_tabs=True) as c:
        await c.until_known()
        assert [session.colony for session in c.sessions] == ["dev", "lab"]
        assert c.view == "processes"
        await c.until_shows("/ type=cli", "▌● dev", "● lab")
        await c.until(lambda: c.processes.table.cursor_id == wanted)
        await c.press("right_curly_bracket")
        await c.until(lambda: c.view == "crons" and c.session is c.sessions[1])
        await c.press("ctrl+w")
        await c.until(lambda: len(c.app.workspace.tabs) == 1)
        assert c.processes.table.cursor_id == wanted
    assert [tab.colony for tab in load_saved_tabs(tmp_path / "state" / "tabs.json").tabs] == ["dev"]


async def test_a_tab_that_was_never_looked_at_keeps_its_place(colony: Colony, tmp_path: Path) -> None:
    await second_colony(colony)
    in_keys_file(colony, tmp_path)
    path = tmp_path / "state" / "tabs.json"
    path.parent.mkdir(mode=0o700)
    tab = {"profile": "lab", "colony": "dev", "view": "executors", "filter": "gpu", "row": "gpu-7"}
    path.write_text(json.dumps({"tabs": [{**tab, "view": "overview"}, tab, {**tab, "profile": "gone"}], "current": 0}))
    path.chmod(0o600)
    async with console(None, tmp_path, restored=restored(tmp_path), keeps_tabs=True) as c:
        await c.until_known()
        await c.until(lambda: any("the tab gone · dev does not come back" in notice for notice in c.notices))
        assert len(c.app.workspace.tabs) == 2
    kept = load_saved_tabs(path).tabs
    assert (kept[1].view, kept[1].filter, kept[1].row) == ("executors", "gpu", "gpu-7")


async def test_what_cannot_come_back_is_not_written(colony: Colony, tmp_path: Path) -> None:
    async with console(profile_of(colony), tmp_path, keeps_tabs=True) as c:
        await c.until_known()
    assert not (tmp_path / "state" / "tabs.json").exists(), "as in the demo"
