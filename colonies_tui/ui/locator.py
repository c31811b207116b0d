"""Locators: a place in a colony as one short text that can be copied, sent and opened again. Pure.

``colony/dev/process/1a2b3c4d…``, ``colony/dev/processes?state=failed&filter=age<1h``, ``colony/dev/log/executor/gpu``.

The word after the colony is a view, or a kind of object followed by its id. What would not survive a shell between
single quotes, a line of text or this notation itself is percent-encoded (UTF-8); everything else stands as it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final
from urllib.parse import unquote_to_bytes

VIEWS: Final = (
    "overview",
    "processes",
    "workflows",
    "executors",
    "logs",
    "crons",
    "generators",
    "files",
    "colonies",
    "server",
    "functions",
    "blueprints",
    "journal",
    "watches",
)
"""Keys of the views that a locator can name."""

STATES: Final = ("waiting", "running", "success", "failed", "cancelled")
"""States that a list of processes or workflows can be narrowed to."""

STATEFUL: Final = frozenset({"processes", "workflows"})
"""Views whose lists can be narrowed to a state."""

KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "process": ("processes", "process"),
    "queue": ("processes", "type"),
    "workflow": ("workflows", "workflow"),
    "executor": ("executors", "executor"),
    "cron": ("crons", "cron"),
    "generator": ("generators", "generator"),
    "label": ("files", "label"),
    "file": ("files", "file"),
    "snapshot": ("files", "snapshot"),
    "user": ("colonies", "user"),
    "location": ("colonies", "location"),
    "function": ("functions", "function"),
    "blueprint": ("blueprints", "blueprint"),
    "log/process": ("logs", "process"),
    "log/executor": ("logs", "executor"),
}
"""View and kind of an object by the word that stands for them. The id of a file is its label, ``/`` and its name."""

MAX_LENGTH: Final = 4096
"""Most characters of a locator that is read."""

_WORD_OF: Final = {target: word for word, target in KINDS.items()}
_PREFIX: Final = "colony/"
_PARAMETERS: Final = ("state", "filter")
_ENCODED: Final = frozenset("%?&#'\\`$")
_BAD_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")


class LocatorError(ValueError):
    """A text is no locator; the message says why."""


@dataclass(frozen=True, slots=True)
class Locator:
    """A place: a view of a colony, an object there, and what the list is filtered by.

    Raises:
        LocatorError: there is no such view, kind or state, or a kind has no id.
    """

    colony: str
    view: str
    kind: str = ""
    """What ``id`` names, in the view's own words; empty for the view itself."""
    id: str = ""
    """The whole id of the object, the beginning of it, or its name."""
    filter: str = ""
    state: str = ""
    """One of :data:`STATES`, or empty for all."""

    def __post_init__(self) -> None:
        if not self.colony:
            raise LocatorError("a locator names a colony")
        if self.view not in VIEWS:
            raise LocatorError(_unknown("view", self.view, VIEWS))
        if self.kind and (self.view, self.kind) not in _WORD_OF:
            raise LocatorError(f"{self.view} show no {self.kind}")
        if bool(self.kind) != bool(self.id):
            raise LocatorError(f"{self.kind or 'an id'} needs {'an id' if self.kind else 'a kind'}")
        if self.state and (self.state not in STATES or self.view not in STATEFUL):
            raise LocatorError(_unknown("state", self.state, STATES if self.view in STATEFUL else ()))

    def __str__(self) -> str:
        """The text form, which :func:`parse_locator` reads back; always printable."""
        text = f"{_PREFIX}{_encoded(self.colony, '/')}/{self.word}"
        if self.id:
            text += f"/{_encoded(self.id)}"
        parameters = [f"{name}={_encoded(value)}" for name in _PARAMETERS if (value := getattr(self, name))]
        return f"{text}?{'&'.join(parameters)}" if parameters else text

    @property
    def word(self) -> str:
        """The word for the kind of object, or for the view."""
        return _WORD_OF[self.view, self.kind] if self.kind else self.view


def parse_locator(text: str, *, colony: str = "") -> Locator:
    """Return what a text leads to.

    Args:
        text: a locator; where ``colony`` is given, also one without its colony, such as ``process/1a2b``.
        colony: the colony that is meant where the text names none.

    Raises:
        LocatorError: it cannot be understood, in words for the one who typed it.
    """
    text = text.strip()
    if len(text) > MAX_LENGTH:
        raise LocatorError(f"a locator has at most {MAX_LENGTH} characters")
    path, _, query = text.partition("?")
    if path == _PREFIX.rstrip("/") or path.startswith(_PREFIX):
        named, _, path = path.removeprefix(_PREFIX.rstrip("/")).removeprefix("/").partition("/")
        colony = _decoded(named)
        if not colony:
            raise LocatorError("a locator names a colony: colony/NAME/…")
    elif not colony:
        raise LocatorError("a locator begins with colony/NAME, as in colony/dev/process/1a2b")
    view, kind, object_id = _read_path(path)
    found = _read_query(query)
    return Locator(colony, view, kind, object_id, found.get("filter", ""), found.get("state", ""))


def is_locator(text: str) -> bool:
    """Whether a text looks like a locator, with or without its colony, and not like words to search for."""
    head = text.strip().partition("?")[0].split("/")
    return len(head) > 1 and (head[0] in ("colony", "log") or head[0] in KINDS)


def _read_path(path: str) -> tuple[str, str, str]:
    """Return view, kind and id."""
    if path in ("", "/"):
        return VIEWS[0], "", ""
    word, _, rest = path.partition("/")
    if word == "log":
        inner, _, rest = rest.partition("/")
        word = f"log/{inner}"
        if word not in KINDS:
            raise LocatorError("a log is that of a process or an executor: log/process/ID or log/executor/NAME")
    if word in KINDS:
        view, kind = KINDS[word]
        if not rest:
            raise LocatorError(f"which {word}? its id or name is missing: {word}/…")
        return view, kind, _decoded(rest)
    if word not in VIEWS:
        raise LocatorError(_unknown("view or kind of object", word, (*VIEWS, *KINDS)))
    if rest:
        raise LocatorError(f"{word} is a whole list and takes no id")
    return word, "", ""


def _read_query(query: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in query.split("&") if query else ():
        name, has_value, value = part.partition("=")
        if name not in _PARAMETERS or not has_value:
            raise LocatorError(_unknown("parameter", name, _PARAMETERS))
        if name in found:
            raise LocatorError(f"{name} is given twice")
        found[name] = _decoded(value)
    return found


def _unknown(what: str, word: str, known: Collection[str]) -> str:
    """Return that a word is not known, with the nearest one that is."""
    shown = word if len(word) <= 40 else word[:39] + "…"
    near = get_close_matches(word[:40], known, n=1)
    return f'there is no {what} "{shown}"' + (f"; {near[0]}?" if near else "")


def _encoded(text: str, also: str = "") -> str:
    kept = []
    for character in text:
        if character.isprintable() and not character.isspace() and character not in _ENCODED and character not in also:
            kept.append(character)
        else:
            kept.extend(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))
    return "".join(kept)


def _decoded(text: str) -> str:
    if _BAD_ESCAPE.search(text):
        raise LocatorError("% stands before two hexadecimal digits; the sign itself is written %25")
    try:
        return unquote_to_bytes(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise LocatorError("what is percent-encoded is no text") from None
