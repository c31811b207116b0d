"""The console against everything that a network and a server can do to it: one row for each fault.

Each row has two parts. First the fault hits one request that changes something: it is sent once, its outcome is said as
what it is. Then it hits everything while the colony moves on: the console stays awake, says that it does not know, and
is equal to the server soon after the fault is over, without a key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from colonies_tui.client.time_limits import DEFAULT_LIMITS, TimeLimits
from colonies_tui.store.freshness import Condition
from colonies_tui.store.link import LinkCondition
from colonies_tui.store.pace import Interval
from colonies_tui.store.resource import Resource
from colonies_tui.store.session import Session
from tests.faults import http_faults
from tests.faults.conftest import LoopWatch, World
from tests.faults.frames import Frame, text_frame
from tests.faults.proxy import Asked, FrameFault, HttpFault, Proxy
from tests.faults.truth import until_equal
from tests.ui.console.driver import HASTE, Console, console, profile_of

OFTEN = Interval(seen=0.3, unseen=0.4, gap=0.05)
PACE = replace(
    HASTE,
    patience=0.4,
    statistics=Interval(0.15, 0.25, 0.05),
    executors=OFTEN,
    processes=OFTEN,
    functions=OFTEN,
    users=OFTEN,
    colonies=OFTEN,
    pause=OFTEN,
    strays=Interval(0.3, 0.3, 0.05),
    requests_per_second=100.0,
    recovery=0.15,
)
"""So that nothing that is compared is old only because nobody looks at it."""

CHANGE, HEARTBEAT = "approveexecutormsg", "getcolonystatsmsg"
LONGEST_CALLBACK = 0.1
"""Seconds of processor time: a key that was pressed meanwhile would wait as long."""

LOST, UNREADABLE, FORBIDDEN, HARMLESS = "stale since", "stale since ", "not allowed with this key", ""
"""What the first line says when a fault hits everything."""


@dataclass(frozen=True)
class Row:
    """A fault, and what is right about it."""

    fault: HttpFault
    outcome: str
    """What is written about a changing request that it hits."""
    has_effect: bool
    """Whether the server has carried it out."""
    seen_as: str
    """What the console makes of it when it hits everything."""
    limits: TimeLimits = DEFAULT_LIMITS


ROWS = [
    Row(http_faults.delayed, "done", True, LOST),
    Row(http_faults.stalled, "unknown", False, LOST),
    Row(http_faults.stalled_for_good, "unknown", False, LOST, TimeLimits(read=2.0)),
    Row(http_faults.stalled_in_the_body, "unknown", True, LOST),
    Row(http_faults.reset_before, "unknown", False, LOST),
    Row(http_faults.reset_after, "unknown", True, LOST),
    Row(http_faults.half_closed, "unknown", True, LOST),
    Row(http_faults.truncated, "unknown", True, LOST),
    Row(http_faults.cut_short, "unknown", True, UNREADABLE),
    Row(http_faults.doubled, "done", True, HARMLESS),
    Row(http_faults.doubled_body, "done", True, HARMLESS),
    Row(http_faults.garbage, "unknown", True, LOST),
    Row(http_faults.garbage_body, "unknown", True, UNREADABLE),
    Row(http_faults.null_body, "unknown", True, UNREADABLE),
    Row(http_faults.null_payload, "unknown", True, UNREADABLE),
    Row(http_faults.empty_body, "unknown", True, FORBIDDEN),
    Row(http_faults.failing, "unknown", False, UNREADABLE),
    Row(http_faults.failing_gateway, "unknown", False, LOST),
    Row(http_faults.failing_in_words, "refused", False, UNREADABLE),
]


def is_change(asked: Asked) -> bool:
    return asked.msgtype == CHANGE


def outcomes(c: Console) -> list[str]:
    """Return what the journal says of approvals."""
    return [entry["outcome"] for entry in c.journal.entries if entry["verb"] == "approve"]


def loaded(session: Session) -> dict[str, float | None]:
    """Return when each resource that is read often last came."""
    return {resource.name: resource.freshness.loaded_at for resource in asked_often(session)}


def asked_often(session: Session) -> Sequence[Resource[Any]]:
    """Return resources that are read every few moments, whoever looks at them."""
    return session.statistics, session.executors, session.pause, session.colonies


async def walk(c: Console, *, keeps_rows: bool = True) -> None:
    """Press keys of every kind; each is handled at once, whatever the network does."""
    await c.go("processes")
    shown = c.processes.table.row_count
    assert shown, "what is known stays"
    await c.press("j")
    await c.filter("no such thing at all")
    assert c.processes.table.row_count == 0
    await c.press("escape")
    assert c.processes.table.row_count >= (shown if keeps_rows else 1)
    await c.press("question_mark", "escape")
    await c.go("executors")
    assert c.app.is_running
    assert c.app._exception is None


async def ready(c: Console) -> None:
    await c.until_known()
    await c.until(lambda: c.session.link.condition is LinkCondition.LIVE)
    await c.go("executors")
    await c.until(lambda: c.executors.table.move_to("gpu-9"))


async def ask_to_approve(c: Console) -> None:
    await c.press("a", "y")
    await c.until(lambda: c.dialog is None and outcomes(c)[:1] == ["asked"])


def note_recovery(session: Session, proxy: Proxy) -> list[int]:
    """Return a list that gets the number of heartbeats that were answered as they should until the link is up again."""
    before, found = proxy.answered[HEARTBEAT], list[int]()

    def wake() -> None:
        watcher.take()
        if session.link.is_up and not found:
            found.append(proxy.answered[HEARTBEAT] - before)

    watcher = session.watch(wake)
    return found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.fault.__name__)
async def test_http(row: Row, world: World, loop_watch: LoopWatch, tmp_path: Path) -> None:
    proxy, colony = world.proxy, world.colony
    profile = profile_of(colony, address=proxy.address)
    async with console(profile, tmp_path, pace=PACE, limits=row.limits) as c:
        await ready(c)
        session = c.session
        floor = loop_watch.take()

        # One request that changes something.
        proxy.spoil(row.fault, is_change)
        await c.until(lambda: c.executors.table.move_to("gpu-9"))
        await ask_to_approve(c)
        await c.until(lambda: proxy.count(CHANGE) == 1)
        await walk(c)
        if proxy.held and row.limits is DEFAULT_LIMITS:
            assert outcomes(c) == ["asked"]
            proxy.calm()
        await c.until(lambda: len(outcomes(c)) == 2)
        proxy.calm()
        assert outcomes(c) == ["asked", row.outcome]
        assert (await colony.states())["gpu-9"] == ("approved" if row.has_effect else "pending")
        await until_equal(session, colony.operator)

        # Everything.
        proxy.spoil(row.fault)
        await world.move_on()
        if row.seen_as is HARMLESS:
            await until_equal(session, colony.operator)
        else:
            await c.until(lambda: row.seen_as in c.lines[0])
            says_empty = row.fault is http_faults.null_payload  # that is how a server says that a list is empty
            if row.seen_as is LOST:
                assert session.link.condition is LinkCondition.LOST
                fresh = [r.name for r in session.resources if r.freshness.condition is Condition.FRESH]
                assert not fresh, "none of it is known to be so now"
            elif not says_empty:
                await c.until(lambda: not any(r.freshness.condition is Condition.FRESH for r in asked_often(session)))
            old = loaded(session)
            await walk(c, keeps_rows=not says_empty)
            spoiled = proxy.spoiled
            await c.until(lambda: proxy.spoiled > spoiled)
            if not says_empty:
                assert loaded(session) == old
            assert row.seen_as in c.lines[0]
        assert c.session is session

        heartbeats = note_recovery(session, proxy)
        was_lost = session.link.condition is LinkCondition.LOST
        proxy.calm()
        await until_equal(session, colony.operator)
        if was_lost:
            assert heartbeats[0] <= 1, "the first answer is enough, be it one that was held back"
        await c.until(lambda: "live" in c.lines[0])
        assert proxy.count(CHANGE) == 1
        assert outcomes(c) == ["asked", row.outcome]
    assert loop_watch.errors == []
    assert loop_watch.longest < max(LONGEST_CALLBACK, 2 * floor), loop_watch.what


def dropped(frame: Frame) -> Sequence[bytes]:
    """An event gets lost."""
    return ()


def doubled(frame: Frame) -> Sequence[bytes]:
    """An event comes twice."""
    return frame.wire, frame.wire


def garbage(frame: Frame) -> Sequence[bytes]:
    """Text that is no event."""
    return (text_frame(b'{"payloadtype": 7, "]'),)


def no_frame(frame: Frame) -> Sequence[bytes]:
    """Bytes that are no frame."""
    return (bytes(range(255, 0, -1)),)


def null(frame: Frame) -> Sequence[bytes]:
    """``null``."""
    return (text_frame(b"null"),)


def empty(frame: Frame) -> Sequence[bytes]:
    """An empty frame."""
    return (text_frame(b""),)


@pytest.mark.parametrize("fault", [dropped, doubled, garbage, no_frame, null, empty], ids=lambda fault: fault.__name__)
async def test_events(fault: FrameFault, world: World, loop_watch: LoopWatch, tmp_path: Path) -> None:
    proxy, colony = world.proxy, world.colony
    async with console(profile_of(colony, address=proxy.address), tmp_path, pace=PACE) as c:
        await ready(c)
        proxy.spoil_frames(fault)
        await world.move_on()
        await c.until(lambda: proxy.spoiled > 0)
        await walk(c)
        await until_equal(c.session, colony.operator)
        proxy.calm()
        await world.move_on()
        await until_equal(c.session, colony.operator)
        await c.until(lambda: c.session.link.condition is LinkCondition.LIVE)
    assert loop_watch.errors == []


@pytest.mark.parametrize("fault", [Proxy.drop_at_once, Proxy.refuse_sockets], ids=lambda fault: fault.__name__)
async def test_connections(fault: object, world: World, loop_watch: LoopWatch, tmp_path: Path) -> None:
    proxy, colony = world.proxy, world.colony
    async with console(profile_of(colony, address=proxy.address), tmp_path, pace=PACE) as c:
        await ready(c)
        assert callable(fault)
        fault(proxy)
        await world.move_on()
        if fault is Proxy.drop_at_once:
            await c.until(lambda: "stale since" in c.lines[0])
            await walk(c)
            await c.press("a")
            assert c.dialog is None
            assert c.notices[-1] == "approve: the server does not answer"
        else:
            await c.until(lambda: c.session.link.condition is LinkCondition.POLLING)
            await walk(c)
            await until_equal(c.session, colony.operator)
        proxy.calm()
        await until_equal(c.session, colony.operator)
        await c.until(lambda: c.session.link.condition is LinkCondition.LIVE)
        assert proxy.count(CHANGE) == 0
    assert loop_watch.errors == []
