"""What a workflow graph is made of: its processes as nodes, and the boxes that stand for one node or for several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from colonies_tui.protocol.states import ProcessState
from colonies_tui.ui.format.states import process_face


@dataclass(frozen=True, slots=True)
class GraphNode:
    """One process of a workflow. Texts are plain (cleaned)."""

    id: str
    label: str
    """What the node is called within its workflow."""
    parents: tuple[str, ...] = ()
    """Ids of the nodes it depends on; some of them may be unknown."""
    state: ProcessState = ProcessState.WAITING
    submitted: float | None = None
    """Unix seconds."""
    started: float | None = None
    """Unix seconds."""
    ended: float | None = None
    """Unix seconds."""
    executor: str = ""
    """Name of the executor that runs or ran it."""
    error: str = ""
    waits_for: str = ""
    """Words for what a waiting node waits for."""
    stem: str = ""
    """What siblings of one kind share, such as their function; empty: derived from the label."""
    cascaded: bool = False
    """Failed only because another member of the workflow failed; such nodes may be folded away."""
    was: str = ""
    """Words for what a member was before its workflow failed it: ``had succeeded``."""

    @property
    def has_run(self) -> bool:
        """Whether an executor has ever begun it."""
        return self.started is not None

    @property
    def failed_itself(self) -> bool:
        """Whether it failed, and not merely with its workflow."""
        return self.state is ProcessState.FAILED and not self.cascaded

    @property
    def state_role(self) -> str:
        """Style role of its state: what failed only with its workflow is quiet."""
        return "dim" if self.cascaded else process_face(self.state).role

    def ran(self, now: float) -> float | None:
        """Seconds it has run or ran; None when it has not started or its end is not known."""
        if self.started is None:
            return None
        until = now if self.state is ProcessState.RUNNING else self.ended
        return None if until is None else max(0.0, until - self.started)


_WORST_FIRST = (
    ProcessState.RUNNING,
    ProcessState.WAITING,
    ProcessState.FAILED,
    ProcessState.CANCELLED,
    ProcessState.SUCCESS,
)


@dataclass(frozen=True)
class Box:
    """What is drawn as one box: a node, or siblings of one shape folded together."""

    id: str
    """The node's id, or the id of the fold."""
    label: str
    members: tuple[GraphNode, ...]
    parents: tuple[str, ...] = ()
    """Ids of other boxes; those that are not among the boxes are parents that are not known."""

    @property
    def folded(self) -> bool:
        """Whether it stands for several nodes."""
        return len(self.members) > 1

    @cached_property
    def counts(self) -> Mapping[ProcessState, int]:
        """How many members are in each state."""
        return Counter(member.state for member in self.members)

    @property
    def state(self) -> ProcessState:
        """The state of the node; of a fold the one that says most about what is still to come."""
        return next(state for state in _WORST_FIRST if self.counts.get(state))

    @property
    def state_role(self) -> str:
        """Style role of its state: quiet when all that failed only failed with their workflow."""
        if self.state is not ProcessState.FAILED or any(member.failed_itself for member in self.members):
            return process_face(self.state).role
        return "dim"

    @property
    def has_run(self) -> bool:
        """Whether any member has ever begun."""
        return any(member.has_run for member in self.members)

    @property
    def alive(self) -> bool:
        """Whether a member runs, so that its duration grows."""
        return ProcessState.RUNNING in self.counts

    def ran(self, now: float) -> float | None:
        """Seconds from the first start to the last end, or to now while a member runs."""
        if not self.folded:
            return self.members[0].ran(now)
        starts = [member.started for member in self.members if member.started is not None]
        if not starts:
            return None
        ends = [member.ended for member in self.members if member.ended is not None]
        until = now if self.alive or not ends else max(ends)
        return max(0.0, until - min(starts))

    def longest(self, now: float) -> float | None:
        """Seconds of the member that ran longest; None when none has started."""
        times = [ran for member in self.members if (ran := member.ran(now)) is not None]
        return max(times, default=None)
