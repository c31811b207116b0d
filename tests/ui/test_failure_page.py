"""The sentences and sections that say why something failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.protocol.errors import KeyMissing, NotReached
from colonies_tui.protocol.models.log import Log
from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.cascade import Part, explain_graph
from colonies_tui.store.executor_comparison import Comparison, Runs, Verdict
from colonies_tui.store.failure import RUN_LIMIT_WORDS, Ending
from colonies_tui.store.freshness import Freshness
from colonies_tui.store.graphs import GraphRow, Member, OpenGraph
from colonies_tui.ui.details.failure import (
    Reading,
    course_section,
    errors_section,
    executor_section,
    log_section,
    success_section,
    unread_words,
)
from colonies_tui.ui.details.failure_words import advice, error_headline, process_sentence, workflow_sentence
from colonies_tui.ui.details.failure_workflow import process_of, workflow_section
from colonies_tui.ui.document import Section, lay_out
from colonies_tui.ui.format.glyphs import UNICODE
from colonies_tui.ui.spans import Span
from tests.ui.rows import EVIL, NOW, at, name_of, process, process_row

WAITING, RUNNING, SUCCESS, FAILED, CANCELLED = ProcessState

TRACEBACK = 'Traceback (most recent call last):\n  File "x.py", line 1, in f\n    f()\nValueError: no tile'


def text(spans: Sequence[Span]) -> str:
    return "".join(span.text for span in spans)


def lines(*sections: Section, width: int = 100) -> list[str]:
    return [text(line).rstrip() for line in lay_out(sections, width)]


def sentence(row: ProcessRow, ending: Ending, full: Any = None, **more: Any) -> str:
    return text(process_sentence(row, full, ending, NOW, name_of, UNICODE, **more))


# -- sentences ---------------------------------------------------------------------------------------------------------


def test_the_sentence_says_what_when_where_after_how_long_and_why() -> None:
    row = process_row(FAILED, error="boom\nat x")
    assert sentence(row, Ending.OWN_ERROR) == "✖ render_tile failed 20s ago on worker-1 after 40s: boom"
    full = process(FAILED, errors=(TRACEBACK,))
    assert sentence(row, Ending.OWN_ERROR, full).endswith("after 40s: ValueError: no tile")
    assert sentence(process_row(FAILED), Ending.NO_WORDS).endswith(": it gave no error")
    cancelled = process_row(CANCELLED, starttime=None, assignedexecutorid="")
    assert sentence(cancelled, Ending.CANCELLED) == "⊘ render_tile was cancelled 20s ago"


def test_deadlines_are_told_with_their_limits_and_what_to_do() -> None:
    full = process(FAILED, spec={"maxexectime": 30, "maxwaittime": 90, "maxretries": 3}, retries=3)
    late = process_row(FAILED, error=RUN_LIMIT_WORDS, retries=3)
    assert sentence(late, Ending.RUN_LIMIT, full).endswith(": it ran longer than the 30s that it may run")
    assert sentence(late, Ending.RETRIES_USED_UP, full).endswith(
        ": each of its 4 tries ran longer than the 30s that it may run"
    )
    assert sentence(late, Ending.WAIT_LIMIT, full).endswith(": no executor took it within 1m30")
    assert "maxexectime 30 s, 3 retries" in advice(full, Ending.RUN_LIMIT)
    assert "-1 means no limit" in advice(process(FAILED, spec={"maxexectime": 0}), Ending.RUN_LIMIT)
    assert "type gpu" in advice(full, Ending.WAIT_LIMIT)
    assert advice(full, Ending.OWN_ERROR) == advice(None, Ending.WAIT_LIMIT) == ""


def test_the_cascade_is_told_as_what_it_is() -> None:
    row = process_row(FAILED, processgraphid="g")
    told = sentence(row, Ending.CASCADE, part=Part.HAD_SUCCEEDED, first="parse")
    assert told == "✖ render_tile was failed by its workflow: parse failed first; it had succeeded"
    assert process_sentence(row, None, Ending.CASCADE, NOW, name_of, UNICODE)[0].role == "dim"
    assert "nothing tells" in sentence(row, Ending.UNCLEAR)


def test_the_headline_of_errors_is_the_exception() -> None:
    assert error_headline(["", "  \n", "first\nsecond"]) == "first"
    assert error_headline([f"it broke:\n{TRACEBACK}"]) == "ValueError: no tile"
    assert error_headline([]) == ""
    assert "\x1b" not in error_headline([EVIL])


# -- workflows ---------------------------------------------------------------------------------------------------------


def member(name: str, *parents: str, **row: Any) -> Member:
    known = process_row(FAILED, processid=name, funcname=f"do_{name}", processgraphid="g", **row)
    return Member(name, name, FAILED, parents, known)


def graph(*members: Member) -> OpenGraph:
    row = GraphRow("g" * 64, FAILED, "", NOW - 90, NOW - 80, NOW - 10, tuple(each.processid for each in members), ())
    return OpenGraph(row, members)


NEVER: dict[str, Any] = {"starttime": None, "endtime": None, "assignedexecutorid": ""}


def test_a_workflow_names_its_first_failure_the_way_and_those_taken_along() -> None:
    whole = graph(
        member("plan", endtime=NOW - 50),
        member("parse", "plan", error="boom"),
        *[member(f"late{n}", "parse", **NEVER) for n in range(30)],
        member("side", "plan", endtime=None),
    )
    failure = explain_graph(whole)
    told = text(workflow_sentence(whole, failure, NOW, name_of, UNICODE))
    assert told == "✖ The workflow failed 10s ago: parse failed on worker-1 after 40s: boom"
    found = lines(workflow_section(whole, failure, NOW, name_of, UNICODE))
    assert found[0].startswith("── Workflow · gggggggg · 33 members")
    assert found[1].split() == ["first", "failure", "✖", "parse", "40s", "on", "worker-1"]
    assert found[2].split() == ["came", "by", "plan", "→", "parse"]
    assert found[3] == "32 other members were failed by parse, not by themselves."
    assert found[4].split() == ["was", "running", "1", "side"]
    assert found[5].split()[:4] == ["had", "not", "run", "30"]
    assert "and 6 more" in " ".join(found[5:])
    assert found[-1].split() == ["had", "succeeded", "1", "plan"]


def test_what_is_not_known_of_a_workflow_is_not_said() -> None:
    unread = graph(Member("a", "a", FAILED, (), None))
    failure = explain_graph(unread)
    assert text(workflow_sentence(unread, failure, NOW, name_of, UNICODE)).endswith("its members are being read")
    assert "1 failed member not read yet" in lines(workflow_section(unread, failure, NOW, name_of, UNICODE))[-1]
    nobody = graph(member("a", **NEVER))
    told = text(workflow_sentence(nobody, explain_graph(nobody), NOW, name_of, UNICODE))
    assert told.endswith("nothing tells which member failed by itself")


def test_a_choice_leads_to_its_process() -> None:
    whole = graph(member("plan"), member("parse", "plan", error="boom"))
    section = workflow_section(whole, explain_graph(whole), NOW, name_of, UNICODE)
    zones = [span.zone for line in lay_out([section], 80) for span in line if span.zone]
    assert {process_of(zone) for zone in zones} == {"plan", "parse"}
    assert len({zone for zone in zones if process_of(zone) == "parse"}) == 2, "each place is a choice of its own"


# -- parts -------------------------------------------------------------------------------------------------------------


def test_loading_forbidden_failed_and_empty_are_told_apart() -> None:
    told = {
        text([unread_words(Freshness(), "the log")]),
        text([unread_words(Freshness().failed(KeyMissing("member")), "the log")]),
        text([unread_words(Freshness().failed(NotReached("no route")), "the log")]),
        lines(log_section(Reading((), Freshness().succeeded(NOW)), ()))[-1].strip(),
    }
    assert told == {
        "loading the log",
        "not allowed with this key: needs the member's key",
        "the log cannot be read: no route",
        "It wrote nothing into its log",
    }
    nothing = success_section(Reading(None, Freshness().succeeded(NOW)), process(FAILED), NOW, 7, name_of)
    assert "No run that went well is among the 7 processes known here" in lines(nothing)[-1]
    loading = success_section(Reading(), process(FAILED), NOW, 7, name_of)
    assert "loading the last success" in lines(loading)[-1]


def test_errors_are_whole_unless_the_sentence_has_said_them() -> None:
    assert errors_section((), ()) is None
    assert errors_section(("boom",), (), "boom") is None
    one = errors_section(("boom\n",), ())
    assert one is not None
    assert lines(one)[1:] == ["boom"]
    two = errors_section(("boom", TRACEBACK), ())
    assert two is not None
    assert lines(two)[1:] == ["boom", "ValueError: no tile  +3 lines"]
    unfolded = errors_section(("boom", TRACEBACK), ("fold:error1:0",))
    assert unfolded is not None
    assert lines(unfolded)[2:] == TRACEBACK.split("\n")


def test_log_rows_of_several_lines_and_tracebacks_over_several_rows() -> None:
    rows = [Log(message=message, timestamp=10**9 * place) for place, message in enumerate(TRACEBACK.split("\n"), 1)]
    rows = [Log(message="one\ntwo", timestamp=1), *rows]
    folded = lines(log_section(Reading(tuple(rows), Freshness().succeeded(NOW)), ()))
    assert folded[0].startswith("── Log · last 6 lines")
    assert [line.split("  ", 1)[-1].strip() for line in folded[1:]] == ["one", "two", "ValueError: no tile  +3 lines"]
    whole = lines(log_section(Reading(tuple(rows), Freshness().succeeded(NOW)), ("fold:log:2",)))
    assert len(whole) == 7


@given(st.lists(st.text(max_size=40), max_size=8), st.integers(20, 120))
def test_nothing_in_a_log_or_an_error_reaches_the_terminal_unclean(messages: list[str], width: int) -> None:
    rows = tuple(Log(message=message, timestamp=place + 1) for place, message in enumerate(messages))
    sections = [log_section(Reading(rows, Freshness().succeeded(NOW)), ())]
    errors = errors_section(messages, ())
    if errors is not None:
        sections.append(errors)
    for line in lay_out(sections, width):
        assert all(span.text.isprintable() for span in line)


def test_the_course_says_what_was_of_what_was_allowed() -> None:
    full = process(
        FAILED,
        spec={"maxexectime": 30, "maxretries": 2},
        retries=2,
        execdeadline=at(22),
    )
    found = lines(course_section(full, NOW))
    assert found[1].split() == ["ran", "40s", "of", "30s", "waited", "40s", "no", "limit", "tries", "3", "of", "3"]
    assert found[3].endswith("it ended there")
    early = lines(course_section(process(FAILED, execdeadline=at(5)), NOW))
    assert early[3].endswith("it ended 15s before")


@pytest.mark.parametrize(
    ("comparison", "words"),
    [
        (Comparison(), ["No executor had it."]),
        (
            Comparison(Runs(8, 10), Runs(1, 40), 3, Verdict.MORE),
            ["worker-1", "8 of 10 failed (80 %)", "3 others", "1 of 40 failed (2 %)", "look at this executor"],
        ),
        (Comparison(Runs(1, 1), Runs(0, 40), 1, Verdict.TOO_FEW), ["1 of 1 failed", "1 other ", "Too few"]),
    ],
)
def test_an_executor_is_compared_with_counts_on_both_sides(comparison: Comparison, words: list[str]) -> None:
    found = " ".join(lines(executor_section(comparison, process_row(FAILED), name_of)))
    assert all(word in found for word in words), found


def test_differences_are_lines_with_what_was_and_what_is() -> None:
    good = process(SUCCESS, spec={"args": ("a",)}, processid="s" * 64)
    bad = process(FAILED, spec={"args": (EVIL, 3)})
    section = success_section(Reading(good, Freshness().succeeded(NOW)), bad, NOW, 2, name_of)
    found = lines(section)
    assert found[1].split()[:4] == ["last", "success", "ssssssss", "20s"]
    assert [line.strip()[:3] for line in found[2:]] == ["arg", '- "', '+ "', "arg", "+ 3"]
    same = success_section(Reading(good, Freshness().succeeded(NOW)), good, NOW, 2, name_of)
    assert "were the same" in lines(same)[-1]
