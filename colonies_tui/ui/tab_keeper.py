"""Keeps in a file what is open, so that it comes back at the next start."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from pathlib import Path

from colonies_tui.config.errors import ConfigError
from colonies_tui.config.saved_tabs import SavedTab, SavedTabs, can_be_saved, save_tabs, texts_of
from colonies_tui.ui.colony_tab import ColonyTab
from colonies_tui.ui.workspace import Workspace

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
"""How often it is looked whether what is open has changed."""


@dataclass(slots=True)
class TabKeeper:
    """Writes the tabs of a workspace when they have changed."""

    workspace: Workspace
    path: Path
    keys_file: Path
    _written: SavedTabs = field(default_factory=SavedTabs)

    def keep(self, *, to_the_row: bool = False) -> None:
        """Write what is open if that is not what was written last.

        Args:
            to_the_row: also when only the cursor has moved.
        """
        kept = [tab for tab in self.workspace.tabs if can_be_saved(tab.profile, self.keys_file)]
        if not kept:
            return  # nothing that could come back: what came from an earlier time stays
        current = next((number for number, tab in enumerate(kept) if tab is self.workspace.current), 0)
        saved = SavedTabs(tuple(map(_saved, kept)), current)
        if not to_the_row and (texts_of(saved.tabs), current) == (texts_of(self._written.tabs), self._written.current):
            return
        if saved == self._written:
            return
        self._written = saved  # not tried again and again where it cannot be written
        try:
            save_tabs(self.path, saved)
        except ConfigError as error:
            log.warning("tabs are not kept: %s", error)


def _saved(tab: ColonyTab) -> SavedTab:
    place = tab.here()
    return SavedTab(tab.profile.name, tab.session.colony, place.view, place.filter, place.row)
