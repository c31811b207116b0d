"""Work in a thread, and what it tells on its way to the server."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest

from colonies_tui.client.client import ColoniesClient
from colonies_tui.demo.corpus import Corpus
from colonies_tui.demo.filing import KeptFile
from colonies_tui.demo.functions import FUNCTIONS
from colonies_tui.demo.process_run import Done, Failed, ProcessRun, TakenAway, shown_traceback
from colonies_tui.demo.progress import Abandoned, Progress
from colonies_tui.demo.quota import ProcessorQuota
from colonies_tui.demo.reports import Reports
from colonies_tui.demo.surroundings import Surroundings
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import NotAllowed
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.messages.file import AddFile
from colonies_tui.protocol.messages.log import AddLog
from colonies_tui.protocol.messages.process import SetOutput
from colonies_tui.protocol.models.process import FunctionSpec
from colonies_tui.protocol.request import Empty, Request
from tests.demo.recording import RecordingProgress

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
            case AddFile(file=file):
                self.told.append((file.label, file.name, file.size, file.checksum, file.checksumalg))
                assert not file.ref.s3object.accesskey + file.ref.s3object.secretkey
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
    assert shown.count("File ") == 1


def test_a_traceback_begins_at_the_work(tmp_path: Path) -> None:
    corpus = Corpus.open(tmp_path / "inputs")
    surroundings = Surroundings(corpus, Reports(tmp_path / "reports"))

    def traceback_of(spec: FunctionSpec) -> str:
        with pytest.raises((OSError, TypeError)) as caught:
            FUNCTIONS[spec.funcname](RecordingProgress(), surroundings, spec)
        return shown_traceback(caught.value.with_traceback(caught.tb.tb_next))  # without the frame of this test

    missing = traceback_of(FunctionSpec(funcname="hash_file", args=("gone.py",)))
    assert "functions.py" not in missing
    assert missing.splitlines()[1].rpartition(", in ")[2] == "hash_file"
    # Where the machinery is what failed, because the arguments do not fit, it is what is shown.
    misfit = traceback_of(FunctionSpec(funcname="hash_file", args=("abc.py", "ast.py")))
    assert "functions.py" in misfit


async def test_a_file_that_was_written_is_recorded_in_its_turn(pool: ThreadPoolExecutor) -> None:
    client = Recorder()
    kept = KeptFile("/reports", "a.json", 3, "f" * 64)

    def work(progress: Progress) -> dict[str, Any]:
        progress.say("writing")
        progress.keep(kept)
        progress.say("written")
        return {}

    assert await run_with(client).run(work, pool) == Done({})
    assert client.told == ["writing", ("/reports", "a.json", 3, "f" * 64, "SHA256"), "written"]


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
