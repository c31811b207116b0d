"""Every screen as text alone, in ASCII and sixteen colours on 80 by 24 cells: what is left must still say everything.

After a change that is meant: ``pytest tests/ui/snapshots --snapshot-update``, and read the texts.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.color import ColorType
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from textual.app import App
from textual.pilot import Pilot

from colonies_tui.config.paths import Paths
from colonies_tui.config.profile import Profile
from colonies_tui.config.settings import Settings
from colonies_tui.ui.app import ConsoleApp
from tests.ui.console.driver import screen_lines, until
from tests.ui.rows import NOW
from tests.ui.snapshots.still import ADDRESS, COLONY, KEYS
from tests.ui.snapshots.whole_colony import WholeColony

OF_THE_SERVER = ("漢字", "naïve")
"""Words that came from the server: its letters stay as they are."""


class TextFile(SingleFileSnapshotExtension):
    """A screen in a file of its own."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Times of day do not depend on where the tests are run."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def written(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Screens are kept as files of their own."""
    return snapshot.use_extension(TextFile)


SCREENS: dict[str, tuple[str, ...]] = {
    "overview": (),
    "processes": ("2",),
    "process": ("2", "enter"),
    "process-failed": ("2", "tab", "tab", "tab", "tab", "enter"),
    "filter": ("2", "slash", *"state", "equals_sign", *"failed"),
    "filtered": ("2", "slash", *"state", "equals_sign", *"failed", "enter"),
    "channel": ("2", "tab", "tab", "enter", "c", "see:channel progress", "see:2 min left"),
    "new-process": ("2", "n", "see:funcname"),
    "cancel": ("2", "tab", "tab", "C", "see:Cancel"),
    "why-waiting": ("2", "tab", "X", "see:Why"),
    "why-failed": ("2", "tab", "tab", "tab", "tab", "X", "see:Why did it fail"),
    "marked": ("2", "tab", "g", "space", "j", "space", "C", "see:Cancel 2"),
    "watches": ("2", "w", "W", "see:Watch list"),
    "workflows": ("3",),
    "workflow-graph": ("3", "enter", "see:merge"),
    "workflow-list": ("3", "enter", "tab", "see:merge"),
    "workflow-timeline": ("3", "enter", "tab", "tab", "see:merge"),
    "workflow-log": ("3", "enter", "tab", "tab", "tab", "read:merged log", "see:giving up"),
    "executors": ("4",),
    "executor": ("4", "enter"),
    "approval": ("4", "g", "a", "see:Approve"),
    "logs": ("5",),
    "log": ("5", "enter"),
    "log-search": ("5", "F", *"checksum", "enter", "see:8 hits"),
    "crons": ("6",),
    "cron": ("6", "enter"),
    "generators": ("7",),
    "generator": ("7", "enter"),
    "files": ("8",),
    "colonies": ("9",),
    "server": ("0",),
    "functions": ("colon", *"functions", "see:Functions", "enter", "see:Functions ·"),
    "blueprints": ("colon", *"blueprints", "see:Blueprints", "enter", "see:Blueprints ·"),
    "journal": ("J",),
    "export": ("4", "E", "see:Export"),
    "new-tab": ("ctrl+t", "see:New tab"),
    "palette": ("colon", *"pending", "see:Executors pending"),  # without a text the order is that of a set
    "help": ("question_mark",),
    "help-end": ("question_mark", "G"),
}
"""The keys that lead to each screen; ``see:`` waits for a text, ``read:`` lets a feed be read."""


def is_seen(app: App[int], words: str) -> bool:
    """Whether a text stands on the screen; a separator is whatever stands for it in ASCII."""
    return words.replace("·", "|") in "\n".join(screen_lines(app))


async def lead(app: ConsoleApp, pilot: Pilot[int], steps: tuple[str, ...]) -> None:
    """Follow the steps to a screen."""
    await pilot.pause()
    for step in steps:
        what, _, rest = step.partition(":")
        if what == "see":
            await until(pilot, lambda rest=rest: is_seen(app, rest))  # type: ignore[misc]  # a default binds the text
        elif what == "read" and rest:
            (feed,) = [feed for name, feed in app.session.schedule.feeds.items() if name.startswith(rest)]
            await feed.read()
        else:
            await pilot.press(step)
    await pilot.pause()


def console(theme: str, directory: Path) -> ConsoleApp:
    """Return the console over the still colony."""
    return ConsoleApp(
        lambda profile: WholeColony(),
        profile=Profile("prod", ADDRESS, COLONY, KEYS, source="a test"),
        settings=Settings(theme=theme, ascii=True, reduced_motion=True),
        paths=Paths(directory, directory, directory, directory),
        clock=lambda: NOW,
    )


@pytest.mark.parametrize("name", SCREENS)
async def test_screen(name: str, written: SnapshotAssertion, tmp_path: Path) -> None:
    app = console("colonies-16", tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await lead(app, pilot, SCREENS[name])
        lines = screen_lines(app)
        text = "\n".join(lines) + "\n"
        own = text
        for word in OF_THE_SERVER:
            own = own.replace(word, "")
        assert own.isascii(), [line for line in lines if not line.isascii()]
        assert text == written
        for strip in app.screen._compositor.render_strips():
            for segment in strip:
                style = segment.style
                for colour in () if style is None else (style.color, style.bgcolor):
                    plain = colour is None or colour.type in (ColorType.DEFAULT, ColorType.STANDARD)
                    assert plain, f"{colour} of {segment.text!r}"
