"""The classes of all views."""

from __future__ import annotations

from colonies_tui.ui import view_catalogue
from colonies_tui.ui.views.view import View

VIEWS: dict[str, type[View]] = {entry.digit: entry.load() for entry in view_catalogue.VIEWS}
"""The main views by their digits."""

MORE_VIEWS: tuple[type[View], ...] = tuple(entry.load() for entry in view_catalogue.MORE_VIEWS)
"""Views that are reached by name."""
