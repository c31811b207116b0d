"""How carefully each request is asked about, and with which keys."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.protocol.messages.colony import PauseAssignments
from colonies_tui.protocol.messages.executor import ApproveExecutor, RejectExecutor, RemoveExecutor
from colonies_tui.protocol.messages.process import CancelProcess, RemoveAllProcesses
from colonies_tui.protocol.request import Request
from colonies_tui.store import actions, colony_actions, conversation
from colonies_tui.ui import grades
from colonies_tui.ui.grades import GRADES, Grade, answer_key, can_be_taken_back, grade_of, grade_of_many, raised
from colonies_tui.ui.tables.bulk import tallied

ORDER = ("calm", "danger", "typed")
some_grade = st.sampled_from(ORDER)


def test_every_request_that_an_action_sends_has_its_grade() -> None:
    """Whoever adds an action decides how carefully it is asked about."""
    for module in (actions, colony_actions, conversation):
        names = {
            node.id
            for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text()))
            if isinstance(node, ast.Name)
        }
        for name in names:
            found = getattr(module, name, None)
            if isinstance(found, type) and issubclass(found, Request) and found is not Request and found.changes:
                assert found in GRADES, name


@given(grade=some_grade)
def test_production_asks_one_grade_more(grade: Grade) -> None:
    assert raised(grade, is_production=False) == grade
    assert ORDER.index(raised(grade, is_production=True)) == min(ORDER.index(grade) + 1, 2)


@given(request=st.sampled_from(list(GRADES)), grade=some_grade, production=st.booleans(), count=st.integers(2, 40))
def test_no_way_of_asking_lowers_a_grade(
    request: type[Request[object]], grade: Grade, production: bool, count: int
) -> None:
    asked = grade_of(request, is_production=production, at_least=grade)
    assert ORDER.index(asked) >= max(ORDER.index(grade), ORDER.index(GRADES[request]))
    many = grade_of_many(request, count, is_production=production, at_least=grade)
    assert ORDER.index(many) >= ORDER.index(asked)
    assert not (can_be_taken_back(request, asked) and asked == "typed")


def test_many_in_production_want_their_number_typed() -> None:
    assert grade_of_many(ApproveExecutor, grades.MANY - 1, is_production=True) == "danger"
    assert grade_of_many(ApproveExecutor, grades.MANY, is_production=True) == "typed"
    assert grade_of_many(ApproveExecutor, grades.MANY, is_production=False) == "calm"


@pytest.mark.parametrize(
    ("request_type", "grade", "held"),
    [
        (CancelProcess, "danger", True),
        (RemoveExecutor, "danger", True),
        (RemoveExecutor, "typed", False),
        (RemoveAllProcesses, "typed", False),
        (ApproveExecutor, "danger", False),
        (RejectExecutor, "danger", False),
        (PauseAssignments, "danger", False),
    ],
)
def test_what_can_be_taken_back(request_type: type[Request[object]], grade: Grade, held: bool) -> None:
    assert can_be_taken_back(request_type, grade) is held


@given(key=st.sampled_from("aynrfYNRF"), opened_by=st.sampled_from("aynrfYNRFD"))
def test_no_answer_has_the_key_that_opened_the_question(key: str, opened_by: str) -> None:
    assert answer_key(key, opened_by) != opened_by
    assert answer_key("escape", opened_by) == "escape"


def test_reasons_are_counted() -> None:
    assert tallied(["it is gone", "it has ended", "it is gone"]) == "it is gone (2), it has ended"
    assert tallied([str(number) for number in range(9)], most=2) == "0, 1, 7 for other reasons"
    assert tallied([]) == ""


def test_nothing_is_asked_or_sent_but_through_the_grades() -> None:
    """A screen that opens a question or sends an action by itself would ask with the wrong grade in production."""
    ui = Path(str(grades.__file__)).parent
    sent, asked = set(), set()
    for path in ui.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "actor.carry_out(" in text:
            sent.add(path.name)
        if "(Dialog(" in text:
            asked.add(path.name)
    assert sent == {"outbox.py", "channel_screen.py"}, "a line that is said in a channel is no decision"
    assert asked == {"acting.py", "take_away.py"}, "an export asks for a format, and sends nothing"
