"""Every message of the protocol by its name, and the lists that ``call --list`` prints."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from colonies_tui.cli.message_fields import Leaf, WrongInput, fields_of, leaves, model_of
from colonies_tui.cli.request_text import takes_colony_of_profile
from colonies_tui.protocol.messages import SUBJECT_OF, message_type
from colonies_tui.protocol.request import Request
from colonies_tui.protocol.roles import Role

_SUFFIX: Final = "msg"
_OTHER_SPELLINGS: Final = {"removeallsnapshotsmsg": "removeallsnapshotmsg"}
_ROLE_REFERENCE: Final = re.compile(r":\w+:`~?([^`]*)`")
_NONE: Final = "–"

AnyMessage = type[Request[Any]]


def message_named(text: str) -> AnyMessage:
    """Return a message by its type, with or without ``msg`` at the end, in any case.

    Raises:
        WrongInput: there is none; names the nearest.
    """
    name = text.lower()
    for candidate in (name, f"{name}{_SUFFIX}"):
        candidate = _OTHER_SPELLINGS.get(candidate, candidate)
        if candidate in SUBJECT_OF:
            return message_type(candidate)
    from difflib import get_close_matches

    near = get_close_matches(f"{name.removesuffix(_SUFFIX)}{_SUFFIX}", SUBJECT_OF, n=1, cutoff=0.6)
    hint = f": did you mean {near[0]}?" if near else "; colonies-tui call --list shows all"
    raise WrongInput(f"there is no message {text!r}{hint}")


def _sorted() -> list[AnyMessage]:
    return [message_type(name) for name in sorted(SUBJECT_OF)]


def _key_words(role: Role) -> str:
    return "/".join(slot.value for slot in role.slots) or _NONE


def summary() -> list[str]:
    """Return the table of all messages: type, role, key that signs, fields (optional ones in brackets)."""
    rows: list[tuple[str, ...]] = [("MESSAGE", "ROLE", "KEY", "FIELDS")]
    for kind in _sorted():
        words = [
            (f"{key}.…" if model_of(field.annotation) else key) if field.is_required() else f"[{key}]"
            for key, field in fields_of(kind)
        ]
        note = " (over the websocket: colonies-tui watch)" if kind.over_websocket else ""
        rows.append((kind.msgtype, kind.role.value, _key_words(kind.role), f"{' '.join(words)}{note}"))
    return _table(rows)


def details(kind: AnyMessage) -> list[str]:
    """Return all that is to be known for sending one message."""
    changes = "changes something" if kind.changes else "changes nothing"
    key = f"signed with the {_key_words(kind.role)} key" if kind.role.slots else "not signed"
    rows: list[tuple[str, ...]] = [(f"  {leaf.path}", leaf.type_words, _necessity(kind, leaf)) for leaf in leaves(kind)]
    return [f"{kind.msgtype}: {_description(kind)}", f"for: {kind.role.value}; {key}; {changes}", *_table(rows)]


def _necessity(kind: AnyMessage, leaf: Leaf) -> str:
    if leaf.is_colony and takes_colony_of_profile(kind):
        return "the profile's colony if not given"
    return "needed" if leaf.is_required else ""


def as_json(kinds: Iterable[AnyMessage] | None = None) -> list[dict[str, Any]]:
    """Return the messages, all of them by default, as JSON-ready objects."""
    return [
        {
            "msgtype": kind.msgtype,
            "description": _description(kind),
            "role": kind.role.value,
            "keys": [slot.value for slot in kind.role.slots],
            "changes": kind.changes,
            "websocket": kind.over_websocket,
            "fields": [
                {"path": leaf.path, "type": leaf.type_words, "required": leaf.is_required} for leaf in leaves(kind)
            ],
        }
        for kind in (_sorted() if kinds is None else kinds)
    ]


def _description(kind: AnyMessage) -> str:
    from inspect import getdoc

    words = " ".join((getdoc(kind) or "").split())
    return _ROLE_REFERENCE.sub(r"\1", words).replace("``", "")


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    if not rows:
        return []
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
