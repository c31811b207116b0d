"""What every view is given: the session, whose it is, and the operator's taste."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from colonies_tui.config.paths import Paths
from colonies_tui.config.profile import Profile
from colonies_tui.config.settings import Settings
from colonies_tui.store.session import Session
from colonies_tui.ui.filter_shelf import FilterShelf
from colonies_tui.ui.format.glyphs import Alphabet
from colonies_tui.ui.outbox import Outbox
from colonies_tui.ui.widgets.colony_tab_line import TabState


@dataclass(frozen=True, slots=True)
class Context:
    """One session on the screen."""

    session: Session
    profile: Profile
    settings: Settings
    paths: Paths
    alphabet: Alphabet
    clock: Callable[[], float]
    """Seconds since 1970."""
    shelf: FilterShelf
    """Filters to take up again."""
    outbox: Outbox
    """Where decisions go."""
    tabs: Callable[[], Sequence[TabState]] = tuple
    """What the line of tabs says now."""


@dataclass(frozen=True, slots=True)
class Target:
    """An object to go to: which view shows it, and its id there."""

    view: str
    """Key of a view."""
    kind: str = ""
    """What the id names: ``process``, ``executor``, ``state``, ``type``; empty for the view itself."""
    id: str = ""
