"""One watch in full: how its object stands, and everything that was told of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.watch import News, Watched, WatchKind
from colonies_tui.ui.document import Field, Section
from colonies_tui.ui.format.durations import duration, moment, short_age
from colonies_tui.ui.format.glyphs import Alphabet
from colonies_tui.ui.format.numbers import counted, grouped
from colonies_tui.ui.spans import Span
from colonies_tui.ui.tables.watches import news_role, standing_face

SHOWN_NEWS: Final = 50


def watch_sections(row: Watched, news: Sequence[News], now: float, alphabet: Alphabet) -> Sequence[Section]:
    """Return a watch as sections.

    Args:
        row: the watch.
        news: what is known of all watches, the oldest first.
        now: seconds since 1970.
        alphabet: the glyphs.
    """
    watch, standing = row.watch, row.standing
    face = standing_face(row, alphabet)
    since = "" if standing.at is None else f"  {short_age(now - standing.at)}"
    head = [Field("", [Span(face.text, face.role), Span(since, "dim")])]
    if standing.note:
        head.append(Field.of("", plain(standing.note), "failed" if standing.word == "failed" else "dim"))
    if row.is_away:
        head.append(Field.of("", "not seen since the link was down or the console was closed", "warning"))
    facts = [
        Field("name", [Span(plain(watch.name), "strong")]),
        Field.of("watched", f"since {moment(watch.since, now)}"),
    ]
    if watch.kind is WatchKind.QUEUE:
        limit = "no limit; d sets one" if watch.limit is None else f"told above {grouped(watch.limit)}"
        facts.append(Field("depth", [Span(grouped(standing.count)), Span(f"  {limit}", "dim")]))
    if watch.kind is WatchKind.FILTER:
        facts.append(Field.of("filter", plain(watch.filter_text)))
    elif watch.kind is not WatchKind.QUEUE:
        facts.append(Field.of("id", plain(watch.id), "dim"))
    own = [each for each in reversed(news) if each.key == watch.key]
    told = [_news_field(each, now) for each in own[:SHOWN_NEWS]] or [Field.of("", "nothing has happened yet", "dim")]
    more = len(own) - SHOWN_NEWS
    if more > 0:
        told.append(Field.of("", counted(more, "older one"), "dim"))
    return [
        Section("", head),
        Section(f"Watched {watch.kind}", facts),
        Section(f"News{f' · {grouped(len(own))}' if own else ''}", told),
    ]


def _news_field(news: News, now: float) -> Field:
    spans = [Span(plain(news.words), news_role(news))]
    if news.away:
        spans.append(Span(f"  while {news.away} ({duration(news.away_seconds)})", "dim"))
    return Field(moment(news.at, now), spans)
