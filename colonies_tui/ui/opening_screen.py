"""What stands on the screen while the code of everything else is loaded: where one is going, in its final place."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from colonies_tui.config.profile import Profile
from colonies_tui.config.saved_tabs import RestoredTabs
from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.locator import Locator
from colonies_tui.ui.view_catalogue import BY_KEY, FIRST_KEY, VIEWS
from colonies_tui.ui.widgets.header_bar import HeaderBar, HeaderState
from colonies_tui.ui.widgets.tab_line import Tab, TabLine


class OpeningScreen(Screen[None]):
    """The header and the names of the views. Keys that are pressed meanwhile are kept."""

    def __init__(self, profile: Profile, view: str) -> None:
        """
        Args:
            profile: what is opened.
            view: key of the view that will be shown.
        """
        super().__init__()
        self._profile = profile
        self.view = view
        self.keys: list[events.Key] = []
        """What was pressed, for the screen that comes."""

    def compose(self) -> ComposeResult:
        profile = self._profile
        yield HeaderBar(HeaderState(plain(profile.name), plain(profile.colony), link_words="connecting"))
        yield TabLine([Tab(view.digit, view.title) for view in VIEWS], active=BY_KEY[self.view].digit)

    def on_key(self, event: events.Key) -> None:
        """Keep a key."""
        event.stop()
        self.keys.append(event)


def opening_for(profile: Profile | None, start: Locator | None, restored: RestoredTabs) -> OpeningScreen | None:
    """Return the screen that comes before the first one; ``None`` where there is no profile to open.

    Args:
        profile: what is opened where nothing is restored.
        start: the place in it that is shown.
        restored: tabs to begin with instead.
    """
    view = FIRST_KEY
    if restored.tabs:
        profile, saved = restored.tabs[restored.current]
        view = saved.view
    elif start is not None:
        view = start.view
    return None if profile is None else OpeningScreen(profile, view if view in BY_KEY else FIRST_KEY)
