"""One process being worked on: the work in a thread, what it tells on its way to the server meanwhile."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import Executor as ThreadPool
from dataclasses import dataclass
from typing import Any

from colonies_tui.client.client import ColoniesClient
from colonies_tui.demo.filing import KeptFile
from colonies_tui.demo.progress import Abandoned, Progress
from colonies_tui.demo.quota import ProcessorQuota
from colonies_tui.protocol.errors import ColoniesError, Refused

_log = logging.getLogger(__name__)

SLICE_SECONDS = 0.002
"""Processor time below which a step is not worth accounting for."""

_MACHINERY = frozenset(
    f"{__package__}.{name}" for name in ("process_run", "executor", "functions", "conversation", "reconciler")
)
"""Modules between the thread and the work."""

Told = str | dict[str, Any] | KeptFile
"""What work tells: a line, an intermediate output, a file that it wrote."""

Work = Callable[[Progress], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Done:
    """The work ended with a result."""

    result: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Failed:
    """The work ended with an exception; the traceback is in the log of the process."""

    error: str


@dataclass(frozen=True, slots=True)
class TakenAway:
    """The server no longer lets this executor write to the process: cancelled, or past its deadline."""

    reason: str


class ProcessRun:
    """Runs one piece of work for one process."""

    def __init__(self, client: ColoniesClient, processid: str, quota: ProcessorQuota) -> None:
        self._client = client
        self._processid = processid
        self._quota = quota
        self._abandon = threading.Event()
        self._taken_away: str | None = None
        self._loop = asyncio.get_running_loop()
        self._to_tell: asyncio.Queue[Told | None] = asyncio.Queue()

    async def run(self, work: Work, pool: ThreadPool) -> Done | Failed | TakenAway:
        """Do the work in a thread of the pool while what it tells is sent.

        When this is cancelled, the thread is told to give up and ends at its next step.
        """
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._tell())
                outcome = await self._loop.run_in_executor(pool, self._in_thread, work)
        finally:
            self._abandon.set()
        if self._taken_away is not None:
            return TakenAway(self._taken_away)
        return outcome

    def _in_thread(self, work: Work) -> Done | Failed | TakenAway:
        progress = _ThreadProgress(self._put, self._quota, self._abandon)
        try:
            return Done(work(progress))
        except Abandoned:
            return TakenAway(self._taken_away or "the executor leaves")
        except (
            Exception
        ) as error:  # whatever a function raises, it is the failure of its process and not of the executor
            progress.say(shown_traceback(error))
            return Failed(f"{type(error).__name__}: {error}")
        finally:
            self._put(None)

    def _put(self, item: Told | None) -> None:
        self._loop.call_soon_threadsafe(self._to_tell.put_nowait, item)

    async def _tell(self) -> None:
        while (item := await self._to_tell.get()) is not None:
            if self._taken_away is not None:
                continue
            try:
                await self._send(item)
            except Refused as error:
                self._taken_away = error.message
                self._abandon.set()
            except ColoniesError as error:
                _log.warning("a line of process %s is lost: %s", self._processid[:8], error)

    async def _send(self, item: Told) -> None:
        match item:
            case str():
                await self._client.add_log(processid=self._processid, message=item)
            case KeptFile():
                await self._client.add_file(file=item.as_file())
            case _:
                await self._client.set_output(processid=self._processid, out=(item,))


def shown_traceback(error: BaseException) -> str:
    """Return a traceback as Python prints it, from the work on: how an executor came to do the work is left out."""
    frames = error.__traceback__
    while frames is not None and frames.tb_next is not None and frames.tb_frame.f_globals["__name__"] in _MACHINERY:
        frames = frames.tb_next
    return "".join(traceback.TracebackException(type(error), error, frames).format()).rstrip()


class _ThreadProgress:
    """What the work sees of its run; lives in the thread that works."""

    def __init__(self, put: Callable[[Told], None], quota: ProcessorQuota, abandon: threading.Event) -> None:
        self._put = put
        self._quota = quota
        self._abandon = abandon
        self._used = time.thread_time()

    def say(self, line: str) -> None:
        self._put(line)

    def partial(self, output: dict[str, Any]) -> None:
        self._put(output)

    def keep(self, file: KeptFile) -> None:
        self._put(file)

    def rest(self, seconds: float) -> None:
        if self._abandon.wait(seconds):
            raise Abandoned

    def step(self) -> None:
        now = time.thread_time()
        delay = 0.0
        if now - self._used >= SLICE_SECONDS:
            delay = self._quota.use(now - self._used)
            self._used = now
        if self._abandon.wait(delay) if delay > 0 else self._abandon.is_set():
            raise Abandoned
