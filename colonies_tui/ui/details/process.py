"""A process in full: how it went, what it was to do, what came in and out, its limits."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from colonies_tui.protocol.models.process import NO_LIMIT, Attribute, Process, ProcessRow
from colonies_tui.protocol.plaintext import plain, plain_lines
from colonies_tui.protocol.states import AttributeType, ProcessState
from colonies_tui.ui.document import Field, Section
from colonies_tui.ui.format.durations import clock, duration, short_age
from colonies_tui.ui.format.glyphs import Alphabet
from colonies_tui.ui.format.states import process_face
from colonies_tui.ui.spans import Span
from colonies_tui.ui.tables.failures import error_words
from colonies_tui.ui.tables.processes import happened_at, ran_seconds, waited_seconds

_SHORT_JSON = 100
"""JSON up to so many characters stays on one line."""


def json_text(value: Any) -> str:
    """Return a JSON value as text: short ones on one line, others indented; not cleaned."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHORT_JSON else json.dumps(value, ensure_ascii=False, indent=2)


def _values(values: Sequence[Any]) -> list[Span]:
    if not values:
        return [Span("–", "dim")]
    text = json_text(values[0]) if len(values) == 1 else json_text(list(values))
    return [Span("\n".join(plain_lines(text)))]


def _unix(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


def _limit(seconds: int) -> str:
    return "none" if seconds in (NO_LIMIT, 0) else duration(float(seconds))


def _when(moment: datetime | None, now: float) -> list[Span]:
    at = _unix(moment)
    if at is None:
        return [Span("–", "dim")]
    age = f"in {duration(at - now)}" if at > now else f"{short_age(now - at)} ago"
    return [Span(clock(at)), Span(f"  {age}", "dim")]


def process_sections(
    process: Process, now: float, executor_name: Callable[[str], str], alphabet: Alphabet
) -> list[Section]:
    """Return a process as sections, the most important first.

    Args:
        process: in full.
        now: seconds since 1970.
        executor_name: names an executor by its id.
        alphabet: the glyphs.
    """
    row = ProcessRow.of(process)
    spec, conditions = process.spec, process.spec.conditions
    sections = [Section("", [Field("", _headline(row, now, executor_name, alphabet))])]
    if process.errors or row.state is ProcessState.FAILED:
        errors = [line for error in process.errors for line in plain_lines(error)] or [error_words(row)]
        sections.append(Section("Errors", [Field("", [Span("\n".join(errors), "error")])]))
    work = [Field("function", [Span(plain(spec.funcname) or "–", "strong")])]
    if spec.nodename:
        work.append(Field("node", [Span(plain(spec.nodename))]))
    work.append(Field("args", _values(spec.args)))
    if spec.kwargs:
        work.append(Field("kwargs", [Span("\n".join(plain_lines(json_text(spec.kwargs))))]))
    work += [Field("in", _values(process.input)), Field("out", _values(process.out))]
    if spec.label:
        work.append(Field("label", [Span(plain(spec.label))]))
    sections.append(Section("Work", work))
    sections.append(Section("Course", _course(process, row, now, executor_name)))
    sections.append(Section("Limits", _limits(process)))
    sections.append(Section("Conditions", _conditions(process)))
    others = [a for a in process.attributes if a.attributetype is not AttributeType.ENV]
    if others:
        sections.append(Section("Attributes", [_attribute(attribute) for attribute in others]))
    if spec.env:
        sections.append(Section("Environment", [Field(plain(k), [Span(plain(v))]) for k, v in spec.env.items()]))
    if conditions.dependencies or process.parents or process.children or process.processgraphid:
        sections.append(Section("Workflow", _workflow(process)))
    sections.append(Section("Identity", [Field("process", [Span(process.processid, "dim")])]))
    return sections


def _headline(row: ProcessRow, now: float, executor_name: Callable[[str], str], alphabet: Alphabet) -> list[Span]:
    face = process_face(row.state, alphabet)
    at = happened_at(row)
    spans = [Span(face.text, face.role)]
    if row.state is ProcessState.RUNNING:
        spans.append(Span(f" for {duration(ran_seconds(row, now))}"))
    elif row.state is ProcessState.WAITING:
        spans.append(Span(f" for {duration(waited_seconds(row, now))}"))
        if row.waitforparents:
            spans.append(Span("  for its parents", "dim"))
    elif at is not None:
        spans.append(Span(f" {short_age(now - at)} ago"))
        if ran_seconds(row, now) is not None:
            spans.append(Span(f" after {duration(ran_seconds(row, now))}"))
    name = plain(executor_name(row.assignedexecutorid))
    if name:
        spans += [Span("  ·  ", "dim"), Span(name)]
    spans += [Span("  ·  ", "dim"), Span(plain(row.executortype) or "(no type)", "dim")]
    return spans


def _course(process: Process, row: ProcessRow, now: float, executor_name: Callable[[str], str]) -> list[Field]:
    by = plain(process.initiatorname) or "–"
    fields = [Field("submitted", [*_when(process.submissiontime, now), Span(f"  by {by}", "dim")])]
    fields.append(Field("started", _when(process.starttime, now)))
    if process.endtime is not None:
        fields.append(Field("ended", _when(process.endtime, now)))
    fields.append(Field("waited", [Span(duration(waited_seconds(row, now)))]))
    fields.append(Field("ran", [Span(duration(ran_seconds(row, now)))]))
    if process.assignedexecutorid:
        name = plain(executor_name(process.assignedexecutorid))
        fields.append(Field("executor", [Span(name), Span(f"  {process.assignedexecutorid[:8]}", "dim")]))
    return fields


def _limits(process: Process) -> list[Field]:
    spec = process.spec
    retries = "for ever" if spec.maxretries < 0 else str(spec.maxretries)
    fields = [
        Field("wait", [Span(_limit(spec.maxwaittime)), *_deadline(process.waitdeadline)]),
        Field("run", [Span(_limit(spec.maxexectime)), *_deadline(process.execdeadline)]),
        Field("retries", [Span(f"{process.retries} of {retries}", "warning" if process.retries else "text")]),
        Field("priority", [Span(str(spec.priority))]),
    ]
    conditions = spec.conditions
    asked = [
        f"{name} {plain(value)}"
        for name, value in (("cpu", conditions.cpu), ("mem", conditions.mem), ("storage", conditions.storage))
        if value not in ("", "0m", "0Mi")
    ]
    if conditions.gpu.count or conditions.gpu.name:
        asked.append(f"gpu {conditions.gpu.count} × {plain(conditions.gpu.name)}".strip())
    if asked:
        fields.append(Field("asks for", [Span("  ".join(asked))]))
    return fields


def _deadline(moment: datetime | None) -> list[Span]:
    return [] if moment is None else [Span(f"  until {clock(_unix(moment))}", "dim")]


def _conditions(process: Process) -> list[Field]:
    conditions = process.spec.conditions
    fields = [Field("type", [Span(plain(conditions.executortype) or "–")])]
    if conditions.executornames:
        fields.append(Field("only by", [Span(", ".join(plain(name) for name in conditions.executornames))]))
    if conditions.locationname:
        fields.append(Field("location", [Span(plain(conditions.locationname))]))
    return fields


def _attribute(attribute: Attribute) -> Field:
    kind = attribute.attributetype.name.lower()
    value = "\n".join(plain_lines(attribute.value))
    return Field(plain(attribute.key), [Span(value), Span(f"  {kind}", "dim")])


def _workflow(process: Process) -> list[Field]:
    fields = []
    if process.processgraphid:
        fields.append(Field("graph", [Span(process.processgraphid[:8], "dim")]))
    if process.spec.conditions.dependencies:
        names = ", ".join(plain(name) for name in process.spec.conditions.dependencies)
        fields.append(Field("depends on", [Span(names)]))
    for label, ids in (("parents", process.parents), ("children", process.children)):
        if ids:
            fields.append(Field(label, [Span(" ".join(each[:8] for each in ids), "dim")]))
    return fields
