"""Servers that are killed and come back, clocks that jump, and answers that come when nobody wants them any more."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from colonies_tui.client.client import ColoniesClient
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.models.process import Conditions, FunctionSpec, Process
from colonies_tui.store.freshness import Condition
from colonies_tui.store.link import LinkCondition
from tests.faults import http_faults
from tests.faults.conftest import LoopWatch, World, furnished
from tests.faults.proxy import proxy_to
from tests.faults.test_matrix import PACE, note_recovery, ready, walk
from tests.faults.truth import until_equal
from tests.localserver.serving_process import Serving, serving
from tests.ui.console.driver import console, profile_at, profile_of


async def test_a_server_that_is_killed_and_started_again(loop_watch: LoopWatch, tmp_path: Path) -> None:
    data = tmp_path / "data"

    async def submit(operator: ColoniesClient, count: int) -> list[Process]:
        where = Conditions(colonyname="dev", executortype="cli")
        spec = FunctionSpec(funcname="render", conditions=where)
        return [await operator.submit_process(spec=spec) for _ in range(count)]

    def operator_of(server: Serving) -> Keyring:
        return Keyring(server.key("user_key"), server.key("colony_key"), server.key("server_key"))

    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(serving(data))
        keys, address = operator_of(first), first.address
        async with (
            ColoniesClient(address, keys) as operator,
            proxy_to(address) as proxy,
            console(profile_at(proxy.address, keys), tmp_path, pace=PACE) as c,
        ):
            await c.until_known()
            await submit(operator, 3)
            await until_equal(c.session, operator)
            first.process.kill()
            await c.until(lambda: "stale since" in c.lines[0])
            assert all(resource.freshness.condition is not Condition.FRESH for resource in c.session.resources)
            await walk(c)
            tries = proxy.count("getcolonystatsmsg")
            await c.until(lambda: proxy.count("getcolonystatsmsg") > tries + 1)
            assert c.session.link.condition is LinkCondition.LOST
            heartbeats = note_recovery(c.session, proxy)
            await stack.aclose()
            second = await stack.enter_async_context(serving(data, port=address.port))
            assert second.address == address
            await submit(operator, 2)
            await until_equal(c.session, operator)
            assert heartbeats == [1], "the first answer is enough"
            await c.until(lambda: "live" in c.lines[0])
            await c.go("processes")
            await c.until(lambda: c.processes.table.row_count == 5)
    assert loop_watch.errors == []


@pytest.mark.parametrize("seconds", [-86_400.0, -5.0, 5.0, 86_400.0, 40 * 365 * 86_400.0])
async def test_a_clock_that_jumps(seconds: float, world: World, loop_watch: LoopWatch, tmp_path: Path) -> None:
    colony, proxy = world.colony, world.proxy
    async with console(profile_of(colony, address=proxy.address), tmp_path, pace=PACE) as c:
        await ready(c)
        c.clock.ahead = seconds
        await world.move_on()
        await until_equal(c.session, colony.operator)
        await walk(c)
        assert "live" in c.lines[0]
        proxy.spoil(http_faults.reset_before)
        await c.until(lambda: "stale since" in c.lines[0])
        c.clock.ahead = -seconds
        await walk(c)
        assert "stale since" in c.lines[0]
        proxy.calm()
        await until_equal(c.session, colony.operator)
        await c.until(lambda: "live" in c.lines[0])
    assert loop_watch.errors == []


async def test_answers_that_come_after_the_profile_was_switched(
    world: World, loop_watch: LoopWatch, tmp_path: Path
) -> None:
    colony, proxy = world.colony, world.proxy
    async with furnished() as other, console(profile_of(colony, address=proxy.address), tmp_path, pace=PACE) as c:
        await ready(c)
        left = c.session
        proxy.spoil(http_faults.delayed)
        await world.move_on()
        await c.until(lambda: proxy.held > 2)
        known = dict(left.executors.rows)
        c.app.open_profile(profile_of(other.colony, address=other.proxy.address, name="other"))
        await c.until(lambda: c.session is not left and "live" in c.lines[0])
        proxy.calm()
        await until_equal(c.session, other.colony.operator)
        await walk(c)
        assert dict(left.executors.rows) == known, "nothing reaches what was left"
        assert not any("late-2" in name for name in c.session.executors.rows)
        asked = proxy.counts.total()
        beats = other.proxy.count("getcolonystatsmsg")
        await c.until(lambda: other.proxy.count("getcolonystatsmsg") > beats + 2)
        assert proxy.counts.total() == asked, "the server that was left is asked nothing"
        assert sum(task.get_name() == "schedule" for task in asyncio.all_tasks()) == 1
    assert loop_watch.errors == []
