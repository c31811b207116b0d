"""States as glyph + word + colour role: one face per state of a process and of an executor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from colonies_tui.protocol.states import ExecutorState, ProcessState
from colonies_tui.ui.format.glyphs import UNICODE, Alphabet


@dataclass(frozen=True, slots=True)
class StateFace:
    """How a state looks: never its colour alone."""

    glyph: str
    word: str
    role: str

    @property
    def text(self) -> str:
        """Glyph and word."""
        return f"{self.glyph} {self.word}"


_PROCESS_WORDS: Final = {
    ProcessState.WAITING: "waiting",
    ProcessState.RUNNING: "running",
    ProcessState.SUCCESS: "success",
    ProcessState.FAILED: "failed",
    ProcessState.CANCELLED: "cancelled",
}

_EXECUTOR_WORDS: Final = {
    ExecutorState.PENDING: "pending",
    ExecutorState.APPROVED: "approved",
    ExecutorState.REJECTED: "rejected",
    ExecutorState.UNREGISTERED: "gone",
}

STALE: Final = "stale"
"""An approved executor that has not been heard from for too long."""


def process_face(state: int, alphabet: Alphabet = UNICODE) -> StateFace:
    """Return the face of a state of a process or process graph; an unknown number keeps its number as word."""
    try:
        word = _PROCESS_WORDS[ProcessState(state)]
    except ValueError:
        return _unknown(state, alphabet)
    return StateFace(getattr(alphabet, word), word, word)


def executor_face(state: int, *, stale: bool = False, alphabet: Alphabet = UNICODE) -> StateFace:
    """Return the face of an executor; ``stale`` matters only for an approved one."""
    try:
        known = ExecutorState(state)
    except ValueError:
        return _unknown(state, alphabet)
    word = STALE if stale and known is ExecutorState.APPROVED else _EXECUTOR_WORDS[known]
    return StateFace(getattr(alphabet, word), word, word)


def _unknown(state: int, alphabet: Alphabet) -> StateFace:
    return StateFace(alphabet.unknown, f"state {state}", "dim")
