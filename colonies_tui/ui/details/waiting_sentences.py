"""Why a process waits, in sentences: each reason, and the place in the queue. They hold text that is not cleaned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from colonies_tui.protocol.models.executor import Executor
from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.states import ExecutorState, ProcessState
from colonies_tui.store.executor_condition import heard_at
from colonies_tui.store.queue_place import QueuePlace
from colonies_tui.store.waiting import Blocker, ExecutorVerdict, Outlook, Verdict
from colonies_tui.store.waiting_conditions import (
    MAX_BREADTH,
    Condition,
    Mark,
    asked_cpu,
    asked_mem,
    claimed_cpu,
    claimed_mem,
    size_words,
)
from colonies_tui.ui.format.durations import duration, short_age
from colonies_tui.ui.format.glyphs import Alphabet
from colonies_tui.ui.format.numbers import counted, grouped
from colonies_tui.ui.format.states import process_face
from colonies_tui.ui.spans import Span
from colonies_tui.ui.tables.processes import happened_at, process_title

SHOWN_NAMES = 3
"""Most objects that a sentence names one by one."""

MARK_ROLES: Mapping[Mark, str] = {
    Mark.OK: "dim",
    Mark.FAILS: "failed",
    Mark.DOUBT: "warning",
    Mark.UNKNOWN: "dim",
    Mark.MOOT: "dim",
}
"""Style role of each mark: what is well is quiet."""

OUTLOOKS: Mapping[Outlook, tuple[str, str]] = {
    Outlook.FREE: ("nothing blocks it", "success"),
    Outlook.DOUBTFUL: ("may be blocked", "warning"),
    Outlook.BLOCKED: ("blocked", "failed"),
    Outlook.UNKNOWN: ("not known", "dim"),
}
"""Each outlook in words, with its role."""


def mark_glyph(mark: Mark, alphabet: Alphabet) -> str:
    """Return the sign of a mark."""
    return {
        Mark.OK: alphabet.success,
        Mark.FAILS: alphabet.failed,
        Mark.DOUBT: "!",
        Mark.UNKNOWN: alphabet.unknown,
        Mark.MOOT: alphabet.none,
    }[mark]


def headline(verdict: Verdict, now: float, alphabet: Alphabet) -> list[tuple[Span, str]]:
    """Return the reasons, each as its sign and its sentence; what is to be said when there is none, too."""
    if verdict.outlook is Outlook.UNKNOWN:
        return [(Span(alphabet.unknown, "dim"), "The executors of this colony have not been read yet.")]
    if not verdict.blockers:
        return [(Span(alphabet.success, "success"), f"Nothing blocks it: {_queue(verdict)}.")]
    told = []
    for blocker in verdict.blockers:
        mark = Mark.FAILS if blocker.is_certain else Mark.DOUBT
        told.append((Span(mark_glyph(mark, alphabet), MARK_ROLES[mark]), reason_sentence(blocker, verdict, now)))
    return told


def reason_sentence(blocker: Blocker, verdict: Verdict, now: float) -> str:
    """Return one reason as a sentence; not cleaned."""
    conditions = verdict.process.spec.conditions
    kind = conditions.executortype or "(none)"
    whose = blocker.executors
    match blocker.condition:
        case Condition.PAUSED:
            return "Assignments are paused in this colony: no executor gets work until they are resumed."
        case Condition.PARENTS:
            return _parents(verdict, now)
        case Condition.BREADTH:
            words = verdict.own[Condition.BREADTH].words
            return f"It asks for {words} nodes or processes: a server hands out nothing above {MAX_BREADTH}."
        case Condition.STORAGE:
            words = verdict.own[Condition.STORAGE].words
            return f"It asks for {words} of storage: if the server assigns exclusively, nobody ever gets it."
        case Condition.TYPE:
            return _type(verdict, kind)
        case Condition.NAME:
            return _name(verdict, kind)
        case Condition.APPROVED:
            return _approval(verdict, whose, kind)
        case Condition.ALIVE:
            return _silence(whose, kind, now)
        case Condition.LOCATION:
            wanted = conditions.locationname or ""
            return f"It wants location {wanted}: {_each(whose, _place, 'none of {} executors is there')}."
        case Condition.CPU:
            return _too_small(whose, f"{asked_cpu(conditions)}m of cpu", lambda e: f"{claimed_cpu(e)[0]}m")
        case Condition.MEM:
            asked = f"{size_words(asked_mem(conditions))} of memory"
            return _too_small(whose, asked, lambda e: size_words(claimed_mem(e)[0]))


def _parents(verdict: Verdict, now: float) -> str:
    known = verdict.facts.parents
    ids = verdict.process.parents
    missing = [known[each] for each in ids if each in known and known[each].state is not ProcessState.SUCCESS]
    wrong = [row for row in missing if row.state.is_final]
    if wrong:
        return f"It cannot run: its parent {process_title(wrong[0])} {process_face(wrong[0].state).word}."
    unknown = sum(each not in known for each in ids)
    if not missing:
        return f"It waits for its {counted(unknown, 'parent')}." if unknown else "It waits for its parents."
    missing.sort(key=lambda row: row.state is not ProcessState.RUNNING)
    names = [f"{process_title(row)} ({_since(row, now)})" for row in missing[:SHOWN_NAMES]]
    more = len(missing) - len(names) + unknown
    of = f"{len(missing) + unknown} of its {len(ids)} parents" if len(ids) > 1 else "its parent"
    return f"It waits for {of}: {', '.join(names)}{f' and {more} more' if more else ''}."


def _since(row: ProcessRow, now: float) -> str:
    at = happened_at(row)
    return process_face(row.state).word + ("" if at is None else f" for {duration(now - at)}")


def _type(verdict: Verdict, kind: str) -> str:
    gone = [each for each in verdict.executors if each.is_gone and each.is_of_type]
    if gone:
        names = _names([each.executor.executorname for each in gone])
        return f"No executor of type {kind} is registered any more; {names} {'is' if len(gone) == 1 else 'are'} gone."
    return f"No executor of type {kind} is registered."


def _name(verdict: Verdict, kind: str) -> str:
    wanted = verdict.process.spec.conditions.executornames
    named = {each.executor.executorname: each for each in verdict.executors if each.executor.executorname in wanted}
    elsewhere = [
        f"{name} is gone" if each.is_gone else f"{name} is of type {each.executor.executortype}"
        for name, each in named.items()
    ]
    why = ", ".join(elsewhere[:SHOWN_NAMES]) or f"no executor of type {kind} has {_that(len(wanted))}"
    return f"Only {_names(wanted, 'or')} may take it: {why}."


def _that(count: int) -> str:
    return "that name" if count == 1 else "one of those names"


def _approval(verdict: Verdict, whose: Sequence[ExecutorVerdict], kind: str) -> str:
    pending = sum(each.executor.state is ExecutorState.PENDING for each in whose)
    rejected = len(whose) - pending
    parts = [f"{count} {_is(count)} {word}" for count, word in ((pending, "pending"), (rejected, "rejected")) if count]
    if all(Condition.APPROVED in each.failing for each in verdict.of_type):
        return f"No approved executor of type {kind}; {', '.join(parts)}."
    names = _names([each.executor.executorname for each in whose])
    word = "pending" if pending else "rejected"
    could = "could take it, but " if all(each.against == {Condition.APPROVED} for each in whose) else ""
    return f"{names} {could}{_is(len(whose))} {word}."


def _silence(whose: Sequence[ExecutorVerdict], kind: str, now: float) -> str:
    last = max(whose, key=lambda each: heard_at(each.executor) or 0.0).executor
    at = heard_at(last)
    could = all(each.against == {Condition.ALIVE} for each in whose)
    ago = "has never asked for work" if at is None else f"last asked for work {short_age(now - at)} ago"
    if len(whose) == 1:
        return f"{last.executorname} {'could take it, but ' if could else ''}{ago}."
    who = f"None of the {len(whose)} executors of type {kind}{' that could take it' if could else ''}"
    return f"{who} has asked for work lately: {last.executorname} {ago}."


def _place(executor: Executor) -> str:
    return f"is at {executor.locationname}" if executor.locationname else "has none"


def _too_small(whose: Sequence[ExecutorVerdict], asked: str, has: Callable[[Executor], str]) -> str:
    says = _each(whose, lambda each: f"says that it has {has(each)}", "none of {} executors says that it has so much")
    return f"It asks for {asked}: {says}."


def _each(whose: Sequence[ExecutorVerdict], says: Callable[[Executor], str], many: str) -> str:
    if len(whose) > SHOWN_NAMES:
        return many.format(len(whose))
    return ", ".join(f"{each.executor.executorname} {says(each.executor)}" for each in whose)


def _names(names: Sequence[str], word: str = "and") -> str:
    if len(names) > SHOWN_NAMES:
        return f"{', '.join(names[:SHOWN_NAMES])} {word} {len(names) - SHOWN_NAMES} more"
    return f" {word} ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


# The queue ------------------------------------------------------------------------------------------------------------


def ahead_words(place: QueuePlace) -> str:
    """Return how many stand before a process: ``14 are ahead of it``."""
    if place.is_at_least:
        return f"at least {grouped(place.ahead)} are ahead of it"
    if not place.ahead:
        return "it is first in the queue of its type"
    return f"{grouped(place.ahead)} {_is(place.ahead)} ahead of it"


def _queue(verdict: Verdict) -> str:
    place, able = verdict.facts.place, verdict.able
    words = ahead_words(place)
    seconds = place.estimated_seconds
    if place.ahead and seconds is not None:
        about = "more than" if place.is_at_least else "about"
        words += f", {about} {duration(seconds)} at the type's recent rate (an estimate)"
    busy = sum(each.runs_something for each in able)
    if busy == len(able):
        who = f"{able[0].executor.executorname} is" if busy == 1 else f"all {busy} executors that may take it are"
        return f"{words}; {who} at work"
    if not place.ahead:
        idle = [each.executor.executorname for each in able if not each.runs_something]
        return f"{words}, and {_names(idle, 'or')} may take it"
    return words
