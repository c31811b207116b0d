"""Why a process waits: every executor of the colony against every condition by which a server hands out work. Pure.

The conditions are those of a real server (§ Queue order and matching), no more and no fewer. Three kinds of failing are
told apart: what certainly fails, what fails by the evidence (an executor that is silent, or that says that it has less
than is asked for: what it offers when it asks for work cannot be seen from outside), and what is not known. Only the
first kind makes a process *blocked*.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from colonies_tui.protocol.models.executor import Executor, Function
from colonies_tui.protocol.models.process import Process, ProcessRow
from colonies_tui.protocol.states import ExecutorState
from colonies_tui.store.queue_place import QueuePlace
from colonies_tui.store.waiting_conditions import (
    Condition,
    Finding,
    Mark,
    executor_findings,
    process_findings,
)


class Outlook(Enum):
    """Whether a waiting process can be taken, as far as can be seen."""

    FREE = "free"
    """At least one executor meets every condition: only the queue is before it."""
    DOUBTFUL = "doubtful"
    """Nothing certain blocks it, but the evidence speaks against every executor."""
    BLOCKED = "blocked"
    """No executor can take it as things are."""
    UNKNOWN = "unknown"
    """The executors of the colony are not known."""


class StepKind(Enum):
    """What can be done about a process that waits."""

    APPROVE = "approve"
    RESUME = "resume"
    PARENT = "parent"
    EXECUTORS = "executors"


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do next, and to what."""

    kind: StepKind
    target: str = ""
    """Name of an executor, id of a process, or an executor type."""


@dataclass(frozen=True, slots=True)
class ExecutorVerdict:
    """One executor against the conditions that differ from executor to executor."""

    executor: Executor
    findings: Mapping[Condition, Finding]
    runs_something: bool = False

    @property
    def failing(self) -> frozenset[Condition]:
        """What certainly fails."""
        return self._marked(Mark.FAILS)

    @property
    def doubted(self) -> frozenset[Condition]:
        """What fails by the evidence."""
        return self._marked(Mark.DOUBT)

    @property
    def against(self) -> frozenset[Condition]:
        """What speaks against this executor, for certain or by the evidence."""
        return self.failing | self.doubted

    @property
    def is_of_type(self) -> bool:
        """Whether its type is the one that the process asks for."""
        return Condition.TYPE not in self.failing

    @property
    def is_gone(self) -> bool:
        """Whether it is no longer registered."""
        return self.executor.state is ExecutorState.UNREGISTERED

    def _marked(self, mark: Mark) -> frozenset[Condition]:
        return frozenset(condition for condition, finding in self.findings.items() if finding.mark is mark)


@dataclass(frozen=True, slots=True)
class Blocker:
    """One reason, and the executors whose case it is (none for what holds for every executor)."""

    condition: Condition
    is_certain: bool
    executors: tuple[ExecutorVerdict, ...] = ()


