"""The demo's colony at work: everybody in it, for as long as the task that runs it lives."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, suppress
from pathlib import Path

from colonies_tui.client.client import ColoniesClient
from colonies_tui.demo.assignment import Workplace
from colonies_tui.demo.cast import CAST, USERS, Member
from colonies_tui.demo.corpus import INPUTS, Corpus
from colonies_tui.demo.enrolment import enrol_executors, enrol_users
from colonies_tui.demo.executor import WorkingExecutor
from colonies_tui.demo.furnishing import add_places, add_standing_orders, file_library
from colonies_tui.demo.index_shelf import INDEXES, IndexShelf
from colonies_tui.demo.keys import DemoKeys
from colonies_tui.demo.programme import Programme
from colonies_tui.demo.programme_run import ProgrammeRun
from colonies_tui.demo.quota import ProcessorQuota
from colonies_tui.demo.reports import REPORTS, Reports
from colonies_tui.demo.submissions import Stream
from colonies_tui.demo.submitter import Submitter
from colonies_tui.demo.talk import questions, talk
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.keyring import Keyring

PROCESSOR_SHARE = 0.3
"""Share of one core for all work together; requests and the server come on top."""

PROCESSOR_BURST = 0.5
"""Seconds of processor time that the work may use at once after a rest."""

LEAVING_SECONDS = 2.0
"""Time limit of the last words of an executor that goes away."""


async def run_colony(address: ServerAddress, keys: DemoKeys, directory: Path, seed: int) -> None:
    """Enrol everybody and let them work until this is cancelled.

    Args:
        address: the server, which has the colony and the operator already.
        keys: everybody's keys.
        directory: where the demo keeps its files.
        seed: decides what is submitted.

    Raises:
        ColoniesError: somebody could not be enrolled.
        FileNotFoundError: there is nothing to work on.
    """
    corpus = Corpus.open(directory / INPUTS)
    pool = ThreadPoolExecutor(len(CAST), thread_name_prefix="work")
    workplace = Workplace(
        corpus,
        Reports(directory / REPORTS),
        IndexShelf(directory / INDEXES),
        ProcessorQuota(PROCESSOR_SHARE, PROCESSOR_BURST),
        pool,
    )
    try:
        async with ColoniesClient(address, keys.keyring) as owner:
            await add_places(owner)
            await enrol_users(owner, USERS, keys.members)
            await enrol_executors(owner, CAST, keys.members, directory)
        async with AsyncExitStack() as clients, asyncio.TaskGroup() as tasks:
            for member in CAST:
                tasks.create_task(live(member, address, keys.members[member.name], workplace), name=member.name)
            users = {
                name: await clients.enter_async_context(ColoniesClient(address, Keyring(member=keys.members[name])))
                for name in USERS
            }
            tasks.create_task(Submitter(users, Stream(seed, corpus)).run(), name="submitter")
            tasks.create_task(ProgrammeRun(users, Programme(seed, corpus)).run(), name="programme")
            tasks.create_task(furnish(users[USERS[1]], corpus), name="furnishing")
            operator = await clients.enter_async_context(ColoniesClient(address, Keyring(member=keys.operator)))
            tasks.create_task(talk(operator, questions(seed, corpus)), name="talk")
    finally:
        # Work that was given up ends at its next step; its last words must find the loop still there.
        await asyncio.shield(asyncio.to_thread(pool.shutdown, cancel_futures=True))


async def furnish(user: ColoniesClient, corpus: Corpus) -> None:
    """Add what stands in the colony from the start, while everybody is at work already.

    Raises:
        ColoniesError: the server refused or was not reached.
    """
    await add_standing_orders(user)
    await file_library(user, corpus)


async def live(member: Member, address: ServerAddress, key: PrivateKey, workplace: Workplace) -> None:
    """Let an executor work, and be away now and then if that is its way, until this is cancelled.

    Away means gone: its client is closed, and what it worked on is left to the deadlines.
    """
    while True:
        async with ColoniesClient(address, Keyring(member=key)) as client:
            executor = WorkingExecutor(member, client, workplace)
            if member.absence is None:
                await executor.run()
                continue
            try:
                async with asyncio.timeout(member.absence.after):
                    await executor.run()
            except TimeoutError:
                with suppress(TimeoutError):
                    async with asyncio.timeout(LEAVING_SECONDS):
                        await executor.leave(f"going away for {member.absence.lasting:.0f} s")
        await asyncio.sleep(member.absence.lasting)
