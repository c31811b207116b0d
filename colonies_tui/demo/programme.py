"""What happens in the demo's colony besides single processes, and when. A seed decides it; nothing is sent here."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from colonies_tui.demo import workflows
from colonies_tui.demo.corpus import Corpus
from colonies_tui.demo.filing import REPORTS_LABEL
from colonies_tui.demo.standing_orders import CHANGED_FILES, DEEP_INDEX
from colonies_tui.protocol.models.workflow import WorkflowSpec


@dataclass(frozen=True, slots=True)
class StartWorkflow:
    """A user submits a workflow."""

    user: str
    spec: WorkflowSpec
    cancel_after: float | None = None
    """Seconds after which its user cancels it."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A user gives a generator one more argument."""

    user: str
    generator: str
    arg: str


@dataclass(frozen=True, slots=True)
class ChangeBlueprint:
    """A user wants something else of a blueprint."""

    user: str
    name: str
    spec: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TakeSnapshot:
    """A user freezes a label."""

    user: str
    label: str
    name: str


Step = StartWorkflow | Pack | ChangeBlueprint | TakeSnapshot


@dataclass(frozen=True, slots=True)
class _Recurrence:
    """Something that happens again and again; seconds from the start of the programme."""

    times: Callable[[int], float]
    """When it happens, by how often it has happened before."""
    step: Callable[[int], Step]


def _every(first: float, period: float) -> Callable[[int], float]:
    return lambda count: first + count * period


def _burst_then_every(first: float, burst: int, period: float) -> Callable[[int], float]:
    return lambda count: first + count if count < burst else first + burst - 1 + (count - burst + 1) * period


CHANGED_PACKAGES: Final = ("email", "multiprocessing", "importlib")
"""What the deep index is wanted of, in turn."""

_LABELS: Final = ("pull request 118", "pull request 123", "release 3.4", "audit")


class Programme:
    """The programme of one seed over one corpus."""

    def __init__(self, seed: int, corpus: Corpus) -> None:
        self._random = random.Random(seed)  # noqa: S311  (choices of a demo that must repeat, not secrets)
        self._corpus = corpus
        self._wide = self._wide_packages()

    def steps(self) -> Iterator[tuple[float, Step]]:
        """Yield steps for ever with the seconds after the start at which they are due, earliest first."""
        recurrences = (
            _Recurrence(_every(0.5, 40), lambda _: self._diamond()),
            _Recurrence(_every(5, 120), lambda count: self._fan_out(count)),
            _Recurrence(_every(11, 60), self._failing),
            _Recurrence(_every(28, 150), lambda _: self._superseded()),
            _Recurrence(_burst_then_every(2, 3, 13), lambda _: self._pack()),
            _Recurrence(_every(60, 600), self._snapshot),
            _Recurrence(_every(130, 240), self._change),
        )
        due = [(recurrence.times(0), index, 0) for index, recurrence in enumerate(recurrences)]
        heapq.heapify(due)
        while True:
            at, index, count = due[0]
            yield at, recurrences[index].step(count)
            heapq.heapreplace(due, (recurrences[index].times(count + 1), index, count + 1))

    def _diamond(self) -> Step:
        package = self._random.choice(self._corpus.packages)
        return StartWorkflow("ci", workflows.diamond(package, self._random.choice(_LABELS)))

    def _fan_out(self, count: int) -> Step:
        package, files = self._wide[count % len(self._wide)]
        return StartWorkflow("release-bot", workflows.fan_out(package, files, "release 3.4"))

    def _failing(self, count: int) -> Step:
        package = self._random.choice(self._corpus.packages)
        if count % 2:
            return StartWorkflow("ci", workflows.failing_leaf(package, "typing audit"))
        unparsable = self._corpus.unparsable[-1 - count // 2 % len(self._corpus.unparsable)]
        return StartWorkflow("ci", workflows.failing_branch(package, unparsable, "pull request 131"))

    def _superseded(self) -> Step:
        package, files = self._random.choice(self._wide)
        spec = workflows.fan_out(package, files, "pull request 123")
        return StartWorkflow("ci", spec, cancel_after=self._random.uniform(1, 2.5))

    def _pack(self) -> Step:
        return Pack("ci", CHANGED_FILES, self._random.choice(self._corpus.modules))

    def _snapshot(self, count: int) -> Step:
        return TakeSnapshot("release-bot", REPORTS_LABEL, f"reports-{count + 1}")

    def _change(self, count: int) -> Step:
        known = [name for name in CHANGED_PACKAGES if name in self._corpus.packages] or self._corpus.packages[:1]
        return ChangeBlueprint("release-bot", DEEP_INDEX, {"package": known[count % len(known)], "depth": 2})

    def _wide_packages(self) -> Sequence[tuple[str, tuple[str, ...]]]:
        """Return packages with enough files for the widest workflow, in an order of the seed; at least one package."""
        listed = [
            (name, tuple(file.name for file in self._corpus.resolve(name).files())) for name in self._corpus.packages
        ]
        wide = [item for item in listed if len(item[1]) >= workflows.FAN // 2]
        self._random.shuffle(wide)
        return wide or [max(listed, key=lambda item: len(item[1]))]
