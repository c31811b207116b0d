"""Where somebody is in the main screen: a view, its filter, and the row under the cursor."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """What is needed to come back to where one was."""

    view: str
    """Key of a view."""
    filter: str = ""
    """The filter as it was typed."""
    row: str = ""
    """Id of the row under the cursor of the view's first list; empty for none."""
