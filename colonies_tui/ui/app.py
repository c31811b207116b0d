"""The console: owns the tabs, what lies over them, and the operator's taste."""

from __future__ import annotations

import dataclasses
import gc
import time
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import events
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.events import Event, Paste
from textual.worker import get_current_worker

from colonies_tui.config.errors import ConfigError
from colonies_tui.config.saved_tabs import RestoredTabs
from colonies_tui.protocol.plaintext import plain, plain_lines
from colonies_tui.ui.active_binding import active_binding
from colonies_tui.ui.ascii_filter import AsciiFilter
from colonies_tui.ui.decisions import HoldsDecisions
from colonies_tui.ui.every import every
from colonies_tui.ui.first_frame import until_painted
from colonies_tui.ui.format.glyphs import ASCII, UNICODE, Alphabet
from colonies_tui.ui.known_profiles import KnownProfiles
from colonies_tui.ui.locator import Locator
from colonies_tui.ui.notify import say
from colonies_tui.ui.opening_screen import OpeningScreen, opening_for
from colonies_tui.ui.place import FIRST_PLACE, Place
from colonies_tui.ui.tab_commands import STEP_BINDINGS
from colonies_tui.ui.taste import say_theme_fault, use_keys
from colonies_tui.ui.themed_app import ThemedApp

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.filter import LineFilter
    from textual.screen import Screen

    from colonies_tui.config.paths import Paths
    from colonies_tui.config.profile import Profile
    from colonies_tui.config.settings import Settings
    from colonies_tui.store.session import Session
    from colonies_tui.ui.colony_tab import ColonyTab
    from colonies_tui.ui.context import Context
    from colonies_tui.ui.filter_shelf import FilterShelf
    from colonies_tui.ui.history import History
    from colonies_tui.ui.tab_chooser import TabChoice
    from colonies_tui.ui.tab_keeper import TabKeeper
    from colonies_tui.ui.travelling_screen import TravellingScreen
    from colonies_tui.ui.views.colonies import ColoniesView
    from colonies_tui.ui.views.view import View, Work
    from colonies_tui.ui.widgets.colony_tab_line import ColonyTabLine, TabState
    from colonies_tui.ui.widgets.live_table import LiveTable
    from colonies_tui.ui.widgets.log_view import LogView
    from colonies_tui.ui.workspace import OpenSession, Start, Workspace


