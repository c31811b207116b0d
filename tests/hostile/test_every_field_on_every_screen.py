"""Each text field of each model, with each hostile content, in each view, table, detail, dialog, notice and title."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from textual.events import Paste
from textual.screen import Screen
from textual.widget import Widget

import colonies_tui.ui as all_ui
from colonies_tui.config.settings import Settings
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.store.pace import Pace
from colonies_tui.ui.context import Target
from colonies_tui.ui.notify import say
from tests.hostile.contents import CONTENTS, LONE_SURROGATES
from tests.hostile.fields import MARKS
from tests.hostile.filling import HostileColony
from tests.hostile.screens import Looks
from tests.hostile.server import hostile_server
from tests.hostile.walk import ALL_VIEWS, walk_view, walk_what_lies_over_every_view
from tests.ui.console.driver import SMALL, console, profile_at

SIZE = (140, 34)
HELD = Settings(reduced_motion=True, grace_seconds=3600)
KEY = PrivateKey.new()
KEYS = Keyring(member=KEY, colony=KEY, server=KEY)

NOT_SHOWN = frozenset(
    {
        *("Attribute.attributeid", "Backend.host", "ChannelEntry.type", "File.checksumalg", "FileData.s3filename"),
        *("BlueprintDefinition.blueprintdefinitionid", "BlueprintDefinition.kind", "DefinitionNames.listKind"),
        *("BlueprintHistory.blueprintid", "BlueprintHistory.changedby", "BlueprintHistory.historyid"),
        *("BlueprintHistory.name", "BlueprintHistory.status", "Cron.initiatorid", "Cron.workflowspec"),
        *("Generator.initiatorid",),
        *("DefinitionNames.plural", "DefinitionNames.shortNames", "DefinitionNames.singular", "DefinitionSpec.group"),
        *("DefinitionSpec.scope", "DefinitionSpec.version", "Function.functionid", "Generator.workflowspec"),
        *("GraphEdge.id", "GraphNode.type", "Handler.functionName", "Location.locationid", "Metadata.annotations"),
        *("Metadata.labels", "NodeStyle.background", "NodeStyle.color", "PauseStatus.msgtype", "Process.initiatorid"),
        *("ProcessGraph.initiatorid", "Property.default", "Property.description", "Property.enum", "Property.type"),
        *("S3Object.accesskey", "S3Object.encryptionalg", "S3Object.encryptionkey", "S3Object.region"),
        *("S3Object.secretkey", "Schema.required", "Schema.type", "ServerInfo.buildtime", "ServerInfo.buildversion"),
        *("Snapshot.snapshotid", "Version.msgtype", "fileid"),
    }
)
"""Fields that no screen shows. A field that is neither seen nor in here fails the test: it is new, or was lost."""

NEVER_SHOWN = frozenset({"S3Object.accesskey", "S3Object.secretkey", "S3Object.encryptionkey"})

BASES = frozenset(
    {"Canvas", "GraphCanvas", "LineWidget", "ListView", "TableCanvas", "View", "LogPage", "MessagePane", "SeveralLists"}
)
"""Widgets that are only built upon."""

ELSEWHERE = frozenset(
    {"FirstRunScreen", "OpeningScreen", "ProfileForm", "LineScreen", "TravellingScreen", "PlayerLine"}
)
"""What is shown while there is no session, screens that are only built upon, and the slider of a replay."""


def modules_of(package: ModuleType) -> list[ModuleType]:
    return [
        importlib.import_module(found.name) for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    ]


def ours(kind: type[Any]) -> set[type[Any]]:
    """Return the classes of the user interface below a class of the toolkit."""
    modules_of(all_ui)
    found = {child for child in kind.__subclasses__() if child.__module__.startswith("colonies_tui.ui")}
    return found.union(*(ours(child) for child in kind.__subclasses__()))


@pytest.mark.timeout(240)
async def test_whatever_stands_in_any_field_is_harmless_wherever_it_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    colony = HostileColony(time.time())
    async with hostile_server(colony) as server:
        server.refuses_changes = True
        profile = profile_at(server.address, KEYS, colony.name)
        async with console(profile, tmp_path, size=SIZE, pace=Pace(), settings=HELD) as c:
            looks = Looks(c)
            await c.until_known()
            for kind in ALL_VIEWS:
                await walk_view(looks, kind)
            await walk_what_lies_over_every_view(looks)
            for name, text in (*CONTENTS.items(), ("surrogates", LONE_SURROGATES)):
                looks.keys = [name]
                say(c.app, text, "error", title=text)
                await looks.look()
            looks.keys = ["tabs"]
            c.app.open_beside(dataclasses.replace(profile, name=colony.text("Colony.name", 3)))
            await c.until(lambda: len(c.app.workspace.tabs) == 2)
            await c.until_known()
            await looks.look()
            await c.pilot.resize_terminal(*SMALL)
            for kind in ALL_VIEWS:
                looks.keys = ["small"]
                await c.main.go(Target(kind.KEY))
                await looks.look()
            assert looks.faults == {}
            assert set(MARKS) - looks.marks <= NOT_SHOWN
            assert not looks.marks & NEVER_SHOWN
            assert set(MARKS) >= NOT_SHOWN
            screens = {kind.__name__ for kind in ours(Screen)}
            assert screens - {kind.__name__ for kind in looks.screens} == ELSEWHERE & screens
            unseen = {kind.__name__ for kind in ours(Widget) - ours(Screen) - looks.widgets}
            assert sorted(unseen - BASES - ELSEWHERE) == []


@pytest.mark.parametrize("name", CONTENTS)
async def test_what_the_first_screen_is_told_is_harmless(tmp_path: Path, name: str) -> None:
    async with console(None, tmp_path, size=SMALL, reason=CONTENTS[name]) as c:
        looks = Looks(c)
        await looks.look()
        assert looks.faults == {}


async def test_what_is_pasted_is_cleaned_before_a_field_draws_it(tmp_path: Path) -> None:
    async with console(None, tmp_path, size=SMALL) as c:
        looks = Looks(c)
        c.app.post_message(Paste("http://a\x1b[31m\u202eb\u200d👍🏽".replace("\n", "")))
        await looks.look()
        assert looks.faults == {}
        assert c.shows("http://a␛[31m")
