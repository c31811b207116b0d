"""A screen of views between which one travels: to an object, by a locator, back and forward, to other colonies."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial

from textual.binding import Binding
from textual.message import Message

from colonies_tui.ui.context import Context
from colonies_tui.ui.history import History, Standpoint
from colonies_tui.ui.line_screen import LineScreen
from colonies_tui.ui.locator import Locator
from colonies_tui.ui.notify import say
from colonies_tui.ui.seek import NotKnown
from colonies_tui.ui.travel import destination, reason_against_colony, short_form
from colonies_tui.ui.views.view import View, Work

_OWN_MINUS = frozenset({"graph.fold", "timeline.zoom-out"})
"""Bindings of panes that are pressed again and again with the key of the last place."""


class TravellingScreen(LineScreen[None]):
    """Knows where one is and how one came here. A subclass shows the views."""

    class ColonyWanted(Message):
        """Ask for another colony of the same profile, with the way that led there."""

        def __init__(self, screen: TravellingScreen, start: Locator | Standpoint, history: History) -> None:
            super().__init__()
            self.screen = screen
            self.start = start
            self.history = history

    def __init__(self, context: Context, history: History) -> None:
        """
        Args:
            context: what is shown.
            history: the places that led here.
        """
        super().__init__()
        self.context = context
        self.history = history
        self._active = ""
        self._journeys = 0
        """How many movements are under way; only the outermost one is remembered."""
        self._turns = asyncio.Lock()
        """Whoever goes to a view holds it: the view may have to be made first, and the next one waits for that."""

    # -- what a subclass does ----------------------------------------------------------------------------------------

    @abstractmethod
    def view(self, key: str) -> View:
        """Return a view by its key."""

    @abstractmethod
    async def show_view(self, key: str) -> None:
        """Show a view; it is made when it is shown first. Whoever calls it holds the turn."""

    @abstractmethod
    def focus_view(self) -> None:
        """Give the focus to the view on the screen."""

    @abstractmethod
    def close_filter(self) -> None:
        """Have no filter bar."""

    # -- locators ----------------------------------------------------------------------------------------------------

    @property
    def active_view(self) -> View:
        """The view on the screen."""
        return self.view(self._active)

    def here(self) -> Locator:
        """Return what leads to what is open or under the cursor."""
        return self.active_view.here()

    def go_to(self, locator: Locator, *, remember: bool = True) -> None:
        """Go to where a locator leads, in another colony of the profile if it is there; what is not found is said."""
        work: Work = partial(self._go_to, locator, remember)
        self.run_worker(work, group="journey", exclusive=True)

    async def _go_to(self, locator: Locator, remember: bool) -> None:
        session = self.context.session
        left = self.standpoint()
        if locator.colony != session.colony:
            reason = reason_against_colony(session, locator.colony)
            if reason:
                say(self.app, reason, "warning")
                return
            self.history.moved(left, Standpoint(locator.colony, locator.view))
            self.post_message(self.ColonyWanted(self, locator, self.history))
            return
        async with self._unnoticed_turn():
            await self.show_view(locator.view)
            problem = self.active_view.narrow(locator)
            self.focus_view()
        if problem:
            say(self.app, f"{problem}; the filter was left out", "warning")
        try:
            target = await destination(session, locator)
        except NotKnown as error:
            say(self.app, str(error), "warning")
            target = None
        if target is not None and self._active == locator.view:
            with self.unnoticed():
                self.active_view.apply(None)
                self.active_view.open_target(target)
                self.active_view.arrived(locator)
        if remember:
            self.history.moved(left, self.standpoint())

    async def take_filter(self, of_list: str, text: str) -> None:
        """Go to a list and filter it.

        Args:
            of_list: key of the view, and after a space the id of the table where there are several.
            text: the filter.
        """
        view, _, table = of_list.partition(" ")
        async with self.journey():
            await self.show_view(view)
            self.active_view.set_filters({**self.active_view.filters(), table: text})
            self.focus_view()
            if table:
                self.active_view.query_one(f"#{table}").focus()

    def action_copy_locator(self) -> None:
        """Copy what leads here."""
        locator = self.here()
        self.app.copy_to_clipboard(str(locator))
        say(self.app, f"copied {short_form(locator)}")

    # -- history -----------------------------------------------------------------------------------------------------

    def standpoint(self) -> Standpoint:
        """Return where one is."""
        return self.active_view.standpoint()

    @contextmanager
    def moving(self) -> Iterator[None]:
        """Within this one goes somewhere: where one was is remembered, if one is somewhere else afterwards."""
        left = self.standpoint() if self._active and not self._journeys else None
        with self.unnoticed():
            yield
        if left is not None:
            self.history.moved(left, self.standpoint())

    @contextmanager
    def unnoticed(self) -> Iterator[None]:
        """Within this, going somewhere is not remembered."""
        self._journeys += 1
        try:
            yield
        finally:
            self._journeys -= 1

    @asynccontextmanager
    async def journey(self) -> AsyncIterator[None]:
        """Within this one goes to a view, after whoever is on the way to one; where one was is remembered."""
        async with self._turns:
            with self.moving():
                yield

    @asynccontextmanager
    async def _unnoticed_turn(self) -> AsyncIterator[None]:
        async with self._turns:
            with self.unnoticed():
                yield

    async def _resume(self, find: Callable[[Standpoint], Standpoint | None]) -> bool:
        """Be where one was; return whether there was such a place."""
        place = find(self.standpoint())
        if place is None:
            return False
        self.workers.cancel_group(self, "journey")
        if place.colony != self.context.session.colony:
            self.post_message(self.ColonyWanted(self, place, self.history))
            return True
        async with self._unnoticed_turn():
            await self.show_view(place.view)
            self.close_filter()
            self.active_view.resume(place)
        return True

    def step_out(self) -> bool:
        """Go one step back inside the view; return whether there was one."""
        left = self.standpoint()
        with self.unnoticed():
            if not self.active_view.go_back():
                return False
        self.history.stepped_out(left, self.standpoint())
        return True

    async def action_history(self, step: int) -> None:
        """Go to the place before, or forward again."""
        if not await self._resume(self.history.back if step < 0 else self.history.forward):
            say(self.app, "there is no place before this one" if step < 0 else "there is no place after this one")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where the key of the last place folds or zooms, it does only that, also when there is nothing to fold."""
        if action == "last_place" and self.focused is not None:
            named = {binding.id for binding in type(self.focused).BINDINGS if isinstance(binding, Binding)}
            return not named & _OWN_MINUS
        return True

    async def action_last_place(self) -> None:
        """Go to the place that was left last, and back again."""
        await self._resume(self.history.last)

    async def action_back(self) -> None:
        """Go one step back: inside the view, then to the view before."""
        if not self.step_out():
            await self._resume(lambda here: self.history.back(here, lambda place: place.view != here.view))
