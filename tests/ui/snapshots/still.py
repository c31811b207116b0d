"""A session that asks no server: everything in it was put there by hand, at a moment that never passes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from colonies_tui.client.client import ColoniesClient
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import PrivateKey, sha3
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.models.colony import PauseStatus, ServerInfo, Statistics
from colonies_tui.protocol.models.log import Log
from colonies_tui.protocol.models.process import Conditions, Process, ProcessRow
from colonies_tui.protocol.states import ExecutorState, ProcessState
from colonies_tui.store.freshness import Freshness
from colonies_tui.store.journal import MemoryJournal
from colonies_tui.store.link import Link, LinkCondition
from colonies_tui.store.log_tail import LogBatch, LogTail
from colonies_tui.store.session import Session
from tests.ui.rows import NOW, at, executor, process, process_row

COLONY = "tiger"
ADDRESS = ServerAddress("colonies.example", 50080, tls=True)
KEYS = Keyring(member=PrivateKey("11" * 32), colony=PrivateKey("22" * 32))

LINES = (
    "fetching S2A_20260211 (13 bands)",
    "decoding band 8",
    "WARNING retrying band 9: checksum differs",
    "decoding band 9",
    "Traceback (most recent call last):\n"
    '  File "tiles.py", line 31, in render\n'
    "    raise MemoryError('1.2 GiB of 1 GiB')\n"
    "MemoryError: 1.2 GiB of 1 GiB",
    'level=error msg="giving up [band 9]"',
)


class StillClock:
    """Stands still."""

    def now(self) -> float:
        return NOW

    def monotonic(self) -> float:
        return 0.0

    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        return await event.wait()


class StillSession(Session):
    """Never asks. Logs that are opened have :data:`LINES`."""

    client_type: type[ColoniesClient] = ColoniesClient

    def __init__(self) -> None:
        super().__init__(self.client_type(ADDRESS, KEYS), COLONY, journal=MemoryJournal(), clock=StillClock())
        _fill(self)

    async def run(self) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await self.client.aclose()

    def tail(
        self,
        *,
        processid: str = "",
        executorname: str = "",
        on_batch: Callable[[LogBatch], None],
        on_change: Callable[[], None] = lambda: None,
    ) -> LogTail:
        tail = super().tail(processid=processid, executorname=executorname, on_batch=on_batch, on_change=on_change)
        tail.freshness = Freshness().succeeded(NOW)
        rows = tuple(
            Log(
                processid=identity("render"),
                colonyname=COLONY,
                executorname="worker-12",
                message=line,
                timestamp=int((NOW - 70 + 7 * number) * 1_000_000_000),
            )
            for number, line in enumerate(LINES)
        )
        on_batch(LogBatch(rows))
        return tail

    def open_process(self, process_id: str) -> None:
        super().open_process(process_id)
        self.open_processes.merge({process_id: whole(self.processes.rows[process_id])}, now=NOW)


def identity(name: str) -> str:
    """Return the id that stands for a name."""
    return sha3(name).hex()


def whole(row: ProcessRow) -> Process:
    """Return the process of a row."""
    spec: dict[str, Any] = {
        "funcname": row.funcname,
        "args": ("S2A_20260211",),
        "kwargs": {"zoom": 12},
        "label": row.label,
        "conditions": Conditions(colonyname=COLONY, executortype=row.executortype),
        "maxexectime": 600,
        "maxretries": 3,
    }
    errors = (row.error,) if row.error else ()

    def moment(seconds: float | None) -> datetime | None:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)

    return process(
        row.state,
        spec=spec,
        processid=row.processid,
        assignedexecutorid=row.assignedexecutorid,
        submissiontime=moment(row.submissiontime),
        starttime=moment(row.starttime),
        endtime=moment(row.endtime),
        errors=errors,
        execdeadline=at(-540) if row.state is ProcessState.RUNNING else None,
    )


def _rows() -> list[ProcessRow]:
    def row(
        state: ProcessState, name: str, funcname: str, kind: str, by: str, ago: float, error: str = ""
    ) -> ProcessRow:
        executor_id = identity(by) if by else ""
        times = {"submissiontime": NOW - ago - 60}
        if state is not ProcessState.WAITING:
            times["starttime"] = NOW - ago - 41 if state.is_final else NOW - ago
        if state.is_final:
            times["endtime"] = NOW - ago
        return process_row(
            state,
            processid=identity(name),
            funcname=funcname,
            executortype=kind,
            assignedexecutorid=executor_id,
            label="tiles",
            error=error,
            **times,
        )

    failed = [
        row(ProcessState.FAILED, "render", "render_tile", "container", "worker-12", 120, "exit 137: out of memory"),
        row(
            ProcessState.FAILED,
            "fetch",
            "fetch_scene",
            "container",
            "worker-03",
            252,
            "Time limit, [3] tries",
        ),
        row(ProcessState.FAILED, "train", "train", "gpu", "gpu-7", 660, "CUDA error: 漢字 device-side assert"),
    ]
    running = [
        row(ProcessState.RUNNING, f"run {number}", "decode_band", "container", f"worker-{number:02}", 12 + number)
        for number in (3, 12)
    ]
    waiting = [row(ProcessState.WAITING, f"wait {n}", "train", "gpu", "", 60.0 * n) for n in range(1, 9)]
    done = [row(ProcessState.SUCCESS, f"done {n}", "render_tile", "container", "worker-03", 30.0 * n) for n in range(6)]
    return [*failed, *running, *waiting, *done]


def _fill(session: StillSession) -> None:
    counted = Statistics(
        waitingprocesses=8,
        runningprocesses=2,
        successfulprocesses=118902,
        failedprocesses=311,
        activeexecutors=3,
        executors=5,
    )
    for ago in range(180, -1, -20):
        session.history.add(
            NOW - ago,
            counted.model_copy(update={"waitingprocesses": 8 - ago // 30, "failedprocesses": 311 - ago // 60}),
        )
    session.statistics.replace({COLONY: counted}, NOW)
    session.server.replace({"server": ServerInfo()}, NOW)
    session.pause.replace({COLONY: PauseStatus()}, NOW)
    session.functions.replace({}, NOW)
    session.set_executors(
        (
            executor("worker-12", executorid=identity("worker-12"), executortype="container"),
            executor("worker-03", executorid=identity("worker-03"), executortype="container", lastheardfromtime=at(5)),
            executor("gpu-7", executorid=identity("gpu-7"), lastheardfromtime=at(544)),
            executor(
                "gpu-9",
                executorid=identity("gpu-9"),
                state=ExecutorState.PENDING,
                lastheardfromtime=None,
                commissiontime=at(12),
            ),
        )
    )
    rows = _rows()
    for state in ProcessState:
        of_state = [row for row in rows if row.state is state]
        session.book.take_list(state, of_state, session.book.mark(), NOW)
        session.set_list(state, Freshness().succeeded(NOW))
    session.link = Link(LinkCondition.LIVE, NOW - 600, NOW - 0.4)
