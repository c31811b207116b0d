"""Why something failed, in sentences. Pure; cleaned."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from colonies_tui.protocol.models.process import NO_LIMIT, Process, ProcessRow
from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.cascade import Part, WorkflowFailure
from colonies_tui.store.executor_comparison import Comparison, Verdict
from colonies_tui.store.failure import Ending
from colonies_tui.store.graphs import Member, OpenGraph
from colonies_tui.store.traceback_folding import fold_tracebacks
from colonies_tui.ui.details.graph_nodes import member_name
from colonies_tui.ui.format.durations import duration, short_age
from colonies_tui.ui.format.glyphs import Alphabet
from colonies_tui.ui.format.numbers import counted, grouped
from colonies_tui.ui.format.states import process_face
from colonies_tui.ui.spans import Span
from colonies_tui.ui.tables.processes import happened_at, process_title, ran_seconds

Name = Callable[[str], str]
"""Names an executor by its id."""


def error_headline(errors: Sequence[str]) -> str:
    """Return the line of some errors that says most: of a traceback the exception, else the first line; cleaned."""
    for error in errors:
        lines = error.splitlines()
        entries = [entry for entry in fold_tracebacks(lines) if entry.headline.strip()]
        folded = next((entry for entry in entries if entry.is_folded), None)
        if folded is not None or entries:
            return plain((folded or entries[0]).headline.strip())
    return ""


def process_sentence(
    row: ProcessRow,
    process: Process | None,
    ending: Ending,
    now: float,
    executor_name: Name,
    alphabet: Alphabet,
    *,
    part: Part | None = None,
    first: str = "",
) -> list[Span]:
    """Return what failed, when, where, after how long, and why.

    Args:
        row: the process.
        process: the same in full, as soon as it is there.
        ending: what ended it.
        now: seconds since 1970.
        executor_name: names an executor by its id.
        alphabet: the glyphs.
        part: what it was when its workflow failed.
        first: what failed first in its workflow, cleaned; empty when that is not known.
    """
    face = process_face(row.state, alphabet)
    at = happened_at(row)
    is_cascade = ending is Ending.CASCADE
    verb = {"cancelled": "was cancelled", "failed": "was failed by its workflow" if is_cascade else "failed"}
    spans = [
        Span(f"{face.glyph} ", "dim" if is_cascade else face.role),
        Span(plain(process_title(row)), "strong"),
        Span(f" {verb.get(face.word, f'is {face.word}')}"),
    ]
    if is_cascade:
        what = f": {first} failed first" if first else ""
        was = "" if part is None else f"; it {part.value}"
        return [*spans, Span(f"{what}{was}")]
    if at is not None:
        spans.append(Span(f" {short_age(now - at)} ago"))
    name = plain(executor_name(row.assignedexecutorid))
    if name:
        spans.append(Span(f" on {name}"))
    if ran_seconds(row, now) is not None:
        spans.append(Span(f" after {duration(ran_seconds(row, now))}"))
    reason = _reason(row, process, ending)
    return [*spans, Span(f": {reason}" if reason else "")]


def _reason(row: ProcessRow, process: Process | None, ending: Ending) -> str:
    spec = None if process is None else process.spec
    run = "" if spec is None or spec.maxexectime < 1 else f" the {duration(float(spec.maxexectime))} that"
    wait = "" if spec is None or spec.maxwaittime < 1 else f" within {duration(float(spec.maxwaittime))}"
    return {
        Ending.OWN_ERROR: error_headline([row.error] if process is None else process.errors),
        Ending.NO_WORDS: "it gave no error",
        Ending.RUN_LIMIT: f"it ran longer than{run} it may run",
        Ending.RETRIES_USED_UP: f"each of its {row.retries + 1} tries ran longer than{run} it may run",
        Ending.WAIT_LIMIT: f"no executor took it{wait or ' in time'}",
        Ending.UNCLEAR: "it has no error of its own, and nothing tells whether it failed before its workflow did",
    }.get(ending, "")


def advice(process: Process | None, ending: Ending) -> str:
    """Return what to know or to do about it, in a sentence; empty when there is nothing to say."""
    if ending is Ending.CASCADE:
        return "A server fails all members of a workflow when one fails that others wait for."
    if ending is Ending.CANCELLED:
        return "The executor is not told that a process is cancelled: what it did until then may stand."
    if process is None:
        return ""
    spec = process.spec
    if ending in (Ending.RUN_LIMIT, Ending.RETRIES_USED_UP):
        if spec.maxexectime < 1 and spec.maxexectime != NO_LIMIT:
            return f"Its maxexectime is {spec.maxexectime}, which ends it at once: -1 means no limit."
        more = "no retries are allowed" if not spec.maxretries else f"{counted(spec.maxretries, 'retry', 'retries')}"
        return f"Limits: maxexectime {spec.maxexectime} s, {more}. Submit it again with others if it needs longer."
    if ending is Ending.WAIT_LIMIT:
        kind = plain(spec.conditions.executortype)
        if process.spec.conditions.dependencies:
            return f"It waited for its parents or for an executor of type {kind}; its time began at submission."
        return f"Look whether an executor of type {kind} is approved, alive and free."
    return ""


def workflow_sentence(
    graph: OpenGraph, failure: WorkflowFailure, now: float, executor_name: Name, alphabet: Alphabet
) -> list[Span]:
    """Return how a workflow failed."""
    face = process_face(graph.row.state, alphabet)
    at = graph.row.ended
    verb = {"cancelled": "was cancelled", "failed": "failed"}.get(face.word, f"is {face.word}")
    spans = [Span(f"{face.glyph} ", face.role), Span("The workflow ", "text"), Span(verb)]
    if at is not None and graph.row.state.is_final:
        spans.append(Span(f" {short_age(now - at)} ago"))
    members = {member.processid: member for member in graph.members}
    first = members.get(failure.first)
    if first is None:
        if failure.those(Part.UNREAD):
            return [*spans, Span(": its members are being read")]
        return [*spans, Span(": nothing tells which member failed by itself" if failure.parts else "")]
    row = first.row
    spans += [Span(": "), Span(member_name(first), "strong"), Span(" failed")]
    if len(failure.culprits) > 1:
        spans.append(Span(f" first of {len(failure.culprits)}"))
    name = "" if row is None else plain(executor_name(row.assignedexecutorid))
    spans.append(Span(f" on {name}" if name else ""))
    ran = None if row is None else ran_seconds(row, now)
    spans.append(Span("" if ran is None else f" after {duration(ran)}"))
    words = "" if row is None else error_headline([row.error])
    return [*spans, Span(f": {words}" if words else "")]


def fallout(graph: OpenGraph, failure: WorkflowFailure) -> str:
    """Return what a failure did to the other members, in a sentence."""
    count = len(failure.cascaded)
    if count:
        members = {member.processid: member for member in graph.members}
        origin = members.get(failure.origin)
        by = f" by {member_name(origin)}" if origin is not None else ""
        return f"{counted(count, 'other member')} {'was' if count == 1 else 'were'} failed{by}, not by themselves."
    if failure.culprits and len(graph.members) > len(failure.culprits):
        return "Nobody waits for what failed: the other members go on, or ended as they would have."
    return ""


def culprit_note(member: Member, failure: WorkflowFailure, first: Member | None) -> str:
    """Return what a culprit brought about, beside others; empty where it is the only one."""
    if len(failure.culprits) < 2:
        return ""
    words = "took the others along" if member.processid == failure.origin else "took nobody along"
    ended = None if member.row is None else member.row.endtime
    began = None if first is None or first.row is None else first.row.endtime
    later = "" if member is first or ended is None or began is None else f"{duration(ended - began)} later; "
    return f"{later}{words}"


def comparison_words(comparison: Comparison) -> tuple[str, str]:
    """Return what the counts of executors say, and its style role."""
    return {
        Verdict.NO_EXECUTOR: ("No executor had it.", "dim"),
        Verdict.ALONE: ("No other executor is known to have run this function.", "dim"),
        Verdict.TOO_FEW: ("Too few runs are known to compare.", "dim"),
        Verdict.MORE: ("It fails more often than the others: look at this executor.", "warning"),
        Verdict.LESS: ("It fails less often than the others.", "text"),
        Verdict.ALIKE: ("That is no clear difference.", "text"),
    }[comparison.verdict]


def runs_words(failed: int, total: int) -> str:
    """Return ``3 of 40 failed (8 %)``; the share only where there are enough to speak of one."""
    share = f" ({round(100 * failed / total)} %)" if total >= 10 else ""
    return f"{grouped(failed)} of {grouped(total)} failed{share}" if total else "no runs known"
