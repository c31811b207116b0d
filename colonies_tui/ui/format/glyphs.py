"""The console's drawing characters, once in Unicode and once in ASCII for terminals and fonts that need it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Alphabet:
    """One set of drawing characters. Every glyph is one cell wide."""

    name: str
    waiting: str
    running: str
    success: str
    failed: str
    cancelled: str
    pending: str
    approved: str
    rejected: str
    gone: str
    stale: str
    live: str
    polling: str
    offline: str
    unknown: str
    none: str
    """Stands for a value that is not set."""
    ellipsis: str
    rule: str
    separator: str
    cursor: str
    mark: str
    watched: str
    """In the margin of a row that is watched."""
    hit: str
    """In the margin of a line with a search hit."""
    more_left: str
    more_right: str
    skipped: str
    """Between groups of lines where others are filtered out."""
    paused: str
    sorted_up: str
    sorted_down: str
    underline: str
    """The rule under the active tab."""
    levels: str
    """Eight levels of a small bar chart, lowest first (fewer in ASCII)."""
    bar: str
    """The done part of a progress bar."""
    bar_rest: str
    """What is left of a progress bar."""


UNICODE: Final = Alphabet(
    name="unicode",
    waiting="◌",
    running="▶",
    success="✔",
    failed="✖",
    cancelled="⊘",
    pending="◌",
    approved="●",
    rejected="✖",
    gone="⊘",
    stale="◍",
    live="●",
    polling="◐",
    offline="○",
    unknown="?",
    none="–",
    ellipsis="…",
    rule="─",
    separator="·",
    cursor="▌",
    mark="•",
    watched="◉",
    hit="▐",
    more_left="‹",
    more_right="›",
    skipped="⋯",
    paused="‖",
    sorted_up="▲",
    sorted_down="▼",
    underline="━",
    levels="▁▂▃▄▅▆▇█",
    bar="━",
    bar_rest="╌",
)
"""What a terminal of today shows."""

ASCII: Final = Alphabet(
    name="ascii",
    waiting=".",
    running=">",
    success="+",
    failed="x",
    cancelled="-",
    pending=".",
    approved="o",
    rejected="x",
    gone="-",
    stale="!",
    live="*",
    polling="~",
    offline="o",
    unknown="?",
    none="-",
    ellipsis="~",
    rule="-",
    separator="|",
    cursor=">",
    mark="*",
    watched="@",
    hit="|",
    more_left="<",
    more_right=">",
    skipped=":",
    paused="=",
    sorted_up="^",
    sorted_down="v",
    underline="=",
    levels="_.-=#",
    bar="#",
    bar_rest=".",
)
"""Seven-bit characters only."""

ALPHABETS: Final = {alphabet.name: alphabet for alphabet in (UNICODE, ASCII)}
"""Alphabets by the name used in settings."""


def alphabet_of(owner: object) -> Alphabet:
    """Return the alphabet that ``owner`` (the application) carries as ``alphabet``, Unicode when it carries none."""
    alphabet = getattr(owner, "alphabet", None)
    return alphabet if isinstance(alphabet, Alphabet) else UNICODE
