"""The list of what is watched: what it is, how it stands, and the last that happened to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.watch import BLOCKED, EMPTY, WORKING, Event, News, Watched, WatchKind
from colonies_tui.ui.cell import Cell
from colonies_tui.ui.filter import Fields
from colonies_tui.ui.format.durations import duration, short_age
from colonies_tui.ui.format.glyphs import Alphabet
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.format.numbers import counted, grouped
from colonies_tui.ui.format.states import StateFace
from colonies_tui.ui.table_layout import Column

_QUEUE_FACES: Final[Mapping[str, tuple[str, str]]] = {
    BLOCKED: ("waiting", "waiting"),
    WORKING: ("running", "running"),
    EMPTY: ("none", "dim"),
}
"""Name of the glyph and role of a queue's states."""

_EVENT_ROLES: Final[Mapping[Event, str]] = {
    Event.FAILED: "failed",
    Event.FIRST_FAILURE: "failed",
    Event.BLOCKED: "waiting",
    Event.DEEP: "waiting",
    Event.STALE: "stale",
    Event.SUCCEEDED: "success",
    Event.CANCELLED: "cancelled",
}


def standing_face(row: Watched, alphabet: Alphabet) -> StateFace:
    """Return how the state of a watched thing looks."""
    word, standing = row.standing.word, row.standing
    if not standing.is_known:
        return StateFace(alphabet.unknown, "not seen yet", "dim")
    if row.watch.kind is WatchKind.FILTER:
        return StateFace(alphabet.separator, counted(standing.count, "row"), "text")
    if row.watch.kind is WatchKind.QUEUE:
        glyph, role = _QUEUE_FACES.get(word, ("unknown", "dim"))
        return StateFace(getattr(alphabet, glyph), word, role)
    return StateFace(getattr(alphabet, word, alphabet.unknown), word, word)


def news_role(news: News) -> str:
    """Return the role in which news are written."""
    return _EVENT_ROLES.get(news.event, "text")


def where_words(watched: Watched) -> str:
    """Return the beginning of an id where a thing has one; empty otherwise."""
    is_run = watched.watch.kind in (WatchKind.PROCESS, WatchKind.WORKFLOW)
    return short_id(watched.watch.id) if is_run else ""


def watch_columns(alphabet: Alphabet, is_new: Callable[[News], bool]) -> list[Column[Watched]]:
    """Return the columns.

    Args:
        alphabet: the glyphs.
        is_new: whether news had not been read when the list was opened.
    """

    def glyph(row: Watched, now: float) -> Cell:
        face = standing_face(row, alphabet)
        return Cell(face.glyph, face.role)

    def state(row: Watched, now: float) -> Cell:
        face = standing_face(row, alphabet)
        depth = row.standing.count if row.watch.kind is WatchKind.QUEUE else 0
        return Cell(face.word, face.role, f" {grouped(depth)}" if depth else "", "dim")

    def news(row: Watched, now: float) -> Cell:
        if row.latest is None:
            return Cell(alphabet.none, "dim")
        away = f"  while {row.latest.away}, {duration(row.latest.away_seconds)}" if row.latest.away else ""
        return Cell(plain(row.latest.words), news_role(row.latest), plain(away), "dim")

    def news_age(row: Watched, now: float) -> Cell:
        if row.latest is None:
            return Cell("", "dim")
        return Cell(short_age(now - row.latest.at), "strong" if is_new(row.latest) else "dim")

    def age(row: Watched, now: float) -> Cell:
        at = row.standing.at
        return Cell(short_age(None if at is None else now - at), "dim")

    return [
        Column("glyph", "", glyph, sort=lambda row: row.standing.word, width=1, fields=frozenset({"standing"})),
        Column(
            "kind", "kind", lambda row, now: Cell(row.watch.kind.value, "dim"), sort=lambda row: row.watch.kind, width=8
        ),
        Column(
            "name",
            "what",
            lambda row, now: Cell(plain(row.watch.name), "strong"),
            sort=lambda row: row.watch.name.casefold(),
            width=24,
            min_width=14,
            flex=2,
        ),
        Column("state", "state", state, sort=lambda row: row.standing.word, width=10, fields=frozenset({"standing"})),
        Column(
            "since",
            "since",
            age,
            sort=lambda row: -(row.standing.at or 0.0),
            width=5,
            align="right",
            ticks=True,
            rank=3,
        ),
        Column(
            "news",
            "last news",
            news,
            sort=lambda row: row.latest.words if row.latest else None,
            width=52,
            min_width=24,
            flex=4,
            fields=frozenset({"latest"}),
        ),
        Column(
            "age",
            "age",
            news_age,
            sort=lambda row: -row.latest.number if row.latest else None,
            width=5,
            align="right",
            ticks=True,
        ),
        Column(
            "watched",
            "watched",
            lambda row, now: Cell(short_age(now - row.watch.since), "dim"),
            sort=lambda row: -row.watch.since,
            width=7,
            align="right",
            ticks=True,
            rank=2,
        ),
        Column("id", "id", lambda row, now: Cell(where_words(row), "dim"), width=8, rank=1),
    ]


def watch_fields() -> Fields[Watched]:
    """Return what a filter can ask for."""
    return Fields(
        texts={
            "kind": lambda row: row.watch.kind.value,
            "name": lambda row: row.watch.name,
            "state": lambda row: row.standing.word,
            "news": lambda row: row.latest.words if row.latest else "",
            "id": lambda row: row.watch.id,
        },
        numbers={"age": lambda row, now: now - row.latest.at if row.latest else None},
    )
