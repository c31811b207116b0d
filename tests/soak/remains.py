"""What a console must not leave behind: tasks, sockets, files, timers, memory."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True)
class Remains:
    """What there is at one moment."""

    tasks: frozenset[asyncio.Task[object]]
    files: Counter[str]
    """Open files and sockets, by what they are; sockets are one kind."""
    timers: int
    """Calls that the event loop will make later."""

    @classmethod
    def now(cls) -> Remains:
        """Look."""
        gc.collect()
        files: Counter[str] = Counter()
        for name in os.listdir("/proc/self/fd"):
            with contextlib.suppress(OSError):
                files[os.readlink(f"/proc/self/fd/{name}").partition(":[")[0]] += 1
        scheduled = getattr(asyncio.get_running_loop(), "_scheduled", ())
        timers = sum(not handle.cancelled() for handle in scheduled)
        return cls(frozenset(task for task in asyncio.all_tasks() if not task.done()), files, timers)

    def beyond(self, before: Remains) -> list[str]:
        """Return what is there now and was not before."""
        found = [f"task {task.get_name()}: {task.get_coro()}" for task in self.tasks - before.tasks]
        more = self.files - before.files
        found += [f"{count} more open: {name}" for name, count in more.items() if not name.startswith("/proc/")]
        if self.timers > before.timers:
            found.append(f"{self.timers - before.timers} more timers")
        return found


async def beyond_settled(before: Remains, turns: int = 100) -> list[str]:
    """Return what is left beyond ``before`` once the other sides of closed connections have noticed."""
    for _ in range(turns):
        left = Remains.now().beyond(before)
        if not left:
            return []
        await asyncio.sleep(0.05)
    return left


def resident_bytes() -> int:
    """Return how much memory this process holds."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def census() -> Counter[str]:
    """Return how many objects of each type there are."""
    gc.collect()
    return Counter(f"{type(thing).__module__}.{type(thing).__qualname__}" for thing in gc.get_objects())
