"""Reads for the question why something failed: its last log lines, and the last run that went well."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence

from colonies_tui.protocol.errors import NotAllowed, Refused
from colonies_tui.protocol.messages.log import GetLogs
from colonies_tui.protocol.messages.process import GetProcess
from colonies_tui.protocol.models.log import Log
from colonies_tui.protocol.models.process import Process, ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.session import Session

LAST_ROWS = 40
"""Log rows that are read."""

TRIED = 3
"""Most successful runs that are tried, for some may have been removed since."""


async def read_last_log(session: Session, process_id: str, count: int = LAST_ROWS) -> tuple[Log, ...]:
    """Return the last log rows of a process, oldest first.

    Raises:
        ColoniesError: they could not be read.
    """
    request = GetLogs(colonyname=session.colony, processid=process_id, count=count, latest=True)
    rows = await session.client.send(request)
    return tuple(sorted(rows, key=lambda row: row.timestamp))


def successes_of(rows: Iterable[ProcessRow], row: ProcessRow, most: int = TRIED) -> list[ProcessRow]:
    """Return the known runs of the same function, by executors of the same type, that went well, the latest first."""
    same = (
        other
        for other in rows
        if other.state is ProcessState.SUCCESS
        and (other.funcname, other.executortype) == (row.funcname, row.executortype)
        and other.processid != row.processid
    )
    return heapq.nlargest(most, same, key=lambda other: other.endtime or 0.0)


async def read_first_there(session: Session, rows: Sequence[ProcessRow]) -> Process | None:
    """Return the first of some processes that still exists, in full; ``None`` when none does.

    Raises:
        ColoniesError: the server did not answer, or it is not allowed.
    """
    for row in rows:
        try:
            return await session.client.send(GetProcess(processid=row.processid))
        except NotAllowed:
            raise
        except Refused:
            continue
    return None
