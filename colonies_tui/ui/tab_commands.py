"""The keys of tabs, and what the palette finds about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Protocol

from textual.binding import Binding
from textual.command import Hits, Provider

from colonies_tui.ui.palette_hits import hit, listed
from colonies_tui.ui.widgets.colony_tab_line import TabState

TAB_BINDINGS = (
    Binding("ctrl+t", "app.new_tab", "new tab", show=False, id="main.new-tab"),
    Binding("ctrl+w", "app.close_tab", "close tab", show=False, id="main.close-tab"),
)
"""Keys of the main screen."""

STEP_BINDINGS = (
    Binding("left_curly_bracket", "step_tab(-1)", "previous tab", show=False, id="app.previous-tab"),
    Binding("right_curly_bracket", "step_tab(1)", "next tab", show=False, id="app.next-tab"),
)
"""Keys of every screen that no question lies over; where somebody types they are letters."""


class TabOwner(Protocol):
    """What is asked of the app by the palette's entries."""

    def tab_states(self) -> tuple[TabState, ...]:
        """Return what the line of tabs says."""
        ...

    def show_tab(self, key: str) -> None:
        """Bring a tab onto the screen."""
        ...

    def action_new_tab(self) -> None:
        """Ask what to open in a new tab."""
        ...

    def action_close_tab(self) -> None:
        """Close the tab on the screen."""
        ...


class TabCommands(Provider):
    """Going to a tab, opening one, closing one."""

    def _commands(self) -> Iterator[tuple[str, str, Callable[[], Any]]]:
        owner: TabOwner = self.app  # type: ignore[assignment]  # only the console lists this provider
        states = owner.tab_states()
        for state in states:
            if not state.is_current:
                words = f"{state.pending} pending" if state.pending else "Go there; everything is as it was left"
                yield f"Tab: {state.profile} · {state.colony}", words, partial(owner.show_tab, state.key)
        yield "Tab: new", "Open another profile or colony beside this one", owner.action_new_tab
        if len(states) > 1:
            yield "Tab: close", "End what is shown in this tab", owner.action_close_tab

    async def discover(self) -> Hits:
        """List them all."""
        for name, words, command in self._commands():
            yield listed(name, command, words)

    async def search(self, query: str) -> Hits:
        """List those that match."""
        matcher = self.matcher(query)
        for name, words, command in self._commands():
            score = matcher.match(name)
            if score > 0:
                yield hit(score, name, command, words)
