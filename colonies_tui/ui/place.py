"""Where somebody is in the main screen: a view, its filter, and the row under the cursor."""

from __future__ import annotations

from dataclasses import dataclass

from colonies_tui.ui.history import Standpoint
from colonies_tui.ui.locator import Locator
from colonies_tui.ui.view_catalogue import FIRST_KEY


@dataclass(frozen=True, slots=True)
class Place:
    """What is needed to come back to where one was."""

    view: str
    """Key of a view."""
    filter: str = ""
    """The filter as it was typed."""
    row: str = ""
    """Id of the row under the cursor of the view's first list; empty for none."""


FIRST_PLACE = Place(FIRST_KEY)
"""Where a new tab begins."""


def saved_form(start: Place | Locator | Standpoint) -> Place:
    """Return what is kept of a place for the next start."""
    if isinstance(start, Place):
        return start
    return Place(start.view, start.filter if isinstance(start, Locator) else dict(start.filters).get("", ""))
