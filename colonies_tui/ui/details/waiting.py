"""Why a process waits, as sections: the reasons, the next step, its place in the queue, what else is worth knowing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from colonies_tui.protocol.models.process import Process, ProcessRow
from colonies_tui.protocol.plaintext import plain
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.waiting import Outlook, Step, StepKind, Verdict
from colonies_tui.store.waiting_advice import AdviceKind, waiting_advice
from colonies_tui.store.waiting_conditions import (
    MAX_BREADTH,
    Condition,
    Finding,
)
from colonies_tui.ui.details.waiting_sentences import MARK_ROLES, ahead_words, headline, mark_glyph
from colonies_tui.ui.document import Field, Section
from colonies_tui.ui.format.durations import clock, duration, short_age
from colonies_tui.ui.format.glyphs import Alphabet
from colonies_tui.ui.format.states import process_face
from colonies_tui.ui.spans import Span
from colonies_tui.ui.tables.processes import happened_at, process_title


def next_steps(steps: Sequence[Step], keys: Mapping[StepKind, str], names: Mapping[str, str]) -> list[Span]:
    """Return the steps that are offered, each with its key.

    Args:
        steps: what can be done.
        keys: the key of each kind of step.
        names: what processes are called, by id.
    """
    spans: list[Span] = []
    for step in steps:
        words = {
            StepKind.APPROVE: f"approve {step.target}",
            StepKind.RESUME: "resume assignments",
            StepKind.PARENT: f"go to {names.get(step.target, 'its parent')}",
            StepKind.EXECUTORS: "look at the executors",
        }[step.kind]
        spans += [Span("    " if spans else ""), Span(keys[step.kind], "strong"), Span(f" {words}")]
    return spans


def head_section(verdict: Verdict, keys: Mapping[StepKind, str], now: float, alphabet: Alphabet) -> Section:
    """Return the reasons, the next step, the place in the queue, and what holds for every executor."""
    why: list[Span] = []
    for number, (sign, sentence) in enumerate(headline(verdict, now, alphabet)):
        why += [Span("\n")] if number else []
        why += [sign, Span(f" {plain(sentence)}", "text" if number else "strong")]
    rows = [Field("why", why)]
    names = {each: plain(process_title(row)) for each, row in verdict.facts.parents.items()}
    steps = next_steps(verdict.steps, keys, names)
    if steps:
        rows.append(Field("next", steps))
    if verdict.outlook is not Outlook.FREE:
        rows.append(Field.of("queue", ahead_words(verdict.facts.place)))
    if verdict.process.waitdeadline is not None:
        at = verdict.process.waitdeadline.timestamp()
        rest = f"in {duration(at - now)}" if at > now else "any moment"
        rows.append(Field("limit", [Span(f"fails at {clock(at)} if nobody has taken it"), Span(f"  {rest}", "dim")]))
    rows.append(Field("checked", _own(verdict.own, alphabet)))
    return Section("", rows)


def _own(own: Mapping[Condition, Finding], alphabet: Alphabet) -> list[Span]:
    spans: list[Span] = []
    for condition, finding in own.items():
        spans += [Span("   " if spans else ""), Span(mark_glyph(finding.mark, alphabet), MARK_ROLES[finding.mark])]
        spans.append(Span(f" {_own_words(condition, finding)}", MARK_ROLES[finding.mark]))
    return spans


def _own_words(condition: Condition, finding: Finding) -> str:
    if condition is Condition.PAUSED:
        return finding.words or "pause not known"
    if condition is Condition.PARENTS:
        words = {"none": "no parents", "all done": "parents done", "": "parents"}
        return words.get(finding.words, f"{finding.words} parents")
    if condition is Condition.BREADTH:
        return f"nodes {finding.words} of {MAX_BREADTH}" if finding.words else "nodes"
    return f"storage {finding.words}".rstrip()


_WORTH_KNOWING = (AdviceKind.RIDDLE, AdviceKind.MORE_HANDS, AdviceKind.EVIDENCE)


def advice_sections(verdict: Verdict) -> list[Section]:
    """Return what is worth knowing, told apart from what a server does not look at."""
    advice = waiting_advice(verdict)
    parts: Iterable[tuple[str, list[str]]] = (
        ("Worth knowing", [each.words for each in advice if each.kind in _WORTH_KNOWING]),
        ("Not looked at by the server", [each.words for each in advice if each.kind not in _WORTH_KNOWING]),
    )
    return [Section(title, (), [(Span(plain(text)),) for text in words]) for title, words in parts if words]


def over_section(process: Process, row: ProcessRow, executor: str, now: float, alphabet: Alphabet) -> Section:
    """Return what became of a process that no longer waits."""
    face = process_face(row.state, alphabet)
    at = happened_at(row)
    ago = "" if at is None else f" {short_age(now - at)} ago"
    who = f" by {plain(executor)}" if executor and row.state is ProcessState.RUNNING else ""
    words = {
        ProcessState.RUNNING: f"It no longer waits: it was taken{who}{ago}.",
        ProcessState.SUCCESS: f"It no longer waits: it succeeded{ago}.",
        ProcessState.FAILED: f"It no longer waits: it failed{ago}.",
        ProcessState.CANCELLED: f"It no longer waits: it was cancelled{ago}.",
    }[row.state]
    rows = [Field("why", [Span(face.glyph, face.role), Span(f" {words}", "strong")])]
    if process.errors:
        rows.append(Field("error", [Span(plain(process.errors[0]), "error")]))
    return Section("", rows)
