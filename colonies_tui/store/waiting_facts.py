"""What a session knows of a waiting process and of what it may wait for."""

from __future__ import annotations

from collections.abc import Iterable

from colonies_tui.protocol.models.process import Process, ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.colony_state import ColonyState
from colonies_tui.store.queue_place import queue_place
from colonies_tui.store.queues import RECENT_SECONDS
from colonies_tui.store.waiting import WaitingFacts

_OLD_IN_A_ROW = 200
"""After so many ended processes in a row that are not recent, older ones are not looked at."""


def waiting_facts(state: ColonyState, process: Process) -> WaitingFacts:
    """Return what is known now."""
    now, book = state.clock.now(), state.book
    pause = state.pause.get(state.colony)
    return WaitingFacts(
        process=process,
        executors=[(each, bool(book.tally(each.executorid).running)) for each in state.executors.rows.values()],
        now=now,
        place=queue_place(
            process,
            waiting=rows_in(state, ProcessState.WAITING),
            started=recently_started(state, now),
            waiting_total=state.total(ProcessState.WAITING),
            now=now,
        ),
        executors_known=state.executors.freshness.can_show_rows,
        is_paused=None if pause is None else pause.ispaused,
        parents={each: row for each in process.parents if (row := state.processes.get(each)) is not None},
        functions=tuple(state.functions.rows.values()),
        # A server that keeps observers apart says so, and none of those assigns exclusively.
        hands_out_storage=state.observers_apart,
    )


def rows_in(state: ColonyState, process_state: ProcessState) -> Iterable[ProcessRow]:
    """Return the known processes in one state."""
    return (row for each in state.book.in_state(process_state) if (row := state.processes.get(each)) is not None)


def recently_started(state: ColonyState, now: float) -> Iterable[ProcessRow]:
    """Return the running processes, and of the ended ones those that ended lately."""
    yield from rows_in(state, ProcessState.RUNNING)
    for final in (ProcessState.SUCCESS, ProcessState.FAILED, ProcessState.CANCELLED):
        old = 0
        for each in reversed(tuple(state.book.in_state(final))):
            row = state.processes.get(each)
            if row is None or row.endtime is None or row.endtime < now - RECENT_SECONDS:
                old += 1
                if old > _OLD_IN_A_ROW:
                    break
                continue
            old = 0
            yield row


def head_of_queue(state: ColonyState, executortype: str) -> ProcessRow | None:
    """Return the waiting process of a type that is to be taken next; one that waits for parents only if all do."""
    rows = (row for row in rows_in(state, ProcessState.WAITING) if row.executortype == executortype)
    return min(rows, key=lambda row: (row.waitforparents, row.prioritytime), default=None)
