"""A colony in the middle of its work, behind a proxy, and a watch over the event loop."""

from __future__ import annotations

import asyncio
import gc
import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from tests.faults.proxy import Proxy, proxy_to
from tests.ui.console.colony import Colony, living_colony
from tests.ui.console.workflow_colony import a_cron, start


@dataclass
class World:
    """A colony, and the proxy through which the console sees it; the colony's own clients go past it."""

    colony: Colony
    proxy: Proxy

    async def move_on(self) -> None:
        """Let a few things happen in the colony."""
        await self.colony.submit_many(2)
        await self.colony.failed("worker-1", "disk full", funcname="fetch")
        await self.colony.register(f"late-{len(self.colony.workers)}", "late")


@asynccontextmanager
async def furnished(data: str = ":memory:", port: int = 0) -> AsyncIterator[World]:
    """Run a colony with executors, processes in several states, a log, a workflow and a cron, behind a proxy."""
    async with living_colony(data=data, port=port) as colony, proxy_to(colony.running.address) as proxy:
        await colony.register("worker-1", "cli")
        await colony.register("gpu-9", "gpu", approve=False)
        await colony.failed("worker-1", "boom")
        await colony.submit("cli")
        await colony.log("worker-1", await colony.assign("worker-1"), "one", "two")
        await colony.submit_many(2)
        await start(colony)
        await a_cron(colony, "nightly")
        yield World(colony, proxy)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with furnished() as made:
        yield made


@dataclass
class LoopWatch:
    """The longest that one callback kept the processor, in seconds of its own processor time.

    Not of the clock: a machine that is busy with other things must not look like a console that hangs. Without the
    collection of garbage, which is that of all tests of this process.
    """

    longest: float = 0.0
    what: str = ""
    errors: list[str] = field(default_factory=list)

    def take(self) -> float:
        """Return the longest since the last call."""
        longest, self.longest = self.longest, 0.0
        return longest


@pytest.fixture
def loop_watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopWatch]:
    """Watch every callback of the event loop, and what is logged as an error."""
    watch = LoopWatch()
    run = asyncio.Handle._run

    collecting = [0.0, 0.0]

    def collected(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            collecting[0] = time.thread_time()
        else:
            collecting[1] += time.thread_time() - collecting[0]

    def timed(self: asyncio.Handle) -> None:
        before, collecting[1] = time.thread_time(), 0.0
        run(self)
        seconds = time.thread_time() - before
        seconds -= collecting[1]
        if seconds > watch.longest:
            watch.longest, watch.what = seconds, repr(self)

    class Errors(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            watch.errors.append(record.getMessage())

    handler = Errors(logging.ERROR)
    gc.callbacks.append(collected)
    monkeypatch.setattr(asyncio.Handle, "_run", timed)
    logging.getLogger().addHandler(handler)
    yield watch
    logging.getLogger().removeHandler(handler)
    gc.callbacks.remove(collected)
