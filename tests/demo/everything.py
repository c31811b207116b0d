"""Checks of a living demo, one for each kind of thing that the console shows besides single processes."""

from __future__ import annotations

import asyncio
import hashlib
import json.decoder
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from colonies_tui.client.client import ColoniesClient
from colonies_tui.demo.cast import COLONY, GUIDE
from colonies_tui.demo.conversation import CHANNEL, decoded, encoded
from colonies_tui.demo.filing import LIBRARY_LABEL, REPORTS_LABEL
from colonies_tui.demo.standing_orders import CHANGED_FILES, DEEP_INDEX, LOCATIONS
from colonies_tui.demo.workflows import FAN, PACKAGES_REPORT, diamond
from colonies_tui.protocol.models.process import Process
from colonies_tui.protocol.models.workflow import ProcessGraph
from colonies_tui.protocol.states import ProcessState

LOOK_AGAIN_SECONDS = 0.2

DECODER = Path(json.decoder.__file__).read_bytes()
"""A file of the library that is filed."""

Check = Callable[[ColoniesClient], Awaitable[bool]]


async def until(condition: Callable[[], Awaitable[bool]], seconds: float, what: str) -> None:
    """Look until a condition holds."""
    deadline = time.monotonic() + seconds
    while not await condition():
        if time.monotonic() > deadline:
            pytest.fail(f"not within {seconds} s: {what}")
        await asyncio.sleep(LOOK_AGAIN_SECONDS)


async def until_everything_shows(client: ColoniesClient) -> None:
    """Take part as an operator, and look until there is something true of every kind."""

    async def all_orders_stand() -> bool:
        return bool(await client.get_generators(colonyname=COLONY, count=1))  # it is added last

    await until(all_orders_stand, 30, "crons and a generator")
    await client.submit_workflow(spec=diamond("json", "by the operator"))
    crons = {cron.name: cron for cron in await client.get_crons(colonyname=COLONY, count=100)}
    assert crons.keys() == {"json-stock", "nightly-survey", "watch-reports", "reconcile-Index-this-machine"}
    await client.run_cron(cronid=crons["json-stock"].cronid)
    generator = await client.resolve_generator(colonyname=COLONY, generatorname=CHANGED_FILES)
    for _ in range(generator.trigger):
        await client.pack_generator(generatorid=generator.generatorid, arg="abc.py")
    missing: dict[str, Check] = {check.__name__: check for check in CHECKS}

    async def everything_shows() -> bool:
        for name, check in list(missing.items()):
            if await check(client):
                del missing[name]
        return not missing

    try:
        await until(everything_shows, 60, "something of every kind shows")
    except pytest.fail.Exception:
        pytest.fail(f"does not show: {', '.join(missing)}")
    await blueprint_comes_true(client)
    await questions_are_answered(client)


async def graphs(client: ColoniesClient, state: ProcessState, size: int) -> list[ProcessGraph]:
    """Return the graphs of one state and number of processes."""
    found = await client.get_process_graphs(colonyname=COLONY, count=100, state=state)
    return [graph for graph in found if len(graph.processids) == size]


async def members(client: ColoniesClient, graph: ProcessGraph) -> dict[str, Process]:
    """Return the processes of a graph by node name."""
    processes = [await client.get_process(processid=processid) for processid in graph.processids]
    return {process.spec.nodename: process for process in processes}


async def a_diamond_hands_results_down(client: ColoniesClient) -> bool:
    done = await graphs(client, ProcessState.SUCCESS, 4)
    if not done:
        return False
    nodes = await members(client, done[-1])
    listed = next(node for node in nodes.values() if not node.parents)
    assert nodes["hash"].input == nodes["parse"].input == listed.out
    assert nodes["compare"].input == (*nodes["hash"].out, *nodes["parse"].out)
    assert nodes["compare"].out[0]["sha256"] == nodes["hash"].out[0]["sha256"]
    return True


async def a_fan_out_is_summed(client: ColoniesClient) -> bool:
    done = await graphs(client, ProcessState.SUCCESS, FAN + 3)
    if not done:
        return False
    nodes = await members(client, done[-1])
    hashed = [node.out[0]["bytes"] for name, node in nodes.items() if name.startswith("hash/")]
    parsed = [node.out[0]["functions"] for name, node in nodes.items() if name.startswith("parse/")]
    assert len(hashed) == len(parsed) == FAN // 2
    merged = nodes["merge"].out[0]
    assert (merged["bytes"], merged["functions"]) == (sum(hashed), sum(parsed))
    assert nodes["verify"].out[0]["sha256"] == merged["sha256"]
    return True


async def a_failing_branch_takes_all_with_it(client: ColoniesClient) -> bool:
    failed = [
        nodes
        for graph in await graphs(client, ProcessState.FAILED, 6)
        if "check" in (nodes := await members(client, graph))
    ]
    if not failed:
        return False
    nodes = failed[-1]
    assert {node.state for node in nodes.values()} == {ProcessState.FAILED}
    assert {name for name, node in nodes.items() if node.errors} == {"check"}
    assert nodes["check"].errors[0].startswith("SyntaxError: ")
    return True


