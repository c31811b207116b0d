"""Everything that is known of a colony and can be gone to: by id, by the beginning of it, by name. No widget here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.freshness import Condition, Freshness
from colonies_tui.store.graphs import GRAPH_FEEDS
from colonies_tui.store.listings import BLUEPRINTS, CRONS, GENERATORS, LABELS, LOCATIONS, SNAPSHOTS
from colonies_tui.store.session import PROCESS_FEEDS, Session
from colonies_tui.ui.format.states import process_face
from colonies_tui.ui.tables.files import label_lines
from colonies_tui.ui.tables.processes import process_title
from colonies_tui.ui.tables.workflows import workflow_line

LEAST_PREFIX: Final = 4
"""Fewest characters of an id by which an object is looked for."""

ID_PREFIX: Final = re.compile(rf"[0-9a-f]{{{LEAST_PREFIX},64}}\Z")
"""What may be the beginning of an id."""


@dataclass(frozen=True, slots=True)
class Known:
    """One object. Texts are not cleaned."""

    word: str
    """What it is, in the word of locators: ``process``, ``cron``, …"""
    id: str
    """Its id in its list: what a locator holds."""
    identity: str
    """Its long id, whose beginning finds it; empty for what has none."""
    name: str
    note: str = ""
    """What tells it from others of the same name."""


@dataclass(frozen=True, slots=True)
class _Source:
    """Where objects of one kind are found."""

    objects: Callable[[Session], Iterator[Known]]
    feeds: frozenset[str]
    """Feeds that read them."""
    freshness: Callable[[Session], Sequence[Freshness]]


def _processes(session: Session) -> Iterator[Known]:
    for row in reversed(tuple(session.processes.rows.values())):
        note = f"{process_face(row.state).word}, type {row.executortype}"
        yield Known("process", row.processid, row.processid, process_title(row), note)


def _workflows(session: Session) -> Iterator[Known]:
    for graph_id, graph in tuple(session.graphs.rows.rows.items()):
        line = workflow_line(session, graph)
        yield Known("workflow", graph_id, graph_id, line.name, f"{process_face(graph.state).word}, {line.total} nodes")


def _executors(session: Session) -> Iterator[Known]:
    for name, row in tuple(session.executors.rows.items()):
        yield Known("executor", name, row.executorid, name, f"of type {row.executortype}")


def _functions(session: Session) -> Iterator[Known]:
    for row in tuple(session.functions.rows.values()):
        yield Known("function", row.functionid, row.functionid, row.funcname, f"of {row.executorname}")


def _blueprints(session: Session) -> Iterator[Known]:
    for name, row in tuple(session.listings.of(BLUEPRINTS).rows.items()):
        yield Known("blueprint", name, row.blueprintid, name, f"of kind {row.kind}")


def _labels(session: Session) -> Iterator[Known]:
    for label in label_lines({row.name: row.files for row in session.listings.of(LABELS).rows.values()}):
        yield Known("label", label, "", label)


_SOURCES: Final[Mapping[str, _Source]] = {
    "executor": _Source(_executors, frozenset({"executors"}), lambda session: [session.executors.freshness]),
    "process": _Source(_processes, PROCESS_FEEDS, lambda session: list(session.process_lists.values())),
    "workflow": _Source(_workflows, GRAPH_FEEDS, lambda session: list(session.graphs.lists.values())),
    "cron": _Source(
        lambda session: (Known("cron", k, k, row.name) for k, row in session.listings.of(CRONS).rows.items()),
        frozenset({CRONS.name}),
        lambda session: [session.listings.of(CRONS).freshness],
    ),
    "generator": _Source(
        lambda session: (Known("generator", k, k, row.name) for k, row in session.listings.of(GENERATORS).rows.items()),
        frozenset({GENERATORS.name}),
        lambda session: [session.listings.of(GENERATORS).freshness],
    ),
    "function": _Source(_functions, frozenset({"functions"}), lambda session: [session.functions.freshness]),
    "blueprint": _Source(
        _blueprints, frozenset({BLUEPRINTS.name}), lambda session: [session.listings.of(BLUEPRINTS).freshness]
    ),
    "label": _Source(_labels, frozenset({LABELS.name}), lambda session: [session.listings.of(LABELS).freshness]),
    "snapshot": _Source(
        lambda session: (
            Known("snapshot", k, k, row.name, f"of {row.label}")
            for k, row in session.listings.of(SNAPSHOTS).rows.items()
        ),
        frozenset({SNAPSHOTS.name}),
        lambda session: [session.listings.of(SNAPSHOTS).freshness],
    ),
    "user": _Source(
        lambda session: (Known("user", k, row.userid, k) for k, row in session.users.rows.items()),
        frozenset({"users"}),
        lambda session: [session.users.freshness],
    ),
    "location": _Source(
        lambda session: (
            Known("location", k, row.locationid, k) for k, row in session.listings.of(LOCATIONS).rows.items()
        ),
        frozenset({LOCATIONS.name}),
        lambda session: [session.listings.of(LOCATIONS).freshness],
    ),
}

WORDS: Final = tuple(_SOURCES)
"""The kinds of objects that can be looked for, in the order in which they are listed."""


def known_objects(session: Session, word: str) -> Iterator[Known]:
    """Return the objects of one kind, the newest process first."""
    return _SOURCES[word].objects(session)


def feeds_of(word: str) -> frozenset[str]:
    """Return the feeds that read the objects of one kind."""
    return _SOURCES[word].feeds


def unread_feeds(session: Session) -> frozenset[str]:
    """Return the feeds of all kinds of which nothing has been answered yet."""
    return frozenset().union(*(source.feeds for word, source in _SOURCES.items() if not is_answered(session, word)))


def is_answered(session: Session, word: str) -> bool:
    """Whether the server has answered about all objects of one kind, with whatever."""
    return all(fresh.condition is not Condition.LOADING for fresh in _SOURCES[word].freshness(session))


def refusal(session: Session, word: str) -> str:
    """Return why objects of one kind cannot be read; empty where they can."""
    errors = [fresh.error for fresh in _SOURCES[word].freshness(session) if not fresh.can_show_rows and fresh.error]
    return plain(str(errors[0])) if errors else ""


def resolve(session: Session, word: str, text: str) -> list[Known]:
    """Return what a text means among the objects of one kind: by id, else by name, else by the beginning of an id.

    More than one is returned where the text does not decide.
    """
    needle = text.casefold()
    is_prefix = ID_PREFIX.match(needle) is not None
    named: list[Known] = []
    begun: list[Known] = []
    for known in known_objects(session, word):
        if known.id == text or (known.identity and known.identity == needle):
            return [known]
        if known.name == text:
            named.append(known)
        elif is_prefix and known.identity.startswith(needle):
            begun.append(known)
    return named or begun


def by_id(session: Session, prefix: str) -> Iterator[Known]:
    """Return the objects of every kind whose id begins so; nothing for a text that begins no id."""
    needle = prefix.casefold()
    if ID_PREFIX.match(needle):
        for word in WORDS:
            yield from (known for known in known_objects(session, word) if known.identity.startswith(needle))
