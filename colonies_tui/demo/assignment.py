"""A process in the hands of an executor of the demo, and the places that all of them share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from concurrent.futures import Executor as ThreadPool
from dataclasses import dataclass

from colonies_tui.client.client import ColoniesClient
from colonies_tui.demo.corpus import Corpus
from colonies_tui.demo.index_shelf import IndexShelf
from colonies_tui.demo.process_run import Done, Failed, ProcessRun, TakenAway, Work
from colonies_tui.demo.quota import ProcessorQuota
from colonies_tui.demo.reports import Reports
from colonies_tui.protocol.models.executor import FunctionArgument
from colonies_tui.protocol.models.process import Process

Ending = Done | Failed | TakenAway


@dataclass(frozen=True, slots=True)
class Workplace:
    """What all executors of the demo share."""

    corpus: Corpus
    reports: Reports
    shelf: IndexShelf
    quota: ProcessorQuota
    pool: ThreadPool
    """Has a thread for each executor."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """One process that an executor was given."""

    process: Process
    client: ColoniesClient
    workplace: Workplace

    async def work(self, work: Work) -> Ending:
        """Do work in a thread; what it tells goes to the process."""
        run = ProcessRun(self.client, self.process.processid, self.workplace.quota)
        return await run.run(work, self.workplace.pool)

    async def say(self, line: str) -> None:
        """Write a line to the log of the process.

        Raises:
            ColoniesError: it did not arrive; :class:`Refused` when the process was taken away.
        """
        await self.client.add_log(processid=self.process.processid, message=line)


@dataclass(frozen=True, slots=True)
class Errand:
    """A function that speaks with the server itself while it runs, where a work function only knows files."""

    name: str
    arguments: tuple[FunctionArgument, ...]
    run: Callable[[Assignment], Awaitable[Ending]]
    attributes: tuple[str, ...] = ()
    """Keys of the result that are also written as attributes of the process."""

    @property
    def description(self) -> str:
        """What it does, in one sentence."""
        return (self.run.__doc__ or "").partition("\n")[0]
