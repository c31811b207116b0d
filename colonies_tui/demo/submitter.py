"""The demo's users at work: they submit the stream at a modest rate and cancel what has been replaced."""

from __future__ import annotations

import asyncio
import heapq
import logging
import time
from collections.abc import Mapping

from colonies_tui.client.client import ColoniesClient
from colonies_tui.demo.cast import COLONY
from colonies_tui.demo.quota import TokenBucket
from colonies_tui.demo.submissions import Batch, Stream, Submission
from colonies_tui.protocol.errors import ColoniesError, NotFound, Refused

_log = logging.getLogger(__name__)

RATE = 2.8
"""Processes submitted per second, on average."""

BURST = 4.0

PILE_LIMIT = 120
"""With this many processes waiting in the colony, no more compilations are added to the pile that nobody takes."""

WAITING_LIMIT = 200
"""With this many processes waiting in the colony, nothing is submitted at all."""


def wanted(batch: Batch, waiting: int) -> tuple[Submission, ...]:
    """Return what of a batch is worth submitting with so many processes waiting already."""
    if waiting >= WAITING_LIMIT:
        return ()
    if waiting >= PILE_LIMIT:
        return tuple(item for item in batch.submissions if item.spec.conditions.executortype != "compiler")
    return batch.submissions


async def waiting_processes(client: ColoniesClient) -> int:
    """Return how many processes wait in the colony; where that cannot be told, so many that nothing is submitted."""
    try:
        return (await client.get_colony_statistics(colonyname=COLONY)).waitingprocesses
    except ColoniesError as error:
        _log.warning("statistics: %s", error)
        return WAITING_LIMIT


class Submitter:
    """Submits for all users of the demo."""

    def __init__(self, users: Mapping[str, ColoniesClient], stream: Stream) -> None:
        """Args:
        users: a client for each user of the stream, by name.
        stream: what to submit.
        """
        self._users = users
        self._stream = stream
        self._rate = TokenBucket(RATE, BURST)
        self._to_cancel: list[tuple[float, str, str]] = []
        self._long: dict[str, str] = {}
        """The latest long process of each function."""

    async def run(self) -> None:
        """Submit for ever."""
        waiting = await self._waiting()
        for batch in self._stream.opening():
            await self._submit(batch, waiting)
        for batch in self._stream.batches():
            await self._pause(self._rate.take(len(batch.submissions)))
            await self._submit(batch, await self._waiting())

    async def _waiting(self) -> int:
        return await waiting_processes(next(iter(self._users.values())))

    async def _submit(self, batch: Batch, waiting: int) -> None:
        client = self._users[batch.user]
        for submission in wanted(batch, waiting):
            try:
                if submission.long and await self._still_busy(client, submission.spec.funcname):
                    continue
                process = await client.submit_process(spec=submission.spec)
            except ColoniesError as error:
                _log.warning("submitting %s: %s", submission.spec.funcname, error)
                continue
            if submission.long:
                self._long[submission.spec.funcname] = process.processid
            if submission.cancel_after is not None:
                due = time.monotonic() + submission.cancel_after
                heapq.heappush(self._to_cancel, (due, batch.user, process.processid))

    async def _still_busy(self, client: ColoniesClient, funcname: str) -> bool:
        processid = self._long.get(funcname)
        if processid is None:
            return False
        try:
            return not (await client.get_process(processid=processid)).state.is_final
        except NotFound:
            return False  # the operator removed it

    async def _pause(self, seconds: float) -> None:
        """Wait for the rate, cancelling meanwhile what is due."""
        until = time.monotonic() + seconds
        while self._to_cancel and self._to_cancel[0][0] <= until:
            due, user, processid = heapq.heappop(self._to_cancel)
            await asyncio.sleep(due - time.monotonic())
            try:
                await self._users[user].cancel_process(processid=processid)
            except Refused:
                pass  # it was done before it was replaced
            except ColoniesError as error:
                _log.warning("cancelling: %s", error)
        await asyncio.sleep(until - time.monotonic())
