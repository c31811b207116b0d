"""The journal as a list: what was done, to what, with which key, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.journal_reading import UNDER_WAY, JournalAction
from colonies_tui.ui.cell import Cell
from colonies_tui.ui.export import moment as time_of
from colonies_tui.ui.filter import Fields
from colonies_tui.ui.format.durations import duration, moment, short_age
from colonies_tui.ui.format.glyphs import Alphabet
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.format.states import StateFace
from colonies_tui.ui.table_layout import Column, with_values

_GLYPHS: Final[Mapping[str, tuple[str, str]]] = {
    "done": ("success", "success"),
    "refused": ("failed", "failed"),
    "not sent": ("cancelled", "cancelled"),
    "unknown": ("unknown", "warning"),
    UNDER_WAY: ("running", "running"),
}
"""Name of the glyph and style role by outcome."""


def outcome_face(outcome: str, alphabet: Alphabet) -> StateFace:
    """Return how an outcome looks."""
    glyph, role = _GLYPHS.get(outcome, ("unknown", "warning"))
    return StateFace(getattr(alphabet, glyph), outcome, role)


def object_words(action: JournalAction) -> str:
    """Return what an action was about: its kind, where the name does not say it, and its name; cleaned."""
    kind, name = plain(action.target.get("kind", "")), plain(action.object_name)
    return name if kind in ("", "message") or kind in name else f"{kind} {name}"


def journal_columns(alphabet: Alphabet) -> list[Column[JournalAction]]:
    """Return the columns."""

    def age(action: JournalAction, now: float) -> Cell:
        return Cell(short_age(None if action.at is None else now - action.at), "dim")

    def outcome(action: JournalAction, now: float) -> Cell:
        face = outcome_face(action.outcome, alphabet)
        return Cell(face.glyph, face.role, f" {face.word}", "dim" if action.outcome == "done" else face.role)

    def words(action: JournalAction, now: float) -> Cell:
        return Cell(plain(action.words), "dim" if action.outcome == "done" else "text")

    columns: list[Column[JournalAction]] = [
        Column("when", "age", age, sort=lambda action: action.at, width=5, align="right", ticks=True),
        Column("at", "at", lambda action, now: Cell(moment(action.at, now), "dim"), width=16, rank=5),
        Column(
            "outcome",
            "outcome",
            outcome,
            sort=lambda action: action.outcome,
            width=11,
            fields=frozenset({"outcome"}),
        ),
        Column("verb", "verb", lambda action, now: Cell(plain(action.verb)), sort=lambda action: action.verb, width=9),
        Column(
            "object",
            "object",
            lambda action, now: Cell(object_words(action), "strong"),
            sort=lambda action: action.object_name.casefold(),
            width=32,
            min_width=24,
            flex=2,
        ),
        Column(
            "profile",
            "profile",
            lambda action, now: Cell(plain(action.profile) or alphabet.none, "dim"),
            sort=lambda action: action.profile,
            width=11,
            rank=1,
        ),
        Column("role", "signed by", lambda action, now: Cell(plain(action.role), "dim"), width=12, rank=2),
        Column("signer", "key", lambda action, now: Cell(plain(short_id(action.signer)), "dim"), width=8, rank=4),
        Column(
            "took",
            "took",
            lambda action, now: Cell(duration(action.seconds), "dim"),
            sort=lambda action: action.seconds,
            width=6,
            align="right",
            rank=3,
        ),
        Column("words", "in words", words, width=34, min_width=24, flex=3, rank=6, fields=frozenset({"words"})),
    ]
    return with_values(
        columns,
        {
            "when": lambda action, now: time_of(action.at),
            "at": lambda action, now: time_of(action.at),
            "outcome": lambda action, now: action.outcome,
            "verb": lambda action, now: action.verb,
            "object": lambda action, now: action.object_name,
            "profile": lambda action, now: action.profile,
            "role": lambda action, now: action.role,
            "signer": lambda action, now: action.signer,
            "took": lambda action, now: action.seconds,
            "words": lambda action, now: action.words,
        },
        {"when": "at"},
    )


def journal_fields() -> Fields[JournalAction]:
    """Return what a filter can ask for."""
    return Fields(
        texts={
            "outcome": lambda action: action.outcome,
            "verb": lambda action: action.verb,
            "object": lambda action: object_words(action),
            "kind": lambda action: action.target.get("kind", ""),
            "profile": lambda action: action.profile,
            "server": lambda action: action.server,
            "role": lambda action: action.role,
            "key": lambda action: action.signer,
            "message": lambda action: action.msgtype,
            "id": lambda action: action.target.get("id", ""),
            "words": lambda action: action.words,
        },
        numbers={
            "age": lambda action, now: None if action.at is None else now - action.at,
            "took": lambda action, now: action.seconds,
        },
    )
