"""What a server does not look at when it hands out work, and yet may matter to a process that waits. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from colonies_tui.protocol.states import ExecutorState
from colonies_tui.store.executor_condition import heard_at
from colonies_tui.store.waiting import Outlook, Verdict
from colonies_tui.store.waiting_conditions import Condition, asked_cpu, asked_mem

PATIENCE_SECONDS = 5.0
"""An executor that asked for work so long after a process came, and did not get it, is a riddle."""


class AdviceKind(Enum):
    """What a piece of advice is about."""

    RIDDLE = "riddle"
    MORE_HANDS = "more hands"
    EVIDENCE = "evidence"
    FUNCTION = "function"
    GPU = "gpu"
    WALLTIME = "walltime"
    ALLOCATION = "allocation"


@dataclass(frozen=True, slots=True)
class Advice:
    """A sentence; it may hold text of the server that is not cleaned."""

    kind: AdviceKind
    words: str


def waiting_advice(verdict: Verdict) -> list[Advice]:
    """Return what is worth knowing beside the reasons."""
    return [*_riddle(verdict), *_more_hands(verdict), *_evidence(verdict), *_not_compared(verdict)]


def _riddle(verdict: Verdict) -> Iterable[Advice]:
    """An idle executor that meets everything asked for work, with nothing before this process, and did not get it."""
    submitted = verdict.process.submissiontime
    if verdict.outlook is not Outlook.FREE or verdict.facts.place.ahead or submitted is None:
        return
    since = submitted.timestamp() + PATIENCE_SECONDS
    for each in verdict.able:
        heard = heard_at(each.executor)
        if heard is not None and heard > since and not each.runs_something:
            words = (
                f"{each.executor.executorname} has asked for work since and was not given it. It may offer less cpu or"
                " memory than it has, or the process may name * as its executor on a server that assigns exclusively."
            )
            yield Advice(AdviceKind.RIDDLE, words)
            return


def _more_hands(verdict: Verdict) -> Iterable[Advice]:
    pending = [each for each in verdict.approvable if each.executor.state is ExecutorState.PENDING]
    if verdict.able and pending:
        others = f" and {len(pending) - 1} more" if len(pending) > 1 else ""
        words = f"{pending[0].executor.executorname}{others} could take it too, once approved."
        yield Advice(AdviceKind.MORE_HANDS, words)


def _evidence(verdict: Verdict) -> Iterable[Advice]:
    conditions = verdict.process.spec.conditions
    asked = [word for word, amount in (("cpu", asked_cpu(conditions)), ("memory", asked_mem(conditions))) if amount]
    if asked and verdict.of_type:
        words = (
            f"A server compares {' and '.join(asked)} with what an executor offers when it asks for work, which cannot"
            " be seen from here: what it says of itself stands for it."
        )
        yield Advice(AdviceKind.EVIDENCE, words)


def _not_compared(verdict: Verdict) -> Iterable[Advice]:
    spec, kind = verdict.process.spec, verdict.process.spec.conditions.executortype
    names = {each.executor.executorname for each in verdict.of_type}
    offered = [each for each in verdict.facts.functions if each.executorname in names]
    if spec.funcname and offered and not any(each.funcname == spec.funcname for each in offered):
        words = f"No executor of type {kind} has registered the function {spec.funcname}."
        yield Advice(AdviceKind.FUNCTION, words)
    gpu = spec.conditions.gpu
    if gpu.count > 0 or gpu.name:
        words = f"It asks for {' '.join(part for part in (f'{max(gpu.count, 1)} ×', gpu.name or 'gpu') if part)}."
        machines = [machine for each in verdict.of_type for machine in each.executor.capabilities.hardware]
        if names and not any(machine.gpu.count > 0 or machine.gpu.name for machine in machines):
            words = f"{words[:-1]}, and no executor of type {kind} says that it has one."
        yield Advice(AdviceKind.GPU, words)
    if spec.conditions.walltime > 0:
        yield Advice(AdviceKind.WALLTIME, f"It asks for {spec.conditions.walltime} s of wall time.")
    yield from _allocations(verdict)


def _allocations(verdict: Verdict) -> Iterable[Advice]:
    for each in verdict.of_type:
        if Condition.APPROVED in each.failing:
            continue
        for name, project in each.executor.allocations.projects.items():
            for what in ("cpu", "gpu", "storage"):
                used, given = getattr(project, f"used{what}"), getattr(project, f"allocated{what}")
                if 0 < given <= used:
                    words = (
                        f"{each.executor.executorname} has used up the {what} of its project {name}: {used} of {given}."
                    )
                    yield Advice(AdviceKind.ALLOCATION, words)
