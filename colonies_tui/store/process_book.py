"""Every process seen, kept right although lists are cut at 100 rows and events may be stale.

A list answers for one state. A known row that should be in it and is not has gone elsewhere: one that had ended was
removed, any other becomes a *stray* and is read by itself unless another list shows it first. Beyond the place where a
list was cut nothing is said about the known rows, so a few of them are made strays with each list, in turn.

Answers overlap: each is as old as the moment it was asked for, at the most. An answer that was asked for after the
known row was taken is newer and replaces it; of two that overlap, the one that shows a later moment in the life of the
process is believed for now, and the process is read again.
"""

from __future__ import annotations

import heapq
import itertools
from collections import Counter, deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from colonies_tui.protocol.messages.process import MAX_COUNT
from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.resource import Resource

AUDITED = 3
"""Rows beyond the cut of a list that are read again with each list of their state."""

_REMEMBERED_MOMENTS = 16_384
"""For how many rows it is remembered when they were taken: far more than change while one answer is under way."""

_FAR = float("inf")
_FINAL = tuple(state for state in ProcessState if state.is_final)


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
    return _FAR if row.endtime is None else -row.endtime


def _is_later(new: ProcessRow, old: ProcessRow) -> bool:
    """Whether ``new`` shows a later moment in the life of the same process than ``old``.

    A process goes from waiting over running to an end, and starts again only with a retry.
    """
    if old.state.is_final:
        return False
    if new.retries != old.retries:
        return new.retries > old.retries
    return new.state > old.state


