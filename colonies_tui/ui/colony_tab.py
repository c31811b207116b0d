"""A colony that is open in a tab: whose it is, the session that keeps it up to date, and the screen that shows it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Literal

from textual.worker import Worker

from colonies_tui.config.profile import Profile
from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.link import LinkCondition
from colonies_tui.store.session import Session
from colonies_tui.ui.history import Standpoint
from colonies_tui.ui.locator import Locator
from colonies_tui.ui.main_screen import MainScreen
from colonies_tui.ui.place import Place, saved_form
from colonies_tui.ui.widgets.colony_tab_line import TabState

_LINKS: dict[LinkCondition, Literal["up", "connecting", "lost"]] = {
    LinkCondition.LIVE: "up",
    LinkCondition.POLLING: "up",
    LinkCondition.CONNECTING: "connecting",
    LinkCondition.LOST: "lost",
}


@dataclass(eq=False, slots=True)
class ColonyTab:
    """One tab. Its screen is made when it is first shown, and from then on kept as it is."""

    profile: Profile
    session: Session
    mode: str
    """Name of the stack of screens that belongs to it: its main screen with what lies over that."""
    start: Place | Locator | Standpoint
    """Where its screen begins."""
    screen: MainScreen | None = None
    worker: Worker[None] | None = None
    """Runs the session."""
    task: asyncio.Task[None] | None = None
    """The session as it runs."""

    def here(self) -> Place:
        """Return where its screen is, or where it will begin."""
        return saved_form(self.start) if self.screen is None else self.screen.place()

    async def live(self) -> None:
        """Run the session until it is ended."""
        self.task = asyncio.current_task()
        await self.session.run()

    async def end(self) -> None:
        """End all requests and subscriptions; nothing that still arrives may look for panes that are going."""
        self.session.watches.tell(None)
        if self.screen is not None:
            self.screen.stop_following()
        worker, task = self.worker, self.task
        if worker is not None and not worker.is_cancelled:  # a second time would break off the closing of connections
            worker.cancel()
        if task is not None:
            await asyncio.wait((task,))
        await self.session.close()

    def state(self, *, is_current: bool, asks: bool) -> TabState:
        """Return what the line of tabs says of it.

        Args:
            is_current: whether it is on the screen.
            asks: whether something lies over its main screen that waits for an answer.
        """
        session = self.session
        standing = session.standing
        return TabState(
            key=self.mode,
            profile=plain(self.profile.name),
            colony=plain(session.colony),
            link=_LINKS[session.link.condition],
            pending=standing.pending or 0,
            is_current=is_current,
            is_forbidden=standing.is_forbidden,
            is_production=self.profile.production,
            asks=asks,
        )
