"""Hands that press keys at random: every view, every dialog, filters, the palette. They never leave the console."""

from __future__ import annotations

import random
from collections import Counter

from textual.command import CommandPalette
from textual.widgets import Input

from colonies_tui.ui.widgets.json_editor import JsonEditor
from tests.ui.console.driver import Console
from tests.ui.console.views import VIEWS

MOVES = ("j", "k", "G", "g", "down", "up", "left", "right", "pagedown", "pageup", "ctrl+d", "ctrl+u", "home", "end")
STEPS = ("enter", "enter", "escape", "escape", "tab", "shift+tab", "minus", "space", "S", "question_mark", "f5", "T")
DEEDS = (
    "a",
    "r",
    "n",
    "R",
    "C",
    "D",
    "P",
    "t",
    "p",
    "l",
    "L",
    "e",
    "d",
    "f",
    "M",
    "X",
    "c",
    "o",
    "x",
    "w",
    "u",
    "y",
    "N",
)
FILTERS = ("render", "state=failed", "gpu", "age>1m", "(", "no such thing", "executor=cli*")


class Hands:
    """Presses one thing after the other."""

    def __init__(self, console: Console, chance: random.Random) -> None:
        self._console = console
        self._chance = chance
        self.pressed: Counter[str] = Counter()
        """How often what was pressed."""

    async def act(self) -> None:
        """Do one thing that fits what is on the screen."""
        c, chance = self._console, self._chance
        screen = c.app.screen
        if isinstance(screen, CommandPalette):
            await self._press("down", "escape")
        elif c.dialog is not None:
            await self._press(chance.choice(("y", "y", "y", "a", "a", "r", "enter", "escape", "tab", "left", "right")))
        elif isinstance(screen, JsonEditor):
            await self._press(chance.choice(("x", "down", "ctrl+s", "escape", "escape")))
        elif isinstance(c.app.focused, Input):
            await c.type(chance.choice(FILTERS))
            await self._press(chance.choice(("enter", "escape")))
        else:
            await self._press(self._any_key())

    def _any_key(self) -> str:
        chance = self._chance
        roll = chance.random()
        if roll < 0.15:
            return chance.choice(tuple(VIEWS))
        if roll < 0.4:
            return chance.choice(MOVES)
        if roll < 0.6:
            return chance.choice(STEPS)
        if roll < 0.65:
            return chance.choice(("slash", "colon"))
        return chance.choice(DEEDS if self._console.view != "colonies" else ("P", "n", "S"))

    async def _press(self, *keys: str) -> None:
        self.pressed.update(keys)
        await self._console.press(*keys)
