"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Outcome(Enum):
    """How a check ended."""

    GOOD = "good"
    BAD = "bad"
    """Something is wrong; makes the doctor end with exit code 1."""
    NEUTRAL = "neutral"
    """Not wrong, but worth knowing; or not checked, with the reason."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's report. All texts may hold words of a server: they are cleaned when they are printed."""

    what: str
    """What was checked."""
    outcome: Outcome
    words: str
    """What was found."""
    advice: str = ""
    """What to do about it."""


def good(what: str, words: str) -> Finding:
    """Return a finding that all is well."""
    return Finding(what, Outcome.GOOD, words)


def bad(what: str, words: str, advice: str = "") -> Finding:
    """Return a finding that something is wrong."""
    return Finding(what, Outcome.BAD, words, advice)


def neutral(what: str, words: str, advice: str = "") -> Finding:
    """Return a finding that is neither."""
    return Finding(what, Outcome.NEUTRAL, words, advice)