class ConsoleApp(ThemedApp[int]):
    """The terminal console.

    Importing it loads what the first frame needs and no more; the rest comes once that frame is painted. So messages of
    widgets are handled by name here, and what a handler needs is imported in it.
    """

    CSS_PATH = "console.tcss"
    TITLE = "colonies"
    ENABLE_COMMAND_PALETTE = True
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-medium"), (132, "-wide")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "quit", show=False, priority=True, id="app.quit"),
        Binding("f9", "record", "record what is seen", show=False, id="app.record"),
        Binding("ctrl+p", "command_palette", "palette", show=False, priority=True, id="app.palette"),
        Binding("T", "next_theme", "theme", show=False, id="app.theme"),
        *STEP_BINDINGS,
    ]

    def __init__(
        self,
        open_session: OpenSession,
        *,
        profile: Profile | None,
        settings: Settings,
        paths: Paths,
        reason: str = "",
        start: Locator | None = None,
        record_to: Path | None = None,
        clock: Callable[[], float] = time.time,
        restored: RestoredTabs | None = None,
        keeps_tabs: bool = False,
        read_only: bool = False,
        greets: bool = False,
    ) -> None:
        """
        Args:
            open_session: makes sessions.
            profile: where to begin; ``None`` opens the first-run screen.
            settings: the operator's taste.
            paths: where files are kept.
            reason: why there is no profile, in words.
            start: the place of the first profile to begin at; ``None`` for the overview.
            record_to: a new file into which the first profile is recorded from the start.
            clock: seconds since 1970.
            restored: tabs to begin with instead of the profile.
            keeps_tabs: whether what is open is written down for the next start.
            read_only: change nothing, whatever profile is opened.
            greets: whether a first frame is painted before the rest is loaded.
        """
        super().__init__()
        self._first_profile = profile
        self._start = start
        self._greets = greets
        self.settings = settings
        self.paths = paths
        self.reason = reason
        self._record_to = record_to
        self.clock = clock
        self._ascii_filter = AsciiFilter()
        self.alphabet: Alphabet = ASCII if settings.ascii else UNICODE
        if settings.reduced_motion:
            self.animation_level = "none"
        self.theme = settings.theme if settings.theme in self.available_themes else self.theme
        self.last_key = ""
        """The key that did something last: a dialog that it opened is not confirmed by it."""
        self._read_only = read_only
        self._restored = restored if restored is not None else RestoredTabs()
        self._open_session = open_session
        self._workspace: Workspace | None = None
        self._keeps_tabs = keeps_tabs
        self._keeper: TabKeeper | None = None
        self.profiles = KnownProfiles(paths.keys_file, self.suspend)

    async def on_event(self, event: Event) -> None:
        """What is pasted is cleaned like everything else from elsewhere: fields for typing draw it as it is."""
        if isinstance(event, Paste):
            event = Paste("\n".join(plain_lines(event.text)))
        await super().on_event(event)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What every drawn line goes through: in ASCII mode no decoration is left that is not ASCII."""
        filters = super().get_line_filters()
        return [*filters, self._ascii_filter] if self.alphabet is ASCII else filters

    @property
    def workspace(self) -> Workspace:
        """The tabs. Asking for them the first time loads what they need."""
        if self._workspace is None:
            from colonies_tui.ui.workspace import Workspace

            self._workspace = Workspace(self, self._session_of, self._context_of)
        return self._workspace

    @property
    def _current(self) -> ColonyTab | None:
        """The tab on the screen, if there is one yet."""
        return None if self._workspace is None else self._workspace.current

    @cached_property
    def _shelf(self) -> FilterShelf:
        from colonies_tui.ui.filter_shelf import FilterShelf

        return FilterShelf(self.paths.filters_file)

    def _session_of(self, profile: Profile) -> Session:
        session = self._open_session(profile)
        record_to, self._record_to = self._record_to, None
        if record_to is not None:
            from colonies_tui.ui.recordings import record

            record(self, session, record_to)
        return session

    def _context_of(self, session: Session, profile: Profile) -> Context:
        from colonies_tui.ui.context import Context
        from colonies_tui.ui.outbox import Outbox

        return Context(
            session,
            profile,
            self.settings,
            self.paths,
            self.alphabet,
            self.clock,
            self._shelf,
            outbox=Outbox(self, session, self.settings.grace_seconds),
            tabs=self.workspace.states,
        )

    async def on_mount(self) -> None:
        """Open what was open the last time, or the first profile, or ask for one."""
        opening = opening_for(self._first_profile, self._start, self._restored) if self._greets else None
        if opening is not None:
            await self.push_screen(opening)
            work: Work = partial(self._begin_after, opening)
            self._in_turn(work)
        else:
            await self._begin()

    async def _begin_after(self, opening: OpeningScreen) -> None:
        """Begin once a screen is painted, and then do what was pressed there."""
        await until_painted(opening)
        await self._begin()
        await self._leave_default_mode()
        gc.freeze()  # what has been loaded stays: it is not looked through for garbage again and again
        for key in opening.keys:
            await until_painted(self.screen)
            self.post_message(events.Key(key.key, key.character))

    async def _begin(self) -> None:
        use_keys(self, self.settings.keys)
        say_theme_fault(self, self.settings.theme)
        for words in self._restored.skipped:
            say(self, words, "warning")
        if self._keeps_tabs:
            from colonies_tui.ui.tab_keeper import LOOK_SECONDS, TabKeeper

            self._keeper = TabKeeper(self.workspace, self.paths.tabs_file, self.paths.keys_file)
            every(self, LOOK_SECONDS, self._keeper.keep)
        if self._restored.tabs:
            for profile, saved in self._restored.tabs:
                self.profiles.add(profile)
                await self.workspace.open_beside(profile, Place(saved.view, saved.filter, saved.row), shown=False)
            self.workspace.show(self.workspace.tabs[self._restored.current])
        elif self._first_profile is not None:
            await self._open(self._first_profile, self._start or FIRST_PLACE)
        else:
            from colonies_tui.ui.first_run import FirstRunScreen

            self.push_screen(FirstRunScreen(self.paths, self.reason))

    @property
    def session(self) -> Session:
        """The session on the screen.

        Raises:
            LookupError: no profile is open yet.
        """
        if self._current is None:
            raise LookupError("no profile is open")
        return self._current.session

    # -- profiles and tabs -----------------------------------------------------------------------------------------

    def _in_turn(self, work: Work) -> None:
        self.run_worker(work, group="profile")

    def open_profile(self, profile: Profile, start: Start = FIRST_PLACE, history: History | None = None) -> None:
        """Show a profile in this tab; what was shown before ends with all its requests and subscriptions.

        Args:
            profile: which one.
            start: where to begin there.
            history: the places that led there.
        """
        self._in_turn(partial(self._open, profile, start, history))

    async def _open(self, profile: Profile, start: Start, history: History | None = None) -> None:
        if (tab := self._current) is not None:
            for words in self._leave("another profile was opened", (tab,)):
                say(self, words, "warning")
        self.profiles.add(profile)
        await self.workspace.open_here(profile, start, history)
        await self._leave_default_mode()

    async def _leave_default_mode(self) -> None:
        """Take away what stood on the screen before the first tab: the first frame, or a form for a profile."""
        for _ in self.get_screen_stack(self.DEFAULT_MODE)[1:]:
            await self._screen_stacks[self.DEFAULT_MODE].pop().remove()

    def open_beside(self, profile: Profile) -> None:
        """Show a profile in a new tab."""
        self._in_turn(partial(self._open_beside, profile))

    async def _open_beside(self, profile: Profile) -> None:
        from colonies_tui.ui.workspace import MAX_TABS

        self.profiles.add(profile)
        if not await self.workspace.open_beside(profile):
            say(self, f"{MAX_TABS} tabs are open already; ctrl-w closes one", "warning")

    def _leave(self, reason: str, tabs: Iterable[ColonyTab]) -> list[str]:
        """Send nothing more for some tabs; return a sentence for each decision that is not over."""
        said: list[str] = []
        for tab in tabs:
            if tab.screen is not None:
                said += tab.screen.context.outbox.leave(reason)
                for screen in self.get_screen_stack(tab.mode):
                    said += screen.leave(reason) if isinstance(screen, HoldsDecisions) else []
        return said

    def exit(self, result: int | None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """Leave; what has not been sent yet is not sent, and that is said on the terminal."""
        said = self._leave("the console was left", self._tabs)
        super().exit(result, return_code, message)
        self._exit_renderables.extend(Text(plain(words)) for words in said)

    def on_key(self, event: events.Key) -> None:
        """Remember the key that does something next: keys come here right before their binding runs."""
        if active_binding(self.screen, event.key) is not None:
            self.last_key = event.key

    async def _shutdown(self) -> None:
        if self._keeper is not None:
            self._keeper.keep(to_the_row=True)
        if self._workspace is not None:
            await self._workspace.end()  # Textual has no hook before the screens are taken down
        await super()._shutdown()

    def open_named_profile(self, name: str) -> None:
        """Show a profile of the keys file."""
        profile = self._fetch(name)
        if profile is not None:
            self.open_profile(profile)

    def _fetch(self, name: str) -> Profile | None:
        try:
            profile = self.profiles.fetch(name)
            return dataclasses.replace(profile, read_only=profile.read_only or self._read_only)
        except ConfigError as error:
            say(self, str(error), "error")
            return None

    def on_colonies_view_switch(self, event: ColoniesView.Switch) -> None:
        """Show another colony, here or beside this one."""
        event.stop()
        if (tab := self._current) is not None:
            if event.beside:
                self.open_beside(dataclasses.replace(tab.profile, colony=event.colony))
            elif tab.screen is not None:
                tab.screen.go_to(Locator(event.colony, "overview"))

    def on_travelling_screen_colony_wanted(self, event: TravellingScreen.ColonyWanted) -> None:
        """Show a place in another colony."""
        event.stop()
        if (tab := self._current) is not None and tab.screen is event.screen:
            profile = dataclasses.replace(tab.profile, colony=event.start.colony)
            self.open_profile(profile, event.start, event.history)

    def tab_states(self) -> tuple[TabState, ...]:
        """Return what the line of tabs says."""
        return () if self._workspace is None else self._workspace.states()

    @property
    def _tabs(self) -> Sequence[ColonyTab]:
        return () if self._workspace is None else self._workspace.tabs

    def show_tab(self, key: str) -> None:
        """Bring a tab onto the screen."""
        for tab in self._tabs:
            if tab.mode == key:
                self.workspace.show(tab)

    def on_colony_tab_line_tab_chosen(self, event: ColonyTabLine.TabChosen) -> None:
        """Bring a tab onto the screen that was clicked."""
        event.stop()
        self.show_tab(event.key)

    def action_step_tab(self, steps: int) -> None:
        """Go to another tab."""
        if len(self._tabs) == 1:
            say(self, "there is only this tab; ctrl-t opens another", "information")
        elif self._tabs:
            self.workspace.step(steps)

    def action_close_tab(self) -> None:
        """Close the tab on the screen."""
        if self._current is not None:
            self._in_turn(partial(self._close_tab, self._current))

    async def _close_tab(self, tab: ColonyTab) -> None:
        if len(self.workspace.tabs) > 1:
            for words in self._leave("its tab was closed", (tab,)):
                say(self, words, "warning")
        if not await self.workspace.close(tab):
            say(self, "this is the last tab; q leaves the console", "information")

    def action_new_tab(self) -> None:
        """Ask what to open in a new tab."""
        from colonies_tui.ui.tab_chooser import TabChooser, tab_choices

        self.push_screen(TabChooser(tab_choices(self._tabs, self._current, self.profiles.of_file())), self._chosen)

    def _chosen(self, choice: TabChoice | None) -> None:
        if choice is not None and (profile := choice.known or self._fetch(choice.profile)) is not None:
            self.open_beside(dataclasses.replace(profile, colony=choice.colony))

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """With reduced motion not even the cursor of a field blinks."""
        if self.settings.reduced_motion and hasattr(event.widget, "cursor_blink"):
            event.widget.cursor_blink = False

    def on_app_focus(self) -> None:
        """Ask as often as somebody looks."""
        if self._workspace is not None:
            self._workspace.focus(True)

    def on_app_blur(self) -> None:
        """Ask less while nobody looks."""
        if self._workspace is not None:
            self._workspace.focus(False)

    async def push_screen_wait(self, screen: Screen[Any] | str, *, mode: str | None = None) -> Any:
        """Ask, and wait for the answer: in the tab that asks, also when another one is shown meanwhile."""
        return await super().push_screen_wait(screen, mode=mode or self.workspace.mode_of(get_current_worker().node))

    # -- commands --------------------------------------------------------------------------------------------------

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The commands of the palette that need no search."""
        yield SystemCommand("Help", "The keys of the focused pane", self.action_help)
        yield SystemCommand("Theme", "Choose other colours", self.action_change_theme)
        yield SystemCommand("Read again", "Ask the server for everything on the screen", self._refresh)
        yield SystemCommand("Record", "Begin or end a recording of what this console sees", self.action_record)
        save = partial(self.deliver_screenshot, path=str(Path.cwd()))
        yield SystemCommand("Save screen", "Write this screen as a picture (SVG)", save)
        yield SystemCommand("Save screen as text", "Write what this screen says to a file", self._save_text)
        yield SystemCommand("Quit", "Leave the console", self.action_quit)

    def _refresh(self) -> None:
        if self._current is not None:
            self._current.session.refresh()

    def action_record(self) -> None:
        """Begin a recording of what this console sees, or end it."""
        from colonies_tui.ui.recordings import new_recording_path, record

        tab = self._current
        if tab is None:
            return
        if tab.session.recorder is not None:
            tab.session.stop_recording()
        else:
            record(self, tab.session, new_recording_path(self.paths, tab.session))

    def _save_text(self) -> None:
        self.call_after_refresh(self._write_screen)  # the palette has gone by then

    def _write_screen(self) -> None:
        from colonies_tui.ui.take_away import save_screen

        lines = [strip.text for strip in self.screen._compositor.render_strips()]  # Textual has no public way to them
        work: Work = partial(save_screen, self, lines, self.clock())
        self.run_worker(work, group="save screen")

    def on_live_table_copy_wanted(self, event: LiveTable.CopyWanted) -> None:
        """Copy what names the row under the cursor."""
        event.stop()
        self._copy(event.table.copied)

    def on_live_table_export_wanted(self, event: LiveTable.ExportWanted) -> None:
        """Write a list to a file."""
        from colonies_tui.ui.take_away import export

        event.stop()
        work: Work = partial(export, self, event.table, self.clock())
        self.run_worker(work, group="export", exclusive=True)

    def on_view_copy(self, event: View.Copy) -> None:
        """Copy what names an object."""
        event.stop()
        self._copy(event.text)

    def on_log_view_copy_wanted(self, event: LogView.CopyWanted) -> None:
        """Copy a line of a log."""
        event.stop()
        self._copy(event.text)

    def _copy(self, text: str) -> None:
        from colonies_tui.ui.take_away import copy

        copy(self, text)

    def action_help(self) -> None:
        """Show the keys of the focused pane."""
        from colonies_tui.ui.help_screen import HelpScreen

        self.push_screen(HelpScreen.of(self.screen))

    def action_next_theme(self) -> None:
        """Go through the console's own themes."""
        from colonies_tui.ui.theme_choice import next_theme

        self.theme = next_theme(self.theme)

    def search_themes(self) -> None:
        """List the themes, ours first."""
        from colonies_tui.ui.theme_choice import ThemeCommands

        self.push_screen(CommandPalette(providers=[ThemeCommands], placeholder="Search for themes"))

    async def action_quit(self) -> None:
        """Leave."""
        self.exit(0)
