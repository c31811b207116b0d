"""A session for a command: run for as long as a block lasts, and waited for."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from colonies_tui.store.resource import Watcher
from colonies_tui.store.session import Session


class Changes:
    """Wakes who waits for something to have changed."""

    def __init__(self, session: Session) -> None:
        self._woken = asyncio.Event()
        self._watcher: Watcher = session.watch(self._woken.set)
        self._task: asyncio.Task[None] | None = None
        self.is_reader_gone = False

    def follow(self, task: asyncio.Task[None]) -> None:
        """Wake also when the session's task ends, which it does only by a defect."""
        self._task = task
        task.add_done_callback(lambda ended: self._woken.set())

    def reader_left(self) -> None:
        """Note that nobody reads what is printed."""
        self.is_reader_gone = True
        self._woken.set()

    async def wait(self, seconds: float | None = None) -> None:
        """Wait for a change, at most so long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        self._woken.clear()
        self._watcher.take()
        if self._task is not None and self._task.done():
            self._task.result()


@contextlib.asynccontextmanager
async def running(session: Session) -> AsyncIterator[Changes]:
    """Keep a session up to date for as long as the block lasts; it is ended with it."""
    changes = Changes(session)
    task = asyncio.create_task(session.run(), name="session")
    changes.follow(task)
    try:
        yield changes
    finally:
        task.cancel()
        await asyncio.wait([task])
