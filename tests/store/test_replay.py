"""Replaying: what a session over a recording knows, when, and that this depends on the time alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from colonies_tui.localserver.embedded import running_server
from colonies_tui.localserver.settings import ServerSettings
from colonies_tui.protocol.errors import KeyMissing
from colonies_tui.protocol.messages.colony import GetColonyStatistics, GetPauseStatus
from colonies_tui.protocol.messages.executor import GetExecutors
from colonies_tui.protocol.messages.log import GetLogs
from colonies_tui.protocol.messages.process import CancelProcess, GetProcess, GetProcesses
from colonies_tui.protocol.messages.subscription import SubscribeProcesses
from colonies_tui.protocol.models.colony import Statistics
from colonies_tui.protocol.models.executor import Executor
from colonies_tui.protocol.models.process import Conditions, FunctionSpec, Process, ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.freshness import Condition
from colonies_tui.store.link import LinkCondition
from colonies_tui.store.log_tail import LogBatch
from colonies_tui.store.recording.entries import Recording
from colonies_tui.store.recording.reading import read_recording
from colonies_tui.store.replay.not_in_recording import NotInRecording
from colonies_tui.store.replay.player import SPEEDS, Player
from colonies_tui.store.replay.session import ReplaySession
from colonies_tui.store.resource import Changes, Resource
from tests.store.live import colony_at, watched
from tests.store.recording.making import HEADER, Made

STATISTICS = GetColonyStatistics(colonyname="tiger")
EXECUTORS = GetExecutors(colonyname="tiger")
DEMO = Path(__file__).resolve().parent.parent / "recordings" / "demo.ctrec"


@asynccontextmanager
async def replayed(recording: Recording) -> AsyncIterator[ReplaySession]:
    session = ReplaySession(recording)
    task = asyncio.create_task(session.run())
    try:
        yield session
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def counters(waiting: int) -> dict[str, Any]:
    return Statistics(waitingprocesses=waiting).to_wire()


def process(name: str, state: ProcessState) -> dict[str, Any]:
    where = Conditions(colonyname="tiger", executortype="cli")
    return Process(processid=name, state=state, spec=FunctionSpec(funcname="f", conditions=where)).to_wire()


def state(resource: Resource[Any], name: str) -> ProcessState:
    found = resource.rows[name].state
    assert isinstance(found, ProcessState)
    return found


def condition(resource: Resource[Any]) -> Condition:
    return resource.freshness.condition


def link(session: ReplaySession) -> LinkCondition:
    return session.link.condition


def processes(state: ProcessState) -> GetProcesses:
    return GetProcesses(colonyname="tiger", count=100, state=state)


def all_that_is_known(session: ReplaySession) -> list[Any]:
    """Return everything that a screen could show."""
    rows = [(resource.name, resource.freshness, sorted(resource.rows.items())) for resource in session.resources]
    past = session.history.values("successfulprocesses", session.clock.now(), 120, 60)
    lists = sorted((state.name, freshness) for state, freshness in session.process_lists.items())
    return [session.clock.now(), session.link, rows, past, lists, session.graphs.freshness]


async def test_what_is_known_at_a_time_is_what_had_come_by_then() -> None:
    made = Made()
    for second in range(5):
        made.answer(1000 * second + 200, STATISTICS, counters(second), took=100)
    async with replayed(made.done()) as session:
        await session.go_to(0.15)
        assert not session.statistics.rows
        assert link(session) is LinkCondition.CONNECTING
        for second in range(5):
            await session.go_to(second + 0.2)
            assert session.counters == Statistics(waitingprocesses=second)
            assert session.statistics.freshness.loaded_at == pytest.approx(HEADER.began + second + 0.2)
        assert session.clock.now() == pytest.approx(HEADER.began + 4.2)


async def test_what_nobody_asked_for_is_not_in_the_recording() -> None:
    made = Made().answer(0, STATISTICS, counters(1)).answer(60_000, EXECUTORS, [])
    async with replayed(made.done()) as session:
        await session.go_to(1.0)
        assert condition(session.executors) is Condition.FAILED
        assert isinstance(session.executors.freshness.error, NotInRecording)
        assert session.link.is_up
        await session.go_to(60.0)
        assert condition(session.executors) is Condition.FRESH


@pytest.mark.parametrize("is_open", [True, False])
async def test_an_event_is_not_undone_by_a_list_that_is_older(is_open: bool) -> None:
    """The list was asked for before the event and came after it, as it happens with a busy server."""
    made = Made().answer(0, STATISTICS, counters(1)).answer(5, EXECUTORS, [Executor(executortype="cli").to_wire()])
    made.answer(10, processes(ProcessState.WAITING), [process("p", ProcessState.WAITING)])
    listening = SubscribeProcesses(colonyname="tiger", executortype="cli", state=ProcessState.RUNNING, timeout=60)
    made.heard(1500, listening, process("p", ProcessState.RUNNING))
    made.answer(2000, processes(ProcessState.WAITING), [process("p", ProcessState.WAITING)], took=1000)
    async with replayed(made.done()) as session:
        session.look_at_processes(["p"])
        if is_open:
            session.open_process("p")
        await session.go_to(1.0)
        assert state(session.processes, "p") is ProcessState.WAITING
        await session.go_to(1.6)
        assert state(session.processes, "p") is ProcessState.RUNNING
        await session.go_to(2.5)
        assert state(session.processes, "p") is ProcessState.RUNNING


async def test_a_process_that_stood_in_a_list_can_be_opened_and_follows_the_lists() -> None:
    made = Made().answer(0, STATISTICS, counters(1))
    made.answer(10, processes(ProcessState.RUNNING), [process("p", ProcessState.RUNNING)])
    made.answer(5000, processes(ProcessState.RUNNING), [])
    made.answer(5010, processes(ProcessState.SUCCESS), [process("p", ProcessState.SUCCESS)])
    async with replayed(made.done()) as session:
        session.open_process("p")
        await session.go_to(1.0)
        assert state(session.open_processes, "p") is ProcessState.RUNNING
        await session.go_to(6.0)
        assert state(session.open_processes, "p") is ProcessState.SUCCESS
        with pytest.raises(NotInRecording, match="did not look here"):
            await session.client.send(GetProcess(processid="q"))


async def test_a_log_is_answered_in_any_pieces_from_those_that_were_recorded() -> None:
    def lines(*stamps: int) -> list[dict[str, Any]]:
        return [{"processid": "p", "colonyname": "tiger", "message": f"{n}", "timestamp": n} for n in stamps]

    def page(**fields: Any) -> GetLogs:
        return GetLogs(colonyname="tiger", processid="p", **{"count": 500, **fields})

    made = Made().answer(0, page(latest=True), lines(5, 6, 6)).answer(1000, page(since=5), lines(6, 6, 7))
    made.answer(2000, page(since=1), lines(2, 3, 5, 6, 6, 7))
    heard: list[LogBatch] = []
    async with replayed(made.done()) as session:
        tail = session.tail(processid="p", on_batch=heard.append)
        await session.go_to(0.5)
        assert [row.timestamp for batch in heard for row in batch.rows] == [5, 6, 6]
        await session.go_to(1.5)
        assert [row.timestamp for batch in heard for row in batch.rows] == [5, 6, 6, 7]
        await session.go_to(2.5)
        client = session.client
        assert [row.timestamp for row in await client.send(page(since=2, count=3))] == [3, 5, 6]
        assert [row.timestamp for row in await client.send(page(latest=True, count=2))] == [6, 7]
        session.stop_tail(tail)


async def test_a_server_that_was_lost_is_lost_again_and_found_again() -> None:
    made = Made().answer(0, STATISTICS, counters(1))
    made.failure(1000, STATISTICS, "NotReached", "no connection to http://colonies.example:50080")
    made.answer(3000, STATISTICS, counters(2))
    async with replayed(made.done()) as session:
        await session.go_to(2.0)
        assert link(session) is LinkCondition.LOST
        assert "no connection" in str(session.link.error)
        assert session.counters == Statistics(waitingprocesses=1)
        await session.go_to(3.5)
        assert session.link.is_up
        assert session.counters == Statistics(waitingprocesses=2)


async def test_a_refusal_is_the_same_refusal() -> None:
    request = GetPauseStatus(colonyname="tiger")
    made = Made().answer(0, STATISTICS, counters(1)).failure(5, request, "NotAllowed", "not a member", status=403)
    async with replayed(made.done()) as session:
        await session.go_to(1.0)
        assert session.pause.freshness.condition is Condition.FORBIDDEN
        assert str(session.pause.freshness.error) == "403: not a member"


async def test_nothing_can_be_changed_and_nothing_signed() -> None:
    made = Made().answer(0, STATISTICS, counters(1))
    async with replayed(made.done()) as session:
        await session.go_to(1.0)
        assert session._refusal() == "this is a recording"
        with pytest.raises(NotInRecording, match="nothing can be changed"):
            await session.client.send(CancelProcess(processid="p"))
        member = session.client.keys.member
        assert member is not None
        assert member.identity == HEADER.identities["member"]
        assert session.client.keys.server is None
        with pytest.raises(KeyMissing):
            member.sign("x")
        with pytest.raises(KeyMissing):
            member.reveal()
        assert member.struck_out("any text", "x") == "any text"


async def test_watchers_are_told_once_a_time_is_reached() -> None:
    made = Made()
    for second in range(60):
        made.answer(1000 * second, STATISTICS, counters(second))
    async with replayed(made.done()) as session:
        told: list[dict[str, Changes]] = []
        watcher = session.watch(lambda: told.append({}))
        await session.go_to(59.0)
        assert len(told) == 1
        assert set(watcher.take()) == {"statistics", "link"} | {
            resource.name for resource in session.resources if resource.freshness.condition is Condition.FAILED
        } | {"processes"}
        await session.go_to(10.0)
        assert len(told) == 2
        assert session.counters == Statistics(waitingprocesses=10)


async def test_going_back_is_the_same_as_never_having_been_further() -> None:
    recording = read_recording(DEMO)
    times = (20.0, 61.3, 110.0)
    straight: list[Any] = []
    async with replayed(recording) as session:
        for at in times:
            await session.go_to(at)
            straight.append(all_that_is_known(session))
    async with replayed(recording) as session:
        for at in range(0, 1500, 7):  # in the small steps of a replay that plays
            await session.go_to(at / 10)
        back: list[Any] = []
        for at in reversed(times):
            await session.go_to(at)
            back.append(all_that_is_known(session))
        assert back[::-1] == straight
    assert straight[0] != straight[1] != straight[2]


async def test_a_recorded_session_comes_to_know_the_same(tmp_path: Path) -> None:
    """Over real HTTP and websockets: what the one that recorded knew at its end, the replay knows."""
    file = tmp_path / "a.ctrec"

    def rows(session: Any) -> dict[str, tuple[ProcessRow, ...]]:
        return {
            "processes": tuple(sorted(session.processes.rows.values(), key=lambda row: row.processid)),
            "executors": tuple(session.executors.rows.values()),
            "statistics": tuple(session.statistics.rows.values()),
        }

    async with running_server(ServerSettings()) as server, colony_at(server) as colony:
        worker = await colony.register("worker")
        async with watched(server.address, colony.name, colony.keys) as w:
            w.session.record(file)
            submitted = [await colony.submit() for _ in range(6)]
            await w.until_loaded()
            for number in range(4):
                assigned = await colony.assign()
                if number % 2:
                    await worker.close_failed(processid=assigned.processid, errors=("no",))
                elif number:
                    await worker.close_successful(processid=assigned.processid)
            expected = await colony.rows()
            await w.until(
                lambda: (
                    {row.processid: row.state for row in w.session.processes.rows.values()}
                    == {row.processid: row.state for row in expected.values()}
                    and (w.session.counters or Statistics()).failedprocesses == 2
                )
            )
            known = rows(w.session)
            w.session.stop_recording()
    assert len(submitted) == len(known["processes"])
    recording = read_recording(file)
    async with replayed(recording) as session:
        await session.go_to(recording.length / 1000)
        assert rows(session) == known


# The player -----------------------------------------------------------------------------------------------------------


async def test_the_player_goes_at_its_speed_and_stops_at_the_end() -> None:
    made = Made().answer(0, STATISTICS, counters(1)).answer(60_000, STATISTICS, counters(2))
    player = Player(made.done())
    await player.step(2.0)
    assert player.position == 2.0
    player.change_speed(2)
    assert player.speed == SPEEDS[SPEEDS.index(1.0) + 2]
    await player.step(2.0)
    assert player.position == 2.0 + 2 * player.speed
    player.play_or_pause()
    await player.step(100.0)
    assert player.position == 2.0 + 2 * player.speed
    player.play_or_pause()
    await player.step(100.0)
    assert player.position == player.length == 60.0
    assert not player.is_playing
    player.play_or_pause()
    await player.step(0.1)
    assert player.position == 0.0
    for _ in range(20):
        player.change_speed(1)
    assert player.speed == SPEEDS[-1]


async def test_jumps_add_up_while_one_is_under_way() -> None:
    made = Made().answer(0, STATISTICS, counters(1)).answer(60_000, STATISTICS, counters(2))
    player = Player(made.done())
    jumps: list[bool] = []

    async def jumped(has_gone_back: bool) -> None:
        jumps.append(has_gone_back)

    player.on_jump = jumped
    await player.jump(40.0)
    for _ in range(3):
        player.want(player.position - 10)
    assert player.position == 10.0
    assert player.is_jumping
    await player.step(0.1)
    assert (player.position, player.is_jumping, jumps) == (10.0, False, [False, True])
    player.want(1e9)
    assert player.position == 60.0
