"""One quiet hue per source of log lines, the same in every session, legible on every ground of the theme."""

from __future__ import annotations

import math
from typing import Final
from zlib import crc32

from rich.style import Style
from textual.color import Color, Lab, lab_to_rgb

from colonies_tui.ui.styles import Ground, RoleStyles
from colonies_tui.ui.themes import HIGH_CONTRAST, MIN_CONTRAST, contrast_ratio, legible

HUES: Final = 12
"""Different hues; more could not be told apart."""

_CHROMA: Final = 34.0
"""Strength of the hues: weak enough that the states' colours stay the strong ones."""

_GROUNDS: Final[tuple[Ground, ...]] = ("base", "cursor", "blurred")


def hue_index(source: str) -> int:
    """Return which of the hues a source has; it depends on the name alone."""
    return crc32(source.encode("utf-8", "surrogatepass")) % HUES


class SourceHues:
    """Colours of sources in one theme."""

    def __init__(self, styles: RoleStyles) -> None:
        self._rich: dict[tuple[int, Ground], Style] = {}
        grounds = [styles.ground(ground) for ground in _GROUNDS]
        base = grounds[0]
        self._styles = styles
        self._colors: list[Color] = []
        if base.ansi is not None:  # a terminal's own sixteen colours: hues would look like states
            return
        faintest = min(contrast_ratio(styles.color("faint"), ground) for ground in grounds)
        least = HIGH_CONTRAST if faintest >= HIGH_CONTRAST else MIN_CONTRAST
        dark = contrast_ratio(base, Color(255, 255, 255)) > contrast_ratio(base, Color(0, 0, 0))
        for index in range(HUES):
            angle = math.tau * index / HUES
            lab = Lab(74.0 if dark else 38.0, _CHROMA * math.cos(angle), _CHROMA * math.sin(angle))
            self._colors.append(legible(_opaque(lab), grounds, dark=dark, least=least))

    def color(self, source: str) -> Color:
        """Return the colour of a source."""
        return self._colors[hue_index(source)] if self._colors else self._styles.color("dim")

    def rich(self, source: str, on: Ground = "base") -> Style:
        """Return the style of a source's name."""
        if not self._colors:
            return self._styles.rich("dim", on)
        key = (hue_index(source), on)
        if (style := self._rich.get(key)) is None:
            style = self._rich[key] = Style(
                color=self._colors[key[0]].rich_color, bgcolor=self._styles.ground(on).rich_color
            )
        return style


def _opaque(lab: Lab) -> Color:
    red, green, blue = (min(max(channel, 0), 255) for channel in lab_to_rgb(lab).rgb)
    return Color(red, green, blue)
