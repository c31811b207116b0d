"""The conditions by which a server hands out a process, one by one (§ Queue order and matching). Pure.

Words are short, may hold text of the server that is not cleaned, and never a duration: times are given as such.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from colonies_tui.protocol.models.executor import Executor
from colonies_tui.protocol.models.process import Conditions, Process, ProcessRow
from colonies_tui.protocol.sizes import MEBIBYTE, mebibytes, millicores
from colonies_tui.protocol.states import ExecutorState, ProcessState
from colonies_tui.store.executor_condition import STALE_SECONDS, heard_at

MAX_BREADTH: Final = 127
"""Most nodes, processes, or processes per node with which a server hands anything out."""

ANY_EXECUTOR: Final = "*"
"""As a name in the list: any executor. Servers that keep it in the list take it so."""


class Condition(Enum):
    """What a server compares before it hands a process to an executor; in the order in which reasons are told."""

    PAUSED = "assignments"
    PARENTS = "parents"
    BREADTH = "nodes"
    TYPE = "type"
    NAME = "name"
    APPROVED = "approval"
    ALIVE = "asks for work"
    """Not compared by a server: but who does not ask gets nothing."""
    LOCATION = "location"
    CPU = "cpu"
    MEM = "memory"
    STORAGE = "storage"


class Mark(Enum):
    """How one condition stands."""

    OK = "ok"
    FAILS = "fails"
    DOUBT = "doubt"
    """It fails by the evidence; what a server compares cannot be seen from outside."""
    UNKNOWN = "unknown"
    MOOT = "moot"
    """It is not asked, since something before it is missing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """How one condition stands, with what it is about."""

    mark: Mark
    words: str = ""
    at: float | None = None
    """Since when, in seconds since 1970, where that matters."""


def _amount(text: str, mega: bool) -> int:
    """Return what a process asks for; a text that no server writes counts as nothing asked."""
    try:
        return mebibytes(text) if mega else millicores(text)
    except ValueError:
        return 0


def asked_cpu(conditions: Conditions) -> int:
    """Return the millicores that a process asks for."""
    return _amount(conditions.cpu, mega=False)


def asked_mem(conditions: Conditions) -> int:
    """Return the memory that a process asks for, in mebibytes."""
    return _amount(conditions.mem, mega=True)


def asked_storage(conditions: Conditions) -> int:
    """Return the storage that a process asks for, in mebibytes."""
    return _amount(conditions.storage, mega=True)


def size_words(size: int) -> str:
    """Return a size in mebibytes as it is written in conditions: ``512Mi``, ``8Gi``."""
    return f"{size // 1024}Gi" if size and size % 1024 == 0 else f"{size}Mi"


def breadth(conditions: Conditions) -> int:
    """Return the largest of nodes, processes, and processes per node that a process asks for."""
    return max(conditions.nodes, conditions.processes, conditions.processespernode)


# What holds for every executor ----------------------------------------------------------------------------------------


def process_findings(
    process: Process,
    *,
    is_paused: bool | None,
    parents: Mapping[str, ProcessRow],
    hands_out_storage: bool,
) -> dict[Condition, Finding]:
    """Return the conditions that are the same for every executor."""
    conditions = process.spec.conditions
    storage = asked_storage(conditions)
    pause = {None: Mark.UNKNOWN, True: Mark.FAILS, False: Mark.OK}[is_paused]
    wide = breadth(conditions)
    return {
        Condition.PAUSED: Finding(pause, {Mark.UNKNOWN: "", Mark.FAILS: "paused", Mark.OK: "not paused"}[pause]),
        Condition.PARENTS: _parents(process, parents),
        Condition.BREADTH: Finding(Mark.FAILS if wide > MAX_BREADTH else Mark.OK, str(wide) if wide else ""),
        Condition.STORAGE: Finding(
            Mark.DOUBT if storage and not hands_out_storage else Mark.OK, size_words(storage) if storage else ""
        ),
    }


def _parents(process: Process, known: Mapping[str, ProcessRow]) -> Finding:
    if not process.waitforparents:
        return Finding(Mark.OK, "all done" if process.parents else "none")
    open_ones = [each for each in process.parents if each not in known or known[each].state is not ProcessState.SUCCESS]
    return Finding(Mark.FAILS, f"{len(open_ones)} of {len(process.parents)}" if process.parents else "")