@dataclass(frozen=True, slots=True)
class WaitingFacts:
    """What is known when the question is asked."""

    process: Process
    executors: Sequence[tuple[Executor, bool]]
    """Every executor of the colony, and whether it is known to run something."""
    now: float
    """Seconds since 1970."""
    place: QueuePlace = field(default_factory=QueuePlace)
    executors_known: bool = True
    is_paused: bool | None = False
    """``None`` where it is not known."""
    parents: Mapping[str, ProcessRow] = field(default_factory=dict)
    """The parents that are known, by id."""
    functions: Sequence[Function] = ()
    """What the executors of the colony have registered."""
    hands_out_storage: bool = False
    """Whether the server is known to hand out processes that ask for storage."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer: all reasons, each executor against each condition, and what can be done."""

    facts: WaitingFacts
    outlook: Outlook
    own: Mapping[Condition, Finding]
    """What holds for every executor alike: the pause, parents, nodes, storage."""
    executors: tuple[ExecutorVerdict, ...]
    """Every executor, the nearest to being able first."""
    blockers: tuple[Blocker, ...]
    """All reasons, in the order in which they are told; empty where nothing speaks against the process."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """What can be done about it, the most useful first."""
        return tuple(_steps(self))

    @property
    def process(self) -> Process:
        """The process in question."""
        return self.facts.process

    @property
    def causes(self) -> frozenset[Condition]:
        """The conditions that are named as reasons."""
        return frozenset(blocker.condition for blocker in self.blockers)

    @property
    def able(self) -> tuple[ExecutorVerdict, ...]:
        """The executors against which nothing speaks."""
        return tuple(each for each in self.executors if not each.against)

    @property
    def of_type(self) -> tuple[ExecutorVerdict, ...]:
        """The registered executors of the type that is asked for."""
        return tuple(each for each in self.executors if each.is_of_type and not each.is_gone)

    @property
    def listed(self) -> tuple[ExecutorVerdict, ...]:
        """Those to be looked at one by one: of the type; where there is none, all that are registered, else all."""
        return (
            self.of_type
            or tuple(each for each in self.executors if not each.is_gone)
            or tuple(each for each in self.executors if each.is_of_type)
        )

    @property
    def approvable(self) -> tuple[ExecutorVerdict, ...]:
        """The executors that only lack approval, those that wait for it first."""
        found = [each for each in self.executors if each.failing == {Condition.APPROVED} and not each.is_gone]
        return tuple(sorted(found, key=lambda each: each.executor.state is not ExecutorState.PENDING))


def explain_waiting(facts: WaitingFacts) -> Verdict:
    """Return why a waiting process waits, or that nothing blocks it."""
    own = process_findings(
        facts.process,
        is_paused=facts.is_paused,
        parents=facts.parents,
        hands_out_storage=facts.hands_out_storage,
    )
    executors = sorted(
        (
            ExecutorVerdict(
                executor,
                executor_findings(facts.process.spec.conditions, executor, busy, facts.now),
                runs_something=busy,
            )
            for executor, busy in facts.executors
        ),
        key=_distance,
    )
    blockers = [
        Blocker(condition, finding.mark is Mark.FAILS)
        for condition, finding in own.items()
        if finding.mark in (Mark.FAILS, Mark.DOUBT)
    ]
    if facts.executors_known:
        blockers += _executor_blockers(executors)
    return Verdict(facts, _outlook(facts, own, executors), own, tuple(executors), tuple(blockers))


def _distance(each: ExecutorVerdict) -> tuple[bool, bool, int, int, str]:
    return (each.is_gone, not each.is_of_type, len(each.failing), len(each.doubted), each.executor.executorname)


def _outlook(facts: WaitingFacts, own: Mapping[Condition, Finding], executors: Sequence[ExecutorVerdict]) -> Outlook:
    marks = {finding.mark for finding in own.values()}
    if Mark.FAILS in marks:
        return Outlook.BLOCKED
    if not facts.executors_known:
        return Outlook.UNKNOWN
    if all(each.failing for each in executors):
        return Outlook.BLOCKED
    if Mark.DOUBT in marks or all(each.against for each in executors):
        return Outlook.DOUBTFUL
    return Outlook.FREE


def _executor_blockers(executors: Iterable[ExecutorVerdict]) -> list[Blocker]:
    """Return what keeps the executors that come nearest: of each, only what another one does not do better.

    Who else there is says nothing where somebody of the right type, or of the right name, is there.
    """
    present = [each for each in executors if not each.is_gone]
    if any(not each.against for each in present):
        return []
    of_type = [each for each in present if each.is_of_type]
    named = [each for each in of_type if Condition.NAME not in each.failing]
    if named:
        return _blockers(named, {each.executor.executorname: each.against for each in named})
    # Whether one that is not meant is approved or asks for work is not what this process waits for.
    state, others = {Condition.APPROVED, Condition.ALIVE}, of_type or present
    against = {each.executor.executorname: each.against - state for each in others}
    return _blockers(others, against) or [Blocker(Condition.TYPE, is_certain=True)]


def _blockers(pool: Sequence[ExecutorVerdict], against: Mapping[str, frozenset[Condition]]) -> list[Blocker]:
    sets = set(against.values())
    least = {one for one in sets if not any(other < one for other in sets)}
    nearest = [each for each in pool if against[each.executor.executorname] in least]
    found = []
    for condition in Condition:
        whose = tuple(each for each in nearest if condition in against[each.executor.executorname])
        if whose:
            found.append(Blocker(condition, any(condition in each.failing for each in whose), whose))
    return found


def _steps(verdict: Verdict) -> Iterable[Step]:
    causes = verdict.causes
    if Condition.PAUSED in causes:
        yield Step(StepKind.RESUME)
    if Condition.PARENTS in causes:
        parent = nearest_parent(verdict.facts)
        if parent:
            yield Step(StepKind.PARENT, parent)
    candidate = to_approve(verdict)
    if candidate is not None and not verdict.able:
        yield Step(StepKind.APPROVE, candidate.executor.executorname)
    if causes & {Condition.TYPE, Condition.NAME, Condition.ALIVE, Condition.LOCATION, Condition.CPU, Condition.MEM}:
        yield Step(StepKind.EXECUTORS, verdict.process.spec.conditions.executortype)


def to_approve(verdict: Verdict) -> ExecutorVerdict | None:
    """Return the executor whose approval would help: one that is pending, or a rejected one where nobody else can."""
    for each in verdict.approvable:
        if each.executor.state is ExecutorState.PENDING or not verdict.able:
            return each
    return None


def nearest_parent(facts: WaitingFacts) -> str:
    """Return the id of the parent to look at: one that went wrong, else one that runs, else one that waits."""
    order = {"FAILED": 0, "CANCELLED": 1, "RUNNING": 2, "WAITING": 3, "SUCCESS": 5}
    ids = facts.process.parents
    return min(ids, key=lambda each: order[facts.parents[each].state.name] if each in facts.parents else 4, default="")
