"""Every process seen, kept right although lists are cut at 100 rows and events may be stale.

A list answers for one state. A known row that should be in it and is not has gone elsewhere: it becomes a *stray* and
is read by itself unless another list shows it first. Rows that were touched while a list was on its way (by an event or
a single read) are newer than the list.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from colonies_tui.protocol.messages.process import MAX_COUNT
from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.resource import Resource

_FAR = float("inf")


@dataclass(slots=True)
class Tally:
    """What one executor did among the processes that are known."""

    running: dict[str, ProcessRow]
    succeeded: int = 0
    failed: int = 0


def _order(row: ProcessRow) -> float:
    """Place of a row in the server's list of its state; smaller stands earlier in the list."""
    if row.state is ProcessState.WAITING:
        return float(row.prioritytime)
    if row.state is ProcessState.RUNNING:
        return row.starttime or 0.0
    return -(row.endtime if row.endtime is not None else _FAR)


def _is_later(new: ProcessRow, old: ProcessRow) -> bool:
    """Whether ``new`` shows a later moment in the life of the same process than ``old``.

    A process goes from waiting over running to an end, and starts again only with a retry.
    """
    if new.retries != old.retries:
        return new.retries > old.retries
    return new.state > old.state and not old.state.is_final


class ProcessBook:
    """The rows of all processes seen, in a resource, with a tally per executor and the strays to look after."""

    def __init__(self, resource: Resource[ProcessRow], most: int) -> None:
        self.resource = resource
        self._most = most
        self._counter = itertools.count(1)
        self._touched: dict[str, int] = {}
        self._strays: dict[str, None] = {}
        self._tallies: dict[str, Tally] = {}
        self._by_state: dict[ProcessState, dict[str, None]] = {state: {} for state in ProcessState}

    @property
    def strays(self) -> Sequence[str]:
        """Ids whose whereabouts are unknown, oldest first."""
        return tuple(self._strays)

    def in_state(self, state: ProcessState) -> Iterable[str]:
        """Return the ids known in a state, in the order in which they came into it."""
        return self._by_state[state].keys()

    def tally(self, executor_id: str) -> Tally:
        """Return what an executor did among the known processes."""
        return self._tallies.get(executor_id) or Tally({})

    def mark(self) -> int:
        """Return the present moment; taken before a list is asked for and handed to :meth:`take_list`."""
        return next(self._counter)

    def take_list(self, state: ProcessState, rows: Sequence[ProcessRow], asked: int, now: float) -> bool:
        """Take the server's list of one state; return whether anything differs."""
        fresh = {row.processid: row for row in rows if not self._is_newer_than(row.processid, asked)}
        is_whole = len(rows) < MAX_COUNT
        last = _order(rows[-1]) if rows else _FAR
        listed = {row.processid for row in rows}
        for row_id in tuple(self._by_state[state]):
            if row_id in listed or self._is_newer_than(row_id, asked):
                continue
            known = self.resource.get(row_id)
            if known is not None and (is_whole or _order(known) < last):
                self._strays[row_id] = None
        return self._put(fresh, now=now)

    def take_event(self, row: ProcessRow) -> bool:
        """Take a row from an event, whose content may be stale: only what is later than the known is believed, and the
        process is read again.
        """
        known = self.resource.get(row.processid)
        differs = False
        if known is None or _is_later(row, known):
            self._touch(row.processid)
            differs = self._put({row.processid: row})
        self._strays[row.processid] = None
        return differs

    def take_read(self, row: ProcessRow) -> bool:
        """Take a row that was read by itself: the truth."""
        self._touch(row.processid)
        return self._put({row.processid: row})

    def forget(self, row_id: str) -> None:
        """Drop a process that the server no longer knows."""
        self._strays.pop(row_id, None)
        self._touched.pop(row_id, None)
        known = self.resource.get(row_id)
        if known is not None:
            self._untally(known)
            self._by_state[known.state].pop(row_id, None)
            self.resource.merge({}, [row_id])

    def _touch(self, row_id: str) -> None:
        self._touched[row_id] = next(self._counter)
        if len(self._touched) > 4096:
            for old in tuple(itertools.islice(self._touched, 2048)):
                del self._touched[old]

    def _is_newer_than(self, row_id: str, asked: int) -> bool:
        return self._touched.get(row_id, 0) > asked

    def _put(self, rows: Mapping[str, ProcessRow], *, now: float | None = None) -> bool:
        for row_id, row in rows.items():
            self._strays.pop(row_id, None)
            known = self.resource.get(row_id)
            if known is not None:
                if known == row:
                    continue
                self._untally(known)
                if known.state is not row.state:
                    self._by_state[known.state].pop(row_id, None)
            self._by_state[row.state][row_id] = None
            self._tally(row)
        differs = self.resource.merge(rows, now=now)
        if len(self.resource) > self._most:
            self._forget_oldest()
        return differs

    def _forget_oldest(self) -> None:
        surplus = len(self.resource) - self._most
        gone: list[str] = []
        for state in (ProcessState.SUCCESS, ProcessState.CANCELLED, ProcessState.FAILED):
            for row_id in itertools.islice(self._by_state[state], surplus - len(gone)):
                gone.append(row_id)
        for row_id in gone:
            known = self.resource.get(row_id)
            if known is not None:
                self._by_state[known.state].pop(row_id, None)
                self._untally(known)
            self._strays.pop(row_id, None)
            self._touched.pop(row_id, None)
        self.resource.merge({}, gone)

    def _tally(self, row: ProcessRow) -> None:
        if not row.assignedexecutorid:
            return
        tally = self._tallies.setdefault(row.assignedexecutorid, Tally({}))
        if row.state is ProcessState.RUNNING:
            tally.running[row.processid] = row
        elif row.state is ProcessState.SUCCESS:
            tally.succeeded += 1
        elif row.state is ProcessState.FAILED:
            tally.failed += 1

    def _untally(self, row: ProcessRow) -> None:
        tally = self._tallies.get(row.assignedexecutorid)
        if tally is None:
            return
        if row.state is ProcessState.RUNNING:
            tally.running.pop(row.processid, None)
        elif row.state is ProcessState.SUCCESS:
            tally.succeeded -= 1
        elif row.state is ProcessState.FAILED:
            tally.failed -= 1
