"""Process graphs: the states that colours stand for, lists that move graphs about, and graphs that are open."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.protocol.errors import NotAllowed, Refused
from colonies_tui.protocol.messages.process import GetProcess
from colonies_tui.protocol.messages.workflow import GetProcessGraph, GetProcessGraphs
from colonies_tui.protocol.models.process import Process, ProcessRow
from colonies_tui.protocol.models.workflow import GraphEdge, GraphNode, NodeData, NodeStyle, ProcessGraph
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.feed import Schedule
from colonies_tui.store.freshness import Condition
from colonies_tui.store.graphs import READ_MEMBERS, STATE_OF_COLOUR, Graphs, graph_feed, open_graph
from colonies_tui.store.pace import Pace
from colonies_tui.store.process_book import ProcessBook
from colonies_tui.store.resource import Resource, Watcher

from .fake_client import FakeClient
from .fake_clock import FakeClock
from .rows import COLONY, process_row

COLOUR_OF_STATE = {state: colour for colour, state in STATE_OF_COLOUR.items()}
WAITING, RUNNING, SUCCESS, FAILED = (
    ProcessState.WAITING,
    ProcessState.RUNNING,
    ProcessState.SUCCESS,
    ProcessState.FAILED,
)


def graph(
    graph_id: str,
    state: ProcessState = WAITING,
    members: Mapping[str, ProcessState] | None = None,
    edges: Sequence[tuple[str, str]] = (),
) -> ProcessGraph:
    """Return the reply for one graph; members are drawn in the opposite order of their ids."""
    drawn = members or {}
    return ProcessGraph(
        processgraphid=graph_id,
        state=state,
        processids=tuple(drawn),
        nodes=tuple(
            GraphNode(
                id=name, data=NodeData(label=f"do {name}"), style=NodeStyle(background=COLOUR_OF_STATE[drawn[name]])
            )
            for name in reversed(list(drawn))
        ),
        edges=tuple(GraphEdge(source=source, target=target) for source, target in edges),
    )


class Desk:
    """Graphs at a server, and the store's picture of them."""

    def __init__(self) -> None:
        self.server: dict[str, ProcessGraph] = {}
        self.processes: dict[str, ProcessState] = {}
        self.clock = FakeClock()
        self.client = FakeClient()
        self.client.answers[GetProcessGraphs] = self._list
        self.client.answers[GetProcessGraph] = self._one
        self.client.answers[GetProcess] = lambda request: Process(
            processid=request.processid, state=self.processes[request.processid]
        )
        self.watchers: list[Watcher] = []
        self.schedule = Schedule(self.clock, Pace())
        self.book = ProcessBook(Resource("processes", self.watchers), most=1000)
        self.graphs = Graphs(self.client, COLONY, self.schedule, self.watchers, self.clock, self.book)

    def _list(self, request: GetProcessGraphs) -> tuple[ProcessGraph, ...]:
        return tuple(row for row in self.server.values() if row.state is request.state)

    def _one(self, request: GetProcessGraph) -> ProcessGraph:
        found = self.server.get(request.processgraphid)
        if found is None:
            raise Refused(500, "process graph not found")
        return found

    async def read(self, state: ProcessState) -> None:
        """Read the list of one state."""
        await self.schedule.feeds[graph_feed(state)].read()

    async def read_open(self, graph_id: str) -> None:
        await self.schedule.feeds[f"graph {graph_id}"].read()

    @property
    def states(self) -> dict[str, ProcessState]:
        """What the store lists."""
        return {graph_id: row.state for graph_id, row in self.graphs.rows.rows.items()}


# -- one graph ---------------------------------------------------------------------------------------------------------


def test_members_stand_in_the_order_of_the_graph_with_their_parents_and_states() -> None:
    reply = graph("g", RUNNING, {"a": SUCCESS, "b": RUNNING, "c": WAITING}, [("a", "b"), ("a", "c"), ("b", "c")])
    known = {"a": process_row("a", SUCCESS)}
    opened = open_graph(reply, known.get)
    assert [(m.processid, m.label, m.state, m.parents) for m in opened.members] == [
        ("a", "do a", SUCCESS, ()),
        ("b", "do b", RUNNING, ("a",)),
        ("c", "do c", WAITING, ("a", "b")),
    ]
    assert opened.unknown == ("b", "c")


@given(st.sampled_from(ProcessState), st.sampled_from(ProcessState))
def test_the_colour_counts_and_what_is_behind_it_is_read_again(drawn: ProcessState, known: ProcessState) -> None:
    opened = open_graph(graph("g", members={"a": drawn}), lambda process_id: process_row(process_id, known))
    assert opened.members[0].state is drawn
    assert opened.unknown == (() if drawn is known else ("a",))


def test_a_colour_that_nobody_knows_leaves_the_state_to_the_process() -> None:
    node = GraphNode(id="a", style=NodeStyle(background="#123456"))
    reply = ProcessGraph(processgraphid="g", processids=("a",), nodes=(node,))
    assert open_graph(reply, lambda process_id: process_row(process_id, FAILED)).members[0].state is FAILED
    assert open_graph(reply, lambda process_id: None).members[0].state is WAITING