# What differs from executor to executor -------------------------------------------------------------------------------


def executor_findings(
    conditions: Conditions, executor: Executor, runs_something: bool, now: float
) -> dict[Condition, Finding]:
    """Return how one executor stands to what a process asks for.

    Args:
        conditions: what the process asks for.
        executor: its registration.
        runs_something: whether it is known to run a process; it then need not ask for work.
        now: seconds since 1970.
    """
    names = conditions.executornames
    fits_name = not names or executor.executorname in names or ANY_EXECUTOR in names
    fits_type = executor.executortype == conditions.executortype
    return {
        Condition.TYPE: Finding(Mark.OK if fits_type else Mark.FAILS, executor.executortype),
        Condition.NAME: Finding(Mark.OK if fits_name else Mark.FAILS, "listed" if fits_name else "not listed"),
        Condition.APPROVED: _approved(executor),
        Condition.ALIVE: _alive(executor, runs_something, now),
        Condition.LOCATION: _location(conditions, executor),
        Condition.CPU: _compared(asked_cpu(conditions), claimed_cpu(executor), lambda claimed: f"{claimed}m"),
        Condition.MEM: _compared(asked_mem(conditions), claimed_mem(executor), size_words),
    }


_APPROVAL: Final = {
    ExecutorState.PENDING: "pending",
    ExecutorState.APPROVED: "approved",
    ExecutorState.REJECTED: "rejected",
    ExecutorState.UNREGISTERED: "gone",
}


def _approved(executor: Executor) -> Finding:
    is_approved = executor.state is ExecutorState.APPROVED
    return Finding(Mark.OK if is_approved else Mark.FAILS, _APPROVAL[executor.state])


def _alive(executor: Executor, runs_something: bool, now: float) -> Finding:
    if executor.state is not ExecutorState.APPROVED:
        return Finding(Mark.MOOT)
    at = heard_at(executor)
    if runs_something:
        return Finding(Mark.OK, "at work", at)
    if at is not None:
        return Finding(Mark.DOUBT if now - at > STALE_SECONDS else Mark.OK, "", at)
    registered = executor.commissiontime
    is_old = registered is not None and now - registered.timestamp() > STALE_SECONDS
    return Finding(Mark.DOUBT if is_old else Mark.UNKNOWN, "never" if is_old else "not yet")


def _location(conditions: Conditions, executor: Executor) -> Finding:
    wanted, place = conditions.locationname or "", executor.locationname or ""
    fits = not wanted or wanted.lower() == place.lower()
    return Finding(Mark.OK if fits else Mark.FAILS, place or "none")


def _compared(asked: int, claimed: tuple[int, bool], words: Callable[[int], str]) -> Finding:
    if not asked:
        return Finding(Mark.OK)
    amount, is_whole = claimed
    if amount >= asked:
        return Finding(Mark.OK, words(amount))
    return Finding(Mark.DOUBT, words(amount)) if is_whole else Finding(Mark.UNKNOWN, "not said")


# What an executor says that it has: free text, and the best evidence of what it may offer ---------------------------

_SIZE: Final = re.compile(r"\s*(\d{1,12}(?:\.\d{1,6})?)\s*([KMGT])(i?)B?\s*\Z", re.IGNORECASE)
_POWERS: Final = {"k": 1, "m": 2, "g": 3, "t": 4}


def claimed_cpu(executor: Executor) -> tuple[int, bool]:
    """Return the millicores that an executor says it has on all its machines, and whether it says so for each."""
    total, is_whole = 0, bool(executor.capabilities.hardware)
    for machine in executor.capabilities.hardware:
        amount = machine.cores * 1000 if machine.cores > 0 else _amount(machine.cpu.strip(), mega=False)
        total += max(amount, 0) * max(machine.nodes, 1)
        is_whole = is_whole and amount > 0
    return total, is_whole


def claimed_mem(executor: Executor) -> tuple[int, bool]:
    """Return the mebibytes that an executor says it has on all its machines, and whether it says so for each."""
    total, is_whole = 0, bool(executor.capabilities.hardware)
    for machine in executor.capabilities.hardware:
        match = _SIZE.match(machine.mem)
        if match is None:
            is_whole = False
            continue
        unit = (1024 if match[3] else 1000) ** _POWERS[match[2].lower()]
        total += int(float(match[1]) * unit / MEBIBYTE) * max(machine.nodes, 1)
    return total, is_whole
