"""Makes the recording in ``tests/recordings/`` from the running demo: ``python -m tests.make_recording``.

Pictures and tests are made over it, so it goes through all screens. Nothing of the machine that makes it stays in it.
"""

from __future__ import annotations

import asyncio
import getpass
import re
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot

from colonies_tui.config.paths import Paths
from colonies_tui.config.profile import Profile
from colonies_tui.config.settings import Settings
from colonies_tui.demo.run import DemoColony, started_demo
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.journal import MemoryJournal
from colonies_tui.store.open import open_session
from colonies_tui.store.session import Session
from colonies_tui.ui.app import ConsoleApp
from tests.tour import SIZE, Tour

ROOT = Path(__file__).resolve().parent.parent
DEMO_RECORDING = Path(__file__).resolve().parent / "recordings" / "demo.ctrec"
"""The demo for some minutes, with every screen looked at."""

MOST_BYTES = 1_500_000
"""Size that it must stay below, so that it can be kept with the code."""


def without_this_machine(text: str) -> str:
    """Return a text without the paths and names of this machine."""
    for here, anywhere in (
        (str(ROOT), "/home/operator/colonies-tui"),
        (sys.base_prefix, "/usr"),
        (tempfile.gettempdir(), "/var/tmp"),
        (str(Path.home()), "/home/operator"),
    ):
        if len(here) > 1:
            text = text.replace(here, anywhere)
    for name, another in ((socket.gethostname(), "workstation"), (getpass.getuser(), "operator")):
        text = re.sub(rf"\b{re.escape(name)}\b", another, text)  # only where it is a word: it may be any three letters
    return text


class LiveGuide:
    """Waits for the running demo, and takes no pictures."""

    def __init__(self, pilot: Pilot[int]) -> None:
        self._pilot = pilot

    async def settle(self, seconds: float) -> None:
        await self._pilot.pause(seconds)

    async def until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + 120
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError(condition)
            await self._pilot.pause(0.2)

    async def picture(self, name: str) -> None:
        print(f"  {name}")


async def record(colony: DemoColony, file: Path) -> None:
    """Go through all screens of a demo while it is recorded."""
    made: list[Session] = []

    def make(profile: Profile) -> Session:
        session = open_session(
            profile.address, profile.keys, profile.colony, journal=MemoryJournal(), profile_name=profile.name
        )
        made.append(session)
        session.record(file, rewrite=without_this_machine)
        return session

    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        app = ConsoleApp(
            make,
            profile=Profile(colony.name, colony.address, colony.colony, colony.keys, source="the demo"),
            settings=Settings(reduced_motion=True),
            paths=Paths(place, place, place, place),
        )
        async with app.run_test(size=SIZE) as pilot:
            guide = LiveGuide(pilot)

            def count(state: ProcessState) -> int:
                return made[0].total(state) or 0

            await guide.until(lambda: count(ProcessState.FAILED) >= 8 and count(ProcessState.SUCCESS) >= 120)
            tour = Tour(app, pilot, guide)
            await tour.all_screens()
            await tour.lists()  # so that at the end of the recording none is old
            await guide.settle(2.0)


def main() -> int:
    """Make the recording anew."""
    DEMO_RECORDING.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / DEMO_RECORDING.name
        with started_demo(data=None, seed=1) as demo:
            asyncio.run(record(demo.colony, file))
        size = file.stat().st_size
        if size > MOST_BYTES:
            print(f"{size} bytes are too many to be kept with the code", file=sys.stderr)
            return 1
        DEMO_RECORDING.write_bytes(file.read_bytes())
    print(f"{DEMO_RECORDING.relative_to(ROOT)}: {size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