class ProcessBook:
    """The rows of all processes seen, in a resource, with a tally per executor and the strays to look after."""

    def __init__(self, resource: Resource[ProcessRow], most: int, *, list_limit: int = MAX_COUNT) -> None:
        """
        Args:
            resource: holds the rows.
            most: bound on the rows; the longest ended ones are forgotten, but none that the lists still show.
            list_limit: how many rows the lists are asked for: a list of so many may be cut.
        """
        self.resource = resource
        self._most = most
        self._list_limit = list_limit
        self._moments = itertools.count(1)
        self.clear()

    def clear(self) -> None:
        """Know no process; the resource is cleared by itself."""
        self._taken: dict[str, int] = {}
        """When the present knowledge of a row came; the latest last. Rows that were removed are in it, too."""
        self._strays: dict[str, int] = {}
        """Since when it is unknown where a process is."""
        self._tallies: dict[str, Tally] = {}
        self._active_types: Counter[str] = Counter()
        self._by_state: dict[ProcessState, dict[str, None]] = {state: {} for state in ProcessState}
        self._to_audit: dict[ProcessState, deque[str]] = {state: deque() for state in ProcessState}

    @property
    def strays(self) -> Sequence[str]:
        """Ids whose whereabouts are unknown, oldest first."""
        return tuple(self._strays)

    def in_state(self, state: ProcessState) -> Iterable[str]:
        """Return the ids known in a state, in the order in which they came into it."""
        return self._by_state[state].keys()

    @property
    def active_types(self) -> Collection[str]:
        """The executor types of the processes that wait or run."""
        return self._active_types.keys()

    def tally(self, executor_id: str) -> Tally:
        """Return what an executor did among the known processes."""
        return self._tallies.get(executor_id) or Tally({})

    def mark(self) -> int:
        """Return the present moment; taken before something is asked for and handed over with the answer."""
        return next(self._moments)

    # What comes in ----------------------------------------------------------------------------------------------------

    def take_list(self, state: ProcessState, rows: Sequence[ProcessRow], asked: int, now: float) -> bool:
        """Take the server's list of one state; return whether anything differs.

        Args:
            state: what was asked for.
            rows: the answer, in the server's order.
            asked: the moment of asking.
            now: seconds since 1970, for the freshness of the rows.
        """
        listed = {row.processid for row in rows}
        gone = self._missing(state, rows, listed, asked)
        # Lists of ended ones begin with the newest: the rows are kept in the order in which they came.
        in_order = reversed(rows) if state.is_final else iter(rows)
        differs = self._take(in_order, asked, now=now, gone=gone)
        if len(rows) >= self._list_limit:
            self._audit(state, listed)
        return differs

    def take_event(self, row: ProcessRow) -> bool:
        """Take a row from an event, whose content may be stale: only what is later than the known is believed, and the
        process is read again. Return whether anything differs.
        """
        row_id = row.processid
        known = self.resource.get(row_id)
        believed = row_id not in self._taken if known is None else _is_later(row, known)
        differs = self._take([row], self.mark()) if believed else False
        self.suspect(row_id)
        return differs

    def take_read(self, row: ProcessRow, asked: int | None = None) -> bool:
        """Take a row that was read by itself; return whether anything differs.

        Args:
            row: the answer.
            asked: the moment of asking; left out, nothing can have happened meanwhile.
        """
        return self._take([row], self.mark() if asked is None else asked)

    def take_total(self, state: ProcessState, total: int) -> None:
        """Take the server's count of a state. Where far more ended ones are known than there are, many were removed
        at once: the oldest are forgotten, since reading each of them would take hours.
        """
        surplus = len(self._by_state[state]) - max(total, self._list_limit)
        if state.is_final and surplus > self._list_limit:
            self._drop(self._oldest([state], surplus))

    def suspect(self, row_id: str) -> None:
        """Have a process read again."""
        self._strays[row_id] = self.mark()

    def leave(self, row_id: str) -> None:
        """Give a stray up: it cannot be read."""
        self._strays.pop(row_id, None)

    def forget(self, row_id: str) -> None:
        """Drop a process that the server no longer knows."""
        self._strays.pop(row_id, None)
        self._note_taken(row_id)
        self._drop([row_id])

    # What follows from it ---------------------------------------------------------------------------------------------

    def _missing(self, state: ProcessState, rows: Sequence[ProcessRow], listed: set[str], asked: int) -> Sequence[str]:
        """Find the known rows that the list should hold and does not: return those that were removed, and make the
        others strays.
        """
        is_whole = len(rows) < self._list_limit
        last = _order(rows[-1]) if rows else _FAR
        gone: list[str] = []
        beyond = 0
        for row_id in tuple(reversed(self._by_state[state])):
            if row_id in listed or self._taken.get(row_id, 0) > asked:
                continue
            known = self.resource.get(row_id)
            if known is None:
                continue
            if is_whole or _order(known) < last:
                beyond = 0
                if state.is_final:
                    gone.append(row_id)
                elif row_id not in self._strays:
                    self.suspect(row_id)
            else:
                beyond += 1
                if state.is_final and beyond > 4 * self._list_limit:
                    break  # what ended long before the list's last row: far too many to go through each time
        return gone

    def _audit(self, state: ProcessState, listed: set[str]) -> None:
        queue = self._to_audit[state]
        if not queue:
            queue.extend(self._by_state[state])
        audited = 0
        while queue and audited < AUDITED:
            row_id = queue.popleft()
            if row_id in self._by_state[state] and row_id not in listed and row_id not in self._strays:
                self.suspect(row_id)
                audited += 1

    def _take(
        self, rows: Iterable[ProcessRow], asked: int, *, now: float | None = None, gone: Sequence[str] = ()
    ) -> bool:
        accepted: dict[str, ProcessRow] = {}
        for row in rows:
            row_id = row.processid
            known = self.resource.get(row_id)
            if self._taken.get(row_id, 0) <= asked:
                accepted[row_id] = row
                if self._strays.get(row_id, 0) <= asked:
                    self._strays.pop(row_id, None)
            elif row != known:
                if known is not None and _is_later(row, known):
                    accepted[row_id] = row
                self.suspect(row_id)
        for row_id, row in accepted.items():
            self._note_taken(row_id)
            known = self.resource.get(row_id)
            if known is not None:
                if known == row:
                    continue
                self._untally(known)
                if known.state is not row.state:
                    self._by_state[known.state].pop(row_id, None)
            self._by_state[row.state][row_id] = None
            self._tally(row)
        differs = self._drop(gone, rows=accepted, now=now)
        if len(self.resource) > self._most:
            self._drop(self._oldest(_FINAL, len(self.resource) - self._most))
        return differs

    def _note_taken(self, row_id: str) -> None:
        self._taken.pop(row_id, None)
        self._taken[row_id] = self.mark()
        if len(self._taken) > _REMEMBERED_MOMENTS:
            for old in tuple(itertools.islice(self._taken, _REMEMBERED_MOMENTS // 2)):
                del self._taken[old]

    def _drop(
        self, gone: Sequence[str], *, rows: dict[str, ProcessRow] | None = None, now: float | None = None
    ) -> bool:
        """Put ``rows`` into the resource and take ``gone`` out of everything; return whether anything differs."""
        for row_id in gone:
            known = self.resource.get(row_id)
            if known is not None:
                self._untally(known)
                self._by_state[known.state].pop(row_id, None)
            self._strays.pop(row_id, None)
        return self.resource.merge(rows or {}, gone, now=now)

    def _oldest(self, states: Iterable[ProcessState], count: int) -> Sequence[str]:
        """Return the ``count`` longest ended processes of some states, less those that lists still show."""
        heads = []
        for state in states:
            ids = self._by_state[state]
            spare = min(count, max(0, len(ids) - self._list_limit))
            heads.append([(self._ended_at(row_id), row_id) for row_id in itertools.islice(ids, spare)])
        return [row_id for _, row_id in itertools.islice(heapq.merge(*heads), count)]

    def _ended_at(self, row_id: str) -> float:
        row = self.resource.get(row_id)
        return _FAR if row is None or row.endtime is None else row.endtime

    def _tally(self, row: ProcessRow) -> None:
        if not row.state.is_final:
            self._active_types[row.executortype] += 1
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
        if not row.state.is_final:
            self._active_types[row.executortype] -= 1
            if not self._active_types[row.executortype]:
                del self._active_types[row.executortype]
        tally = self._tallies.get(row.assignedexecutorid)
        if tally is None:
            return
        if row.state is ProcessState.RUNNING:
            tally.running.pop(row.processid, None)
        elif row.state is ProcessState.SUCCESS:
            tally.succeeded -= 1
        elif row.state is ProcessState.FAILED:
            tally.failed -= 1
