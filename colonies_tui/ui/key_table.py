"""Everything that has a key: ids, keys and words, and what follows from giving other keys.

The table is read from the classes of the console themselves, so that a new binding is in it without being listed.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Final

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen

import colonies_tui.ui
from colonies_tui.config.key_map import KeyMap
from colonies_tui.config.keys_file import near_miss
from colonies_tui.ui.key_names import key_fault, key_words, types_text, whole_name
from colonies_tui.ui.views.view import View

INSIDE: Final[Mapping[str, frozenset[str]]] = {
    "ChoiceKey": frozenset({"Dialog"}),
    "FilterBar": frozenset({"MainScreen"}),
    "GraphView": frozenset({"WorkflowPane", "WorkflowsView", "MainScreen"}),
    "Timeline": frozenset({"WorkflowPane", "WorkflowsView", "MainScreen"}),
    "LogView": frozenset({"WorkflowPane", "WorkflowsView", "ProcessesView", "LogsView", "MainScreen"}),
    "WorkflowPane": frozenset({"WorkflowsView", "MainScreen"}),
}
"""What those widgets stand in that do not stand everywhere, by the names of their classes."""

HOLDERS: Final = frozenset({"WorkflowPane"})
"""Widgets in which any of those stands that stand everywhere."""

DESTRUCTIVE: Final = frozenset({"cancel", "reject", "remove", "remove-all"})
"""Last parts of the ids of what destroys something."""

CARELESS: Final = ("ctrl+d", "ctrl+k")
"""Keys that end a line or a session elsewhere: pressed without a thought."""


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One thing that a key does."""

    id: str
    keys: tuple[str, ...]
    """As the toolkit spells them."""
    words: str
    """What it does."""
    owners: frozenset[type[DOMNode]]
    """The classes where it works when they or something in them has the focus."""
    while_typing: bool
    """Whether it comes before text that is being typed."""


@dataclass(frozen=True, slots=True)
class KeyProblem:
    """Something about the operator's keys."""

    words: str
    is_refused: bool
    """Whether the entry is left out; otherwise it is in use."""


@cache
def known_keys() -> Mapping[str, KeyEntry]:
    """Return everything that can have other keys, by id."""
    entries: dict[str, KeyEntry] = {}
    for owner in _owners():
        of_id: dict[str, list[Binding]] = {}
        for binding in Binding.make_bindings(owner.__dict__["BINDINGS"]):
            if binding.id:
                of_id.setdefault(binding.id, []).append(binding)
        for action_id, bindings in of_id.items():
            keys = tuple(binding.key for binding in bindings)
            before = entries.get(action_id)
            entries[action_id] = KeyEntry(
                action_id,
                keys if before is None else tuple(dict.fromkeys(before.keys + keys)),
                bindings[0].description,
                frozenset({owner}) if before is None else before.owners | {owner},
                any(binding.priority for binding in bindings) or (before is not None and before.while_typing),
            )
    return entries


def _owners() -> Iterator[type[DOMNode]]:
    for module in pkgutil.walk_packages(colonies_tui.ui.__path__, f"{colonies_tui.ui.__name__}."):
        for each in vars(importlib.import_module(module.name)).values():
            is_own = isinstance(each, type) and issubclass(each, DOMNode) and each.__module__ == module.name
            if is_own and "BINDINGS" in each.__dict__:
                yield each


def examine_keys(key_map: KeyMap) -> tuple[dict[str, str], list[KeyProblem]]:
    """Return the keys to use, by id as the toolkit wants them, and what is to be said about them."""
    known = known_keys()
    wanted: dict[str, tuple[str, ...]] = {}
    problems: list[KeyProblem] = []
    for action_id, names in key_map.keys.items():
        if reason := _refusal(known, action_id, names):
            problems.append(KeyProblem(str(key_map.fault(action_id, reason)), is_refused=True))
        else:
            wanted[action_id] = tuple(dict.fromkeys(map(whole_name, names)))
    problems.extend(KeyProblem(words, is_refused=False) for words in clashes(wanted))
    return {action_id: ",".join(keys) for action_id, keys in wanted.items()}, problems


