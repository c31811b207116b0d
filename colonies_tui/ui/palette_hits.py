"""What stands in the palette: commands whose names and words are shown as they are, whatever brackets are in them.

The toolkit reads both as its markup, where a name with a bracket would end the program. No other module makes hits.
"""

from __future__ import annotations

from textual.command import DiscoveryHit, Hit
from textual.content import Content
from textual.fuzzy import Matcher
from textual.types import IgnoreReturnCallbackType

from colonies_tui.protocol.plaintext import plain


def literal(text: str) -> str:
    """Return markup that is shown as ``text``, cleaned."""
    return plain(text).replace("[", "\\[")


def hit(score: float, name: str | Content, command: IgnoreReturnCallbackType, words: str | None) -> Hit:
    """Return a command that was found."""
    title = Content(plain(name)) if isinstance(name, str) else name
    return Hit(score, title, command, text=title.plain, help=None if words is None else literal(words))


def listed(name: str, command: IgnoreReturnCallbackType, words: str | None) -> DiscoveryHit:
    """Return a command that is offered before anything was typed."""
    title = Content(plain(name))
    return DiscoveryHit(title, command, text=title.plain, help=None if words is None else literal(words))


def highlighted(matcher: Matcher, name: str) -> Content:
    """Return a name with the letters that were typed made to stand out."""
    title = Content(plain(name))
    _, offsets = matcher.fuzzy_search.match(matcher.query, title.plain)
    for offset in offsets:
        if not title.plain[offset].isspace():
            title = title.stylize(matcher.match_style, offset, offset + 1)
    return title
