"""Processes that a colony has had: the same for the server that holds them and for the console that has seen them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from pydantic import TypeAdapter

from colonies_tui.localserver.records.process import ProcessRecord
from colonies_tui.protocol.models.process import Conditions, FunctionSpec, ProcessRow
from colonies_tui.protocol.states import ProcessState

COLONY = "dev"
KIND = "bench-render"
"""The executor type of all processes; also what a screen is known by that shows rows of the server."""

EXECUTOR_ID = "e" * 64
_STEP = 50_000_000
"""Nanoseconds between the ends of two processes."""


def spec(number: int) -> FunctionSpec:
    """Return what a process does."""
    return FunctionSpec(
        funcname=f"render_tile_{number % 97}",
        args=(f"s3://bucket/scene_{number}", 512),
        maxexectime=600,
        label=f"batch-{number % 40:02}",
        conditions=Conditions(colonyname=COLONY, executortype=KIND),
    )


def record(number: int, count: int, base: int, state: ProcessState) -> ProcessRecord:
    """Return a process that has ended, the highest number last, shortly before ``base`` (nanoseconds since 1970)."""
    what = spec(number)
    ended = base - (count - number) * _STEP
    failed = state is ProcessState.FAILED
    return ProcessRecord(
        processid=hashlib.sha256(b"%d" % number).hexdigest(),
        colonyname=COLONY,
        executortype=KIND,
        state=int(state),
        prioritytime=ended - 9_000_000_000,
        submitted=ended - 9_000_000_000,
        started=ended - (1 + number % 5) * 1_000_000_000,
        ended=ended,
        wait_due=None,
        exec_due=ended + 600_000_000_000,
        waits_for_parents=0,
        initiatorid="a" * 64,
        initiatorname="operator",
        assignedexecutorid=EXECUTOR_ID,
        is_assigned=1,
        retries=number % 2,
        processgraphid="",
        funcname=what.funcname,
        label=what.label,
        maxwaittime=-1,
        maxexectime=600,
        maxretries=0,
        cpu=0,
        mem=0,
        storage=0,
        breadth=0,
        locationname="",
        executornames="[]",
        spec=json.dumps(what.to_wire(), separators=(",", ":")),
        parents="[]",
        children="[]",
        input="[]",
        out=f'["tile_{number}.png"]',
        errors='["exit 137: out of memory (1.2 GiB of 1 GiB)"]' if failed else "[]",
        has_attributes=0,
    )


def records(count: int, base: int) -> Iterator[ProcessRecord]:
    """Return the processes that have succeeded, the oldest first."""
    return (record(number, count, base, ProcessState.SUCCESS) for number in range(count))


def rows(count: int, base: int) -> Iterator[ProcessRow]:
    """Return the same as a console reads them."""
    adapter = TypeAdapter(ProcessRow)
    return (adapter.validate_json(one.to_json(())) for one in records(count, base))


def mixed_rows(count: int, base: int) -> Iterator[ProcessRow]:
    """Return rows of all states that a process ends in."""
    adapter = TypeAdapter(ProcessRow)
    states = (ProcessState.SUCCESS, ProcessState.SUCCESS, ProcessState.FAILED, ProcessState.CANCELLED)
    return (
        adapter.validate_json(record(number, count, base, states[number * 7 % 11 % 4]).to_json(()))
        for number in range(count)
    )
