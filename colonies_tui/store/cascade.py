"""Who failed in a workflow by itself, and who was only failed by its workflow (§ Workflows). Pure.

When a member that others wait for fails, a server makes every other member failed: those that never ran, those that
run, and those that had already succeeded; without an error text, and their times of end stay what they were. When a
member that nobody waits for fails, nothing else changes. So the states alone do not tell what went wrong; error texts,
times and the shape of the graph do:

* An error text is only ever written by the failure of that very member.
* A member that never started, or has no end, or an end before its last start, cannot have failed by itself.
* A member whose child has started had succeeded.
* After the failure that takes everybody along, nothing starts or ends any more, so it is the last thing that happened,
  and there is at most one such failure.
* A graph's time of end is when its first member failed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.graphs import Member, OpenGraph


class Part(Enum):
    """What a failed member was when its workflow failed."""

    CULPRIT = "failed by itself"
    HAD_NOT_RUN = "had not run"
    WAITED_AGAIN = "waited for another try"
    WAS_RUNNING = "was running"
    HAD_SUCCEEDED = "had succeeded"
    UNCLEAR = "succeeded, or failed without an error"
    """It ended without an error text, and nothing tells whether well."""
    UNREAD = "not read yet"

    @property
    def is_cascade(self) -> bool:
        """Whether the evidence says that it was failed by its workflow and not by itself."""
        return self in _BY_THE_CASCADE


_BY_THE_CASCADE = frozenset({Part.HAD_NOT_RUN, Part.WAITED_AGAIN, Part.WAS_RUNNING, Part.HAD_SUCCEEDED})


@dataclass(frozen=True, slots=True)
class WorkflowFailure:
    """What is known of how a workflow failed."""

    parts: Mapping[str, Part] = field(default_factory=dict)
    """Of each failed member, by id, in the order of the graph."""
    culprits: tuple[str, ...] = ()
    """Members that failed by themselves, the earliest first."""
    origin: str = ""
    """The culprit whose failure failed the others; empty when there is none or it is not known."""
    path: tuple[str, ...] = ()
    """From a root to the first failure: at each step the parent that ended last, so that it decided when to go on."""

    @property
    def first(self) -> str:
        """The member that failed first; empty when it is not known."""
        return self.culprits[0] if self.culprits else ""

    @property
    def cascaded(self) -> tuple[str, ...]:
        """Members that were failed by their workflow."""
        return tuple(process_id for process_id, part in self.parts.items() if part.is_cascade)

    def those(self, part: Part) -> tuple[str, ...]:
        """Return the failed members that were one thing."""
        return tuple(process_id for process_id, own in self.parts.items() if own is part)

    def is_apart(self, process_id: str) -> bool:
        """Whether a failed member is not called a culprit while another is."""
        part = self.parts.get(process_id)
        return part is not None and part is not Part.CULPRIT and (part.is_cascade or bool(self.culprits))


def cut_part(row: ProcessRow) -> Part | None:
    """Return what a failed process was, where its own row proves that it did not fail by itself; else ``None``."""
    if row.state is not ProcessState.FAILED or row.error.strip() or not row.processgraphid:
        return None
    return _cut_short(row)


def _cut_short(row: ProcessRow) -> Part | None:
    if row.starttime is None:
        return Part.HAD_NOT_RUN
    if not row.assignedexecutorid:
        return Part.WAITED_AGAIN
    if row.endtime is None or row.endtime < row.starttime:
        return Part.WAS_RUNNING  # the end, if any, is that of the try before
    return None


def first_with_error(rows: Iterable[ProcessRow]) -> dict[str, ProcessRow]:
    """Return, by process graph, the member with an error of its own that ended first, among some failed processes."""
    first: dict[str, ProcessRow] = {}
    for row in rows:
        if row.processgraphid and row.error.strip():
            known = first.get(row.processgraphid)
            if known is None or _moment(row) < _moment(known):
                first[row.processgraphid] = row
    return first


def explain_graph(graph: OpenGraph) -> WorkflowFailure:
    """Tell the failed members of a workflow apart."""
    failed = [member for member in graph.members if member.state is ProcessState.FAILED]
    if not failed:
        return WorkflowFailure()
    failed_at = graph.row.ended if graph.row.state is ProcessState.FAILED else None
    return _Evidence(graph.members, failed, failed_at).judge()


class _Evidence:
    """The members of one graph, and what follows from them step by step."""

    def __init__(self, members: Sequence[Member], failed: Sequence[Member], failed_at: float | None) -> None:
        self._members = {member.processid: member for member in members}
        self._failed_at = failed_at
        self._children: dict[str, list[Member]] = {}
        for member in members:
            for parent in member.parents:
                self._children.setdefault(parent, []).append(member)
        self._parts: dict[str, Part] = {}
        self._rows: dict[str, ProcessRow] = {}
        """Of the failed members that are read."""
        self._ended: list[str] = []
        """Failed members of which their own row does not tell."""
        self._spoken: list[str] = []
        """Failed members with an error text."""
        for member in failed:
            self._sort(member)

    def _sort(self, member: Member) -> None:
        name, row = member.processid, member.row
        if row is None or row.state is not ProcessState.FAILED:
            self._parts[name] = Part.UNREAD
            return
        self._rows[name] = row
        self._parts[name] = Part.UNCLEAR
        if row.error.strip():
            self._parts[name] = Part.CULPRIT
            self._spoken.append(name)
        elif (part := _cut_short(row)) is not None:
            self._parts[name] = part
        elif any(_has_begun(child) for child in self._children.get(name, ())):
            self._parts[name] = Part.HAD_SUCCEEDED
        else:
            self._ended.append(name)

    def judge(self) -> WorkflowFailure:
        origin = self._judge_inner()
        self._judge_leaves(origin)
        culprits = [name for name, part in self._parts.items() if part is Part.CULPRIT]
        culprits.sort(key=self._end)
        return WorkflowFailure(self._parts, tuple(culprits), origin, self._path(culprits[0]) if culprits else ())

    def _is_inner(self, name: str) -> bool:
        return bool(self._children.get(name))

    def _end(self, name: str) -> float:
        row = self._rows.get(name)
        return float("inf") if row is None or row.endtime is None else row.endtime

    def _judge_inner(self) -> str:
        """Judge the members that others wait for; return the one whose failure failed all, if it is known."""
        pending = [name for name in self._ended if self._is_inner(name)]
        spoken = sorted((name for name in self._spoken if self._is_inner(name)), key=self._end)
        if spoken:
            for name in pending:
                self._parts[name] = Part.HAD_SUCCEEDED  # had it failed, nothing could have failed after it
            return spoken[0]
        last = max(map(_last_moment, self._members.values()), default=0.0)
        candidates = [name for name in pending if self._end(name) >= last]
        for name in pending:
            if name not in candidates:
                self._parts[name] = Part.HAD_SUCCEEDED
        if len(candidates) == 1 and Part.UNREAD not in self._parts.values():
            self._parts[candidates[0]] = Part.CULPRIT
            return candidates[0]
        return ""

    def _judge_leaves(self, origin: str) -> None:
        pending = [name for name in self._ended if not self._is_inner(name)]
        if not pending or Part.UNREAD in self._parts.values():
            return
        if not origin and all(part in (Part.CULPRIT, Part.UNCLEAR) for part in self._parts.values()):
            if not any(self._is_inner(name) for name in self._ended):
                self._set(pending, Part.CULPRIT)  # nobody was taken along, so there was no cascade
            return
        if self._failed_at is None:
            return
        known = min((self._end(name) for name, part in self._parts.items() if part is Part.CULPRIT), default=None)
        if known is not None and known <= self._failed_at:
            self._set([name for name in pending if self._end(name) < known], Part.HAD_SUCCEEDED)
            return
        if not origin:
            return  # the culprit may be a member that is gone or that nothing is known of
        before = [name for name in pending if self._end(name) <= self._failed_at]
        latest = max(map(self._end, before), default=0.0)
        first = [name for name in before if self._end(name) == latest]
        if len(first) == 1:
            self._set(first, Part.CULPRIT)
            self._set([name for name in before if name not in first], Part.HAD_SUCCEEDED)

    def _set(self, names: Collection[str], part: Part) -> None:
        for name in names:
            self._parts[name] = part

    def _path(self, name: str) -> tuple[str, ...]:
        path = [name]
        while True:
            parents = [parent for parent in self._members[path[-1]].parents if parent in self._members]
            fresh = [parent for parent in parents if parent not in path]
            if not fresh:
                return tuple(reversed(path))
            path.append(max(fresh, key=lambda parent: _moment(self._members[parent].row)))


def _has_begun(member: Member) -> bool:
    if member.state in (ProcessState.RUNNING, ProcessState.SUCCESS):
        return True
    return member.row is not None and member.row.starttime is not None


def _moment(row: ProcessRow | None) -> float:
    return 0.0 if row is None or row.endtime is None else row.endtime


def _last_moment(member: Member) -> float:
    row = member.row
    return 0.0 if row is None else max(row.starttime or 0.0, row.endtime or 0.0)
