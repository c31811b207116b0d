"""Whether an executor fails more often than the others of its type with the same function. Pure.

Only runs count: processes that an executor had and that ended well or with an error of their own. What failed only
because its workflow did says nothing about an executor.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from math import comb
from typing import Final

from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.states import ProcessState

FEWEST_RUNS: Final = 4
"""Runs of the executor, and of the others, below which nothing is said."""

UNLIKELY: Final = 0.05
"""A difference that chance alone would bring about less often than this is called one."""


class Verdict(Enum):
    """What the counts say."""

    NO_EXECUTOR = "no executor had it"
    ALONE = "no other executor has run it"
    TOO_FEW = "too few runs to tell"
    MORE = "more often than the others"
    LESS = "less often than the others"
    ALIKE = "about as often as the others"


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs that ended, and how many of them failed."""

    failed: int = 0
    total: int = 0

    @property
    def share(self) -> float:
        """Failed of total, 0 to 1; 0 without runs."""
        return self.failed / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """One executor beside the others, for one function and one executor type."""

    own: Runs = Runs()
    others: Runs = Runs()
    other_executors: int = 0
    """How many others have run it."""
    verdict: Verdict = Verdict.NO_EXECUTOR


def compare_executor(rows: Iterable[ProcessRow], row: ProcessRow) -> Comparison:
    """Compare the executor that had a process with the others.

    Args:
        rows: every process that is known.
        row: the process.
    """
    if not row.assignedexecutorid:
        return Comparison()
    counts: dict[str, list[int]] = {row.assignedexecutorid: [0, 0]}
    for other in rows:
        if (other.funcname, other.executortype) != (row.funcname, row.executortype) or not other.assignedexecutorid:
            continue
        failed = other.state is ProcessState.FAILED and bool(other.error.strip())
        if failed or other.state is ProcessState.SUCCESS:
            count = counts.setdefault(other.assignedexecutorid, [0, 0])
            count[0] += failed
            count[1] += 1
    own = Runs(*counts.pop(row.assignedexecutorid))
    others = Runs(sum(count[0] for count in counts.values()), sum(count[1] for count in counts.values()))
    return Comparison(own, others, len(counts), _verdict(own, others))


def _verdict(own: Runs, others: Runs) -> Verdict:
    if not others.total:
        return Verdict.ALONE
    if min(own.total, others.total) < FEWEST_RUNS:
        return Verdict.TOO_FEW
    if own.share > others.share and chance_of_as_many(own, others) <= UNLIKELY:
        return Verdict.MORE
    turned = Runs(own.total - own.failed, own.total), Runs(others.total - others.failed, others.total)
    if own.share < others.share and chance_of_as_many(*turned) <= UNLIKELY:
        return Verdict.LESS
    return Verdict.ALIKE


def chance_of_as_many(own: Runs, others: Runs) -> float:
    """Return how likely chance alone gives ``own`` as many failures or more, were both alike (Fisher's exact test)."""
    runs, failed = own.total + others.total, own.failed + others.failed
    most = min(own.total, failed)
    ways = sum(comb(failed, k) * comb(runs - failed, own.total - k) for k in range(own.failed, most + 1))
    return ways / comb(runs, own.total)
