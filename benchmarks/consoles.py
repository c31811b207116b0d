"""A program: the console that has already seen a population of processes, or its session without a screen.

``python -m benchmarks.consoles screen|no-screen COUNT BASE``, with the official client's variables; it is asked over
the control socket.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import colonies_tui.ui
from benchmarks import population
from benchmarks.control import answer
from benchmarks.results import percentile
from colonies_tui.config.environment import profile_from_environment
from colonies_tui.config.paths import paths_from_environment
from colonies_tui.config.profile import Profile
from colonies_tui.config.settings import Settings
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.journal import MemoryJournal
from colonies_tui.store.open import open_session
from colonies_tui.store.session import Session
from colonies_tui.ui.app import ConsoleApp
from colonies_tui.ui.run import pace_of
from colonies_tui.ui.views.view import Work

PULSE = 0.005
"""Seconds between two looks at how late the event loop is."""

EQUAL_WITHIN = 20.0
"""Seconds after the last event within which everything must be known."""


def session_of(profile: Profile, count: int, base: int) -> Session:
    """Return a session that knows the population."""
    session = open_session(
        profile.address,
        profile.keys,
        profile.colony,
        journal=MemoryJournal(),
        profile_name=profile.name,
        pace=pace_of(Settings()),
    )
    if count:
        seen = list(population.rows(count, base))
        seen.reverse()
        session.book.take_list(ProcessState.SUCCESS, seen, session.book.mark(), base / 1e9)
    return session


class Asked:
    """What a benchmark asks of a session that runs."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._lags: list[float] = []
        self._pulse: asyncio.Task[None] | None = None
        self._began = 0.0

    async def _until(self, holds: Any, seconds: float) -> bool:
        woken = asyncio.Event()
        watcher = self.session.watch(woken.set)
        try:
            async with asyncio.timeout(seconds):
                while not holds():
                    await woken.wait()
                    woken.clear()
                    watcher.take()
        except TimeoutError:
            return False
        finally:
            self.session.unwatch(watcher)
        return True

    async def ready(self, asked: dict[str, Any]) -> bool:
        """Wait until events arrive and every list has been read."""
        session = self.session

        def is_known() -> bool:
            lists = session.process_lists.values()
            return session.link.is_up and all(freshness.can_show_rows for freshness in lists) and self._is_live()

        return await self._until(is_known, 60.0)

    def _is_live(self) -> bool:
        return self.session.link.condition.name == "LIVE"

    async def begin(self, asked: dict[str, Any]) -> bool:
        """Begin to measure."""
        self._lags.clear()
        self._pulse = asyncio.create_task(self._beat(), name="pulse")
        self._began = time.process_time()
        return True

    async def end(self, asked: dict[str, Any]) -> dict[str, float]:
        """End measuring: processor seconds, and how late the event loop was, seconds."""
        cpu = time.process_time() - self._began
        if self._pulse is not None:
            self._pulse.cancel()
            with suppress(asyncio.CancelledError):
                await self._pulse
        return {
            "cpu": cpu,
            "lag_p50": percentile(self._lags, 50),
            "lag_p95": percentile(self._lags, 95),
            "lag_max": max(self._lags),
        }

    async def _beat(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(PULSE)
            self._lags.append(time.perf_counter() - began - PULSE)

    async def differing(self, asked: dict[str, Any]) -> int:
        """Wait until the states of all processes are these, and return in how many rows they differ at last."""
        wanted: dict[str, int] = asked["states"]

        def known() -> dict[str, int]:
            return {id_: int(row.state) for id_, row in self.session.processes.rows.items()}

        if await self._until(lambda: known() == wanted, EQUAL_WITHIN):
            return 0
        return len(set(known().items()) ^ set(wanted.items()))

    async def serve(self) -> None:
        """Answer until the benchmark goes."""
        await answer({"ready": self.ready, "begin": self.begin, "end": self.end, "differing": self.differing})


class AskedConsole(ConsoleApp):
    """The console, which can be asked."""

    CSS_PATH = str(Path(colonies_tui.ui.__file__).with_name("console.tcss"))

    async def on_mount(self) -> None:
        """Answer beside everything else."""
        serve: Work = self._serve
        self.run_worker(serve, group="benchmark")

    async def _serve(self) -> None:
        await Asked(self.session).serve()


async def _without_screen(session: Session) -> None:
    task = asyncio.create_task(session.run(), name="session")
    try:
        await Asked(session).serve()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def main(kind: str, count: int, base: int) -> None:
    """Run until the benchmark goes."""
    profile = profile_from_environment(os.environ)
    if profile is None:
        raise SystemExit("no server is named in the environment")
    if kind == "no-screen":
        asyncio.run(_without_screen(session_of(profile, count, base)))
        return
    settings = Settings(restore_tabs=False)
    app = AskedConsole(
        lambda chosen: session_of(chosen, count, base),
        profile=profile,
        settings=settings,
        paths=paths_from_environment(os.environ),
    )
    app.run()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
