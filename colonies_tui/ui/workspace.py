"""The tabs: several colonies open at once, each with its own session and its own screen, one of them shown.

Every tab has a stack of screens of its own (a mode of the toolkit), so that going to another tab takes nothing apart:
view, filter, cursor, scroll, open detail, even a question that waits for an answer are there as they were left.
Sessions that are not shown are read slowly, and all together have only a share of the bound on requests.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.screen import ModalScreen

from colonies_tui.config.profile import Profile
from colonies_tui.store.session import Session
from colonies_tui.ui.colony_tab import ColonyTab
from colonies_tui.ui.context import Context
from colonies_tui.ui.history import History, Standpoint
from colonies_tui.ui.locator import Locator
from colonies_tui.ui.main_screen import MainScreen
from colonies_tui.ui.place import FIRST_PLACE, Place
from colonies_tui.ui.watch_teller import follow_watches
from colonies_tui.ui.widgets.colony_tab_line import TabState

OpenSession = Callable[[Profile], Session]
"""Makes the session of a profile; it is not run yet."""

Start = Place | Locator | Standpoint
"""Where a tab can begin: where it was when the console was left, where a locator leads, where history leads back to."""

MAX_TABS = 20
"""Most tabs that can be open at once."""


class Workspace:
    """Owns the tabs of one console."""

    def __init__(
        self, app: App[Any], open_session: OpenSession, context_of: Callable[[Session, Profile], Context]
    ) -> None:
        """
        Args:
            app: whose screens and workers are used.
            open_session: makes sessions.
            context_of: makes what the views of a session are given.
        """
        self._app = app
        self._open_session = open_session
        self._context_of = context_of
        self._tabs: list[ColonyTab] = []
        self._current: ColonyTab | None = None
        self._numbers = count(1)
        self._over = asyncio.Event()
        self._turn = asyncio.Lock()
        """Opening and closing happen one after the other: each waits for sessions to end."""

    @property
    def tabs(self) -> Sequence[ColonyTab]:
        """The tabs in the order they stand in."""
        return tuple(self._tabs)

    @property
    def current(self) -> ColonyTab | None:
        """The tab on the screen; ``None`` before the first one is open."""
        return self._current

    def states(self) -> tuple[TabState, ...]:
        """Return what the line of tabs says."""
        return tuple(tab.state(is_current=tab is self._current, asks=self._asks(tab)) for tab in self._tabs)

    def _asks(self, tab: ColonyTab) -> bool:
        return tab.screen is not None and isinstance(self._app.get_screen_stack(tab.mode)[-1], ModalScreen)

    def mode_of(self, node: DOMNode) -> str | None:
        """Return the name of the stack of screens that a node belongs to; ``None`` for one that belongs to no tab."""
        return next(
            (tab.mode for tab in self._tabs if tab.screen is not None and tab.screen in node.ancestors_with_self), None
        )

    # -- opening and closing -----------------------------------------------------------------------------------------

    async def open_here(self, profile: Profile, start: Start = FIRST_PLACE, history: History | None = None) -> None:
        """Show a profile in the current tab; what was shown there ends with all its requests and subscriptions."""
        async with self._turn:
            if self._over.is_set():
                return
            before = self._current
            if before is None:
                self.show(self._start(profile, start, len(self._tabs), history))
                return
            await before.end()
            if self._over.is_set():
                return
            where = self._tabs.index(before)
            tab = self._start(profile, start, where, history)
            self._tabs.remove(before)
            if self._current is before:
                self.show(tab)
            await self._remove(before)
            self._share_budget()

    async def open_beside(self, profile: Profile, start: Start = FIRST_PLACE, *, shown: bool = True) -> bool:
        """Open a profile in a new tab at the right of the current one, or last of all when it is not to be shown.

        Returns:
            ``False`` where no more tabs can be open.
        """
        async with self._turn:
            if self._over.is_set():
                return True
            if len(self._tabs) >= MAX_TABS:
                return False
            after = self._tabs.index(self._current) + 1 if shown and self._current is not None else len(self._tabs)
            tab = self._start(profile, start, after)
            if shown:
                self.show(tab)
            else:
                self._share_budget()
            return True

    async def close(self, tab: ColonyTab) -> bool:
        """Close a tab and end its session.

        Returns:
            ``False`` for the last one, which stays.
        """
        async with self._turn:
            if tab not in self._tabs:
                return True
            if len(self._tabs) < 2:
                return False
            where = self._tabs.index(tab)
            self._tabs.remove(tab)
            if tab is self._current:
                self.show(self._tabs[min(where, len(self._tabs) - 1)])
            await tab.end()
            await self._remove(tab)
            self._share_budget()
            return True

    async def end(self) -> None:
        """End all sessions, and open no more; the screens stay until the toolkit takes them down."""
        self._over.set()
        if self._tabs:
            await asyncio.gather(*(tab.end() for tab in self._tabs))

    def _start(self, profile: Profile, start: Start, where: int, history: History | None = None) -> ColonyTab:
        session = self._open_session(profile)
        session.focus(self._app.app_focus)
        tab = ColonyTab(profile, session, f"tab-{next(self._numbers)}", start)

        context = self._context_of(session, profile)
        follow_watches(self._app, context, is_shown=lambda: tab is self._current)

        def make_screen() -> MainScreen:
            tab.screen = MainScreen(context, tab.start, history)
            tab.screen.update_classes(self._breakpoints(), update=False)
            return tab.screen

        self._app.add_mode(tab.mode, make_screen)
        self._tabs.insert(where, tab)
        tab.worker = self._app.run_worker(tab.live, group="session", name=f"session {tab.mode}")
        return tab

    def _breakpoints(self) -> dict[str, bool]:
        """Return the classes that the first resize of a screen will set: given before, nothing is styled twice."""
        names: dict[str, bool] = {}
        for width, name in sorted(self._app.HORIZONTAL_BREAKPOINTS or [], reverse=True):
            names[name] = self._app.size.width >= width and not any(names.values())
        return names

    async def _remove(self, tab: ColonyTab) -> None:
        await self._app.remove_mode(tab.mode)

    # -- going from one to another -----------------------------------------------------------------------------------

    def show(self, tab: ColonyTab) -> None:
        """Bring a tab onto the screen, as it was left."""
        self._current = tab
        self._share_budget()
        self._app.switch_mode(tab.mode)
        for screen in self._app.get_screen_stack(tab.mode)[:-1]:  # what lies under a question learns of a new size, too
            if screen.size != self._app.size:
                screen.post_message(events.Resize(self._app.size, self._app.size))
        if tab.screen is not None:
            tab.screen.came_back()

    def step(self, steps: int) -> None:
        """Go so many tabs to the right; negative to the left; around at the ends."""
        if self._current is not None and len(self._tabs) > 1:
            self.show(self._tabs[(self._tabs.index(self._current) + steps) % len(self._tabs)])

    def focus(self, is_focused: bool) -> None:
        """Say whether the terminal has the focus."""
        for tab in self._tabs:
            tab.session.focus(is_focused)

    def _share_budget(self) -> None:
        others = len(self._tabs) - 1
        for tab in self._tabs:
            pace = tab.session.pace
            if tab is self._current:
                share = 1.0 - pace.background_share if others else 1.0
            else:
                share = pace.background_share / max(others, 1)
            tab.session.show(tab is self._current, requests_per_second=share * pace.requests_per_second)
