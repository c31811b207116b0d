"""How a workflow failed: the first failure, the way to it, and whom it took along. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.cascade import Part, WorkflowFailure
from colonies_tui.store.graphs import Member, OpenGraph
from colonies_tui.ui.details.failure import PROCESS
from colonies_tui.ui.details.failure_words import Name, culprit_note, error_headline, fallout
from colonies_tui.ui.details.graph_nodes import member_name
from colonies_tui.ui.document import Field, Section
from colonies_tui.ui.format.durations import duration
from colonies_tui.ui.format.glyphs import Alphabet
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.format.numbers import counted
from colonies_tui.ui.format.states import process_face
from colonies_tui.ui.spans import Span
from colonies_tui.ui.tables.processes import ran_seconds

_CULPRITS: Final = 8
_NAMES: Final = 24
_LABELS: Final = {
    Part.WAS_RUNNING: "was running",
    Part.WAITED_AGAIN: "waited again",
    Part.HAD_NOT_RUN: "had not run",
    Part.HAD_SUCCEEDED: "had succeeded",
    Part.UNCLEAR: "unclear",
}


def workflow_section(
    graph: OpenGraph,
    failure: WorkflowFailure,
    now: float,
    executor_name: Name,
    alphabet: Alphabet,
    *,
    asked: str = "",
) -> Section:
    """Return the section; ``asked`` is the member that was asked about, which stands out."""
    members = {member.processid: member for member in graph.members}
    first = members.get(failure.first)
    fields: list[Field] = []
    is_alone = len(failure.culprits) == 1 and not asked
    for place, process_id in enumerate(failure.culprits[:_CULPRITS]):
        member = members[process_id]
        spans = _culprit(member, now, executor_name, alphabet, with_error=not is_alone)
        note = culprit_note(member, failure, first)
        spans.append(Span(f"  {note}" if note else "", "dim", f"{PROCESS}{process_id}"))
        fields.append(Field("then failed" if place else "first failure", spans))
    if len(failure.culprits) > _CULPRITS:
        fields.append(
            Field("", [Span(f"and {len(failure.culprits) - _CULPRITS} more that failed by themselves", "dim")])
        )
    if len(failure.path) > 1:
        fields.append(Field("came by", _names([members[step] for step in failure.path], " → ", "path", asked)))
    words = fallout(graph, failure)
    if words:
        fields.append(Field("", [Span(words)]))
    for part, label in _LABELS.items():
        names = [members[process_id] for process_id in failure.those(part)]
        if names:
            count = Span(f"{len(names)}  ", "text" if part is not Part.UNCLEAR else "warning")
            fields.append(Field(label, [count, *_names(names, "  ", part.name, asked)]))
    unread = len(failure.those(Part.UNREAD))
    if unread:
        fields.append(Field("", [Span(f"{counted(unread, 'failed member')} not read yet", "dim")]))
    title = f"Workflow · {short_id(graph.row.processgraphid)} · {counted(len(graph.members), 'member')}"
    return Section(title, fields)


def process_of(zone: str) -> str:
    """Return the id of the process that a zone of this section names."""
    return zone.removeprefix(PROCESS).partition("#")[0]


def _culprit(member: Member, now: float, executor_name: Name, alphabet: Alphabet, *, with_error: bool) -> list[Span]:
    zone = f"{PROCESS}{member.processid}"
    face = process_face(member.state, alphabet)
    spans = [Span(f"{face.glyph} ", face.role, zone), Span(member_name(member), "strong", zone)]
    row = member.row
    if row is None:
        return spans
    ran, name = ran_seconds(row, now), plain(executor_name(row.assignedexecutorid))
    spans.append(Span(f"  {duration(ran)}" if ran is not None else "", "dim", zone))
    spans.append(Span(f" on {name}" if name else "", "dim", zone))
    if with_error:
        spans.append(Span(f"  {error_headline([row.error]) or 'no error was given'}", "text", zone))
    return spans


def _names(members: Sequence[Member], gap: str, place: str, asked: str) -> list[Span]:
    spans: list[Span] = []
    for member in members[:_NAMES]:
        if spans:
            spans.append(Span(gap, "dim"))
        role = "strong" if member.processid == asked else "text"
        spans.append(Span(member_name(member), role, f"{PROCESS}{member.processid}#{place}"))
    if len(members) > _NAMES:
        spans.append(Span(f"  and {len(members) - _NAMES} more", "dim"))
    return spans


def name_in(graph: OpenGraph, process_id: str) -> str:
    """Return what a member is called; cleaned, empty when there is no such member."""
    members: Mapping[str, Member] = {member.processid: member for member in graph.members}
    return member_name(members[process_id]) if process_id in members else ""
