"""Reads that are made once, when somebody opens or asks for something."""

from __future__ import annotations

import asyncio

from colonies_tui.protocol.errors import Refused
from colonies_tui.protocol.messages.blueprint import GetBlueprintHistory
from colonies_tui.protocol.messages.file import GetFile
from colonies_tui.protocol.messages.log import MAX_SEARCH_COUNT, SearchLogs
from colonies_tui.protocol.messages.process import GetProcess
from colonies_tui.protocol.messages.workflow import GetProcessGraph
from colonies_tui.protocol.models.blueprint import BlueprintHistory
from colonies_tui.protocol.models.file import File, Snapshot
from colonies_tui.protocol.models.log import Log
from colonies_tui.protocol.models.process import FunctionSpec, Process
from colonies_tui.protocol.models.workflow import WorkflowSpec
from colonies_tui.store.session import Session

MAX_READ = 60
"""Most files of a snapshot that are read one by one."""

AT_ONCE = 8
"""How many processes are read at the same time."""


async def read_spec(session: Session, process_id: str) -> FunctionSpec:
    """Return what a process was made from.

    Raises:
        ColoniesError: it could not be read.
    """
    return (await session.client.send(GetProcess(processid=process_id))).spec


async def read_workflow(session: Session, graph_id: str) -> WorkflowSpec:
    """Return what a workflow was made from: a server keeps no such thing, so it is put together from its processes.

    Raises:
        ColoniesError: the graph or one of its processes could not be read.
    """
    graph = await session.client.send(GetProcessGraph(processgraphid=graph_id))
    gate = asyncio.Semaphore(AT_ONCE)

    async def read(process_id: str) -> Process:
        async with gate:
            return await session.client.send(GetProcess(processid=process_id))

    processes = await asyncio.gather(*(read(process_id) for process_id in graph.processids))
    return WorkflowSpec(colonyname=session.colony, functionspecs=tuple(process.spec for process in processes))


async def revisions(session: Session, label: str, name: str) -> tuple[File, ...]:
    """Return all revisions of a file, newest first.

    Raises:
        ColoniesError: they could not be read.
    """
    return await session.client.send(GetFile(colonyname=session.colony, label=label, name=name))


async def files_of_snapshot(session: Session, snapshot: Snapshot) -> tuple[File, ...]:
    """Return the files that a snapshot lists, as far as they still exist; at most :data:`MAX_READ` of them.

    Raises:
        ColoniesError: the server did not answer.
    """
    found: list[File] = []
    for file_id in snapshot.fileids[:MAX_READ]:
        try:
            found.extend(await session.client.send(GetFile(colonyname=session.colony, fileid=file_id)))
        except Refused:
            continue  # removed since: the snapshot keeps its id
    return tuple(found)


async def blueprint_history(
    session: Session, blueprint_id: str, *, generations: int = 20
) -> tuple[BlueprintHistory, ...]:
    """Return the latest generations of a blueprint, newest first.

    Raises:
        ColoniesError: they could not be read.
    """
    return await session.client.send(GetBlueprintHistory(blueprintid=blueprint_id, limit=generations))


async def search_logs(session: Session, text: str, days: int) -> tuple[Log, ...]:
    """Return log lines of the colony that hold a text, newest first; at most :data:`MAX_SEARCH_COUNT`.

    Raises:
        ColoniesError: the search failed.
    """
    request = SearchLogs(colonyname=session.colony, text=text, days=days, count=MAX_SEARCH_COUNT)
    rows = await session.client.send(request)
    return tuple(sorted(rows, key=lambda row: -row.timestamp))
