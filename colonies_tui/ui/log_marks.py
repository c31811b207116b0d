"""What a log line says about itself: how serious it is, which of its parts are only keys. Pure; takes shown text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

Level = Literal["", "warning", "error"]
"""How serious a line is; also the style role it is tinted with."""

_LOOKED_AT: Final = 2000
"""Characters at the start of a line that are looked at; a line of a megabyte costs no more."""

_ERROR_WORDS: Final = "error|err|fatal|critical|crit|panic|emerg|alert"
_WARNING_WORDS: Final = "warning|warn"

# Before the word there may be a time, a thread, brackets: nothing that has letters of its own except T and Z of times.
_START: Final = r"[\W\dTZ_]{0,40}"

_AT_START: Final = re.compile(
    rf"(?:{_START}(?<![A-Za-z])(?:"
    rf"(?P<error>(?:{_ERROR_WORDS.upper()})\b|(?:[Ee]rror|[Ff]atal|[Pp]anic)(?:\[\w+\])?:"
    r"|Traceback \(most recent call last\))"
    rf"|(?P<warning>(?:{_WARNING_WORDS.upper()})\b|(?:[Ww]arning|[Ww]arn)(?:\[\w+\])?:)))"
    r"|(?P<raised>[A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit)(?::|$))"
    r"|(?P<warned>[A-Za-z_][\w.]*Warning:)"
)
_FIELD: Final = re.compile(
    rf"(?:\"(?:level|lvl|severity|levelname|log\.level)\"\s*:\s*\"|\b(?:level|lvl|severity)=\"?)"
    rf"(?:(?P<error>{_ERROR_WORDS})|(?P<warning>{_WARNING_WORDS}))\b",
    re.IGNORECASE,
)
_JSON_KEY: Final = re.compile(r'[{,]\s*"(?:[^"\\]|\\.){1,64}"\s*:\s*')
_LOGFMT_KEY: Final = re.compile(r"(?:^|(?<= ))[A-Za-z_][\w.-]{0,63}=")


def level_of(shown: str) -> Level:
    """Return how serious a line says it is: a word at its start, or a level in JSON or logfmt."""
    head = shown[:_LOOKED_AT]
    match = _AT_START.match(head)
    if match is None and ("=" in head or '":' in head or '" :' in head):
        match = _FIELD.search(head)
    if match is None:
        return ""
    return "error" if match.lastgroup in ("error", "raised") else "warning"


def key_spans(shown: str) -> Iterator[tuple[int, int]]:
    """Yield where the keys of a JSON object or of logfmt pairs stand, to be drawn dim, so that the values stand out."""
    head = shown[:_LOOKED_AT]
    if head.startswith("{") and '"' in head:
        for match in _JSON_KEY.finditer(head):
            yield match.span()
    elif head.count("=") > 1:
        pairs = list(_LOGFMT_KEY.finditer(head))
        if len(pairs) > 1:
            for match in pairs:
                yield match.span()
