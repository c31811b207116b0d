"""What a formatter returns for one column of one row. Pure; knows no widget and no colour."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: a main span and an optional second one drawn right after it.

    Both texts are already plain: text from a server has been cleaned before it gets here.
    """

    text: str
    """The main span."""
    role: str = "text"
    """Style role of the main span, one of `colonies_tui.ui.styles.ROLES`."""
    tail: str = ""
    """A second span with a role of its own, such as the age after a state: `▶ running` + ` 4m08`."""
    tail_role: str = "dim"
    """Style role of the second span."""


EMPTY_CELL = Cell("")
"""A cell with nothing in it."""
