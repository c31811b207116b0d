"""One entry of the journal in full: how it ended, who asked, the commands that do the same, and what was sent."""

from __future__ import annotations

import json
from collections.abc import Sequence

from colonies_tui.protocol.plaintext import plain, plain_lines
from colonies_tui.store.equivalent import Commands
from colonies_tui.store.journal_reading import UNDER_WAY, JournalAction
from colonies_tui.ui.document import Field, Section
from colonies_tui.ui.equivalents import command_fields
from colonies_tui.ui.format.durations import duration, moment, short_age
from colonies_tui.ui.format.glyphs import Alphabet
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.spans import Span
from colonies_tui.ui.tables.journal import object_words, outcome_face


def journal_sections(
    action: JournalAction, commands: Commands | None, now: float, alphabet: Alphabet
) -> Sequence[Section]:
    """Return an entry as sections.

    Args:
        action: the entry.
        commands: what does the same; ``None`` where the message is not known.
        now: seconds since 1970.
        alphabet: the glyphs.
    """
    face = outcome_face(action.outcome, alphabet)
    age = None if action.at is None else now - action.at
    head = [Span(face.text, face.role), Span(f" {short_age(age)} ago" if age is not None else "")]
    if action.seconds is not None:
        head.append(Span(f" after {duration(action.seconds)}", "dim"))
    words = "sent, and its answer is awaited" if action.outcome == UNDER_WAY else action.words
    tone = "text" if action.outcome in ("done", UNDER_WAY) else face.role
    key = f"{plain(action.role)}'s key" if action.key or action.role else alphabet.none
    facts = [
        Field.of("verb", plain(action.verb)),
        Field("object", [Span(object_words(action), "strong")]),
        *([Field.of("id", plain(action.target["id"]), "dim")] if action.target.get("id") else []),
        Field("signed", [Span(key), Span(f"  {plain(short_id(action.signer))}", "dim")]),
        Field("profile", [Span(plain(action.profile) or alphabet.none), Span(f"  {plain(action.server)}", "dim")]),
        Field.of("at", moment(action.at, now)),
    ]
    text = json.dumps(dict(action.request), ensure_ascii=False, indent=2)
    same = command_fields(commands) if commands else [Field.of("", "this version does not know the message", "dim")]
    return [
        Section("", [Field("", head), Field.of("", "\n".join(plain_lines(words)), tone)]),
        Section("Action", facts),
        Section("The same as a command · c official, C call", same),
        Section("Request", [Field.of("", "\n".join(plain_lines(text)))]),
    ]
