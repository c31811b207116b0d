"""How carefully each request is asked about: a plain question, a red one with time to take it back, a name to type.

Pure. The one place that decides it; a test checks that every request that changes something has its line here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from colonies_tui.protocol.messages.blueprint import ReconcileBlueprint, RemoveBlueprint
from colonies_tui.protocol.messages.channel import AppendToChannel
from colonies_tui.protocol.messages.colony import (
    AddColony,
    AddUser,
    PauseAssignments,
    RemoveColony,
    RemoveUser,
    ResumeAssignments,
)
from colonies_tui.protocol.messages.executor import AddExecutor, ApproveExecutor, RejectExecutor, RemoveExecutor
from colonies_tui.protocol.messages.file import CreateSnapshot, RemoveFile, RemoveSnapshot
from colonies_tui.protocol.messages.location import AddLocation, RemoveLocation
from colonies_tui.protocol.messages.process import CancelProcess, RemoveAllProcesses, RemoveProcess, SubmitProcess
from colonies_tui.protocol.messages.schedule import (
    AddCron,
    AddGenerator,
    PackGenerator,
    RemoveCron,
    RemoveGenerator,
    RunCron,
)
from colonies_tui.protocol.messages.workflow import CancelProcessGraph, RemoveProcessGraph, SubmitWorkflow
from colonies_tui.protocol.request import Request

Grade = Literal["calm", "danger", "typed"]
"""``danger`` has a red border; ``typed`` also wants a name typed before it can be done."""

GRADES: Final[Mapping[type[Request[Any]], Grade]] = {
    SubmitProcess: "calm",
    SubmitWorkflow: "calm",
    AddCron: "calm",
    RunCron: "calm",
    AddGenerator: "calm",
    PackGenerator: "calm",
    CreateSnapshot: "calm",
    AddUser: "calm",
    AddLocation: "calm",
    AddColony: "calm",
    ApproveExecutor: "calm",
    AddExecutor: "calm",
    ResumeAssignments: "calm",
    ReconcileBlueprint: "calm",
    AppendToChannel: "calm",
    RejectExecutor: "danger",
    PauseAssignments: "danger",
    CancelProcess: "danger",
    RemoveProcess: "danger",
    CancelProcessGraph: "danger",
    RemoveProcessGraph: "danger",
    RemoveCron: "danger",
    RemoveGenerator: "danger",
    RemoveFile: "danger",
    RemoveSnapshot: "danger",
    RemoveUser: "danger",
    RemoveLocation: "danger",
    RemoveExecutor: "danger",
    RemoveAllProcesses: "typed",
    RemoveColony: "typed",
    RemoveBlueprint: "typed",
}
"""What each request is worth anywhere; a production profile asks one grade more."""

REVERSIBLE: Final[frozenset[type[Request[Any]]]] = frozenset({RejectExecutor, PauseAssignments})
"""Dangerous, but another request undoes it, and when it is wanted it is wanted at once: sent without delay."""

MANY: Final = 10
"""From so many objects on, a production profile wants their number typed, whatever is done to them."""

_ORDER: Final[tuple[Grade, ...]] = ("calm", "danger", "typed")


def raised(grade: Grade, *, is_production: bool) -> Grade:
    """Return a grade as it is in a profile: one higher in production, up to the highest."""
    return _ORDER[min(_ORDER.index(grade) + 1, len(_ORDER) - 1)] if is_production else grade


def highest(grades: Iterable[Grade]) -> Grade:
    """Return the most careful of some grades; ``calm`` of none."""
    return max(grades, key=_ORDER.index, default="calm")


def grade_of(request: type[Request[Any]], *, is_production: bool, at_least: Grade = "calm") -> Grade:
    """Return how carefully a request is asked about.

    Args:
        request: its type; one that is not listed is dangerous.
        is_production: whether the profile is a production one.
        at_least: what the object itself demands: an executor at work is not removed like an idle one.
    """
    return raised(highest((at_least, GRADES.get(request, "danger"))), is_production=is_production)


def grade_of_many(request: type[Request[Any]], count: int, *, is_production: bool, at_least: Grade = "calm") -> Grade:
    """Return how carefully the same request for ``count`` objects is asked about; ``typed`` wants their number."""
    grade = grade_of(request, is_production=is_production, at_least=at_least)
    return "typed" if is_production and count >= MANY else grade


def can_be_taken_back(request: type[Request[Any]], grade: Grade) -> bool:
    """Whether a request is held back for some seconds after it was confirmed with a grade.

    Calm ones need no second thought, and a typed name was one.
    """
    return grade == "danger" and GRADES.get(request, "danger") == "danger" and request not in REVERSIBLE


def answer_key(key: str, opened_by: str) -> str:
    """Return the key of an answer in a dialog that a key opened: never the same one, so that holding it does nothing.

    ``escape`` changes nothing and stays what it is.
    """
    return key.swapcase() if key == opened_by and len(key) == 1 else key
