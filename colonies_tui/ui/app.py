"""The console: owns the session, the screens and the operator's taste."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.events import AppBlur, AppFocus
from textual.filter import LineFilter
from textual.screen import Screen
from textual.worker import Worker

from colonies_tui.config.errors import ConfigError
from colonies_tui.config.key_source import asks_on_terminal
from colonies_tui.config.keys_file import load_profiles
from colonies_tui.config.paths import Paths
from colonies_tui.config.profile import Profile
from colonies_tui.config.settings import Settings
from colonies_tui.store.session import Session
from colonies_tui.ui.ascii_filter import AsciiFilter
from colonies_tui.ui.context import Context
from colonies_tui.ui.format.glyphs import ASCII, UNICODE, Alphabet
from colonies_tui.ui.help_screen import HelpScreen
from colonies_tui.ui.main_screen import MainScreen
from colonies_tui.ui.notify import say
from colonies_tui.ui.themed_app import ThemedApp
from colonies_tui.ui.views.colonies import ColoniesView

OpenSession = Callable[[Profile], Session]
"""Makes the session of a profile; it is not run yet."""


class ConsoleApp(ThemedApp[int]):
    """The terminal console."""

    CSS_PATH = "console.tcss"
    TITLE = "colonies"
    ENABLE_COMMAND_PALETTE = True
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-medium"), (132, "-wide")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "quit", show=False, priority=True, id="app.quit"),
        Binding("T", "next_theme", "theme", show=False, id="app.theme"),
    ]

    def __init__(
        self,
        open_session: OpenSession,
        *,
        profile: Profile | None,
        settings: Settings,
        paths: Paths,
        reason: str = "",
        clock: Callable[[], float] = time.time,
    ) -> None:
        """
        Args:
            open_session: makes sessions.
            profile: where to begin; ``None`` opens the first-run screen.
            settings: the operator's taste.
            paths: where files are kept.
            reason: why there is no profile, in words.
            clock: seconds since 1970.
        """
        super().__init__()
        self._open_session = open_session
        self._profile = profile
        self.settings = settings
        self.paths = paths
        self.reason = reason
        self.clock = clock
        self._ascii_filter = AsciiFilter()
        self.alphabet: Alphabet = ASCII if settings.ascii else UNICODE
        if settings.reduced_motion:
            self.animation_level = "none"
        self.theme = settings.theme if settings.theme in self.available_themes else self.theme
        self._session: Session | None = None
        self._session_worker: Worker[None] | None = None
        self._session_task: asyncio.Task[None] | None = None

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What every drawn line goes through: in ASCII mode no decoration is left that is not ASCII."""
        filters = super().get_line_filters()
        return [*filters, self._ascii_filter] if self.alphabet is ASCII else filters

    async def on_mount(self) -> None:
        """Open the first profile, or ask for one."""
        if self._profile is not None:
            await self._open(self._profile)
        else:
            from colonies_tui.ui.first_run import FirstRunScreen

            self.push_screen(FirstRunScreen(self.paths, self.reason))

    @property
    def session(self) -> Session:
        """The session on the screen.

        Raises:
            LookupError: no profile is open yet.
        """
        if self._session is None:
            raise LookupError("no profile is open")
        return self._session

    # -- sessions --------------------------------------------------------------------------------------------------

    def open_profile(self, profile: Profile) -> None:
        """Show a profile; what was shown before ends with all its requests and subscriptions."""
        self.run_worker(self._open(profile), group="profile", exclusive=True)

    async def _open(self, profile: Profile) -> None:
        await self._end_session()
        session = self._open_session(profile)
        self._session, self._profile = session, profile
        self._session_task = None
        self._session_worker = self.run_worker(partial(self._live, session), group="session", name="session")
        context = Context(session, profile, self.settings, self.paths, self.alphabet, self.clock)
        screen = MainScreen(context)
        while len(self.screen_stack) > 2:  # what lies over the screen that is left
            self.pop_screen()
        self.switch_screen(screen) if len(self.screen_stack) > 1 else self.push_screen(screen)

    async def _end_session(self) -> None:
        """End the session before its screen goes: nothing that still arrives may look for panes that are gone."""
        for screen in self.screen_stack:
            if isinstance(screen, MainScreen):
                screen.stop_following()
        worker, task = self._session_worker, self._session_task
        if worker is not None and not worker.is_cancelled:  # a second time would break off the closing of connections
            worker.cancel()
        if task is not None:
            await asyncio.wait((task,))

    async def _live(self, session: Session) -> None:
        self._session_task = asyncio.current_task()
        await session.run()

    async def _shutdown(self) -> None:
        await self._end_session()  # Textual has no hook before the screens are taken down
        await super()._shutdown()

    def open_named_profile(self, name: str) -> None:
        """Show a profile of the keys file."""
        try:
            entry = load_profiles(self.paths.keys_file).entry(name)
            if any(map(asks_on_terminal, entry.sources.values())):
                with self.suspend():  # a password manager may ask on the terminal
                    profile = entry.resolve(os.environ)
            else:
                profile = entry.resolve(os.environ)
        except ConfigError as error:
            say(self, str(error), "error")
            return
        self.open_profile(profile)

    @on(ColoniesView.Switch)
    def _switch_colony(self, event: ColoniesView.Switch) -> None:
        event.stop()
        if self._profile is not None:
            self.open_profile(dataclasses.replace(self._profile, colony=event.colony))

    @on(AppFocus)
    def _focused(self) -> None:
        if self._session is not None:
            self._session.focus(True)

    @on(AppBlur)
    def _blurred(self) -> None:
        if self._session is not None:
            self._session.focus(False)

    # -- commands --------------------------------------------------------------------------------------------------

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The commands of the palette that need no search."""
        yield SystemCommand("Help", "The keys of the focused pane", self.action_help)
        yield SystemCommand("Theme", "Choose other colours", self.action_change_theme)
        yield SystemCommand("Read again", "Ask the server for everything on the screen", self._refresh)
        yield SystemCommand("Save screen", "Write this screen as a picture (SVG)", self._save_screen)
        yield SystemCommand("Quit", "Leave the console", self.action_quit)

    def _refresh(self) -> None:
        if self._session is not None:
            self._session.refresh()

    def _save_screen(self) -> None:
        self.deliver_screenshot(path=str(Path.cwd()))

    def action_help(self) -> None:
        """Show the keys of the focused pane."""
        self.push_screen(HelpScreen.of(self.screen))

    def action_next_theme(self) -> None:
        """Go from dark to light and back."""
        self.theme = "colonies-light" if self.current_theme.dark else "colonies-dark"

    async def action_quit(self) -> None:
        """Leave."""
        self.exit(0)
