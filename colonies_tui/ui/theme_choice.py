"""The palette's list of themes: the console's own first, in words, then those of Textual."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from textual.command import Hits, Provider
from textual.theme import BUILTIN_THEMES

from colonies_tui.config.keys_file import near_miss
from colonies_tui.ui.palette_hits import highlighted, hit, listed
from colonies_tui.ui.themes import THEMES

WORDS: Final = {
    "colonies-dark": "Dark",
    "colonies-light": "Light",
    "colonies-night": "Dark and warm, with little blue",
    "colonies-contrast": "White on black, high contrast",
    "colonies-16": "The terminal's sixteen colours, on black",
}
"""What each of the console's own themes is for."""


class ThemeCommands(Provider):
    """All themes by name."""

    def _themes(self) -> Iterator[tuple[str, str]]:
        own = [theme.name for theme in THEMES]
        yield from ((name, WORDS[name]) for name in own)
        yield from ((name, "") for name in sorted(self.app.available_themes) if name not in own)

    def _choose(self, name: str) -> None:
        self.app.theme = name

    async def discover(self) -> Hits:
        """List them all."""
        for name, words in self._themes():
            yield listed(name, lambda name=name: self._choose(name), words or None)

    async def search(self, query: str) -> Hits:
        """List those that match by name or by what they are for."""
        matcher = self.matcher(query)
        for name, words in self._themes():
            score = max(matcher.match(name), matcher.match(words))
            if score > 0:
                yield hit(score, highlighted(matcher, name), lambda name=name: self._choose(name), words or None)


def theme_fault(name: str) -> str | None:
    """Return what is wrong with the name of a theme, ``None`` when there is one."""
    names = [*(theme.name for theme in THEMES), *BUILTIN_THEMES]
    return None if name in names else f'there is no theme "{name}"{near_miss(name, names)}'


def next_theme(name: str) -> str:
    """Return the name of the console's own theme that follows another; after one that is not ours, the first."""
    own = [theme.name for theme in THEMES]
    return own[(own.index(name) + 1) % len(own)] if name in own else own[0]
