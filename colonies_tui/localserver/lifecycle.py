"""What happens to a process from submission to its end, and who is told (§ Process lifecycle, Executors).

Every change of state passes :meth:`Lifecycle._entered`, which is where events, wake-ups and whatever else follows
from a state begin.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from colonies_tui.localserver.clock import Clock
from colonies_tui.localserver.database import Database
from colonies_tui.localserver.graph_states import Consequences, GraphStates
from colonies_tui.localserver.jsontext import compact
from colonies_tui.localserver.pubsub import PubSub
from colonies_tui.localserver.records.executor import ExecutorRecord
from colonies_tui.localserver.records.function import count_call
from colonies_tui.localserver.records.process import ProcessRecord, process_by_id, select_processes
from colonies_tui.protocol.models.process import NO_LIMIT
from colonies_tui.protocol.states import ExecutorState, ProcessState
from colonies_tui.protocol.times import NANOSECONDS

EXECUTION_TIMEOUT: Final = "Maximum execution time limit exceeded"
WAIT_TIMEOUT: Final = "Maximum waiting time limit exceeded"

DUE_AT_ONCE: Final = 0
"""A deadline that is always past."""

LAST_MOMENT: Final = 2**63 - 1
"""The latest time that can be stored, in the year 2262."""

_ANY_EXECUTOR: Final = "*"


def deadline(now: int, seconds: int, *, unlimited: Sequence[int]) -> int | None:
    """Return when a limit that starts now is over; ``None`` for never.

    Args:
        now: nanoseconds since 1970.
        seconds: the limit.
        unlimited: values that mean "no limit"; anything else that is not positive is due at once.
    """
    if seconds in unlimited:
        return None
    return min(now + seconds * NANOSECONDS, LAST_MOMENT) if seconds > 0 else DUE_AT_ONCE


class Lifecycle:
    """The transitions of processes. All of them run within a change of the database."""

    def __init__(self, database: Database, clock: Clock, pubsub: PubSub, *, real_quirks: bool) -> None:
        self._database = database
        self._clock = clock
        self._pubsub = pubsub
        self._real_quirks = real_quirks
        self._graphs = GraphStates(database, clock)
        self.on_waiting: list[Callable[[ProcessRecord], None]] = []
        """Called, after the commit, with each process that became assignable."""
        self.on_ended: list[Callable[[str], None]] = []
        """Called, after the commit, with the id of each process that ended."""

    def submitted(self, process: ProcessRecord) -> None:
        """Tell of a process that was just stored."""
        self._entered(process)

    def assign(self, executor: ExecutorRecord, cpu: int | None, mem: int | None) -> ProcessRecord | None:
        """Give the first process in the queue that an executor may take to it (§ Queue order and matching).

        Args:
            executor: who asks.
            cpu: millicores that it has; ``None`` for any number.
            mem: mebibytes that it has; ``None`` for any number.
        """
        found = select_processes(
            self._database,
            "WHERE state = 0 AND colonyname = ? AND executortype = ? AND waits_for_parents = 0"
            " AND (? IS NULL OR cpu <= ?) AND (? IS NULL OR mem <= ?) AND breadth <= 127"
            " AND (storage = 0 OR NOT ?)"
            " AND (locationname = '' OR lower(locationname) = lower(?))"
            " AND (executornames = '[]'"
            " OR EXISTS (SELECT 1 FROM json_each(executornames) WHERE value = ? OR (value = ? AND NOT ?)))"
            " ORDER BY prioritytime LIMIT 1",
            (
                executor.colonyname,
                executor.type,
                cpu,
                cpu,
                mem,
                mem,
                self._real_quirks,
                executor.locationname,
                executor.name,
                _ANY_EXECUTOR,
                self._real_quirks,
            ),
        )
        if not found:
            return None
        process = found[0]
        now = self._clock.now()
        assigned = replace(
            process,
            state=ProcessState.RUNNING,
            started=now,
            exec_due=deadline(now, process.maxexectime, unlimited=(NO_LIMIT,)),
            is_assigned=1,
            assignedexecutorid=executor.executorid,
            input=self._graphs.input_of(process),
        )
        self._database.write(
            "UPDATE processes SET state = 1, started = ?, exec_due = ?, is_assigned = 1, assignedexecutorid = ?,"
            " input = ? WHERE processid = ?",
            (assigned.started, assigned.exec_due, executor.executorid, assigned.input, process.processid),
        )
        self._entered(assigned)
        return assigned

    def give_back(self, process: ProcessRecord) -> None:
        """Undo an assignment that its executor never heard of."""
        current = process_by_id(self._database, process.processid)
        if current is None or (current.state, current.started) != (ProcessState.RUNNING, process.started):
            return
        self._requeue(replace(current, started=None, ended=None), told=True)

    def set_output(self, process: ProcessRecord, out: Sequence[Any]) -> None:
        """Replace the output of a running process."""
        self._database.write("UPDATE processes SET out = ? WHERE processid = ?", (compact(out), process.processid))

    def close_successful(self, process: ProcessRecord, executor: ExecutorRecord, out: Sequence[Any]) -> None:
        """End a process as a success; an empty output keeps what was set before."""
        now = self._clock.now()
        closed = replace(process, state=ProcessState.SUCCESS, ended=now, out=compact(list(out)) if out else process.out)
        self._database.write(
            "UPDATE processes SET state = 2, ended = ?, out = ? WHERE processid = ?",
            (closed.ended, closed.out, closed.processid),
        )
        counted = count_call(self._database, executor, closed)
        # A real server tells of a copy made before closing, unless it had to read the process for the statistics.
        told = closed if counted or not self._real_quirks else replace(process, state=ProcessState.SUCCESS)
        self._entered(closed, told=told)

    def close_failed(self, process: ProcessRecord, errors: Sequence[str]) -> None:
        """End a process as failed, for good."""
        self._end(process, ProcessState.FAILED, errors)

    def cancel(self, process: ProcessRecord) -> None:
        """End a waiting or running process as cancelled."""
        self._end(process, ProcessState.CANCELLED, None)

    def cancel_graph(self, processgraphid: str) -> None:
        """Cancel a process graph with its waiting and running members; nobody is told."""
        self._follow(self._graphs.cancel(processgraphid))

    def expire(self) -> None:
        """End or requeue everything that is past a deadline."""
        now = self._clock.now()
        for process in select_processes(self._database, "WHERE state = 0 AND wait_due <= ?", (now,)):
            if self._is_as_it_was(process):
                self._end(process, ProcessState.FAILED, [WAIT_TIMEOUT])
        for process in select_processes(self._database, "WHERE state = 1 AND exec_due <= ?", (now,)):
            if not self._is_as_it_was(process):
                continue
            if 0 <= process.maxretries <= process.retries:
                self._end(process, ProcessState.FAILED, [EXECUTION_TIMEOUT])
            else:
                self._requeue(replace(process, retries=process.retries + 1, ended=now), told=True, before=process)

    def _is_as_it_was(self, process: ProcessRecord) -> bool:
        """Tell whether a process read a moment ago was not ended since by another member of its graph."""
        if not process.processgraphid:
            return True
        now = process_by_id(self._database, process.processid)
        return now is not None and now.state == process.state

    def unregister(self, executor: ExecutorRecord) -> None:
        """Remove an executor: the registration stays as a name that is taken, its work waits again."""
        self._database.write(
            "UPDATE executors SET state = ? WHERE colonyname = ? AND name = ?",
            (int(ExecutorState.UNREGISTERED), executor.colonyname, executor.name),
        )
        self.release_work_of(executor)

    def release_work_of(self, executor: ExecutorRecord) -> None:
        """Delete the functions of an executor and let its running processes wait again."""
        self._database.write(
            "DELETE FROM functions WHERE colonyname = ? AND executorname = ?", (executor.colonyname, executor.name)
        )
        for process in select_processes(
            self._database,
            "WHERE state = 1 AND assignedexecutorid = ? AND colonyname = ?",
            (executor.executorid, executor.colonyname),
        ):
            self._requeue(replace(process, started=None, ended=None), told=not self._real_quirks)

    def _requeue(self, process: ProcessRecord, *, told: bool, before: ProcessRecord | None = None) -> None:
        waiting = replace(
            process,
            state=ProcessState.WAITING,
            is_assigned=0,
            assignedexecutorid="",
            exec_due=None,
            wait_due=deadline(self._clock.now(), process.maxwaittime, unlimited=(0, NO_LIMIT)),
        )
        self._database.write(
            "UPDATE processes SET state = 0, is_assigned = 0, assignedexecutorid = '', exec_due = NULL, wait_due = ?,"
            " started = ?, ended = ?, retries = ? WHERE processid = ?",
            (waiting.wait_due, waiting.started, waiting.ended, waiting.retries, waiting.processid),
        )
        if told:
            stale = before is not None and self._real_quirks
            self._entered(waiting, told=replace(before, state=ProcessState.WAITING) if stale and before else waiting)

    def _end(self, process: ProcessRecord, state: ProcessState, errors: Sequence[str] | None) -> None:
        ended = replace(
            process,
            state=state,
            ended=self._clock.now(),
            errors=process.errors if errors is None else json.dumps(list(errors)),
        )
        self._database.write(
            "UPDATE processes SET state = ?, ended = ?, errors = ? WHERE processid = ?",
            (int(state), ended.ended, ended.errors, ended.processid),
        )
        self._entered(ended)

    def _entered(self, process: ProcessRecord, *, told: ProcessRecord | None = None) -> None:
        event = told or process

        def tell() -> None:
            self._pubsub.publish(event)
            if process.state == ProcessState.WAITING and not process.waits_for_parents:
                for callback in self.on_waiting:
                    callback(process)
            if process.state not in (ProcessState.WAITING, ProcessState.RUNNING):
                self._forget([process.processid])

        self._database.after_commit(tell)
        if process.processgraphid and process.state != ProcessState.WAITING:
            self._follow(self._graphs.entered(process))

    def _follow(self, consequences: Consequences) -> None:
        for process in consequences.told:
            self._entered(process)
        if consequences.ended:
            self._database.after_commit(lambda: self._forget(consequences.ended))

    def _forget(self, processids: Iterable[str]) -> None:
        for processid in processids:
            for forget in self.on_ended:
                forget(processid)
