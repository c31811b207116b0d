"""The registry of errands: functions that speak with the server while they run."""

from __future__ import annotations

from typing import Final

from colonies_tui.demo.assignment import Errand
from colonies_tui.demo.conversation import answer_questions
from colonies_tui.demo.reconciler import clean_up, reconcile
from colonies_tui.protocol.models.executor import FunctionArgument

_NAME: Final = FunctionArgument(
    name="blueprintName", type="string", description="one blueprint; all of the kind if not given", required=False
)
_KIND: Final = FunctionArgument(name="kind", type="string", description="kind of the blueprints", required=False)
_FORCE: Final = FunctionArgument(
    name="force", type="bool", description="whether to begin from the beginning", required=False
)

ERRANDS: Final[dict[str, Errand]] = {
    errand.name: errand
    for errand in (
        Errand("reconcile", (_NAME, _KIND, _FORCE), reconcile),
        Errand("cleanup", (_NAME,), clean_up),
        Errand("answer_questions", (), answer_questions, attributes=("answered",)),
    )
}
"""All errands by name."""
