"""Looks at what the console draws: every line of every screen, and every cell of every table, shown or not."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from rich.cells import cell_len
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import TextArea

from colonies_tui.ui.document import Section, lay_out
from colonies_tui.ui.main_screen import MainScreen
from colonies_tui.ui.widgets.detail import DetailPane
from colonies_tui.ui.widgets.live_table import LiveTable
from tests.hostile.fields import MARKS
from tests.ui.console.driver import Console

_SHIFTERS = frozenset("\u034f\u20e3\u115f\u1160\u3164\uffa0") | {chr(code) for code in range(0xFE00, 0xFE10)}


@cache
def is_harmful(character: str) -> bool:
    """Whether a terminal could take a character for anything else than a picture in its own cells."""
    category = unicodedata.category(character)
    # Private use is left out of Python's own judgement here: it has no picture either.
    return category[0] == "C" or category in ("Zl", "Zp") or character in _SHIFTERS


def faults_of(text: str) -> list[str]:
    """Return the harmful characters of a text."""
    return sorted(f"U+{ord(character):04X}" for character in set(text) if is_harmful(character))


@dataclass
class Looks:
    """What was seen while a test went through the console."""

    c: Console
    marks: set[str] = field(default_factory=set)
    """Keys of the fields of which the mark was seen."""
    widgets: set[type[Widget]] = field(default_factory=set)
    screens: set[type[Screen[object]]] = field(default_factory=set)
    keys: list[str] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    count: int = 0
    _unseen: dict[str, str] = field(default_factory=lambda: dict(MARKS))
    _harmless: set[str] = field(default_factory=set)
    """Texts that were checked and noted; most come again and again."""

    async def look(self) -> None:
        """Let everything be drawn and check it."""
        await self.c.settle()
        app = self.c.app
        self.count += 1
        self.screens.add(type(app.screen))
        self.widgets |= {type(widget) for widget in app.screen.walk_children(Widget) if widget.is_on_screen}
        width, found = app.size.width, []
        strips = app.screen._compositor.render_strips()
        for strip in strips:
            faults = faults_of(strip.text)
            if faults or cell_len(strip.text) != width or strip.cell_length != width:
                found.append(f"{faults} {cell_len(strip.text)} of {width}: {strip.text!r}")
        if found:
            self.faults.setdefault(f"screen {self.where}", found[0][:300])
        assert len(strips) == app.size.height
        self.note("\n".join(strip.text for strip in strips))
        for pane in app.screen.query(DetailPane):  # also what has been scrolled away
            for line in pane._lines:
                self.check("detail", "".join(span.text for span in line))
        for area in app.screen.query(TextArea):
            for text in area.text.split("\n"):
                self.check("editor", text)

    @property
    def where(self) -> str:
        """Where this is, for the words of a failure."""
        main = next((screen for screen in self.c.app.screen_stack if isinstance(screen, MainScreen)), None)
        view = "" if main is None else main.active_view.KEY
        return f"{type(self.c.app.screen).__name__} {view} {' '.join(self.keys)}"

    def note(self, text: str) -> None:
        """Note which marks stand in a text."""
        found = [key for key, mark in self._unseen.items() if mark in text]
        self.marks.update(found)
        for key in found:
            del self._unseen[key]

    def look_at_cells(self, table: LiveTable[Any], now: float) -> None:
        """Make every cell of a table, those of columns that have no room included, and check it."""
        for row in table.rows.values():
            for column in table.columns:
                cell = column.cell(row, now)
                self.check(f"cell {column.key}", cell.text + cell.tail)
                if column.sort is not None:
                    column.sort(row)

    def look_at_document(self, titles: Sequence[str], sections: Sequence[Section]) -> None:
        """Lay a detail out in a narrow and in a wide pane and check its lines."""
        for width in (60, 110):
            for line in lay_out(sections, width, indent=1):
                text = "".join(span.text for span in line)
                self.check("detail", text)
                if cell_len(text) > width:
                    self.faults.setdefault(f"too wide: {self.where}", text)

    def check(self, what: str, text: str) -> None:
        """Check and note a text that is about to be drawn."""
        if text in self._harmless:
            return
        if found := faults_of(text):
            self.faults.setdefault(f"{what} {self.where}", f"{found} {text[:200]!r}")
        else:
            self._harmless.add(text)
        self.note(text)
