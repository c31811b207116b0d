"""Work in a thread, and what it tells on its way to the server."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, cast

import pytest

from colonies_tui.client.client import ColoniesClient
from colonies_tui.demo.process_run import Done, Failed, ProcessRun, TakenAway
from colonies_tui.demo.progress import Abandoned, Progress
from colonies_tui.demo.quota import ProcessorQuota
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import NotAllowed
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.messages.log import AddLog
from colonies_tui.protocol.messages.process import SetOutput
from colonies_tui.protocol.request import Empty, Request

R = TypeVar("R")


class Recorder(ColoniesClient):
    """Answers what a run sends, and remembers it."""

    def __init__(self, refuse_after: int | None = None) -> None:
        super().__init__(ServerAddress("127.0.0.1", 1, tls=False), Keyring())
        self.told: list[Any] = []
        self._refuse_after = refuse_after

    async def send(self, request: Request[R], *, key: PrivateKey | None = None) -> R:
        if len(self.told) == self._refuse_after:
            raise NotAllowed(403, "not assigned to this executor")
        asked: Any = request
        match asked:
            case AddLog(message=message):
                self.told.append(message)
            case SetOutput(out=out):
                self.told.append(out)
            case _:
                raise AssertionError(request)
        return cast("R", Empty())  # as both requests are answered


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as threads:
        yield threads


def run_with(client: ColoniesClient) -> ProcessRun:
    return ProcessRun(client, "a" * 64, ProcessorQuota(share=1, burst=100))


async def test_lines_and_outputs_arrive_in_order_before_the_result(pool: ThreadPoolExecutor) -> None:
    client = Recorder()

    def work(progress: Progress) -> dict[str, Any]:
        progress.say("one")
        progress.partial({"half": True})
        progress.step()
        progress.say("two")
        return {"all": True}

    assert await run_with(client).run(work, pool) == Done({"all": True})
    assert client.told == ["one", ({"half": True},), "two"]


async def test_an_exception_is_a_traceback_in_the_log_and_one_line_of_error(pool: ThreadPoolExecutor) -> None:
    client = Recorder()

    def work(progress: Progress) -> dict[str, Any]:
        return {"value": int("x")}

    outcome = await run_with(client).run(work, pool)
    assert outcome == Failed("ValueError: invalid literal for int() with base 10: 'x'")
    (shown,) = client.told
    assert shown.startswith("Traceback (most recent call last):\n")
    assert 'return {"value": int("x")}' in shown
    assert "_in_thread" not in shown


async def test_work_on_a_process_that_was_taken_away_stops(pool: ThreadPoolExecutor) -> None:
    client = Recorder(refuse_after=1)
    ended = threading.Event()

    def work(progress: Progress) -> dict[str, Any]:
        progress.say("one")
        progress.say("two")  # refused
        try:
            while True:
                progress.step()
        except Abandoned:
            ended.set()
            raise

    assert await run_with(client).run(work, pool) == TakenAway("not assigned to this executor")
    assert ended.is_set()
    assert client.told == ["one"]


async def test_cancelling_stops_the_thread(pool: ThreadPoolExecutor) -> None:
    started, ended = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def work(progress: Progress) -> dict[str, Any]:
        loop.call_soon_threadsafe(started.set)
        try:
            while True:
                progress.step()
        except Abandoned:
            ended.set()
            raise

    task = asyncio.create_task(run_with(Recorder()).run(work, pool))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(ended.wait, 5)
