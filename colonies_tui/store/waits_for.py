"""What each waiting process in a list waits for, in two or three words, from what the list itself knows of it.

Cpu, memory and storage are not part of a row: what a list calls waiting in the queue may be explained further by
:mod:`colonies_tui.store.waiting`, which looks at the whole process.
"""

from __future__ import annotations

from collections.abc import Iterable

from colonies_tui.protocol.models.executor import Executor
from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.colony_state import ColonyState
from colonies_tui.store.executor_condition import ExecutorCondition
from colonies_tui.store.waiting_conditions import ANY_EXECUTOR

IN_THE_QUEUE = "queue"
"""Nothing that a list knows of blocks it."""

FOR_PARENTS = "parents"
"""It is a member of a workflow whose turn has not come."""

NOTHING_WRONG = frozenset({IN_THE_QUEUE, FOR_PARENTS})
"""Words for what passes by itself."""


class WaitsFor:
    """The words for the executors and the pause of one moment. Rows that ask for the same are answered once."""

    def __init__(self, executors: Iterable[tuple[Executor, ExecutorCondition]], *, is_paused: bool) -> None:
        self._is_paused = is_paused
        self._by_type: dict[str, list[tuple[Executor, ExecutorCondition]]] = {}
        for executor, condition in executors:
            if condition is not ExecutorCondition.GONE:
                self._by_type.setdefault(executor.executortype, []).append((executor, condition))
        self._answers: dict[tuple[str, str, tuple[str, ...]], str] = {}

    @classmethod
    def of(cls, state: ColonyState) -> WaitsFor | None:
        """Return the words for now; ``None`` where the executors are not known."""
        if not state.executors.freshness.can_show_rows:
            return None
        executors = ((each, state.executor_condition(each)) for each in state.executors.rows.values())
        return cls(executors, is_paused=state.is_paused)

    def words(self, row: ProcessRow) -> str:
        """Return what a process waits for; empty for one that does not wait. Not cleaned."""
        if row.state is not ProcessState.WAITING:
            return ""
        if row.waitforparents:
            return FOR_PARENTS
        if self._is_paused:
            return "paused"
        asked = (row.executortype, row.locationname, row.executornames)
        answer = self._answers.get(asked)
        if answer is None:
            answer = self._answers[asked] = self._answer(*asked)
        return answer

    def _answer(self, kind: str, location: str, names: tuple[str, ...]) -> str:
        there = self._by_type.get(kind, [])
        if not there:
            return "executor: none"
        if names and ANY_EXECUTOR not in names:
            there = [each for each in there if each[0].executorname in names]
            if not there:
                return f"executor {names[0]}" + (f" +{len(names) - 1}" if len(names) > 1 else "")
        if location:
            there = [each for each in there if (each[0].locationname or "").lower() == location.lower()]
            if not there:
                return f"location {location}"
        conditions = {condition for _, condition in there}
        if ExecutorCondition.APPROVED in conditions:
            return IN_THE_QUEUE
        if ExecutorCondition.PENDING in conditions:
            return "executor: approval"
        if ExecutorCondition.STALE in conditions:
            return "executor: stale"
        return "executor: rejected"
