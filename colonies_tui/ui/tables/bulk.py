"""What is done to many objects at once: a line for each, from the question to the result, and the counts of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.actions import Action, ActionResult, Outcome
from colonies_tui.ui.cell import Cell
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.format.numbers import counted, grouped
from colonies_tui.ui.format.states import StateFace
from colonies_tui.ui.grades import Grade
from colonies_tui.ui.spans import Span
from colonies_tui.ui.table_layout import Column


@dataclass(frozen=True, slots=True)
class Candidate:
    """One marked object as it was when the key was pressed. Texts are not cleaned."""

    id: str
    name: str
    action: Action | None
    """What is done to it; ``None`` when it is left out."""
    reason: str = ""
    """Why it is left out."""
    face: StateFace | None = None
    kind: str = ""
    """Its type, label or the like: what it is counted by, beside its state."""
    grade: Grade = "calm"
    """The least grade that this object demands."""


@dataclass(frozen=True, slots=True)
class BulkLine:
    """A candidate and what has become of it."""

    candidate: Candidate
    result: ActionResult | None = None

    @property
    def is_well(self) -> bool:
        """Whether it is done, or will be."""
        if self.result is None:
            return self.candidate.action is not None
        return self.result.outcome is Outcome.DONE

    @property
    def words(self) -> str:
        """What has become of it, or will, in full; not cleaned."""
        action = self.candidate.action
        if action is None:
            return f"left out: {self.candidate.reason}"
        if self.result is None:
            return f"to {action.verb}"
        if self.result.outcome is Outcome.DONE:
            return action.done
        return f"{self.result.outcome.value}: {reason_of(action, self.result)}"

    @property
    def role(self) -> str:
        """Style role of the words."""
        if self.result is not None:
            return _ROLES[self.result.outcome]
        return "dim" if self.candidate.action is not None else "warning"


_ROLES: Final[Mapping[Outcome, str]] = {
    Outcome.DONE: "success",
    Outcome.REFUSED: "failed",
    Outcome.UNKNOWN: "warning",
    Outcome.NOT_SENT: "warning",
}
_FIRST: Final[Mapping[Outcome, int]] = {
    Outcome.REFUSED: 0,
    Outcome.UNKNOWN: 1,
    Outcome.NOT_SENT: 2,
    Outcome.DONE: 4,
}
"""What went wrong stands before what was left out, and that before what is done."""


def reason_of(action: Action, result: ActionResult) -> str:
    """Return what a result says beside the name and the outcome, which stand beside it already."""
    words = result.words.removeprefix(f"{action.object_name}: ")
    return words.removeprefix(f"not {action.done}, ").removeprefix("the server says: ")


def in_order(lines: Iterable[BulkLine]) -> dict[str, BulkLine]:
    """Return the lines by id, what is not well first."""

    def place(line: BulkLine) -> int:
        if line.result is None:
            return 3 if line.candidate.action is None else 4
        return _FIRST[line.result.outcome]

    return {line.candidate.id: line for line in sorted(lines, key=place)}


def tallied(words: Iterable[str], *, most: int = 4) -> str:
    """Return texts with how often each occurs, the most frequent first: ``it has ended: success (2), it is gone``."""
    counts = Counter(words).most_common()
    parts = [f"{text} ({grouped(count)})" if count > 1 else text for text, count in counts[:most]]
    more = sum(count for _, count in counts[most:])
    return ", ".join([*parts, f"{grouped(more)} for other reasons"] if more else parts)


def counts_line(candidates: Sequence[Candidate]) -> list[Span]:
    """Return how many there are of each state and of each type."""
    spans: list[Span] = []
    faces = Counter(candidate.face for candidate in candidates if candidate.face is not None)
    for face, count in faces.most_common():
        spans += [Span("   "), Span(f"{face.glyph} {grouped(count)} {face.word}", face.role)]
    kinds = Counter(candidate.kind for candidate in candidates if candidate.kind)
    shown = kinds.most_common(3)
    more = len(kinds) - len(shown)
    if shown:
        words = ", ".join(f"{grouped(count)} {plain(kind)}" for kind, count in shown)
        spans += [Span("   "), Span(words + (f", {counted(more, 'more type')}" if more else ""), "dim")]
    return spans


def bulk_columns(candidates: Sequence[Candidate]) -> list[Column[BulkLine]]:
    """Return the columns that these candidates need."""
    columns: list[Column[BulkLine]] = []
    if any(candidate.face for candidate in candidates):
        columns.append(Column("state", "state", _state, width=11))
    columns.append(Column("what", "what", _name, width=18, min_width=12, flex=2))
    if any(candidate.kind for candidate in candidates):
        columns.append(Column("kind", "type", _kind, width=14, rank=2))
    if any(_has_id(candidate) for candidate in candidates):
        columns.append(Column("id", "id", _id, width=8, rank=1))
    columns.append(Column("outcome", "outcome", _outcome, width=30, min_width=20, flex=3))
    return columns


def _name(line: BulkLine, now: float) -> Cell:
    return Cell(plain(line.candidate.name))


def _kind(line: BulkLine, now: float) -> Cell:
    return Cell(plain(line.candidate.kind), "dim")


def _outcome(line: BulkLine, now: float) -> Cell:
    return Cell(plain(line.words), line.role)


def _state(line: BulkLine, now: float) -> Cell:
    face = line.candidate.face
    return Cell("", "dim") if face is None else Cell(face.text, face.role)


def _has_id(candidate: Candidate) -> bool:
    return len(candidate.id) == 64


def _id(line: BulkLine, now: float) -> Cell:
    return Cell(short_id(line.candidate.id) if _has_id(line.candidate) else "", "dim")
