"""Reads what a program wrote to a terminal, byte by byte: what the toolkit writes itself is known, the rest is told."""

from __future__ import annotations

import re
from typing import Final

from tests.hostile.screens import faults_of

_OWN_MODES: Final = frozenset(
    {"25", "1000", "1002", "1003", "1004", "1006", "1015", "1049", "2004", "2026", "2048", "7"}
)
"""Private modes that the toolkit sets and resets."""

_SGR_PART: Final = re.compile(r"(?:0?|[1-9]|2[1-9]|[34]9|5[35]|[34]8;2;\d{1,3};\d{1,3};\d{1,3})(?:;|\Z)")
"""A style as the toolkit writes it in true colour: never one of the eight colours, which hostile texts use."""

_SEQUENCE: Final = re.compile(
    r"\x1b\[(?P<csi>[<-?]?[0-9;:]*[ -/]*)(?P<end>[@-~])"
    r"|\x1b(?P<string>[\]PX^_])(?P<body>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|(?P<other>\x1b.?)",
    re.DOTALL,
)


def foreign_sequences(output: bytes) -> list[str]:
    """Return every sequence and character in a program's output that is neither a picture nor the toolkit's own."""
    text = output.decode("utf-8", "surrogateescape")
    found: list[str] = []
    last = 0
    for match in _SEQUENCE.finditer(text):
        found += _in_text(text[last : match.start()])
        if not _is_own(match):
            found.append(repr(match[0][:60]))
        last = match.end()
    found += _in_text(text[last:])
    return sorted(set(found))


def _in_text(text: str) -> list[str]:
    # A line end is written once, when the screen is given back.
    return faults_of(text.replace("\r\n", "").replace("\n", ""))


def _is_own(match: re.Match[str]) -> bool:
    csi, end = match["csi"], match["end"]
    if match["string"]:  # the shape of the mouse pointer
        return match["string"] == "]" and bool(re.fullmatch(r"22;[a-z-]+", match["body"]))
    if end == "m":
        return all(_SGR_PART.match(part) for part in _styles(csi)) or csi.startswith(">4;")
    if end == "H":
        return bool(re.fullmatch(r"\d+;\d+", csi)) or csi == ""
    if end in ("h", "l"):
        return csi.startswith("?") and csi[1:] in _OWN_MODES
    if end == "u":
        return bool(re.fullmatch(r">\d*|<", csi))
    if end == "p":
        return csi in ("?2026$", "?2048$")
    return False


def _styles(csi: str) -> list[str]:
    return re.findall(r"[34]8;2;\d+;\d+;\d+|[^;]+", csi) if csi else []
