"""What the screen that says why something failed shows, from what an inquiry has found out. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from colonies_tui.protocol.models.log import Log
from colonies_tui.protocol.models.process import Process
from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.executor_comparison import Comparison
from colonies_tui.store.failure import Ending
from colonies_tui.store.failure_inquiry import FailureInquiry
from colonies_tui.ui.details.failure import (
    Reading,
    course_section,
    errors_section,
    executor_section,
    log_section,
    success_section,
    unread_words,
)
from colonies_tui.ui.details.failure_words import Name, advice, error_headline, process_sentence, workflow_sentence
from colonies_tui.ui.details.failure_workflow import name_in, workflow_section
from colonies_tui.ui.details.graph_nodes import member_name
from colonies_tui.ui.document import Section
from colonies_tui.ui.format.glyphs import Alphabet
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.spans import Line, Span
from colonies_tui.ui.tables.processes import process_title


@dataclass(slots=True)
class Evidence:
    """What was read about the process to blame beside itself."""

    log: Reading[tuple[Log, ...]] = field(default_factory=Reading)
    success: Reading[Process] = field(default_factory=Reading)
    comparison: Comparison | None = None
    known: int = 0
    """How many processes were looked through for a success."""


@dataclass(frozen=True, slots=True)
class FailurePage:
    """Lays out the answer to one question."""

    inquiry: FailureInquiry
    evidence: Evidence
    executor_name: Name
    alphabet: Alphabet
    open_zones: Collection[str]
    """Zones of what is unfolded."""

    def title(self) -> str:
        """Return what was asked about."""
        asked, row = self.inquiry.asked, self.inquiry.row
        verb = "was it cancelled" if self.inquiry.ending is Ending.CANCELLED else "did it fail"
        name = f"workflow {self._begins_with()}{short_id(asked.graph_id)}"
        if asked.process_id:
            name = short_id(asked.process_id) if row is None else plain(process_title(row))
            name += "" if row is None else f" · {short_id(asked.process_id)}"
        return f"Why {verb} · {name}"

    def _begins_with(self) -> str:
        graph = self.inquiry.graph
        roots = [] if graph is None else [member_name(member) for member in graph.members if not member.parents]
        return f"{', '.join(roots[:2])} · " if roots else ""

    def findings(self, now: float, *, with_log: bool) -> list[Section]:
        """Return the sections, the answer first; ``with_log`` when the log has no pane of its own."""
        inquiry = self.inquiry
        head = self._head(now)
        sections = [Section("", (), head)]
        blamed, ending = inquiry.blamed, inquiry.blamed_ending
        errors = () if blamed is None else blamed.errors
        is_said = inquiry.blamed_id == inquiry.asked.process_id or not inquiry.asked.process_id
        section = errors_section(errors, self.open_zones, error_headline(errors) if is_said else "")
        if section is not None:
            sections.append(section)
        if inquiry.graph is not None:
            asked = inquiry.asked.process_id
            sections.append(
                workflow_section(inquiry.graph, inquiry.failure, now, self.executor_name, self.alphabet, asked=asked)
            )
        if with_log and inquiry.blamed_id:
            sections.append(self.log())
        row = inquiry.blamed_row
        if blamed is not None and row is not None and ending is not Ending.CASCADE:
            sections.append(course_section(blamed, now))
            if self.evidence.comparison is not None:
                sections.append(executor_section(self.evidence.comparison, row, self.executor_name))
            sections.append(
                success_section(self.evidence.success, blamed, now, self.evidence.known, self.executor_name)
            )
        return sections

    def log(self) -> Section:
        """Return the last log lines of the process to blame."""
        inquiry = self.inquiry
        if not inquiry.blamed_id:
            return Section("Log", (), ((Span("Nothing tells yet whose log to show", "dim"),),))
        row = inquiry.blamed_row
        is_other = inquiry.blamed_id != inquiry.asked.process_id
        whose = plain(process_title(row)) if is_other and row is not None else ""
        return log_section(self.evidence.log, self.open_zones, whose)

    def _head(self, now: float) -> Sequence[Line]:
        inquiry = self.inquiry
        if inquiry.is_gone:
            words = "The server does not know it any more"
            error = inquiry.freshness.error
            return ((Span(words if error is None else f"{words}: {plain(str(error))}", "warning"),),)
        if not inquiry.asked.process_id:
            if inquiry.graph is None:
                return ((unread_words(inquiry.freshness, "the workflow"),),)
            sentence = workflow_sentence(inquiry.graph, inquiry.failure, now, self.executor_name, self.alphabet)
            return self._advised(sentence, inquiry.blamed, inquiry.blamed_ending)
        row, ending = inquiry.row, inquiry.ending
        if row is None or ending is None:
            return ((unread_words(inquiry.freshness, "the process"),),)
        process = inquiry.blamed if inquiry.blamed_id == inquiry.asked.process_id else None
        graph, failure = inquiry.graph, inquiry.failure
        sentence = process_sentence(
            row,
            process,
            ending,
            now,
            self.executor_name,
            self.alphabet,
            part=inquiry.part,
            first="" if graph is None else name_in(graph, failure.origin or failure.first),
        )
        return self._advised(sentence, process, ending)

    @staticmethod
    def _advised(sentence: Line, process: Process | None, ending: Ending | None) -> Sequence[Line]:
        more = "" if ending is None else advice(process, ending)
        return (sentence, (Span(more, "dim"),)) if more else (sentence,)
