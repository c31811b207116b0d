"""What a session knows against what the server has, and waiting until the two are equal."""

from __future__ import annotations

import asyncio
import time

from colonies_tui.client.client import ColoniesClient
from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.freshness import Condition
from colonies_tui.store.graphs import GraphRow, graph_feed
from colonies_tui.store.listings import ALL
from colonies_tui.store.resource import Resource
from colonies_tui.store.session import Session

_LIST = 100
"""How many processes and graphs of each state a server lists."""


async def server_rows(session: Session, operator: ColoniesClient) -> dict[str, dict[str, object]]:
    """Read everything that a session keeps up to date now, by resource."""
    colony = session.colony
    functions = await operator.get_functions(colonyname=colony)
    rows: dict[str, dict[str, object]] = {
        "statistics": {colony: await operator.get_colony_statistics(colonyname=colony)},
        "executors": {row.executorname: row for row in await operator.get_executors(colonyname=colony)},
        "functions": {row.functionid: row for row in functions},
        "users": {row.name: row for row in await operator.get_users(colonyname=colony)},
        "colonies": {row.name: row for row in await operator.get_colonies()},
        "pause": {colony: await operator.get_pause_status(colonyname=colony)},
    }
    for listing in ALL:
        if session.schedule.feeds[listing.name].seen_by:
            rows[listing.name] = {listing.key(row): row for row in await listing.read(operator, colony)}
    return rows


async def differences(session: Session, operator: ColoniesClient) -> list[str]:
    """Return in what a session differs from its server now; what nobody looks at and so is not read does not count."""
    found = []
    by_name: dict[str, Resource[object]] = {resource.name: resource for resource in session.resources}
    for name, rows in (await server_rows(session, operator)).items():
        resource = by_name[name]
        if resource.freshness.condition is not Condition.FRESH:
            found.append(f"{name}: {resource.freshness.condition.value}, {resource.freshness.error}")
        elif dict(resource.rows) != rows:
            found.append(f"{name}: {_difference(dict(resource.rows), rows)}")
    for state in ProcessState:
        if session.process_lists[state].condition is not Condition.FRESH:
            found.append(f"processes {state.name}: {session.process_lists[state]}")
        listed = await operator.get_processes(colonyname=session.colony, count=_LIST, state=state)
        truth = {row.processid: ProcessRow.of(row) for row in listed}
        known = {row_id: session.processes.get(row_id) for row_id in session.book.in_state(state)}
        if len(truth) < _LIST and known.keys() != truth.keys():
            found.append(f"processes {state.name}: {len(known)} known, {len(truth)} there")
        found += [
            f"process {row_id[:8]} differs" for row_id, row in truth.items() if session.processes.get(row_id) != row
        ]
        if session.schedule.feeds[graph_feed(state)].seen_by:
            graphs = await operator.get_process_graphs(colonyname=session.colony, count=_LIST, state=state)
            there = {graph.processgraphid: GraphRow.of(graph) for graph in graphs}
            rows_known = {row_id: row for row_id, row in session.graphs.rows.rows.items() if row.state is state}
            if len(there) < _LIST and rows_known != there:
                found.append(f"graphs {state.name}: {_difference(dict(rows_known), dict(there))}")
    return found


def _difference(known: dict[str, object], truth: dict[str, object]) -> str:
    differing = [key for key in known.keys() | truth.keys() if known.get(key) != truth.get(key)]
    return ", ".join(f"{key[:16]}: {known.get(key)!s:.300} instead of {truth.get(key)!s:.300}" for key in differing[:3])


async def until_equal(session: Session, operator: ColoniesClient, seconds: float = 30.0) -> None:
    """Wait until a session knows what its server has; nothing may change there meanwhile.

    Raises:
        AssertionError: it did not come to that.
    """
    woken = asyncio.Event()
    watcher = session.watch(woken.set)
    deadline = time.monotonic() + seconds
    try:
        while found := await differences(session, operator):
            rest = deadline - time.monotonic()
            assert rest > 0, found
            try:
                async with asyncio.timeout(min(rest, 0.3)):
                    await woken.wait()
            except TimeoutError:
                continue
            woken.clear()
            watcher.take()
    finally:
        session.unwatch(watcher)
