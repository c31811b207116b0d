"""What ended a process: its own error, a deadline, its workflow, or somebody who cancelled it. Pure.

A server writes a text of its own where a deadline ended a process; an executor could write the same words, so the times
have to agree with them (§ Process lifecycle).
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.cascade import Part, cut_part

RUN_LIMIT_WORDS: Final = "Maximum execution time limit exceeded"
WAIT_LIMIT_WORDS: Final = "Maximum waiting time limit exceeded"

_WHOLE_SECOND: Final = 1.0
"""A server compares deadlines in whole seconds, once a second."""


class Ending(Enum):
    """What ended a process."""

    NOT_ENDED = "it has not ended"
    SUCCESS = "it succeeded"
    CANCELLED = "it was cancelled"
    OWN_ERROR = "its own error"
    NO_WORDS = "it failed and gave no error"
    RUN_LIMIT = "it ran longer than it may"
    RETRIES_USED_UP = "it ran longer than it may, in every try"
    WAIT_LIMIT = "nothing took it in time"
    CASCADE = "its workflow failed"
    UNCLEAR = "it or its workflow failed, and no error tells which"


def ending_of(row: ProcessRow, part: Part | None = None) -> Ending:
    """Return what ended a process.

    Args:
        row: the process.
        part: what it was in the failure of its workflow, if that is known; without it only its own row is judged.
    """
    if not row.state.is_final:
        return Ending.NOT_ENDED
    if row.state is ProcessState.SUCCESS:
        return Ending.SUCCESS
    if row.state is ProcessState.CANCELLED:
        return Ending.CANCELLED
    words = row.error.strip()
    if words == RUN_LIMIT_WORDS and _is_past(row.execdeadline, row.endtime):
        return Ending.RETRIES_USED_UP if row.retries > 0 else Ending.RUN_LIMIT
    if words == WAIT_LIMIT_WORDS and _is_past(row.waitdeadline, row.endtime):
        return Ending.WAIT_LIMIT
    if words:
        return Ending.OWN_ERROR
    if not row.processgraphid:
        return Ending.NO_WORDS
    known = part if part is not None and part is not Part.UNREAD else cut_part(row)
    if known is Part.CULPRIT:
        return Ending.NO_WORDS
    return Ending.CASCADE if known is not None and known.is_cascade else Ending.UNCLEAR


def _is_past(deadline: float | None, ended: float | None) -> bool:
    """Whether a deadline was over at the end; one that is not set says nothing against it."""
    return deadline is None or ended is None or ended >= deadline - _WHOLE_SECOND