def _refusal(known: Mapping[str, KeyEntry], action_id: str, names: Iterable[str]) -> str | None:
    if action_id not in known:
        hint = near_miss(action_id, known) or "; colonies-tui settings --keys lists everything"
        return f'nothing is called "{action_id}"{hint}'
    for name in names:
        if fault := key_fault(name):
            return f'"{action_id}": "{name}" {fault}'
        if known[action_id].while_typing and types_text(name):
            return f'"{action_id}": "{name}" could not be typed any more: it needs a key with ctrl or alt, or f1 to f12'
    return None


def careless(key_map: Mapping[str, str]) -> list[str]:
    """Return words about what destroys something by a key that is pressed without a thought."""
    known = known_keys()
    return [
        f'"{action_id}" ({known[action_id].words}) is on {key}, which is easily pressed by mistake'
        for action_id, keys in key_map.items()
        for key in keys.split(",")
        if key in CARELESS and action_id.rpartition(".")[2] in DESTRUCTIVE
    ]


def clashes(wanted: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return words about each key that would do two things in one place, where other keys are wanted.

    Keys that do two things without them are meant so: the inner one
    steps back where it has nothing to do.
    """
    known = known_keys()
    by_key: dict[str, list[KeyEntry]] = {}
    for entry in known.values():
        for key in wanted.get(entry.id, entry.keys):
            by_key.setdefault(key, []).append(entry)
    found = []
    for key, entries in by_key.items():
        for one, other in combinations(entries, 2):
            if key in one.keys and key in other.keys:
                continue
            if places := sorted(_common_places(one, other)):
                first, second = sorted((one, other), key=lambda entry: (*_nearness(entry), entry.id not in wanted))
                both = f'"{first.id}" ({first.words}) and "{second.id}" ({second.words})'
                found.append(f"{key_words(key)} does both {both} in {', '.join(places)}; the first wins")
    return found


def _nearness(entry: KeyEntry) -> tuple[bool, int]:
    """Order of those that hear a key: what comes before typed text, then from the focus outwards."""
    return not entry.while_typing, min(map(_rank, entry.owners))


def _common_places(one: KeyEntry, other: KeyEntry) -> set[str]:
    return {
        _place(a, b)
        for a in one.owners
        for b in other.owners
        if can_meet(a, b) or (issubclass(a, App) and one.while_typing) or (issubclass(b, App) and other.while_typing)
    }


def _place(a: type[DOMNode], b: type[DOMNode]) -> str:
    inner = min((a, b), key=lambda owner: (_rank(owner), owner.__name__))
    view = next((owner for owner in (inner, a, b) if issubclass(owner, View) and hasattr(owner, "TITLE")), None)
    return inner.__name__ if view is None else str(view.TITLE)


def _rank(owner: type[DOMNode]) -> int:
    """How far from the focus a class stands: widgets, views, screens, the app."""
    return next((rank for rank, kind in ((3, App), (2, Screen), (1, View)) if issubclass(owner, kind)), 0)


def can_meet(a: type[DOMNode], b: type[DOMNode]) -> bool:
    """Whether the keys of two classes can work at the same time, because one can stand in the other."""
    if issubclass(a, b) or issubclass(b, a):
        return True
    inner, outer = sorted((a, b), key=_rank)
    if _rank(inner) == _rank(outer):
        if _rank(inner) > 0:  # two views, two screens
            return False
        return _stands_in(inner.__name__, outer.__name__) or _stands_in(outer.__name__, inner.__name__)
    if issubclass(outer, App):
        return not issubclass(inner, ModalScreen) and INSIDE.get(inner.__name__) != frozenset({"Dialog"})
    if issubclass(inner, View):
        return outer.__name__ == "MainScreen"
    return inner.__name__ not in INSIDE or outer.__name__ in INSIDE[inner.__name__]


def _stands_in(inner: str, outer: str) -> bool:
    """Whether one widget can stand in another, by the names of their classes."""
    return outer in INSIDE[inner] if inner in INSIDE else outer in HOLDERS