# -- lists -------------------------------------------------------------------------------------------------------------


async def test_a_graph_that_moves_from_one_list_to_another_is_never_away() -> None:
    desk = Desk()
    desk.server["g"] = graph("g", WAITING)
    await desk.read(WAITING)
    assert desk.states == {"g": WAITING}
    desk.server["g"] = graph("g", RUNNING)
    await desk.read(WAITING)
    assert desk.states == {"g": RUNNING}, "it was asked for by its id"
    await desk.read(RUNNING)
    assert desk.states == {"g": RUNNING}
    del desk.server["g"]
    await desk.read(RUNNING)
    assert desk.states == {}


async def test_many_that_leave_a_list_at_once_are_not_asked_for_one_by_one() -> None:
    desk = Desk()
    desk.server = {f"g{number}": graph(f"g{number}") for number in range(50)}
    await desk.read(WAITING)
    assert len(desk.states) == 50
    desk.server.clear()
    await desk.read(WAITING)
    assert desk.states == {}
    assert desk.client.sent(GetProcessGraph) == READ_MEMBERS


def condition(desk: Desk) -> Condition:
    return desk.graphs.freshness.condition


async def test_each_list_says_when_it_is_there_and_all_are_as_sure_as_the_least_sure() -> None:
    desk = Desk()
    woken: list[bool] = []
    watcher = Watcher(lambda: woken.append(True))
    desk.watchers.append(watcher)
    for number, state in enumerate(ProcessState):
        assert condition(desk) == Condition.LOADING
        watcher.take()
        await desk.read(state)
        assert desk.graphs.lists[state].condition is Condition.FRESH
        assert "graphs" in watcher.take(), f"list {number} is empty, and that is news"
    assert condition(desk) == Condition.FRESH
    desk.schedule.feeds[graph_feed(FAILED)].failed(NotAllowed(403, "no"))
    assert desk.graphs.lists[SUCCESS].condition is Condition.FRESH
    assert condition(desk) == Condition.FORBIDDEN
    assert woken


# -- open graphs -------------------------------------------------------------------------------------------------------


async def test_an_open_graph_reads_only_members_that_it_does_not_know() -> None:
    desk = Desk()
    desk.processes = {"a": SUCCESS, "b": RUNNING}
    desk.server["g"] = graph("g", RUNNING, desk.processes, [("a", "b")])
    desk.book.take_read(ProcessRow.of(Process(processid="a", state=SUCCESS)), desk.book.mark())
    desk.graphs.open("g")
    desk.graphs.open("g")
    await desk.read_open("g")
    opened = desk.graphs.opened.get("g")
    assert opened is not None
    assert opened.unknown == ()
    assert [request.processid for request in desk.client.asked if isinstance(request, GetProcess)] == ["b"]
    assert desk.states == {"g": RUNNING}
    desk.graphs.close("g")
    assert desk.graphs.opened.get("g") is not None, "it was opened twice"
    desk.graphs.close("g")
    assert desk.graphs.opened.get("g") is None
    assert "graph g" not in desk.schedule.feeds


async def test_one_that_is_closed_while_it_is_read_stays_closed() -> None:
    desk = Desk()
    gate = asyncio.Event()

    async def late(request: GetProcessGraph) -> ProcessGraph:
        await gate.wait()
        return graph("g", RUNNING)

    desk.client.answers[GetProcessGraph] = late
    desk.graphs.open("g")
    reading = asyncio.ensure_future(desk.read_open("g"))
    await desk.clock.settle()
    desk.graphs.close("g")
    gate.set()
    await reading
    assert desk.graphs.opened.get("g") is None


async def test_one_that_is_not_there_any_more_is_dropped_but_a_forbidden_one_stays() -> None:
    desk = Desk()
    desk.server["g"] = graph("g", RUNNING)
    desk.graphs.open("g")
    await desk.read_open("g")

    def forbidden(request: GetProcessGraph) -> ProcessGraph:
        raise NotAllowed(403, "no")

    desk.client.answers[GetProcessGraph] = forbidden
    with pytest.raises(NotAllowed):
        await desk.read_open("g")
    assert desk.graphs.opened.get("g") is not None
    desk.server.clear()
    desk.client.answers[GetProcessGraph] = desk._one
    with pytest.raises(Refused):
        await desk.read_open("g")
    assert desk.graphs.opened.get("g") is None


async def test_a_member_that_cannot_be_read_does_not_hide_the_others() -> None:
    desk = Desk()
    desk.server["g"] = graph("g", RUNNING, {"a": RUNNING, "b": RUNNING})
    desk.processes = {"a": RUNNING, "b": RUNNING}

    def one(request: GetProcess) -> Process:
        if request.processid == "a":
            raise Refused(400, "gone")
        return Process(processid="b", state=RUNNING)

    desk.client.answers[GetProcess] = one
    desk.graphs.open("g")
    await desk.read_open("g")
    opened = desk.graphs.opened.get("g")
    assert opened is not None
    assert opened.unknown == ("a",)
    assert opened.members[1].row is not None
