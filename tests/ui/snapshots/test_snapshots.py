"""Pictures of the main screens, so that a change of the looks is seen and meant.

After a change that is meant: ``pytest tests/ui/snapshots --snapshot-update``, and look at the pictures.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.image import SVGImageSnapshotExtension

from colonies_tui.config.paths import Paths
from colonies_tui.config.profile import Profile
from colonies_tui.config.settings import Settings
from colonies_tui.ui.app import ConsoleApp
from tests.ui.rows import NOW
from tests.ui.snapshots.still import ADDRESS, COLONY, KEYS, StillSession

_FONT_FACES = re.compile(r"@font-face\s*\{[^}]*\}\s*")
_UNIQUE = re.compile(r"terminal-\d+")


def normal(svg: str) -> str:
    """Return a picture without the ids and the fonts that differ from run to run and from version to version."""
    return _UNIQUE.sub("terminal", _FONT_FACES.sub("", svg))


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Times of day do not depend on where the tests are run."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def picture(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Pictures are kept as files of their own."""
    return snapshot.use_extension(SVGImageSnapshotExtension)


PICTURES: dict[str, tuple[str, tuple[int, int], tuple[str, ...]]] = {
    "overview": ("colonies-dark", (120, 34), ()),
    "overview-light": ("colonies-light", (120, 34), ()),
    "overview-small": ("colonies-dark", (80, 24), ()),
    "approval": ("colonies-dark", (120, 34), ("a", "a")),
    "process": ("colonies-dark", (180, 44), ("2", "tab", "tab", "tab", "tab", "enter")),
    "processes-light-small": ("colonies-light", (80, 24), ("2",)),
    "waiting": ("colonies-dark", (120, 34), ("X",)),
    "waiting-light-small": ("colonies-light", (80, 24), ("X",)),
    "log": ("colonies-dark", (100, 24), ("tab", "l", "slash", "b", "a", "n", "d", "enter")),
}
"""Theme, size and the keys that lead there, by name."""


@pytest.mark.parametrize("name", PICTURES)
async def test_picture(name: str, picture: SnapshotAssertion, tmp_path: Path) -> None:
    theme, size, keys = PICTURES[name]
    app = ConsoleApp(
        lambda profile: StillSession(),
        profile=Profile("prod", ADDRESS, COLONY, KEYS, source="a test"),
        settings=Settings(theme=theme, reduced_motion=True),
        paths=Paths(tmp_path, tmp_path, tmp_path, tmp_path),
        clock=lambda: NOW,
    )
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        assert normal(app.export_screenshot(title=f"colonies-tui: {name}")) == picture
