"""Makes the pictures in ``screenshots/`` from the running demo: ``make screenshots``.

Everything in them is what the console drew over real work; nothing is posed but the size of the terminal.
"""

from __future__ import annotations

import asyncio
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
from colonies_tui.demo.run import DemoColony, started_demo
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.journal import MemoryJournal
from colonies_tui.store.open import open_session
from colonies_tui.store.session import Session
from colonies_tui.ui.app import ConsoleApp
from colonies_tui.ui.context import Target
from colonies_tui.ui.main_screen import MainScreen

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "screenshots"
SIZE = (120, 36)
WIDE = (180, 46)

_FONT_FACES = re.compile(r"@font-face\s*\{[^}]*\}\s*")


def write(app: ConsoleApp, name: str) -> None:
    """Write the screen as SVG, without fonts from elsewhere and without the paths of this machine."""
    svg = _FONT_FACES.sub("", app.export_screenshot(title="colonies-tui"))
    svg = svg.replace(str(ROOT), "~/colonies-tui").replace(sys.base_prefix, "/usr")
    svg = svg.replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas, monospace")
    (OUT / f"{name}.svg").write_text(svg + "\n", encoding="utf-8")
    print(f"screenshots/{name}.svg")


async def until(pilot: Pilot[int], condition: Callable[[], bool], seconds: float = 90.0) -> None:
    """Wait for something to be true on the screen or in the session."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(condition)
        await pilot.pause(0.2)


def count(session: Session, state: ProcessState) -> int:
    """Return how many processes the server counts in a state."""
    return session.total(state) or 0


async def take(
    colony: DemoColony, theme: str, suffix: str, shots: Callable[[Pilot[int], ConsoleApp, str], object]
) -> None:
    """Run the console in one theme and take its pictures."""
    made: list[Session] = []

    def make(profile: Profile) -> Session:
        session = open_session(
            profile.address, profile.keys, profile.colony, journal=MemoryJournal(), profile_name=profile.name
        )
        made.append(session)
        return session

    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        app = ConsoleApp(
            make,
            profile=Profile(colony.name, colony.address, colony.colony, colony.keys, source="the demo"),
            settings=Settings(theme=theme, reduced_motion=True),
            paths=Paths(place, place, place, place),
        )
        async with app.run_test(size=SIZE) as pilot:
            result = shots(pilot, app, suffix)
            assert asyncio.iscoroutine(result)
            await result


async def show(pilot: Pilot[int], *keys: str, seconds: float = 1.5) -> None:
    """Press keys and let what they lead to arrive."""
    await pilot.press(*keys)
    await pilot.pause(seconds)


def largest_workflow(session: Session) -> str:
    """Return the id of the workflow with the most members."""
    rows = session.graphs.rows.rows
    return max(rows, key=lambda row_id: len(rows[row_id].processids))


def failed_workflow(session: Session) -> str | None:
    """Return the id of a workflow that failed, if there is one."""
    rows = session.graphs.rows.rows.items()
    return next((row_id for row_id, row in rows if row.state is ProcessState.FAILED), None)


async def show_workflow(pilot: Pilot[int], app: ConsoleApp, graph_id: str) -> None:
    """Open a workflow, with nothing of another one left."""
    await show(pilot, "escape", "3")
    assert isinstance(app.screen, MainScreen)
    app.screen.go(Target("workflows", "workflow", graph_id))
    await pilot.pause(3.0)


async def dark_shots(pilot: Pilot[int], app: ConsoleApp, suffix: str) -> None:
    """Every screen in the dark theme."""
    session = app.session
    await until(pilot, lambda: count(session, ProcessState.FAILED) >= 8 and count(session, ProcessState.SUCCESS) >= 150)
    write(app, f"overview{suffix}")
    await show(pilot, "4")
    await show(pilot, "a")
    write(app, f"executors{suffix}")
    await show(pilot, "a")
    await show(pilot, "2", seconds=2.5)
    write(app, f"processes{suffix}")
    await show(pilot, "3")
    await until(pilot, lambda: failed_workflow(session) is not None)
    write(app, f"workflows{suffix}")
    await show_workflow(pilot, app, failed_workflow(session) or "")
    write(app, f"workflow-graph{suffix}")
    await show_workflow(pilot, app, largest_workflow(session))
    await show(pilot, "tab", "tab")
    write(app, f"workflow-timeline{suffix}")
    await show(pilot, "tab", seconds=3.0)
    write(app, f"workflow-log{suffix}")
    await show(pilot, "tab", "escape", "escape")
    for key, name in (("6", "crons"), ("7", "generators"), ("8", "files"), ("9", "colonies"), ("0", "server")):
        await show(pilot, key, seconds=3.0)
        if name == "files":
            await show(pilot, "j", seconds=3.0)
        write(app, f"{name}{suffix}")
    assert isinstance(app.screen, MainScreen)
    for name in ("functions", "blueprints"):
        app.screen.go(Target(name))
        await pilot.pause(3.0)
        write(app, f"{name}{suffix}")
    await show(pilot, "2")
    await show(pilot, "n")
    write(app, f"submit{suffix}")
    await show(pilot, "escape")
    await show(pilot, "slash", *"guide-1", "enter")
    await show(pilot, "c", seconds=3.0)
    write(app, f"channel{suffix}")
    await show(pilot, "escape", "escape")
    await pilot.resize_terminal(*WIDE)
    await show(pilot, "slash", *"state=failed", "enter")
    await show(pilot, "j", "j", "enter", seconds=2.0)
    write(app, f"process{suffix}")
    await show(pilot, "escape", "escape")
    await pilot.resize_terminal(*SIZE)
    failed = (row for row in session.processes.rows.values() if row.error.startswith("SyntaxError"))
    app.screen.go(Target("logs", "process", next(failed).processid))
    await pilot.pause(3.0)
    write(app, f"logs{suffix}")


async def light_shots(pilot: Pilot[int], app: ConsoleApp, suffix: str) -> None:
    """Some screens in the light theme."""
    session = app.session
    await until(pilot, lambda: count(session, ProcessState.SUCCESS) > 0 and bool(session.executors.rows))
    await pilot.pause(5.0)
    write(app, f"overview{suffix}")
    await show(pilot, "3", seconds=3.0)
    await show_workflow(pilot, app, failed_workflow(session) or largest_workflow(session))
    write(app, f"workflow-graph{suffix}")


def main() -> int:
    """Take all pictures."""
    OUT.mkdir(exist_ok=True)
    with started_demo(data=None, seed=1) as demo:
        asyncio.run(take(demo.colony, "colonies-dark", "", dark_shots))
        asyncio.run(take(demo.colony, "colonies-light", "-light", light_shots))
    return 0


if __name__ == "__main__":
    sys.exit(main())
