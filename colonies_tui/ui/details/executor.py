"""An executor in full: what it says that it is, what it runs, which functions it offers, how it did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from colonies_tui.protocol.models.executor import Executor, Function, Hardware
from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.executor_condition import ExecutorCondition
from colonies_tui.ui.document import Field, Section
from colonies_tui.ui.format.durations import clock, duration, short_age
from colonies_tui.ui.format.glyphs import Alphabet
from colonies_tui.ui.format.ids import evidence_id
from colonies_tui.ui.format.numbers import grouped
from colonies_tui.ui.format.states import process_face
from colonies_tui.ui.spans import Span
from colonies_tui.ui.tables.executors import ExecutorLine, hardware_words
from colonies_tui.ui.tables.processes import happened_at, process_title

_WORDS = {
    ExecutorCondition.PENDING: "waits for approval",
    ExecutorCondition.APPROVED: "may take work",
    ExecutorCondition.STALE: "approved, but has not asked for work for a while",
    ExecutorCondition.REJECTED: "was refused",
    ExecutorCondition.GONE: "is no longer registered",
}


def _ago(moment: datetime | None, now: float, *, never: str) -> list[Span]:
    if moment is None:
        return [Span(never, "dim")]
    at = moment.timestamp()
    return [Span(f"{short_age(now - at)} ago"), Span(f"  {clock(at)}", "dim")]


def executor_sections(
    line: ExecutorLine, functions: Sequence[Function], now: float, alphabet: Alphabet, last: ProcessRow | None = None
) -> list[Section]:
    """Return an executor as sections.

    Args:
        line: the executor with what is derived of it.
        functions: those that it registered.
        now: seconds since 1970.
        alphabet: the glyphs.
        last: what it took last, as far as that is known.
    """
    executor, condition = line.executor, line.condition
    role = condition.value
    headline = [Span(f"{getattr(alphabet, role)} {role}", role), Span(f"  {_WORDS[condition]}", "dim")]
    identity = [
        Field("type", [Span(plain(executor.executortype) or "–")]),
        Field("identity", [Span(evidence_id(executor.executorid))]),
        Field("registered", _ago(executor.commissiontime, now, never="not known")),
        Field("heard", _ago(executor.lastheardfromtime, now, never="never asked for work")),
    ]
    if executor.locationname:
        identity.append(Field("location", [Span(plain(executor.locationname))]))
    if executor.blueprintid:
        identity.append(Field("blueprint", [Span(executor.blueprintid[:8], "dim")]))
    sections = [Section("", [Field("", headline)]), Section("Who", identity)]
    sections.append(Section("Work", _work(line, last, now, alphabet)))
    sections.append(Section("Says of itself", evidence_fields(executor)))
    if functions:
        sections.append(Section(f"Functions · {len(functions)}", [_function(function) for function in functions]))
    if executor.allocations.projects:
        sections.append(
            Section(
                "Allocations",
                [
                    Field(
                        plain(name),
                        [
                            Span(
                                f"cpu {p.usedcpu}/{p.allocatedcpu}  gpu {p.usedgpu}/{p.allocatedgpu}  "
                                f"storage {p.usedstorage}/{p.allocatedstorage}"
                            )
                        ],
                    )
                    for name, p in executor.allocations.projects.items()
                ],
            )
        )
    return sections


def evidence_fields(executor: Executor) -> list[Field]:
    """Return what an executor claims about its machines and programs, for somebody who must decide about it."""
    fields: list[Field] = []
    for machine in executor.capabilities.hardware:
        fields.append(Field("hardware", [Span(plain(_machine(machine)) or "–")]))
    for program in executor.capabilities.software:
        words = " ".join(part for part in (program.name, program.version) if part)
        spans = [Span(plain(words) or "–")]
        if program.type:
            spans.append(Span(f"  {plain(program.type)}", "dim"))
        fields.append(Field("software", spans))
    return fields or [Field("", [Span("nothing", "dim")])]


def _machine(machine: Hardware) -> str:
    parts = [hardware_words(machine)]
    if machine.storage:
        parts.append(f"{machine.storage} storage")
    platform = "/".join(part for part in (machine.platform, machine.architecture) if part)
    if platform:
        parts.append(platform)
    if machine.model and machine.model not in parts[0]:
        parts.append(machine.model)
    if machine.network:
        parts.append(" ".join(machine.network))
    return " · ".join(part for part in parts if part)


def _work(line: ExecutorLine, last: ProcessRow | None, now: float, alphabet: Alphabet) -> list[Field]:
    fields: list[Field] = []
    if line.running:
        fields.extend(
            Field("runs", [Span(plain(name), "running"), Span(f"  {duration(now - start)}", "dim")])
            for name, start in line.running
        )
    else:
        fields.append(Field("runs", [Span("nothing", "dim")]))
        if last is not None:
            face, at = process_face(last.state, alphabet), happened_at(last)
            ago = "" if at is None else f"  {short_age(now - at)} ago"
            words = [Span(plain(process_title(last))), Span(f"  {face.text}", face.role), Span(ago, "dim")]
            fields.append(Field("ran last", words))
    done = line.succeeded + line.failed
    if done:
        share = f"  {100 * line.failed / done:.0f} % failed" if line.failed else ""
        record = [Span(f"{grouped(line.succeeded)} ok, {grouped(line.failed)} failed"), Span(share, "failed")]
        fields.append(Field("seen", record))
    return fields


def _function(function: Function) -> Field:
    spans = [Span(f"{grouped(function.counter)} calls")]
    if function.counter:
        spans.append(
            Span(f"  run {duration(function.avgexectime)}  wait {duration(function.avgwaittime)} on average", "dim")
        )
    if function.description:
        spans.append(Span(f"  {plain(function.description)}", "dim"))
    return Field(plain(function.funcname) or "–", spans)
