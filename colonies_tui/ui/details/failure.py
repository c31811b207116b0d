"""The sections of the screen that says why something failed. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from colonies_tui.protocol.models.log import Log
from colonies_tui.protocol.models.process import NO_LIMIT, Process, ProcessRow
from colonies_tui.protocol.plaintext import plain, plain_lines
from colonies_tui.store.executor_comparison import Comparison, Verdict
from colonies_tui.store.freshness import Condition, Freshness
from colonies_tui.store.spec_difference import Difference, spec_difference
from colonies_tui.store.traceback_folding import fold_tracebacks
from colonies_tui.ui.details.failure_words import Name, comparison_words, runs_words
from colonies_tui.ui.document import Field, FieldRow, Section
from colonies_tui.ui.format.durations import clock, clock_ns, duration, moment, short_age
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.format.numbers import counted
from colonies_tui.ui.spans import Span
from colonies_tui.ui.tables.processes import ran_seconds, waited_seconds

T = TypeVar("T")

PROCESS: Final = "process:"
"""Zones of processes begin so; the id follows."""
FOLD: Final = "fold:"
"""Zones of what can be unfolded begin so."""

_DIFFERENCES: Final = 30


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """Something that is read once, and how sure it is."""

    value: T | None = None
    freshness: Freshness = field(default_factory=Freshness)


def unread_words(freshness: Freshness, things: str) -> Span:
    """Return why something is not there: loading, forbidden and failed are three things; cleaned."""
    if freshness.condition is Condition.FORBIDDEN:
        return Span(f"not allowed with this key: {plain(str(freshness.error))}", "warning")
    if freshness.error is not None:
        return Span(f"{things} cannot be read: {plain(str(freshness.error))}", "error")
    return Span(f"loading {things}", "dim")


# -- errors and logs ---------------------------------------------------------------------------------------------------


def folded_fields(
    lines: Sequence[str], labels: Sequence[str], key: str, open_zones: Collection[str], role: str
) -> list[Field]:
    """Return lines with their tracebacks folded to one entry each, unless they are unfolded.

    Args:
        lines: cleaned.
        labels: what stands before each.
        key: sets the zones apart from others.
        open_zones: zones that are unfolded.
        role: style role of the lines.
    """
    fields: list[Field] = []
    for entry in fold_tracebacks(lines):
        if not entry.is_folded:
            fields.append(Field(labels[entry.start], [Span(lines[entry.start], role)]))
            continue
        zone = f"{FOLD}{key}:{entry.start}"
        if zone in open_zones:
            fields += [
                Field(labels[place], [Span(lines[place] or " ", role, zone)])
                for place in range(entry.start, entry.stop)
            ]
        else:
            more = f"  +{counted(entry.count - 1, 'line')}"
            fields.append(Field(labels[entry.start], [Span(entry.headline, "error", zone), Span(more, "dim", zone)]))
    return fields


def errors_section(errors: Sequence[str], open_zones: Collection[str], said: str = "") -> Section | None:
    """Return the errors in full; ``None`` when there are none, or only what is ``said`` already (cleaned)."""
    if len(errors) == 1 and plain_lines(errors[0].strip()) == [said]:
        return None
    fields = []
    for number, error in enumerate(errors):
        lines = plain_lines(error.rstrip("\n"))
        fields += folded_fields(lines, [""] * len(lines), f"error{number}", open_zones, "error")
    return Section("Errors" if len(errors) > 1 else "Error", fields) if fields else None


def log_section(reading: Reading[tuple[Log, ...]], open_zones: Collection[str], whose: str = "") -> Section:
    """Return the last log lines, each with its time; ``whose`` is the process they are of where that is not plain."""
    title = f"Log of {whose}" if whose else "Log"
    if reading.value is None:
        return Section(title, (), ((unread_words(reading.freshness, "the log"),),))
    if not reading.value:
        return Section(title, (), ((Span("It wrote nothing into its log", "dim"),),))
    lines: list[str] = []
    labels: list[str] = []
    for row in reading.value:
        pieces = plain_lines(row.message.rstrip("\n"))
        lines += pieces
        labels += [clock_ns(row.timestamp), *[" "] * (len(pieces) - 1)]
    title = f"{title} · last {counted(len(lines), 'line')}"
    return Section(title, folded_fields(lines, labels, "log", open_zones, "text"))


# -- what ended it -----------------------------------------------------------------------------------------------------


def course_section(process: Process, now: float) -> Section:
    """Return times, tries and deadlines against what was allowed."""
    row, spec = ProcessRow.of(process), process.spec
    never = process.starttime is None
    tries = "none" if never and not process.retries else str(process.retries + 1)
    allowed = "any number" if spec.maxretries < 0 else str(spec.maxretries + 1)
    ran = Field("ran", [Span(duration(ran_seconds(row, now))), Span(_of(spec.maxexectime), "dim")])
    waited = Field("waited", [Span(duration(waited_seconds(row, now))), Span(_of(spec.maxwaittime), "dim")])
    tried = Field("tries", [Span(tries), Span(f" of {allowed}", "dim")])
    rows: list[Field | FieldRow] = [[ran, waited, tried]]
    rows.append(
        [
            Field.of("submitted", moment(row.submissiontime, now)),
            Field.of("started", moment(row.starttime, now)),
            Field.of("ended", moment(row.endtime, now)),
        ]
    )
    deadline = row.execdeadline if not never else row.waitdeadline
    if deadline is not None:
        rows.append(Field("deadline", [Span(clock(deadline)), Span(_against(deadline, row.endtime), "dim")]))
    return Section("Course", rows)


def _of(limit: int) -> str:
    if limit == NO_LIMIT:
        return "  no limit"
    return f" of {duration(float(limit))}" if limit > 0 else " of 0s"


def _against(deadline: float, ended: float | None) -> str:
    if ended is None:
        return ""
    if ended >= deadline:
        return "  it ended there"
    return f"  it ended {duration(deadline - ended)} before"


# -- executor and last success -----------------------------------------------------------------------------------------


def executor_section(comparison: Comparison, row: ProcessRow, executor_name: Name) -> Section:
    """Return how the executor does beside the others that have run the function."""
    words, role = comparison_words(comparison)
    if comparison.verdict is Verdict.NO_EXECUTOR:
        return Section("Executor", [Field("", [Span(words, role)])])
    name = plain(executor_name(row.assignedexecutorid))
    own, others = comparison.own, comparison.others
    fields = [Field(name, [Span(runs_words(own.failed, own.total))])]
    if comparison.other_executors:
        label = counted(comparison.other_executors, "other")
        fields.append(Field(label, [Span(runs_words(others.failed, others.total))]))
    fields.append(Field("", [Span(words, role)]))
    fields.append(
        Field(
            "", [Span(f"Counted are the known runs of {plain(row.funcname)} by type {plain(row.executortype)}.", "dim")]
        )
    )
    return Section("Executor", fields)


def success_section(
    reading: Reading[Process], process: Process, now: float, known: int, executor_name: Name
) -> Section:
    """Return what is different from the last run of the same function that went well.

    Args:
        reading: that run; fresh without a value when none is known.
        process: the one that failed.
        now: seconds since 1970.
        known: how many processes were looked through.
        executor_name: names an executor by its id.
    """
    title = "Against the last success"
    good = reading.value
    if good is None and reading.freshness.condition is Condition.FRESH:
        words = f"No run that went well is among the {counted(known, 'process', 'processes')} known here"
        return Section(title, (), ((Span(words, "dim"),),))
    if good is None:
        return Section(title, (), ((unread_words(reading.freshness, "the last success"),),))
    row = ProcessRow.of(good)
    zone = f"{PROCESS}{good.processid}"
    at = "" if row.endtime is None else f"{short_age(now - row.endtime)} ago"
    name = plain(executor_name(row.assignedexecutorid))
    head = [
        Span(short_id(good.processid), "text", zone),
        Span(f"  {at}" + (f" on {name}" if name else "") + f", took {duration(ran_seconds(row, now))}", "dim"),
    ]
    differences = spec_difference(good, process)
    fields = [Field("last success", head)]
    if not differences:
        fields.append(Field("", [Span("Its specification and its input were the same.")]))
    for difference in differences[:_DIFFERENCES]:
        fields += _difference_fields(difference)
    if len(differences) > _DIFFERENCES:
        fields.append(Field("", [Span(f"and {len(differences) - _DIFFERENCES} more", "dim")]))
    return Section(title, fields)


def _difference_fields(difference: Difference) -> list[Field]:
    fields = [Field("", [Span(plain(difference.key))])]
    if difference.before is not None:
        fields.append(Field("", [Span(f"  - {plain(difference.before)}", "failed")]))
    if difference.after is not None:
        fields.append(Field("", [Span(f"  + {plain(difference.after)}", "success")]))
    return fields
