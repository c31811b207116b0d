"""The escape sequences by which a terminal is asked to show a notification of its own. Pure.

Nothing of the server's can break out of a sequence: texts are cleaned of every control character first, and of the
semicolons that part the fields of OSC 777. OSC 9 always begins with our own word, since some terminals take a number at
its beginning for another command.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, cast

from colonies_tui.protocol.plaintext import plain

NoticeKind = Literal["off", "osc9", "osc777"]

MOST_CHARACTERS: Final = 200
"""Longer texts are cut: a notification is a glance."""

TITLE: Final = "colonies"

_OSC9_PROGRAMS: Final = frozenset({"iTerm.app", "WezTerm", "ghostty", "WarpTerminal"})
_OSC9_TERMS: Final = ("xterm-kitty", "xterm-ghostty")
_OSC777_TERMS: Final = ("foot", "rxvt")


def notice_kind(setting: str, env: Mapping[str, str]) -> NoticeKind:
    """Return which sequence the terminal understands.

    Args:
        setting: ``off``, ``osc9``, ``osc777``, or ``auto`` to go by the variables.
        env: the environment. A terminal that says nothing of itself is sent nothing.
    """
    if setting != "auto":
        return cast(NoticeKind, setting) if setting in ("osc9", "osc777") else "off"
    term = env.get("TERM", "")
    if (
        env.get("TERM_PROGRAM") in _OSC9_PROGRAMS
        or env.get("WT_SESSION")
        or env.get("KITTY_WINDOW_ID")
        or term.startswith(_OSC9_TERMS)
    ):
        return "osc9"
    return "osc777" if term.startswith(_OSC777_TERMS) or env.get("VTE_VERSION") else "off"


def notice_sequence(kind: NoticeKind, text: str, *, in_tmux: bool = False) -> str:
    """Return what is written to the terminal; empty for ``off``.

    Args:
        kind: which sequence.
        text: what to say; not cleaned.
        in_tmux: wrap it so that tmux hands it on to the terminal around it (where its ``allow-passthrough`` is on).
    """
    words = _words(text)
    if kind == "off":
        return ""
    if kind == "osc9":
        sequence = f"\x1b]9;{TITLE}: {words}\x07"
    else:
        sequence = f"\x1b]777;notify;{TITLE};{words.replace(';', ',')}\x07"
    return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\" if in_tmux else sequence


def _words(text: str) -> str:
    words = plain(text)
    return words if len(words) <= MOST_CHARACTERS else words[: MOST_CHARACTERS - 1] + "…"
