"""The views by key, digit and name. The code of each is loaded when it is shown first: most are not in one session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from colonies_tui.ui.views.view import View


@dataclass(frozen=True, slots=True)
class ViewEntry:
    """One view."""

    key: str
    """Short name, used for navigation."""
    title: str
    digit: str
    """The key that shows it; empty for one that is reached by name."""
    module: str
    """Module of :mod:`colonies_tui.ui.views` that holds its class."""
    name: str
    """Name of the class."""

    def load(self) -> type[View]:
        """Return the class."""
        found: type[View] = getattr(import_module(f"colonies_tui.ui.views.{self.module}"), self.name)
        return found


VIEWS: Final = (
    ViewEntry("overview", "Overview", "1", "overview", "OverviewView"),
    ViewEntry("processes", "Processes", "2", "processes", "ProcessesView"),
    ViewEntry("workflows", "Workflows", "3", "workflows", "WorkflowsView"),
    ViewEntry("executors", "Executors", "4", "executors", "ExecutorsView"),
    ViewEntry("logs", "Logs", "5", "logs", "LogsView"),
    ViewEntry("crons", "Crons", "6", "crons", "CronsView"),
    ViewEntry("generators", "Generators", "7", "generators", "GeneratorsView"),
    ViewEntry("files", "Files", "8", "files", "FilesView"),
    ViewEntry("colonies", "Colonies", "9", "colonies", "ColoniesView"),
    ViewEntry("server", "Server", "0", "server", "ServerView"),
)
"""The main views, in the order of their digits."""

MORE_VIEWS: Final = (
    ViewEntry("functions", "Functions", "", "functions", "FunctionsView"),
    ViewEntry("blueprints", "Blueprints", "", "blueprints", "BlueprintsView"),
    ViewEntry("journal", "Journal", "", "journal", "JournalView"),
    ViewEntry("watches", "Watch list", "", "watches", "WatchesView"),
)
"""Views that are reached by name."""

BY_KEY: Final[Mapping[str, ViewEntry]] = {entry.key: entry for entry in (*VIEWS, *MORE_VIEWS)}

FIRST_KEY: Final = "overview"
"""Key of the view that is shown where no other is asked for."""
