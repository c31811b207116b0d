"""A still colony that has something of everything: workflows, crons, generators, files, blueprints, channels."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from colonies_tui.client.client import ColoniesClient
from colonies_tui.protocol.messages.channel import ReadChannel
from colonies_tui.protocol.messages.log import GetLogs, SearchLogs
from colonies_tui.protocol.messages.process import GetProcess
from colonies_tui.protocol.models.blueprint import Blueprint, Metadata
from colonies_tui.protocol.models.channel import ChannelEntry
from colonies_tui.protocol.models.colony import Cluster, ClusterNode, Colony, Statistics, User, Version
from colonies_tui.protocol.models.executor import Function, FunctionArgument
from colonies_tui.protocol.models.file import FileData, Label, Snapshot
from colonies_tui.protocol.models.location import Location
from colonies_tui.protocol.models.log import Log
from colonies_tui.protocol.models.process import Process
from colonies_tui.protocol.models.schedule import BY_EXPRESSION, Cron, Generator
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store import listings
from colonies_tui.store.freshness import Freshness
from colonies_tui.store.graphs import GraphRow, Member, OpenGraph
from tests.ui.rows import NOW, at, process, process_row
from tests.ui.snapshots.still import COLONY, KEYS, LINES, StillSession, identity, whole

GRAPH = identity("graph")

_MEMBERS = (
    ("fetch", ProcessState.SUCCESS, ()),
    ("tile/north", ProcessState.SUCCESS, ("fetch",)),
    ("tile/south", ProcessState.FAILED, ("fetch",)),
    ("hash", ProcessState.RUNNING, ("fetch",)),
    ("merge", ProcessState.WAITING, ("tile/north", "tile/south", "hash")),
    ("publish", ProcessState.CANCELLED, ("merge",)),
)
"""Node, state and parents."""


class StillClient(ColoniesClient):
    """Answers what screens ask by themselves; everything else is never answered."""

    async def send(self, request: Any, *, key: Any = None) -> Any:
        match request:
            case SearchLogs():
                return tuple(
                    _line(identity(name), "worker-12", number, f"decoding band {number}: checksum differs")
                    for name in ("render", "run 3")
                    for number in range(4)
                )
            case GetLogs():
                return tuple(_line(request.processid, "worker-03", number, text) for number, text in enumerate(LINES))
            case GetProcess():
                return _with_channels(process(ProcessState.RUNNING, processid=request.processid))
            case ReadChannel():
                member = KEYS.member
                assert member is not None
                said = (
                    (member.identity, "how far is band 9?"),
                    (identity("worker-03"), "[60%] naïve 漢字, 2 min left"),
                )
                return tuple(
                    ChannelEntry(
                        sequence=number,
                        timestamp=at(40 - 10 * number),
                        senderid=sender,
                        payload=base64.b64encode(text.encode()).decode(),
                        type="data",
                    )
                    for number, (sender, text) in enumerate(said)
                )
            case _:
                return await asyncio.Event().wait()

    def follow_channel(self, request: Any, *, key: Any = None, on_state: Any = None) -> Any:
        return _nothing_more()


@asynccontextmanager
async def _silent() -> AsyncIterator[AsyncIterator[ChannelEntry]]:
    async def entries() -> AsyncIterator[ChannelEntry]:
        await asyncio.Event().wait()
        yield ChannelEntry()

    yield entries()


def _nothing_more() -> AbstractAsyncContextManager[AsyncIterator[ChannelEntry]]:
    return _silent()


def _line(process_id: str, by: str, number: int, text: str) -> Log:
    stamp = int((NOW - 70 + 7 * number) * 1_000_000_000)
    return Log(processid=process_id, colonyname=COLONY, executorname=by, message=text, timestamp=stamp)


class WholeColony(StillSession):
    """Never asks, and has something of everything."""

    client_type = StillClient

    def __init__(self) -> None:
        super().__init__()
        _fill_lists(self)
        _fill_workflows(self)


def _with_channels(of: Process) -> Process:
    return of.model_copy(update={"spec": of.spec.model_copy(update={"channels": ("progress", "questions")})})


def _fill_workflows(session: WholeColony) -> None:
    rows = {}
    for number, (name, state, _) in enumerate(_MEMBERS):
        started = None if state is ProcessState.WAITING else NOW - 300 + 40 * number
        rows[name] = process_row(
            state,
            processid=identity(name),
            nodename=name,
            funcname=name.partition("/")[0],
            executortype="container",
            assignedexecutorid=identity("worker-03") if started else "",
            submissiontime=NOW - 320,
            starttime=started,
            endtime=NOW - 240 + 40 * number if state.is_final else None,
            processgraphid=GRAPH,
            error="SyntaxError: bad grammar" if state is ProcessState.FAILED else "",
        )
    for state in ProcessState:
        of_state = [row for row in rows.values() if row.state is state]
        known = [row for row_id in session.book.in_state(state) if (row := session.processes.get(row_id)) is not None]
        session.book.take_list(state, [*known, *of_state], session.book.mark(), NOW)
    ids = tuple(row.processid for row in rows.values())
    graph = GraphRow(GRAPH, ProcessState.RUNNING, "operator", NOW - 320, NOW - 300, None, ids, ids[:1])
    members = tuple(
        Member(rows[name].processid, name, state, tuple(rows[parent].processid for parent in parents), rows[name])
        for name, state, parents in _MEMBERS
    )
    finished = {
        identity(f"graph {state.name}"): GraphRow(
            identity(f"graph {state.name}"), state, "operator", NOW - 900, NOW - 880, NOW - 600, ids[:1], ids[:1]
        )
        for state in (ProcessState.SUCCESS, ProcessState.FAILED, ProcessState.CANCELLED)
    }
    session.graphs.lists = dict.fromkeys(ProcessState, Freshness().succeeded(NOW))
    session.graphs.rows.replace({GRAPH: graph, **finished}, NOW)
    session.graphs.opened.replace({GRAPH: OpenGraph(graph, members)}, NOW)
    for member in members:
        assert member.row is not None
        session.open_processes.merge({member.processid: whole(member.row)}, now=NOW)


def _fill_lists(session: WholeColony) -> None:
    def fill(listing: listings.Listing[Any], *rows: Any) -> None:
        session.listings.open(listing).replace({listing.key(row): row for row in rows}, NOW)

    workflow = '{"colonyname": "tiger", "functionspecs": [{"nodename": "fetch", "funcname": "fetch_scene"}]}'
    fill(
        listings.CRONS,
        Cron(
            cronid=identity("nightly"),
            name="nightly-index",
            initiatorname="operator",
            cronexpression="0 0 3 * * *",
            interval=BY_EXPRESSION,
            nextrun=at(-7200),
            lastrun=at(300),
            prevprocessgraphid=GRAPH,
            waitforprevprocessgraph=True,
            workflowspec=workflow,
        ),
        Cron(cronid=identity("late"), name="late", interval=60, nextrun=at(90), workflowspec=workflow),
    )
    fill(
        listings.GENERATORS,
        Generator(
            generatorid=identity("batches"),
            name="batches",
            initiatorname="operator",
            trigger=10,
            timeout=600,
            queuesize=7,
            firstpack=at(120),
            lastrun=at(3000),
            workflowspec=workflow,
        ),
    )
    fill(listings.LABELS, Label(name="/maps", files=3), Label(name="/maps/north", files=2))
    fill(
        listings.files_of("/maps"),
        FileData(name="a.tif", checksum="9f" * 32, size=13_400_000, s3filename="a"),
        FileData(name="naïve 漢字.tif", checksum="7a" * 32, size=2048, s3filename="b"),
    )
    ids = ("f1", "f2", "f3")
    fill(
        listings.SNAPSHOTS, Snapshot(snapshotid=identity("s"), name="before", label="/maps", fileids=ids, added=at(90))
    )
    fill(listings.LOCATIONS, Location(name="rack-1", description="by the window", longitude=20.22, lat=63.82))
    blueprint = Metadata(name="edge-7", locationname="rack-1", generation=3, last_reconciliation_time=at(45))
    fill(
        listings.BLUEPRINTS,
        Blueprint(
            blueprintid=identity("edge-7"),
            kind="ExecutorDeployment",
            metadata=blueprint,
            spec={"replicas": 2, "image": "runner:1.4"},
            status={"ready": 1},
        ),
    )
    fill(listings.DEFINITIONS)
    fill(listings.CLUSTER, Cluster(leader=ClusterNode(name="n1"), nodes=(ClusterNode(name="n1", host="n1.example"),)))
    fill(listings.SERVER_STATISTICS, Statistics(colonies=2, executors=5, activeexecutors=3, waitingprocesses=8))
    session.version.replace({"server": Version(buildversion="v1.9.6", buildtime="2026-01-02")}, NOW)
    session.colonies.replace({name: Colony(name=name, colonyid=identity(name)) for name in (COLONY, "lion")}, NOW)
    session.users.replace({"operator": User(name="operator", userid=identity("operator"), email="o@example")}, NOW)
    arguments = (FunctionArgument(name="scene", type="string", required=True),)
    session.functions.replace(
        {
            name: Function(
                functionid=identity(name),
                executorname="worker-12",
                executortype="container",
                funcname=name,
                description="cuts a scene into tiles",
                args=arguments,
                counter=1200,
                minexectime=0.4,
                avgexectime=12.0,
                maxexectime=61.0,
            )
            for name in ("render_tile", "fetch_scene")
        },
        NOW,
    )
