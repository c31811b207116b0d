"""Assignment: an executor asks for the next process and may wait for one (§ Queue order and matching).

Handing over a process is one step in the one event loop, so two executors never get the same one. Normally a
process that becomes assignable is handed straight to the executor that has waited longest and may take it; with
``real_quirks`` long polls stand in the ring of listeners instead, where observers take wake-ups from them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from colonies_tui.localserver.access import Access
from colonies_tui.localserver.clock import Clock
from colonies_tui.localserver.database import Database
from colonies_tui.localserver.lifecycle import Lifecycle
from colonies_tui.localserver.pubsub import Listener, PubSub
from colonies_tui.localserver.records.executor import ExecutorRecord
from colonies_tui.localserver.records.process import ProcessRecord
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.protocol.roles import Role
from colonies_tui.protocol.sizes import mebibytes, millicores
from colonies_tui.protocol.states import ProcessState


def _nothing() -> Refusal:
    return Refusal(404, "No process available for assignment")


@dataclass(eq=False, slots=True)
class _Poll:
    """An executor that waits; compared by identity."""

    executor: ExecutorRecord
    cpu: int | None
    mem: int | None
    handed: asyncio.Future[ProcessRecord | None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    """A process; or ``None``: look again."""

    def wake(self, process: ProcessRecord | None = None) -> None:
        if not self.handed.done():
            self.handed.set_result(process)


class Queue:
    """Executors that ask for work, and the work that is given to them."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        access: Access,
        lifecycle: Lifecycle,
        pubsub: PubSub,
        *,
        real_quirks: bool,
    ) -> None:
        self._database = database
        self._clock = clock
        self._access = access
        self._lifecycle = lifecycle
        self._pubsub = pubsub
        self._real_quirks = real_quirks
        self._polls: dict[tuple[str, str], list[_Poll]] = {}
        self._is_closed = False
        if not real_quirks:
            lifecycle.on_waiting.append(self._offer)

    async def assign(
        self,
        executor: ExecutorRecord,
        *,
        timeout: int,
        cpu: str | None,
        mem: str | None,
        receive: Callable[[], Awaitable[Any]],
    ) -> ProcessRecord:
        """Return the next process for an executor; it is on disk as assigned.

        Args:
            executor: who asks.
            timeout: seconds to wait for a process; negative not to wait.
            cpu: text of the millicores that the executor has; empty for any number.
            mem: text of the memory that the executor has; empty for any.
            receive: returns when the client is gone.

        Raises:
            Refusal: there is none in time, or assignments are paused.
        """
        poll = _Poll(executor, _amount(cpu, millicores), _amount(mem, mebibytes))
        is_over = False

        def expire() -> None:
            nonlocal is_over
            is_over = True
            poll.wake()

        timer = self._clock.call_later(timeout, expire) if timeout > 0 else None
        gone = asyncio.ensure_future(receive()) if timeout > 0 else None
        try:
            while True:
                process = self._attempt(poll)
                if process is not None:
                    break
                if gone is None or is_over or self._is_closed:
                    raise self._nothing_for(poll, waited=timeout > 0)
                process = await self._wait(poll, gone)
                if process is not None:
                    break
                poll = _Poll(self._still_allowed(poll.executor), poll.cpu, poll.mem)
        finally:
            if timer is not None:
                timer.cancel()
            if gone is not None:
                gone.cancel()
                with suppress(asyncio.CancelledError):
                    await gone
        await self._database.settled()
        return process

    def wake_colony(self, colonyname: str) -> None:
        """Let every executor of a colony that waits look again."""
        for (name, _), polls in list(self._polls.items()):
            if name == colonyname:
                for poll in list(polls):
                    poll.wake()

    def close(self) -> None:
        """Answer everybody who waits, and let nobody wait any more."""
        self._is_closed = True
        for polls in list(self._polls.values()):
            for poll in list(polls):
                poll.wake()

    def is_paused(self, colonyname: str) -> bool:
        """Tell whether assignments are paused in a colony."""
        row = self._database.one("SELECT paused FROM colonies WHERE name = ?", (colonyname,))
        return row is not None and bool(row[0])

    @property
    def waiting_executors(self) -> int:
        """Number of long polls that are open."""
        return sum(len(polls) for polls in self._polls.values())

    def _attempt(self, poll: _Poll) -> ProcessRecord | None:
        with self._database.change():
            self._database.write(
                "UPDATE executors SET heard = ? WHERE colonyname = ? AND name = ?",
                (self._clock.now(), poll.executor.colonyname, poll.executor.name),
            )
            if self.is_paused(poll.executor.colonyname):
                return None
            return self._lifecycle.assign(poll.executor, poll.cpu, poll.mem)

    async def _wait(self, poll: _Poll, gone: asyncio.Future[Any]) -> ProcessRecord | None:
        executor = poll.executor
        waiting = self._polls.setdefault((executor.colonyname, executor.type), [])
        waiting.append(poll)
        listener = Listener(
            ProcessState.WAITING, lambda _: poll.wake(), executor.type, locationname=executor.locationname
        )
        if self._real_quirks:
            self._pubsub.add(listener)
        has_left = True
        try:
            await asyncio.wait({poll.handed, gone}, return_when=asyncio.FIRST_COMPLETED)
            has_left = gone.done()
        finally:
            waiting.remove(poll)
            if not waiting:
                self._polls.pop((executor.colonyname, executor.type), None)
            self._pubsub.discard(listener)
            if has_left and poll.handed.done():
                self._return_unheard(poll.handed.result())
        if has_left:
            raise _nothing()
        return poll.handed.result()

    def _return_unheard(self, process: ProcessRecord | None) -> None:
        if process is not None:
            with self._database.change():
                self._lifecycle.give_back(process)

    def _offer(self, process: ProcessRecord) -> None:
        """Hand a process that became assignable to the executor that has waited longest and may take it."""
        for poll in list(self._polls.get((process.colonyname, process.executortype), ())):
            if poll.handed.done():
                continue
            if not self._is_approved(poll.executor):
                poll.wake()  # it looks again, and is told so
                continue
            taken = self._attempt(poll)
            if taken is not None:
                poll.wake(taken)
                if taken.processid == process.processid:
                    return

    def _is_approved(self, executor: ExecutorRecord) -> bool:
        caller = self._access.member(executor.colonyname, executor.executorid)
        return caller is not None and caller.executor is not None

    def _still_allowed(self, executor: ExecutorRecord) -> ExecutorRecord:
        """Read an executor again: it may have been removed or rejected while it waited."""
        caller = self._access.require(Role.EXECUTOR, executor.colonyname, executor.executorid)
        if caller.executor is None:
            raise Refusal(500, "Failed to assign process, executor not found")
        return caller.executor

    def _nothing_for(self, poll: _Poll, *, waited: bool) -> Refusal:
        if not self.is_paused(poll.executor.colonyname):
            return _nothing()
        if waited:
            return Refusal(408, "Assignment timeout: colony assignments are paused")
        return Refusal(503, "No processes available: colony assignments are paused")


def _amount(text: str | None, read: Callable[[str], int]) -> int | None:
    if not text:
        return None
    try:
        return read(text)
    except ValueError:
        return 0  # as a real server reads it: such an executor has nothing
