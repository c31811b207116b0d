"""Makes the pictures in ``screenshots/`` over the recording of the demo: ``make screenshots``.

Everything in them is what the console drew over real work; nothing is posed but the size of the terminal. The same
recording gives the same pictures, byte for byte.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot

from colonies_tui.config.paths import Paths
from colonies_tui.config.profile import Profile
from colonies_tui.config.settings import Settings
from colonies_tui.store.recording.entries import Recording
from colonies_tui.store.recording.reading import read_recording
from colonies_tui.store.replay.session import ReplaySession
from colonies_tui.ui.app import ConsoleApp
from tests.make_recording import DEMO_RECORDING, ROOT
from tests.tour import SIZE, Tour

OUT = ROOT / "screenshots"

_FONT_FACES = re.compile(r"@font-face\s*\{[^}]*\}\s*")
_STILL_SECONDS = 0.3
"""A screen that has not changed for so long does not change any more: nothing moves in it but by timers shorter."""


class ReplayGuide:
    """Waits until nothing changes any more at the time at which the recording stands, and writes pictures."""

    def __init__(
        self, pilot: Pilot[int], session: ReplaySession, write: Callable[[str, str], None], suffix: str = ""
    ) -> None:
        self._pilot = pilot
        self._session = session
        self._write = write
        self._suffix = suffix

    async def settle(self, seconds: float) -> None:
        await self._pilot.pause()
        await self._session.settle()
        await self._pilot.pause()

    async def until(self, condition: Callable[[], bool]) -> None:
        if not condition():
            raise AssertionError("the recording does not hold what a picture needs: make it anew")

    async def picture(self, name: str) -> None:
        self._write(f"{name}{self._suffix}", await self._still())

    async def _still(self) -> str:
        """Return the screen as SVG once it stands still."""
        end, before = time.monotonic() + 60, ""
        while time.monotonic() < end:
            await self.settle(0.0)
            svg = svg_of(self._pilot.app)
            if svg == before:
                return svg
            before = svg
            await self._pilot.pause(_STILL_SECONDS)
        raise TimeoutError("the screen never stands still")


def svg_of(app: object) -> str:
    """Return the screen as SVG, without fonts from elsewhere."""
    assert isinstance(app, ConsoleApp)
    svg = _FONT_FACES.sub("", app.export_screenshot(title="colonies-tui"))
    return svg.replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas, monospace") + "\n"


async def take(recording: Recording, theme: str, suffix: str, write: Callable[[str, str], None]) -> None:
    """Show the end of a recording in one theme and take its pictures."""
    session = ReplaySession(recording, is_read_only=False)

    def make(profile: Profile) -> ReplaySession:
        return session

    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        app = ConsoleApp(
            make,
            profile=Profile(
                recording.header.profile,
                session.client.address,
                recording.header.colony,
                session.client.keys,
                source="the demo",
            ),
            settings=Settings(theme=theme, reduced_motion=True),
            paths=Paths(place, place, place, place),
            clock=session.clock.now,
        )
        async with app.run_test(size=SIZE) as pilot:
            await session.go_to(recording.length / 1000)
            tour = Tour(app, pilot, ReplayGuide(pilot, session, write, suffix))
            await (tour.some_screens() if suffix else tour.all_screens())


async def take_all(recording: Recording, write: Callable[[str, str], None]) -> None:
    """Take all pictures; ``write`` is given the name and the SVG of each."""
    await take(recording, "colonies-dark", "", write)
    await take(recording, "colonies-light", "-light", write)


def main() -> int:
    """Write all pictures."""
    os.environ["TZ"] = "UTC"
    time.tzset()
    OUT.mkdir(exist_ok=True)

    def write(name: str, svg: str) -> None:
        (OUT / f"{name}.svg").write_text(svg, encoding="utf-8")
        print(f"screenshots/{name}.svg")

    asyncio.run(take_all(read_recording(DEMO_RECORDING), write))
    return 0


if __name__ == "__main__":
    sys.exit(main())