async def a_cron_has_run(client: ColoniesClient) -> bool:
    crons = {cron.name: cron for cron in await client.get_crons(colonyname=COLONY, count=100)}
    started = crons["json-stock"].prevprocessgraphid
    if not started or not crons["nightly-survey"].nextrun:
        return False
    graph = await client.get_process_graph(processgraphid=started)
    if graph.state is not ProcessState.SUCCESS:
        return False
    assert (await members(client, graph))["confirm"].out[0]["folder"] == "json"
    return True


async def a_generator_has_run(client: ColoniesClient) -> bool:
    if (await client.resolve_generator(colonyname=COLONY, generatorname=CHANGED_FILES)).lastrun is None:
        return False
    done = [await members(client, graph) for graph in await graphs(client, ProcessState.SUCCESS, 3)]
    return any(
        len(nodes["hash changed"].spec.args) == 5 and nodes["compare"].out[0]["files"] == 5
        for nodes in done
        if nodes.keys() == {"hash changed", "parse changed", "compare"}
    )


async def files_are_what_they_say(client: ColoniesClient) -> bool:
    label = f"{LIBRARY_LABEL}/json"
    labels = {found.name for found in await client.get_file_labels(colonyname=COLONY)}
    snapshots = [found for found in await client.get_snapshots(colonyname=COLONY) if found.label == LIBRARY_LABEL]
    if not {LIBRARY_LABEL, label, f"{LIBRARY_LABEL}/asyncio", REPORTS_LABEL} <= labels or not snapshots:
        return False
    (decoder,) = await client.get_file(colonyname=COLONY, label=label, name="decoder.py")
    assert (decoder.size, decoder.checksum) == (len(DECODER), hashlib.sha256(DECODER).hexdigest())
    assert decoder.ref.s3object.accesskey == decoder.ref.s3object.secretkey == ""
    assert decoder.fileid in snapshots[0].fileids
    name = f"{PACKAGES_REPORT}.json"
    if name not in {file.name for file in await client.get_files(colonyname=COLONY, label=REPORTS_LABEL)}:
        return False
    revisions = await client.get_file(colonyname=COLONY, label=REPORTS_LABEL, name=name)
    return len({revision.checksum for revision in revisions}) >= 2


async def places_are_known(client: ColoniesClient) -> bool:
    return {place.name for place in await client.get_locations(colonyname=COLONY)} == {it.name for it in LOCATIONS}


CHECKS: tuple[Check, ...] = (
    a_diamond_hands_results_down,
    a_fan_out_is_summed,
    a_failing_branch_takes_all_with_it,
    a_cron_has_run,
    a_generator_has_run,
    files_are_what_they_say,
    places_are_known,
)


async def blueprint_comes_true(client: ColoniesClient) -> None:
    """One index is as it should be; the other lacks a level, and gets it when it is reconciled once more."""

    async def lacking(name: str) -> set[str]:
        blueprint = await client.get_blueprint(namespace=COLONY, name=name)
        status = blueprint.status or {}
        return {key for key, value in blueprint.spec.items() if status.get(key) != value}

    async def the_small_one_is_right() -> bool:
        return not await lacking("json-index")

    async def the_deep_one_lacks_a_level_at_most() -> bool:
        return await lacking(DEEP_INDEX) <= {"depth"}

    async def the_deep_one_is_right() -> bool:
        metadata = (await client.get_blueprint(namespace=COLONY, name=DEEP_INDEX)).metadata
        return not await lacking(DEEP_INDEX) and metadata.last_reconciliation_time is not None

    await until(the_small_one_is_right, 30, "an index is as its blueprint wants it")
    await until(the_deep_one_lacks_a_level_at_most, 30, "the other index is begun")
    if await lacking(DEEP_INDEX):  # on a slow machine its cron was quicker
        await client.reconcile_blueprint(namespace=COLONY, name=DEEP_INDEX)
    await until(the_deep_one_is_right, 30, "the other index is right as well")


async def questions_are_answered(client: ColoniesClient) -> None:
    """The operator asks over the channel of a process of their own, and reads the answer."""
    processid = ""

    async def somebody_listens() -> bool:
        nonlocal processid
        running = await client.get_processes(
            colonyname=COLONY, count=10, state=ProcessState.RUNNING, executortype=GUIDE
        )
        processid = running[0].processid if running else ""
        return bool(running)

    await until(somebody_listens, 20, "somebody listens")
    await client.append_to_channel(processid=processid, name=CHANNEL, sequence=100, content=encoded("files json"))

    async def is_answered() -> bool:
        entries = await client.read_channel(processid=processid, name=CHANNEL)
        answers = [decoded(entry) for entry in entries if entry.inreplyto == 100]
        return any(answer.startswith("json: ") for answer in answers)

    await until(is_answered, 20, "a question is answered")
